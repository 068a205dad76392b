/* journal_sqlite_write.c - one turn in one transaction. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "core/journal_sqlite.h"
#include "model/caps.h"

static int
add_deliveries(struct sq *s, const struct journal_event *e)
{
    int error = 0;

    for (size_t i = 0; i < e->count && !error; i++) {
        sq_bind_int(s, SQ_DELIVERY_ADD, 1, e->seq);
        sq_bind_int(s, SQ_DELIVERY_ADD, 2, e->destinations[i]);
        sq_bind_int(s, SQ_DELIVERY_ADD, 3, e->accepted_ms);
        error = sq_run(s, SQ_DELIVERY_ADD);
        if (!error)
            sq_count(s, e->destinations[i], 1, 0);
    }
    return error;
}

static int
insert(struct sq *s, struct journal_event *e)
{
    const struct event *ev = e->event;
    int error;

    e->added = JOURNAL_NEW;
    e->seq = s->next_seq++;
    sq_bind_int(s, SQ_EVENT_ADD, 1, e->seq);
    sq_bind_blob(s, SQ_EVENT_ADD, 2, e->key, sizeof(e->key));
    sq_bind_int(s, SQ_EVENT_ADD, 3, (int64_t)e->fingerprint);
    sq_bind_int(s, SQ_EVENT_ADD, 4, e->accepted_ms);
    sq_bind_text(s, SQ_EVENT_ADD, 5, ev->type);
    sq_bind_text(s, SQ_EVENT_ADD, 6, ev->vendor);
    sq_bind_text(s, SQ_EVENT_ADD, 7, ev->user);
    sq_bind_text(s, SQ_EVENT_ADD, 8, ev->contract);
    sq_bind_text(s, SQ_EVENT_ADD, 9, ev->entitlement);
    sq_bind_text(s, SQ_EVENT_ADD, 10, ev->checkout);
    sq_bind_text(s, SQ_EVENT_ADD, 11, ev->occurred);
    sq_bind_int(s, SQ_EVENT_ADD, 12, ev->occurred_ms);
    sq_bind_blob(s, SQ_EVENT_ADD, 13, ev->body, ev->body_len);
    error = sq_run(s, SQ_EVENT_ADD);
    if (error)
        return error;
    sq_index_add(s, e->key, ev->user, e->seq, e->accepted_ms);
    return add_deliveries(s, e);
}

/* Was there already: under the same key the same event, or another one? */
static int
seen(struct sq *s, struct journal_event *e)
{
    int more;

    sq_bind_int(s, SQ_FINGERPRINT, 1, e->seq);
    more = sq_step(s, SQ_FINGERPRINT);
    if (more < 0)
        return more;
    e->added = JOURNAL_CONFLICT;
    if (more > 0) {
        if ((uint64_t)sq_int(s, SQ_FINGERPRINT, 0) == e->fingerprint)
            e->added = JOURNAL_SAME;
        sq_reset(s, SQ_FINGERPRINT);
    }
    return 0;
}

static int
add_event(struct sq *s, struct journal_event *e)
{
    int found = sq_index_key(s, e->key, &e->seq);

    return found < 0 ? found : found ? seen(s, e) : insert(s, e);
}

/* Binds what SQ_SET_ATTEMPT wants, runs it, says whether a waiting delivery was there: 1, 0
   or -errno. */
static int
set_attempt(struct sq *s, enum sq_statement which, const struct journal_attempt *at)
{
    const char *reason = at->reason ? at->reason : "";
    size_t len = strlen(reason);
    int error;

    sq_bind_int(s, which, 1, at->seq);
    sq_bind_int(s, which, 2, at->destination);
    sq_bind_int(s, which, 3, at->state);
    sq_bind_int(s, which, 4, at->state == STATE_PARKED ? at->why : PARKED_NONE);
    sq_bind_int(s, which, 5, at->state == STATE_WAITING ? at->due_ms : 0);
    sq_bind_int(s, which, 6, at->attempt);
    sq_bind_int(s, which, 7, at->deaths);
    sq_bind_int(s, which, 8, at->at_ms);
    sq_bind_int(s, which, 9, at->took_ms);
    sq_bind_int(s, which, 10, at->outcome);
    sq_bind_int(s, which, 11, at->status);
    sq_bind_text_n(s, which, 12, reason,
                   len > CAP_REASON ? utf8_floor(reason, len, CAP_REASON) : len);
    error = sq_run(s, which);
    return error ? error : sqlite3_changes(s->db) > 0;
}

static int
keep_attempt(struct sq *s, const struct journal_attempt *at)
{
    sq_bind_int(s, SQ_ATTEMPT_KEEP, 1, at->seq);
    sq_bind_int(s, SQ_ATTEMPT_KEEP, 2, at->destination);
    sq_bind_int(s, SQ_ATTEMPT_KEEP, 3, STATE_WAITING);
    return sq_run(s, SQ_ATTEMPT_KEEP);
}

/* Most deliveries have one attempt only: that is one UPDATE. */
static int
record(struct sq *s, const struct journal_attempt *at)
{
    int set = at->attempt == 1 ? set_attempt(s, SQ_ATTEMPT_FIRST, at) : 0, error;

    if (set == 0) {
        error = keep_attempt(s, at);
        set = error ? error : set_attempt(s, SQ_ATTEMPT_AGAIN, at);
    }
    if (set > 0)
        sq_count(s, at->destination, at->state == STATE_WAITING ? 0 : -1,
                 at->state == STATE_PARKED);
    return set < 0 ? set : 0;
}

static int
write_turn(struct sq *s, struct journal_turn *t)
{
    size_t added = 0;
    int error = sq_begin(s);

    if (error)
        return error;
    for (size_t i = 0; i < t->event_count && !error; i++) {
        error = add_event(s, &t->events[i]);
        added += t->events[i].added == JOURNAL_NEW;
    }
    for (size_t i = 0; i < t->attempt_count && !error; i++)
        error = record(s, &t->attempts[i]);
    for (size_t i = 0; i < t->hold_count && !error; i++)
        error = sq_hold(s, &t->holds[i]);
    if (!error)
        error = sq_index_merge(s, added);
    return sq_end(s, error);
}

void
sq_commit(struct journal *j, struct journal_turn *turn)
{
    struct sq *s = sq_of(j);
    int error = write_turn(s, turn);

    if (error == -ENOSPC && sq_make_room(s))
        error = write_turn(s, turn);
    turn->done(turn->arg, error);          /* the turn may be gone after this */
    sq_checkpoint_overdue(s);
}
