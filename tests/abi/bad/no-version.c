/* refused: no-version.so: version: wanted 1 to 64 characters on one line, found NULL */
#include "bad.h"

HERMOD_PLUGIN(.name = "no-version", .summary = "Has no version.", .deliver = deliver);
