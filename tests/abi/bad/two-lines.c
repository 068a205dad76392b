/* refused: two-lines.so: summary: wanted one sentence on one line, found "One line.?Two." */
#include "bad.h"

HERMOD_PLUGIN(.name = "two-lines", .version = "1.0", .summary = "One line.\nTwo.",
              .deliver = deliver);
