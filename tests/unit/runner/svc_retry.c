#include "fake_far.h"
#include "unit.h"

struct row {
    int status;
    const char *error, *retry_after, *body;
    int outcome;
    int64_t after_ms;
    const char *reason;
};

#define DAY_MS (24LL * 3600 * 1000)

static const struct row rows[] = {
    { 200, "", "", "", HERMOD_DELIVERED, 0, "" },
    { 201, "", "5", "", HERMOD_DELIVERED, 0, "" },
    { 204, "", "", "", HERMOD_DELIVERED, 0, "" },
    { 299, "", "", "", HERMOD_DELIVERED, 0, "" },
    { 301, "", "", "", HERMOD_FAILED, 0, "301 Moved Permanently, redirects are not followed" },
    { 302, "", "", "", HERMOD_FAILED, 0, "302 Found, redirects are not followed" },
    { 304, "", "", "", HERMOD_FAILED, 0, "304 Not Modified, redirects are not followed" },
    { 400, "", "", "", HERMOD_FAILED, 0, "400 Bad Request" },
    { 401, "", "", "", HERMOD_FAILED, 0, "401 Unauthorized" },
    { 403, "", "", "", HERMOD_FAILED, 0, "403 Forbidden" },
    { 404, "", "60", "", HERMOD_FAILED, 0, "404 Not Found" },
    { 408, "", "", "", HERMOD_FAILED, 0, "408 Request Timeout" },
    { 410, "", "", "", HERMOD_FAILED, 0, "410 Gone" },
    { 499, "", "", "", HERMOD_FAILED, 0, "499" },
    { 429, "", "", "", HERMOD_RETRY, 0, "429 Too Many Requests" },
    { 429, "", "30", "", HERMOD_RETRY, 30000, "429 Too Many Requests, Retry-After 30 s" },
    { 429, "", "Mon, 10 Nov 2025 12:02:01 GMT", "", HERMOD_RETRY, 120000,
      "429 Too Many Requests, Retry-After 2 min" },
    { 429, "", "999999999", "", HERMOD_RETRY, DAY_MS,
      "429 Too Many Requests, Retry-After 24 h" },
    { 429, "", "soon", "", HERMOD_RETRY, 0, "429 Too Many Requests" },
    { 429, "", "0", "", HERMOD_RETRY, 0, "429 Too Many Requests, Retry-After 0 s" },
    { 500, "", "", "", HERMOD_RETRY, 0, "500 Internal Server Error" },
    { 503, "", "5", "", HERMOD_RETRY, 5000, "503 Service Unavailable, Retry-After 5 s" },
    { 599, "", "", "", HERMOD_RETRY, 0, "599" },
    { 0, "connection refused", "", "", HERMOD_RETRY, 0, "no answer: connection refused" },
    { 0, "", "", "", HERMOD_RETRY, 0, "no answer" },
    /* Of a body only a machine's code gets into the reason. */
    { 400, "", "", "{\"code\":\"INVALID_EMAIL\",\"message\":\"a@b.se is bad\"}", HERMOD_FAILED, 0,
      "400 Bad Request (INVALID_EMAIL)" },
    { 400, "", "", "{\"error\":\"invalid_grant\"}", HERMOD_FAILED, 0,
      "400 Bad Request (invalid_grant)" },
    { 400, "", "", "{\"error\":{\"code\":190,\"type\":\"OAuthException\"}}", HERMOD_FAILED, 0,
      "400 Bad Request (190)" },
    { 400, "", "", "{\"type\":\"https://example.com/x\",\"title\":\"Invalid Resource\"}",
      HERMOD_FAILED, 0, "400 Bad Request" },
    { 400, "", "", "{\"code\":\"anna@example.se\"}", HERMOD_FAILED, 0, "400 Bad Request" },
    { 400, "", "", "{\"code\":\"a b\",\"type\":\"t.1-x_Y\"}", HERMOD_FAILED, 0,
      "400 Bad Request (t.1-x_Y)" },
    { 400, "", "", "{\"code\":198001011234}", HERMOD_FAILED, 0, "400 Bad Request" },
    { 400, "", "", "a@b.se is not a member", HERMOD_FAILED, 0, "400 Bad Request" },
    { 502, "", "", "<html>", HERMOD_RETRY, 0, "502 Bad Gateway" },
};

static void
the_outcome_table_holds_row_by_row(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct http_header header = { "retry-after", row->retry_after };
        struct fake f;
        int outcome;

        fake_begin(&f);
        f.far.answer = (struct response){
            .pub = { .status = row->status, .error = row->error, .body = row->body,
                     .body_len = strlen(row->body) },
            .headers = &header, .header_count = *row->retry_after ? 1 : 0,
        };
        outcome = hermod_http_outcome(
            f.c, hermod_http_send(f.c, hermod_http_request(f.c, "GET", "https://a.example/")));
        CHECK_INT(outcome, row->outcome);
        CHECK_INT(call_outcome(&f.call, outcome), row->outcome);
        CHECK_STR(f.call.verdict.reason, row->reason);
        CHECK_INT(f.call.verdict.status, row->status);
        CHECK_INT(f.call.verdict.after_ms, row->after_ms);
        CHECK_INT(f.call.verdict.hold_ms, row->after_ms);
        CHECK(!f.call.verdict.marked);
        CHECK(!f.call.verdict.pause);
        fake_end(&f);
    }
}

