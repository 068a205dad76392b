/* contained: delivered, writing: a plugin talks */
#include <stdio.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    (void)c;
    puts("a plugin talks");
    fflush(stdout);
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "writes-to-stdout", SOUND_TEXTS, .deliver = misbehave);
