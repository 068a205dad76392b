/* source_child.c - the source role as the supervisor sees it: there when a vendor has credentials
   for the platform's API, before the runners come and until they have gone. It owns nothing that
   must be kept, so it comes and goes without the others: each time that it, or a runner, is
   started anew, the two get a new socket. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "supervisor/spawn.h"
#include "supervisor/state.h"
#include "wire/message.h"

bool
source_wanted(const struct supervisor *s)
{
    return s->config.sesamy_vendor_count > 0;
}

static void
on_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct supervisor *s = arg;

    (void)fd;
    if (type == MSG_HELLO && get_hello(payload, len) == 0)
        return;
    if (type == MSG_READY && get_simple(payload, len) == 0) {
        s->source.ready = true;
        log_info("source ready", log_i("vendors", (int64_t)s->config.sesamy_vendor_count),
                 log_i("pid", s->source.pid));
        return;
    }
    log_error("source sent what it may not, killing it", log_s("message", message_name(type)));
    kill(s->source.pid, SIGKILL);
}

static void
on_gone(void *arg, const char *why)
{
    (void)arg;                             /* its death comes as SIGCHLD */
    (void)why;
}

static void
introduce(struct supervisor *s)
{
    const struct config *c = &s->config;
    const struct msg_source_config m = {
        .api_url = c->sesamy.api_url,
        .token_url = c->sesamy.token_url,
        .log_level = c->host.log_level,
        .paging_by_offset = c->sesamy.paging_by_offset,
        .allow = c->common.allow,
        .allow_count = c->common.allow_count,
    };
    struct buf *out = channel_out(s->source.channel);

    put_hello(out);
    put_source_config(out, &m);
    for (size_t i = 0; i < c->sesamy_vendor_count; i++) {
        const struct sesamy_vendor *v = &c->sesamy_vendors[i];
        const struct msg_source_vendor mv = { .vendor = v->vendor, .client_id = v->client_id,
                                              .client_secret = v->client_secret };

        put_source_vendor(out, &mv);
    }
    put_simple(out, MSG_GO);
    channel_flush(s->source.channel);
}

void
source_start(struct supervisor *s)
{
    struct spawned sp;
    int error = spawn_role("source", "", 0, &sp);

    if (error < 0) {
        log_error("cannot start the source", log_s("error", strerror(-error)));
        child_restart_later(&s->source);
        return;
    }
    s->source.pid = sp.pid;
    s->source.started_ms = clock_mono_ms();
    s->source.ready = s->source.stopping = false;
    s->source.channel = channel_new(s->loop, sp.fd, on_frame, on_gone, s);
    introduce(s);
    for (size_t i = 0; i < s->runner_count; i++)
        source_meet(&s->runners[i]);
}

void
source_meet(struct runner *r)
{
    struct supervisor *s = r->child.s;
    int pair[2];

    if (s->source.pid == 0 || r->child.pid == 0)
        return;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        log_error("no socket between a runner and the source", log_s("error", strerror(errno)));
        return;
    }
    put_text(channel_out(s->source.channel), MSG_SOURCE_PEER, r->info->name);
    channel_flush_fd(s->source.channel, pair[0]);
    put_simple(channel_out(r->child.channel), MSG_SOURCE_UP);
    channel_flush_fd(r->child.channel, pair[1]);
    close(pair[0]);
    close(pair[1]);
}

void
source_died(struct supervisor *s, int status)
{
    bool orderly = s->source.stopping && status == 0;
    char how[64];

    child_close(&s->source);
    spawn_status_text(status, how);
    if (orderly)
        log_info("source has stopped");
    else
        log_error("source died", log_s("how", how));
    if (s->stopping)
        supervisor_finish(s);
    else
        child_restart_later(&s->source);
}

/* The others have gone. */
void
source_stop(struct supervisor *s)
{
    if (s->source.stopping)
        return;
    s->source.stopping = true;
    put_simple(channel_out(s->source.channel), MSG_STOP);
    channel_flush(s->source.channel);
}
