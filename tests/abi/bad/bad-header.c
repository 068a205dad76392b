/* contained: failed: request not sent: header "X-A" has a line break or another control
   character in its value */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    struct hermod_request *q = hermod_http_request(c, "GET", "http://127.0.0.1/");

    hermod_http_header(c, q, "X-A", "a\r\nX-B: b");
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

HERMOD_PLUGIN(.name = "bad-header", SOUND_TEXTS, .deliver = misbehave);
