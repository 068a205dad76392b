/* contained: dies of signal 11: crashed: segmentation fault */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    const volatile int *nowhere = NULL;

    (void)c;
    return *nowhere;
}

HERMOD_PLUGIN(.name = "crashes", SOUND_TEXTS, .deliver = misbehave);
