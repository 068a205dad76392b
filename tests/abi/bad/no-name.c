/* refused: no-name.so: name: wanted a letter a-z, then letters, digits and '-', at most
   64; found NULL */
#include "bad.h"

HERMOD_PLUGIN(SOUND_TEXTS, .deliver = deliver);
