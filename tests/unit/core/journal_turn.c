/* journal_turn.c - what a turn writes and what dispatch reads: accepting, duplicates,
   outcomes, holds, due times. */
#include <errno.h>
#include <stdlib.h>

#include "journal_kit.h"

static void
an_accepted_event_waits_for_each_of_its_destinations(void)
{
    struct kit k;
    uint32_t to[2];
    struct journal_event e[2];

    kit_begin(&k);
    to[0] = kit_destination(&k, "acme/webhooks/news");
    to[1] = kit_destination(&k, "acme/ga4/ga4");
    e[0] = kit_event(&k, 1, to, 2);
    e[1] = kit_event(&k, 2, NULL, 0);
    CHECK_INT(kit_commit(&k, e, 2, NULL, 0), 0);
    CHECK_INT(e[0].added, JOURNAL_NEW);
    CHECK_INT(e[1].added, JOURNAL_NEW);
    CHECK(e[1].seq > e[0].seq);
    CHECK_INT(kit_row(&k, e[0].seq, to[0]).state, STATE_WAITING);
    CHECK_INT(kit_row(&k, e[0].seq, to[1]).due_ms, T0 + 1);
    CHECK_STR(kit_counts(&k), "1:1/0 2:1/0");
    kit_end(&k);
}

static void
expect_same(void *arg, const struct journal_due *d)
{
    const struct journal_event *e = arg;

    CHECK_INT(d->seq, e->seq);
    CHECK(memcmp(d->key, e->key, 16) == 0);
    CHECK_INT(d->accepted_ms, e->accepted_ms);
    CHECK_INT(d->due_ms, e->accepted_ms);
    CHECK_INT(d->attempts, 0);
    CHECK_INT(d->deaths, 0);
    CHECK_STR(d->event.type, e->event->type);
    CHECK_STR(d->event.vendor, e->event->vendor);
    CHECK_STR(d->event.user, e->event->user);
    CHECK_STR(d->event.contract, e->event->contract);
    CHECK_STR(d->event.entitlement, e->event->entitlement);
    CHECK_STR(d->event.checkout, e->event->checkout);
    CHECK_STR(d->event.occurred, e->event->occurred);
    CHECK_INT(d->event.occurred_ms, e->event->occurred_ms);
    CHECK_INT(d->event.body_len, e->event->body_len);
    CHECK(memcmp(d->event.body, e->event->body, e->event->body_len) == 0);
}

static void
an_event_comes_back_as_it_went_in(void)
{
    static const char body[] = "{\"a\":\0\"\xff\x01 not even text\"}";
    struct kit k;
    struct journal_event e;
    struct event ev;
    uint32_t to;

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    e = kit_event(&k, 3, &to, 1);
    ev = *e.event;
    ev.user = "email|ä\"\n'; DROP TABLE event; --";
    ev.body = body;
    ev.body_len = sizeof(body) - 1;
    e.event = &ev;
    e.key[0] = 0;
    e.key[15] = 0;
    e.fingerprint = UINT64_MAX;
    CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    CHECK_INT(journal_due(k.j, &k.a, to, T0 + 3, INT64_MIN, INT64_MIN, 10, expect_same, &e), 1);
    kit_again(&k);
    if (kit_is_file(&k))
        CHECK_INT(journal_due(k.j, &k.a, to, INT64_MAX, INT64_MIN, 0, 10, expect_same, &e), 1);
    kit_end(&k);
}

static void
the_largest_event_is_kept_whole(void)
{
    struct kit k;
    struct journal_event e;
    struct event ev;
    char *body;
    uint32_t to;

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    e = kit_event(&k, 3, &to, 1);
    ev = *e.event;
    ev.body_len = 256 * 1024;
    ev.body = body = arena_alloc(&k.a, ev.body_len);
    for (size_t i = 0; i < ev.body_len; i++)
        body[i] = (char)(i * 31);
    e.event = &ev;
    CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    CHECK_INT(journal_due(k.j, &k.a, to, INT64_MAX, INT64_MIN, 0, 10, expect_same, &e), 1);
    kit_end(&k);
}

static void
the_same_event_again_changes_nothing(void)
{
    struct kit k;
    uint32_t to;
    struct journal_event first, e[3];

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    first = kit_event(&k, 1, &to, 1);
    CHECK_INT(kit_commit(&k, &first, 1, NULL, 0), 0);
    for (int round = 0; round < 2; round++) {
        e[0] = kit_event(&k, 1, &to, 1);
        e[1] = kit_event(&k, 1, &to, 1);
        e[1].fingerprint++;
        e[2] = kit_event(&k, 5 + round, &to, 1);
        CHECK_INT(kit_commit(&k, e, 3, NULL, 0), 0);
        CHECK_INT(e[0].added, JOURNAL_SAME);
        CHECK_INT(e[0].seq, first.seq);
        CHECK_INT(e[1].added, JOURNAL_CONFLICT);
        CHECK_INT(e[1].seq, first.seq);
        CHECK_INT(e[2].added, JOURNAL_NEW);
        CHECK_INT(journal_upkeep(k.j), 0);
        if (kit_is_file(&k))
            kit_again(&k);
    }
    CHECK_STR(kit_counts(&k), "1:3/0");
    kit_end(&k);
}

