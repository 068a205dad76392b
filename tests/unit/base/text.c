#include "base/mem.h"
#include "base/text.h"
#include "unit.h"

static void
numbers_are_read_whole_and_within_bounds(void)
{
    static const struct {
        const char *text;
        int64_t min, max, want;
        bool good;
    } rows[] = {
        { "0", 0, 10, 0, true },
        { "10", 0, 10, 10, true },
        { "11", 0, 10, 0, false },
        { "-1", 0, 10, 0, false },
        { "-1", -1, 10, -1, true },
        { "007", 0, 10, 7, true },
        { "9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, true },
        { "-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, true },
        { "9223372036854775808", INT64_MIN, INT64_MAX, 0, false },
        { "-9223372036854775809", INT64_MIN, INT64_MAX, 0, false },
        { "99999999999999999999999", INT64_MIN, INT64_MAX, 0, false },
        { "", 0, 10, 0, false },
        { "-", -10, 10, 0, false },
        { "+1", 0, 10, 0, false },
        { " 1", 0, 10, 0, false },
        { "1 ", 0, 10, 0, false },
        { "1x", 0, 10, 0, false },
        { "0x1", 0, 10, 0, false },
        { "1.0", 0, 10, 0, false },
        { "--1", -10, 10, 0, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t got = 4711;
        bool good = parse_i64(rows[i].text, rows[i].min, rows[i].max, &got);

        if (good != rows[i].good)
            fprintf(stderr, "\"%s\"\n", rows[i].text);
        CHECK_INT(good, rows[i].good);
        CHECK_INT(got, rows[i].good ? rows[i].want : 4711);
    }
}

/* The table of well-formed sequences: Unicode 15, table 3-7, at each edge. */
static void
utf8_is_checked_strictly(void)
{
    static const char *const good[] = {
        "", "plain", "åäö", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "😀",
    };
    static const char *const bad[] = {
        "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf",
        "\xe0\xa0", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "ok\xf0\x9f\x98",
        "\xe2\x82\x41",
    };

    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        CHECK(utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK(!utf8_valid(bad[i], strlen(bad[i])));
    CHECK_INT(utf8_step("", 0), 0);
    CHECK_INT(utf8_step("ö", 2), 2);
    CHECK_INT(utf8_step("ö", 1), 0);
    CHECK_INT(utf8_step("😀x", 5), 4);
}

static void
cutting_never_ends_inside_a_character(void)
{
    const char *text = "aö€😀";          /* 1, 2, 3 and 4 bytes */
    static const size_t want[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };

    for (size_t max = 0; max < ARRAY_LEN(want); max++)
        CHECK_INT(utf8_floor(text, 10, max), want[max]);
    CHECK_INT(utf8_count(text, 10), 4);
    CHECK_INT(utf8_floor("\x80\x80\x80\x80\x80\x80", 6, 5), 2);
}

static void
hex_goes_there_and_back(void)
{
    uint8_t bytes[4] = { 0x00, 0x1f, 0xa0, 0xff }, back[4];
    char text[9];

    hex_encode(bytes, 4, text);
    CHECK_STR(text, "001fa0ff");
    CHECK_INT(hex_decode("001FA0fF", 8, back), 4);
    CHECK(memcmp(bytes, back, 4) == 0);
    CHECK_INT(hex_decode("", 0, back), 0);
    CHECK_INT(hex_decode("0", 1, back), -1);
    CHECK_INT(hex_decode("0g", 2, back), -1);
    CHECK_INT(hex_decode("/0", 2, back), -1);
}

/* RFC 4648, section 10. */
static void
base64_follows_the_published_vectors(void)
{
    static const char *const rows[][2] = {
        { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t len = strlen(rows[i][0]), full = strlen(rows[i][1]), bare = full;
        char text[BASE64_LEN(6)];
        uint8_t back[8];

        base64_encode(rows[i][0], len, text);
        CHECK_STR(text, rows[i][1]);
        CHECK_INT(base64_decode(text, full, back), len);
        CHECK(memcmp(back, rows[i][0], len) == 0);
        while (bare && text[bare - 1] == '=')
            bare--;
        CHECK_INT(base64_decode(text, bare, back), len);
        CHECK(memcmp(back, rows[i][0], len) == 0);
    }
}

static void
base64_takes_both_alphabets_and_nothing_else(void)
{
    static const char *const bad[] = {
        "A", "AAAAA", "Zg=", "Zg===", "Zm9v=", "Zm9v==", "=", "==", "Z=g=", "Zm 9v", "Zm9v\n",
        "Zm9v!", "Zg==Zg==", "====",
    };
    uint8_t out[16];

    CHECK_INT(base64_decode("-_+/", 4, out), 3);
    CHECK(memcmp(out, "\xfb\xff\xbf", 3) == 0);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (base64_decode(bad[i], strlen(bad[i]), out) != -1)
            fprintf(stderr, "\"%s\"\n", bad[i]);
        CHECK_INT(base64_decode(bad[i], strlen(bad[i]), out), -1);
    }
    CHECK_INT(base64_decode("Zm9v\0", 5, out), -1);
}

static void
base32_is_crockfords_in_lower_case(void)
{
    uint8_t ones[16];
    char text[27];

    memset(ones, 0xff, sizeof(ones));
    base32_encode(ones, 16, text);
    CHECK_STR(text, "zzzzzzzzzzzzzzzzzzzzzzzzzw");
    /* 00443 21053 digits of 5 bits each: 0x00 0x44 0x32 0x14 0xc7 is 0 1 2 3 4 5 6 7. */
    base32_encode("\x00\x44\x32\x14\xc7", 5, text);
    CHECK_STR(text, "01234567");
    base32_encode("\x00", 1, text);
    CHECK_STR(text, "00");
    base32_encode("", 0, text);
    CHECK_STR(text, "");
}

static void
percent_encoding_keeps_the_unreserved_only(void)
{
    char text[64], back[64];
    int64_t n;

    CHECK_INT(percent_encode("AZaz09-._~", 10, text), 10);
    CHECK_STR(text, "AZaz09-._~");
    CHECK_INT(percent_encode("a b/ö?%+\n", 10, text), 26);
    CHECK_STR(text, "a%20b%2F%C3%B6%3F%25%2B%0A");
    n = percent_decode(text, strlen(text), back);
    CHECK_INT(n, 10);
    CHECK(memcmp(back, "a b/ö?%+\n", 10) == 0);
    CHECK_INT(percent_decode("%c3%b6+", 7, back), 3);
    CHECK(memcmp(back, "ö+", 3) == 0);
    CHECK_INT(percent_decode("%", 1, back), -1);
    CHECK_INT(percent_decode("%2", 2, back), -1);
    CHECK_INT(percent_decode("%2x", 3, back), -1);
    CHECK_INT(percent_decode("%20", 2, back), -1);
}

UNIT_MAIN("base/text",
    UNIT_TEST(numbers_are_read_whole_and_within_bounds),
    UNIT_TEST(utf8_is_checked_strictly),
    UNIT_TEST(cutting_never_ends_inside_a_character),
    UNIT_TEST(hex_goes_there_and_back),
    UNIT_TEST(base64_follows_the_published_vectors),
    UNIT_TEST(base64_takes_both_alphabets_and_nothing_else),
    UNIT_TEST(base32_is_crockfords_in_lower_case),
    UNIT_TEST(percent_encoding_keeps_the_unreserved_only))
