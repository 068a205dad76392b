/* Rule's stand-in against what its vendor's SDK says and tests, and the documented errors. */
#include <time.h>

#include "sandbox/rule.h"
#include "box.h"

#define KEY "Authorization: Bearer sandbox-rule-key\r\n"
#define SUBSCRIBERS "/rule/api/v2/subscribers"
#define ANNA SUBSCRIBERS "/anna%40a.no"
#define UPSERT(rest, subscriber) "{\"update_on_duplicate\":true,\"automation\":false" rest \
    ",\"subscribers\":{\"email\":\"anna@a.no\"" subscriber "}}"
#define FIELDS(f) UPSERT("", ",\"fields\":[" f "]")

static void
the_clock_is_stockholms(void)
{
    static const struct {
        int64_t utc_s;
        const char *want;
    } rows[] = {
        { 1778761336, "2026-05-14 14:22:16" },     /* 12:22:16 GMT, of the vendor's own test */
        { 1767225600, "2026-01-01 01:00:00" },
        { 1774745999, "2026-03-29 01:59:59" }, { 1774746000, "2026-03-29 03:00:00" },
        { 1792889999, "2026-10-25 02:59:59" }, { 1792890000, "2026-10-25 02:00:00" },
        { 1767222000, "2026-01-01 00:00:00" },
    };
    char text[32];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        stockholm_text(rows[i].utc_s * 1000, text);
        CHECK_STR(text, rows[i].want);
    }
}

static void
a_429_says_until_when_on_a_clock_in_stockholm(void)
{
    struct answer a;
    struct box b;
    struct tm t = { .tm_isdst = -1 };
    char *until;
    double ahead;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults", "{\"path\":\"/rule\",\"script\":\"429=1h,429,500\"}", 200,
          NULL, NULL });
    a = box_ask(&b, "GET", "/rule/tags", NULL);
    CHECK_INT(a.status, 429);
    CHECK_STR(a.body ? a.body : "", "\"Too Many Attempts.\"");
    until = answer_header(&a, "Retry-After");
    setenv("TZ", "CET-1CEST,M3.5.0/2,M10.5.0/3", 1);
    tzset();
    CHECK(until != NULL && strptime(until, "%Y-%m-%d %H:%M:%S", &t) != NULL);
    ahead = difftime(mktime(&t), time(NULL));
    CHECK(ahead > 3500 && ahead <= 3601);
    free(until);
    answer_free(&a);
    BOX_PLAY(&b,
        { "GET", "/rule/v3/subscribers", NULL, 429, "Too Many Requests. You can continue at ",
          NULL },
        { "GET", "/rule/tags", NULL, 500, "UnexpectedError", NULL });
    box_close(&b);
}

static void
keys_and_limits_are_checked(void)
{
    struct box b;

    box_open(&b, "", NULL);
    BOX_PLAY(&b, { "GET", SUBSCRIBERS, NULL, 401, "NotAuthorized", NULL });
    b.auth = "Authorization: Bearer other\r\n";
    BOX_PLAY(&b, { "GET", SUBSCRIBERS, NULL, 401, NULL, NULL });
    b.auth = KEY;
    BOX_PLAY(&b,
        { "GET", "/rule/api/v2/tags?limit=1", NULL, 200, "\"tags\":[]", NULL },
        { "GET", "/rule/tags?limit=101", NULL, 400, "LimitExceed", NULL },
        { "GET", "/rule/nothing", NULL, 404, "NotFound", NULL },
        { "PUT", "/rule/tags", "{}", 405, NULL, NULL },
        { "POST", SUBSCRIBERS, "{oops", 400, "BadRequest", NULL },
        { "POST", "/_sandbox/reset", NULL, 204, NULL, NULL },
        { "PATCH", "/_sandbox/rule/settings", "{\"requests\":2}", 200, NULL, NULL },
        { "GET", "/rule/tags", NULL, 200, NULL, NULL },
        { "GET", "/rule/tags", NULL, 200, NULL, NULL },
        { "GET", "/rule/tags", NULL, 429, "Retry-After: 20", NULL },
        { "GET", "/rule/tags", NULL, 429, NULL, NULL });
    box_close(&b);
}

