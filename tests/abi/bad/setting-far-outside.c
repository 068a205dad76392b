/* refused: setting-far-outside.so: settings[0] "text": offset: 8 bytes at 4294967288 do
   not fit into config_size 16 */
#include "bad.h"

static const struct hermod_setting settings[] = {
    { "text", HERMOD_T_STRING, 0, 0xfffffff8u, 0, NULL, NULL, 0, 0, "A text." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-far-outside"), .settings = settings,
              .config_size = sizeof(struct config));
