/* journal_sqlite_find.c - what people ask: deliveries by filter, attempts, events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/journal_sqlite.h"

#define LOOKED_MAX 100000      /* as journal.h promises for ret_next_seq */
#define USER_CHUNK 64

/* ---- does a delivery match? ---- */

static bool
match_row(struct sq *s, const struct journal_filter *f)
{
    int64_t accepted_ms = sq_int(s, SQ_DELIVERY, 13);
    uint8_t key[16];

    sq_read_key(s, SQ_DELIVERY, 12, key);
    return (f->state < 0 || sq_int(s, SQ_DELIVERY, 2) == f->state) &&
           (f->why < 0 || sq_int(s, SQ_DELIVERY, 3) == f->why) &&
           (f->since_ms <= 0 || accepted_ms >= f->since_ms) &&
           (f->until_ms <= 0 || accepted_ms < f->until_ms) &&
           (!f->user || str_eq(f->user, sq_text(s, SQ_DELIVERY, 15))) &&
           (!f->event || memcmp(f->event, key, sizeof(key)) == 0);
}

int
sq_match(struct sq *s, const struct journal_filter *f, const struct sq_candidate *c)
{
    int more;

    if (c->destination < 1 || c->destination > s->destination_count)
        return sq_damaged(s, "a delivery to an unknown destination");
    if ((f->state >= 0 && c->state != f->state) || (f->why >= 0 && c->why != f->why) ||
        !sq_names_match(f, sq_destination(s, c->destination)))
        return 0;
    sq_bind_int(s, SQ_DELIVERY, 1, c->seq);
    sq_bind_int(s, SQ_DELIVERY, 2, c->destination);
    more = sq_step(s, SQ_DELIVERY);
    if (more > 0 && !match_row(s, f)) {
        sq_reset(s, SQ_DELIVERY);
        return 0;
    }
    return more;
}

/* ---- deliveries ---- */

struct listing {
    struct sq *s;
    const struct journal_filter *f;
    journal_delivery_fn *fn;
    void *arg;
    size_t given, looked;
    int64_t last_seq;              /* the last that was looked at */
    bool stopped;
};

static void
give(struct listing *l)
{
    struct sq *s = l->s;
    const struct sq_destination *to =
        sq_destination(s, (uint32_t)sq_int(s, SQ_DELIVERY, 1));
    struct journal_delivery d = {
        .seq = sq_int(s, SQ_DELIVERY, 0),
        .destination = to->id,
        .state = (enum state)sq_int(s, SQ_DELIVERY, 2),
        .why = (enum parked)sq_int(s, SQ_DELIVERY, 3),
        .due_ms = sq_int(s, SQ_DELIVERY, 4),
        .attempts = (uint32_t)sq_int(s, SQ_DELIVERY, 5),
        .deaths = (uint32_t)sq_int(s, SQ_DELIVERY, 6),
        .at_ms = sq_int(s, SQ_DELIVERY, 7),
        .took_ms = sq_int(s, SQ_DELIVERY, 8),
        .outcome = (int)sq_int(s, SQ_DELIVERY, 9),
        .status = (int)sq_int(s, SQ_DELIVERY, 10),
        .reason = sq_text(s, SQ_DELIVERY, 11),
        .accepted_ms = sq_int(s, SQ_DELIVERY, 13),
        .type = sq_text(s, SQ_DELIVERY, 14),
        .user = sq_text(s, SQ_DELIVERY, 15),
        .vendor = to->vendor,
        .plugin = to->plugin,
        .name = to->name,
    };
    uint8_t key[16];

    sq_read_key(s, SQ_DELIVERY, 12, key);
    event_id_text(key, d.event_id);
    l->given++;
    l->fn(l->arg, &d);
}

static int
list_one(void *arg, const struct sq_candidate *c)
{
    struct listing *l = arg;
    const struct journal_filter *f = l->f;
    int matches;

    if (c->seq != l->last_seq &&
        ((f->limit && l->given >= f->limit) || (f->ret_next_seq && l->looked >= LOOKED_MAX))) {
        l->stopped = true;
        return 1;
    }
    l->looked++;
    l->last_seq = c->seq;
    matches = sq_match(l->s, f, c);
    if (matches <= 0)
        return matches;
    give(l);
    sq_reset(l->s, SQ_DELIVERY);
    return 0;
}

int
sq_deliveries(struct journal *j, const struct journal_filter *f,
              journal_delivery_fn *fn, void *arg)
{
    struct listing l = { .s = sq_of(j), .f = f, .fn = fn, .arg = arg };
    int error = sq_scan(l.s, f, false, list_one, &l);

    if (error < 0)
        return error;
    if (f->ret_next_seq)
        *f->ret_next_seq = l.stopped ? l.last_seq : 0;
    return (int)l.given;
}

