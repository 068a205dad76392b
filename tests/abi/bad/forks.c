/* contained: delivered, saying: called fork(), which is not for plugins: the copy is ended */
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        return hermod_fail(c, "the copy goes on");
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return hermod_fail(c, "cannot fork");
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "forks", SOUND_TEXTS, .deliver = misbehave);
