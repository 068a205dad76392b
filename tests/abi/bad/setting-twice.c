/* refused: setting-twice.so: settings[1] "text": name: settings[0] has it already */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, 0, NULL, "A text."),
    HERMOD_STRING(struct config, text, 0, NULL, "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-twice"), .settings = settings,
              .config_size = sizeof(struct config));