static void
what_a_plugin_says_of_its_outcome_is_kept(void)
{
    struct fake f;

    fake_begin(&f);
    CHECK_INT(call_outcome(&f.call, hermod_skip(f.c, "no %s", "e-mail")), HERMOD_SKIPPED);
    CHECK_STR(f.call.verdict.reason, "no e-mail");
    CHECK_INT(call_outcome(&f.call, hermod_fail(f.c, "bad list")), HERMOD_FAILED);
    CHECK_STR(f.call.verdict.reason, "bad list");
    CHECK(!f.call.verdict.pause);
    CHECK_INT(call_outcome(&f.call, hermod_retry(f.c, 5000, "later")), HERMOD_RETRY);
    CHECK_INT(f.call.verdict.after_ms, 5000);
    CHECK_INT(f.call.verdict.hold_ms, 0);
    CHECK_INT(call_outcome(&f.call, hermod_retry(f.c, 9 * DAY_MS, "later")), HERMOD_RETRY);
    CHECK_INT(f.call.verdict.after_ms, DAY_MS);
    CHECK_INT(call_outcome(&f.call, hermod_pause(f.c, "gone")), HERMOD_FAILED);
    CHECK(f.call.verdict.pause);
    fake_end(&f);
}

static void
words_for_another_outcome_do_not_count(void)
{
    struct fake f;
    struct hermod_response *r;

    fake_begin(&f);
    f.far.answer.pub.status = 404;
    r = (struct hermod_response *)(uintptr_t)hermod_http_send(
        f.c, hermod_http_request(f.c, "GET", "https://a.example/"));
    CHECK_INT(hermod_http_outcome(f.c, r), HERMOD_FAILED);
    CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_DELIVERED);
    CHECK_STR(f.call.verdict.reason, "");
    CHECK_INT(f.call.verdict.status, 0);
    CHECK_INT(hermod_pause(f.c, "gone"), HERMOD_FAILED);
    CHECK_INT(call_outcome(&f.call, HERMOD_RETRY), HERMOD_RETRY);
    CHECK_STR(f.call.verdict.reason, "the plugin gave no reason");
    CHECK(!f.call.verdict.pause);
    fake_end(&f);
}

static void
a_number_that_is_no_outcome_is_named(void)
{
    struct fake f;

    fake_begin(&f);
    CHECK_INT(call_outcome(&f.call, 0), HERMOD_FAILED);
    CHECK_STR(f.call.verdict.reason,
              "plugin mistake: the callback returned 0, which is none of HERMOD_DELIVERED "
              "(101), HERMOD_SKIPPED (102), HERMOD_RETRY (103) and HERMOD_FAILED (104)");
    fake_end(&f);
}

static void
the_first_mark_stands(void)
{
    struct fake f;

    fake_begin(&f);
    hermod_fail(f.c, "said before");
    call_mark(&f.call, HERMOD_RETRY, "first");
    call_mark(&f.call, HERMOD_FAILED, "second");
    hermod_fail(f.c, "said after");
    CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_RETRY);
    CHECK_STR(f.call.verdict.reason, "first");
    fake_end(&f);
}

static void
a_reason_is_one_short_printable_line_without_secrets(void)
{
    struct fake f;
    char text[2000];

    fake_begin(&f);
    hermod_fail(f.c, "key s3cret is bad,\nreally:\x1b[31m \xff %s", "s3crets3cret");
    CHECK_STR(f.call.verdict.reason, "key *** is bad, really: [31m ? ******");
    memset(text, 'x', sizeof(text));
    text[599] = '\xc3';
    text[600] = '\xa5';
    text[1999] = '\0';
    hermod_fail(f.c, "%s", text);
    CHECK_INT(strlen(f.call.verdict.reason), 599);
    hermod_fail(f.c, "%s", (const char *)NULL);
    CHECK_STR(f.call.verdict.reason, "(null)");
    fake_end(&f);
}

static void
a_hold_is_the_longest_and_at_most_a_day(void)
{
    struct fake f;

    fake_begin(&f);
    hermod_hold(f.c, 60000);
    hermod_hold(f.c, 30000);
    CHECK_INT(f.call.verdict.hold_ms, 60000);
    hermod_hold(f.c, 2 * DAY_MS);
    CHECK_INT(f.call.verdict.hold_ms, DAY_MS);
    CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_DELIVERED);
    CHECK_INT(f.call.verdict.hold_ms, DAY_MS);
    CHECK_INT(hermod_attempt(f.c), 1);
    fake_end(&f);
}

UNIT_MAIN("runner/svc_retry", UNIT_TEST(the_outcome_table_holds_row_by_row),
          UNIT_TEST(what_a_plugin_says_of_its_outcome_is_kept),
          UNIT_TEST(words_for_another_outcome_do_not_count),
          UNIT_TEST(a_number_that_is_no_outcome_is_named), UNIT_TEST(the_first_mark_stands),
          UNIT_TEST(a_reason_is_one_short_printable_line_without_secrets),
          UNIT_TEST(a_hold_is_the_longest_and_at_most_a_day))
