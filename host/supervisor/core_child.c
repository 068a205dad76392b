/* core_child.c - the core role as the supervisor sees it. When core dies, every runner is
   killed and started anew: what they have in flight belongs to a journal's owner that no
   longer is, and a lane must never be served twice at once. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/notify.h"
#include "supervisor/spawn.h"
#include "supervisor/state.h"
#include "wire/message.h"

static void
on_kill_runner(struct supervisor *s, const void *payload, size_t len)
{
    struct arena a = { 0 };
    struct msg_kill_runner m;
    struct runner *r;

    if (get_kill_runner(&a, payload, len, &m) == 0 && (r = runner_of(s, m.plugin)) != NULL) {
        log_error("runner does not answer, killing it", log_s("plugin", m.plugin),
                  log_s("why", m.why));
        r->killed = true;
        r->culprit = m.culprit;
        runner_kill(r);
    }
    arena_free(&a);
}

static void
on_fatal(struct supervisor *s, const void *payload, size_t len)
{
    struct arena a = { 0 };
    const char *why = "";

    if (get_text(&a, payload, len, &why) == 0)
        log_error("core cannot serve", log_s("why", why));
    if (!s->core_was_ready) {
        fprintf(stderr, "hermod: %s\n", why);
        s->exit_status = 1;
        supervisor_stop(s);
    }
    arena_free(&a);
}

static void
on_ready(struct supervisor *s)
{
    s->core.ready = s->core_was_ready = true;
    notify_manager("READY=1");
    log_info("core ready", log_s("listen", s->config.host.listen),
             log_s("admin", s->config.host.admin));
    for (size_t i = 0; i < s->runner_count && !s->stopping; i++)
        if (s->runners[i].child.pid == 0 && !s->runners[i].given_up)
            runner_start(&s->runners[i]);
}

static void
on_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct supervisor *s = arg;

    (void)fd;
    switch (type) {
    case MSG_HELLO:
        if (get_hello(payload, len) < 0)
            log_error("core is another version of hermod");
        break;
    case MSG_READY:
        on_ready(s);
        break;
    case MSG_FATAL:
        on_fatal(s, payload, len);
        break;
    case MSG_KILL_RUNNER:
        on_kill_runner(s, payload, len);
        break;
    default:
        log_error("core sent what it may not", log_s("message", message_name(type)));
        kill(s->core.pid, SIGKILL);
    }
}

static void
on_gone(void *arg, const char *why)
{
    struct supervisor *s = arg;

    if (str_eq(why, "closed") || s->core.pid == 0)
        return;                            /* its death comes as SIGCHLD */
    log_error("core broke the protocol, killing it", log_s("why", why));
    kill(s->core.pid, SIGKILL);
}

void
core_start(struct supervisor *s)
{
    struct spawned sp;
    struct buf *out;
    int error = spawn_role("core", "", 0, &sp);

    if (error < 0) {
        log_error("cannot start core", log_s("error", strerror(-error)));
        child_restart_later(&s->core);
        return;
    }
    s->core.pid = sp.pid;
    s->core.started_ms = clock_mono_ms();
    s->core.ready = false;
    s->core.channel = channel_new(s->loop, sp.fd, on_frame, on_gone, s);
    out = channel_out(s->core.channel);
    put_hello(out);
    put_core_config(out, &s->config.host);
    for (size_t i = 0; i < s->config.vendor_count; i++)
        put_text(out, MSG_VENDOR, s->config.vendors[i]);
    for (size_t i = 0; i < s->config.destination_count; i++)
        put_destination(out, &s->config.destinations[i], false);
    put_simple(out, MSG_GO);
    channel_flush(s->core.channel);
}

void
core_died(struct supervisor *s, int status)
{
    bool orderly = s->stopping && status == 0;
    char how[64];

    child_close(&s->core);
    spawn_status_text(status, how);
    if (orderly)
        log_info("core has stopped");
    else
        log_error("core died", log_s("how", how));
    for (size_t i = 0; i < s->runner_count; i++) {
        struct runner *r = &s->runners[i];

        if (r->child.pid == 0)
            continue;
        r->child.stopping = true;
        if (orderly) {
            put_simple(channel_out(r->child.channel), MSG_STOP);
            channel_flush(r->child.channel);
        } else {
            runner_kill(r);
        }
    }
    if (!s->core_was_ready && !s->stopping) {
        s->exit_status = 1;
        supervisor_stop(s);
    }
    if (s->stopping)
        supervisor_finish(s);
    else
        child_restart_later(&s->core);
}

void
core_tell_down(struct supervisor *s, const struct msg_runner_down *m)
{
    if (s->core.channel == NULL)
        return;
    put_runner_down(channel_out(s->core.channel), m);
    channel_flush(s->core.channel);
}
