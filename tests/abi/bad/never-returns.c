/* contained: dies of signal 14: has held its thread for 10 s */
#include "bad.h"

static const volatile bool go_on = true;

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    volatile unsigned turns = 0;

    (void)c;
    while (go_on)
        turns++;
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "never-returns", SOUND_TEXTS, .deliver = misbehave);
