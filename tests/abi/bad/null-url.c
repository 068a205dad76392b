/* contained: failed: plugin mistake: hermod_http_request: the URL is NULL */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    return hermod_http_outcome(c, hermod_http_send(c, hermod_http_request(c, "GET", NULL)));
}

HERMOD_PLUGIN(.name = "null-url", SOUND_TEXTS, .deliver = misbehave);
