/* journal_property.c - random operations, and a plain model beside the journal: whatever is
   done in whatever order, both say the same. Seeds are fixed; HERMOD_TEST_SEED adds one. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "journal_kit.h"

#define EVENTS 60                  /* different ones; they come again and again */
#define DESTINATIONS 5
#define DELIVERIES 2048
#define STEPS 400

static const char *const titles[DESTINATIONS] = {
    "acme/webhooks/a", "acme/webhooks/b", "acme/ga4/ga4", "beta/webhooks/a", "beta/ga4/ga4",
};

struct model_delivery {
    int64_t seq, due_ms;
    uint32_t destination, attempts, history;
    int n, state, why;
};
struct model {
    int64_t seq[EVENTS];           /* 0: not kept */
    int64_t next_seq;
    struct model_delivery all[DELIVERIES];
    size_t count;
};

static struct model m;
static struct kit k;
static struct kit_rows rows;
static uint64_t random_state;

static int
below(int n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)((random_state >> 16) % (uint64_t)n);
}

/* ---- the operations, each on both ---- */

static void
accept_some(void)
{
    struct journal_event e[8];
    uint32_t to[DESTINATIONS];
    int n[8], count = 1 + below(8), conflict[8];

    for (int i = 0; i < count; i++) {
        size_t destinations = 0;

        n[i] = below(EVENTS);
        for (uint32_t d = 1; d <= DESTINATIONS; d++)
            if (below(2))
                to[destinations++] = d;
        e[i] = kit_event(&k, n[i], to, destinations);
        conflict[i] = below(10) == 0;
        e[i].fingerprint += (uint64_t)conflict[i];
    }
    CHECK_INT(kit_commit(&k, e, (size_t)count, NULL, 0), 0);
    for (int i = 0; i < count; i++) {
        if (m.seq[n[i]]) {
            CHECK_INT(e[i].seq, m.seq[n[i]]);
            CHECK(e[i].added != JOURNAL_NEW);
            continue;
        }
        CHECK_INT(e[i].added, JOURNAL_NEW);
        CHECK_INT(e[i].seq, m.next_seq);
        m.seq[n[i]] = m.next_seq++;
        for (size_t d = 0; d < e[i].count; d++) {
            if (m.count == DELIVERIES)
                die("more deliveries than the model holds");
            m.all[m.count++] = (struct model_delivery){
                .seq = e[i].seq, .destination = e[i].destinations[d], .n = n[i],
                .due_ms = e[i].accepted_ms };
        }
    }
}

static void
attempt_some(void)
{
    struct journal_attempt at[8];
    struct model_delivery *of[8];
    int count = 0;

    for (int tries = 0; tries < 8 && m.count > 0; tries++) {
        struct model_delivery *d = &m.all[below((int)m.count)];
        int state = below(4);

        for (int i = 0; i < count; i++)
            if (of[i] == d)
                d = NULL;
        if (!d)
            continue;
        of[count] = d;
        at[count++] = (struct journal_attempt){
            .seq = d->seq, .destination = d->destination, .attempt = d->attempts + 1,
            .state = (enum state)state, .why = (enum parked)(1 + below(5)),
            .due_ms = T0 + below(300), .at_ms = T0, .outcome = OUTCOME_RETRY,
            .reason = "because" };
    }
    CHECK_INT(kit_commit(&k, NULL, 0, at, (size_t)count), 0);
    for (int i = 0; i < count; i++) {
        struct model_delivery *d = of[i];

        if (d->state != STATE_WAITING)
            continue;
        d->state = at[i].state;
        d->why = d->state == STATE_PARKED ? (int)at[i].why : 0;
        d->due_ms = d->state == STATE_WAITING ? at[i].due_ms : 0;
        d->attempts++;
        d->history++;
    }
}

static struct journal_filter
random_filter(void)
{
    static const char *const vendors[] = { "acme", "beta", "none" };
    static const char *const plugins[] = { "webhooks", "ga4" };
    static struct journal_event e;
    struct journal_filter f = kit_any();

    if (below(3) == 0)
        f.vendor = vendors[below(3)];
    if (below(4) == 0)
        f.plugin = plugins[below(2)];
    if (below(5) == 0)
        f.name = "a";
    if (below(4) == 0)
        f.user = arena_printf(&k.a, "user-%d", below(11));
    if (below(6) == 0) {
        e = kit_event(&k, below(EVENTS), NULL, 0);
        f.event = e.key;
    }
    if (below(2) == 0)
        f.state = below(5);
    if (below(4) == 0)
        f.why = below(6);
    if (below(4) == 0)
        f.since_ms = T0 + below(EVENTS);
    if (below(4) == 0)
        f.until_ms = T0 + below(EVENTS) + 1;
    if (below(4) == 0)
        f.before_seq = 1 + below((int)m.next_seq);
    if (below(2) == 0)
        f.limit = (size_t)below(20);
    return f;
}

