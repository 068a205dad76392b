/* refused: setting-no-help.so: settings[0] "text": help: wanted one sentence on one line,
   found NULL */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, 0, NULL, NULL),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-no-help"), .settings = settings,
              .config_size = sizeof(struct config));
