/* refused: lone-requests.so: limits: requests and per_ms go together, found 10 and 0 */
#include "bad.h"

HERMOD_PLUGIN(SOUND("lone-requests"), .limits = { .requests = 10 });
