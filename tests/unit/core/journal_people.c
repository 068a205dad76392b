/* journal_people.c - what people ask of the journal and do with it: listings by filter,
   paging, finding events, replaying and dropping. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "journal_kit.h"

static struct kit_rows rows;

/* Eight events to (1) acme/webhooks/news, even ones also to (2) acme/ga4/ga4, all to
   (3) beta/webhooks/news. Of destination 1, 1..4 end in different states. */
static void
fill(struct kit *k)
{
    uint32_t to[3];

    to[0] = kit_destination(k, "acme/webhooks/news");
    to[2] = kit_destination(k, "acme/ga4/ga4");
    to[1] = kit_destination(k, "beta/webhooks/news");
    CHECK_INT(to[2], 2);
    for (int n = 1; n <= 8; n++) {
        struct journal_event e = kit_event(k, n, to, n % 2 ? 2 : 3);

        CHECK_INT(kit_commit(k, &e, 1, NULL, 0), 0);
        CHECK_INT(e.seq, n);
    }
    kit_attempt(k, 1, 1, 1, STATE_DELIVERED, PARKED_NONE, "");
    kit_attempt(k, 2, 1, 1, STATE_PARKED, PARKED_CREDENTIALS, "401");
    kit_attempt(k, 3, 1, 1, STATE_PARKED, PARKED_FAILED, "400");
    kit_attempt(k, 4, 1, 1, STATE_SKIPPED, PARKED_NONE, "no e-mail");
    kit_attempt(k, 4, 2, 1, STATE_PARKED, PARKED_CREDENTIALS, "403");
    kit_attempt(k, 5, 1, 1, STATE_WAITING, PARKED_NONE, "503");
}

/* "seq/destination ..." of what the filter gives. */
static const char *
listed(struct kit *k, struct journal_filter f)
{
    char *text = arena_alloc(&k->a, 1024);
    size_t len = 0;
    int n = kit_list(k, &f, &rows);

    CHECK_INT(n, rows.count);
    for (size_t i = 0; i < rows.count; i++)
        len += (size_t)snprintf(text + len, 1024 - len, "%s%lld/%u", i ? " " : "",
                                (long long)rows.rows[i].seq,
                                (unsigned)rows.rows[i].destination);
    return text;
}

static void
each_filter_alone_gives_what_matches_newest_first(void)
{
    struct kit k;
    struct journal_event fourth;
#define LISTED(...) listed(&k, (struct journal_filter){ .state = -1, .why = -1, __VA_ARGS__ })

    kit_begin(&k);
    fill(&k);
    fourth = kit_event(&k, 4, NULL, 0);
    CHECK_STR(LISTED(.limit = 0), "8/3 8/2 8/1 7/3 7/1 6/3 6/2 6/1 5/3 5/1 4/3 4/2 4/1 3/3 3/1 "
                                  "2/3 2/2 2/1 1/3 1/1");
    CHECK_STR(LISTED(.vendor = "beta"), "8/3 7/3 6/3 5/3 4/3 3/3 2/3 1/3");
    CHECK_STR(LISTED(.plugin = "ga4"), "8/2 6/2 4/2 2/2");
    CHECK_STR(LISTED(.name = "ga4"), "8/2 6/2 4/2 2/2");
    CHECK_STR(LISTED(.name = "nothing"), "");
    CHECK_STR(LISTED(.user = "user-4"), "4/3 4/2 4/1");
    CHECK_STR(LISTED(.user = "user-"), "");
    CHECK_STR(LISTED(.event = fourth.key), "4/3 4/2 4/1");
    CHECK_STR(LISTED(.event = (const uint8_t *)"no event has it."), "");
    CHECK_STR(listed(&k, (struct journal_filter){ .state = STATE_PARKED, .why = -1 }),
              "4/2 3/1 2/1");
    CHECK_STR(listed(&k, (struct journal_filter){ .state = STATE_SKIPPED, .why = -1 }), "4/1");
    CHECK_STR(listed(&k, (struct journal_filter){ .state = STATE_WAITING, .why = -1,
                                                  .vendor = "acme" }),
              "8/2 8/1 7/1 6/2 6/1 5/1 2/2");
    CHECK_STR(listed(&k, (struct journal_filter){ .state = -1, .why = PARKED_CREDENTIALS }),
              "4/2 2/1");
    CHECK_STR(LISTED(.since_ms = T0 + 7), "8/3 8/2 8/1 7/3 7/1");
    CHECK_STR(LISTED(.until_ms = T0 + 2), "1/3 1/1");
    CHECK_STR(LISTED(.before_seq = 2), "1/3 1/1");
    kit_end(&k);
}

