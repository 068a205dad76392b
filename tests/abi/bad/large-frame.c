/* contained: dies of signal 11: crashed: stack overflow */
#include "bad.h"

#pragma GCC diagnostic ignored "-Wframe-larger-than="

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    volatile char frame[2 * 1024 * 1024];

    (void)c;
    for (size_t i = sizeof(frame); i > 0; i -= 1024)
        frame[i - 1] = 1;
    return frame[0];
}

HERMOD_PLUGIN(.name = "large-frame", SOUND_TEXTS, .deliver = misbehave);
