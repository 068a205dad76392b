/* refused: setting-no-such-choice.so: settings[0] "text": fallback: "c" is not a valid
   choice */
#include "bad.h"

static const struct hermod_setting settings[] = {
    HERMOD_CHOICE(struct config, text, 0, "c", "a|b", "A text."),
    HERMOD_SETTINGS_END,
};

HERMOD_PLUGIN(SOUND("setting-no-such-choice"), .settings = settings,
              .config_size = sizeof(struct config));
