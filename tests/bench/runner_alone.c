/* runner_alone.c - what a delivery costs in the runner, without core and journal: this
   program plays supervisor and core for one runner with the webhooks plugin.

       runner_alone hang COUNT              so many at once to a receiver that never answers
       runner_alone fast PORT SECONDS FLYING   so many at once to a sink, again and again

   Prints one JSON object with what the runner's process used. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/play.h"
#include "abi/sink.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "runner/loader.h"

#define EVENT                                                                                   \
    "{\"eventType\":\"contract.1#purchased\",\"vendorId\":\"acme\",\"userId\":\"email|0123456789\"," \
    "\"contractId\":\"c-0123456789abcdef\",\"entitlementId\":\"e-0123456789abcdef\","             \
    "\"checkoutId\":\"k-0123456789abcdef\",\"occured_at\":\"2025-11-10T12:00:00.000Z\","           \
    "\"padding\":\"0123456789012345678901234567890123456789\"}"

static const struct cidr loopback = {
    .addr = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 0 }, .bits = 104,
};

struct usage {
    long resident_kib;
    double user_us, system_us;
};

static struct usage
usage_of(pid_t pid)
{
    struct usage u = { 0 };
    char path[64], text[4096], *at;
    long long user = 0, system = 0;
    FILE *f;
    size_t n;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    f = fopen(path, "r");
    while (f && fgets(text, sizeof(text), f))
        if (str_starts(text, "VmRSS:"))
            u.resident_kib = strtol(text + strlen("VmRSS:"), NULL, 10);
    if (f)
        fclose(f);
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    f = fopen(path, "r");
    n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = '\0';
    at = strrchr(text, ')');
    if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user,
                      &system) != 2)
        die("cannot read %s", path);
    u.user_us = (double)user * 1e6 / (double)sysconf(_SC_CLK_TCK);
    u.system_us = (double)system * 1e6 / (double)sysconf(_SC_CLK_TCK);
    return u;
}

/* The webhooks plugin with its own defaults, to this port, with the longest timeout. */
static struct play *
start(struct arena *a, struct loop *l, unsigned port)
{
    const char *dir = getenv("BUILDDIR"), *error;
    const char *so = arena_printf(a, "%s/plugins/webhooks/webhooks.so", dir ? dir : ".");
    struct destination d;
    struct loaded plugin;
    struct play *p;

    if (loader_open(a, so, &plugin, &error) < 0)
        die("%s", error);
    d = play_destination(a, 0, plugin.info.setting_count);
    for (size_t i = 0; i < plugin.info.setting_count; i++) {
        const struct setting_info *s = &plugin.info.settings[i];

        if (str_eq(s->name, "url"))
            d.values[i].text = arena_printf(a, "http://127.0.0.1:%u/hang", port);
        else if (str_eq(s->name, "timeout"))
            d.values[i].number = 60000;
    }
    d.allow = &loopback;
    d.allow_count = 1;
    p = play_start(l, so, NULL, &d, 1);
    play_until_ready(p);
    if (!p->ready)
        die("the runner is not ready: %s", p->fatal ? p->fatal : buf_text(&p->err.text));
    return p;
}

struct count {
    const struct sink *sink;
    size_t wanted;
};

static bool
so_many_hang(void *arg)
{
    const struct count *c = arg;

    return c->sink->hanging >= c->wanted;
}

static void
hang(struct arena *a, struct loop *l, size_t count)
{
    struct sink *s = sink_new(l);
    struct play *p = start(a, l, s->port);
    struct count c = { s, 1 };
    struct usage before, after, answered;
    int64_t began;

    play_send(p, &(struct play_job){ .token = 1, .body = EVENT });
    play_until(p, so_many_hang, &c);
    before = usage_of(p->pid);
    began = clock_mono_ms();
    c.wanted = count + 1;
    for (uint64_t i = 2; i <= count + 1; i++)
        play_send(p, &(struct play_job){ .token = i, .body = EVENT });
    play_until(p, so_many_hang, &c);
    after = usage_of(p->pid);
    sink_release(s, count + 1);
    play_until_results(p, count + 1);
    answered = usage_of(p->pid);
    printf("{\"count\": %zu, \"beforeKib\": %ld, \"hangingKib\": %ld, \"answeredKib\": %ld, "
           "\"eachKib\": %.1f, \"tookMs\": %lld, \"userUs\": %.1f, \"systemUs\": %.1f}\n",
           count, before.resident_kib, after.resident_kib, answered.resident_kib,
           (double)(after.resident_kib - before.resident_kib) / (double)count,
           (long long)(clock_mono_ms() - began),
           (answered.user_us - before.user_us) / (double)count,
           (answered.system_us - before.system_us) / (double)count);
    play_free(p);
    sink_free(s);
}

struct fast {
    struct play *play;
    uint64_t sent;
    size_t flying;
    int64_t until_ms;
};

/* Sends as many as have come back. */
static bool
keep_flying(void *arg)
{
    struct fast *f = arg;

    if (clock_mono_ms() >= f->until_ms)
        return f->play->result_count == f->sent;
    while (f->sent - f->play->result_count < f->flying)
        play_send(f->play, &(struct play_job){ .token = ++f->sent, .body = EVENT });
    return false;
}

static void
fast(struct arena *a, struct loop *l, unsigned port, int64_t seconds, size_t flying)
{
    struct fast f = { .play = start(a, l, port), .flying = flying };
    struct usage before, after;
    int64_t began, took_ms;
    size_t failed = 0, count;

    f.until_ms = clock_mono_ms() + 500;    /* connections and memory are there after that */
    play_until(f.play, keep_flying, &f);
    count = f.play->result_count;
    before = usage_of(f.play->pid);
    began = clock_mono_ms();
    f.until_ms = began + seconds * 1000;
    play_until(f.play, keep_flying, &f);
    took_ms = clock_mono_ms() - began;
    after = usage_of(f.play->pid);
    for (size_t i = 0; i < f.play->result_count; i++)
        failed += f.play->results[i].status != 200;
    count = f.play->result_count - count;
    printf("{\"count\": %zu, \"failed\": %zu, \"perSecond\": %.0f, \"userUs\": %.1f, "
           "\"systemUs\": %.1f, \"residentKib\": %ld}\n",
           count, failed, (double)count * 1000 / (double)took_ms,
           (after.user_us - before.user_us) / (double)count,
           (after.system_us - before.system_us) / (double)count, after.resident_kib);
    play_free(f.play);
}

int
main(int argc, char **argv)
{
    struct arena a = { 0 };
    struct loop *l = loop_new();

    if (argc == 3 && str_eq(argv[1], "hang"))
        hang(&a, l, strtoul(argv[2], NULL, 10));
    else if (argc == 5 && str_eq(argv[1], "fast"))
        fast(&a, l, (unsigned)strtoul(argv[2], NULL, 10), strtol(argv[3], NULL, 10),
             strtoul(argv[4], NULL, 10));
    else
        die("runner_alone hang COUNT | fast PORT SECONDS FLYING");
    loop_free(l);
    arena_free(&a);
    return 0;
}
