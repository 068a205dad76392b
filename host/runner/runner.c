/* runner.c - see runner.h: is told by the supervisor what to load and for whom, then serves
   core until it is told to stop. Dies at once when either is gone. */
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "model/caps.h"
#include "runner/runner.h"
#include "runner/sanitize.h"
#include "runner/state.h"

#define SUPERVISOR_FD 3
#define SETTINGS_CHANGED                                                               \
    "the file takes other settings than those that were checked: restart hermod to check " \
    "them again"
#define DESTINATIONS_MAX 1000000           /* an index above is a lie */

/* Nothing that the plugin left to run at exit is run: it may be what hangs. */
static NORETURN void
leave(int status)
{
#ifdef BUILT_WITH_ASAN
    if (status == 0 && __lsan_do_recoverable_leak_check())
        status = 23;
#endif
    _exit(status);
}

NORETURN void
runner_broken(const char *what)
{
    log_error("this should not happen, the runner ends itself", log_s("what", what));
    leave(1);
}

static NORETURN void
cannot_serve(struct runner *r, const char *why)
{
    put_text(channel_out(r->supervisor), MSG_FATAL, why);
    channel_drain(r->supervisor);
    leave(1);
}

/* ---- destinations ---- */

static void
add_target(struct runner *r, const void *payload, size_t len)
{
    struct target *t = arena_alloc(&r->arena, sizeof(*t));
    size_t size = r->target_size;

    if (get_destination(&r->arena, payload, len, &t->config) < 0 ||
        t->config.index >= DESTINATIONS_MAX)
        runner_broken("a malformed destination");
    if (t->config.index >= size) {
        r->target_size = t->config.index + 64;
        r->targets = xrealloc(r->targets, r->target_size, sizeof(*r->targets));
        memset(r->targets + size, 0, (r->target_size - size) * sizeof(*r->targets));
    }
    memo_init(&t->memo);
    r->targets[t->config.index] = t;
}

/* The first destination of a group stands for it. */
static void
prepare_target(struct runner *r, struct target *t)
{
    const struct plugin_info *info = &r->plugin.info;
    struct target *first = t->config.group < r->target_size ? r->targets[t->config.group] : NULL;

    if (t->config.value_count != info->setting_count)
        cannot_serve(r, SETTINGS_CHANGED);
    t->settings = settings_fill(&r->arena, info, t->config.values);
    if (first && first->group)
        t->group = first->group;
    else
        t->group = group_new(r, &t->config);
    if (first && !first->group)
        first->group = t->group;
}

static void
load_plugin(struct runner *r)
{
    const char *error = "";
    int loaded;

    watchdog_loading(true);
    loaded = loader_open(&r->arena, r->config.path, &r->plugin, &error);
    watchdog_loading(false);
    if (loaded < 0)
        cannot_serve(r, error);
    if (!str_eq(r->plugin.info.name, r->config.plugin))
        cannot_serve(r, "the file is another plugin now: restart hermod");
    if (r->config.settings_mark &&
        r->config.settings_mark != plugin_info_settings_mark(&r->plugin.info))
        cannot_serve(r, SETTINGS_CHANGED);
}

/* ---- core ---- */

static void
on_core_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    (void)fd;
    if (type != MSG_JOB)
        runner_broken(message_name(type));
    job_start(arg, payload, len);
}

static void
on_core_gone(void *arg, const char *why)
{
    (void)arg;
    (void)why;
    leave(0);
}

/* ---- the supervisor ---- */

static void
on_grace_over(void *arg)
{
    struct runner *r = arg;

    log_warn("deliveries are cut short by the stop", log_s("plugin", r->config.plugin),
             log_i("in_flight", (int64_t)r->in_flight));
    channel_drain(r->core);
    leave(0);
}

void
runner_stop_if_done(struct runner *r)
{
    if (!r->stopping || r->in_flight > 0)
        return;
    if (r->core)
        channel_drain(r->core);
    channel_drain(r->supervisor);
    leave(0);
}

static void
stop(struct runner *r)
{
    r->stopping = true;
    r->grace = loop_timer_new(r->loop, on_grace_over, r);
    loop_timer_set(r->grace, r->config.grace_ms);
    runner_stop_if_done(r);
}

static void
serve(struct runner *r)
{
    load_plugin(r);
    far_net_init(r);
    jobs_init(r);
    for (size_t i = 0; i < r->target_size; i++)
        if (r->targets[i])
            prepare_target(r, r->targets[i]);
    watchdog_guard(r->core_fd);
    r->core = channel_new(r->loop, r->core_fd, on_core_frame, on_core_gone, r);
    r->serving = true;
    put_simple(channel_out(r->supervisor), MSG_READY);
    channel_flush(r->supervisor);
}

static void
take_config(struct runner *r, const void *payload, size_t len, int fd)
{
    int level;

    if (get_runner_config(&r->arena, payload, len, &r->config) < 0 || fd < 0)
        runner_broken("a malformed runner configuration");
    level = log_level_of(r->config.log_level);
    log_setup("runner", level < 0 ? LOG_INFO_ : (enum log_level)level);
    r->core_fd = fd;
    watchdog_start(SUPERVISOR_FD, r->config.plugin);
}

static void
on_supervisor_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct runner *r = arg;
    bool configured = r->config.plugin != NULL;
    uint32_t destination;

    if (type == MSG_HELLO && get_hello(payload, len) == 0)
        return;
    if (type == MSG_RUNNER_CONFIG && !configured)
        take_config(r, payload, len, fd);
    else if (type == MSG_DESTINATION && configured && !r->serving)
        add_target(r, payload, len);
    else if (type == MSG_GO && configured && !r->serving && get_simple(payload, len) == 0)
        serve(r);
    else if (type == MSG_SOURCE_UP && configured && fd >= 0 && get_simple(payload, len) == 0)
        far_lookup_source(r, fd);
    else if (type == MSG_CHECK && r->serving && get_check(payload, len, &destination) == 0)
        start_check(r, destination);
    else if (type == MSG_STOP && get_simple(payload, len) == 0)
        stop(r);
    else
        runner_broken(message_name(type));
}

static void
on_supervisor_gone(void *arg, const char *why)
{
    (void)arg;
    (void)why;
    leave(0);
}

/* Once a turn: what has become ready runs, what it wants to send is sent, and core gets all
   results in one piece. */
static void
on_turn(void *arg)
{
    struct runner *r = arg;

    if (!r->serving)
        return;
    do {
        jobs_run(r);
        http_turn(r->http);
    } while (!list_empty(&r->ready));
    channel_flush(r->core);
}

int
runner_main(void)
{
    static struct runner r = { .core_fd = -1 };

    log_setup("runner", LOG_INFO_);
    process_harden();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Lookups have threads of libcurl's: without this each would have a heap of its own. */
    mallopt(M_ARENA_MAX, 1);
    arena_init(&r.arena, 0);
    r.loop = loop_new();
    r.supervisor = channel_new(r.loop, SUPERVISOR_FD, on_supervisor_frame, on_supervisor_gone, &r);
    put_hello(channel_out(r.supervisor));
    channel_flush(r.supervisor);
    loop_before_poll(r.loop, on_turn, &r);
    loop_run(r.loop);
    return 1;
}
