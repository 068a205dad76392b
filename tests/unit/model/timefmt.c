#include "unit.h"

#include <locale.h>
#include <stdlib.h>

#include "model/timefmt.h"

/* Expected numbers: `date -u -d ... +%s` and Python's datetime. */

#define FAILED (-1234567890123456789LL)

static int64_t
rfc3339(const char *text)
{
    int64_t ms = FAILED;

    return time_parse_rfc3339(text, &ms) == 0 ? ms : FAILED;
}

static int64_t
http(const char *text, int64_t now_ms)
{
    int64_t ms = FAILED;

    return time_parse_http(text, now_ms, &ms) == 0 ? ms : FAILED;
}

static void
the_examples_of_rfc_3339_are_read(void)
{
    CHECK_INT(rfc3339("1985-04-12T23:20:50.52Z"), 482196050520);
    CHECK_INT(rfc3339("1996-12-19T16:39:57-08:00"), 851042397000);
    CHECK_INT(rfc3339("1990-12-31T23:59:60Z"), 662688000000);
    CHECK_INT(rfc3339("1990-12-31T15:59:60-08:00"), 662688000000);
    CHECK_INT(rfc3339("1937-01-01T12:00:27.87+00:20"), -1041337172130);
}

static void
what_the_platform_and_others_write_is_read(void)
{
    CHECK_INT(rfc3339("2025-11-10T12:00:00Z"), 1762776000000);
    CHECK_INT(rfc3339("2025-11-10 12:00:00Z"), 1762776000000);
    CHECK_INT(rfc3339("2025-11-10t12:00:00z"), 1762776000000);
    CHECK_INT(rfc3339("2025-11-10T13:00:00+01:00"), 1762776000000);
    CHECK_INT(rfc3339("2025-11-10T12:00:00-00:00"), 1762776000000);
    CHECK_INT(rfc3339("2025-11-10T12:00:00.000Z"), 1762776000000);
    CHECK_INT(rfc3339("2025-11-10T12:00:00.123456789123Z"), 1762776000123);
    CHECK_INT(rfc3339("2025-11-10T12:00:00.9999Z"), 1762776000999);
    CHECK_INT(rfc3339("2000-02-29T00:00:00Z"), 951782400000);
    CHECK_INT(rfc3339("0000-01-01T00:00:00Z"), -62167219200000);
    CHECK_INT(rfc3339("9999-12-31T23:59:59.999Z"), 253402300799999);
}

static void
what_is_not_a_point_in_time_is_refused(void)
{
    static const char *const bad[] = {
        "", "2025-11-10", "2025-11-10T12:00:00", "2025-11-10T12:00Z", "20251110T120000Z",
        "2025-11-10T24:00:00Z", "2025-11-10T12:60:00Z", "2025-11-10T12:00:61Z",
        "2025-11-10T12:00:60Z", "2025-13-10T12:00:00Z", "2025-00-10T12:00:00Z",
        "2025-11-00T12:00:00Z", "2025-11-31T12:00:00Z", "2025-02-29T12:00:00Z",
        "1900-02-29T12:00:00Z", "2025-11-10T12:00:00.Z", "2025-11-10T12:00:00,5Z",
        "2025-11-10T12:00:00+0100", "2025-11-10T12:00:00+24:00", "2025-11-10T12:00:00+01:60",
        "2025-11-10T12:00:00ZZ", " 2025-11-10T12:00:00Z", "2025-11-10T12:00:00Z ",
        "2025-11-10  12:00:00Z", "+2025-11-10T12:00:00Z", "-025-11-10T12:00:00Z",
        "2025-1-10T12:00:00Z", "12025-11-10T12:00:00Z", "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "2025-11-10T12:00:00 Z", "2025-11-10T1 :00:00Z",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(rfc3339(bad[i]), FAILED);
}

static void
the_three_forms_of_rfc_9110_are_one_time(void)
{
    int64_t now = 1762776000000;

    CHECK_INT(http("Sun, 06 Nov 1994 08:49:37 GMT", now), 784111777000);
    CHECK_INT(http("Sunday, 06-Nov-94 08:49:37 GMT", now), 784111777000);
    CHECK_INT(http("Sun Nov  6 08:49:37 1994", now), 784111777000);
    CHECK_INT(http("Wed Nov 16 08:49:37 1994", now), 784975777000);
    CHECK_INT(http("Mon, 06 Nov 1994 08:49:37 GMT", now), 784111777000);   /* wrong weekday */
}

static void
two_digits_of_a_year_are_at_most_50_years_ahead(void)
{
    CHECK_INT(http("Sunday, 06-Nov-44 08:49:37 GMT", 1762776000000), 2362034977000);
    CHECK_INT(http("Sunday, 06-Nov-94 08:49:37 GMT", 1762776000000), 784111777000);
    /* In 2090, 05 is soon and not long ago. */
    CHECK_INT(http("Friday, 06-Nov-05 08:49:37 GMT", 3786912000000), 4286940577000);
}

static void
what_is_not_an_http_date_is_refused(void)
{
    static const char *const bad[] = {
        "", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nvo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(http(bad[i], 1762776000000), FAILED);
}

static void
every_time_is_written_and_read_back(void)
{
    char text[32];
    uint64_t state = 1;

    time_rfc3339(1762776000000, text);
    CHECK_STR(text, "2025-11-10T12:00:00Z");
    time_rfc3339(1767323045678, text);
    CHECK_STR(text, "2026-01-02T03:04:05.678Z");
    time_rfc3339_ms(1762776000000, text);
    CHECK_STR(text, "2025-11-10T12:00:00.000Z");
    time_rfc3339(-1, text);
    CHECK_STR(text, "1969-12-31T23:59:59.999Z");
    time_rfc3339(INT64_MIN, text);
    CHECK_STR(text, "0000-01-01T00:00:00Z");
    time_rfc3339(INT64_MAX, text);
    CHECK_STR(text, "9999-12-31T23:59:59.999Z");
    for (int i = 0; i < 20000; i++) {
        int64_t ms;

        state = state * 6364136223846793005u + 1442695040888963407u;
        ms = (int64_t)(state >> 1) % (253402300799999 + 62167219200000) - 62167219200000;
        time_rfc3339(ms, text);
        CHECK_INT(rfc3339(text), ms);
    }
}

static void
a_format_is_filled_in_utc_and_english_or_left_empty(void)
{
    char text[16];

    setenv("TZ", "America/New_York", 1);
    setlocale(LC_ALL, "");
    time_format(1762776000000, "%d %b %H:%M", text, sizeof(text));
    CHECK_STR(text, "10 Nov 12:00");
    time_format(1762776000000, "%Y-%m-%dT%H:%M:%S", text, sizeof(text));
    CHECK_STR(text, "");
    time_format(1762776000000, "", text, sizeof(text));
    CHECK_STR(text, "");
    time_format(1762776000000, "%F", text, 0);
}

UNIT_MAIN("model/timefmt", UNIT_TEST(the_examples_of_rfc_3339_are_read),
          UNIT_TEST(what_the_platform_and_others_write_is_read),
          UNIT_TEST(what_is_not_a_point_in_time_is_refused),
          UNIT_TEST(the_three_forms_of_rfc_9110_are_one_time),
          UNIT_TEST(two_digits_of_a_year_are_at_most_50_years_ahead),
          UNIT_TEST(what_is_not_an_http_date_is_refused),
          UNIT_TEST(every_time_is_written_and_read_back),
          UNIT_TEST(a_format_is_filled_in_utc_and_english_or_left_empty))
