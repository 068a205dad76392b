/* intake_alone.c - the host's own HTTP server and intake, with a core that commits to
   nothing: what taking an event in costs before a journal is there.

       intake_alone PORT [TOKEN]

   At SIGTERM it prints {"events":..,"turns":..,"userUs":..,"systemUs":..}, the processor
   time being that of one event. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"
#include "core/core.h"
#include "net/httpd.h"
#include "core/intake.h"

struct accept {
    struct journal_event *events;
    size_t count;
    void (*done)(void *arg, int error);
    void *arg;
};

struct core {
    struct loop *loop;
    struct httpd *httpd;
    struct host_config config;
    struct accept *accepts;
    size_t count, size;
    int64_t events, turns;
};

struct loop *
core_loop(struct core *c)
{
    return c->loop;
}

const struct host_config *
core_config(const struct core *c)
{
    return &c->config;
}

int64_t
core_now_ms(const struct core *c)
{
    (void)c;
    return clock_wall_ms();
}

const char *
core_pressure(struct core *c, int *ret_after_s)
{
    (void)c;
    *ret_after_s = 1;
    return NULL;
}

bool
core_knows_vendor(const struct core *c, const char *vendor)
{
    (void)c;
    return strcmp(vendor, "acme") == 0;
}

void
core_accept(struct core *c, struct journal_event *events, size_t count,
            void (*done)(void *arg, int error), void *arg)
{
    if (c->count == c->size) {
        c->size = c->size ? 2 * c->size : 1024;
        c->accepts = xrealloc(c->accepts, c->size, sizeof(*c->accepts));
    }
    c->accepts[c->count++] = (struct accept){ events, count, done, arg };
}

static void
on_turn(void *arg)
{
    struct core *c = arg;
    size_t count = c->count;

    c->count = 0;
    c->turns += count > 0;
    for (size_t i = 0; i < count; i++) {
        struct accept *a = &c->accepts[i];

        for (size_t k = 0; k < a->count; k++)
            a->events[k].added = JOURNAL_NEW;
        c->events += (int64_t)a->count;
        a->done(a->arg, 0);
    }
    httpd_turn(c->httpd);
}

static void
on_signal(void *arg, int signum)
{
    struct core *c = arg;

    (void)signum;
    loop_stop(c->loop);
}

static double
per_event_us(struct timeval t, int64_t events)
{
    return ((double)t.tv_sec * 1e6 + (double)t.tv_usec) / (double)(events ? events : 1);
}

int
main(int argc, char **argv)
{
    struct core c = { .loop = loop_new() };
    CLEANUP(free_ptr) char *listen = NULL, *error = NULL;
    const char *token = argc > 2 ? argv[2] : NULL;
    struct rusage use;

    if (argc < 2) {
        fprintf(stderr, "usage: intake_alone PORT [TOKEN]\n");
        return 2;
    }
    c.config.listen = listen = xasprintf("127.0.0.1:%s", argv[1]);
    c.config.tokens = &token;
    c.config.token_count = token ? 1 : 0;
    c.httpd = intake_new(&c, &error);
    if (!c.httpd) {
        fprintf(stderr, "intake_alone: %s\n", error);
        return 1;
    }
    loop_after_poll(c.loop, on_turn, &c);
    loop_signal(c.loop, SIGTERM, on_signal, &c);
    loop_signal(c.loop, SIGINT, on_signal, &c);
    loop_run(c.loop);
    getrusage(RUSAGE_SELF, &use);
    printf("{\"events\":%lld,\"turns\":%lld,\"userUs\":%.2f,\"systemUs\":%.2f}\n",
           (long long)c.events, (long long)c.turns, per_event_us(use.ru_utime, c.events),
           per_event_us(use.ru_stime, c.events));
    httpd_free(c.httpd);
    loop_free(c.loop);
    free(c.accepts);
    return 0;
}
