/* destinations.c - who gets what, and whether a destination can go now. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/state.h"
#include "model/caps.h"

static void
route_add(struct core *c, const char *vendor, const char *type, uint32_t id)
{
    char *key = xasprintf("%s%c%s", vendor, '\n', type);
    struct route *r = map_gets(&c->routes, key);

    if (r == NULL) {
        r = xcalloc(1, sizeof(*r));
        map_puts(&c->routes, key, r);
    }
    if (r->count == r->size) {
        r->size = r->size ? 2 * r->size : 4;
        r->ids = xrealloc(r->ids, r->size, sizeof(*r->ids));
    }
    r->ids[r->count++] = id;
    free(key);
}

const struct route *
route_of(struct core *c, const struct event *ev)
{
    char key[2 * 1024 + 2];
    size_t vendor = strlen(ev->vendor), type = strlen(ev->type);

    if (vendor + type + 1 > sizeof(key))
        return NULL;
    memcpy(key, ev->vendor, vendor);
    key[vendor] = '\n';
    memcpy(key + vendor + 1, ev->type, type);
    return map_get(&c->routes, key, vendor + 1 + type);
}

struct dest *
dest_of_id(const struct core *c, uint32_t id)
{
    return id < c->by_id_size ? c->by_id[id] : NULL;
}

static struct runner_link *
runner_for(struct core *c, const char *plugin)
{
    struct runner_link *r = runner_named(c, plugin);

    if (r)
        return r;
    r = &c->runners[c->runner_count++];
    r->core = c;
    r->plugin = plugin;
    list_init(&r->ring);
    list_init(&r->flying);
    return r;
}

static void
dest_init(struct core *c, size_t i, uint32_t id)
{
    struct dest *d = &c->dests[i];
    const struct destination *config = &c->configs[i];

    d->config = config;
    d->id = id;
    d->runner = runner_for(c, config->plugin);
    d->group = &c->groups[config->group < c->config_count ? config->group : i];
    if (d->group->limit == 0 || config->concurrent < d->group->limit)
        d->group->limit = config->concurrent;
    if (config->requests > 0 && d->group->rate == NULL) {
        d->group->rate = xmalloc(sizeof(*d->group->rate));
        limit_init(d->group->rate, config->requests, config->per_ms, clock_mono_ms());
    }
    list_init(&d->link);
    list_init(&d->ready);
    if (id >= c->by_id_size) {
        size_t size = id + 64 + c->by_id_size / 2;

        c->by_id = xrealloc(c->by_id, size, sizeof(*c->by_id));
        memset(c->by_id + c->by_id_size, 0, (size - c->by_id_size) * sizeof(*c->by_id));
        c->by_id_size = size;
    }
    c->by_id[id] = d;
    for (size_t k = 0; config->enabled && k < config->event_count; k++)
        route_add(c, config->vendor, config->events[k], id);
}

static void
on_hold(void *arg, const struct journal_hold *h)
{
    struct dest *d = dest_of_id(arg, h->destination);

    if (d == NULL)
        return;
    d->paused = h->paused;
    d->hold_until_ms = h->hold_until_ms;
    d->hold_reason = xstrdup(h->reason ? h->reason : "");
}

static void
on_next_due(void *arg, uint32_t id, int64_t due_ms)
{
    struct dest *d = dest_of_id(arg, id);

    if (d == NULL)
        return;
    d->spilled = true;
    d->next_due_ms = due_ms;
}

static void
on_count(void *arg, const struct journal_count *n)
{
    struct core *c = arg;

    c->stats.waiting += n->waiting;
    c->stats.parked_now += n->parked;
}

int
dests_build(struct core *c, const char **ret_error)
{
    size_t n = c->config_count;
    struct journal_name *names = xcalloc(n, sizeof(*names));
    uint32_t *ids = xcalloc(n, sizeof(*ids));
    int error;

    c->dests = xcalloc(n, sizeof(*c->dests));
    c->groups = xcalloc(n, sizeof(*c->groups));
    c->runners = xcalloc(n, sizeof(*c->runners));
    for (size_t i = 0; i < n; i++) {
        list_init(&c->groups[i].blocked);
        names[i] = (struct journal_name){ c->configs[i].vendor, c->configs[i].plugin,
                                          c->configs[i].name };
    }
    error = journal_destinations(c->journal, names, n, ids);
    for (size_t i = 0; i < n && error == 0; i++)
        dest_init(c, i, ids[i]);
    free(names);
    free(ids);
    if (error == 0)
        error = journal_holds(c->journal, on_hold, c);
    if (error == 0)
        error = journal_next_due(c->journal, on_next_due, c);
    if (error == 0)
        error = journal_counts(c->journal, on_count, c);
    if (error < 0) {
        *ret_error = arena_printf(&c->arena, "the journal cannot be read: %s", strerror(-error));
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        dest_update(&c->dests[i]);
    return 0;
}

bool
dest_held(const struct dest *d)
{
    return d->hold_until_ms > d->runner->core->now_ms;
}

/* Room: many deliveries of few lanes must not fill the memory while they queue. */
bool
dest_can_refill(const struct dest *d)
{
    return d->spilled && d->next_due_ms <= d->runner->core->now_ms &&
           d->in_memory - d->in_flight < 4 * CAP_WINDOW;
}

