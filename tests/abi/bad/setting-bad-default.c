/* refused: setting-bad-default.so: settings[0] "number": fallback: "ten" is not a valid
   int */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_INT(struct config, number, 0, "ten", 0, 99, "A number."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-bad-default"), .settings = settings,
              .config_size = sizeof(struct config));
