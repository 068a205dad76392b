/* core.c - the core role: what the supervisor says, the turn of the loop, the stop. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/process.h"
#include "core/admin.h"
#include "core/intake.h"
#include "core/state.h"
#include "model/caps.h"

#define ROLE_FD 3
#define UPKEEP_MS 1000
#define EXPIRE_SLICE 200                   /* events a second that retention removes at most */

/* ---- the turn ---- */

static void
on_turn(void *arg)
{
    struct core *c = arg;

    if (!c->serving)
        return;
    c->now_ms = clock_wall_ms();
    turn_commit(c);
    dispatch_run(c);
    if (c->intake)
        httpd_turn(c->intake);
    if (c->admin)
        httpd_turn(c->admin);
    if (c->stopping)
        core_stop_if_done(c);
}

static void
on_timer(void *arg)
{
    (void)arg;                             /* the turn that ends now looks at the timers */
}

static void
on_second(void *arg)
{
    struct core *c = arg;
    int n;

    loop_timer_set(c->second, UPKEEP_MS);
    c->free_bytes = journal_free_bytes(c->journal);
    runners_watch(c);
    if (c->committing)
        return;
    n = journal_expire(c->journal, clock_wall_ms() - c->config.retention_ms, EXPIRE_SLICE);
    if (n < 0 && !c->journal_error)
        log_warn("old events cannot be removed", log_s("error", journal_trouble(c->journal)));
    /* A slice a second: nobody waits for it, and turns do what is urgent by themselves. */
    n = journal_upkeep(c->journal);
    if (n < 0 && !c->journal_error)
        log_warn("the journal's log cannot be written back",
                 log_s("error", journal_trouble(c->journal)));
}

/* ---- set-up ---- */

static void
fail(struct core *c, const char *why)
{
    put_text(channel_out(c->supervisor), MSG_FATAL, why);
    channel_drain(c->supervisor);
    c->exit_status = 1;
    loop_stop(c->loop);
}

static void
go(struct core *c)
{
    CLEANUP(free_ptr) char *error = NULL;
    const char *why;

    log_setup("core", (enum log_level)log_level_of(c->config.log_level));
    c->now_ms = c->stats.started_ms = clock_wall_ms();
    c->journal = journal_open(c->config.journal, &error);
    if (c->journal == NULL) {
        fail(c, error);
        return;
    }
    c->free_bytes = journal_free_bytes(c->journal);
    if (dests_build(c, &why) < 0) {
        fail(c, why);
        return;
    }
    c->intake = intake_new(c, &error);
    if (c->intake)
        c->admin = admin_new(c, &error);
    if (c->admin == NULL) {
        fail(c, error);
        return;
    }
    c->serving = true;
    loop_timer_set(c->second, UPKEEP_MS);
    put_simple(channel_out(c->supervisor), MSG_READY);
    channel_flush(c->supervisor);
}

static int
add_destination(struct core *c, const void *payload, size_t len)
{
    if (c->config_count == c->config_size) {
        c->config_size = c->config_size ? 2 * c->config_size : 64;
        c->configs = xrealloc(c->configs, c->config_size, sizeof(*c->configs));
    }
    if (get_destination(&c->arena, payload, len, &c->configs[c->config_count]) < 0)
        return -1;
    c->config_count++;
    return 0;
}

static int
add_vendor(struct core *c, const void *payload, size_t len)
{
    const char *vendor;

    if (get_text(&c->arena, payload, len, &vendor) < 0)
        return -1;
    map_puts(&c->vendor_names, vendor, (void *)(uintptr_t)vendor);
    return 0;
}

/* ---- what the supervisor says ---- */

static void
on_grace_over(void *arg)
{
    struct core *c = arg;

    log_warn("the grace time is over", log_i("in_flight", c->stats.in_flight));
    loop_stop(c->loop);
}

static int
on_stop(struct core *c)
{
    if (c->stopping)
        return 0;
    c->stopping = true;
    if (c->intake)
        httpd_quiesce(c->intake);
    loop_timer_set(c->grace, c->config.grace_ms);
    if (!c->serving)
        loop_stop(c->loop);
    return 0;
}

void
core_stop_if_done(struct core *c)
{
    if (c->stats.in_flight == 0 && turn_idle(c) && httpd_open_requests(c->intake) == 0)
        loop_stop(c->loop);
}

static int
on_runner_up(struct core *c, const void *payload, size_t len, int fd)
{
    struct arena a = { 0 };
    const char *plugin;
    int bad = get_text(&a, payload, len, &plugin);

    if (bad == 0 && c->serving)
        runner_up(c, plugin, fd);
    else
        close_fd(&fd);
    arena_free(&a);
    return bad;
}

static int
on_runner_down(struct core *c, const void *payload, size_t len)
{
    struct arena a = { 0 };
    struct msg_runner_down m;
    int bad = get_runner_down(&a, payload, len, &m);

    if (bad == 0 && c->serving)
        runner_down(c, &m);
    arena_free(&a);
    return bad;
}

static void
on_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct core *c = arg;
    int bad = 0;

    switch (type) {
    case MSG_HELLO:
        bad = get_hello(payload, len);
        put_hello(channel_out(c->supervisor));
        break;
    case MSG_CORE_CONFIG:
        bad = get_core_config(&c->arena, payload, len, &c->config);
        break;
    case MSG_VENDOR:
        bad = add_vendor(c, payload, len);
        break;
    case MSG_DESTINATION:
        bad = add_destination(c, payload, len);
        break;
    case MSG_GO:
        go(c);
        break;
    case MSG_RUNNER_UP:
        bad = on_runner_up(c, payload, len, fd);
        break;
    case MSG_RUNNER_DOWN:
        bad = on_runner_down(c, payload, len);
        break;
    case MSG_STOP:
        bad = on_stop(c);
        break;
    default:
        bad = -1;
    }
    if (bad)
        die("core: the supervisor sent a %s that cannot be", message_name(type));
}

static void
on_gone(void *arg, const char *why)
{
    struct core *c = arg;

    (void)why;                             /* no supervisor, no core: at once */
    c->exit_status = 1;
    loop_stop(c->loop);
}

static void
core_free(struct core *c)
{
    httpd_free(c->intake);
    httpd_free(c->admin);
    runners_free(c);
    deliveries_free(c);
    turn_free(c);
    dests_free(c);
    journal_close(c->journal);
    channel_free(c->supervisor);
    loop_timer_free(c->timer);
    loop_timer_free(c->second);
    loop_timer_free(c->grace);
    map_free(&c->vendor_names);
    free(c->configs);
    arena_wipe(&c->arena);
    loop_free(c->loop);
}

int
core_main(void)
{
    struct core *c = xcalloc(1, sizeof(*c));
    int status;

    process_harden();
    log_setup("core", LOG_INFO_);
    arena_init(&c->arena, 0);
    c->loop = loop_new();
    c->timer = loop_timer_new(c->loop, on_timer, c);
    c->second = loop_timer_new(c->loop, on_second, c);
    c->grace = loop_timer_new(c->loop, on_grace_over, c);
    c->supervisor = channel_new(c->loop, ROLE_FD, on_frame, on_gone, c);
    loop_after_poll(c->loop, on_turn, c);
    loop_run(c->loop);
    core_free(c);
    status = c->exit_status;
    free(c);
    return status;
}
