/* loading: dies of exit 70: called exit() */
#include <stdlib.h>

#include "bad.h"

__attribute__((__constructor__)) static void
at_load(void)
{
    exit(0);
}

HERMOD_PLUGIN(SOUND("constructor-exits"));
