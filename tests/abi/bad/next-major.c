/* refused: next-major.so: is made for major 2 of the SDK, this host offers 1; upgrade
   hermod */
#include "bad.h"

extern HERMOD_EXPORT const struct hermod_plugin hermod_plugin_2;
const struct hermod_plugin hermod_plugin_2 = { SOUND_HEAD, SOUND("next-major") };
