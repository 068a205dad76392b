#include "cli/case_match.h"
#include "cli/json_diff.h"
#include "runner/call.h"
#include "unit.h"

static void
an_ellipsis_stands_for_any_text(void)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {
        { "", "", true },          { "a", "a", true },         { "a", "b", false },
        { "a", "ab", false },      { "ab", "a", false },       { "…", "", true },
        { "…", "anything", true }, { "a…", "a", true },        { "a…", "abc", true },
        { "a…", "ba", false },     { "…c", "abc", true },      { "…c", "abcd", false },
        { "…c", "cc", true },      { "a…c", "ac", true },      { "a…c", "abbc", true },
        { "a…a", "a", false },     { "a…b…c", "aXbYc", true }, { "a…b…c", "abc", true },
        { "a…b…c", "acb", false }, { "…b…b…", "b", false },    { "…b…b…", "abab", true },
        { "……", "x", true },       { "å…ö", "åäö", true },     { "a…bc", "abcbc", true },
        { "...", "abc", false },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (case_pattern(rows[i].pattern, rows[i].text) != rows[i].matches)
            fprintf(stderr, "\"%s\" and \"%s\":\n", rows[i].pattern, rows[i].text);
        CHECK_INT(case_pattern(rows[i].pattern, rows[i].text), rows[i].matches);
    }
}

static void
differs(const char *want, const char *got, bool includes, const char *lines)
{
    struct buf out = BUF_INIT(10000);
    unsigned count = json_diff(&out, want, got, includes);

    CHECK_STR(buf_text(&out), lines);
    CHECK((count == 0) == (*lines == '\0'));
    buf_free(&out);
}

static void
json_is_equal_by_value_whatever_the_order_of_members(void)
{
    differs("{\"a\":1,\"b\":[1.0,2e0]}", "{ \"b\" : [1, 2.00], \"a\" : 1 }", false, "");
    differs("null", "null", false, "");
    differs("\"\\u00e5\"", "\"å\"", false, "");
    differs("12345678901234567890.10", "12345678901234567890.1", false, "");
}

static void
differences_are_told_path_by_path(void)
{
    differs("{\"tags\":[\"a\",\"x\"]}", "{\"tags\":[\"a\",\"y\"]}", false,
            "json.tags[1]: wanted \"x\", got \"y\"\n");
    differs("1", "\"1\"", false, "json: wanted 1, got \"1\"\n");
    differs("{\"a\":{\"b\":null}}", "{\"a\":{}}", false, "json.a.b: wanted null, got nothing\n");
    differs("[1]", "[1,2]", false, "json[1]: wanted nothing, got 2\n");
    differs("[1,[2]]", "[1]", false, "json[1]: wanted [2], got nothing\n");
    differs("{}", "{\"a b\":1}", false, "json[\"a b\"]: wanted nothing, got 1\n");
    differs("{\"a\":[]}", "{\"a\":{}}", false, "json.a: wanted [], got {}\n");
    differs("true", "false", false, "json: wanted true, got false\n");
    differs("9007199254740993", "9007199254740992", false,
            "json: wanted 9007199254740993, got 9007199254740992\n");
    differs("{}", "{", false, "json: the body that was sent is not JSON\n");
}

static void
includes_minds_the_wanted_members_only(void)
{
    differs("{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1,\"c\":2},\"d\":3}", true, "");
    differs("[{\"a\":1}]", "[{\"a\":1,\"b\":2}]", true, "");
    differs("[]", "[1]", true, "json[0]: wanted nothing, got 1\n");
    differs("{\"a\":1}", "{}", true, "json.a: wanted 1, got nothing\n");
}

static void
the_number_of_lines_has_a_limit(void)
{
    struct buf want = BUF_INIT(1000), got = BUF_INIT(1000), out = BUF_INIT(10000);
    const char *end;

    for (int i = 0; i < 25; i++) {
        buf_printf(&want, "%s1", i ? "," : "[");
        buf_printf(&got, "%s2", i ? "," : "[");
    }
    buf_byte(&want, ']');
    buf_byte(&got, ']');
    CHECK_INT(json_diff(&out, buf_text(&want), buf_text(&got), false), 25);
    end = strstr(buf_text(&out), "json[19]");
    CHECK(end != NULL);
    if (end)
        CHECK_STR(end, "json[19]: wanted 1, got 2\njson: 5 more differences\n");
    buf_free(&want);
    buf_free(&got);
    buf_free(&out);
}

static void
all_that_does_not_match_is_counted(void)
{
    struct http_header sent[] = { { "X-A", "1" }, { "x-b", "2" } };
    struct case_header wanted[] = { { "x-a", "…" }, { "X-B", NULL }, { "X-C", NULL },
                                    { "X-D", "4" } };
    struct hermod_request q = { .method = "POST", .url = "https://a.example/1", .headers = sent,
                                .header_count = 2, .body = "abc", .body_len = 3 };
    struct case_exchange x = { .method = "POST", .url = "https://a.example/…", .headers = wanted,
                               .header_count = 4, .body = "abd", .body_len = 3 };
    struct buf out = BUF_INIT(1000);

    CHECK_INT(case_match(&x, &q, &out), 3);
    CHECK_STR(buf_text(&out), "header X-B: wanted none, got \"2\"\n"
                              "header X-D: wanted \"4\", got none\n"
                              "body: differs from byte 3: wanted \"abd\", got \"abc\"\n");
    buf_reset(&out);
    x.header_count = 1;
    x.body = NULL;
    CHECK_INT(case_match(&x, &q, &out), 0);
    buf_free(&out);
}

UNIT_MAIN("cli/case_match", UNIT_TEST(an_ellipsis_stands_for_any_text),
          UNIT_TEST(json_is_equal_by_value_whatever_the_order_of_members),
          UNIT_TEST(differences_are_told_path_by_path),
          UNIT_TEST(includes_minds_the_wanted_members_only),
          UNIT_TEST(the_number_of_lines_has_a_limit),
          UNIT_TEST(all_that_does_not_match_is_counted))
