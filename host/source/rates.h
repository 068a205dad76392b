/* rates.h - when the next request to the platform's API may go, for one vendor. What the
   platform says (X-RateLimit-*, Retry-After) counts; where it says nothing, its published limit
   does: 100 a minute, 200 at once. Pure: the clock is an argument, monotonic milliseconds. */
#ifndef HERMOD_SOURCE_RATES_H
#define HERMOD_SOURCE_RATES_H

#include <stddef.h>
#include <stdint.h>

#define RATES_BURST 200
#define RATES_REFILL_MS 600                /* one more each: 100 a minute */
#define RATES_IN_FLIGHT 16                 /* at once: a burst is no reason for a flood */

struct rates {
    int64_t full_ms;                       /* when the bucket is full again */
    int64_t budget;                        /* by the platform's word, until reset_ms */
    int64_t reset_ms;                      /* 0: it has said nothing, or that is over */
    int64_t hold_ms;                       /* nothing goes before */
    size_t in_flight;
};

/* How long until one may go: 0 now; -1 when an answer must come first. */
int64_t rates_wait(struct rates *r, int64_t now_ms);
/* About how long until the one behind `ahead` others may go. */
int64_t rates_guess(struct rates *r, size_t ahead, int64_t now_ms);
/* One goes, one has come back. */
void rates_take(struct rates *r, int64_t now_ms);
void rates_done(struct rates *r);
/* The platform's word, after rates_done(): so many are left for so long. */
void rates_learn(struct rates *r, int64_t remaining, int64_t reset_in_ms, int64_t now_ms);
/* Nothing goes for so long. Longer holds stay. */
void rates_hold(struct rates *r, int64_t for_ms, int64_t now_ms);

#endif
