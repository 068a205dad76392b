/* journal_upkeep.c - retention, postponed work, and opening again. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "journal_kit.h"

#define MANY 5000                  /* more than an idle moment leaves unmerged */

static struct kit_rows rows;

static void
retention_removes_what_has_ended_and_is_old(void)
{
    struct kit k;
    struct journal_filter f = kit_any();
    uint32_t to[2];
    struct journal_event e;
    int64_t next;

    kit_begin(&k);
    to[0] = kit_destination(&k, "v/p/a");
    to[1] = kit_destination(&k, "v/p/b");
    for (int n = 1; n <= 7; n++) {
        e = kit_event(&k, n, to, n == 7 ? 0 : 2);
        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    }
    for (int n = 1; n <= 6; n++)
        kit_attempt(&k, n, to[0], 1, STATE_DELIVERED, PARKED_NONE, "");
    kit_attempt(&k, 1, to[1], 1, STATE_DELIVERED, PARKED_NONE, "");
    kit_attempt(&k, 2, to[1], 1, STATE_PARKED, PARKED_FAILED, "");
    kit_attempt(&k, 3, to[1], 1, STATE_WAITING, PARKED_NONE, "");
    kit_attempt(&k, 3, to[1], 2, STATE_SKIPPED, PARKED_NONE, "");
    kit_attempt(&k, 6, to[1], 1, STATE_SKIPPED, PARKED_NONE, "");
    /* 4 and 5 wait, 2 is parked; 6 and 7 are too young at first. */
    CHECK_INT(journal_expire(k.j, T0 + 1, 100), 0);
    CHECK_INT(journal_expire(k.j, T0 + 6, 100), 2);
    CHECK_INT(journal_expire(k.j, T0 + 6, 100), 0);
    CHECK_INT(kit_row(&k, 1, to[0]).state, -1);
    CHECK_INT(kit_row(&k, 2, to[0]).state, STATE_DELIVERED);
    CHECK_STR(kit_attempts(&k, 3, to[1]), "");
    CHECK_INT(journal_expire(k.j, T0 + 100, 1), 1);
    CHECK_INT(journal_expire(k.j, T0 + 100, 1), 1);
    CHECK_INT(journal_expire(k.j, T0 + 100, 1), 0);
    CHECK_INT(kit_list(&k, &f, &rows), 6);
    CHECK_STR(kit_counts(&k), "2:2/1");
    /* An expired event is a new one when it comes again; numbers are never used twice. */
    next = kit_add(&k, 1, to[0]);
    CHECK_INT(next, 8);
    e = kit_event(&k, 2, to, 2);
    CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    CHECK_INT(e.added, JOURNAL_SAME);
    kit_end(&k);
}

static void
numbers_go_on_when_the_last_event_expired(void)
{
    struct kit k;

    kit_begin(&k);
    for (int n = 1; n <= 3; n++) {
        struct journal_event e = kit_event(&k, n, NULL, 0);

        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    }
    CHECK_INT(journal_expire(k.j, T0 + 100, 100), 3);
    if (kit_is_file(&k))
        kit_again(&k);
    CHECK_INT(kit_add(&k, 1, kit_destination(&k, "v/p/a")), 4);
    kit_end(&k);
}

static void
an_event_from_a_wrong_clock_does_not_stop_retention(void)
{
    struct kit k;

    kit_begin(&k);
    for (int n = 1; n <= 30; n++) {
        struct journal_event e = kit_event(&k, n, NULL, 0);

        if (n < 10)
            e.accepted_ms = T0 * 2;
        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    }
    CHECK_INT(journal_expire(k.j, T0 + 100, 100), 21);
    kit_end(&k);
}

static void
a_long_row_of_parked_ones_does_not_hide_what_is_behind(void)
{
    enum { PARKED_FIRST = 25000 };
    struct kit k;
    uint32_t to;
    struct journal_event *e;
    struct journal_attempt *at;
    int removed = 0;

    kit_begin(&k);
    to = kit_destination(&k, "v/p/a");
    e = xcalloc(PARKED_FIRST + 10, sizeof(*e));
    at = xcalloc(PARKED_FIRST, sizeof(*at));
    for (int n = 0; n < PARKED_FIRST + 10; n++)
        e[n] = kit_event(&k, n, &to, n < PARKED_FIRST ? 1 : 0);
    CHECK_INT(kit_commit(&k, e, PARKED_FIRST + 10, NULL, 0), 0);
    for (int n = 0; n < PARKED_FIRST; n++)
        at[n] = (struct journal_attempt){ .seq = e[n].seq, .destination = to, .attempt = 1,
                                          .state = STATE_PARKED, .why = PARKED_FAILED };
    CHECK_INT(kit_commit(&k, NULL, 0, at, PARKED_FIRST), 0);
    for (int call = 0; call < 2; call++)
        removed += journal_expire(k.j, T0 * 2, 1000);
    CHECK_INT(removed, 10);
    CHECK_STR(kit_counts(&k), "1:0/25000");
    free(e);
    free(at);
    kit_end(&k);
}

