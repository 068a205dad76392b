/* YAML 1.2.2, section 10.3.2: the core schema's types; and the same as JSON. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "config/yaml.h"
#include "unit.h"

static void
no_error(void *arg, const struct yaml_error *e)
{
    (void)arg;
    fprintf(stderr, "%d:%d: %s\n", e->line, e->column, e->text);
}

static char *
to_json(const char *text)
{
    struct arena a = { 0 };
    struct buf out = BUF_INIT(1 << 20);
    const struct yaml_node *n = yaml_parse(&a, text, strlen(text), NULL, no_error, NULL);

    CHECK(n != NULL);
    if (n)
        yaml_to_json(n, &out);
    arena_free(&a);
    buf_byte(&out, '\0');
    return buf_take(&out);
}

#define JSON(text, want)                              \
    do {                                              \
        CLEANUP(free_ptr) char *got = to_json(text);  \
        CHECK_STR(got, want);                         \
    } while (0)

static void
plain_scalars_have_the_core_schemas_types(void)
{
    JSON("[null, Null, NULL, ~, ]", "[null,null,null,null]");
    JSON("{a: , b: ''}", "{\"a\":null,\"b\":\"\"}");
    JSON("[true, True, TRUE, false, False, FALSE]", "[true,true,true,false,false,false]");
    JSON("[0, -0, 12, +12, -19, 007, 0o14, 0x3A, 0xff]", "[0,-0,12,12,-19,7,12,58,255]");
    JSON("[0., -0.0, .5, +12e03, -2E+05, 1.50, 5.e3, 6.8523015e+5]",
         "[0.0,-0.0,0.5,12e03,-2E+05,1.50,5.0e3,6.8523015e+5]");
    JSON("[.inf, -.Inf, +.INF, .nan, .NaN]",
         "[\".inf\",\"-.Inf\",\"+.INF\",\".nan\",\".NaN\"]");
}

static void
what_only_yaml_1_1_takes_for_more_is_a_string(void)
{
    JSON("[yes, No, on, off, y, 0b1, 1_000, 12:30, 2025-11-10, 0o8, 0x, +0x1, nUll, tRue]",
         "[\"yes\",\"No\",\"on\",\"off\",\"y\",\"0b1\",\"1_000\",\"12:30\",\"2025-11-10\","
         "\"0o8\",\"0x\",\"+0x1\",\"nUll\",\"tRue\"]");
    JSON("[1e, e5, ., -, +, -., 1.2.3, 12abc, .e5]",
         "[\"1e\",\"e5\",\".\",\"-\",\"+\",\"-.\",\"1.2.3\",\"12abc\",\".e5\"]");
}

static void
quotes_make_strings(void)
{
    JSON("['7', \"true\", 'null', \"~\", !!str 7]", "[\"7\",\"true\",\"null\",\"~\",\"7\"]");
    JSON("a: |\n  7\nb: >-\n  8\n", "{\"a\":\"7\\n\",\"b\":\"8\"}");
}

static void
numbers_of_any_size_keep_their_digits(void)
{
    JSON("[123456789012345678901234567890, -9223372036854775808]",
         "[123456789012345678901234567890,-9223372036854775808]");
    JSON("[0x7fffffffffffffff, 0xffffffffffffffff]",
         "[9223372036854775807,\"0xffffffffffffffff\"]");
}

static void
strings_and_keys_are_escaped(void)
{
    JSON("{\"a\\\"b\": \"x\\ty\\n\\u0001å\", 7: z}",
         "{\"a\\\"b\":\"x\\ty\\n\\u0001å\",\"7\":\"z\"}");
}

static void
json_is_yaml_and_comes_back_the_same(void)
{
    const char *json = "{\"a\":[1,2.5,-3e7,true,false,null,\"\",\"x\\\\/y\"],\"b\":{\"c\":{}},"
                       "\"d\":[],\"e\":\"\\\"\"}";

    JSON(json, json);
}

static void
integers_are_read_with_their_limits(void)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t want;
    } rows[] = {
        { "0", true, 0 }, { "+5", true, 5 }, { "-5", true, -5 }, { "0x10", true, 16 },
        { "0o17", true, 15 }, { "9223372036854775807", true, INT64_MAX },
        { "-9223372036854775808", true, INT64_MIN }, { "0x7fffffffffffffff", true, INT64_MAX },
        { "9223372036854775808", false, 0 }, { "0x8000000000000000", false, 0 },
        { "0o1000000000000000000000", false, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct yaml_node n = { .kind = YAML_SCALAR, .tag = "", .text = rows[i].text };
        int64_t got = -1;

        CHECK(yaml_type(&n) == YAML_INT);
        CHECK(yaml_int(&n, &got) == rows[i].fits);
        CHECK_INT(got, rows[i].fits ? rows[i].want : -1);
    }
}

UNIT_MAIN("config/yaml_type",
    UNIT_TEST(plain_scalars_have_the_core_schemas_types),
    UNIT_TEST(what_only_yaml_1_1_takes_for_more_is_a_string),
    UNIT_TEST(quotes_make_strings),
    UNIT_TEST(numbers_of_any_size_keep_their_digits),
    UNIT_TEST(strings_and_keys_are_escaped),
    UNIT_TEST(json_is_yaml_and_comes_back_the_same),
    UNIT_TEST(integers_are_read_with_their_limits))
