#include "unit.h"

#include <stdlib.h>

#include "model/caps.h"
#include "model/json.h"

/* Reads a whole text, in memory of exactly its size. */
static const char *
verdict(const char *text, size_t len)
{
    char *copy = malloc(len ? len : 1);
    struct json_cursor c = { copy, copy + len, NULL };

    memcpy(copy, text, len);
    json_space(&c);
    if (json_value(&c) && json_end(&c))
        CHECK(c.wrong == NULL);
    free(copy);
    return c.wrong;
}

#define TAKEN(text) CHECK(verdict((text), sizeof(text) - 1) == NULL)
#define REFUSED(text) CHECK(verdict((text), sizeof(text) - 1) != NULL)

static void
every_kind_of_value_is_taken(void)
{
    TAKEN("null");
    TAKEN("true");
    TAKEN("false");
    TAKEN("0");
    TAKEN("-0");
    TAKEN("-12.50e-03");
    TAKEN("1E5");
    TAKEN("1e999");
    TAKEN("\"\"");
    TAKEN("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Ff\"");
    TAKEN("\"\\ud800\"");
    TAKEN("\"\x7f\"");
    TAKEN("\"å€😀\"");
    TAKEN("[]");
    TAKEN("[ ]");
    TAKEN("[1,[2,[3]],{}]");
    TAKEN("{}");
    TAKEN("{ }");
    TAKEN(" {\"a\" : 1 ,\n\t\"a\":\r\n2} ");
}

/* RFC 8259's grammar, where JSON readers most often let things pass. */
static void
what_is_not_json_is_refused(void)
{
    REFUSED("");
    REFUSED(" ");
    REFUSED("nul");
    REFUSED("True");
    REFUSED("NaN");
    REFUSED("Infinity");
    REFUSED("-Infinity");
    REFUSED("-");
    REFUSED("+1");
    REFUSED("01");
    REFUSED("-01");
    REFUSED("1.");
    REFUSED(".5");
    REFUSED("1e");
    REFUSED("1e+");
    REFUSED("0x1");
    REFUSED("1 2");
    REFUSED("\"");
    REFUSED("\"\\\"");
    REFUSED("\"\\");
    REFUSED("\"\\v\"");
    REFUSED("\"\\x41\"");
    REFUSED("\"\\\0\"");
    REFUSED("\"\\u12\"");
    REFUSED("\"\\u12g4\"");
    REFUSED("\"\\u12");
    REFUSED("\"\t\"");
    REFUSED("\"\0\"");
    REFUSED("'a'");
    REFUSED("[1,]");
    REFUSED("[,1]");
    REFUSED("[1 2]");
    REFUSED("[");
    REFUSED("[1");
    REFUSED("[1}");
    REFUSED("]");
    REFUSED("{\"a\":1,}");
    REFUSED("{,\"a\":1}");
    REFUSED("{\"a\"}");
    REFUSED("{\"a\":}");
    REFUSED("{\"a\":1 \"b\":2}");
    REFUSED("{a:1}");
    REFUSED("{'a':1}");
    REFUSED("{1:1}");
    REFUSED("{\"a\":1]");
    REFUSED("{");
    REFUSED("{\"a");
    REFUSED("{\"a\":1");
    REFUSED("/*x*/1");
    REFUSED("\xef\xbb\xbf" "1");
    REFUSED("1\0");
    REFUSED("\v1");
    REFUSED("\f1");
    REFUSED("\xc2\xa0" "1");
}

static void
strings_are_utf_8(void)
{
    REFUSED("\"\xff\"");
    REFUSED("\"\x80\"");
    REFUSED("\"\xc0\x80\"");
    REFUSED("\"\xe0\x80\x80\"");
    REFUSED("\"\xed\xa0\x80\"");
    REFUSED("\"\xf4\x90\x80\x80\"");
    REFUSED("\"\xc3\"");
    REFUSED("\"\xc3");
    REFUSED("{\"\xff\":1}");
    TAKEN("\"\xf4\x8f\xbf\xbf\"");
}

static void
depth_has_a_limit(void)
{
    char text[2 * CAP_JSON_DEPTH + 20];

    for (int depth = 1; depth <= CAP_JSON_DEPTH + 8; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        CHECK((verdict(text, (size_t)depth * 2) == NULL) == (depth <= CAP_JSON_DEPTH));
    }
    /* The walk over members has the same limit. */
    for (int depth = CAP_JSON_DEPTH - 2; depth <= CAP_JSON_DEPTH + 2; depth++) {
        struct json_cursor c;
        struct json_member m;
        char nested[2 * CAP_JSON_DEPTH + 20] = "{\"a\":";
        size_t len = strlen(nested);

        memset(nested + len, '[', (size_t)depth - 1);
        memset(nested + len + depth - 1, ']', (size_t)depth - 1);
        len += 2 * ((size_t)depth - 1);
        nested[len++] = '}';
        c = (struct json_cursor){ nested, nested + len, NULL };
        CHECK(json_enter_object(&c));
        CHECK_INT(json_next_member(&c, &m), depth <= CAP_JSON_DEPTH ? 1 : -1);
    }
}

static void
members_come_in_order_with_their_own_bytes(void)
{
    static const char text[] = " { \"a\" : {\"x\":1} , \"b\\u0063\":\"{\",\"\":[ 1 ] }rest";
    static const char *const names[] = { "a", "b\\u0063", "" };
    static const char *const values[] = { "{\"x\":1}", "\"{\"", "[ 1 ]" };
    struct json_cursor c = { text, text + strlen(text), NULL };
    struct json_member m;

    CHECK(json_enter_object(&c));
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(json_next_member(&c, &m), 1);
        CHECK_INT(m.name.len, strlen(names[i]));
        CHECK(memcmp(m.name.at, names[i], m.name.len) == 0);
        CHECK_INT(m.value.len, strlen(values[i]));
        CHECK(memcmp(m.value.at, values[i], m.value.len) == 0);
        CHECK(json_name_is(&m, "bc", 2) == (i == 1));
        CHECK(json_name_is(&m, "", 0) == (i == 2));
    }
    CHECK_INT(json_next_member(&c, &m), 0);
    CHECK_STR(c.at, "rest");
}

static void
unescaping_gives_the_characters(void)
{
    static const char inside[] = "a\\u00e5\\n\\u0000\\ud83d\\ude00\\/z";
    static const char want[] = "a\xc3\xa5\n\0\xf0\x9f\x98\x80/z";
    char out[sizeof(inside)];

    CHECK_INT(json_unescape(inside, sizeof(inside) - 1, out), sizeof(want) - 1);
    CHECK(memcmp(out, want, sizeof(want) - 1) == 0);
    CHECK_INT(json_unescape("", 0, out), 0);
    CHECK_INT(json_unescape("\\ud83d", 6, out), -1);
    CHECK_INT(json_unescape("\\ude00\\ud83d", 12, out), -1);
    CHECK_INT(json_unescape("\\ud83d\\uZZZZ", 6, out), -1);
}

UNIT_MAIN("model/json", UNIT_TEST(every_kind_of_value_is_taken),
          UNIT_TEST(what_is_not_json_is_refused), UNIT_TEST(strings_are_utf_8),
          UNIT_TEST(depth_has_a_limit), UNIT_TEST(members_come_in_order_with_their_own_bytes),
          UNIT_TEST(unescaping_gives_the_characters))
