/* refused: wrong-major.so: abi_major: wanted 1, found 7; make it with HERMOD_PLUGIN() */
#include "bad.h"

PLUGIN = {
    .struct_size = sizeof(struct hermod_plugin), .abi_major = 7, SOUND("wrong-major")
};
