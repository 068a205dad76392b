/* journal_sqlite_change.c - replay and drop: what people do with parked deliveries. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/journal_sqlite.h"

/* The deliveries meant, found before the first is changed. */
struct chosen {
    struct sq *s;
    const struct journal_filter *f;
    struct sq_candidate *all;      /* none kept when only counted */
    size_t count, size, limit;
    bool keep;
};

static int
choose(void *arg, const struct sq_candidate *c)
{
    struct chosen *ch = arg;
    int matches = sq_match(ch->s, ch->f, c);

    if (matches <= 0)
        return matches;
    sq_reset(ch->s, SQ_DELIVERY);
    if (ch->keep && ch->count == ch->size) {
        ch->size = ch->size ? 2 * ch->size : 256;
        ch->all = xrealloc(ch->all, ch->size, sizeof(*ch->all));
    }
    if (ch->keep)
        ch->all[ch->count] = *c;
    ch->count++;
    return ch->limit && ch->count >= ch->limit;
}

/* Counts without looking at each delivery: in an outage there may be a million. */
static int64_t
count_streams(struct sq *s, const struct journal_filter *f)
{
    bool timed = f->since_ms > 0 || f->until_ms > 0;
    enum sq_statement which = timed ? SQ_PARKED_COUNT_TIMED : SQ_PARKED_COUNT;
    int64_t from, below, count = 0;
    int more = sq_bounds(s, f, &from, &below);

    for (size_t i = 0; i < s->destination_count && more >= 0; i++) {
        const struct sq_destination *d = &s->destinations[i];

        if (d->parked == 0 || !sq_names_match(f, d))
            continue;
        sq_bind_int(s, which, 1, d->id);
        sq_bind_int(s, which, 3, below);
        sq_bind_int(s, which, 4, from);
        if (timed) {
            sq_bind_int(s, which, 5, f->since_ms);
            sq_bind_int(s, which, 6, f->until_ms > 0 ? f->until_ms : INT64_MAX);
        }
#define X(name, number, text)                                                        \
        if (more >= 0 && (f->why < 0 || f->why == number)) {                         \
            sq_bind_int(s, which, 2, number);                                        \
            more = sq_step(s, which);                                                \
            count += more > 0 ? sq_int(s, which, 0) : 0;                             \
            sq_reset(s, which);                                                      \
        }
        PARKED(X)
#undef X
    }
    return more < 0 ? more : count;
}

static int64_t
count_parked(struct sq *s, const struct journal_filter *f)
{
    struct chosen ch = { .s = s, .f = f };
    int error;

    if (!f->event && !f->user)
        return count_streams(s, f);
    error = sq_scan(s, f, true, choose, &ch);
    return error < 0 ? error : (int64_t)ch.count;
}

static int
replay_one(struct sq *s, const struct sq_candidate *c, int64_t now_ms)
{
    int error;

    sq_bind_int(s, SQ_ATTEMPT_KEEP, 1, c->seq);
    sq_bind_int(s, SQ_ATTEMPT_KEEP, 2, c->destination);
    sq_bind_int(s, SQ_ATTEMPT_KEEP, 3, STATE_PARKED);
    error = sq_run(s, SQ_ATTEMPT_KEEP);
    if (error)
        return error;
    sq_bind_int(s, SQ_REPLAY, 1, c->seq);
    sq_bind_int(s, SQ_REPLAY, 2, c->destination);
    sq_bind_int(s, SQ_REPLAY, 3, now_ms);
    sq_count(s, c->destination, 1, -1);
    return sq_run(s, SQ_REPLAY);
}

static int
drop_one(struct sq *s, const struct sq_candidate *c, int64_t now_ms UNUSED)
{
    sq_bind_int(s, SQ_DROP, 1, c->seq);
    sq_bind_int(s, SQ_DROP, 2, c->destination);
    sq_count(s, c->destination, 0, -1);
    return sq_run(s, SQ_DROP);
}

static int64_t
change(struct sq *s, const struct journal_filter *wanted, bool dry,
       int (*one)(struct sq *, const struct sq_candidate *, int64_t), int64_t now_ms,
       journal_changed_fn *fn, void *arg)
{
    struct journal_filter f = *wanted;
    struct chosen ch = { .s = s, .f = &f, .limit = f.limit, .keep = true };
    int error;

    if (f.state >= 0 && f.state != STATE_PARKED)
        return 0;
    f.state = STATE_PARKED;
    if (dry)
        return count_parked(s, &f);
    error = sq_scan(s, &f, true, choose, &ch);
    if (error >= 0 && ch.count > 0 && (error = sq_begin(s)) == 0) {
        for (size_t i = 0; i < ch.count && !error; i++)
            error = one(s, &ch.all[i], now_ms);
        error = sq_end(s, error);
    }
    for (size_t i = 0; i < ch.count && error >= 0 && fn; i++)
        fn(arg, ch.all[i].destination, ch.all[i].seq);
    free(ch.all);
    return error < 0 ? error : (int64_t)ch.count;
}

int64_t
sq_replay(struct journal *j, const struct journal_filter *f, int64_t now_ms, bool dry,
          journal_changed_fn *fn, void *arg)
{
    return change(sq_of(j), f, dry, replay_one, now_ms, fn, arg);
}

int64_t
sq_drop(struct journal *j, const struct journal_filter *f, bool dry)
{
    return change(sq_of(j), f, dry, drop_one, 0, NULL, NULL);
}
