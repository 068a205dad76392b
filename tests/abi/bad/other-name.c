/* refused: other-name.so: name: this file must be called another.so */
#include "bad.h"

HERMOD_PLUGIN(SOUND("another"));
