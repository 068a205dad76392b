/* loading: dies of signal 11: crashed: segmentation fault */
#include "bad.h"

__attribute__((__constructor__)) static void
at_load(void)
{
    volatile int *volatile nowhere = NULL;

    *nowhere = 1;
}

HERMOD_PLUGIN(SOUND("constructor-crashes"));
