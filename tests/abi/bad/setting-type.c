/* refused: setting-type.so: settings[0] "text": type: wanted 1 to 7, found 8 */
#include "bad.h"

static const struct hermod_setting settings[] = {
    { "text", 8, 0, 8, 0, NULL, NULL, 0, 0, "A text." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-type"), .settings = settings,
              .config_size = sizeof(struct config));