static void
duplicates_are_known_within_a_turn_too(void)
{
    struct kit k;
    uint32_t to;
    struct journal_event e[4];

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    for (int i = 0; i < 4; i++)
        e[i] = kit_event(&k, i / 3, &to, 1);
    e[2].fingerprint ^= 1;
    CHECK_INT(kit_commit(&k, e, 4, NULL, 0), 0);
    CHECK_INT(e[0].added, JOURNAL_NEW);
    CHECK_INT(e[1].added, JOURNAL_SAME);
    CHECK_INT(e[1].seq, e[0].seq);
    CHECK_INT(e[2].added, JOURNAL_CONFLICT);
    CHECK_INT(e[3].added, JOURNAL_NEW);
    CHECK_STR(kit_counts(&k), "1:2/0");
    kit_end(&k);
}

static void
an_outcome_ends_the_delivery_and_its_data_is_kept(void)
{
    static const struct {
        enum state state;
        enum parked why;
        const char *counts;
    } rows[] = {
        { STATE_DELIVERED, PARKED_NONE, "" },
        { STATE_SKIPPED, PARKED_NONE, "" },
        { STATE_PARKED, PARKED_GONE, "1:0/1" },
        { STATE_WAITING, PARKED_NONE, "1:1/0" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct kit k;
        uint32_t to;
        int64_t seq;
        struct kit_row r;

        kit_begin(&k);
        to = kit_destination(&k, "acme/webhooks/news");
        seq = kit_add(&k, 1, to);
        CHECK_INT(kit_attempt(&k, seq, to, 1, rows[i].state, rows[i].why, "because"), 0);
        r = kit_row(&k, seq, to);
        CHECK_INT(r.state, rows[i].state);
        CHECK_INT(r.why, rows[i].why);
        CHECK_INT(r.attempts, 1);
        CHECK_INT(r.at_ms, T0 + 1000);
        CHECK_INT(r.took_ms, 25);
        CHECK_INT(r.due_ms, rows[i].state == STATE_WAITING ? T0 + 60000 : 0);
        CHECK_STR(r.text, "acme/webhooks/news user-1 contract.1#purchased because");
        CHECK_STR(kit_counts(&k), rows[i].counts);
        kit_end(&k);
    }
}

static void
an_attempt_of_a_delivery_that_does_not_wait_changes_nothing(void)
{
    struct kit k;
    uint32_t to, other;
    int64_t seq;

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    other = kit_destination(&k, "acme/ga4/ga4");
    seq = kit_add(&k, 1, to);
    CHECK_INT(kit_attempt(&k, seq, other, 1, STATE_DELIVERED, PARKED_NONE, ""), 0);
    CHECK_INT(kit_attempt(&k, seq + 1, to, 1, STATE_PARKED, PARKED_FAILED, ""), 0);
    CHECK_STR(kit_counts(&k), "1:1/0");
    CHECK_INT(kit_attempt(&k, seq, to, 1, STATE_DELIVERED, PARKED_NONE, "once"), 0);
    for (uint32_t n = 1; n <= 2; n++)
        CHECK_INT(kit_attempt(&k, seq, to, n, STATE_PARKED, PARKED_FAILED, "twice"), 0);
    CHECK_STR(kit_attempts(&k, seq, to), "1 delivered delivered 200 once");
    CHECK_STR(kit_counts(&k), "");
    kit_end(&k);
}

static void
every_attempt_is_told_in_order(void)
{
    struct kit k;
    uint32_t to;
    int64_t seq;

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    seq = kit_add(&k, 1, to);
    CHECK_STR(kit_attempts(&k, seq, to), "");
    CHECK_INT(kit_attempt(&k, seq, to, 1, STATE_WAITING, PARKED_NONE, "one"), 0);
    CHECK_INT(kit_attempt(&k, seq, to, 2, STATE_WAITING, PARKED_NONE, "two"), 0);
    CHECK_INT(kit_attempt(&k, seq, to, 3, STATE_PARKED, PARKED_RETRIES, "three"), 0);
    CHECK_STR(kit_attempts(&k, seq, to), "1 waiting retry 503 one\n2 waiting retry 503 two\n"
                                         "3 parked failed 503 three");
    CHECK_INT(kit_row(&k, seq, to).attempts, 3);
    kit_end(&k);
}

static void
a_reason_is_cut_between_characters(void)
{
    struct kit k;
    uint32_t to;
    int64_t seq;
    char reason[1202];
    const char *got;

    memset(reason, 'x', sizeof(reason));
    for (size_t i = 1; i + 1 < sizeof(reason); i += 2)
        memcpy(reason + i, "ö", 2);        /* x, then characters of two bytes at odd places */
    reason[sizeof(reason) - 1] = '\0';
    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    seq = kit_add(&k, 1, to);
    CHECK_INT(kit_attempt(&k, seq, to, 1, STATE_SKIPPED, PARKED_NONE, reason), 0);
    got = kit_attempts(&k, seq, to);
    CHECK_INT(strlen(got) - strlen("1 skipped skipped 0 "), 599);      /* 600 is within one */
    CHECK(strncmp(got + strlen("1 skipped skipped 0 "), reason, 599) == 0);
    kit_end(&k);
}

static void
due_deliveries_come_in_order_of_time_then_seq(void)
{
    /* What each is put off to, relative to T0: three share a time. */
    static const int64_t due[] = { 500, 300, 300, 900, 300, 100 };
    struct kit k;
    uint32_t to, other;
    int64_t seq[ARRAY_LEN(due)];

    kit_begin(&k);
    to = kit_destination(&k, "acme/webhooks/news");
    other = kit_destination(&k, "acme/ga4/ga4");
    for (size_t i = 0; i < ARRAY_LEN(due); i++) {
        struct journal_attempt at = { .destination = to, .attempt = 1, .state = STATE_WAITING,
                                      .due_ms = T0 + due[i], .at_ms = T0 };

        at.seq = seq[i] = kit_add(&k, (int)i, to);
        CHECK_INT(kit_commit(&k, NULL, 0, &at, 1), 0);
        kit_add(&k, 100 + (int)i, other);
    }
    /* seqs are 1 3 5 7 9 11 */
    CHECK_INT(seq[5], 11);
    CHECK_STR(kit_due(&k, to, T0 + 99, INT64_MIN, 0, 9), "");
    CHECK_STR(kit_due(&k, to, T0 + 100, INT64_MIN, 0, 9), "11");
    CHECK_STR(kit_due(&k, to, T0 + 1000, INT64_MIN, 0, 9), "11 3 5 9 1 7");
    CHECK_STR(kit_due(&k, to, T0 + 1000, INT64_MIN, 0, 2), "11 3");
    CHECK_STR(kit_due(&k, to, T0 + 1000, T0 + 300, 3, 2), "5 9");
    CHECK_STR(kit_due(&k, to, T0 + 1000, T0 + 300, 9, 9), "1 7");
    CHECK_STR(kit_due(&k, to, INT64_MAX, T0 + 300, INT64_MAX, 1), "1");
    CHECK_STR(kit_due(&k, to, INT64_MAX, T0 + 900, INT64_MAX, 1), "");
    CHECK_STR(kit_due(&k, other, INT64_MAX, INT64_MIN, 0, 3), "2 4 6");
    kit_end(&k);
}

static void
count_due(void *arg, uint32_t destination, int64_t due_ms)
{
    int64_t *of = arg;

    of[destination] = due_ms;
}

static void
the_next_due_time_of_each_destination_is_known(void)
{
    struct kit k;
    uint32_t a, b, c;
    int64_t of[4] = { -1, -1, -1, -1 }, due, seq;

    kit_begin(&k);
    a = kit_destination(&k, "acme/webhooks/a");
    b = kit_destination(&k, "acme/webhooks/b");
    c = kit_destination(&k, "acme/webhooks/c");
    kit_add(&k, 5, a);
    kit_add(&k, 3, a);
    seq = kit_add(&k, 4, b);
    CHECK_INT(journal_next_due(k.j, count_due, of), 0);
    CHECK_INT(of[a], T0 + 3);
    CHECK_INT(of[b], T0 + 4);
    CHECK_INT(of[c], -1);
    CHECK_INT(journal_next_due_of(k.j, a, &due), 0);
    CHECK_INT(due, T0 + 3);
    CHECK_INT(journal_next_due_of(k.j, c, &due), 1);
    CHECK_INT(kit_attempt(&k, seq, b, 1, STATE_PARKED, PARKED_FAILED, ""), 0);
    CHECK_INT(journal_next_due_of(k.j, b, &due), 1);
    CHECK_INT(due, T0 + 3);
    kit_end(&k);
}

static void
set_int(void *arg, int error)
{
    *(int *)arg = error;
}

static void
one_turn_takes_events_outcomes_and_holds_together(void)
{
    struct kit k;
    uint32_t to;
    int64_t seq;
    struct journal_event e;
    struct journal_attempt at = { .attempt = 1, .state = STATE_DELIVERED, .at_ms = T0 };
    struct journal_hold h = { .paused = true, .reason = "maintenance" };
    struct journal_turn turn = { .events = &e, .event_count = 1, .attempts = &at,
                                 .attempt_count = 1, .holds = &h, .hold_count = 1 };
    int error = 1;

    kit_begin(&k);
    to = at.destination = h.destination = kit_destination(&k, "acme/webhooks/a");
    seq = at.seq = kit_add(&k, 1, to);
    e = kit_event(&k, 2, &to, 1);
    turn.done = set_int;
    turn.arg = &error;
    journal_commit(k.j, &turn);
    CHECK_INT(error, 0);
    CHECK_INT(kit_row(&k, seq, to).state, STATE_DELIVERED);
    CHECK_INT(kit_row(&k, e.seq, to).state, STATE_WAITING);
    turn = (struct journal_turn){ .done = set_int, .arg = &error };
    error = 1;
    journal_commit(k.j, &turn);
    CHECK_INT(error, 0);
    kit_end(&k);
}

struct holds {
    char text[256];
};

static void
on_hold(void *arg, const struct journal_hold *h)
{
    struct holds *all = arg;
    size_t len = strlen(all->text);

    snprintf(all->text + len, sizeof(all->text) - len, "%u %d %lld %s;",
             (unsigned)h->destination, h->paused, (long long)h->hold_until_ms, h->reason);
}

static const char *
holds_of(struct kit *k)
{
    struct holds all = { "" };

    CHECK_INT(journal_holds(k->j, on_hold, &all), 0);
    return arena_strdup(&k->a, all.text);
}

static void
holds_are_kept_until_they_are_lifted(void)
{
    struct kit k;
    int error = 1;
    struct journal_hold h[3] = { { .paused = true, .reason = "paused by ops" },
                                 { .hold_until_ms = T0 + 9, .reason = "Retry-After" },
                                 { .paused = false } };
    struct journal_turn turn = { .holds = h, .hold_count = 3, .done = set_int, .arg = &error };

    kit_begin(&k);
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = { "v/p/a", "v/p/b", "v/p/c" };

        h[i].destination = kit_destination(&k, names[i]);
    }
    CHECK_STR(holds_of(&k), "");
    journal_commit(k.j, &turn);
    CHECK_INT(error, 0);
    if (kit_is_file(&k))
        kit_again(&k);
    CHECK_STR(holds_of(&k), "1 1 0 paused by ops;2 0 1700000000009 Retry-After;");
    h[0] = (struct journal_hold){ .destination = 1 };
    turn.hold_count = 1;
    journal_commit(k.j, &turn);
    CHECK_STR(holds_of(&k), "2 0 1700000000009 Retry-After;");
    kit_end(&k);
}

