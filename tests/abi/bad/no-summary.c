/* refused: no-summary.so: summary: wanted one sentence on one line, found "" */
#include "bad.h"

HERMOD_PLUGIN(.name = "no-summary", .version = "1.0", .summary = "", .deliver = deliver);
