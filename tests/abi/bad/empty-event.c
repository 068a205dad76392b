/* refused: empty-event.so: events[1]: wanted an event type, found "" */
#include "bad.h"

HERMOD_PLUGIN(SOUND("empty-event"),
              .events = HERMOD_EVENTS("contract.1#purchased", ""));
