/* contained: dies of signal 6: aborted */
#include "bad.h"

static const volatile bool go_on = true;

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    const char *text = "0123456789abcdef";

    while (go_on)
        text = hermod_format(c, "%s%s", text, text);
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "uses-all-memory", SOUND_TEXTS, .deliver = misbehave);
