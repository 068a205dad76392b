#include "fake_far.h"
#include "unit.h"

/* The URL of a request that was built and sent; or why it was not. */
static const char *
sent_url(struct fake *f, struct hermod_request *q)
{
    if (hermod_http_send(f->c, q)->status == 200)
        return q->url;
    return fake_mark(f);
}

#define OPENED(want, ...)                                                           \
    do {                                                                            \
        static struct fake f_;                                                      \
        fake_begin(&f_);                                                            \
        CHECK_STR(sent_url(&f_, hermod_http_open(f_.c, "GET", __VA_ARGS__)), want); \
        fake_end(&f_);                                                              \
    } while (0)

#define BASE "https://api.example.com/3.0"

static void
values_stay_in_their_segment(void)
{
    OPENED(BASE "/lists/a1/members/b2", BASE, "/lists/%s/members/%s", "a1", "b2");
    OPENED(BASE "/u/email%7C84cc", BASE, "/u/%s", "email|84cc");
    OPENED(BASE "/u/a%2Fb%3Fc%23d%25e%20f", BASE, "/u/%s", "a/b?c#d%e f");
    OPENED(BASE "/u/%C3%A5%0D%0A", BASE, "/u/%s", "å\r\n");
    OPENED(BASE "/u/..%2F..%2Fadmin", BASE, "/u/%s", "../../admin");
    OPENED(BASE "/u/...", BASE, "/u/%s", "...");
    OPENED(BASE "/u/a.b-c_d~", BASE, "/u/%s", "a.b-c_d~");
    OPENED(BASE "/x?tag=a%26b", BASE, "/x?tag=%s", "a&b");
    OPENED(BASE "/x?tag=", BASE, "/x?tag=%s", "");
    OPENED(BASE "/x?tag=.", BASE, "/x?tag=%s", ".");
}

static void
a_value_that_would_become_another_path_is_refused(void)
{
    OPENED("request not sent: the URL cannot be made: value 1 for its path is \"..\"", BASE,
           "/u/%s", "..");
    OPENED("request not sent: the URL cannot be made: value 2 for its path is \".\"", BASE,
           "/u/%s/%s/x", "a", ".");
    OPENED("request not sent: the URL cannot be made: value 2 for its path is \"..\"", BASE,
           "/u/%s%s", ".", ".");
    OPENED("request not sent: the URL cannot be made: value 1 for its path is empty", BASE,
           "/u/%s", "");
    OPENED("request not sent: the URL cannot be made: value 1 for its path is empty", BASE,
           "/u/%s/x", "");
    OPENED(BASE "/u/user-", BASE, "/u/user-%s", "");
}

static void
numbers_and_percent_signs_fit_a_path(void)
{
    OPENED(BASE "/-1/2/3/4/5/6/7/8", BASE, "/%d/%u/%ld/%lu/%lld/%llu/%zu/%d", -1, 2u, 3L, 4UL,
           5LL, 6ULL, (size_t)7, 8);
    OPENED(BASE "/a%2Fb", BASE, "/a%%2F%s", "b");
}

static void
the_base_is_taken_as_it_is(void)
{
    OPENED("https://example.com/a/b", "https://example.com/a/", "/b%s", "");
    OPENED("https://example.com?a=1", "https://example.com/", "?a=%d", 1);
    OPENED("https://example.com:8443/b", "https://example.com:8443", "/b%s", "");
    OPENED("request not sent: the URL to put a path behind has a query (?...)",
           "https://example.com/?a=b", "/b%s", "");
    OPENED("request not sent: the URL is not an absolute URL that begins with https:// or "
           "http://", "example.com", "/b%s", "");
    OPENED("request not sent: the URL has a user name or password in it: use a header instead",
           "https://key@example.com", "/b%s", "");
}

/* As a plugin would that was built without checks of formats. */
static void
a_bad_path_template_is_the_plugins_mistake(void)
{
    const char *const bad[] = { "/%x", "/%5d", "/%", "/%hd", "/%zd", "/%llld", "/%ls", "x/%s" };
    const char *const want[] = {
        "plugin mistake: hermod_http_open: \"%x\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: \"%5\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: \"%\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: \"%h\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: \"%zd\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: \"%lll\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: \"%ls\" in the path; wanted %s %d %lld %u %zu or %%",
        "plugin mistake: hermod_http_open: the path does not begin with '/'",
    };
    struct hermod_request *(*open)(struct hermod_call *, const char *, const char *,
                                   const char *, ...) = svc_http.open;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct fake f;

        fake_begin(&f);
        CHECK_STR(sent_url(&f, open(f.c, "GET", BASE, bad[i], "a")), want[i]);
        fake_end(&f);
    }
}