static bool
model_matches(const struct journal_filter *f, const struct model_delivery *d)
{
    char title[64], user[16];
    struct journal_event e = kit_event(&k, d->n, NULL, 0);

    snprintf(title, sizeof(title), "%s/%s/%s", f->vendor ? f->vendor : "*",
             f->plugin ? f->plugin : "*", f->name ? f->name : "*");
    snprintf(user, sizeof(user), "user-%d", d->n % 10);
    for (size_t part = 0, at = 0; part < 3; part++) {
        const char *t = titles[d->destination - 1], *want = title + at;
        size_t len = strcspn(want, "/"), skip = part;

        while (skip-- > 0)
            t += strcspn(t, "/") + 1;
        if (want[0] != '*' && (strcspn(t, "/") != len || strncmp(t, want, len) != 0))
            return false;
        at += len + 1;
    }
    return (!f->user || str_eq(f->user, user)) &&
           (!f->event || memcmp(f->event, e.key, 16) == 0) &&
           (f->state < 0 || f->state == d->state) && (f->why < 0 || f->why == d->why) &&
           (f->since_ms == 0 || T0 + d->n >= f->since_ms) &&
           (f->until_ms == 0 || T0 + d->n < f->until_ms) &&
           (f->before_seq == 0 || d->seq < f->before_seq);
}

static void
on_replayed(void *arg, uint32_t destination, int64_t seq)
{
    int64_t *last = arg;

    CHECK(seq >= *last);           /* oldest first */
    *last = seq;
    for (size_t i = 0; i < m.count; i++) {
        struct model_delivery *d = &m.all[i];

        if (d->seq != seq || d->destination != destination)
            continue;
        CHECK_INT(d->state, STATE_PARKED);
        d->state = STATE_WAITING;
        d->why = 0;
        d->attempts = 0;
        d->due_ms = T0 + 77;
    }
}

static void
replay_or_drop(void)
{
    struct journal_filter f = random_filter();
    bool replay = below(2);
    int64_t want = 0, got, dry, last = 0, unlimited;

    for (size_t i = 0; i < m.count; i++)
        want += m.all[i].state == STATE_PARKED && model_matches(&f, &m.all[i]);
    dry = replay ? journal_replay(k.j, &f, T0 + 77, true, NULL, NULL)
                 : journal_drop(k.j, &f, true);
    CHECK_INT(dry, want);
    unlimited = want;
    if (f.limit && want > (int64_t)f.limit)
        want = (int64_t)f.limit;
    if (replay) {
        CHECK_INT(journal_replay(k.j, &f, T0 + 77, false, on_replayed, &last), want);
        return;
    }
    if (want < unlimited)
        return;                    /* which ones a limit takes is the replay's test */
    got = journal_drop(k.j, &f, false);
    CHECK_INT(got, want);
    for (size_t i = 0; i < m.count; i++)
        if (m.all[i].state == STATE_PARKED && model_matches(&f, &m.all[i]))
            m.all[i].state = STATE_DROPPED;
}

static void
expire(void)
{
    int64_t before_ms = T0 + below(2 * EVENTS);
    int got = 0, n, want = 0;
    size_t kept = 0, limit = (size_t)(1 + below(5));

    do {
        n = journal_expire(k.j, before_ms, limit);
        got += n;
    } while (n == (int)limit);
    /* The last calls may have begun in the middle. */
    got += journal_expire(k.j, before_ms, 1000);
    for (int e = 0; e < EVENTS; e++) {
        bool live = m.seq[e] == 0 || T0 + e >= before_ms;

        for (size_t i = 0; i < m.count; i++)
            live |= m.all[i].seq == m.seq[e] &&
                    (m.all[i].state == STATE_WAITING || m.all[i].state == STATE_PARKED);
        if (live)
            continue;
        want++;
        for (size_t i = kept = 0; i < m.count; i++)
            if (m.all[i].seq != m.seq[e])
                m.all[kept++] = m.all[i];
        m.count = kept;
        m.seq[e] = 0;
    }
    CHECK_INT(got, want);
}

static void
upkeep(void)
{
    CHECK(journal_upkeep(k.j) >= 0);
}

/* ---- the comparison ---- */

static int
by_newest(const void *a, const void *b)
{
    const struct model_delivery *x = *(struct model_delivery *const *)a;
    const struct model_delivery *y = *(struct model_delivery *const *)b;

    if (x->seq != y->seq)
        return x->seq > y->seq ? -1 : 1;
    return x->destination > y->destination ? -1 : 1;
}

