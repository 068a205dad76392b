#include <stdlib.h>

#include "model/slug.h"
#include "unit.h"

static void
is(const char *text, const char *want)
{
    char *got = slug(text);

    CHECK_STR(got, want);
    free(got);
}

static void
nordic_and_german_letters_get_their_usual_spelling(void)
{
    is("Malmö Tidning!", "malmo-tidning");
    is("Göteborgs-Posten Åre ÄÖ", "goteborgs-posten-are-ao");
    is("Kjære Ærø", "kjaere-aero");
    is("Straße GROẞ", "strasse-gross");
    is("Þórður Eiðsson", "thordur-eidsson");
    is("Łódź Œuvre", "lodz-oeuvre");
    is("ISTANBUL İzmir ılık", "istanbul-izmir-ilik");
}

static void
marks_fall_off_composed_or_not(void)
{
    is("Café crème", "cafe-creme");
    is("Cafe\u0301 cre\u0300me", "cafe-creme");
    is("A\u030asa", "asa");
}

static void
the_documented_tag_is_reproduced(void)
{
    is("publication-Premium Magazine", "publication-premium-magazine");
    is("mag-001", "mag-001");
}

static void
everything_else_is_one_hyphen_between_words(void)
{
    is("  a  --  b__c  ", "a-b-c");
    is("100 % \"free\" & more", "100-free-more");
    is("a/b\\c.d", "a-b-c-d");
    is("a\u2013b\u00a0c", "a-b-c");
    is("sid:fGb4GbMUclADQtBxoX1rl", "sid-fgb4gbmucladqtbxox1rl");
}

static void
nothing_left_is_an_empty_slug(void)
{
    is("", "");
    is("!!! ---", "");
    is("Привет", "");
    is("\xff\xfe", "");
    is("日本 1", "1");
}

UNIT_MAIN("model/slug", UNIT_TEST(nordic_and_german_letters_get_their_usual_spelling),
          UNIT_TEST(marks_fall_off_composed_or_not),
          UNIT_TEST(the_documented_tag_is_reproduced),
          UNIT_TEST(everything_else_is_one_hyphen_between_words),
          UNIT_TEST(nothing_left_is_an_empty_slug))
