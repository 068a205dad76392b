/* refused: setting-common-key.so: settings[0] "limits": name: every destination has a key
   called that already */
#include "bad.h"

static const struct hermod_setting settings[] = {
    { "limits", HERMOD_T_STRING, 0, 8, 0, NULL, NULL, 0, 0, "A text." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-common-key"), .settings = settings,
              .config_size = sizeof(struct config));
