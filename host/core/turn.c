/* turn.c - all that a turn of the loop has brought, in one transaction: events come in,
   attempts end, destinations are held. Only then are the senders answered. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/state.h"
#include "model/caps.h"

#define COMMIT_RETRY_MS 1000

/* Doubles an array that is full. */
#define GROW(array, count, size)                                                  \
    do {                                                                          \
        if ((count) == (size)) {                                                  \
            (size) = (size) ? 2 * (size) : 64;                                    \
            (array) = xrealloc((array), (size), sizeof(*(array)));                \
        }                                                                         \
    } while (0)

void
core_accept(struct core *c, struct journal_event *events, size_t count,
            void (*done)(void *arg, int error), void *arg)
{
    struct gather *g = &c->gather;

    c->now_ms = clock_wall_ms();
    for (size_t i = 0; i < count; i++) {
        const struct route *r = route_of(c, events[i].event);

        events[i].destinations = r ? r->ids : NULL;
        events[i].count = r ? r->count : 0;
        events[i].accepted_ms = c->now_ms;
        g->event_bytes += events[i].event->body_len;
    }
    g->event_count += count;
    GROW(g->accepts, g->accept_count, g->accept_size);
    g->accepts[g->accept_count++] =
        (struct accept){ .events = events, .count = count, .done = done, .arg = arg };
}

void
turn_add_attempt(struct core *c, struct delivery *dl, const struct journal_attempt *at)
{
    struct gather *g = &c->gather;
    struct outcome_note *n;

    GROW(g->notes, g->note_count, g->note_size);
    n = &g->notes[g->note_count++];
    n->delivery = dl;
    n->attempt = *at;
    n->attempt.reason = arena_strdup(&g->arena, at->reason);
    dl->ended = true;
}

void
turn_add_hold(struct core *c, const struct journal_hold *h)
{
    struct gather *g = &c->gather;
    struct journal_hold *n;

    GROW(g->holds, g->hold_count, g->hold_size);
    n = &g->holds[g->hold_count++];
    *n = *h;
    n->reason = arena_strdup(&g->arena, h->reason ? h->reason : "");
}

bool
turn_idle(const struct core *c)
{
    const struct gather *g = &c->gather;

    return !c->committing && g->accept_count == 0 && g->note_count == 0 && g->hold_count == 0;
}

static void
gather_reset(struct gather *g)
{
    arena_reset(&g->arena);
    g->accept_count = g->event_count = g->event_bytes = g->note_count = g->hold_count = 0;
}

/* New events go on to their destinations. */
static void
fan_out(struct core *c, const struct journal_event *je)
{
    struct held_event *held = NULL;

    for (size_t i = 0; i < je->count; i++) {
        struct dest *d = dest_of_id(c, je->destinations[i]);

        c->stats.waiting++;
        if (d)
            delivery_accepted(d, &held, je);
    }
    held_event_unref(held);
}

static void
answer_accepts(struct core *c, int error)
{
    struct journal_event *je = c->turn_events;

    for (size_t i = 0; i < c->turn.accept_count; i++) {
        struct accept *a = &c->turn.accepts[i];

        for (size_t k = 0; k < a->count; k++, je++) {
            a->events[k].added = je->added;
            a->events[k].seq = je->seq;
            if (error)
                continue;
            c->stats.accepted += je->added == JOURNAL_NEW;
            c->stats.duplicates += je->added == JOURNAL_SAME;
            c->stats.refused += je->added == JOURNAL_CONFLICT;
            if (je->added == JOURNAL_NEW)
                fan_out(c, je);
        }
        a->done(a->arg, error);
    }
}

static void
settle(struct core *c, const struct outcome_note *n)
{
    struct delivery *dl = n->delivery;
    struct dest *d = dl->dest;

    c->stats.attempts++;
    switch (n->attempt.state) {
    case STATE_WAITING:
        c->stats.retried++;
        if (!d->spilled || n->attempt.due_ms < d->next_due_ms)
            d->next_due_ms = n->attempt.due_ms;
        d->spilled = true;
        break;
    case STATE_DELIVERED:
        c->stats.delivered++;
        c->stats.waiting--;
        break;
    case STATE_SKIPPED:
        c->stats.skipped++;
        c->stats.waiting--;
        break;
    default:
        c->stats.parked++;
        c->stats.waiting--;
    }
    delivery_free(dl);
    dest_update(d);
}

/* Nothing of the turn is on disk. The senders are told; what attempts came to is kept in
   memory and written with a later turn, and until then their lanes stay taken. */
static void
carry_over(struct core *c)
{
    const struct gather *t = &c->turn;

    for (size_t i = 0; i < t->note_count; i++)
        turn_add_attempt(c, t->notes[i].delivery, &t->notes[i].attempt);
    for (size_t i = 0; i < t->hold_count; i++)
        turn_add_hold(c, &t->holds[i]);
    c->retry_commit_mono_ms = clock_mono_ms() + COMMIT_RETRY_MS;
}

static void
on_committed(void *arg, int error)
{
    struct core *c = arg;

    c->committing = false;
    if (error && !c->journal_error)
        log_error("the journal cannot be written; nothing is accepted until it can",
                  log_s("error", journal_trouble(c->journal)));
    else if (!error && c->journal_error)
        log_info("the journal can be written again");
    c->journal_error = error;
    answer_accepts(c, error);
    if (error) {
        carry_over(c);
    } else {
        for (size_t i = 0; i < c->turn.note_count; i++)
            settle(c, &c->turn.notes[i]);
    }
    gather_reset(&c->turn);
}

void
turn_commit(struct core *c)
{
    struct journal_turn *jt = &c->journal_turn;
    struct gather swap;
    size_t at = 0;

    if (turn_idle(c) || c->committing)
        return;
    if (c->journal_error && c->gather.accept_count == 0 &&
        clock_mono_ms() < c->retry_commit_mono_ms)
        return;
    swap = c->turn;
    c->turn = c->gather;
    c->gather = swap;

    c->turn_events = xrealloc(c->turn_events, c->turn.event_count + 1, sizeof(*c->turn_events));
    for (size_t i = 0; i < c->turn.accept_count; i++) {
        const struct accept *a = &c->turn.accepts[i];

        memcpy(c->turn_events + at, a->events, a->count * sizeof(*a->events));
        at += a->count;
    }
    c->turn_attempts =
        xrealloc(c->turn_attempts, c->turn.note_count + 1, sizeof(*c->turn_attempts));
    for (size_t i = 0; i < c->turn.note_count; i++)
        c->turn_attempts[i] = c->turn.notes[i].attempt;
    *jt = (struct journal_turn){ .events = c->turn_events, .event_count = at,
                                 .attempts = c->turn_attempts,
                                 .attempt_count = c->turn.note_count,
                                 .holds = c->turn.holds, .hold_count = c->turn.hold_count,
                                 .done = on_committed, .arg = c };
    c->committing = true;
    journal_commit(c->journal, jt);
}

static void
gather_free(struct gather *g)
{
    arena_free(&g->arena);
    free(g->accepts);
    free(g->notes);
    free(g->holds);
}

void
turn_free(struct core *c)
{
    gather_free(&c->gather);
    gather_free(&c->turn);
    free(c->turn_events);
    free(c->turn_attempts);
}
