#include "unit.h"

#include <stdint.h>

#include "model/slices.h"

static struct slice found[64];

static void
slice_is(const struct slice *s, const char *want)
{
    if (s->len != strlen(want) || memcmp(s->at, want, s->len) != 0)
        fprintf(stderr, "got \"%.*s\", wanted \"%s\"\n", (int)s->len, s->at, want);
    CHECK(s->len == strlen(want) && memcmp(s->at, want, s->len) == 0);
}

static int
of_array(const char *text)
{
    return slices_of_array(text, strlen(text), found, 64);
}

static void
elements_of_an_array_are_found_byte_for_byte(void)
{
    CHECK_INT(of_array(" [ {\"a\" : [1, 2] } ,\n{\"b\":\"],[\\\"{\"},3 ] \n"), 3);
    slice_is(&found[0], "{\"a\" : [1, 2] }");
    slice_is(&found[1], "{\"b\":\"],[\\\"{\"}");
    slice_is(&found[2], "3");
    CHECK_INT(of_array("[]"), 0);
    CHECK_INT(of_array("[ \t]"), 0);
    CHECK_INT(of_array("[[]]"), 1);
    slice_is(&found[0], "[]");
}

static void
unclear_boundaries_are_refused(void)
{
    static const char *const bad[] = {
        "", " ", "[", "]", "{}", "[1", "1]", "[1,]", "[,1]", "[1,,2]", "[,]", "[1]]",
        "[1] 2]", "[\"]", "[{]", "[}]", "[1}]", "[1][2]", "[\"\\\"]", "x[1]", "[1]x",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(of_array(bad[i]), -1);
    CHECK_INT(slices_of_array("[\"\\", 3, found, 64), -1);
}

static void
more_than_the_limit_is_told_apart_from_malformed(void)
{
    CHECK_INT(slices_of_array("[1,2,3]", 7, found, 3), 3);
    CHECK_INT(slices_of_array("[1,2,3]", 7, found, 2), -2);
    CHECK_INT(slices_of_array("[]", 2, found, 0), 0);
    CHECK_INT(slices_of_lines("1\n2\n3", 5, found, 3), 3);
    CHECK_INT(slices_of_lines("1\n2\n3", 5, found, 2), -2);
    CHECK_INT(slices_of_lines("1\n2\n\n\n", 6, found, 2), 2);
}

static void
lines_are_found_whatever_ends_them(void)
{
    static const char text[] = "\n{\"a\":1}\r\n\n  {\"b\":2}\t\n \n{\"c\":3}";

    CHECK_INT(slices_of_lines(text, strlen(text), found, 64), 3);
    slice_is(&found[0], "{\"a\":1}");
    slice_is(&found[1], "{\"b\":2}");
    slice_is(&found[2], "{\"c\":3}");
    CHECK_INT(slices_of_lines("", 0, found, 64), 0);
    CHECK_INT(slices_of_lines("\n\r\n ", 4, found, 64), 0);
}

static int
member(const char *text, const char *name)
{
    return slice_of_member(text, strlen(text), name, &found[0]);
}

static void
a_member_is_found_at_the_top_only_and_by_its_unescaped_name(void)
{
    CHECK_INT(member("{\"x\":{\"data\":1},\"data\": [ 1 ] }", "data"), 1);
    slice_is(&found[0], "[ 1 ]");
    CHECK_INT(member("{\"d\\u0061ta\":2}", "data"), 1);
    slice_is(&found[0], "2");
    CHECK_INT(member("{\"x\":{\"data\":1}}", "data"), 0);
    CHECK_INT(member("{}", "data"), 0);
    CHECK_INT(member("{\"data\":1,\"data\":1}", "data"), -1);
    CHECK_INT(member("{\"data\":1,\"\\u0064ata\":1}", "data"), -1);
    CHECK_INT(member("{\"data\":1", "data"), -1);
    CHECK_INT(member("{\"data\":1} x", "data"), -1);
    CHECK_INT(member("[]", "data"), -1);
    CHECK_INT(member("", "data"), -1);
}

/* Texts made of random parts come apart into the same parts. */
static void
parts_that_were_joined_come_apart_again(void)
{
    static const char *const parts[] = {
        "1", "\"a\"", "{\"k\":[1,{\"x\":\"]\"}]}", "[[],[{}]]", "\"\\\\\"", "\"\\\",\"",
        "{\"a\":\"\xc3\xa5,\"}", "null", "{}", "\"[\"",
    };
    static const char *const spaces[] = { "", " ", "\t", " \r", "  " };
    uint32_t state = 2026;

#define NEXT(n) (state = state * 1664525 + 1013904223, (state >> 16) % (n))
    for (int round = 0; round < 3000; round++) {
        char array[1024] = "[", lines[1024] = "";
        const char *used[12];
        int count = (int)NEXT(13) % 12;

        for (int i = 0; i < count; i++) {
            const char *space = spaces[NEXT(5)];
            size_t at = strlen(array), at2 = strlen(lines);

            used[i] = parts[NEXT(10)];
            snprintf(array + at, sizeof(array) - at, "%s%s%s%s", i ? "," : "", space, used[i],
                     spaces[NEXT(5)]);
            snprintf(lines + at2, sizeof(lines) - at2, "%s%s\n%s", space, used[i],
                     NEXT(3) ? "" : "\r\n");
        }
        strncat(array, "]", sizeof(array) - strlen(array) - 1);
        for (int of_lines = 0; of_lines < 2; of_lines++) {
            const char *text = of_lines ? lines : array;
            int got = (of_lines ? slices_of_lines : slices_of_array)(text, strlen(text),
                                                                     found, 64);

            CHECK_INT(got, count);
            for (int i = 0; i < got && i < count; i++)
                slice_is(&found[i], used[i]);
        }
    }
}

UNIT_MAIN("model/slices", UNIT_TEST(elements_of_an_array_are_found_byte_for_byte),
          UNIT_TEST(unclear_boundaries_are_refused),
          UNIT_TEST(more_than_the_limit_is_told_apart_from_malformed),
          UNIT_TEST(lines_are_found_whatever_ends_them),
          UNIT_TEST(a_member_is_found_at_the_top_only_and_by_its_unescaped_name),
          UNIT_TEST(parts_that_were_joined_come_apart_again))
