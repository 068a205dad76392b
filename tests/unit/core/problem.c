/* problem, jsonout: the JSON that intake and admin answer with. */
#include "unit.h"

#include "core/jsonout.h"
#include "net/problem.h"

static void
a_problem_holds_only_the_members_that_say_something(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(4096);
    struct problem p = { .kind = PROBLEM_NOT_FOUND, .pointer = "", .detail = NULL };

    problem_write(&b, &p);
    CHECK_STR(buf_text(&b), "{\"type\":\"urn:hermod:problem:not-found\","
                            "\"title\":\"There is nothing at this address\",\"status\":404}");
}

static void
a_problem_lists_its_errors_and_counts_those_left_out(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(4096);
    const struct problem_error errors[] = {
        { PROBLEM_INVALID_EVENT, "/0/userId", "userId is missing" },
        { PROBLEM_INVALID_EVENT, "", "not \"JSON\"" },
    };
    struct problem p = {
        .kind = PROBLEM_INVALID_EVENT, .detail = errors[0].detail, .pointer = "/0/userId",
        .header = "X-Y", .errors = errors, .error_count = 2, .total = 30,
    };

    problem_write(&b, &p);
    CHECK_STR(buf_text(&b), "{\"type\":\"urn:hermod:problem:invalid-event\","
                            "\"title\":\"An event is not valid\",\"status\":400,"
                            "\"detail\":\"userId is missing\",\"pointer\":\"/0/userId\","
                            "\"header\":\"X-Y\",\"errors\":["
                            "{\"detail\":\"userId is missing\",\"pointer\":\"/0/userId\"},"
                            "{\"detail\":\"not \\\"JSON\\\"\"}],\"errorCount\":30}");
}

static void
a_status_has_a_default_kind(void)
{
    CHECK_INT(problem_of_status(400), PROBLEM_BAD_REQUEST);
    CHECK_INT(problem_of_status(413), PROBLEM_TOO_LARGE);
    CHECK_INT(problem_of_status(422), PROBLEM_INVALID);
    CHECK_INT(problem_of_status(418), PROBLEM_BAD_REQUEST);
    CHECK_INT(problem_of_status(599), PROBLEM_INTERNAL);
    CHECK_INT(problem_status(PROBLEM_STORAGE), 503);
}

static void
commas_stand_between_members_and_elements_only(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(4096);

    out_object(&b, NULL);
    out_array(&b, "empty");
    out_end_array(&b);
    out_text(&b, "text", "a\"b\n{");
    out_text(&b, "none", NULL);
    out_number(&b, "least", INT64_MIN);
    out_bool(&b, "yes", true);
    out_time(&b, "at", 1767225600001);
    out_time(&b, "never", 0);
    out_array(&b, "list");
    out_object(&b, NULL);
    out_bool(&b, "no", false);
    out_end_object(&b);
    out_text(&b, NULL, "[");
    out_number(&b, NULL, 7);
    out_object(&b, NULL);
    out_end_object(&b);
    out_end_array(&b);
    out_end_object(&b);
    CHECK_STR(buf_text(&b),
              "{\"empty\":[],\"text\":\"a\\\"b\\n{\",\"none\":null,"
              "\"least\":-9223372036854775808,\"yes\":true,"
              "\"at\":\"2026-01-01T00:00:00.001Z\",\"never\":null,"
              "\"list\":[{\"no\":false},\"[\",7,{}]}");
}

UNIT_MAIN("core/problem",
          UNIT_TEST(a_problem_holds_only_the_members_that_say_something),
          UNIT_TEST(a_problem_lists_its_errors_and_counts_those_left_out),
          UNIT_TEST(a_status_has_a_default_kind),
          UNIT_TEST(commas_stand_between_members_and_elements_only))
