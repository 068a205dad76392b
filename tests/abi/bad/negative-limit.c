/* refused: negative-limit.so: limits.concurrent: wanted 0 to 16384, found -1 */
#include "bad.h"

HERMOD_PLUGIN(SOUND("negative-limit"), .limits = { .concurrent = -1 });
