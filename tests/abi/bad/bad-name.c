/* refused: bad-name.so: name: wanted a letter a-z, then letters, digits and '-', at most
   64; found "Bad Name" */
#include "bad.h"

HERMOD_PLUGIN(SOUND("Bad Name"));
