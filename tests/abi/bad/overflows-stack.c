/* contained: dies of signal 11: crashed: stack overflow */
#include "bad.h"

static int deeper(const volatile char *above);
static int (*volatile go_on)(const volatile char *) = deeper;

static int
deeper(const volatile char *above)
{
    volatile char frame[512];

    frame[0] = above ? above[0] : 1;
    return go_on(frame) + frame[0];
}

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    return deeper(NULL);
}

HERMOD_PLUGIN(.name = "overflows-stack", SOUND_TEXTS, .deliver = misbehave);