/* ---- attempts ---- */

int
sq_attempts(struct journal *j, int64_t seq, uint32_t destination,
            journal_attempt_fn *fn, void *arg)
{
    struct sq *s = sq_of(j);
    int count = 0, more;

    sq_bind_int(s, SQ_ATTEMPTS, 1, seq);
    sq_bind_int(s, SQ_ATTEMPTS, 2, destination);
    while ((more = sq_step(s, SQ_ATTEMPTS)) > 0) {
        struct journal_attempt at = {
            .seq = seq,
            .destination = destination,
            .state = (enum state)sq_int(s, SQ_ATTEMPTS, 0),
            .why = (enum parked)sq_int(s, SQ_ATTEMPTS, 1),
            .due_ms = sq_int(s, SQ_ATTEMPTS, 2),
            .attempt = (uint32_t)sq_int(s, SQ_ATTEMPTS, 3),
            .deaths = (uint32_t)sq_int(s, SQ_ATTEMPTS, 4),
            .at_ms = sq_int(s, SQ_ATTEMPTS, 5),
            .took_ms = sq_int(s, SQ_ATTEMPTS, 6),
            .outcome = (int)sq_int(s, SQ_ATTEMPTS, 7),
            .status = (int)sq_int(s, SQ_ATTEMPTS, 8),
            .reason = sq_text(s, SQ_ATTEMPTS, 9),
        };

        if (at.state == STATE_DROPPED)
            at.state = STATE_PARKED;       /* what the attempt left; dropping was no attempt */
        fn(arg, &at);
        count++;
    }
    return more < 0 ? more : count;
}

/* ---- events ---- */

struct search {
    struct sq *s;
    struct arena *a;
    const char *vendor, *user;
    journal_found_fn *fn;
    void *arg;
    size_t limit;
    int given;
};

/* The statement stands on an event: gives it if it matches. */
static void
give_event(struct search *q, enum sq_statement which)
{
    struct journal_found e = {
        .seq = sq_int(q->s, which, 0),
        .accepted_ms = sq_int(q->s, which, 2),
    };

    if ((q->vendor && !str_eq(q->vendor, sq_text(q->s, which, 4))) ||
        (q->user && !str_eq(q->user, sq_text(q->s, which, 5))))
        return;
    sq_read_key(q->s, which, 1, e.key);
    sq_read_event(q->s, which, 3, q->a, &e.event);
    q->given++;
    q->fn(q->arg, &e);
}

static bool
enough(const struct search *q)
{
    return q->limit && (size_t)q->given >= q->limit;
}

static int
find_seq(struct search *q, int64_t seq)
{
    int more;

    sq_bind_int(q->s, SQ_EVENT, 1, seq);
    more = sq_step(q->s, SQ_EVENT);
    if (more > 0) {
        give_event(q, SQ_EVENT);
        sq_reset(q->s, SQ_EVENT);
    }
    return more < 0 ? more : 0;
}

static int
find_user(struct search *q, int64_t below)
{
    uint32_t user = sq_user_hash(q->user);
    int64_t seqs[USER_CHUNK];
    int found = 0, error = 0;

    do {
        found = sq_index_user(q->s, user, below, seqs, USER_CHUNK);
        for (int i = 0; i < found && !error && !enough(q); i++)
            error = find_seq(q, below = seqs[i]);
    } while (found == USER_CHUNK && !error && !enough(q));
    return found < 0 ? found : error;
}

static int
find_all(struct search *q, int64_t below)
{
    int more = 0;

    sq_bind_int(q->s, SQ_EVENTS, 1, below);
    while (!enough(q) && (more = sq_step(q->s, SQ_EVENTS)) > 0)
        give_event(q, SQ_EVENTS);
    sq_reset(q->s, SQ_EVENTS);
    return more < 0 ? more : 0;
}

int
sq_find(struct journal *j, struct arena *a, const uint8_t *key, const char *vendor,
        const char *user, int64_t before_seq, size_t limit,
        journal_found_fn *fn, void *arg)
{
    struct search q = { .s = sq_of(j), .a = a, .vendor = vendor, .user = user, .fn = fn,
                        .arg = arg, .limit = limit };
    int64_t below = before_seq > 0 ? before_seq : INT64_MAX, seq;
    int error;

    if (key) {
        error = sq_index_key(q.s, key, &seq);
        if (error > 0)
            error = seq < below ? find_seq(&q, seq) : 0;
    } else if (user) {
        error = find_user(&q, below);
    } else {
        error = find_all(&q, below);
    }
    return error < 0 ? error : q.given;
}