static void
when_half_of_the_answers_are_errors_the_account_is_blocked(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "PATCH", "/_sandbox/rule/settings", "{\"errorMin\":4}", 200, NULL, NULL },
        { "GET", "/rule/tags", NULL, 200, NULL, NULL },
        { "GET", ANNA, NULL, 404, NULL, NULL },
        { "GET", ANNA, NULL, 404, NULL, NULL },
        { "GET", ANNA, NULL, 404, "SubscriberNotFound", NULL },
        { "GET", "/rule/tags", NULL, 429, "X-ErrorPercent-Current: 60", NULL });
    box_close(&b);
}

static void
an_upsert_makes_and_changes_and_adds_tags(void)
{
    struct box b;

    box_open(&b, KEY, "{\"rule\":{\"suppressed\":[\"no@a.no\"]}}");
    BOX_PLAY(&b,
        { "POST", SUBSCRIBERS, UPSERT(",\"tags\":[\"sesamy\",\"VIP\"]",
          ",\"phone_number\":\"0701234567\",\"language\":\"sv\",\"fields\":[{\"key\":"
          "\"Sesamy_User.ID\",\"value\":\"u1\",\"type\":\"text\"}]"), 200,
          "\"message\":\"Success\"", NULL },
        { "GET", ANNA "?identified_by=email", NULL, 200, "\"phone_number\":\"+46701234567\"",
          NULL },
        { "GET", SUBSCRIBERS "/%2B46701234567?identified_by=phone_number", NULL, 200, "anna",
          NULL },
        { "POST", SUBSCRIBERS, "{\"subscribers\":{\"email\":\"Anna@a.no\"}}", 409,
          "DuplicateSubscriber", NULL },
        { "POST", SUBSCRIBERS, UPSERT(",\"tags\":[\"sesamy_a\"]", ""), 200, "sesamy_a", NULL },
        { "GET", ANNA "/tags?identified_by=email", NULL, 200, "\"name\":\"VIP\"", NULL },
        { "DELETE", ANNA "/tags/sesamy_a?identified_by=email", NULL, 200, "Success", NULL },
        { "DELETE", ANNA "/tags/sesamy_a", NULL, 404, NULL, NULL },
        { "POST", ANNA "/tags", "{\"tags\":[\"x\"]}", 200, "Success", NULL },
        { "POST", ANNA "/tags", "{}", 400, "tags", NULL },
        { "GET", ANNA "/tags", NULL, 200, "\"x\"", "sesamy_a" },
        { "GET", "/rule/subscriber/anna%40a.no/fields", NULL, 200,
          "{\"name\":\"Sesamy_User\",\"fields\":[{\"name\":\"ID\",\"value\":\"u1\"}]}", NULL },
        { "GET", "/rule/customizations", NULL, 200, "\"type\":\"text\"", NULL },
        { "POST", SUBSCRIBERS, "{\"subscribers\":{\"email\":\"no@a.no\"}}", 200,
          "\"suppressed\":[\"no@a.no\"]", NULL },
        { "GET", SUBSCRIBERS "/no%40a.no", NULL, 404, NULL, NULL },
        { "POST", SUBSCRIBERS, "{\"subscribers\":[{\"email\":\"c@a.no\"},{\"phone_number\":"
          "\"+4790000000\"}]}", 200, "\"subscribers\":[", NULL },
        { "DELETE", SUBSCRIBERS "/c%40a.no", NULL, 200, NULL, NULL },
        { "GET", SUBSCRIBERS "/c%40a.no", NULL, 404, NULL, NULL });
    box_close(&b);
}

