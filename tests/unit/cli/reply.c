#include "base/mem.h"
#include "cli/reply.h"
#include "unit.h"

static struct json_object *
read_text(const char *text)
{
    return reply_read(text, strlen(text));
}

static void
members_are_read_by_name(void)
{
    CLEANUP(reply_put) struct json_object *o =
        read_text(" {\"t\":\"x\",\"n\":-7,\"b\":true,\"l\":[\"a\",{\"t\":\"y\"}],\"z\":null}\n");

    CU_ASSERT_PTR_NOT_NULL_FATAL(o);
    CHECK_STR(reply_text(o, "t"), "x");
    CHECK_INT(reply_number(o, "n"), -7);
    CHECK(reply_flag(o, "b"));
    CHECK_INT(reply_count(reply_list(o, "l")), 2);
    CHECK_STR(reply_string(reply_at(reply_list(o, "l"), 0)), "a");
    CHECK_STR(reply_text(reply_at(reply_list(o, "l"), 1), "t"), "y");
}

static void
what_is_absent_or_of_another_type_reads_as_nothing(void)
{
    CLEANUP(reply_put) struct json_object *o =
        read_text("{\"t\":1,\"n\":\"x\",\"b\":\"true\",\"l\":{},\"z\":null}");

    CHECK_STR(reply_text(o, "t"), "");
    CHECK_STR(reply_text(o, "z"), "");
    CHECK_STR(reply_text(o, "absent"), "");
    CHECK_INT(reply_number(o, "n"), 0);
    CHECK(!reply_flag(o, "b"));
    CHECK(!reply_flag(o, "absent"));
    CHECK(reply_list(o, "l") == NULL);
    CHECK_INT(reply_count(NULL), 0);
    CHECK(reply_at(NULL, 0) == NULL);
    CHECK_STR(reply_text(NULL, "t"), "");
    CHECK_INT(reply_number(NULL, "n"), 0);
    CHECK_STR(reply_string(NULL), "");
    CHECK_STR(reply_string(o), "");
}

static void
only_a_whole_json_value_is_read(void)
{
    static const char *const bad[] = { "", " ", "{", "{\"a\":1", "{} x", "[1,]", "<html>", "nope",
                                       "{\"a\":1}{" };
    CLEANUP(reply_put) struct json_object *number = read_text("12");

    CHECK(number != NULL);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(reply_put) struct json_object *o = read_text(bad[i]);

        if (o)
            fprintf(stderr, "\"%s\" was read\n", bad[i]);
        CHECK(o == NULL);
    }
}

UNIT_MAIN("cli/reply",
    UNIT_TEST(members_are_read_by_name),
    UNIT_TEST(what_is_absent_or_of_another_type_reads_as_nothing),
    UNIT_TEST(only_a_whole_json_value_is_read))
