/* refused: long-deadline.so: limits.deadline_ms: wanted 0 to 3600000, found 3600001 */
#include "bad.h"

HERMOD_PLUGIN(SOUND("long-deadline"), .limits = { .deadline_ms = 3600001 });
