/* refused: lying-struct.so: struct_size: says 4096, but the symbol has 120 bytes */
#include "bad.h"

PLUGIN = { .struct_size = 4096, .abi_major = HERMOD_ABI_MAJOR, SOUND("lying-struct") };
