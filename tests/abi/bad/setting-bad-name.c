/* refused: setting-bad-name.so: settings[0] "list-id": name: wanted a letter, then
   letters, digits and '_', at most 64 */
#include "bad.h"

static const struct hermod_setting settings[] = {
    { "list-id", HERMOD_T_STRING, 0, 8, 0, NULL, NULL, 0, 0, "A text." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-bad-name"), .settings = settings,
              .config_size = sizeof(struct config));
