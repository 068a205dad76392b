#include "unit.h"

#include "model/retry.h"

#define NOW 1762776000000
#define DAY (24LL * 3600 * 1000)

static uint32_t
next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

static struct retry_verdict
retry(uint32_t attempt, int64_t after_ms, uint32_t random)
{
    return retry_decide(&retry_default,
                        &(struct retry_input){ .outcome = OUTCOME_RETRY, .attempt = attempt,
                                               .now_ms = NOW, .after_ms = after_ms,
                                               .random = random });
}

static void
the_default_schedule_is_the_documented_one(void)
{
    static const int64_t seconds[] = { 5, 30, 120, 600, 1800, 7200, 18000, 36000, 50400, 72000,
                                       86400 };
    int64_t total = 0;

    CHECK_INT(retry_default.steps, 11);
    for (size_t i = 0; i < 11; i++) {
        CHECK_INT(retry_default.wait_ms[i], seconds[i] * 1000);
        total += seconds[i];
    }
    CHECK_INT(total / 3600, 75);   /* 75 h 42 min: about 76 */
}

static void
ends_are_ends(void)
{
    struct retry_input in = { .attempt = 1, .now_ms = NOW, .random = 7 };
    struct retry_verdict v;

    in.outcome = OUTCOME_DELIVERED;
    v = retry_decide(&retry_default, &in);
    CHECK_INT(v.state, STATE_DELIVERED);
    CHECK_INT(v.why, PARKED_NONE);
    in.outcome = OUTCOME_SKIPPED;
    v = retry_decide(&retry_default, &in);
    CHECK_INT(v.state, STATE_SKIPPED);
    in.outcome = OUTCOME_FAILED;
    in.http_status = 404;
    v = retry_decide(&retry_default, &in);
    CHECK_INT(v.state, STATE_PARKED);
    CHECK_INT(v.why, PARKED_FAILED);
    in.http_status = 401;
    CHECK_INT(retry_decide(&retry_default, &in).why, PARKED_CREDENTIALS);
    in.http_status = 410;
    CHECK_INT(retry_decide(&retry_default, &in).why, PARKED_GONE);
}

static void
the_last_retry_is_the_schedules_last_step(void)
{
    static const struct retry_schedule none = { 0 };
    struct retry_input in = { .outcome = OUTCOME_RETRY, .attempt = 1, .now_ms = NOW };

    CHECK_INT(retry(11, 0, 0).state, STATE_WAITING);
    CHECK_INT(retry(12, 0, 0).state, STATE_PARKED);
    CHECK_INT(retry(12, 0, 0).why, PARKED_RETRIES);
    CHECK_INT(retry(UINT32_MAX, 0, 0).why, PARKED_RETRIES);
    CHECK_INT(retry_decide(&none, &in).why, PARKED_RETRIES);
}

static void
the_factor_is_between_a_half_and_one_and_uses_the_whole_range(void)
{
    uint64_t state = 42;

    CHECK_INT(retry(1, 0, 0).due_ms, NOW + 2500);
    CHECK_INT(retry(1, 0, UINT32_MAX).due_ms, NOW + 5000);
    CHECK_INT(retry(11, 0, 0).due_ms, NOW + DAY / 2);
    CHECK_INT(retry(11, 0, UINT32_MAX).due_ms, NOW + DAY);
    for (int i = 0; i < 20000; i++) {
        uint32_t attempt = 1 + next_random(&state) % 11, random = next_random(&state);
        int64_t step = retry_default.wait_ms[attempt - 1];
        int64_t wait = retry(attempt, 0, random).due_ms - NOW;

        CHECK(wait >= step / 2 && wait <= step);
        /* More randomness never makes it earlier. */
        if (random < UINT32_MAX)
            CHECK(retry(attempt, 0, random + 1).due_ms - NOW >= wait);
    }
}

