#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

static void
text_is_always_terminated(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(1000);

    CHECK_STR(buf_text(&b), "");
    buf_str(&b, "one");
    buf_byte(&b, ' ');
    buf_add(&b, "two!", 3);
    buf_printf(&b, " %d%s", 3, "");
    CHECK_STR(buf_text(&b), "one two 3");
    CHECK_INT(b.len, 9);
    CHECK(!b.failed);
}

static void
a_buffer_grows_up_to_its_cap_exactly(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(5000);

    for (int i = 0; i < 5000; i++)
        buf_byte(&b, (char)('a' + i % 26));
    CHECK(!b.failed);
    CHECK_INT(b.len, 5000);
    buf_byte(&b, 'x');
    CHECK(b.failed);
    CHECK_INT(b.len, 5000);
    CHECK_INT(strlen(buf_text(&b)), 5000);
}

static void
over_the_cap_content_is_cut_and_the_error_stays(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(4);

    buf_str(&b, "abcdef");
    CHECK(b.failed);
    CHECK_STR(buf_text(&b), "abcd");
    buf_consume(&b, 2);
    buf_str(&b, "x");
    CHECK_STR(buf_text(&b), "cd");
    CHECK(b.failed);
    buf_reset(&b);
    CHECK(!b.failed);
    buf_printf(&b, "%d", 123456);
    CHECK_STR(buf_text(&b), "1234");
    CHECK(b.failed);
}

static void
printf_of_any_length_fits_in_place_or_grows(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(100000);

    for (int width = 1; width < 300; width++) {
        size_t before = b.len;

        buf_printf(&b, "%0*d", width, 0);
        CHECK_INT(b.len - before, width);
        CHECK_INT(strlen(buf_text(&b)), b.len);
    }
}

static void
room_is_given_within_the_cap_only(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(10);
    char *room = buf_room(&b, 10);

    CU_ASSERT_PTR_NOT_NULL_FATAL(room);
    CHECK_STR(buf_text(&b), "");
    memcpy(room, "0123456789", 11);
    b.len += 10;
    CHECK_STR(buf_text(&b), "0123456789");
    CHECK(buf_room(&b, 1) == NULL);
    CHECK(b.failed);
}

static void
consuming_moves_the_rest_to_the_front(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(100);

    buf_consume(&b, 0);
    buf_str(&b, "hello world");
    buf_consume(&b, 6);
    CHECK_STR(buf_text(&b), "world");
    buf_consume(&b, 5);
    CHECK_STR(buf_text(&b), "");
    CHECK_INT(b.len, 0);
}

static void
taking_hands_over_the_memory_and_empties(void)
{
    struct buf b = BUF_INIT(100);
    char *text;

    text = buf_take(&b);
    CHECK_STR(text, "");
    free(text);
    buf_str(&b, "mine");
    text = buf_take(&b);
    CHECK_STR(text, "mine");
    free(text);
    CHECK_STR(buf_text(&b), "");
    CHECK_INT(b.cap, 100);
    buf_free(&b);
    buf_free(NULL);
}

/* RFC 8259, section 7. */
static void
json_strings_escape_what_must_be(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(1000);

    buf_json(&b, "a\"b\\c/d\b\f\n\r\t\x01\x1f\x7f");
    CHECK_STR(buf_text(&b), "\"a\\\"b\\\\c/d\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
    buf_reset(&b);
    buf_json_n(&b, "a\0b", 3);
    CHECK_STR(buf_text(&b), "\"a\\u0000b\"");
    buf_reset(&b);
    buf_json(&b, "Malmö 😀 日本");
    CHECK_STR(buf_text(&b), "\"Malmö 😀 日本\"");
}

static void
bytes_that_are_not_utf8_become_replacement_characters_in_json(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(1000);

    buf_json(&b, "a\xff" "b\xc3");
    CHECK_STR(buf_text(&b), "\"a\xef\xbf\xbd" "b\xef\xbf\xbd\"");
    buf_reset(&b);
    buf_json(&b, "\xed\xa0\x80");          /* a surrogate */
    CHECK_STR(buf_text(&b), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

UNIT_MAIN("base/buf",
    UNIT_TEST(text_is_always_terminated),
    UNIT_TEST(a_buffer_grows_up_to_its_cap_exactly),
    UNIT_TEST(over_the_cap_content_is_cut_and_the_error_stays),
    UNIT_TEST(printf_of_any_length_fits_in_place_or_grows),
    UNIT_TEST(room_is_given_within_the_cap_only),
    UNIT_TEST(consuming_moves_the_rest_to_the_front),
    UNIT_TEST(taking_hands_over_the_memory_and_empties),
    UNIT_TEST(json_strings_escape_what_must_be),
    UNIT_TEST(bytes_that_are_not_utf8_become_replacement_characters_in_json))
