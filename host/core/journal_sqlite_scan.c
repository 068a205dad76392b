/* journal_sqlite_scan.c - which deliveries a filter may mean, by the shortest way there:

       one event           its deliveries
       a user              the user's events, their deliveries
       parked              the index of parked ones, merged over destinations and reasons
       waiting, not many   the index of waiting ones, sorted
       else                all deliveries

   A scan may offer some that do not match (sq_match decides), and never leaves one out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/journal_sqlite.h"

#define DAY_MS (24 * 3600 * 1000LL)
#define FEW_WAITING 50000      /* more are not sorted: walking finds some sooner */
#define USER_CHUNK 256

struct scan {
    struct sq *s;
    const struct journal_filter *f;
    bool rising;
    int64_t from, below;           /* seq within [from, below) */
    sq_visit_fn *visit;
    void *arg;
};

bool
sq_names_match(const struct journal_filter *f, const struct sq_destination *d)
{
    return (!f->vendor || str_eq(f->vendor, d->vendor)) &&
           (!f->plugin || str_eq(f->plugin, d->plugin)) &&
           (!f->name || str_eq(f->name, d->name));
}

/* ---- from time to seq ---- */

/* The first seq that was accepted at at_ms or later; next_seq when there is none. */
static int
first_from(struct sq *s, int64_t at_ms, int64_t *ret_seq)
{
    int64_t low = 1, high = s->next_seq;

    while (low < high) {
        int64_t middle = low + (high - low) / 2, seq = high, accepted_ms = at_ms;
        int more;

        sq_bind_int(s, SQ_ACCEPTED_FROM, 1, middle);
        more = sq_step(s, SQ_ACCEPTED_FROM);
        if (more < 0)
            return more;
        if (more > 0) {
            seq = sq_int(s, SQ_ACCEPTED_FROM, 0);
            accepted_ms = sq_int(s, SQ_ACCEPTED_FROM, 1);
            sq_reset(s, SQ_ACCEPTED_FROM);
        }
        if (accepted_ms >= at_ms)
            high = middle;
        else
            low = seq + 1;
    }
    *ret_seq = low;
    return 0;
}

/* Clocks are set back by seconds or by an hour: a day of slack, and sq_match looks at the
   time itself. */
int
sq_bounds(struct sq *s, const struct journal_filter *f, int64_t *ret_from, int64_t *ret_below)
{
    int64_t from = 1, below = s->next_seq;
    int error = 0;

    if (f->since_ms > 0)
        error = first_from(s, f->since_ms - DAY_MS, &from);
    if (!error && f->until_ms > 0)
        error = first_from(s, f->until_ms + DAY_MS, &below);
    if (error)
        return error;
    *ret_from = f->from_seq > from ? f->from_seq : from;
    *ret_below = f->before_seq > 0 && f->before_seq < below ? f->before_seq : below;
    return 0;
}

/* ---- the ways ---- */

/* Those of one event. They are collected first: visit may change them. */
static int
scan_event(struct scan *c, int64_t seq)
{
    struct sq *s = c->s;
    CLEANUP(free_ptr) struct sq_candidate *all =
        xcalloc(s->destination_count, sizeof(*all));
    size_t count = 0;
    int more, result = 0;

    if (seq < c->from || seq >= c->below)
        return 0;
    sq_bind_int(s, SQ_DELIVERIES_OF, 1, seq);
    while ((more = sq_step(s, SQ_DELIVERIES_OF)) > 0 && count < s->destination_count)
        all[count++] = (struct sq_candidate){
            seq, (uint32_t)sq_int(s, SQ_DELIVERIES_OF, 1),
            (int)sq_int(s, SQ_DELIVERIES_OF, 2), (int)sq_int(s, SQ_DELIVERIES_OF, 3) };
    sq_reset(s, SQ_DELIVERIES_OF);
    for (size_t i = 0; i < count && more >= 0 && result == 0; i++)
        result = c->visit(c->arg, &all[c->rising ? count - 1 - i : i]);
    return more < 0 ? more : result;
}

static int
scan_key(struct scan *c)
{
    int64_t seq;
    int found = sq_index_key(c->s, c->f->event, &seq);

    return found > 0 ? scan_event(c, seq) : found;
}

static int
scan_user(struct scan *c)
{
    uint32_t user = sq_user_hash(c->f->user);
    CLEANUP(free_ptr) int64_t *seqs = xcalloc(USER_CHUNK, sizeof(*seqs));
    int result = 0, found;

    while (result == 0) {
        found = sq_index_user(c->s, user, c->below, seqs, USER_CHUNK);
        if (found <= 0)
            return found;
        for (int i = 0; i < found && result == 0; i++)
            result = scan_event(c, seqs[i]);
        c->below = seqs[found - 1];
    }
    return result;
}

static int
scan_user_rising(struct scan *c)
{
    uint32_t user = sq_user_hash(c->f->user);
    CLEANUP(free_ptr) int64_t *seqs = NULL;
    int64_t below = c->below;
    size_t count = 0;
    int result = 0, found;

    do {
        seqs = xrealloc(seqs, count + USER_CHUNK, sizeof(*seqs));
        found = sq_index_user(c->s, user, below, seqs + count, USER_CHUNK);
        if (found > 0)
            below = seqs[count + (size_t)found - 1];
        count += found > 0 ? (size_t)found : 0;
    } while (found == USER_CHUNK);
    while (found >= 0 && result == 0 && count > 0)
        result = scan_event(c, seqs[--count]);
    return found < 0 ? found : result;
}

/* One pair (destination, why) of the index of parked ones. */
struct stream {
    struct heap_node node;         /* by seq, or by -seq */
    uint32_t destination;
    int why;
};

