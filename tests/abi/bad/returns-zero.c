/* contained: failed: plugin mistake: the callback returned 0, which is none of
   HERMOD_DELIVERED (101), HERMOD_SKIPPED (102), HERMOD_RETRY (103) and HERMOD_FAILED (104) */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    return 0;
}

HERMOD_PLUGIN(.name = "returns-zero", SOUND_TEXTS, .deliver = misbehave);
