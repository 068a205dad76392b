/* loading: dies of signal 14: has held its thread for 10 s */
#include "bad.h"

static const volatile bool go_on = true;

__attribute__((__constructor__)) static void
at_load(void)
{
    while (go_on)
        continue;
}

HERMOD_PLUGIN(SOUND("constructor-hangs"));
