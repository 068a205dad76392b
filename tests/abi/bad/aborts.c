/* contained: dies of signal 6: aborted */
#include <stdlib.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    abort();
}

HERMOD_PLUGIN(.name = "aborts", SOUND_TEXTS, .deliver = misbehave);
