/* far_net.c - what is outside a call, in earnest: the network with its limits and holds, the
   memo of the destination, the clock. Runs on coroutine stacks, so it hands requests over
   (http_start) and lets others run (coro_wait), and never drives the network itself. */
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "model/outcome.h"
#include "model/retry.h"
#include "runner/state.h"

static struct runner *
runner_of(struct far *f)
{
    return (struct runner *)(void *)f;
}

static int64_t
net_now_ms(struct far *f)
{
    (void)f;
    return clock_wall_ms();
}

static void
net_random(struct far *f, void *out, size_t len)
{
    (void)f;
    random_bytes(out, len);
}

/* ---- requests ---- */

static void
finish_without_answer(struct exchange *x, const char *error)
{
    list_remove(&x->link);
    x->q->response.pub.error = error;
    x->q->response.pub.body = "";
    x->q->done = true;
}

static void
on_done(struct http_transfer *t)
{
    struct exchange *x = LIST_OF(t, struct exchange, transfer);

    list_remove(&x->link);
    job_wake(x->job);
}

static void
refuse_held(struct exchange *x, int64_t left_ms)
{
    struct call *c = &x->job->call;

    call_mark(c, OUTCOME_RETRY, "the destination is held: another delivery was told to wait");
    c->verdict.after_ms = left_ms;
    finish_without_answer(x, "the destination is held");
}

static void
net_start(struct far *f, struct call *c, struct hermod_request *q)
{
    struct runner *r = runner_of(f);
    struct job *j = job_of(c);
    struct target *t = j->target;
    struct exchange *x = arena_alloc(&c->arena, sizeof(*x));
    int64_t now_ms = t->hold_until_ms || t->group->timer ? clock_mono_ms() : 0;

    x->job = j;
    x->q = q;
    http_transfer_init(&x->transfer, q, &c->arena, t->config.allow, t->config.allow_count,
                       on_done);
    q->transfer = x;
    list_init(&x->turn.link);
    list_push_back(&j->exchanges, &x->link);
    if (now_ms < t->hold_until_ms)
        refuse_held(x, t->hold_until_ms - now_ms);
    else if (rate_enter(&t->group->rate, &x->turn, now_ms))
        http_start(r->http, &x->transfer);
    else if (t->group->rate.line.next == &x->turn.link)
        loop_timer_set(t->group->timer, 0);        /* the first in line: learn how long */
}

static void
net_wait(struct far *f, struct call *c, struct hermod_request *q)
{
    (void)f;
    (void)c;
    while (!q->done)
        coro_wait();
}

static void
on_rate_timer(void *arg)
{
    struct group *g = arg;
    struct rate_turn *t;
    int64_t wait_ms;

    while ((t = rate_next(&g->rate, clock_mono_ms(), &wait_ms))) {
        struct exchange *x = LIST_OF(t, struct exchange, turn);

        http_start(x->job->runner->http, &x->transfer);
    }
    if (wait_ms >= 0)
        loop_timer_set(g->timer, wait_ms);
}

struct group *
group_new(struct runner *r, const struct destination *d)
{
    struct group *g = arena_alloc(&r->arena, sizeof(*g));

    rate_init(&g->rate, d->requests, d->per_ms, clock_mono_ms());
    if (d->requests > 0)
        g->timer = loop_timer_new(r->loop, on_rate_timer, g);
    return g;
}

static void
take_back(struct exchange *x)
{
    rate_leave(&x->turn);
    http_cancel(x->job->runner->http, &x->transfer);
}

void
far_net_cancel(struct job *j)
{
    struct list *node;

    while ((node = list_pop_front(&j->exchanges)))
        take_back(EXCHANGE_OF(node));
}

void
far_net_give_up(struct job *j)
{
    while (!list_empty(&j->exchanges)) {
        struct exchange *x = EXCHANGE_OF(j->exchanges.next);

        take_back(x);
        finish_without_answer(x, "deadline");
    }
    job_wake(j);
}

/* Requests of the destination that still wait in line for their rate are not sent. */
void
far_net_hold(struct runner *r, struct target *t, int64_t for_ms)
{
    struct list *line = &t->group->rate.line;
    int64_t until_ms;

    (void)r;
    if (for_ms > RETRY_HOLD_MAX_MS)
        for_ms = RETRY_HOLD_MAX_MS;
    until_ms = clock_mono_ms() + for_ms;
    if (until_ms <= t->hold_until_ms)
        return;
    t->hold_until_ms = until_ms;
    LIST_EACH_SAFE(node, line) {
        struct exchange *x = LIST_OF(LIST_OF(node, struct rate_turn, link), struct exchange, turn);

        if (x->job->target != t)
            continue;
        rate_leave(&x->turn);
        refuse_held(x, for_ms);
        job_wake(x->job);
    }
}

/* ---- memo ---- */

static const char *
net_memo_get(struct far *f, struct call *c, const char *key)
{
    (void)f;
    return memo_get(&job_of(c)->target->memo, key, clock_mono_ms());
}

static void
net_memo_set(struct far *f, struct call *c, const char *key, const char *value, int64_t for_ms)
{
    (void)f;
    memo_set(&job_of(c)->target->memo, key, value, for_ms, clock_mono_ms());
}

static void
net_exclusive(struct far *f, struct call *c, const char *key)
{
    struct job *j = job_of(c);
    struct memo_claim *cl;

    (void)f;
    LIST_EACH(node, &j->claims)
        if (memo_claims(LIST_OF(node, struct memo_claim, mine), key))
            return;                        /* has it already */
    cl = arena_alloc(&c->arena, sizeof(*cl));
    memo_claim(&j->target->memo, cl, key, j);
    list_push_back(&j->claims, &cl->mine);
    while (!memo_holds(cl) && !c->verdict.marked)
        coro_wait();
}

static void
net_release(struct far *f, struct call *c)
{
    struct job *j = job_of(c);

    (void)f;
    while (!list_empty(&j->claims)) {
        struct memo_claim *cl = LIST_OF(j->claims.next, struct memo_claim, mine);
        struct memo_claim *next = memo_release(&j->target->memo, cl);

        if (next)
            job_wake(next->owner);
    }
}

/* ---- log ---- */

static void
net_log(struct far *f, struct call *c, enum log_level level, const char *text)
{
    const struct job *j = job_of(c);
    const struct log_field fields[] = {
        log_s("plugin", c->plugin->name),
        log_s("vendor", c->destination->vendor),
        log_s("destination", c->destination->name),
        log_s("event", j->id),
        log_i("attempt", c->attempt),
        LOG_END_,
    };

    (void)f;
    log_write(level, text, fields);
}

void
far_net_init(struct runner *r)
{
    r->far = (struct far){
        .now_ms = net_now_ms,
        .random = net_random,
        .start = net_start,
        .wait = net_wait,
        .memo_get = net_memo_get,
        .memo_set = net_memo_set,
        .exclusive = net_exclusive,
        .release = net_release,
        .log = net_log,
        .lookup = far_lookup,
    };
    r->http = http_new(r->loop);
}
