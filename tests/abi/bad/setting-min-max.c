/* refused: setting-min-max.so: settings[0] "number": min: 5 is more than max, 4 */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_INT(struct config, number, 0, NULL, 5, 4, "A number."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-min-max"), .settings = settings,
              .config_size = sizeof(struct config));
