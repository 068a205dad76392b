#include "base/mem.h"
#include "cli/table.h"
#include "unit.h"

static struct buf out = BUF_INIT(10000);

static const char *
written(const struct table *t)
{
    buf_reset(&out);
    table_write(t, &out);
    return buf_text(&out);
}

static void
columns_are_as_wide_as_their_widest_cell(void)
{
    static const char *const titles[] = { "NAME", "N", "WHY" };
    CLEANUP(table_free) struct table t;

    table_init(&t, 3, titles);
    t.right = 1u << 1;
    table_add(&t, "acme/webhooks");
    table_printf(&t, "%d", 7);
    table_add(&t, "");
    table_add(&t, "åäö");
    table_add(&t, "1000");
    table_add(&t, "held");
    CHECK_STR(written(&t), "NAME              N  WHY\n"
                           "acme/webhooks     7\n"
                           "åäö            1000  held\n");
}

static void
a_column_without_text_is_left_out(void)
{
    static const char *const titles[] = { "A", "EMPTY", "C" };
    CLEANUP(table_free) struct table t;

    table_init(&t, 3, titles);
    table_add(&t, "1");
    table_add(&t, "");
    table_add(&t, "3");
    table_add(&t, "x");                    /* the row is not finished */
    CHECK_STR(written(&t), "A  C\n1  3\nx\n");
}

static void
a_table_without_titles_has_no_heading(void)
{
    CLEANUP(table_free) struct table t;

    table_init(&t, 2, NULL);
    t.indent = 2;
    CHECK_STR(written(&t), "");
    table_add(&t, "a");
    table_add(&t, "b");
    CHECK_STR(written(&t), "  a  b\n");
}

static void
no_cell_can_command_the_terminal(void)
{
    CLEANUP(table_free) struct table t;

    table_init(&t, 1, NULL);
    table_add(&t, "a\x1b[2Jb\nc\x7f\xc2\x9b" "d\xff");
    CHECK_STR(written(&t), "a [2Jb c  d\xef\xbf\xbd\n");
}

static void
times_are_told_relative_to_now(void)
{
    static const struct {
        int64_t at;
        const char *want;
    } rows[] = {
        { 1000000, "now" }, { 999500, "now" }, { 1000900, "now" },
        { 997000, "3 s ago" }, { 1240000, "in 4 min" }, { 1000000 + 5 * 3600000, "in 5 h" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_reset(&out);
        text_relative(&out, rows[i].at, 1000000);
        CHECK_STR(buf_text(&out), rows[i].want);
    }
}

static void
a_time_is_shown_in_utc_without_fractions(void)
{
    int64_t now = 1762776240000;           /* 2025-11-10T12:04:00Z */

    buf_reset(&out);
    text_time(&out, "2025-11-10T12:00:00.678Z", now);
    CHECK_STR(buf_text(&out), "2025-11-10T12:00:00Z (4 min ago)");
    buf_reset(&out);
    text_time(&out, "2025-11-10T13:00:00+01:00", now);
    CHECK_STR(buf_text(&out), "2025-11-10T12:00:00Z (4 min ago)");
    buf_reset(&out);
    text_time(&out, "someday\n", now);
    CHECK_STR(buf_text(&out), "someday ");
    buf_reset(&out);
    text_time(&out, "", now);
    CHECK_STR(buf_text(&out), "");
}

static void
a_destination_hides_a_name_that_is_the_plugins(void)
{
    buf_reset(&out);
    text_destination(&out, "acme", "webhooks", "webhooks");
    buf_byte(&out, ' ');
    text_destination(&out, "acme", "make", "news");
    buf_byte(&out, ' ');
    text_destination(&out, "acme", "make", "");
    CHECK_STR(buf_text(&out), "acme/webhooks acme/make/news acme/make");
}

static void
counts_have_commas_and_the_right_number(void)
{
    static const struct {
        int64_t n;
        const char *want;
    } rows[] = {
        { 0, "0 events" }, { 1, "1 event" }, { 999, "999 events" }, { 1000, "1,000 events" },
        { 12345678, "12,345,678 events" }, { -123456, "-123,456 events" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_reset(&out);
        text_count(&out, rows[i].n, "event", "events");
        CHECK_STR(buf_text(&out), rows[i].want);
    }
    buf_free(&out);
}

static void
a_reason_does_not_repeat_the_status(void)
{
    CHECK_STR(text_reason("503 Service Unavailable", 503), "Service Unavailable");
    CHECK_STR(text_reason("503 Service Unavailable", 50), "503 Service Unavailable");
    CHECK_STR(text_reason("503", 503), "503");
    CHECK_STR(text_reason("no answer", 0), "no answer");
}

UNIT_MAIN("cli/table",
    UNIT_TEST(columns_are_as_wide_as_their_widest_cell),
    UNIT_TEST(a_column_without_text_is_left_out),
    UNIT_TEST(a_table_without_titles_has_no_heading),
    UNIT_TEST(no_cell_can_command_the_terminal),
    UNIT_TEST(times_are_told_relative_to_now),
    UNIT_TEST(a_time_is_shown_in_utc_without_fractions),
    UNIT_TEST(a_destination_hides_a_name_that_is_the_plugins),
    UNIT_TEST(a_reason_does_not_repeat_the_status),
    UNIT_TEST(counts_have_commas_and_the_right_number))
