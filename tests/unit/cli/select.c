#include <stdlib.h>

#include "base/mem.h"
#include "cli/select.h"
#include "unit.h"

#define NOW 1762776240000              /* 2025-11-10T12:04:00Z */

static void
times_are_given_in_three_ways(void)
{
    char out[32];

    CHECK_INT(select_time("2025-11-10T13:00:00+01:00", NOW, out), 0);
    CHECK_STR(out, "2025-11-10T12:00:00Z");
    CHECK_INT(select_time("2025-11-10", NOW, out), 0);
    CHECK_STR(out, "2025-11-10T00:00:00Z");
    CHECK_INT(select_time("2h", NOW, out), 0);
    CHECK_STR(out, "2025-11-10T10:04:00Z");
    CHECK_INT(select_time("1d", NOW, out), 0);
    CHECK_STR(out, "2025-11-09T12:04:00Z");
}

static void
what_is_no_time_is_refused(void)
{
    static const char *const bad[] = { "", "yesterday", "2025-13-10", "2025-11-1", "-2h", "2",
                                       "99y", "2025-11-10 ", "100w100w" };
    char out[32];

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK_INT(select_time(bad[i], NOW, out), -1);
}

static void
destinations_have_two_or_three_parts(void)
{
    static const char *const bad[] = { "", "acme", "acme/", "/x", "acme//x", "acme/make/",
                                       "a/b/c/d" };
    char *p[3];

    CHECK_INT(select_destination("acme/webhooks", p), 0);
    CHECK_STR(p[0], "acme");
    CHECK_STR(p[1], "webhooks");
    CHECK_STR(p[2], "webhooks");
    for (int i = 0; i < 3; i++)
        free(p[i]);
    CHECK_INT(select_destination("acme/make/news", p), 0);
    CHECK_STR(p[0], "acme");
    CHECK_STR(p[1], "make");
    CHECK_STR(p[2], "news");
    for (int i = 0; i < 3; i++)
        free(p[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK_INT(select_destination(bad[i], p), -1);
}

static void
a_change_says_what_was_chosen_and_nothing_else(void)
{
    CLEANUP(buf_free) struct buf out = BUF_INIT(1000);
    struct selection s = { .vendor = "acme", .user = "a\"b", .since = "2025-11-10T00:00:00Z" };

    select_body(&out, &s, NULL, false, true);
    CHECK_STR(buf_text(&out), "{\"vendor\":\"acme\",\"user\":\"a\\\"b\","
                              "\"since\":\"2025-11-10T00:00:00Z\",\"dryRun\":true}");
    buf_reset(&out);
    s = (struct selection){ 0 };
    select_body(&out, &s, "evt_x", false, false);
    CHECK_STR(buf_text(&out), "{\"event\":\"evt_x\",\"dryRun\":false}");
    buf_reset(&out);
    select_body(&out, &s, NULL, true, false);
    CHECK_STR(buf_text(&out), "{\"all\":true,\"dryRun\":false}");
}

UNIT_MAIN("cli/select",
    UNIT_TEST(times_are_given_in_three_ways),
    UNIT_TEST(what_is_no_time_is_refused),
    UNIT_TEST(destinations_have_two_or_three_parts),
    UNIT_TEST(a_change_says_what_was_chosen_and_nothing_else))
