/* refused: twice-event.so: events[2]: "a" is there twice */
#include "bad.h"

HERMOD_PLUGIN(SOUND("twice-event"), .events = HERMOD_EVENTS("a", "b", "a"));
