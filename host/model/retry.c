#include "model/retry.h"

#include "model/timefmt.h"

#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

const struct retry_schedule retry_default = {
    .steps = 11,
    .wait_ms = { 5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS,
                 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS,
                 20 * HOUR_MS, 24 * HOUR_MS },
};

/* wait times a factor in [0.5, 1], in whole numbers that cannot overflow. */
static int64_t
jittered(int64_t wait_ms, uint32_t random)
{
    int64_t half = wait_ms / 2;

    return wait_ms - half + half / UINT32_MAX * random +
           half % UINT32_MAX * random / UINT32_MAX;
}

static int64_t
next_due(int64_t wait_ms, const struct retry_input *in)
{
    int64_t wait = jittered(wait_ms, in->random);
    int64_t hint = in->after_ms < RETRY_HOLD_MAX_MS ? in->after_ms : RETRY_HOLD_MAX_MS;

    return in->now_ms + (hint > wait ? hint : wait);
}

struct retry_verdict
retry_decide(const struct retry_schedule *s, const struct retry_input *in)
{
    uint32_t step = in->attempt > 0 ? in->attempt - 1 : 0;

    switch (in->outcome) {
    case OUTCOME_DELIVERED:
        return (struct retry_verdict){ .state = STATE_DELIVERED };
    case OUTCOME_SKIPPED:
        return (struct retry_verdict){ .state = STATE_SKIPPED };
    case OUTCOME_RETRY:
        if (step >= s->steps)
            return (struct retry_verdict){ .state = STATE_PARKED, .why = PARKED_RETRIES };
        return (struct retry_verdict){ .state = STATE_WAITING,
                                       .due_ms = next_due(s->wait_ms[step], in) };
    case OUTCOME_FAILED:
        break;
    }
    return (struct retry_verdict){ .state = STATE_PARKED,
                                   .why = parked_of_status(in->http_status) };
}

/* Digits alone; so many that they overflow mean very long. -1 when it is something else. */
static int64_t
seconds(const char *text)
{
    int64_t value = 0;

    if (*text == '\0')
        return -1;
    for (; *text >= '0' && *text <= '9'; text++)
        if (value < RETRY_HOLD_MAX_MS)
            value = value * 10 + (*text - '0');
    return *text == '\0' ? value : -1;
}

int64_t
retry_after_parse(const char *text, int64_t now_ms)
{
    int64_t at_ms, wait = seconds(text);

    if (wait >= 0)
        return wait < RETRY_HOLD_MAX_MS / 1000 ? wait * 1000 : RETRY_HOLD_MAX_MS;
    if (time_parse_http(text, now_ms, &at_ms) != 0)
        return -1;
    if (at_ms <= now_ms)
        return 0;
    return at_ms - now_ms < RETRY_HOLD_MAX_MS ? at_ms - now_ms : RETRY_HOLD_MAX_MS;
}
