/* spawn.h - re-executes this binary as a role: fd 3 to the parent, and nothing else
   inherited but stderr. */
#ifndef HERMOD_SUPERVISOR_SPAWN_H
#define HERMOD_SUPERVISOR_SPAWN_H

#include <sys/types.h>

struct spawned {
    pid_t pid;
    int fd;                        /* the parent's end of fd 3 */
    int out;                       /* what it writes to stdout; -1 when not asked for */
};

/* role: "core", "runner", "describe". label names it in `ps`. The child dies with its
   parent. 0 or -errno. */
int spawn_role(const char *role, const char *label, int want_stdout, struct spawned *ret);
/* "exit status 3", "signal 11 (Segmentation fault)". out has room for 64. */
void spawn_status_text(int wait_status, char *out);

#endif
