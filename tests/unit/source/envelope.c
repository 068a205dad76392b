/* envelope.c - the wrappings, errors and hints of the platform's answers. */
#include "source/envelope.h"

#include "unit.h"

#define WALL 1762776000000LL               /* 2025-11-10T12:00:00Z */

static const char *
text_of(const struct slice *s)
{
    static char text[200];

    snprintf(text, sizeof(text), "%.*s", (int)s->len, s->at);
    return text;
}

static const char *
list_in(const char *text, int64_t *ret_total)
{
    struct slice s;

    return envelope_list(text, strlen(text), "contracts", &s, ret_total) ? text_of(&s) : "none";
}

static void
a_list_is_found_in_each_of_its_wrappings(void)
{
    int64_t total;

    CHECK_STR(list_in(" [ {\"a\":1} ] ", &total), "[ {\"a\":1} ]");
    CHECK_INT(total, -1);
    CHECK_STR(list_in("{\"data\":[1,2],\"pagination\":{\"total\":57,\"limit\":20}}", &total),
              "[1,2]");
    CHECK_INT(total, 57);
    CHECK_STR(list_in("{\"contracts\":[]}", &total), "[]");
    CHECK_STR(list_in("{\"products\":[]}", &total), "none");
    CHECK_STR(list_in("{\"data\":{\"contracts\":[]}}", &total), "none");
    CHECK_STR(list_in("[1,2", &total), "none");
    CHECK_STR(list_in("[1] x", &total), "none");
    CHECK_STR(list_in("", &total), "none");
    CHECK_STR(list_in("<html>", &total), "none");
    CHECK_STR(list_in("{\"data\":[1],\"data\":[2]}", &total), "none");
}

static void
an_object_is_found_bare_or_under_data(void)
{
    struct slice s;
    const char *bare = "{\"id\":\"x\"}", *data = "{\"data\":{\"id\":\"x\"},\"meta\":{}}";

    CHECK(envelope_object(bare, strlen(bare), &s));
    CHECK_STR(text_of(&s), bare);
    CHECK(envelope_object(data, strlen(data), &s));
    CHECK_STR(text_of(&s), bare);
    CHECK(!envelope_object("[1]", 3, &s));
    CHECK(!envelope_object("{\"a\":", 5, &s));
}

static const char *
code_in(const char *text)
{
    static char code[ENVELOPE_CODE + 1];

    envelope_code(text, strlen(text), code);
    return code;
}

static void
of_an_error_only_its_code_is_told(void)
{
    CHECK_STR(code_in("{\"error\":{\"code\":\"resource_not_found\",\"message\":\"anna@x.se is "
                      "not a user\",\"details\":{}}}"), "resource_not_found");
    CHECK_STR(code_in("{\"error\":\"invalid_client\",\"error_description\":\"x\"}"),
              "invalid_client");
    CHECK_STR(code_in("{\"error\":\"User anna@x.se not found\"}"), "");
    CHECK_STR(code_in("{\"error\":{\"code\":\"anna@x.se\"}}"), "");
    CHECK_STR(code_in("{\"message\":\"anna\"}"), "");
    CHECK_STR(code_in("Anna"), "");
}

static int64_t
after(int status, const char *name, const char *value, const char *body)
{
    struct http_header h[2] = { { name, value }, { "X-RateLimit-Remaining", "0" } };
    struct response r = { .pub = { .status = status, .body = body, .body_len = strlen(body) },
                          .headers = h, .header_count = 2 };

    return envelope_after_ms(&r, WALL);
}

static void
how_long_to_wait_is_read_from_wherever_it_stands(void)
{
    const char *details = "{\"error\":{\"code\":\"rate_limit_exceeded\",\"details\":"
                          "{\"retry_after\":12}}}";

    CHECK_INT(after(429, "retry-after", "30", ""), 30000);
    CHECK_INT(after(429, "Retry-After", "Mon, 10 Nov 2025 12:00:07 GMT", ""), 7000);
    CHECK_INT(after(429, "Retry-After", "30", details), 30000);
    CHECK_INT(after(429, "X", "", details), 12000);
    CHECK_INT(after(429, "X", "", "{\"error\":{\"retry_after\":3}}"), 3000);
    CHECK_INT(after(429, "X-RateLimit-Reset", "1762776045", ""), 45000);
    CHECK_INT(after(429, "X-RateLimit-Reset", "45", ""), 45000);
    CHECK_INT(after(429, "X-RateLimit-Reset", "1762775000", ""), 0);
    CHECK_INT(after(429, "X", "", "{\"error\":{\"retry_after\":\"soon\"}}"), 0);
    CHECK_INT(after(429, "X", "", "{\"error\":{\"retry_after\":99999999999999}}"),
              24LL * 3600 * 1000);
}

UNIT_MAIN("source/envelope", UNIT_TEST(a_list_is_found_in_each_of_its_wrappings),
          UNIT_TEST(an_object_is_found_bare_or_under_data),
          UNIT_TEST(of_an_error_only_its_code_is_told),
          UNIT_TEST(how_long_to_wait_is_read_from_wherever_it_stands))
