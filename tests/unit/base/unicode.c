#include <stdlib.h>

#include "base/mem.h"
#include "base/unicode.h"
#include "unit.h"

#define CHECK_FN(fn, in, want)                        \
    do {                                              \
        CLEANUP(free_ptr) char *out_ = fn(in);        \
        CHECK_STR(out_, want);                        \
    } while (0)

/* Expected values here and below: str.lower() and unicodedata.normalize("NFC", ...) of
   CPython 3.11. */
static void
nordic_letters_become_lower_case(void)
{
    CHECK_FN(unicode_lower, "ÅSA ÖBERG", "åsa öberg");
    CHECK_FN(unicode_lower, "ÆRØ ÞÓR ĐAM", "ærø þór đam");
    CHECK_FN(unicode_lower, "SØREN Ödegård", "søren ödegård");
    CHECK_FN(unicode_lower, "plain ASCII 123 @.", "plain ascii 123 @.");
    CHECK_FN(unicode_lower, "", "");
}

static void
lower_case_follows_unicode_and_no_locale(void)
{
    CHECK_FN(unicode_lower, "I", "i");
    CHECK_FN(unicode_lower, "İSTANBUL", "i\xcc\x87stanbul");
    CHECK_FN(unicode_lower, "STRASSE ẞ ß", "strasse ß ß");
    CHECK_FN(unicode_lower, "ǅ Ⅷ 𐐀", "ǆ ⅷ 𐐨");
    CHECK_FN(unicode_lower, "ПРИВЕТ", "привет");
}

static void
a_sigma_at_the_end_of_a_word_is_final(void)
{
    CHECK_FN(unicode_lower, "ΟΔΥΣΣΕΥΣ ΣΑΣ", "οδυσσευς σας");
    CHECK_FN(unicode_lower, "Σ", "σ");
    CHECK_FN(unicode_lower, "ΑΣ.", "ας.");
    CHECK_FN(unicode_lower, "ΑΣ.Β", "ασ.β");
    CHECK_FN(unicode_lower, "ΌΣΟΣ'", "όσος'");
}

static void
lower_case_ends_in_nfc(void)
{
    CHECK_FN(unicode_lower, "A\xcc\x8aSA", "åsa");
}

static void
nfc_composes_and_orders_marks(void)
{
    CHECK_FN(unicode_nfc, "e\xcc\x81", "é");
    CHECK_FN(unicode_nfc, "A\xcc\x8angstro\xcc\x88m", "Ångström");
    CHECK_FN(unicode_nfc, "\xe2\x84\xab", "Å");                     /* the Ångström sign */
    CHECK_FN(unicode_nfc, "q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87");
    CHECK_FN(unicode_nfc, "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "각");
    CHECK_FN(unicode_nfc, "\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc"); /* an exclusion */
    CHECK_FN(unicode_nfc, "ﬁ Ⅷ", "ﬁ Ⅷ");                           /* not NFKC */
}

static void
bytes_that_are_not_utf8_become_replacement_characters(void)
{
    CHECK_FN(unicode_nfc, "a\xff" "b", "a\xef\xbf\xbd" "b");
    CHECK_FN(unicode_lower, "A\xc3", "a\xef\xbf\xbd");
    CHECK_FN(unicode_strip_marks, "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void
marks_are_stripped_and_letters_stay(void)
{
    CHECK_FN(unicode_strip_marks, "Malmö", "Malmo");
    CHECK_FN(unicode_strip_marks, "Åsa Élise Ñandú", "Asa Elise Nandu");
    CHECK_FN(unicode_strip_marks, "e\xcc\x81\xcc\xa3", "e");
    CHECK_FN(unicode_strip_marks, "ærø ß đ", "ærø ß đ");           /* these are letters */
    CHECK_FN(unicode_strip_marks, "각", "각");
}

UNIT_MAIN("base/unicode",
    UNIT_TEST(nordic_letters_become_lower_case),
    UNIT_TEST(lower_case_follows_unicode_and_no_locale),
    UNIT_TEST(a_sigma_at_the_end_of_a_word_is_final),
    UNIT_TEST(lower_case_ends_in_nfc),
    UNIT_TEST(nfc_composes_and_orders_marks),
    UNIT_TEST(bytes_that_are_not_utf8_become_replacement_characters),
    UNIT_TEST(marks_are_stripped_and_letters_stay))