static void
filters_hold_together(void)
{
    struct kit k;
    struct journal_event fourth;

    kit_begin(&k);
    fill(&k);
    fourth = kit_event(&k, 4, NULL, 0);
    CHECK_STR(listed(&k, (struct journal_filter){ .vendor = "acme", .plugin = "webhooks",
                     .name = "news", .user = "user-2", .state = STATE_PARKED,
                     .why = PARKED_CREDENTIALS, .since_ms = T0 + 2, .until_ms = T0 + 3,
                     .before_seq = 3, .limit = 5 }), "2/1");
    CHECK_STR(listed(&k, (struct journal_filter){ .event = fourth.key, .state = STATE_PARKED,
                     .why = -1 }), "4/2");
    CHECK_STR(listed(&k, (struct journal_filter){ .event = fourth.key, .user = "user-5",
                     .state = -1, .why = -1 }), "");
    CHECK_STR(listed(&k, (struct journal_filter){ .state = STATE_PARKED, .why = PARKED_FAILED,
                     .vendor = "beta" }), "");
    CHECK_STR(listed(&k, (struct journal_filter){ .state = STATE_DELIVERED,
                     .why = PARKED_FAILED }), "");
    kit_end(&k);
}

static void
a_row_says_all_that_is_known(void)
{
    struct kit k;
    struct journal_event e;
    struct kit_row r;
    char id[EVENT_ID_LEN + 1];

    kit_begin(&k);
    fill(&k);
    r = kit_row(&k, 4, 2);
    e = kit_event(&k, 4, NULL, 0);
    event_id_text(e.key, id);
    CHECK_STR(r.event_id, id);
    CHECK_STR(r.text, "acme/ga4/ga4 user-4 entitlement.1#granted 403");
    CHECK_INT(r.accepted_ms, T0 + 4);
    CHECK_INT(r.at_ms, T0 + 1000);
    CHECK_INT(r.took_ms, 25);
    CHECK_INT(r.attempts, 1);
    CHECK_INT(r.state, STATE_PARKED);
    CHECK_INT(r.why, PARKED_CREDENTIALS);
    CHECK_INT(r.outcome, OUTCOME_FAILED);
    CHECK_INT(r.status, 503);
    r = kit_row(&k, 8, 1);
    CHECK_INT(r.outcome, 0);
    CHECK_INT(r.status, 0);
    CHECK_INT(r.at_ms, 0);
    CHECK_INT(r.due_ms, T0 + 8);
    kit_end(&k);
}

static void
pages_neither_repeat_nor_leave_out_a_delivery(void)
{
    struct kit k;

    kit_begin(&k);
    fill(&k);
    for (size_t limit = 1; limit < 9; limit++) {
        for (int state = -1; state <= STATE_PARKED; state++) {
            struct journal_filter f = kit_any();
            int64_t next = -1;
            size_t given = 0, total;

            f.state = state;
            total = (size_t)kit_list(&k, &f, &rows);
            f.limit = limit;
            f.ret_next_seq = &next;
            for (int page = 0; next != 0 && page < 20; page++) {
                int n = kit_list(&k, &f, &rows);

                /* A page may only be longer to keep an event whole. */
                if (n > (int)limit)
                    CHECK_INT(rows.rows[limit - 1].seq, rows.rows[n - 1].seq);
                given += (size_t)n;
                f.before_seq = next;
            }
            CHECK_INT(next, 0);
            CHECK_INT(given, total);
        }
    }
    kit_end(&k);
}

static void
a_listing_that_may_go_on_later_looks_at_a_bounded_number(void)
{
    enum { DESTINATIONS = 900, EVENTS = 130 };
    struct kit k;
    uint32_t to[DESTINATIONS];
    int64_t next = 0, first;
    struct journal_filter f = kit_any();

    kit_begin(&k);
    for (int i = 0; i < DESTINATIONS; i++)
        to[i] = kit_destination(&k, arena_printf(&k.a, "v/p/%d", i));
    first = kit_add(&k, 0, kit_destination(&k, "rare/one/x"));
    for (int n = 1; n <= EVENTS; n++) {
        struct journal_event e = kit_event(&k, n, to, DESTINATIONS);

        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    }
    f.vendor = "rare";
    CHECK_INT(kit_list(&k, &f, &rows), 1);
    f.ret_next_seq = &next;
    f.limit = 10;
    CHECK_INT(kit_list(&k, &f, &rows), 0);
    CHECK(next > first && next <= first + EVENTS);
    f.before_seq = next;
    CHECK_INT(kit_list(&k, &f, &rows), 1);
    CHECK_INT(next, 0);
    CHECK_INT(rows.rows[0].seq, first);
    /* Too many wait to be sorted: the listing of waiting ones walks, and is the same. */
    f = kit_any();
    f.state = STATE_WAITING;
    f.limit = 1;
    CHECK_INT(kit_list(&k, &f, &rows), DESTINATIONS);
    CHECK_INT(rows.rows[0].destination, DESTINATIONS);
    CHECK_INT(rows.rows[DESTINATIONS - 1].destination, 1);
    kit_end(&k);
}