static void
query_values_are_encoded(void)
{
    struct fake f;
    struct hermod_request *q;

    fake_begin(&f);
    q = hermod_http_request(f.c, "GET", "https://example.com/x");
    hermod_http_query(f.c, q, "a b", "å&=+");
    hermod_http_query(f.c, q, "c", "");
    CHECK_STR(sent_url(&f, q), "https://example.com/x?a%20b=%C3%A5%26%3D%2B&c=");
    fake_end(&f);
    fake_begin(&f);
    q = hermod_http_request(f.c, "GET", "https://example.com/x?y=1");
    hermod_http_query(f.c, q, "z", "2");
    CHECK_STR(sent_url(&f, q), "https://example.com/x?y=1&z=2");
    fake_end(&f);
}

static void
a_header_replaces_itself_in_any_case(void)
{
    struct fake f;
    struct hermod_request *q;

    fake_begin(&f);
    q = hermod_http_request(f.c, "POST", "https://example.com/");
    hermod_http_header(f.c, q, "X-A", " one ");
    hermod_http_header(f.c, q, "x-a", "two");
    for (int i = 0; i < 20; i++)
        hermod_http_header(f.c, q, hermod_format(f.c, "X-%d", i), "v");
    CHECK_STR(sent_url(&f, q), "https://example.com/");
    CHECK_INT(q->header_count, 21);
    CHECK_STR(q->headers[0].name, "x-a");
    CHECK_STR(q->headers[0].value, "two");
    CHECK_STR(q->headers[20].name, "X-19");
    fake_end(&f);
}

