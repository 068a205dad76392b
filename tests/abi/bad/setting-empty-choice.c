/* refused: setting-empty-choice.so: settings[0] "text": choices: one is empty in "a||b" */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_CHOICE(struct config, text, 0, NULL, "a||b", "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-empty-choice"), .settings = settings,
              .config_size = sizeof(struct config));
