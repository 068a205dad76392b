/* refused: no-credential.so: limits.credential: no setting is called "apiKey" */
#include "bad.h"

HERMOD_PLUGIN(SOUND("no-credential"), .limits = { .credential = "apiKey" });
