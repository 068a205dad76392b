/* supervisor.c - see supervisor.h: reads the configuration, then watches its children. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/notify.h"
#include "base/process.h"
#include "base/text.h"
#include "supervisor/describe.h"
#include "supervisor/state.h"
#include "supervisor/supervisor.h"
#include "wire/message.h"

void
child_restart_later(struct child *c)
{
    if (clock_mono_ms() - c->started_ms > STEADY_MS)
        c->backoff_ms = 0;
    loop_timer_set(c->restart, c->backoff_ms);
    c->backoff_ms = c->backoff_ms == 0 ? RESTART_MIN_MS : 2 * c->backoff_ms;
    if (c->backoff_ms > RESTART_MAX_MS)
        c->backoff_ms = RESTART_MAX_MS;
}

void
child_close(struct child *c)
{
    channel_receive(c->channel);           /* its last words */
    channel_free(c->channel);
    c->channel = NULL;
    c->pid = 0;
    c->ready = false;
}

void
supervisor_finish(struct supervisor *s)
{
    if (s->core.pid != 0)
        return;
    for (size_t i = 0; i < s->runner_count; i++)
        if (s->runners[i].child.pid != 0)
            return;
    if (s->source.pid != 0) {
        source_stop(s);
        return;
    }
    loop_stop(s->loop);
}

static void
kill_all(struct supervisor *s)
{
    for (size_t i = 0; i < s->runner_count; i++)
        runner_kill(&s->runners[i]);
    if (s->core.pid > 0)
        kill(s->core.pid, SIGKILL);
    if (s->source.pid > 0)
        kill(s->source.pid, SIGKILL);
}

static void
on_grace_over(void *arg)
{
    struct supervisor *s = arg;

    log_warn("the grace time is over; what is in flight will be tried again at the next start");
    kill_all(s);
}

/* Core goes first: it lets the runners finish, writes down what they say, and leaves. The source
   goes last: what is finished may need it. */
void
supervisor_stop(struct supervisor *s)
{
    if (s->stopping) {
        kill_all(s);
        return;
    }
    s->stopping = true;
    notify_manager("STOPPING=1");
    loop_timer_stop(s->core.restart);
    loop_timer_stop(s->source.restart);
    for (size_t i = 0; i < s->runner_count; i++) {
        loop_timer_stop(s->runners[i].child.restart);
        s->runners[i].child.stopping = true;   /* when core leaves, so do they */
    }
    if (s->core.pid > 0 && s->core.channel) {
        put_simple(channel_out(s->core.channel), MSG_STOP);
        channel_flush(s->core.channel);
    }
    loop_timer_set(s->grace, s->config.host.grace_ms + 2000);
    supervisor_finish(s);
}

static void
on_terminate(void *arg, int signum)
{
    log_info("stopping", log_i("signal", signum));
    supervisor_stop(arg);
}

/* Not a death: an operator's habit, or the end of the terminal it was started from. */
static void
on_hangup(void *arg, int signum)
{
    (void)arg;
    log_warn("the configuration is read at start only: stop and start to change it",
             log_i("signal", signum));
}

/* A child that has ended and is not yet reaped; 0: none. */
static pid_t
next_dead(void)
{
    siginfo_t info = { .si_pid = 0 };

    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
        return 0;
    return info.si_pid;
}

static void
on_child(void *arg, int signum)
{
    struct supervisor *s = arg;
    pid_t pid;

    (void)signum;
    while ((pid = next_dead()) > 0) {
        struct runner *r = NULL;
        int status = 0;

        for (size_t i = 0; i < s->runner_count; i++)
            if (pid == s->runners[i].child.pid)
                r = &s->runners[i];
        if (r)
            runner_kill(r);                /* what it forked; its number is still its own */
        waitpid(pid, &status, 0);
        if (r)
            runner_died(r, status);
        else if (pid == s->core.pid)
            core_died(s, status);
        else if (pid == s->source.pid)
            source_died(s, status);
    }
}

static void
on_core_restart(void *arg)
{
    core_start(arg);
}

static void
on_source_restart(void *arg)
{
    source_start(arg);
}

static void
on_runner_restart(void *arg)
{
    struct runner *r = arg;

    /* A core that is not ready starts its runners itself once it is. */
    if (r->child.s->core.ready && r->child.pid == 0)
        runner_start(r);
}

static int
load(struct supervisor *s, const char *path)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(1 << 20);
    int bad = config_load_host(&s->config, path);

    /* Also after mistakes in hermod.yaml: all are told in one run. */
    if (!s->config.blind) {
        arena_init(&s->plugins_arena, 0);
        s->plugin_count = describe_dirs(&s->plugins_arena, s->config.host.plugin_dirs,
                                        s->config.host.plugin_dir_count, &s->plugins);
        bad = config_load_vendors(&s->config, s->plugins, s->plugin_count);
    }
    config_print_problems(&s->config, &text);
    fputs(buf_text(&text), stderr);
    if (bad)
        fputs("hermod: not started: the configuration has mistakes\n", stderr);
    return bad;
}

static bool
is_used(const struct config *c, const char *plugin)
{
    for (size_t i = 0; i < c->destination_count; i++)
        if (c->destinations[i].enabled && str_eq(c->destinations[i].plugin, plugin))
            return true;
    return false;
}

static void
make_children(struct supervisor *s)
{
    s->core.s = s;
    s->core.restart = loop_timer_new(s->loop, on_core_restart, s);
    s->source.s = s;
    s->source.restart = loop_timer_new(s->loop, on_source_restart, s);
    s->runners = xcalloc(s->plugin_count, sizeof(*s->runners));
    for (size_t i = 0; i < s->plugin_count; i++) {
        struct runner *r = &s->runners[s->runner_count];

        if (s->plugins[i].error || !is_used(&s->config, s->plugins[i].info.name))
            continue;
        r->child.s = s;
        r->child.restart = loop_timer_new(s->loop, on_runner_restart, r);
        r->info = &s->plugins[i].info;
        r->to_core = -1;
        r->trouble = "";
        s->runner_count++;
    }
}

static void
free_children(struct supervisor *s)
{
    loop_timer_free(s->core.restart);
    loop_timer_free(s->source.restart);
    for (size_t i = 0; i < s->runner_count; i++)
        loop_timer_free(s->runners[i].child.restart);
    loop_timer_free(s->grace);
    free(s->runners);
}

int
supervisor_main(const char *config_path)
{
    struct supervisor s = { 0 };

    process_harden();
    if (load(&s, config_path) < 0) {
        config_free(&s.config);
        arena_free(&s.plugins_arena);
        return 1;
    }
    log_setup("supervisor", (enum log_level)log_level_of(s.config.host.log_level));
    log_info("starting", log_s("version", VERSION_TEXT),
             log_i("vendors", (int64_t)s.config.vendor_count),
             log_i("destinations", (int64_t)s.config.destination_count));
    s.loop = loop_new();
    s.grace = loop_timer_new(s.loop, on_grace_over, &s);
    loop_signal(s.loop, SIGTERM, on_terminate, &s);
    loop_signal(s.loop, SIGINT, on_terminate, &s);
    loop_signal(s.loop, SIGHUP, on_hangup, &s);
    loop_signal(s.loop, SIGCHLD, on_child, &s);
    make_children(&s);
    if (source_wanted(&s))
        source_start(&s);
    core_start(&s);
    loop_run(s.loop);
    log_info("stopped");
    free_children(&s);
    loop_free(s.loop);
    config_free(&s.config);
    arena_free(&s.plugins_arena);
    return s.exit_status;
}
