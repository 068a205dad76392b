/* rates.c - see rates.h. The bucket is one number, the time at which it is full: a request moves
   that time by one refill. */
#include "source/rates.h"

#include <stdbool.h>

#define SAME_WINDOW_MS 1500                /* resets are told in whole seconds */

static void
pass_time(struct rates *r, int64_t now_ms)
{
    if (r->full_ms < now_ms)
        r->full_ms = now_ms;
    if (r->reset_ms <= now_ms)
        r->reset_ms = 0;
    if (r->hold_ms <= now_ms)
        r->hold_ms = 0;
}

/* Without a word from the platform. */
static int64_t
bucket_wait(const struct rates *r, int64_t ahead, int64_t now_ms)
{
    int64_t wait = r->full_ms - now_ms - (RATES_BURST - 1 - ahead) * RATES_REFILL_MS;

    return wait > 0 ? wait : 0;
}

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t
rates_guess(struct rates *r, size_t ahead, int64_t now_ms)
{
    int64_t held, behind = (int64_t)ahead;

    pass_time(r, now_ms);
    held = r->hold_ms ? r->hold_ms - now_ms : 0;
    if (!r->reset_ms)
        return later(held, bucket_wait(r, behind, now_ms));
    if (behind < r->budget)
        return held;
    return later(held, r->reset_ms - now_ms + (behind - r->budget) * RATES_REFILL_MS);
}

int64_t
rates_wait(struct rates *r, int64_t now_ms)
{
    return r->in_flight >= RATES_IN_FLIGHT ? -1 : rates_guess(r, 0, now_ms);
}

void
rates_take(struct rates *r, int64_t now_ms)
{
    pass_time(r, now_ms);
    r->full_ms += RATES_REFILL_MS;
    r->budget--;
    r->in_flight++;
}

void
rates_done(struct rates *r)
{
    r->in_flight--;
}

void
rates_learn(struct rates *r, int64_t remaining, int64_t reset_in_ms, int64_t now_ms)
{
    int64_t reset_ms = now_ms + reset_in_ms;
    /* It has not counted those that are still on their way. */
    int64_t budget = remaining - (int64_t)r->in_flight;
    bool same;

    pass_time(r, now_ms);
    if (remaining < 0 || reset_in_ms <= 0)
        return;
    same = r->reset_ms && reset_ms < r->reset_ms + SAME_WINDOW_MS;
    if (same && r->budget < budget)
        budget = r->budget;                /* answers overtake one another */
    if (!same || reset_ms > r->reset_ms)
        r->reset_ms = reset_ms;
    r->budget = budget > 0 ? budget : 0;
}

void
rates_hold(struct rates *r, int64_t for_ms, int64_t now_ms)
{
    if (now_ms + for_ms > r->hold_ms)
        r->hold_ms = now_ms + for_ms;
}
