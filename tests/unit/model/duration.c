#include "unit.h"

#include "model/duration.h"

static int64_t
parsed(const char *text)
{
    int64_t ms = -7;

    if (duration_parse(text, &ms) != 0) {
        CHECK_INT(ms, -7);         /* nothing is written on failure */
        return -1;
    }
    return ms;
}

static void
units_are_read_alone_and_together(void)
{
    CHECK_INT(parsed("500ms"), 500);
    CHECK_INT(parsed("30s"), 30000);
    CHECK_INT(parsed("5m"), 300000);
    CHECK_INT(parsed("2h"), 7200000);
    CHECK_INT(parsed("14d"), 1209600000);
    CHECK_INT(parsed("1w"), 604800000);
    CHECK_INT(parsed("1h30m"), 5400000);
    CHECK_INT(parsed("1w2d3h4m5s6ms"), 788645006);
    CHECK_INT(parsed("90m"), 5400000);
    CHECK_INT(parsed("1m500ms"), 60500);
    CHECK_INT(parsed("0"), 0);
    CHECK_INT(parsed("0s"), 0);
    CHECK_INT(parsed("007s"), 7000);
}

static void
anything_unclear_is_refused(void)
{
    static const char *const bad[] = {
        "", " ", "s", "5", "00", "30 s", " 30s", "30s ", "-5s", "+5s", "1.5h", "5M", "5S",
        "5min", "5sec", "5s5", "5s5s", "30m1h", "1ms1s", "1s1m", "5y", "0x5s", "5ss", "h5",
        "1h30", "\xc2\xb5s", "5\xc2\xb5s",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(parsed(bad[i]), -1);
}

static void
the_limit_is_100_years_and_no_number_overflows(void)
{
    CHECK_INT(parsed("36500d"), 3153600000000);
    CHECK_INT(parsed("36500d1ms"), -1);
    CHECK_INT(parsed("36501d"), -1);
    CHECK_INT(parsed("9223372036854775807ms"), -1);
    CHECK_INT(parsed("9223372036854775808s"), -1);
    CHECK_INT(parsed("99999999999999999999999999w"), -1);
    CHECK_INT(parsed("3153600000000ms"), 3153600000000);
    CHECK_INT(parsed("3153600000001ms"), -1);
    CHECK_INT(parsed("5214w3d"), -1);
}

static void
text_is_exact_and_reads_back(void)
{
    static const int64_t some[] = { 1, 999, 1000, 1001, 60000, 61001, 3600000, 86400000,
                                    604800000, 788645006, 273600000, 3153600000000 };
    char text[48];

    duration_text(0, text);
    CHECK_STR(text, "0s");
    duration_text(5400000, text);
    CHECK_STR(text, "1h30m");
    duration_text(1209600000, text);
    CHECK_STR(text, "14d");
    duration_text(90061001, text);
    CHECK_STR(text, "1d1h1m1s1ms");
    duration_text(250, text);
    CHECK_STR(text, "250ms");
    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
        duration_text(some[i], text);
        CHECK_INT(parsed(text), some[i]);
    }
    duration_text(INT64_MAX, text);
    CHECK(strlen(text) < sizeof(text));
    duration_text(-5, text);
    CHECK_STR(text, "0s");
}

static void
people_read_a_rounded_number_and_one_unit(void)
{
    static const struct {
        int64_t ms;
        const char *want;
    } rows[] = {
        { 0, "0 s" },          { 250, "250 ms" },      { 999, "999 ms" },
        { 1000, "1 s" },       { 1499, "1 s" },        { 1500, "2 s" },
        { 90000, "90 s" },     { 119499, "119 s" },    { 120000, "2 min" },
        { 5400000, "90 min" }, { 7200000, "2 h" },     { 18000000, "5 h" },
        { 172800000, "2 d" },  { 259200000, "3 d" },   { 1209600000, "14 d" },
    };
    char text[32];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        duration_human(rows[i].ms, text);
        CHECK_STR(text, rows[i].want);
    }
    duration_human(INT64_MAX, text);
    CHECK(strlen(text) < sizeof(text));
}

UNIT_MAIN("model/duration", UNIT_TEST(units_are_read_alone_and_together),
          UNIT_TEST(anything_unclear_is_refused),
          UNIT_TEST(the_limit_is_100_years_and_no_number_overflows),
          UNIT_TEST(text_is_exact_and_reads_back),
          UNIT_TEST(people_read_a_rounded_number_and_one_unit))
