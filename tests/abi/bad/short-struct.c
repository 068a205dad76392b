/* refused: short-struct.so: struct_size: wanted at least 120, found 40 */
#include "bad.h"

PLUGIN = { .struct_size = 40, .abi_major = HERMOD_ABI_MAJOR, SOUND("short-struct") };
