/* Crashes for one event while others wait: for contain.c. */
#include <string.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const volatile int *nowhere = NULL;
    struct hermod_request *q;

    (void)config;
    if (strcmp(ev->type, "crash") == 0)
        return *nowhere;
    hermod_exclusive(c, "key");
    /* TEST-NET-1 is not public: the request fails, but only after a turn of the loop. */
    q = hermod_http_request(c, "GET", "http://192.0.2.1/");
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

HERMOD_PLUGIN(.name = "crashes-on-demand", SOUND_TEXTS, .deliver = misbehave);
