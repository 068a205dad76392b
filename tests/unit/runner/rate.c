#include "runner/rate.h"
#include "unit.h"

static void
without_a_limit_all_go(void)
{
    struct rate_turn t[100];
    struct rate r;
    int64_t wait;

    rate_init(&r, 0, 0, 0);
    for (int i = 0; i < 100; i++)
        CHECK(rate_enter(&r, &t[i], 0));
    CHECK(rate_next(&r, 0, &wait) == NULL);
    CHECK_INT(wait, -1);
}

/* Runs the line until it is empty; returns how many went, and when the last did. */
static int
run_line(struct rate *r, int64_t *now, struct rate_turn *expect)
{
    int went = 0;
    int64_t wait;

    for (;;) {
        struct rate_turn *t = rate_next(r, *now, &wait);

        if (t) {
            CHECK(t == &expect[went]);
            went++;
        } else if (wait < 0) {
            return went;
        } else {
            *now += wait;
        }
    }
}

static void
who_comes_too_early_waits_and_goes_in_order(void)
{
    struct rate_turn t[30];
    struct rate r;
    int64_t now = 1000, wait;
    int at_once = 0;

    rate_init(&r, 10, 1000, now);
    for (int i = 0; i < 30; i++)
        at_once += rate_enter(&r, &t[i], now);
    CHECK(at_once >= 1 && at_once <= 10);
    CHECK(rate_next(&r, now, &wait) == NULL);
    CHECK(wait > 0 && wait <= 1100);      /* a limit may be a little too careful */
    CHECK_INT(run_line(&r, &now, t + at_once), 30 - at_once);
    /* 30 requests at 10 a second: the last two seconds after the first ten. */
    CHECK(now >= 1000 + 2000 && now <= 1000 + 2200);
}

static void
a_latecomer_does_not_overtake_the_line(void)
{
    struct rate_turn t[12];
    struct rate r;
    int64_t now = 0;
    int i = 0;

    rate_init(&r, 2, 1000, now);
    while (rate_enter(&r, &t[i], now))
        i++;
    CHECK(!rate_enter(&r, &t[11], now + 5000));
    CHECK(r.line.next == &t[i].link);
    CHECK(r.line.prev == &t[11].link);
}

static void
who_leaves_the_line_costs_nothing(void)
{
    struct rate_turn t[5];
    struct rate r;
    int64_t now = 0, wait;
    int i = 0;

    rate_init(&r, 1, 1000, now);
    while (rate_enter(&r, &t[i], now))
        i++;
    CHECK(!rate_enter(&r, &t[i + 1], now));
    rate_leave(&t[i]);
    rate_leave(&t[i]);
    CHECK(rate_next(&r, now, &wait) == NULL);
    CHECK(rate_next(&r, now + wait, &wait) == &t[i + 1]);
    CHECK(rate_next(&r, now + 5000, &wait) == NULL);
    CHECK_INT(wait, -1);
}

UNIT_MAIN("runner/rate", UNIT_TEST(without_a_limit_all_go),
          UNIT_TEST(who_comes_too_early_waits_and_goes_in_order),
          UNIT_TEST(a_latecomer_does_not_overtake_the_line),
          UNIT_TEST(who_leaves_the_line_costs_nothing))
