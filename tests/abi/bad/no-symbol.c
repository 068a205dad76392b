/* refused: no-symbol.so: has no symbol hermod_plugin_1: a plugin is made with
   HERMOD_PLUGIN() */
#include "bad.h"

extern HERMOD_EXPORT const int some_other_symbol;
const int some_other_symbol = 1;
