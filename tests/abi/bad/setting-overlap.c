/* refused: setting-overlap.so: settings[1] "flag": offset: 13 is inside the field of
   settings[0] "text" */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, 0, NULL, "A text."),
    { "flag", HERMOD_T_BOOL, 0, 13, 0, NULL, NULL, 0, 0, "Yes or no." },
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-overlap"), .settings = settings,
              .config_size = sizeof(struct config));
