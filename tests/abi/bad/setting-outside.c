/* refused: setting-outside.so: settings[0] "text": offset: 8 bytes at 16 do not fit into
   config_size 16 */
#include "bad.h"

static const struct hermod_setting settings[] = {
    { "text", HERMOD_T_STRING, 0, sizeof(struct config), 0, NULL, NULL, 0, 0, "A text." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-outside"), .settings = settings,
              .config_size = sizeof(struct config));