static void
times_far_apart_are_filtered_exactly(void)
{
    enum { EVENTS = 120 };
    struct kit k;
    int64_t at[EVENTS];
    uint32_t to;

    kit_begin(&k);
    to = kit_destination(&k, "v/p/a");
    for (int n = 0; n < EVENTS; n++) {
        struct journal_event e = kit_event(&k, n, &to, 1);

        /* Six hours apart, and set back by 20 hours now and then. */
        e.accepted_ms = at[n] = T0 + 3600000LL * (6 * n - (n % 7 == 3 ? 20 : 0));
        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    }
    for (int a = -2; a < EVENTS + 2; a += 5)
        for (int b = a; b < EVENTS + 12; b += 11) {
            struct journal_filter f = kit_any();
            int want = 0;

            f.since_ms = T0 + 3600000LL * 6 * a + 1;
            f.until_ms = T0 + 3600000LL * 6 * b;
            for (int n = 0; n < EVENTS; n++)
                want += at[n] >= f.since_ms && at[n] < f.until_ms;
            CHECK_INT(kit_list(&k, &f, &rows), want);
        }
    kit_end(&k);
}

static void
on_found(void *arg, const struct journal_found *e)
{
    char *text = arg;

    snprintf(text + strlen(text), 256 - strlen(text), "%lld %s;", (long long)e->seq,
             e->event.contract);
}

static const char *
found(struct kit *k, const uint8_t *key, const char *vendor, const char *user,
      int64_t before_seq, size_t limit)
{
    char *text = arena_alloc(&k->a, 256);

    CHECK(journal_find(k->j, &k->a, key, vendor, user, before_seq, limit, on_found, text) >= 0);
    return text;
}

static void
events_are_found_by_key_and_by_user(void)
{
    struct kit k;
    struct journal_event e;

    kit_begin(&k);
    for (int n = 0; n < 35; n++) {
        e = kit_event(&k, n, NULL, 0);
        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
    }
    e = kit_event(&k, 7, NULL, 0);
    CHECK_STR(found(&k, e.key, NULL, NULL, 0, 1), "8 contract-7;");
    CHECK_STR(found(&k, e.key, "beta", NULL, 0, 1), "");
    CHECK_STR(found(&k, e.key, NULL, NULL, 8, 1), "");
    e.key[15] ^= 1;
    CHECK_STR(found(&k, e.key, NULL, NULL, 0, 1), "");
    CHECK_STR(found(&k, NULL, "acme", "user-4", 0, 2), "35 contract-34;25 contract-24;");
    CHECK_STR(found(&k, NULL, NULL, "user-4", 25, 0), "15 contract-14;5 contract-4;");
    CHECK_STR(found(&k, NULL, "beta", "user-4", 0, 0), "");
    CHECK_STR(found(&k, NULL, NULL, "user-44", 0, 0), "");
    CHECK_STR(found(&k, NULL, NULL, NULL, 0, 2), "35 contract-34;34 contract-33;");
    CHECK_STR(found(&k, NULL, "acme", NULL, 3, 9), "2 contract-1;1 contract-0;");
    kit_end(&k);
}

static void
on_changed(void *arg, uint32_t destination, int64_t seq)
{
    char *text = arg;

    snprintf(text + strlen(text), 256 - strlen(text), "%lld/%u ", (long long)seq,
             (unsigned)destination);
}

static void
a_replay_takes_the_oldest_first_and_starts_them_over(void)
{
    struct kit k;
    struct journal_filter f = kit_any();
    struct kit_row r;
    char text[256] = "";

    kit_begin(&k);
    fill(&k);
    f.limit = 2;
    CHECK_INT(journal_replay(k.j, &f, T0 + 5000, false, on_changed, text), 2);
    CHECK_STR(text, "2/1 3/1 ");
    CHECK_INT(journal_replay(k.j, &f, T0 + 6000, false, on_changed, text), 1);
    CHECK_STR(text, "2/1 3/1 4/2 ");
    CHECK_INT(journal_replay(k.j, &f, T0 + 7000, false, on_changed, text), 0);
    r = kit_row(&k, 2, 1);
    CHECK_INT(r.state, STATE_WAITING);
    CHECK_INT(r.why, PARKED_NONE);
    CHECK_INT(r.attempts, 0);
    CHECK_INT(r.deaths, 0);
    CHECK_INT(r.due_ms, T0 + 5000);
    CHECK_STR(kit_counts(&k), "1:6/0 2:4/0 3:8/0");
    CHECK_STR(kit_attempts(&k, 2, 1), "1 parked failed 503 401");
    kit_attempt(&k, 2, 1, 1, STATE_WAITING, PARKED_NONE, "again");
    kit_attempt(&k, 2, 1, 2, STATE_DELIVERED, PARKED_NONE, "at last");
    CHECK_STR(kit_attempts(&k, 2, 1), "1 parked failed 503 401\n1 waiting retry 503 again\n"
                                      "2 delivered delivered 200 at last");
    CHECK_STR(kit_due(&k, 1, T0 + 5000, T0 + 100, 0, 9), "3");
    kit_end(&k);
}

