/* refused: setting-twice-choice.so: settings[0] "text": choices: "b" is there twice */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_CHOICE(struct config, text, 0, NULL, "ab|b|b", "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-twice-choice"), .settings = settings,
              .config_size = sizeof(struct config));
