/* play.c - see play.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "play.h"

static const char *
env(const char *name)
{
    const char *value = getenv(name);

    if (!value)
        die("%s is not set: run this with make check", name);
    return value;
}

const char *
play_so(struct arena *a, const char *kind, const char *name)
{
    return arena_printf(a, "%s/tests/abi/%s/%s.so", env("BUILDDIR"), kind, name);
}

struct destination
play_destination(struct arena *a, uint32_t index, size_t value_count)
{
    struct destination d = {
        .index = index,
        .vendor = "acme",
        .name = arena_printf(a, "d%u", index),
        .enabled = true,
        .retry = retry_default,
        .concurrent = 10,
        .group = index,
        .deadline_ms = 60000,
        .value_count = value_count,
    };

    d.values = arena_alloc(a, value_count * sizeof(*d.values));
    for (size_t i = 0; i < value_count; i++)
        d.values[i].text = "";
    return d;
}

/* ---- what the runner says ---- */

static void
on_supervisor_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct play *p = arg;

    (void)fd;
    switch (type) {
    case MSG_HELLO:
        break;
    case MSG_READY:
        p->ready = true;
        break;
    case MSG_FATAL:
        if (get_text(&p->arena, payload, len, &p->fatal) < 0)
            die("play: a malformed FATAL");
        break;
    case MSG_CULPRIT:
        if (get_culprit(payload, len, &p->culprit, p->what) < 0)
            die("play: a malformed CULPRIT");
        break;
    case MSG_CHECK_RESULT:
        if (get_check_result(&p->arena, payload, len, &p->check) < 0)
            die("play: a malformed CHECK_RESULT");
        p->checked = true;
        break;
    default:
        die("play: the runner sent %s to its supervisor", message_name(type));
    }
}

static void
on_core_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct play *p = arg;

    (void)fd;
    if (type != MSG_RESULT)
        die("play: the runner sent %s to core", message_name(type));
    if (p->result_count == p->result_size) {
        p->result_size = p->result_size ? 2 * p->result_size : 64;
        p->results = xrealloc(p->results, p->result_size, sizeof(*p->results));
    }
    if (get_result(&p->arena, payload, len, &p->results[p->result_count++]) < 0)
        die("play: a malformed RESULT");
}

static void
on_gone(void *arg, const char *why)
{
    (void)arg;
    (void)why;                             /* its death comes with the end of stderr */
}

static void
on_pipe(void *arg, unsigned events)
{
    struct play_pipe *pp = arg;
    struct play *p = pp->play;
    char text[4096];
    ssize_t n = read(pp->fd, text, sizeof(text));

    (void)events;
    if (n > 0) {
        buf_add(&pp->text, text, (size_t)n);
        return;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    loop_unwatch(pp->watch);
    close(pp->fd);
    pp->fd = -1;
    if (p->err.fd < 0 && p->out.fd < 0 && !p->dead) {
        while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
            ;
        p->dead = true;
    }
}

/* ---- start ---- */

static void
become_runner(int sock, int out, int err)
{
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    dup2(sock, 3);
    /* A proxy that would swallow everything: the runner must not look here. */
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    for (int fd = 4; fd < 64; fd++)
        close(fd);
    execl(env("HERMOD"), "hermod", "--role", "runner", "test", (char *)NULL);
    _exit(127);
}

static void
open_pipe(struct play *p, struct play_pipe *pp, int fd)
{
    pp->fd = fd;
    pp->play = p;
    buf_init(&pp->text, 1024 * 1024);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    pp->watch = loop_watch(p->loop, fd, LOOP_READ, on_pipe, pp);
}

static void
introduce(struct play *p, const char *so, const char *name, int to_runner,
          const struct destination *d, size_t count, uint64_t mark)
{
    struct msg_runner_config m = { .plugin = name, .path = so, .log_level = "info",
                                   .grace_ms = 10000, .settings_mark = mark };
    struct buf *out = channel_out(p->supervisor);

    put_hello(out);
    put_runner_config(out, &m);
    channel_flush_fd(p->supervisor, to_runner);
    for (size_t i = 0; i < count; i++) {
        struct destination copy = d[i];

        copy.plugin = name;
        put_destination(out, &copy, true);
    }
    put_simple(out, MSG_GO);
    channel_flush(p->supervisor);
}

struct play *
play_start(struct loop *l, const char *so, const char *name, const struct destination *d,
           size_t count)
{
    return play_start_marked(l, so, name, d, count, 0);
}

struct play *
play_start_marked(struct loop *l, const char *so, const char *name, const struct destination *d,
                  size_t count, uint64_t mark)
{
    struct play *p = xcalloc(1, sizeof(*p));
    int sup[2], core[2], out[2], err[2];

    p->loop = l;
    if (!name) {
        const char *base = strrchr(so, '/') + 1;

        name = arena_memdup0(&p->arena, base, strlen(base) - strlen(".so"));
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sup) < 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, core) < 0 ||
        pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
        die("play: %s", strerror(errno));
    p->pid = fork();
    if (p->pid == 0)
        become_runner(sup[1], out[1], err[1]);
    close(sup[1]);
    close(out[1]);
    close(err[1]);
    open_pipe(p, &p->out, out[0]);
    open_pipe(p, &p->err, err[0]);
    p->supervisor = channel_new(l, sup[0], on_supervisor_frame, on_gone, p);
    p->core = channel_new(l, core[0], on_core_frame, on_gone, p);
    introduce(p, so, name, core[1], d, count, mark);
    close(core[1]);
    return p;
}

