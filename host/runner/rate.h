/* rate.h - HTTP requests per time, over all destinations that share a credential: who comes
   too early waits in line. Pure: the clock is an argument. */
#ifndef HERMOD_RUNNER_RATE_H
#define HERMOD_RUNNER_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "model/limit.h"

struct rate {
    struct limit limit;
    struct list line;                      /* struct rate_turn, first come first */
};
struct rate_turn {
    struct list link;
};

void rate_init(struct rate *r, int64_t requests, int64_t per_ms, int64_t now_ms);
/* true: go now. false: t waits in line. */
bool rate_enter(struct rate *r, struct rate_turn *t, int64_t now_ms);
/* The next in line when it may go now; else NULL, with the milliseconds until one may go in
   *ret_wait_ms, or -1 when nobody waits. */
struct rate_turn *rate_next(struct rate *r, int64_t now_ms, int64_t *ret_wait_ms);
void rate_leave(struct rate_turn *t);      /* harmless when it does not wait */

#endif
