/* runner_child.c - a runner as the supervisor sees it: one plugin in a process of its own,
   named when it misbehaves, started again when it dies, stopped when it keeps dying. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "supervisor/spawn.h"
#include "supervisor/state.h"
#include "wire/message.h"

struct runner *
runner_of(struct supervisor *s, const char *plugin)
{
    for (size_t i = 0; i < s->runner_count; i++)
        if (str_eq(s->runners[i].info->name, plugin))
            return &s->runners[i];
    return NULL;
}

/* With all that it may have forked. */
void
runner_kill(struct runner *r)
{
    if (r->child.pid > 0)
        kill(-r->child.pid, SIGKILL);
}

static void
on_ready(struct runner *r)
{
    struct supervisor *s = r->child.s;

    r->child.ready = true;
    if (s->core.channel == NULL || r->to_core < 0)
        return;
    put_text(channel_out(s->core.channel), MSG_RUNNER_UP, r->info->name);
    channel_flush_fd(s->core.channel, r->to_core);
    close_fd(&r->to_core);
    r->to_core = -1;
    log_info("runner ready", log_s("plugin", r->info->name),
             log_s("version", r->info->version), log_i("pid", r->child.pid));
}

static void
on_fatal(struct runner *r, const void *payload, size_t len)
{
    const char *why;

    if (get_text(&r->child.s->plugins_arena, payload, len, &why) == 0)
        r->trouble = why;
    log_error("plugin cannot be loaded", log_s("plugin", r->info->name),
              log_s("why", r->trouble));
}

static void
on_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct runner *r = arg;

    (void)fd;
    switch (type) {
    case MSG_HELLO:
        if (get_hello(payload, len) == 0)
            return;
        break;
    case MSG_READY:
        on_ready(r);
        return;
    case MSG_FATAL:
        on_fatal(r, payload, len);
        return;
    case MSG_CULPRIT:
        if (get_culprit(payload, len, &r->culprit, r->what) == 0)
            return;
        break;
    }
    log_error("runner sent what it may not, killing it", log_s("plugin", r->info->name),
              log_s("message", message_name(type)));
    r->killed = true;
    runner_kill(r);
}

static void
on_gone(void *arg, const char *why)
{
    struct runner *r = arg;

    if (str_eq(why, "closed") || r->child.pid == 0)
        return;                            /* its death comes as SIGCHLD */
    log_error("runner broke the protocol, killing it", log_s("plugin", r->info->name),
              log_s("why", why));
    r->killed = true;
    runner_kill(r);
}

/* The text may be personal data: only that there was some is told. */
static void
on_stdout(void *arg, unsigned events)
{
    struct runner *r = arg;
    char scratch[4096];
    ssize_t n = read(r->out, scratch, sizeof(scratch));

    (void)events;
    if (n > 0 && !r->wrote) {
        r->wrote = true;
        log_warn("plugin writes to stdout: it goes nowhere, use hermod_log_info()",
                 log_s("plugin", r->info->name));
    }
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        loop_watch_events(r->out_watch, 0);
}

static void
introduce(struct runner *r, int to_runner)
{
    struct supervisor *s = r->child.s;
    struct msg_runner_config m = { .plugin = r->info->name, .path = r->info->path,
                                   .grace_ms = s->config.host.grace_ms,
                                   .log_level = s->config.host.log_level,
                                   .settings_mark = plugin_info_settings_mark(r->info),
                                   .source = source_wanted(s) };
    struct buf *out = channel_out(r->child.channel);

    put_hello(out);
    put_runner_config(out, &m);
    channel_flush_fd(r->child.channel, to_runner);
    for (size_t i = 0; i < s->config.destination_count; i++)
        if (str_eq(s->config.destinations[i].plugin, r->info->name))
            put_destination(out, &s->config.destinations[i], true);
    put_simple(out, MSG_GO);
    channel_flush(r->child.channel);
}

void
runner_start(struct runner *r)
{
    struct supervisor *s = r->child.s;
    struct spawned sp;
    int pair[2], error;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        log_error("cannot start a runner", log_s("error", strerror(errno)));
        child_restart_later(&r->child);
        return;
    }
    error = spawn_role("runner", r->info->name, 1, &sp);
    if (error < 0) {
        log_error("cannot start a runner", log_s("error", strerror(-error)));
        close(pair[0]);
        close(pair[1]);
        child_restart_later(&r->child);
        return;
    }
    r->child.pid = sp.pid;
    r->child.started_ms = clock_mono_ms();
    r->child.ready = r->child.stopping = false;
    r->culprit = 0;
    r->what[0] = 0;
    r->killed = r->wrote = false;
    r->trouble = "";
    r->to_core = pair[0];
    r->out = sp.out;
    fcntl(sp.out, F_SETFL, O_NONBLOCK);
    r->out_watch = loop_watch(s->loop, sp.out, LOOP_READ, on_stdout, r);
    r->child.channel = channel_new(s->loop, sp.fd, on_frame, on_gone, r);
    introduce(r, pair[1]);
    close(pair[1]);
    source_meet(r);
}

static void
forget(struct runner *r)
{
    child_close(&r->child);
    loop_unwatch(r->out_watch);
    r->out_watch = NULL;
    close(r->out);
    close_fd(&r->to_core);
    r->to_core = -1;
}

void
runner_died(struct runner *r, int status)
{
    struct supervisor *s = r->child.s;
    /* Without core it leaves by itself, maybe before we have heard that core is gone. */
    bool orderly = r->child.stopping || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
    bool outside = !r->killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    char status_text[64], how[64 + CULPRIT_WHAT + 2];
    struct msg_runner_down m = { .plugin = r->info->name, .how = how, .orderly = orderly,
                                 .outside = outside };

    forget(r);
    spawn_status_text(status, status_text);
    snprintf(how, sizeof(how), "%s%s%s", r->what, *r->what ? "; " : "", status_text);
    if (clock_mono_ms() - r->child.started_ms > STEADY_MS)
        r->deaths = 0;
    r->deaths += !orderly && !outside;
    r->given_up = r->deaths >= DEATHS_MAX;
    if (orderly)
        log_info("runner has stopped", log_s("plugin", r->info->name));
    else
        log_error("runner died", log_s("plugin", r->info->name), log_s("how", how));
    if (r->given_up)
        log_error("plugin keeps dying and is stopped; its events are kept. Replace the file "
                  "and restart hermod", log_s("plugin", r->info->name),
                  log_i("deaths", (int64_t)r->deaths));
    m.culprit = r->culprit;
    m.given_up = r->given_up;
    if (*r->trouble)
        m.how = r->trouble;
    core_tell_down(s, &m);
    if (s->stopping)
        supervisor_finish(s);
    else if (!r->given_up && s->core.ready)
        child_restart_later(&r->child);
}