static void
very_long_and_very_short_waits_do_not_overflow_or_vanish(void)
{
    struct retry_schedule s = { .steps = 3, .wait_ms = { 0, 1, 100LL * 365 * DAY } };
    struct retry_input in = { .outcome = OUTCOME_RETRY, .now_ms = NOW, .random = UINT32_MAX };

    in.attempt = 1;
    CHECK_INT(retry_decide(&s, &in).due_ms, NOW);
    in.attempt = 2;
    CHECK_INT(retry_decide(&s, &in).due_ms, NOW + 1);
    in.attempt = 3;
    CHECK_INT(retry_decide(&s, &in).due_ms, NOW + 100LL * 365 * DAY);
    in.random = 0;
    CHECK_INT(retry_decide(&s, &in).due_ms, NOW + 50LL * 365 * DAY);
}

static void
a_hint_delays_never_hurries_and_is_capped(void)
{
    uint64_t state = 7;

    CHECK_INT(retry(1, 60000, 0).due_ms, NOW + 60000);
    CHECK_INT(retry(1, 1000, 0).due_ms, NOW + 2500);
    CHECK_INT(retry(1, 40 * DAY, 0).due_ms, NOW + DAY);
    CHECK_INT(retry(1, INT64_MAX, 0).due_ms, NOW + DAY);
    CHECK_INT(retry(1, -5, 0).due_ms, NOW + 2500);
    for (int i = 0; i < 20000; i++) {
        uint32_t attempt = 1 + next_random(&state) % 11, random = next_random(&state);
        int64_t hint = next_random(&state) % (2 * DAY), more = next_random(&state) % DAY;
        int64_t without = retry(attempt, 0, random).due_ms;
        int64_t with = retry(attempt, hint, random).due_ms;

        CHECK(with >= without);
        CHECK(with >= NOW + (hint < DAY ? hint : DAY));
        CHECK(with <= NOW + DAY);
        CHECK(retry(attempt, hint + more, random).due_ms >= with);
    }
}

static void
retry_after_is_seconds_or_an_http_date(void)
{
    CHECK_INT(retry_after_parse("120", NOW), 120000);
    CHECK_INT(retry_after_parse("0", NOW), 0);
    CHECK_INT(retry_after_parse("007", NOW), 7000);
    CHECK_INT(retry_after_parse("86400", NOW), DAY);
    CHECK_INT(retry_after_parse("86401", NOW), DAY);
    CHECK_INT(retry_after_parse("99999999999999999999999999", NOW), DAY);
    CHECK_INT(retry_after_parse("Mon, 10 Nov 2025 12:00:30 GMT", NOW), 30000);
    CHECK_INT(retry_after_parse("Monday, 10-Nov-25 12:00:30 GMT", NOW), 30000);
    CHECK_INT(retry_after_parse("Mon Nov 10 12:00:30 2025", NOW), 30000);
    CHECK_INT(retry_after_parse("Mon, 10 Nov 2025 11:59:30 GMT", NOW), 0);
    CHECK_INT(retry_after_parse("Fri, 31 Dec 1999 23:59:59 GMT", NOW), 0);
    CHECK_INT(retry_after_parse("Fri, 31 Dec 9999 23:59:59 GMT", NOW), DAY);
}

static void
anything_else_is_no_retry_after(void)
{
    static const char *const bad[] = { "", " ", "-1", "+5", "1.5", "5s", "soon", "0x10", " 5",
                                       "5 ", "2025-11-10T12:00:30Z", "1e3", "٣" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(retry_after_parse(bad[i], NOW), -1);
}

UNIT_MAIN("model/retry", UNIT_TEST(the_default_schedule_is_the_documented_one),
          UNIT_TEST(ends_are_ends), UNIT_TEST(the_last_retry_is_the_schedules_last_step),
          UNIT_TEST(the_factor_is_between_a_half_and_one_and_uses_the_whole_range),
          UNIT_TEST(very_long_and_very_short_waits_do_not_overflow_or_vanish),
          UNIT_TEST(a_hint_delays_never_hurries_and_is_capped),
          UNIT_TEST(retry_after_is_seconds_or_an_http_date),
          UNIT_TEST(anything_else_is_no_retry_after))