static void
a_replay_keeps_to_its_filter(void)
{
    struct kit k;
    struct journal_filter f;
    char text[256] = "";

    kit_begin(&k);
    fill(&k);
    f = kit_any();
    f.state = STATE_WAITING;
    CHECK_INT(journal_replay(k.j, &f, T0, false, on_changed, text), 0);
    f = kit_any();
    f.user = "user-3";
    f.why = PARKED_CREDENTIALS;
    CHECK_INT(journal_replay(k.j, &f, T0, false, on_changed, text), 0);
    f.why = PARKED_FAILED;
    CHECK_INT(journal_replay(k.j, &f, T0, false, on_changed, text), 1);
    CHECK_STR(text, "3/1 ");
    f = kit_any();
    f.why = PARKED_CREDENTIALS;
    f.plugin = "ga4";
    CHECK_INT(journal_replay(k.j, &f, T0, false, on_changed, text), 1);
    CHECK_STR(text, "3/1 4/2 ");
    CHECK_STR(kit_counts(&k), "1:5/1 2:4/0 3:8/0");
    kit_end(&k);
}

static void
a_dry_run_counts_all_and_changes_nothing(void)
{
    struct kit k;
    struct journal_filter f = kit_any();
    struct journal_event e;

    kit_begin(&k);
    fill(&k);
    f.limit = 1;
    CHECK_INT(journal_replay(k.j, &f, T0, true, NULL, NULL), 3);
    CHECK_INT(journal_drop(k.j, &f, true), 3);
    f.why = PARKED_CREDENTIALS;
    CHECK_INT(journal_replay(k.j, &f, T0, true, NULL, NULL), 2);
    f.since_ms = T0 + 3;
    CHECK_INT(journal_drop(k.j, &f, true), 1);
    f.until_ms = T0 + 4;
    CHECK_INT(journal_drop(k.j, &f, true), 0);
    f = kit_any();
    f.before_seq = 4;
    f.vendor = "acme";
    CHECK_INT(journal_drop(k.j, &f, true), 2);
    f.user = "user-2";
    CHECK_INT(journal_drop(k.j, &f, true), 1);
    e = kit_event(&k, 4, NULL, 0);
    f = kit_any();
    f.event = e.key;
    CHECK_INT(journal_drop(k.j, &f, true), 1);
    CHECK_STR(kit_counts(&k), "1:4/2 2:3/1 3:8/0");
    kit_end(&k);
}

static void
what_is_dropped_stays_so_and_tells_why_it_was_parked(void)
{
    struct kit k;
    struct journal_filter f = kit_any();
    struct kit_row r;
    char text[256] = "";

    kit_begin(&k);
    fill(&k);
    f.user = "user-2";
    CHECK_INT(journal_drop(k.j, &f, false), 1);
    r = kit_row(&k, 2, 1);
    CHECK_INT(r.state, STATE_DROPPED);
    CHECK_INT(r.why, PARKED_CREDENTIALS);
    CHECK_STR(kit_attempts(&k, 2, 1), "1 parked failed 503 401");
    CHECK_INT(journal_replay(k.j, &f, T0, false, on_changed, text), 0);
    CHECK_INT(kit_attempt(&k, 2, 1, 2, STATE_DELIVERED, PARKED_NONE, ""), 0);
    CHECK_INT(kit_row(&k, 2, 1).state, STATE_DROPPED);
    CHECK_STR(kit_counts(&k), "1:4/1 2:3/1 3:8/0");
    kit_end(&k);
}

UNIT_MAIN("core/journal_people",
          UNIT_TEST(each_filter_alone_gives_what_matches_newest_first),
          UNIT_TEST(filters_hold_together),
          UNIT_TEST(a_row_says_all_that_is_known),
          UNIT_TEST(pages_neither_repeat_nor_leave_out_a_delivery),
          UNIT_TEST(a_listing_that_may_go_on_later_looks_at_a_bounded_number),
          UNIT_TEST(times_far_apart_are_filtered_exactly),
          UNIT_TEST(events_are_found_by_key_and_by_user),
          UNIT_TEST(a_replay_takes_the_oldest_first_and_starts_them_over),
          UNIT_TEST(a_replay_keeps_to_its_filter),
          UNIT_TEST(a_dry_run_counts_all_and_changes_nothing),
          UNIT_TEST(what_is_dropped_stays_so_and_tells_why_it_was_parked))
