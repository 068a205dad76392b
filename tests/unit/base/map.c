#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "unit.h"

static int values[2000];

static void
an_empty_map_holds_nothing(void)
{
    struct map m = { 0 };
    struct map_slot *slot;
    size_t pos = 0;

    CHECK(map_gets(&m, "x") == NULL);
    CHECK(map_del(&m, "x", 1) == NULL);
    CHECK(!map_next(&m, &pos, &slot));
    map_free(&m);
    map_free(NULL);
}

static void
putting_again_replaces_and_returns_the_old_value(void)
{
    CLEANUP(map_free) struct map m = { 0 };

    CHECK(map_puts(&m, "k", &values[1]) == NULL);
    CHECK(map_puts(&m, "k", &values[2]) == &values[1]);
    CHECK(map_gets(&m, "k") == &values[2]);
    CHECK_INT(m.count, 1);
    CHECK(map_del(&m, "k", 1) == &values[2]);
    CHECK(map_gets(&m, "k") == NULL);
    CHECK_INT(m.count, 0);
}

static void
keys_are_bytes_of_any_kind_and_length(void)
{
    CLEANUP(map_free) struct map m = { 0 };

    map_put(&m, "", 0, &values[0]);
    map_put(&m, "a\0b", 3, &values[1]);
    map_put(&m, "a\0c", 3, &values[2]);
    map_put(&m, "a", 1, &values[3]);
    CHECK(map_get(&m, NULL, 0) == &values[0]);
    CHECK(map_get(&m, "a\0b", 3) == &values[1]);
    CHECK(map_get(&m, "a\0c", 3) == &values[2]);
    CHECK(map_gets(&m, "a") == &values[3]);
}

/* Against a plain array, over many random steps: finds, replaces, removes. */
static void
a_long_random_use_agrees_with_a_plain_array(void)
{
    CLEANUP(map_free) struct map m = { 0 };
    void *model[300] = { 0 };
    unsigned seed = 42;
    size_t want = 0, seen = 0, pos = 0;
    struct map_slot *slot;

    for (int step = 0; step < 100000; step++) {
        unsigned r = seed = seed * 1103515245u + 12345u;
        size_t k = (r >> 16) % ARRAY_LEN(model);
        char key[16];
        int len = snprintf(key, sizeof(key), "key %zu", k);

        if ((r >> 8) % 3 == 0) {
            if (map_del(&m, key, (size_t)len) != model[k])
                CU_FAIL_FATAL("removed something else");
            model[k] = NULL;
        } else {
            void *value = &values[(r >> 4) % ARRAY_LEN(values)];

            if (map_put(&m, key, (size_t)len, value) != model[k])
                CU_FAIL_FATAL("replaced something else");
            model[k] = value;
        }
        k = (r >> 20) % ARRAY_LEN(model);
        len = snprintf(key, sizeof(key), "key %zu", k);
        if (map_get(&m, key, (size_t)len) != model[k])
            CU_FAIL_FATAL("found something else");
    }
    for (size_t i = 0; i < ARRAY_LEN(model); i++)
        want += model[i] != NULL;
    while (map_next(&m, &pos, &slot)) {
        int64_t k = strtol(slot->key + 4, NULL, 10);

        CHECK(slot->value == model[k]);
        seen++;
    }
    CHECK_INT(m.count, want);
    CHECK_INT(seen, want);
}

/* Key 00..0f and nothing: the first vector of the reference implementation in its 1-3
   form. Key 0: hash() of CPython 3.11 with PYTHONHASHSEED=0, which is SipHash-1-3. */
static void
the_hash_is_siphash_1_3(void)
{
    uint8_t key[16], zero[16] = { 0 }, data[63];

    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)i;
    CHECK_INT(siphash13(key, "", 0), 0xabac0158050fc4dcu);
    CHECK_INT(siphash13(zero, "a", 1), 0x407448d2b89b1813u);
    CHECK_INT(siphash13(zero, "abcdefg", 7), 0x6db12aae9070f506u);
    CHECK_INT(siphash13(zero, "abcdefgh", 8), 0x3f7b849c0b8e35eau);
    CHECK_INT(siphash13(zero, "contract.1#purchased", 20), 0xfb5ce8bc5cbdd4dcu);
    CHECK_INT(siphash13(zero, data, sizeof(data)), 0x385d3e39e5f37359u);
}

static void
the_key_is_drawn_once_per_process(void)
{
    uint8_t zero[16] = { 0 };

    CHECK_INT(hash_bytes("abc", 3), hash_bytes("abc", 3));
    CHECK(hash_bytes("abc", 3) != siphash13(zero, "abc", 3));
}

UNIT_MAIN("base/map",
    UNIT_TEST(an_empty_map_holds_nothing),
    UNIT_TEST(putting_again_replaces_and_returns_the_old_value),
    UNIT_TEST(keys_are_bytes_of_any_kind_and_length),
    UNIT_TEST(a_long_random_use_agrees_with_a_plain_array),
    UNIT_TEST(the_hash_is_siphash_1_3),
    UNIT_TEST(the_key_is_drawn_once_per_process))
