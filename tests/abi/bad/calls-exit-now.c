/* contained: dies of exit 3 */
#include <unistd.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    _exit(3);
}

HERMOD_PLUGIN(.name = "calls-exit-now", SOUND_TEXTS, .deliver = misbehave);
