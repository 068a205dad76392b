/* refused: no-events.so: events: the list is empty; for all types it is NULL */
#include "bad.h"

static const char *const none[] = { NULL };

HERMOD_PLUGIN(SOUND("no-events"), .events = none);
