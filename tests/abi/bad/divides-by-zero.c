/* contained: dies of signal 8: crashed: arithmetic error */
#include <signal.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    volatile int zero = 0;

    (void)c;
    raise(SIGFPE);
    return zero;
}

HERMOD_PLUGIN(.name = "divides-by-zero", SOUND_TEXTS, .deliver = misbehave);
