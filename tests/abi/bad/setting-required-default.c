/* refused: setting-required-default.so: settings[0] "text": fallback: a required setting
   has none */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, HERMOD_REQUIRED, "x", "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-required-default"), .settings = settings,
              .config_size = sizeof(struct config));
