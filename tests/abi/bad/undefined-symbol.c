/* refused: undefined-symbol.so: cannot be loaded: undefined symbol: no_such_function */
#include "bad.h"

int no_such_function(struct hermod_call *c, const struct hermod_event *ev, const void *config);

HERMOD_PLUGIN(.name = "undefined-symbol", SOUND_TEXTS, .deliver = no_such_function);
