/* contained: failed: the plugin gave no reason */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    return HERMOD_FAILED;
}

HERMOD_PLUGIN(.name = "gives-no-reason", SOUND_TEXTS, .deliver = misbehave);
