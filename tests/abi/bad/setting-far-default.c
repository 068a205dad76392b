/* refused: setting-far-default.so: settings[0] "number": fallback: "100" is not a valid
   int */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_INT(struct config, number, 0, "100", 0, 99, "A number."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-far-default"), .settings = settings,
              .config_size = sizeof(struct config));
