/* spawn.c - see spawn.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "supervisor/spawn.h"

#define ROLE_FD 3
#define SAFE_FD 10                         /* above all that the child's set-up moves about */

/* What a role may know of our environment: never the secrets that !env names. */
static const char *const kept_env[] = {
    "PATH", "TZ", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "MALLOC_PERTURB_",
};

static char **
role_env(void)
{
    char **env = xcalloc(ARRAY_LEN(kept_env) + 1, sizeof(*env));
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(kept_env); i++) {
        const char *value = getenv(kept_env[i]);

        if (value)
            env[n++] = xasprintf("%s=%s", kept_env[i], value);
    }
    return env;
}

static void
free_env(char **env)
{
    for (size_t i = 0; env[i]; i++)
        free(env[i]);
    free(env);
}

/* In the child, after fork: only async-signal-safe calls. */
static void
become_role(pid_t parent, int sock, int out, char *const argv[], char *const env[])
{
    sigset_t none;
    int null;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    setpgid(0, 0);
    for (int s = 1; s < 32; s++)
        if (s != SIGPIPE)
            signal(s, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);

    sock = fcntl(sock, F_DUPFD, SAFE_FD);
    out = out >= 0 ? fcntl(out, F_DUPFD, SAFE_FD) : -1;
    null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(out >= 0 ? out : null, STDOUT_FILENO);
    if (sock < 0 || dup2(sock, ROLE_FD) < 0)
        _exit(127);
    close_range(ROLE_FD + 1, ~0U, 0);
    execve("/proc/self/exe", argv, env);
    _exit(127);
}

int
spawn_role(const char *role, const char *label, int want_stdout, struct spawned *ret)
{
    char *argv[] = { (char *)(uintptr_t)"hermod", (char *)(uintptr_t)"--role",
                     (char *)(uintptr_t)role, (char *)(uintptr_t)label, NULL };
    int sock[2], out[2] = { -1, -1 }, error;
    pid_t parent = getpid(), pid;
    char **env;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock) < 0)
        return -errno;
    if (want_stdout && pipe2(out, O_CLOEXEC) < 0) {
        error = -errno;
        close(sock[0]);
        close(sock[1]);
        return error;
    }
    env = role_env();
    pid = fork();
    error = -errno;
    if (pid == 0)
        become_role(parent, sock[1], out[1], argv, env);
    free_env(env);
    close(sock[1]);
    close_fd(&out[1]);
    if (pid < 0) {
        close(sock[0]);
        close_fd(&out[0]);
        return error;
    }
    setpgid(pid, pid);             /* here too: whoever comes first */
    *ret = (struct spawned){ .pid = pid, .fd = sock[0], .out = out[0] };
    return 0;
}

void
spawn_status_text(int wait_status, char *out)
{
    if (WIFSIGNALED(wait_status))
        snprintf(out, 64, "signal %d (%s)", WTERMSIG(wait_status),
                 strsignal(WTERMSIG(wait_status)));
    else
        snprintf(out, 64, "exit status %d", WEXITSTATUS(wait_status));
}
