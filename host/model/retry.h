/* retry.h - when to try again. Pure: the clock and the randomness are arguments. */
#ifndef HERMOD_MODEL_RETRY_H
#define HERMOD_MODEL_RETRY_H

#include <stddef.h>
#include <stdint.h>

#include "model/outcome.h"

#define RETRY_STEPS_MAX 64
#define RETRY_HOLD_MAX_MS (24LL * 3600 * 1000)     /* a vendor's hint holds no longer */

struct retry_schedule {
    size_t steps;                              /* 0: the first failure parks */
    int64_t wait_ms[RETRY_STEPS_MAX];
};

/* 5 s, 30 s, 2 m, 10 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
extern const struct retry_schedule retry_default;

struct retry_input {
    enum outcome outcome;
    int http_status;                           /* of the answer that decided; 0: none */
    uint32_t attempt;                          /* this one: 1 for the first */
    int64_t now_ms;                            /* wall clock */
    int64_t after_ms;                          /* the hint: not before now + this; 0: none */
    uint32_t random;                           /* 0..UINT32_MAX, uniform */
};
struct retry_verdict {
    enum state state;
    enum parked why;
    int64_t due_ms;                            /* wall clock, when state is WAITING */
};

/* The wait of step n is multiplied by a factor in [0.5, 1] drawn from random; a hint
   makes it later, never earlier, and is capped at RETRY_HOLD_MAX_MS. */
struct retry_verdict retry_decide(const struct retry_schedule *s, const struct retry_input *in);

/* A Retry-After value: seconds, or an HTTP date in any of RFC 9110's three forms.
   Returns milliseconds from now (0..RETRY_HOLD_MAX_MS), or -1 when it is neither. */
int64_t retry_after_parse(const char *text, int64_t now_ms);

#endif
