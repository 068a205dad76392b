/* refused: newer-minor.so: abi_minor: this plugin wants 1.3, this host offers 1.0; upgrade
   hermod */
#include "bad.h"

PLUGIN = {
    .struct_size = sizeof(struct hermod_plugin), .abi_major = HERMOD_ABI_MAJOR,
    .abi_minor = 3, SOUND("newer-minor")
};
