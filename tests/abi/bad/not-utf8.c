/* refused: not-utf8.so: summary: wanted one sentence on one line, found "Malm?." */
#include "bad.h"

HERMOD_PLUGIN(.name = "not-utf8", .version = "1.0", .summary = "Malm\xf6.",
              .deliver = deliver);
