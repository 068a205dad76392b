/* refused: setting-no-choices.so: settings[0] "text": choices: wanted "a|b|c", found none */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_CHOICE(struct config, text, 0, NULL, NULL, "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-no-choices"), .settings = settings,
              .config_size = sizeof(struct config));