static void
put_in_place(struct dest *d, enum place place)
{
    if (d->place == place)
        return;                            /* keeps its turn */
    list_remove(&d->link);
    d->place = place;
    if (place == PLACE_RING)
        list_push_back(&d->runner->ring, &d->link);
    else if (place == PLACE_BLOCKED)
        list_push_back(&d->group->blocked, &d->link);
}

/* Where it belongs now; sets the timer when that is only a matter of time. */
static enum place
place_of(struct dest *d)
{
    struct core *c = d->runner->core;
    bool due = !list_empty(&d->ready) || dest_can_refill(d);

    heap_remove(&c->timers, &d->timer);
    if (!d->config->enabled || d->paused)
        return PLACE_NONE;
    if (dest_held(d)) {
        if (due || d->spilled)
            heap_set(&c->timers, &d->timer, d->hold_until_ms);
        return PLACE_NONE;
    }
    if (d->runner->channel == NULL)
        return PLACE_NONE;                 /* runner_up() looks again */
    if (!due) {
        if (d->spilled && d->next_due_ms > c->now_ms)
            heap_set(&c->timers, &d->timer, d->next_due_ms);
        return PLACE_NONE;
    }
    if (d->group->rate_until_ms > c->now_ms) {
        heap_set(&c->timers, &d->timer, d->group->rate_until_ms);
        return PLACE_NONE;
    }
    return d->group->in_flight < d->group->limit ? PLACE_RING : PLACE_BLOCKED;
}

void
group_unblock(struct group *g)
{
    while (!list_empty(&g->blocked)) {
        struct dest *d = DEST_OF(g->blocked.next);

        put_in_place(d, place_of(d));
        if (d->place == PLACE_BLOCKED || d->place == PLACE_RING)
            return;
    }
}

/* One that leaves the ring unserved (held, paused) may have been let in for a place that
   became free: that place is for the next one that waits for it. */
void
dest_update(struct dest *d)
{
    bool in_ring = d->place == PLACE_RING;

    put_in_place(d, place_of(d));
    if (in_ring && d->place != PLACE_RING)
        group_unblock(d->group);
}

static void
set_hold_row(struct dest *d, const char *reason)
{
    struct journal_hold h = { .destination = d->id, .paused = d->paused,
                              .hold_until_ms = d->hold_until_ms, .reason = reason };

    free(d->hold_reason);
    d->hold_reason = xstrdup(reason);
    turn_add_hold(d->runner->core, &h);
    dest_update(d);
}

void
dest_hold(struct dest *d, int64_t until_ms, const char *reason)
{
    if (until_ms <= d->hold_until_ms || d->paused)
        return;
    d->hold_until_ms = until_ms;
    set_hold_row(d, reason);
}

void
dest_pause(struct dest *d, bool paused, const char *reason)
{
    d->paused = paused;
    if (!paused)
        d->hold_until_ms = 0;              /* a person knows better than an old hint */
    set_hold_row(d, reason);
}

void
dests_wake(struct core *c)
{
    struct heap_node *n;

    while ((n = heap_min(&c->timers)) != NULL && n->key <= c->now_ms)
        dest_update(LIST_OF(n, struct dest, timer));
    if (n == NULL)
        loop_timer_stop(c->timer);
    else                                   /* the wall clock may jump: look once a second */
        loop_timer_set(c->timer, n->key - c->now_ms < 1000 ? n->key - c->now_ms : 1000);
}

void
dests_free(struct core *c)
{
    struct map_slot *slot;
    size_t at = 0;

    for (size_t i = 0; i < c->config_count && c->dests; i++)
        free(c->dests[i].hold_reason);
    while (map_next(&c->routes, &at, &slot)) {
        free(((struct route *)slot->value)->ids);
        free(slot->value);
    }
    map_free(&c->routes);
    heap_free(&c->timers);
    free(c->dests);
    for (size_t i = 0; i < c->config_count && c->groups; i++)
        free(c->groups[i].rate);
    free(c->groups);
    free(c->by_id);
}
