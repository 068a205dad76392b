/* deliveries.c - the window on the journal: deliveries that are due or in flight are in
   memory, a bounded number of them; all others wait on disk. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/state.h"
#include "model/caps.h"

#define MEMORY_MAX 32768                   /* deliveries in memory that are not in flight:
                                              about 32 MiB of events of the usual size */

/* ---- events in memory ---- */

static const char *
place(char **at, const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = *at;

    if (len == 1)
        return "";
    memcpy(copy, text, len);
    *at += len;
    return copy;
}

struct held_event *
held_event_new(const struct event *ev, const uint8_t key[16], int64_t seq, int64_t accepted_ms)
{
    size_t len = strlen(ev->type) + strlen(ev->vendor) + strlen(ev->user) +
                 strlen(ev->contract) + strlen(ev->entitlement) + strlen(ev->checkout) +
                 strlen(ev->occurred) + 7 + ev->body_len + 1;
    struct held_event *e = xmalloc(sizeof(*e) + len);
    char *at = (char *)(e + 1);

    e->refs = 1;
    e->seq = seq;
    e->accepted_ms = accepted_ms;
    event_id_text(key, e->id);
    e->event = (struct event){
        .type = place(&at, ev->type),
        .vendor = place(&at, ev->vendor),
        .user = place(&at, ev->user),
        .contract = place(&at, ev->contract),
        .entitlement = place(&at, ev->entitlement),
        .checkout = place(&at, ev->checkout),
        .occurred = place(&at, ev->occurred),
        .occurred_ms = ev->occurred_ms,
        .body = at,
        .body_len = ev->body_len,
    };
    memcpy(at, ev->body, ev->body_len);
    at[ev->body_len] = 0;
    return e;
}

void
held_event_unref(struct held_event *e)
{
    if (e && --e->refs == 0)
        free(e);
}

/* ---- deliveries in memory ---- */

struct memory_key {
    int64_t seq;
    uint32_t id;
    uint32_t zero;                         /* no stray bytes in a key */
};

static struct memory_key
key_of(int64_t seq, uint32_t id)
{
    struct memory_key k;

    memset(&k, 0, sizeof(k));
    k.seq = seq;
    k.id = id;
    return k;
}

struct delivery *
delivery_find(const struct core *c, int64_t seq, uint32_t id)
{
    struct memory_key k = key_of(seq, id);

    return map_get(&c->in_memory, &k, sizeof(k));
}

struct delivery *
delivery_new(struct dest *d, struct held_event *e, int64_t due_ms, uint32_t attempts,
             uint32_t deaths)
{
    struct core *c = d->runner->core;
    struct delivery *dl = xcalloc(1, sizeof(*dl));
    struct memory_key k = key_of(e->seq, d->id);

    e->refs++;
    dl->event = e;
    dl->dest = d;
    dl->due_ms = due_ms;
    dl->attempts = attempts;
    dl->deaths = deaths;
    list_push_back(&d->ready, &dl->link);
    map_put(&c->in_memory, &k, sizeof(k), dl);
    d->in_memory++;
    c->memory_count++;
    return dl;
}

void
delivery_free(struct delivery *dl)
{
    struct dest *d = dl->dest;
    struct core *c = d->runner->core;
    struct memory_key k = key_of(dl->event->seq, d->id);

    lane_leave(dl);
    list_remove(&dl->link);
    map_del(&c->in_memory, &k, sizeof(k));
    d->in_memory--;
    c->memory_count--;
    held_event_unref(dl->event);
    free(dl);
}

static void
spill(struct dest *d, int64_t due_ms)
{
    if (!d->spilled || due_ms < d->next_due_ms)
        d->next_due_ms = due_ms;
    d->spilled = true;
}

void
delivery_accepted(struct dest *d, struct held_event **e, const struct journal_event *je)
{
    struct core *c = d->runner->core;
    bool behind = d->spilled && d->next_due_ms <= c->now_ms;

    if (behind || d->in_memory - d->in_flight >= CAP_WINDOW ||
        c->memory_count >= MEMORY_MAX + CAP_INFLIGHT || d->paused || dest_held(d) ||
        d->runner->channel == NULL || !d->config->enabled) {
        spill(d, je->accepted_ms);
    } else {
        if (*e == NULL)
            *e = held_event_new(je->event, je->key, je->seq, je->accepted_ms);
        delivery_new(d, *e, je->accepted_ms, 0, 0);
    }
    if (d->place == PLACE_NONE)
        dest_update(d);
}