static void
what_is_wrong_is_named(void)
{
    static const struct {
        const char *body, *has;
    } rows[] = {
        { "{}", "subscribers" },
        { "{\"subscribers\":[]}", "required" },
        { "{\"subscribers\":{}}", "email or phone" },
        { "{\"subscribers\":{\"email\":\"anna\"}}", "valid email" },
        { "{\"subscribers\":{\"phone_number\":\"12x\"}}", "phone" },
        { UPSERT(",\"automation\":\"yes\"", ""), "automation" },
        { UPSERT(",\"tags\":\"x\"", ""), "array" },
        { UPSERT(",\"tags\":[\"4711\"]", ""), "tags.0" },
        { UPSERT("", ",\"language\":\"swedish\""), "639-1" },
        { FIELDS("{\"key\":\"NoGroup\",\"value\":\"x\"}"), "one dot" },
        { FIELDS("{\"key\":\"A.B.C\",\"value\":\"x\"}"), "one dot" },
        { FIELDS("{\"key\":\"A.\",\"value\":\"x\"}"), "one dot" },
        { FIELDS("{\"key\":\"A.B\",\"value\":\"x\",\"type\":\"blob\"}"), "type is invalid" },
        { FIELDS("{\"key\":\"A.D\",\"value\":\"10-11-2025\",\"type\":\"date\"}"), "date" },
        { FIELDS("{\"key\":\"A.D\",\"value\":\"2025-02-30\",\"type\":\"date\"}"), "date" },
        { FIELDS("{\"key\":\"A.T\",\"value\":\"2025-11-10T12:00:00Z\",\"type\":\"datetime\"}"),
          "datetime" },
        { FIELDS("{\"key\":\"A.M\",\"value\":\"x\",\"type\":\"multiple\"}"), "multiple" },
        { FIELDS("{\"key\":\"A.M\",\"value\":[1],\"type\":\"multiple\"}"), "multiple" },
        { FIELDS("{\"key\":\"A.J\",\"value\":{},\"type\":\"json\"}"), "json" },
        { FIELDS("{\"key\":\"A.J\",\"value\":\"{oops\",\"type\":\"json\"}"), "json" },
        { FIELDS("{\"key\":\"A.X\",\"value\":[\"a\"]}"), "text" },
    };
    struct box b;

    box_open(&b, KEY, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        box_check(&b, &(struct exchange){ "POST", SUBSCRIBERS, rows[i].body, 400, rows[i].has,
                                          NULL });
    BOX_PLAY(&b,
        { "GET", ANNA, NULL, 404, NULL, NULL },
        { "POST", SUBSCRIBERS, FIELDS(
          "{\"key\":\"A.D\",\"value\":\"2025-11-10\",\"type\":\"date\"},"
          "{\"key\":\"A.T\",\"value\":\"2025-11-10 12:00:00\",\"type\":\"datetime\"},"
          "{\"key\":\"A.C\",\"value\":\"12:00:00\",\"type\":\"time\"},"
          "{\"key\":\"A.M\",\"value\":[\"a\",\"b\"],\"type\":\"multiple\"},"
          "{\"key\":\"A.J\",\"value\":\"{}\",\"type\":\"json\"}"), 200, "Success", NULL },
        { "POST", SUBSCRIBERS, FIELDS("{\"key\":\"A.D\",\"value\":\"x\",\"type\":\"text\"}"), 400,
          "type date already", NULL });
    box_close(&b);
}

static void
a_group_has_room_for_65000_characters_and_a_call_for_1000_subscribers(void)
{
    CLEANUP(buf_free) struct buf body = BUF_INIT(1 << 20);
    struct box b;

    box_open(&b, KEY, NULL);
    buf_str(&body, "{\"update_on_duplicate\":true,\"subscribers\":{\"email\":\"anna@a.no\","
            "\"fields\":[{\"key\":\"A.B\",\"value\":\"");
    for (int i = 0; i < 65000; i++)
        buf_byte(&body, 'x');
    buf_str(&body, "\"}]}}");
    box_check(&b, &(struct exchange){ "POST", SUBSCRIBERS, buf_text(&body), 400, "65000", NULL });
    buf_reset(&body);
    buf_str(&body, "{\"subscribers\":[{}");
    for (int i = 0; i < 1000; i++)
        buf_str(&body, ",{}");
    buf_str(&body, "]}");
    box_check(&b, &(struct exchange){ "POST", SUBSCRIBERS, buf_text(&body), 413, NULL, NULL });
    box_close(&b);
}

UNIT_MAIN("sandbox/rule",
          UNIT_TEST(the_clock_is_stockholms),
          UNIT_TEST(a_429_says_until_when_on_a_clock_in_stockholm),
          UNIT_TEST(keys_and_limits_are_checked),
          UNIT_TEST(when_half_of_the_answers_are_errors_the_account_is_blocked),
          UNIT_TEST(an_upsert_makes_and_changes_and_adds_tags),
          UNIT_TEST(what_is_wrong_is_named),
          UNIT_TEST(a_group_has_room_for_65000_characters_and_a_call_for_1000_subscribers))
