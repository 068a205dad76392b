/* contained: dies of signal 9 */
#include <signal.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    return raise(SIGKILL);
}

HERMOD_PLUGIN(.name = "kills-itself", SOUND_TEXTS, .deliver = misbehave);
