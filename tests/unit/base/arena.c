#include <stdint.h>

#include "base/arena.h"
#include "unit.h"

static void
memory_is_zeroed_and_aligned_for_any_type(void)
{
    CLEANUP(arena_free) struct arena a;

    arena_init(&a, 0);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *p = arena_alloc(&a, size);
        unsigned char all = 0;

        CHECK_INT((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            all |= p[i];
        CHECK_INT(all, 0);
        memset(p, 0xff, size);
    }
}

static void
memory_is_zeroed_again_after_a_reset(void)
{
    CLEANUP(arena_free) struct arena a;
    unsigned char *p;

    arena_init(&a, 0);
    memset(arena_alloc(&a, 1000), 0xff, 1000);
    arena_reset(&a);
    CHECK_INT(a.used, 0);
    p = arena_alloc(&a, 1000);
    for (size_t i = 0; i < 1000; i++)
        if (p[i])
            CU_FAIL("a byte of before is left");
}

static void
pieces_do_not_overlap_and_keep_their_content(void)
{
    CLEANUP(arena_free) struct arena a;
    char *piece[500];

    arena_init(&a, 0);
    for (size_t i = 0; i < ARRAY_LEN(piece); i++)
        piece[i] = arena_printf(&a, "%zu %0*d", i, (int)(i % 97), 7);
    for (size_t i = 0; i < ARRAY_LEN(piece); i++) {
        char want[128];

        snprintf(want, sizeof(want), "%zu %0*d", i, (int)(i % 97), 7);
        CHECK_STR(piece[i], want);
    }
}

static void
a_piece_larger_than_a_block_gets_one_of_its_own(void)
{
    CLEANUP(arena_free) struct arena a;
    char *big;

    arena_init(&a, 0);
    arena_strdup(&a, "small");
    big = arena_alloc(&a, 3 * 1024 * 1024);
    memset(big, 'x', 3 * 1024 * 1024);
    arena_reset(&a);
    CHECK_STR(arena_strdup(&a, "after"), "after");
}

static void
memdup0_ends_with_a_nul_and_takes_nuls_inside(void)
{
    CLEANUP(arena_free) struct arena a;
    char *p;

    arena_init(&a, 0);
    p = arena_memdup0(&a, "a\0b", 3);
    CHECK(memcmp(p, "a\0b\0", 4) == 0);
    CHECK_STR(arena_memdup0(&a, NULL, 0), "");
}

static void
an_arena_serves_again_after_free_and_wipe(void)
{
    struct arena a;

    arena_init(&a, 100);
    arena_strdup(&a, "one");
    arena_free(&a);
    arena_strdup(&a, "two");
    arena_wipe(&a);
    CHECK_STR(arena_strdup(&a, "three"), "three");
    arena_free(&a);
    arena_free(NULL);
    arena_wipe(NULL);
}

static void
used_counts_what_was_handed_out_up_to_the_cap(void)
{
    CLEANUP(arena_free) struct arena a;

    arena_init(&a, 64);
    arena_alloc(&a, 32);
    arena_alloc(&a, 32);
    CHECK_INT(a.used, 64);
}

UNIT_MAIN("base/arena",
    UNIT_TEST(memory_is_zeroed_and_aligned_for_any_type),
    UNIT_TEST(memory_is_zeroed_again_after_a_reset),
    UNIT_TEST(pieces_do_not_overlap_and_keep_their_content),
    UNIT_TEST(a_piece_larger_than_a_block_gets_one_of_its_own),
    UNIT_TEST(memdup0_ends_with_a_nul_and_takes_nuls_inside),
    UNIT_TEST(an_arena_serves_again_after_free_and_wipe),
    UNIT_TEST(used_counts_what_was_handed_out_up_to_the_cap))
