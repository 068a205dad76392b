/* contained: later dies of signal 14: has closed the host's descriptors */
#include <unistd.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    close(3);
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "closes-descriptors", SOUND_TEXTS, .deliver = misbehave);
