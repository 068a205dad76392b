/* refused: huge-config.so: config_size: wanted at most 65536, found 1073741824 */
#include "bad.h"

HERMOD_PLUGIN(SOUND("huge-config"), .config_size = (size_t)1 << 30);