static void
a_destination_keeps_its_number_for_ever(void)
{
    static const struct journal_name names[] = {
        { "acme", "make", "news" }, { "acme", "make", "sport" }, { "acme", "make", "news" },
        { "a", "cmemake", "news" }, { "acme", "make", "" },
    };
    struct kit k;
    uint32_t ids[5] = { 0 }, again[5] = { 0 };

    kit_begin(&k);
    CHECK_INT(journal_destinations(k.j, names, 5, ids), 0);
    CHECK_INT(ids[2], ids[0]);
    CHECK(ids[0] != ids[1] && ids[0] != ids[3] && ids[3] != ids[4] && ids[1] != ids[4]);
    if (kit_is_file(&k))
        kit_again(&k);
    CHECK_INT(journal_destinations(k.j, names + 1, 4, again + 1), 0);
    CHECK(memcmp(ids + 1, again + 1, 4 * sizeof(ids[0])) == 0);
    CHECK_INT(kit_destination(&k, "new/one/x"), 5);
    kit_end(&k);
}

UNIT_MAIN("core/journal_turn",
          UNIT_TEST(an_accepted_event_waits_for_each_of_its_destinations),
          UNIT_TEST(an_event_comes_back_as_it_went_in),
          UNIT_TEST(the_largest_event_is_kept_whole),
          UNIT_TEST(the_same_event_again_changes_nothing),
          UNIT_TEST(duplicates_are_known_within_a_turn_too),
          UNIT_TEST(an_outcome_ends_the_delivery_and_its_data_is_kept),
          UNIT_TEST(an_attempt_of_a_delivery_that_does_not_wait_changes_nothing),
          UNIT_TEST(every_attempt_is_told_in_order),
          UNIT_TEST(a_reason_is_cut_between_characters),
          UNIT_TEST(due_deliveries_come_in_order_of_time_then_seq),
          UNIT_TEST(the_next_due_time_of_each_destination_is_known),
          UNIT_TEST(one_turn_takes_events_outcomes_and_holds_together),
          UNIT_TEST(holds_are_kept_until_they_are_lifted),
          UNIT_TEST(a_destination_keeps_its_number_for_ever))
