#include "unit.h"

#include "model/suggest.h"

static const char *
among(const char *word)
{
    static const char *const keys[] = { "apiKey", "apiUrl", "listId", "enabled", "events",
                                        "allowNetworks", "name", "url", "a", "" };
    const char *found = suggest(word, keys, sizeof(keys) / sizeof(keys[0]));

    return found ? found : "(none)";
}

static void
a_slip_of_the_finger_is_recognised(void)
{
    CHECK_STR(among("apikey"), "apiKey");
    CHECK_STR(among("api_key"), "apiKey");
    CHECK_STR(among("apKey"), "apiKey");
    CHECK_STR(among("paiKey"), "apiKey");
    CHECK_STR(among("lsitid"), "listId");
    CHECK_STR(among("eanbled"), "enabled");
    CHECK_STR(among("event"), "events");
    CHECK_STR(among("allow_network"), "allowNetworks");
    CHECK_STR(among("ulr"), "url");
    CHECK_STR(among("naem"), "name");
}

static void
what_is_something_else_gets_no_suggestion(void)
{
    CHECK_STR(among("secret"), "(none)");
    CHECK_STR(among("q"), "(none)");
    CHECK_STR(among("xyz"), "(none)");
    CHECK_STR(among(""), "(none)");
    CHECK_STR(among("token"), "(none)");
    CHECK(suggest("x", NULL, 0) == NULL);
}

static void
the_nearest_wins_and_of_equals_the_first(void)
{
    static const char *const words[] = { "cost", "most", "host" };

    CHECK_STR(suggest("host", words, 3), "host");
    CHECK_STR(suggest("lost", words, 3), "cost");
}

static void
very_long_words_are_not_looked_at(void)
{
    char word[200];
    const char *candidates[] = { word };

    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    CHECK(suggest(word, candidates, 1) == NULL);
    CHECK(suggest("aaaa", candidates, 1) == NULL);
    CHECK(suggest(word + sizeof(word) - 1 - 64, candidates, 1) == NULL);
    candidates[0] = word + sizeof(word) - 1 - 64;
    CHECK(suggest(candidates[0], candidates, 1) == candidates[0]);
}

UNIT_MAIN("model/suggest", UNIT_TEST(a_slip_of_the_finger_is_recognised),
          UNIT_TEST(what_is_something_else_gets_no_suggestion),
          UNIT_TEST(the_nearest_wins_and_of_equals_the_first),
          UNIT_TEST(very_long_words_are_not_looked_at))
