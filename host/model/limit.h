/* limit.h - a sliding window: at most `requests` in any `per_ms`, all at once if they
   come so. Pure. */
#ifndef HERMOD_MODEL_LIMIT_H
#define HERMOD_MODEL_LIMIT_H

#include <stdint.h>

#define LIMIT_SLOTS 32             /* a window is that long and one slot: sustained, at least
                                      32/33 of the limit */

struct limit {
    int64_t requests, per_ms;      /* requests 0: no limit */
    int64_t slot_ms;
    int64_t slot;                  /* the newest, counted from time 0 */
    int64_t taken;                 /* in all slots */
    int64_t counts[LIMIT_SLOTS + 1];       /* of slot n at n % (LIMIT_SLOTS + 1) */
};

/* now_ms is monotonic here and in all that follow. */
void limit_init(struct limit *l, int64_t requests, int64_t per_ms, int64_t now_ms);
/* 0: go, and one request is counted. Else the milliseconds until there is room for one. */
int64_t limit_take(struct limit *l, int64_t now_ms);

#endif