/* Events in their thousands, so that some are indexed in the tables, some are on the way and
   some are in memory only: all must be found, in any mixture, also after opening again. */
static void
check_all_found(struct kit *k, uint32_t to, int count)
{
    struct journal_event *e = xcalloc((size_t)count, sizeof(*e));
    struct journal_filter f = kit_any();
    int wrong = 0;

    for (int n = 0; n < count; n++)
        e[n] = kit_event(k, n, &to, 1);
    CHECK_INT(kit_commit(k, e, (size_t)count, NULL, 0), 0);
    for (int n = 0; n < count; n++)
        wrong += e[n].added != JOURNAL_SAME || e[n].seq != n + 1;
    CHECK_INT(wrong, 0);
    f.user = "user-7";
    CHECK_INT(kit_list(k, &f, &rows), count / 10);
    for (size_t i = 0; i < rows.count; i++)
        wrong += rows.rows[i].seq != count - 2 - 10 * (int64_t)i;
    CHECK_INT(wrong, 0);
    free(e);
}

static void
postponed_indexing_loses_nothing(void)
{
    struct kit k;
    uint32_t to;
    struct journal_event *e = xcalloc(MANY, sizeof(*e));
    int steps = 0;

    kit_begin(&k);
    to = kit_destination(&k, "v/p/a");
    for (int n = 0; n < MANY; n++)
        e[n] = kit_event(&k, n, &to, 1);
    CHECK_INT(kit_commit(&k, e, MANY, NULL, 0), 0);
    check_all_found(&k, to, MANY);
    CHECK_INT(journal_upkeep(k.j), 1);
    check_all_found(&k, to, MANY);
    if (kit_is_file(&k))
        kit_again(&k);
    check_all_found(&k, to, MANY);
    CHECK_INT(journal_upkeep(k.j), 1);
    /* Turns go on with a round that has begun, and add to the next. */
    for (int n = MANY; n < MANY + 2000; n += 100) {
        for (int i = 0; i < 100; i++)
            e[i] = kit_event(&k, n + i, &to, 1);
        CHECK_INT(kit_commit(&k, e, 100, NULL, 0), 0);
        if (n % 500 == 0)
            check_all_found(&k, to, n + 100);
    }
    while (journal_upkeep(k.j) > 0)
        steps++;
    CHECK(steps < 10);
    check_all_found(&k, to, MANY + 2000);
    free(e);
    kit_end(&k);
}

static void
opening_again_finds_everything_as_it_was(void)
{
    struct kit k;
    uint32_t to;
    int64_t seq[3];

    kit_begin(&k);
    if (kit_is_file(&k)) {
        to = kit_destination(&k, "v/p/a");
        for (int i = 0; i < 3; i++)
            seq[i] = kit_add(&k, i, to);
        kit_attempt(&k, seq[0], to, 1, STATE_WAITING, PARKED_NONE, "later");
        kit_attempt(&k, seq[1], to, 1, STATE_PARKED, PARKED_POISON, "killed");
        kit_again(&k);
        kit_again(&k);
        CHECK_STR(kit_counts(&k), "1:2/1");
        CHECK_STR(kit_recount(&k), "1:2/1");
        CHECK_STR(kit_attempts(&k, seq[0], to), "1 waiting retry 503 later");
        CHECK_STR(kit_due(&k, to, INT64_MAX, INT64_MIN, 0, 9), "3 1");
        CHECK_INT(kit_row(&k, seq[1], to).why, PARKED_POISON);
        CHECK_INT(kit_add(&k, 9, to), 4);
    }
    kit_end(&k);
}

static void
free_space_is_told(void)
{
    struct kit k;

    kit_begin(&k);
    CHECK(journal_free_bytes(k.j) > 0);
    if (kit_is_file(&k))
        CHECK(journal_free_bytes(k.j) < INT64_MAX);
    kit_end(&k);
}

UNIT_MAIN("core/journal_upkeep",
          UNIT_TEST(retention_removes_what_has_ended_and_is_old),
          UNIT_TEST(numbers_go_on_when_the_last_event_expired),
          UNIT_TEST(an_event_from_a_wrong_clock_does_not_stop_retention),
          UNIT_TEST(a_long_row_of_parked_ones_does_not_hide_what_is_behind),
          UNIT_TEST(postponed_indexing_loses_nothing),
          UNIT_TEST(opening_again_finds_everything_as_it_was),
          UNIT_TEST(free_space_is_told))
