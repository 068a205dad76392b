#include "unit.h"

#include "stockholm.h"

/* Expected numbers: Rule's own client library (the first test), Python's zoneinfo (the rest). */

#define MINUTE 60000LL
#define HOUR   (60 * MINUTE)

static void
the_waits_of_rules_own_client_are_ours(void)
{
    CHECK_INT(stockholm_wait_ms("2026-05-14 14:22:16", "Thu, 14 May 2026 12:12:16 GMT"), 600000);
    CHECK_INT(stockholm_wait_ms("2026-05-14 11:00:00", "Thu, 14 May 2026 12:00:00 GMT"), 0);
    CHECK_INT(stockholm_wait_ms("2026-05-14 14:22:16", ""), -1);
}

static void
winter_is_one_hour_from_utc_and_summer_two(void)
{
    CHECK_INT(stockholm_offset_ms(0), HOUR);
    CHECK_INT(stockholm_offset_ms(1768478400000), HOUR);               /* 2026-01-15 12:00 */
    CHECK_INT(stockholm_offset_ms(1784116800000), 2 * HOUR);           /* 2026-07-15 12:00 */
    CHECK_INT(stockholm_wait_ms("2026-01-15 13:10:00", "Thu, 15 Jan 2026 12:00:00 GMT"),
              10 * MINUTE);
    CHECK_INT(stockholm_wait_ms("2026-07-15 14:10:00", "Wed, 15 Jul 2026 12:00:00 GMT"),
              10 * MINUTE);
}

static void
clocks_change_at_one_utc_on_the_last_sundays_of_march_and_october(void)
{
    static const struct { int64_t summer_ms, winter_ms; } years[] = {
        { 1711846800000, 1729990800000 },          /* 2024-03-31, 2024-10-27: a leap year */
        { 1743296400000, 1761440400000 },          /* 2025-03-30, 2025-10-26 */
        { 1774746000000, 1792890000000 },          /* 2026-03-29, 2026-10-25 */
        { 1806195600000, 1824944400000 },          /* 2027-03-28, 2027-10-31 */
        { 4109878800000, 4128627600000 },          /* 2100-03-28, 2100-10-31: not a leap year */
    };

    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        CHECK_INT(stockholm_offset_ms(years[i].summer_ms - 1), HOUR);
        CHECK_INT(stockholm_offset_ms(years[i].summer_ms), 2 * HOUR);
        CHECK_INT(stockholm_offset_ms(years[i].winter_ms - 1), 2 * HOUR);
        CHECK_INT(stockholm_offset_ms(years[i].winter_ms), HOUR);
    }
}

static void
a_wait_over_the_change_in_spring_is_an_hour_shorter_than_the_clocks_say(void)
{
    /* 01:55 to 03:05. */
    CHECK_INT(stockholm_wait_ms("2026-03-29 03:05:00", "Sun, 29 Mar 2026 00:55:00 GMT"),
              10 * MINUTE);
    /* 02:30 does not exist. */
    CHECK_INT(stockholm_wait_ms("2026-03-29 02:30:00", "Sun, 29 Mar 2026 00:55:00 GMT"),
              35 * MINUTE);
}

static void
a_wait_over_the_change_in_autumn_is_an_hour_longer_than_the_clocks_say(void)
{
    /* 01:55 in summer time to 03:05 in winter time. */
    CHECK_INT(stockholm_wait_ms("2026-10-25 03:05:00", "Sat, 24 Oct 2026 23:55:00 GMT"),
              2 * HOUR + 10 * MINUTE);
    /* 02:55 in summer time; ten minutes later it is 02:05 in winter time. */
    CHECK_INT(stockholm_wait_ms("2026-10-25 02:05:00", "Sun, 25 Oct 2026 00:55:00 GMT"),
              10 * MINUTE);
}

static void
of_the_hour_that_comes_twice_the_first_that_is_not_over_counts(void)
{
    CHECK_INT(stockholm_wait_ms("2026-10-25 02:55:00", "Sun, 25 Oct 2026 00:50:00 GMT"),
              5 * MINUTE);
    CHECK_INT(stockholm_wait_ms("2026-10-25 02:55:00", "Sun, 25 Oct 2026 01:50:00 GMT"),
              5 * MINUTE);
    CHECK_INT(stockholm_wait_ms("2026-10-25 02:45:00", "Sun, 25 Oct 2026 01:50:00 GMT"), 0);
}

static void
a_wait_over_new_year_and_a_leap_day_is_right(void)
{
    CHECK_INT(stockholm_wait_ms("2027-01-01 00:05:00", "Thu, 31 Dec 2026 22:55:00 GMT"),
              10 * MINUTE);
    CHECK_INT(stockholm_wait_ms("2028-03-01 00:05:00", "Mon, 28 Feb 2028 23:05:00 GMT"),
              24 * HOUR);
}

static void
what_is_neither_is_refused(void)
{
    static const char *const hints[] = {
        "", "600", "2026-05-14", "2026-05-14T14:22:16", "2026-05-14 14:22:16Z",
        "2026-05-14 14:22", "2026-13-14 14:22:16", "2026-00-14 14:22:16", "2026-02-29 14:22:16",
        "2026-04-31 14:22:16", "2026-05-00 14:22:16", "2026-05-14 24:22:16",
        "2026-05-14 14:60:16", "2026-05-14 14:22:61", "1969-05-14 14:22:16",
        "-026-05-14 14:22:16", "2026-05-14 14:22:16 ", "Thu, 14 May 2026 12:12:16 GMT",
    };
    static const char *const dates[] = {
        "Thu, 14 May 2026 12:12:16", "Thu, 14 May 2026 12:12:16 UTC",
        "Thu, 14 ayJ 2026 12:12:16 GMT", "Thu, 14 Foo 2026 12:12:16 GMT",
        "Thu, 32 May 2026 12:12:16 GMT", "Thu, 14 M\xc3\xa4 2026 12:12:16 GMT",
        "2026-05-14 14:22:16",
    };

    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        CHECK_INT(stockholm_wait_ms(hints[i], "Thu, 14 May 2026 12:12:16 GMT"), -1);
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
        CHECK_INT(stockholm_wait_ms("2026-05-14 14:22:16", dates[i]), -1);
}

UNIT_MAIN("plugins/stockholm",
          UNIT_TEST(the_waits_of_rules_own_client_are_ours),
          UNIT_TEST(winter_is_one_hour_from_utc_and_summer_two),
          UNIT_TEST(clocks_change_at_one_utc_on_the_last_sundays_of_march_and_october),
          UNIT_TEST(a_wait_over_the_change_in_spring_is_an_hour_shorter_than_the_clocks_say),
          UNIT_TEST(a_wait_over_the_change_in_autumn_is_an_hour_longer_than_the_clocks_say),
          UNIT_TEST(of_the_hour_that_comes_twice_the_first_that_is_not_over_counts),
          UNIT_TEST(a_wait_over_new_year_and_a_leap_day_is_right),
          UNIT_TEST(what_is_neither_is_refused))