/* ---- reading back ---- */

struct refill {
    struct dest *dest;
    size_t found, taken;
};

static void
on_due(void *arg, const struct journal_due *jd)
{
    struct refill *r = arg;
    struct held_event *e;

    r->found++;
    if (delivery_find(r->dest->runner->core, jd->seq, r->dest->id))
        return;
    e = held_event_new(&jd->event, jd->key, jd->seq, jd->accepted_ms);
    delivery_new(r->dest, e, jd->due_ms, jd->attempts, jd->deaths);
    held_event_unref(e);
    r->taken++;
}

static void
on_first_later(void *arg, const struct journal_due *jd)
{
    struct dest *d = arg;

    d->spilled = true;
    d->next_due_ms = jd->due_ms;
}

/* In flight or behind in a lane are still WAITING in the journal: read past them. */
void
dest_refill(struct dest *d)
{
    struct core *c = d->runner->core;
    struct arena a = { 0 };
    struct refill r = { .dest = d };
    size_t limit = CAP_WINDOW + d->in_memory;
    int n = journal_due(c->journal, &a, d->id, c->now_ms, INT64_MIN, INT64_MIN, limit,
                        on_due, &r);

    if (n >= 0 && (size_t)n < limit) {
        d->spilled = false;
        n = journal_due(c->journal, &a, d->id, INT64_MAX, c->now_ms, INT64_MAX, 1,
                        on_first_later, d);
    }
    if (n < 0) {
        log_error("the journal cannot be read", log_s("vendor", d->config->vendor),
                  log_s("plugin", d->config->plugin), log_s("error", strerror(-n)));
        d->spilled = true;
        d->next_due_ms = c->now_ms + 1000;
    }
    arena_free(&a);
}

/* ---- lanes ---- */

/* The lane's key: the destination and the user. Returns its length. */
static size_t
lane_key(const struct delivery *dl, char key[4 + CAP_FIELD])
{
    size_t len = strlen(dl->event->event.user);

    if (len > CAP_FIELD)
        len = CAP_FIELD;
    memcpy(key, &dl->dest->id, 4);
    memcpy(key + 4, dl->event->event.user, len);
    return 4 + len;
}

bool
lane_take(struct delivery *dl)
{
    struct core *c = dl->dest->runner->core;
    char key[4 + CAP_FIELD];
    size_t len = lane_key(dl, key);
    struct lane *lane = map_get(&c->lanes, key, len);

    if (lane) {
        list_remove(&dl->link);
        list_push_back(&lane->waiting, &dl->link);
        dl->lane = lane;
        return false;
    }
    lane = xmalloc(sizeof(*lane));
    list_init(&lane->waiting);
    lane->flying = dl;
    dl->lane = lane;
    map_put(&c->lanes, key, len, lane);
    return true;
}

/* The others go back to where they came from, in their order: before younger ones. */
void
lane_leave(struct delivery *dl)
{
    struct core *c = dl->dest->runner->core;
    struct lane *lane = dl->lane;
    char key[4 + CAP_FIELD];
    struct list *last;

    dl->lane = NULL;
    if (lane == NULL || lane->flying != dl)
        return;
    while (!list_empty(&lane->waiting)) {
        struct delivery *next;

        last = lane->waiting.prev;
        next = DELIVERY_OF(last);
        list_remove(last);
        next->lane = NULL;
        list_push_front(&dl->dest->ready, last);
    }
    map_del(&c->lanes, key, lane_key(dl, key));
    free(lane);
}

void
deliveries_free(struct core *c)
{
    struct map_slot *slot;

    for (size_t at = 0; map_next(&c->lanes, &at, &slot);)
        free(slot->value);
    for (size_t at = 0; map_next(&c->in_memory, &at, &slot);) {
        struct delivery *dl = slot->value;

        held_event_unref(dl->event);
        free(dl);
    }
    map_free(&c->in_memory);
    map_free(&c->lanes);
    flights_free(&c->flights);
}