void
play_send(struct play *p, const struct play_job *j)
{
    struct msg_job m = {
        .token = j->token,
        .destination = j->destination,
        .attempt = j->attempt ? j->attempt : 1,
        .accepted_ms = 1762776000500,
        .deadline_ms = j->deadline_ms ? j->deadline_ms : 60000,
        .event = {
            .type = j->type ? j->type : "contract.1#purchased",
            .vendor = "acme",
            .user = j->user ? j->user : "u1",
            .contract = j->contract ? j->contract : "",
            .entitlement = "",
            .checkout = "",
            .occurred = "2025-11-10T12:00:00Z",
            .occurred_ms = 1762776000000,
            .body = j->body ? j->body : "{}",
        },
    };

    m.event.body_len = strlen(m.event.body);
    snprintf(m.id, sizeof(m.id), "evt_%026llu", (unsigned long long)j->token);
    put_job(channel_out(p->core), &m);
    channel_flush(p->core);
}

const struct msg_result *
play_result(const struct play *p, uint64_t token)
{
    for (size_t i = 0; i < p->result_count; i++)
        if (p->results[i].token == token)
            return &p->results[i];
    return NULL;
}

/* ---- waits ---- */

struct until {
    struct play *play;
    bool (*done)(void *arg);
    void *arg;
};

static void
look(void *arg)
{
    struct until *u = arg;

    if (u->play->dead || u->done(u->arg))
        loop_stop(u->play->loop);
}

static void
on_impatient(void *arg)
{
    struct play *p = arg;

    die("play: nothing more comes from the runner after %d ms; its stderr:\n%s",
        PLAY_PATIENCE_MS, buf_text(&p->err.text));
}

void
play_until(struct play *p, bool (*done)(void *arg), void *arg)
{
    struct until u = { p, done, arg };
    struct loop_timer *t = loop_timer_new(p->loop, on_impatient, p);

    loop_timer_set(t, PLAY_PATIENCE_MS);
    loop_after_poll(p->loop, look, &u);
    if (!p->dead && !done(arg))
        loop_run(p->loop);
    loop_timer_free(t);
}

static bool
is_ready(void *arg)
{
    const struct play *p = arg;

    return p->ready || p->fatal;
}

static bool
is_checked(void *arg)
{
    return ((const struct play *)arg)->checked;
}

static bool
never(void *arg)
{
    (void)arg;
    return false;
}

struct enough {
    const struct play *play;
    size_t count;
};

static bool
has_results(void *arg)
{
    const struct enough *e = arg;

    return e->play->result_count >= e->count;
}

void
play_until_ready(struct play *p)
{
    play_until(p, is_ready, p);
}

void
play_until_results(struct play *p, size_t count)
{
    struct enough e = { p, count };

    play_until(p, has_results, &e);
}

void
play_until_checked(struct play *p)
{
    play_until(p, is_checked, p);
}

void
play_until_dead(struct play *p)
{
    play_until(p, never, NULL);
}

const char *
play_status_text(const struct play *p, struct arena *a)
{
    if (!p->dead)
        return "alive";
    if (WIFSIGNALED(p->status))
        return arena_printf(a, "signal %d", WTERMSIG(p->status));
    return arena_printf(a, "exit %d", WEXITSTATUS(p->status));
}

void
play_free(struct play *p)
{
    if (!p)
        return;
    if (!p->dead) {
        kill(p->pid, SIGKILL);
        play_until_dead(p);
    }
    channel_free(p->supervisor);
    channel_free(p->core);
    buf_free(&p->err.text);
    buf_free(&p->out.text);
    free(p->results);
    arena_free(&p->arena);
    free(p);
}
