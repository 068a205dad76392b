/* refused: setting-no-name.so: settings[1]: name: wanted a name, found NULL */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, 0, NULL, "A text."),
    { NULL, HERMOD_T_INT, 0, 0, 0, NULL, NULL, 0, 9, "A number." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-no-name"), .settings = settings,
              .config_size = sizeof(struct config));
