#include <stdlib.h>

#include "fake_far.h"
#include "model/caps.h"
#include "unit.h"

static const struct hermod_json *
parsed(struct fake *f, const char *text)
{
    return hermod_json_parse(f->c, text, strlen(text));
}

/* What comes out when text goes in; "null" for what is not JSON. */
static void
round_trip(const char *text, const char *want)
{
    struct fake f;

    fake_begin(&f);
    CHECK_STR(hermod_json_text(f.c, parsed(&f, text)), want);
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
json_comes_out_as_it_went_in_number_by_number(void)
{
    round_trip("{\"a\":99.90,\"b\":1E+2,\"c\":-0,\"d\":0.10}",
               "{\"a\":99.90,\"b\":1E+2,\"c\":-0,\"d\":0.10}");
    round_trip("[123456789012345678901234567890,1e400,-0.0]",
               "[123456789012345678901234567890,1e400,-0.0]");
    round_trip(" [ true , false , null , \"x\" ] ", "[true,false,null,\"x\"]");
    round_trip("\"å\\u00e5\\ud83d\\ude00\\n\\/\\\"\"", "\"åå😀\\n/\\\"\"");
    round_trip("\"\\ud83d x\\ude00\"", "\"\xef\xbf\xbd x\xef\xbf\xbd\"");
    round_trip("{\"a\":1,\"a\":2}", "{\"a\":2}");
    round_trip("{}", "{}");
    round_trip("[]", "[]");
    round_trip("1", "1");
}

static void
what_is_not_strictly_json_is_null(void)
{
    static const char *const bad[] = {
        "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{a:1}", "{'a':1}", "[1 2]", "[1]]", "[1]x", "nul", "NaN", "Infinity", "-", "01", "1.",
        ".5", "+1", "0x1", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"", "\"a\nb\"", "\"\xff\"",
        "\xef\xbb\xbf{}", "// c\n1", "[1/*c*/]", "{\"\\u0000\":1}", "{1:2}", "truefalse", "}",
        "\"\xed\xa0\x80\"",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        round_trip(bad[i], "null");
}

static void
nesting_has_a_limit(void)
{
    char text[2 * CAP_JSON_DEPTH + 3];

    memset(text, '[', CAP_JSON_DEPTH);
    memset(text + CAP_JSON_DEPTH, ']', CAP_JSON_DEPTH);
    text[2 * CAP_JSON_DEPTH] = '\0';
    round_trip(text, text);
    memset(text, '[', CAP_JSON_DEPTH + 1);
    memset(text + CAP_JSON_DEPTH + 1, ']', CAP_JSON_DEPTH + 1);
    text[2 * CAP_JSON_DEPTH + 2] = '\0';
    round_trip(text, "null");
}

/* A megabyte of "{},{}" would take 300 times as much as a tree. */
static void
an_answer_made_to_exhaust_memory_is_not_json(void)
{
    struct fake f;
    size_t len = CAP_RESPONSE - 2;
    char *text = malloc(len);

    for (size_t i = 0; i < len; i++)
        text[i] = "{},"[i % 3];
    text[0] = '[';
    text[1] = '1';
    text[len - 1] = ']';
    fake_begin(&f);
    CHECK_INT(hermod_json_type(f.c, hermod_json_parse(f.c, text, len)), HERMOD_JSON_NULL);
    fake_end(&f);
    free(text);
}

static void
paths_are_dotted_and_absent_values_are_null(void)
{
    struct fake f;
    const struct hermod_json *j;

    fake_begin(&f);
    j = parsed(&f, "{\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\",\"n\":12,\"big\":1e30,"
                   "\"half\":1.5,\"two\":2.0,\"ok\":true,\"nil\":null}],\"0\":\"key\","
                   "\"z\":\"a\\u0000b\"}");
    CHECK_STR(hermod_json_get_string(f.c, j, "items.1.sku", "-"), "b");
    CHECK_STR(hermod_json_get_string(f.c, j, "0", "-"), "key");
    CHECK_STR(hermod_json_get_string(f.c, j, "items.2.sku", "-"), "-");
    CHECK_STR(hermod_json_get_string(f.c, j, "items.x.sku", "-"), "-");
    CHECK_STR(hermod_json_get_string(f.c, j, "items.-1.sku", "-"), "-");
    CHECK_STR(hermod_json_get_string(f.c, j, "items.1.n", "-"), "-");
    CHECK_STR(hermod_json_get_string(f.c, j, "z", "-"), "-");
    CHECK_STR(hermod_json_get_number(f.c, j, "items.1.n", "-"), "12");
    CHECK_STR(hermod_json_get_number(f.c, j, "items.1.two", "-"), "2.0");
    CHECK_STR(hermod_json_get_number(f.c, j, "items.1.sku", "-"), "-");
    CHECK_INT(hermod_json_get_int(f.c, j, "items.1.n", -7), 12);
    CHECK_INT(hermod_json_get_int(f.c, j, "items.1.two", -7), 2);
    CHECK_INT(hermod_json_get_int(f.c, j, "items.1.big", -7), -7);
    CHECK_INT(hermod_json_get_int(f.c, j, "items.1.half", -7), -7);
    CHECK_INT(hermod_json_get_int(f.c, j, "items.1.sku", -7), -7);
    CHECK(hermod_json_get_bool(f.c, j, "items.1.ok", false));
    CHECK(hermod_json_get_bool(f.c, j, "items.1.n", true));
    CHECK(hermod_json_get(f.c, j, "") == j);
    CHECK(hermod_json_get(f.c, j, "none") != NULL);
    CHECK_INT(hermod_json_type(f.c, hermod_json_get(f.c, j, "none")), HERMOD_JSON_NULL);
    CHECK_INT(hermod_json_type(f.c, hermod_json_get(f.c, j, "items.1.nil")), HERMOD_JSON_NULL);
    CHECK_INT(hermod_json_type(f.c, hermod_json_get(f.c, j, "items")), HERMOD_JSON_ARRAY);
    CHECK_INT(hermod_json_type(f.c, hermod_json_get(f.c, j, "items.1.n")), HERMOD_JSON_NUMBER);
    CHECK_INT(hermod_json_length(f.c, j), 3);
    CHECK_INT(hermod_json_length(f.c, hermod_json_get(f.c, j, "items")), 2);
    CHECK_INT(hermod_json_length(f.c, hermod_json_get(f.c, j, "none")), 0);
    CHECK_STR(hermod_json_key_at(f.c, j, 1), "0");
    CHECK_STR(hermod_json_key_at(f.c, j, 3), "");
    CHECK_STR(hermod_json_get_string(f.c, hermod_json_at(f.c, j, 1), "", "-"), "key");
    CHECK_INT(hermod_json_type(f.c, hermod_json_at(f.c, j, 9)), HERMOD_JSON_NULL);
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
a_null_pointer_is_json_null_everywhere(void)
{
    struct fake f;
    struct hermod_json *o;

    fake_begin(&f);
    CHECK_STR(hermod_json_text(f.c, NULL), "null");
    CHECK_INT(hermod_json_type(f.c, NULL), HERMOD_JSON_NULL);
    CHECK_INT(hermod_json_length(f.c, NULL), 0);
    CHECK_STR(hermod_json_get_string(f.c, NULL, "a.b", "-"), "-");
    CHECK_STR(hermod_json_key_at(f.c, NULL, 0), "");
    o = hermod_json_object(f.c);
    hermod_json_set(f.c, o, "a", NULL);
    hermod_json_set(f.c, o, "b", hermod_json_get(f.c, o, "none"));
    CHECK_STR(hermod_json_text(f.c, o), "{\"a\":null,\"b\":null}");
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
setters_build_and_replace(void)
{
    static const char *const tags[] = { "x", "y", NULL }, *const none[] = { NULL };
    struct fake f;
    struct hermod_json *o, *a;
    const char *old;

    fake_begin(&f);
    o = hermod_json_object(f.c);
    hermod_json_set_string(f.c, o, "s", "first");
    old = hermod_json_get_string(f.c, o, "s", "");
    hermod_json_set_string(f.c, o, "s", "å\"\\\n\x01");
    CHECK_STR(old, "first");                   /* still there to the end of the call */
    hermod_json_set_bool(f.c, o, "b", true);
    hermod_json_set_int(f.c, o, "i", INT64_MIN);
    hermod_json_set_number(f.c, o, "n", "99.90");
    hermod_json_set_strings(f.c, o, "t", tags);
    hermod_json_set_strings(f.c, o, "e", none);
    a = hermod_json_array(f.c);
    hermod_json_add_string(f.c, a, "not \xff utf-8");
    hermod_json_add(f.c, a, hermod_json_pack(f.c, "n"));
    hermod_json_set(f.c, o, "a", a);
    CHECK_STR(hermod_json_text(f.c, o),
              "{\"s\":\"å\\\"\\\\\\n\\u0001\",\"b\":true,\"i\":-9223372036854775808,"
              "\"n\":99.90,\"t\":[\"x\",\"y\"],\"e\":[],\"a\":[\"not \xef\xbf\xbd utf-8\",null]}");
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
lists_of_strings_are_read_whether_bare_or_in_objects(void)
{
    struct fake f;
    const struct hermod_json *j;
    const char *const *list;

    fake_begin(&f);
    j = parsed(&f, "{\"t\":[\"å\",{\"id\":1,\"name\":\"b\"},7,null,{\"name\":2},[\"x\"],"
                   "\"a\\u0000b\",\"\",{\"id\":3}]}");
    list = hermod_json_get_strings(f.c, j, "t", "name");
    CHECK_STR(list[0], "å");
    CHECK_STR(list[1], "b");
    CHECK_STR(list[2], "");
    CHECK(list[3] == NULL);
    list = hermod_json_get_strings(f.c, j, "t", "");
    CHECK_STR(list[1], "");
    CHECK(list[2] == NULL);
    CHECK(hermod_json_get_strings(f.c, j, "u", "name")[0] == NULL);
    CHECK(hermod_json_get_strings(f.c, j, "t.0", "name")[0] == NULL);
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
one_value_may_stand_in_two_places(void)
{
    struct fake f;
    struct hermod_json *o;
    const struct hermod_json *shared;

    fake_begin(&f);
    shared = hermod_json_pack(f.c, "{s:i}", "x", 1);
    o = hermod_json_object(f.c);
    hermod_json_set(f.c, o, "a", shared);
    hermod_json_set(f.c, o, "b", shared);
    hermod_json_set(f.c, o, "c", hermod_json_get(f.c, parsed(&f, "{\"k\":[1]}"), "k"));
    CHECK_STR(hermod_json_text(f.c, o), "{\"a\":{\"x\":1},\"b\":{\"x\":1},\"c\":[1]}");
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
pack_builds_what_its_format_looks_like(void)
{
    struct fake f;
    struct hermod_json *j = NULL;

    fake_begin(&f);
    j = hermod_json_pack(f.c, "{s:s, s:[s,s], s:b, s:i, s:I, s:d, s:j, s:n, s:{}, s:[ ]}",
                         "email", "a@b.se", "tags", "x", "y", "vip", 1, "i", -1, "I",
                         (int64_t)1 << 60, "d", "9.90", "j",
                         hermod_json_pack(f.c, "[i]", 7), "n", "o", "a");
    CHECK_STR(hermod_json_text(f.c, j),
              "{\"email\":\"a@b.se\",\"tags\":[\"x\",\"y\"],\"vip\":true,\"i\":-1,"
              "\"I\":1152921504606846976,\"d\":9.90,\"j\":[7],\"n\":null,\"o\":{},\"a\":[]}");
    CHECK_STR(hermod_json_text(f.c, hermod_json_pack(f.c, " s ", "x")), "\"x\"");
    CHECK_STR(hermod_json_text(f.c, hermod_json_pack(f.c, "j", NULL)), "null");
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

#define MISPACKED(want, ...)                                                          \
    do {                                                                              \
        static struct fake f_;                                                        \
        fake_begin(&f_);                                                              \
        CHECK_STR(hermod_json_text(f_.c, hermod_json_pack(f_.c, __VA_ARGS__)), "{}"); \
        CHECK_STR(fake_mark(&f_), "plugin mistake: hermod_json_pack: " want);         \
        fake_end(&f_);                                                                \
    } while (0)

static void
a_bad_pack_format_marks_the_call_and_says_where(void)
{
    MISPACKED("the format is NULL", NULL);
    MISPACKED("the format ends where one of { [ s i I b d j n was wanted", "");
    MISPACKED("'x' at 1 in the format; wanted one of { [ s i I b d j n", "x");
    MISPACKED("'i' at 2 in the format; wanted s for a key", "{i:s}", 1, "a");
    MISPACKED("'s' at 3 in the format; wanted ':'", "{ss}", "a", "b");
    MISPACKED("'}' at 4 in the format; wanted one of { [ s i I b d j n", "{s:}", "a");
    MISPACKED("the format ends where ',' or '}' was wanted", "{s:s", "a", "b");
    MISPACKED("the format ends where ',' or ']' was wanted", "[s", "a");
    MISPACKED("'}' at 3 in the format; wanted ',' or ']'", "[s}", "a");
    MISPACKED("',' at 2 in the format; wanted its end", "s,s", "a", "b");
    MISPACKED("argument 2 is NULL", "{s:s}", "a", NULL);
    MISPACKED("argument 1 is NULL", "{s:s}", NULL, "b");
    MISPACKED("argument 2 is not a JSON number", "{s:d}", "a", "12 kr");
    MISPACKED("argument 1, a key, is not UTF-8", "{s:i}", "\xff", 1);
    MISPACKED("the format is nested deeper than 32",
              "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
}

UNIT_MAIN("runner/svc_json", UNIT_TEST(json_comes_out_as_it_went_in_number_by_number),
          UNIT_TEST(what_is_not_strictly_json_is_null), UNIT_TEST(nesting_has_a_limit),
          UNIT_TEST(an_answer_made_to_exhaust_memory_is_not_json),
          UNIT_TEST(paths_are_dotted_and_absent_values_are_null),
          UNIT_TEST(a_null_pointer_is_json_null_everywhere),
          UNIT_TEST(setters_build_and_replace),
          UNIT_TEST(lists_of_strings_are_read_whether_bare_or_in_objects),
          UNIT_TEST(one_value_may_stand_in_two_places),
          UNIT_TEST(pack_builds_what_its_format_looks_like),
          UNIT_TEST(a_bad_pack_format_marks_the_call_and_says_where))