static void
headers_that_could_do_harm_are_refused_without_quoting_values(void)
{
    static const struct {
        const char *name, *value, *want;
    } rows[] = {
        { "X-A", "a\r\nB: c", "request not sent: header \"X-A\" has a line break or another "
                              "control character in its value" },
        { "X-A: b\r\nB", "c", "request not sent: the name of a header is not the name of a "
                              "header" },
        { "Host", "evil.example", "request not sent: \"Host\" is a header that only the host "
                                  "sets" },
        { "content-length", "0", "request not sent: \"content-length\" is a header that only "
                                 "the host sets" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fake f;
        struct hermod_request *q;

        fake_begin(&f);
        q = hermod_http_request(f.c, "GET", "https://example.com/");
        hermod_http_header(f.c, q, rows[i].name, rows[i].value);
        CHECK_STR(sent_url(&f, q), rows[i].want);
        CHECK_INT(f.far.starts, 0);
        fake_end(&f);
    }
}

static void
more_headers_than_a_hundred_are_refused(void)
{
    struct fake f;
    struct hermod_request *q;

    fake_begin(&f);
    q = hermod_http_request(f.c, "GET", "https://example.com/");
    for (int i = 0; i < 101; i++)
        hermod_http_header(f.c, q, hermod_format(f.c, "X-%d", i), "v");
    CHECK_STR(sent_url(&f, q), "request not sent: more than 100 headers");
    fake_end(&f);
}

/* RFC 7617, section 2, has the second one. */
static void
authorization_is_bearer_or_basic(void)
{
    struct fake f;
    struct hermod_request *q;

    fake_begin(&f);
    q = hermod_http_request(f.c, "GET", "https://example.com/");
    hermod_http_bearer(f.c, q, "abc.def");
    CHECK_STR(fake_sent_header(q, "Authorization"), "Bearer abc.def");
    hermod_http_basic(f.c, q, "Aladdin", "open sesame");
    CHECK_STR(fake_sent_header(q, "Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK_INT(q->header_count, 1);
    hermod_http_basic(f.c, q, "a:b", "c");
    CHECK_STR(fake_mark(&f),
              "request not sent: the user name for basic authentication has a ':' in it");
    fake_end(&f);
}

static void
bodies_are_json_a_form_or_bytes(void)
{
    struct fake f;
    struct hermod_request *q;

    fake_begin(&f);
    q = hermod_http_request(f.c, "POST", "https://example.com/");
    hermod_http_json(f.c, q, hermod_json_pack(f.c, "{s:d}", "price", "99.90"));
    CHECK_STR(q->body, "{\"price\":99.90}");
    CHECK_INT(q->body_len, 15);
    CHECK_STR(fake_sent_header(q, "Content-Type"), "application/json");

    q = hermod_http_request(f.c, "POST", "https://example.com/");
    for (int i = 0; i < 40; i++)
        hermod_http_form(f.c, q, "n m", "å&");
    CHECK_INT(q->body_len, 40 * strlen("n%20m=%C3%A5%26&") - 1);
    CHECK(strncmp(q->body, "n%20m=%C3%A5%26&n%20m=", 22) == 0);
    CHECK_STR(fake_sent_header(q, "Content-Type"), "application/x-www-form-urlencoded");

    q = hermod_http_request(f.c, "POST", "https://example.com/");
    hermod_http_body(f.c, q, "application/octet-stream", "a\0b", 3);
    CHECK_INT(q->body_len, 3);
    CHECK(memcmp(q->body, "a\0b", 3) == 0);
    CHECK_STR(fake_mark(&f), "");
    hermod_http_json(f.c, q, hermod_json_object(f.c));
    CHECK_STR(fake_mark(&f), "plugin mistake: hermod_http_json: the request has a body already");
    fake_end(&f);
}

static void
the_timeout_is_thirty_seconds_unless_set(void)
{
    struct fake f;
    struct hermod_request *q;

    fake_begin(&f);
    q = hermod_http_request(f.c, "GET", "https://example.com/");
    CHECK_INT(q->timeout_ms, 30000);
    hermod_http_timeout(f.c, q, 1500);
    CHECK_INT(q->timeout_ms, 1500);
    fake_end(&f);
}

static void
an_answer_brings_its_json_and_its_headers(void)
{
    struct http_header headers[] = { { "Retry-After", "30" }, { "X-A", "1" }, { "x-a", "2" } };
    struct fake f;
    const struct hermod_response *r;
    struct hermod_request *q;

    fake_begin(&f);
    f.far.late = true;
    f.far.answer = (struct response){
        .pub = { .status = 201, .error = "", .body = "{\"id\":12345678901234567890}",
                 .body_len = 27 },
        .headers = headers, .header_count = 3,
    };
    q = hermod_http_request(f.c, "GET", "https://example.com/");
    r = hermod_http_send(f.c, q);
    CHECK_INT(f.far.waits, 1);
    CHECK_INT(r->status, 201);
    CHECK_STR(hermod_json_get_number(f.c, r->json, "id", ""), "12345678901234567890");
    CHECK_STR(hermod_http_response_header(f.c, r, "retry-after"), "30");
    CHECK_STR(hermod_http_response_header(f.c, r, "X-a"), "1");
    CHECK_STR(hermod_http_response_header(f.c, r, "X-B"), "");
    CHECK(hermod_http_wait(f.c, q) == r);      /* again: the same answer */
    CHECK_INT(f.far.waits, 1);
    fake_end(&f);
}

static void
an_answer_that_is_not_json_has_json_null(void)
{
    struct fake f;
    const struct hermod_response *r;

    fake_begin(&f);
    f.far.answer.pub = (struct hermod_response){ .status = 200, .error = "", .body = "<html>",
                                                 .body_len = 6 };
    r = hermod_http_send(f.c, hermod_http_request(f.c, "GET", "https://example.com/"));
    CHECK(r->json != NULL);
    CHECK_INT(hermod_json_type(f.c, r->json), HERMOD_JSON_NULL);
    fake_end(&f);
}

static void
after_a_mark_nothing_is_sent_and_the_answer_is_none(void)
{
    struct fake f;
    struct hermod_request *first, *second;
    const struct hermod_response *r;

    fake_begin(&f);
    first = hermod_http_request(f.c, "GET", "https://example.com/1");
    second = hermod_http_request(f.c, "GET", "https://example.com/2");
    hermod_http_start(f.c, first);
    call_mark(&f.call, HERMOD_RETRY, "out of time");
    hermod_http_start(f.c, second);
    CHECK_INT(f.far.starts, 1);
    r = hermod_http_wait(f.c, first);
    CHECK_INT(r->status, 0);
    CHECK_STR(r->error, "out of time");
    CHECK_INT(hermod_http_wait(f.c, second)->status, 0);
    CHECK_STR(hermod_http_response_header(f.c, r, "Date"), "");
    CHECK_INT(hermod_json_type(f.c, r->json), HERMOD_JSON_NULL);
    CHECK_INT(hermod_http_outcome(f.c, r), HERMOD_RETRY);
    CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_RETRY);
    CHECK_STR(f.call.verdict.reason, "out of time");
    fake_end(&f);
}

static void
a_mark_while_waiting_ends_the_wait_without_an_answer(void)
{
    struct fake f;

    fake_begin(&f);
    f.far.late = true;
    f.far.mark_in_wait = "the deadline of 60 s";
    CHECK_INT(hermod_http_send(f.c, hermod_http_request(f.c, "GET", "https://a.example"))->status,
              0);
    CHECK_STR(fake_mark(&f), "the deadline of 60 s");
    fake_end(&f);
}

UNIT_MAIN("runner/svc_http", UNIT_TEST(values_stay_in_their_segment),
          UNIT_TEST(a_value_that_would_become_another_path_is_refused),
          UNIT_TEST(numbers_and_percent_signs_fit_a_path),
          UNIT_TEST(the_base_is_taken_as_it_is),
          UNIT_TEST(a_bad_path_template_is_the_plugins_mistake),
          UNIT_TEST(query_values_are_encoded),
          UNIT_TEST(a_header_replaces_itself_in_any_case),
          UNIT_TEST(headers_that_could_do_harm_are_refused_without_quoting_values),
          UNIT_TEST(more_headers_than_a_hundred_are_refused),
          UNIT_TEST(authorization_is_bearer_or_basic),
          UNIT_TEST(bodies_are_json_a_form_or_bytes),
          UNIT_TEST(the_timeout_is_thirty_seconds_unless_set),
          UNIT_TEST(an_answer_brings_its_json_and_its_headers),
          UNIT_TEST(an_answer_that_is_not_json_has_json_null),
          UNIT_TEST(after_a_mark_nothing_is_sent_and_the_answer_is_none),
          UNIT_TEST(a_mark_while_waiting_ends_the_wait_without_an_answer))
