#include "unit.h"

#include <stdbool.h>

#include "model/limit.h"

static uint32_t state;

static uint32_t
next_random(uint32_t below)
{
    state = state * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(state >> 8) * below >> 24);
}

static void
no_limit_never_waits(void)
{
    struct limit l;

    limit_init(&l, 0, 1000, 5);
    for (int i = 0; i < 100; i++)
        CHECK_INT(limit_take(&l, 5), 0);
    limit_init(&l, 10, 0, 5);
    for (int i = 0; i < 100; i++)
        CHECK_INT(limit_take(&l, 5), 0);
}

static void
all_may_go_at_once_and_then_the_window_must_pass(void)
{
    struct limit l;
    int64_t wait;

    limit_init(&l, 100, 10000, 777);
    for (int i = 0; i < 100; i++)
        CHECK_INT(limit_take(&l, 777), 0);
    wait = limit_take(&l, 777);
    CHECK(wait >= 10000 && wait <= 10000 + 10000 / LIMIT_SLOTS + 1);
    CHECK(limit_take(&l, 777 + wait - 1) > 0);
    CHECK_INT(limit_take(&l, 777 + wait), 0);
}

static void
one_in_a_window_is_possible(void)
{
    struct limit l;
    int64_t now = 0, wait;

    limit_init(&l, 1, 1, now);
    for (int i = 0; i < 50; i++) {
        CHECK_INT(limit_take(&l, now), 0);
        wait = limit_take(&l, now);
        CHECK(wait >= 1);
        now += wait;
    }
    limit_init(&l, 1, 900000, now);
    CHECK_INT(limit_take(&l, now), 0);
    CHECK(limit_take(&l, now + 899999) > 0);
    CHECK_INT(limit_take(&l, now + 10 * 900000), 0);
}

/* Whatever comes when: no window ever holds more than the limit, the wait that is told is
   enough, and a sender who always waits gets nearly the whole rate. */
static void
no_window_ever_holds_more_than_the_limit(void)
{
    enum { TAKES = 4000 };
    static int64_t taken[TAKES];

    state = 99;
    for (int round = 0; round < 60; round++) {
        int64_t requests = 1 + next_random(40), per = 1 + next_random(5000);
        int64_t start = next_random(100000), now = start;
        bool greedy = round % 2 == 0;
        struct limit l;
        int count = 0;

        limit_init(&l, requests, per, now);
        while (count < TAKES) {
            int64_t wait = limit_take(&l, now);

            if (wait == 0) {
                taken[count++] = now;
                now += greedy ? 0 : next_random((uint32_t)(2 * per / requests + 2));
                continue;
            }
            CHECK(wait > 0);
            now += wait;
            CHECK_INT(limit_take(&l, now), 0);
            if (count < TAKES)
                taken[count++] = now;
        }
        for (int i = (int)requests; i < count; i++)
            CHECK(taken[i] - taken[i - requests] >= per);
        if (greedy && per >= 100 * LIMIT_SLOTS)
            CHECK((double)(taken[count - 1] - start) <
                  1.05 * (double)per * ((double)TAKES / (double)requests));
    }
}

UNIT_MAIN("model/limit", UNIT_TEST(no_limit_never_waits),
          UNIT_TEST(all_may_go_at_once_and_then_the_window_must_pass),
          UNIT_TEST(one_in_a_window_is_possible),
          UNIT_TEST(no_window_ever_holds_more_than_the_limit))
