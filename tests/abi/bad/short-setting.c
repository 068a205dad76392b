/* refused: short-setting.so: setting_size: wanted at least 64, found 16 */
#include "bad.h"

PLUGIN = {
    .struct_size = sizeof(struct hermod_plugin), .setting_size = 16,
    .abi_major = HERMOD_ABI_MAJOR, SOUND("short-setting")
};
