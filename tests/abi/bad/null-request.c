/* contained: failed: plugin mistake: hermod_http_start: the request is NULL */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    return hermod_http_outcome(c, hermod_http_send(c, NULL));
}

HERMOD_PLUGIN(.name = "null-request", SOUND_TEXTS, .deliver = misbehave);