/* Finds the stream's next one behind seq and puts it in its place; or takes it out. */
static int
advance(struct scan *c, struct heap *h, struct stream *m, int64_t seq)
{
    enum sq_statement which = c->rising ? SQ_PARKED_FROM : SQ_PARKED_BELOW;
    int more;

    sq_bind_int(c->s, which, 1, m->destination);
    sq_bind_int(c->s, which, 2, m->why);
    sq_bind_int(c->s, which, 3, c->rising ? c->below : seq);
    sq_bind_int(c->s, which, 4, c->rising ? seq : c->from);
    more = sq_step(c->s, which);
    if (more > 0) {
        seq = sq_int(c->s, which, 0);
        sq_reset(c->s, which);
        heap_set(h, &m->node, c->rising ? seq : -seq);
    } else {
        heap_remove(h, &m->node);
    }
    return more < 0 ? more : 0;
}

static int
open_streams(struct scan *c, struct heap *h, struct stream *streams)
{
    int error = 0;

    for (size_t i = 0; i < c->s->destination_count; i++) {
        const struct sq_destination *d = &c->s->destinations[i];

        if (d->parked == 0 || !sq_names_match(c->f, d))
            continue;
#define X(name, number, text)                                                       \
        if (!error && (c->f->why < 0 || c->f->why == number)) {                     \
            streams->destination = d->id;                                           \
            streams->why = number;                                                  \
            error = advance(c, h, streams++, c->rising ? c->from : c->below);       \
        }
        PARKED(X)
#undef X
    }
    return error;
}

static int
scan_parked(struct scan *c)
{
#define X(name, number, text) +1
    const size_t whys = PARKED(X);
#undef X
    CLEANUP(free_ptr) struct stream *streams =
        xcalloc(c->s->destination_count * whys, sizeof(*streams));
    CLEANUP(heap_free) struct heap h = { 0 };
    struct heap_node *top;
    int result = open_streams(c, &h, streams);

    /* Event by event, so that one's deliveries stay together and in order. */
    while (result == 0 && (top = heap_min(&h))) {
        int64_t key = top->key, seq = c->rising ? key : -key;

        result = scan_event(c, seq);
        while (result == 0 && (top = heap_min(&h)) && top->key == key)
            result = advance(c, &h, (struct stream *)(void *)top, c->rising ? seq + 1 : seq);
    }
    return result;
}

static int
newest_first(const void *a, const void *b)
{
    const struct sq_candidate *x = a, *y = b;

    if (x->seq != y->seq)
        return x->seq > y->seq ? -1 : 1;
    return x->destination > y->destination ? -1 : x->destination < y->destination;
}

static int
scan_waiting(struct scan *c, size_t size)
{
    struct sq *s = c->s;
    CLEANUP(free_ptr) struct sq_candidate *all = xcalloc(size, sizeof(*all));
    size_t count = 0;
    int more = 0, result = 0;

    for (size_t i = 0; i < s->destination_count && more >= 0; i++) {
        if (!sq_names_match(c->f, &s->destinations[i]))
            continue;
        sq_bind_int(s, SQ_WAITING, 1, s->destinations[i].id);
        sq_bind_int(s, SQ_WAITING, 2, c->below);
        sq_bind_int(s, SQ_WAITING, 3, c->from);
        while ((more = sq_step(s, SQ_WAITING)) > 0 && count < size)
            all[count++] = (struct sq_candidate){ sq_int(s, SQ_WAITING, 0),
                                                  s->destinations[i].id, STATE_WAITING, 0 };
        sq_reset(s, SQ_WAITING);
    }
    qsort(all, count, sizeof(*all), newest_first);
    for (size_t i = 0; i < count && more >= 0 && result == 0; i++)
        result = c->visit(c->arg, &all[i]);
    return more < 0 ? more : result;
}

static int
scan_all(struct scan *c)
{
    int result = 0, more = 0;

    sq_bind_int(c->s, SQ_WALK, 1, c->below);
    sq_bind_int(c->s, SQ_WALK, 2, c->from);
    while (result == 0 && (more = sq_step(c->s, SQ_WALK)) > 0)
        result = c->visit(c->arg, &(struct sq_candidate){
            sq_int(c->s, SQ_WALK, 0), (uint32_t)sq_int(c->s, SQ_WALK, 1),
            (int)sq_int(c->s, SQ_WALK, 2), (int)sq_int(c->s, SQ_WALK, 3) });
    sq_reset(c->s, SQ_WALK);
    return more < 0 ? more : result;
}

/* ---- for the rest of the engine ---- */

int
sq_scan(struct sq *s, const struct journal_filter *f, bool rising,
        sq_visit_fn *visit, void *arg)
{
    struct scan c = { .s = s, .f = f, .rising = rising, .visit = visit, .arg = arg };
    int64_t waiting = 0;
    int error = sq_bounds(s, f, &c.from, &c.below);

    if (error)
        return error;
    if (f->event)
        return scan_key(&c);
    if (f->user)
        return rising ? scan_user_rising(&c) : scan_user(&c);
    if (f->state == STATE_PARKED)
        return scan_parked(&c);
    if (rising)
        die("journal: only parked deliveries are scanned oldest first");
    for (size_t i = 0; i < s->destination_count; i++)
        if (sq_names_match(f, &s->destinations[i]))
            waiting += s->destinations[i].waiting;
    if (f->state == STATE_WAITING && waiting >= 0 && waiting <= FEW_WAITING)
        return scan_waiting(&c, (size_t)waiting);
    return scan_all(&c);
}
