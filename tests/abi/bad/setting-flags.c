/* refused: setting-flags.so: settings[0] "text": flags: found 0x6, of which 0x4 is not
   known */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, HERMOD_SECRET | 4, NULL, "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-flags"), .settings = settings,
              .config_size = sizeof(struct config));
