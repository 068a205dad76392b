/* contained: dies of signal 11: crashed: segmentation fault */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    int (*volatile nowhere)(struct hermod_call *) = NULL;

    return nowhere(c);
}

HERMOD_PLUGIN(.name = "jumps-nowhere", SOUND_TEXTS, .deliver = misbehave);
