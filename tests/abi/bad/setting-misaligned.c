/* refused: setting-misaligned.so: settings[0] "text": offset: wanted a multiple of 8,
   found 4 */
#include "bad.h"

static const struct hermod_setting settings[] = {
    { "text", HERMOD_T_STRING, 0, 4, 0, NULL, NULL, 0, 0, "A text." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-misaligned"), .settings = settings,
              .config_size = sizeof(struct config));
