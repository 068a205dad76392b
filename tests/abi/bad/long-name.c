/* refused: long-name.so: name: wanted a letter a-z, then letters, digits and '-', at most
   64; found "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll..." */
#include "bad.h"

#define L8 "llllllll"

HERMOD_PLUGIN(SOUND(L8 L8 L8 L8 L8 L8 L8 L8 "l"));