static void
compare_listing(struct journal_filter f)
{
    static struct model_delivery *want[DELIVERIES];
    size_t count = 0, wrong = 0;

    for (size_t i = 0; i < m.count; i++)
        if (model_matches(&f, &m.all[i]))
            want[count++] = &m.all[i];
    qsort(want, count, sizeof(*want), by_newest);
    while (f.limit && count > f.limit && want[count - 1]->seq != want[f.limit - 1]->seq)
        count--;
    CHECK_INT(kit_list(&k, &f, &rows), count);
    for (size_t i = 0; i < count && i < rows.count; i++) {
        const struct kit_row *r = &rows.rows[i];
        const struct model_delivery *d = want[i];

        wrong += r->seq != d->seq || r->destination != d->destination ||
                 r->state != d->state || r->why != d->why || r->due_ms != d->due_ms ||
                 r->attempts != d->attempts || r->accepted_ms != T0 + d->n;
    }
    CHECK_INT(wrong, 0);
}

static int
by_due(const void *a, const void *b)
{
    const struct model_delivery *x = *(struct model_delivery *const *)a;
    const struct model_delivery *y = *(struct model_delivery *const *)b;

    if (x->due_ms != y->due_ms)
        return x->due_ms < y->due_ms ? -1 : 1;
    return x->seq < y->seq ? -1 : 1;
}

static void
compare_due(void)
{
    static struct model_delivery *want[DELIVERIES];
    uint32_t to = 1 + (uint32_t)below(DESTINATIONS);
    int64_t now_ms = T0 + below(300), after_ms = T0 + below(100), after_seq = below(40), due;
    size_t count = 0, len = 0, limit = (size_t)(1 + below(30));
    char text[1024] = "";
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < m.count; i++) {
        struct model_delivery *d = &m.all[i];

        if (d->destination != to || d->state != STATE_WAITING)
            continue;
        if (d->due_ms < first)
            first = d->due_ms;
        if (d->due_ms <= now_ms &&
            (d->due_ms > after_ms || (d->due_ms == after_ms && d->seq > after_seq)))
            want[count++] = d;
    }
    qsort(want, count, sizeof(*want), by_due);
    for (size_t i = 0; i < count && i < limit; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%lld", i ? " " : "",
                                (long long)want[i]->seq);
    CHECK_STR(kit_due(&k, to, now_ms, after_ms, after_seq, limit), text);
    CHECK_INT(journal_next_due_of(k.j, to, &due), first == INT64_MAX);
    if (first != INT64_MAX)
        CHECK_INT(due, first);
}

static void
ignore_attempt(void *arg, const struct journal_attempt *at)
{
    (void)arg;
    (void)at;
}

static void
compare(void)
{
    compare_listing(random_filter());
    compare_due();
    CHECK_STR(kit_counts(&k), kit_recount(&k));
    if (m.count > 0) {
        struct model_delivery *d = &m.all[below((int)m.count)];

        CHECK_INT(journal_attempts(k.j, d->seq, d->destination, ignore_attempt, NULL),
                  d->history);
    }
}

static void
run(uint64_t seed)
{
    struct arena kept;

    random_state = seed * 0x9e3779b97f4a7c15ULL + 1;
    m = (struct model){ .next_seq = 1 };
    kit_begin(&k);
    for (int i = 0; i < DESTINATIONS; i++)
        CHECK_INT(kit_destination(&k, titles[i]), i + 1);
    for (int step = 0; step < STEPS; step++) {
        int what = below(100);

        if (what < 35)
            accept_some();
        else if (what < 75)
            attempt_some();
        else if (what < 87)
            replay_or_drop();
        else if (what < 92)
            expire();
        else if (what < 95)
            upkeep();
        else if (what < 98 && kit_is_file(&k))
            kit_again(&k);
        compare();
        kept = k.a;
        arena_free(&kept);
        arena_init(&k.a, 0);
    }
    compare_listing(kit_any());
    kit_end(&k);
}

static void
the_journal_and_a_plain_model_agree_whatever_is_done(void)
{
    const char *extra = getenv("HERMOD_TEST_SEED");
    int64_t seed;

    for (uint64_t s = 1; s <= (kit_slow() ? 1 : 8); s++)
        run(s);
    if (extra && parse_i64(extra, 0, INT64_MAX, &seed))
        run((uint64_t)seed);
}

UNIT_MAIN("core/journal_property",
          UNIT_TEST(the_journal_and_a_plain_model_agree_whatever_is_done))
