/* rates.c - when the next request may go. Published: 100 a minute, burst 200, and headers. */
#include "source/rates.h"

#include "unit.h"

#define NOW 1000000

static unsigned
take_all(struct rates *r, int64_t now_ms)
{
    unsigned n = 0;

    while (n < 1000 && rates_wait(r, now_ms) == 0) {
        rates_take(r, now_ms);
        rates_done(r);
        n++;
    }
    return n;
}

static void
without_a_word_200_go_at_once_and_then_100_a_minute(void)
{
    struct rates r = { 0 };

    CHECK_INT(take_all(&r, NOW), 200);
    CHECK_INT(rates_wait(&r, NOW), 600);
    CHECK_INT(take_all(&r, NOW + 599), 0);
    CHECK_INT(take_all(&r, NOW + 600), 1);
    CHECK_INT(take_all(&r, NOW + 60600), 100);
    CHECK_INT(take_all(&r, NOW + 10 * 60000 + 60600), 200);
}

static void
what_is_left_by_the_platforms_word_goes_and_no_more_before_the_reset(void)
{
    struct rates r = { 0 };

    rates_learn(&r, 3, 30000, NOW);
    CHECK_INT(take_all(&r, NOW), 3);
    CHECK_INT(rates_wait(&r, NOW + 10000), 20000);
    CHECK_INT(rates_wait(&r, NOW + 30000), 0);
}

static void
a_word_of_more_than_the_published_limit_counts(void)
{
    struct rates r = { 0 };

    rates_learn(&r, 500, 60000, NOW);
    CHECK_INT(take_all(&r, NOW), 500);
}

static void
answers_that_overtake_one_another_do_not_give_requests_twice(void)
{
    struct rates r = { 0 };

    rates_learn(&r, 5, 30000, NOW);
    rates_take(&r, NOW);
    rates_take(&r, NOW);
    rates_done(&r);
    rates_learn(&r, 3, 30000, NOW);        /* the second one's; the first is on its way */
    rates_done(&r);
    rates_learn(&r, 4, 30000, NOW);        /* the first one's, late */
    CHECK_INT(take_all(&r, NOW), 2);
}

static void
a_new_window_gives_anew(void)
{
    struct rates r = { 0 };

    rates_learn(&r, 0, 1000, NOW);
    CHECK_INT(rates_wait(&r, NOW), 1000);
    rates_learn(&r, 7, 61000, NOW + 1000);
    CHECK_INT(take_all(&r, NOW + 1000), 7);
}

static void
a_hold_keeps_all_back_and_a_shorter_one_does_not_end_it(void)
{
    struct rates r = { 0 };

    rates_hold(&r, 30000, NOW);
    rates_hold(&r, 1000, NOW);
    CHECK_INT(rates_wait(&r, NOW + 1000), 29000);
    CHECK_INT(rates_wait(&r, NOW + 30000), 0);
}

static void
only_so_many_are_on_their_way_at_once(void)
{
    struct rates r = { 0 };

    for (int i = 0; i < RATES_IN_FLIGHT; i++)
        rates_take(&r, NOW);
    CHECK_INT(rates_wait(&r, NOW), -1);
    rates_done(&r);
    CHECK_INT(rates_wait(&r, NOW), 0);
}

static void
who_comes_behind_others_is_told_about_how_long(void)
{
    struct rates r = { 0 };

    CHECK_INT(rates_guess(&r, 199, NOW), 0);
    CHECK_INT(rates_guess(&r, 200, NOW), 600);
    CHECK_INT(rates_guess(&r, 299, NOW), 60000);
    rates_learn(&r, 10, 5000, NOW);
    CHECK_INT(rates_guess(&r, 9, NOW), 0);
    CHECK(rates_guess(&r, 10, NOW) >= 5000);
}

UNIT_MAIN("source/rates", UNIT_TEST(without_a_word_200_go_at_once_and_then_100_a_minute),
          UNIT_TEST(what_is_left_by_the_platforms_word_goes_and_no_more_before_the_reset),
          UNIT_TEST(a_word_of_more_than_the_published_limit_counts),
          UNIT_TEST(answers_that_overtake_one_another_do_not_give_requests_twice),
          UNIT_TEST(a_new_window_gives_anew),
          UNIT_TEST(a_hold_keeps_all_back_and_a_shorter_one_does_not_end_it),
          UNIT_TEST(only_so_many_are_on_their_way_at_once),
          UNIT_TEST(who_comes_behind_others_is_told_about_how_long))
