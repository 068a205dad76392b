/* refused: no-deliver.so: deliver: wanted a function, found NULL */
#include "hermod/plugin.h"

HERMOD_PLUGIN(.name = "no-deliver", .version = "1.0", .summary = "Does nothing.");
