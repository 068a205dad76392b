/* contained: dies of signal 14: has held its thread for 10 s */
#include <unistd.h>

#include "bad.h"

static const volatile bool go_on = true;

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    while (go_on)
        pause();
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "sleeps", SOUND_TEXTS, .deliver = misbehave);
