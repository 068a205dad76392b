/* contained: dies of exit 70: called exit() */
#include <stdlib.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    exit(0);
}

HERMOD_PLUGIN(.name = "calls-exit", SOUND_TEXTS, .deliver = misbehave);
