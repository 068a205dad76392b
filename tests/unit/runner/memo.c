#include "runner/memo.h"
#include "unit.h"

static void
a_value_is_there_until_its_time_is_over(void)
{
    struct memo m;

    memo_init(&m);
    CHECK(memo_get(&m, "token", 1000) == NULL);
    memo_set(&m, "token", "abc", 500, 1000);
    CHECK_STR(memo_get(&m, "token", 1499), "abc");
    CHECK(memo_get(&m, "token", 1500) == NULL);
    CHECK(memo_get(&m, "token", 1400) == NULL);
    memo_free(&m);
}

static void
setting_again_replaces_value_and_time(void)
{
    struct memo m;

    memo_init(&m);
    memo_set(&m, "k", "one", 100, 0);
    memo_set(&m, "k", "", 1000, 50);
    CHECK_STR(memo_get(&m, "k", 1049), "");
    CHECK(memo_get(&m, "k", 1050) == NULL);
    memo_set(&m, "k", "three", INT64_MAX, 5000);
    CHECK_STR(memo_get(&m, "k", INT64_MAX - 1), "three");
    memo_set(&m, "k", "gone", 0, 5000);
    CHECK(memo_get(&m, "k", 5000) == NULL);
    memo_free(&m);
}

static void
the_oldest_make_room_for_the_newest(void)
{
    struct memo m;
    char key[16];

    memo_init(&m);
    for (int i = 0; i < MEMO_VALUES + 10; i++) {
        snprintf(key, sizeof(key), "%d", i);
        memo_set(&m, key, "v", 1000, 0);
    }
    CHECK(memo_get(&m, "9", 1) == NULL);
    CHECK_STR(memo_get(&m, "10", 1), "v");
    CHECK_STR(memo_get(&m, "1033", 1), "v");
    CHECK_INT(m.values.count, MEMO_VALUES);
    memo_free(&m);
}

static void
bytes_are_bounded_too(void)
{
    static char large[MEMO_BYTES / 4 + 1], larger[MEMO_BYTES / 4 + 2];
    struct memo m;
    char key[16];

    memset(large, 'x', sizeof(large) - 1);
    memset(larger, 'x', sizeof(larger) - 1);
    memo_init(&m);
    memo_set(&m, "larger", larger, 1000, 0);
    CHECK(memo_get(&m, "larger", 1) == NULL);
    for (int i = 0; i < 20; i++) {
        snprintf(key, sizeof(key), "%d", i);
        memo_set(&m, key, large, 1000, 0);
        CHECK(m.bytes <= MEMO_BYTES);
        CHECK(memo_get(&m, key, 1) != NULL);
    }
    CHECK(memo_get(&m, "0", 1) == NULL);
    memo_free(&m);
    CHECK_INT(m.bytes, 0);
}

static void
a_key_is_held_by_one_and_goes_on_in_the_order_of_asking(void)
{
    struct memo_claim a, b, c, other;
    struct memo m;
    int owner;

    memo_init(&m);
    CHECK(memo_claim(&m, &a, "list", &owner));
    CHECK(!memo_claim(&m, &b, "list", &b));
    CHECK(!memo_claim(&m, &c, "list", &c));
    CHECK(memo_claim(&m, &other, "another", &owner));
    CHECK(memo_holds(&a) && !memo_holds(&b) && memo_holds(&other));
    CHECK(memo_claims(&a, "list") && !memo_claims(&a, "another"));
    CHECK(a.owner == &owner);

    CHECK(memo_release(&m, &a) == &b);
    CHECK(memo_holds(&b) && !memo_holds(&c));
    CHECK(memo_release(&m, &b) == &c);
    CHECK(memo_release(&m, &c) == NULL);
    CHECK(memo_release(&m, &other) == NULL);
    memo_free(&m);
}

static void
who_leaves_the_line_is_passed_over(void)
{
    struct memo_claim a, b, c;
    struct memo m;

    memo_init(&m);
    memo_claim(&m, &a, "k", NULL);
    memo_claim(&m, &b, "k", NULL);
    memo_claim(&m, &c, "k", NULL);
    CHECK(memo_release(&m, &b) == NULL);
    CHECK(memo_release(&m, &a) == &c);
    CHECK(memo_release(&m, &c) == NULL);
    CHECK(memo_claim(&m, &a, "k", NULL));
    memo_release(&m, &a);
    memo_free(&m);
}

UNIT_MAIN("runner/memo", UNIT_TEST(a_value_is_there_until_its_time_is_over),
          UNIT_TEST(setting_again_replaces_value_and_time),
          UNIT_TEST(the_oldest_make_room_for_the_newest), UNIT_TEST(bytes_are_bounded_too),
          UNIT_TEST(a_key_is_held_by_one_and_goes_on_in_the_order_of_asking),
          UNIT_TEST(who_leaves_the_line_is_passed_over))
