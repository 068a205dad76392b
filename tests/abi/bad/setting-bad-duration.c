/* refused: setting-bad-duration.so: settings[0] "number": fallback: "5 minutes" is not a
   valid duration */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_DURATION(struct config, number, 0, "5 minutes", 0, 99, "A time."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-bad-duration"), .settings = settings,
              .config_size = sizeof(struct config));
