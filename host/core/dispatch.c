/* dispatch.c - what goes when: round-robin over the destinations of each runner, one
   delivery of a lane at a time, within the limits. */
#include "base/clock.h"
#include "core/state.h"
#include "model/caps.h"

#define CHANNEL_ENOUGH (8 * 1024 * 1024)   /* bytes a runner has yet to read: wait for it */

/* A destination whose ready list is empty is read anew; one with nothing due leaves. */
static struct delivery *
next_of(struct dest *d)
{
    if (list_empty(&d->ready) && dest_can_refill(d))
        dest_refill(d);
    return list_empty(&d->ready) ? NULL : DELIVERY_OF(d->ready.next);
}

/* Is this delivery to wait until the runner is empty? */
static bool
must_wait_alone(const struct runner_link *r, const struct delivery *dl)
{
    return r->solo || (r->in_flight > 0 && runs_alone(r, dl));
}

/* Starts the next delivery of d whose lane is free. false: none can go now. */
static bool
start_one(struct dest *d)
{
    struct delivery *dl;

    while ((dl = next_of(d)) != NULL) {
        if (must_wait_alone(d->runner, dl))
            return false;                  /* found behind ones whose lanes are taken */
        if (!lane_take(dl))
            continue;                      /* queued behind the one in flight */
        list_remove(&dl->link);
        runner_send(d->runner, dl);
        return true;
    }
    return false;
}

/* May the group start one more now? A delivery that only waits in the runner for its turn
   to send would use up its deadline. Each start counts as one request: what sends more is
   slowed down there. */
static bool
in_rate(struct group *g, const struct core *c)
{
    int64_t wait_ms = g->rate ? limit_take(g->rate, clock_mono_ms()) : 0;

    if (wait_ms > 0)
        g->rate_until_ms = c->now_ms + wait_ms;
    return wait_ms == 0;
}

static void
run_runner(struct runner_link *r)
{
    while (!list_empty(&r->ring) && r->in_flight < CAP_INFLIGHT &&
           channel_pending(r->channel) < CHANNEL_ENOUGH) {
        struct dest *d = DEST_OF(r->ring.next);
        bool room = d->group->in_flight < d->group->limit;
        struct delivery *dl = room ? next_of(d) : NULL;

        if (dl && must_wait_alone(r, dl))
            break;
        list_remove(&d->link);
        d->place = PLACE_NONE;
        if (room && (dl == NULL || (in_rate(d->group, r->core) && !start_one(d))))
            group_unblock(d->group);
        dest_update(d);                    /* to the end of the ring, or out of it */
    }
}

void
dispatch_run(struct core *c)
{
    if (c->stopping)
        return;
    dests_wake(c);
    for (size_t i = 0; i < c->runner_count; i++) {
        struct runner_link *r = &c->runners[i];

        if (r->channel == NULL)
            continue;
        run_runner(r);
        channel_flush(r->channel);
    }
    dests_wake(c);                         /* for what was found to be due later */
}
