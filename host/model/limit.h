/* limit.h - a token bucket: at most `requests` in any `per_ms`. Pure. */
#ifndef HERMOD_MODEL_LIMIT_H
#define HERMOD_MODEL_LIMIT_H

#include <stdint.h>

struct limit {
    int64_t requests, per_ms;      /* requests 0: no limit */
    double tokens;                 /* what is left */
    int64_t at_ms;                 /* monotonic, when tokens was right */
};

void limit_init(struct limit *l, int64_t requests, int64_t per_ms, int64_t now_ms);
/* 0: go, and one token is taken. Else the milliseconds until there is one. */
int64_t limit_take(struct limit *l, int64_t now_ms);

#endif
