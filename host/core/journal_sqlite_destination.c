/* journal_sqlite_destination.c - the destinations' numbers, their counters (mirrored in
   memory, written once per transaction for those that changed) and their holds. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/journal_sqlite.h"

#define NAMES_MAX (SIZE_MAX / 4)           /* names come checked, from the configuration */

/* The names with a NUL behind each. */
static void
name_key(struct buf *b, const char *vendor, const char *plugin, const char *name)
{
    buf_reset(b);
    buf_add(b, vendor, strlen(vendor) + 1);
    buf_add(b, plugin, strlen(plugin) + 1);
    buf_add(b, name, strlen(name) + 1);
}

static void
add(struct sq *s, struct buf *key, const char *vendor, const char *plugin, const char *name)
{
    struct sq_destination *d;

    if (s->destination_count == s->destination_size) {
        s->destination_size = s->destination_size ? 2 * s->destination_size : 64;
        s->destinations = xrealloc(s->destinations, s->destination_size,
                                   sizeof(*s->destinations));
        s->touched = xrealloc(s->touched, s->destination_size, sizeof(*s->touched));
    }
    d = &s->destinations[s->destination_count++];
    *d = (struct sq_destination){ .id = (uint32_t)s->destination_count,
                                  .vendor = xstrdup(vendor), .plugin = xstrdup(plugin),
                                  .name = xstrdup(name) };
    name_key(key, vendor, plugin, name);
    map_put(&s->destination_of, key->data, key->len, (void *)(uintptr_t)d->id);
}

static void
remove_last(struct sq *s, struct buf *key)
{
    struct sq_destination *d = &s->destinations[--s->destination_count];

    name_key(key, d->vendor, d->plugin, d->name);
    map_del(&s->destination_of, key->data, key->len);
    free(d->vendor);
    free(d->plugin);
    free(d->name);
}

struct sq_destination *
sq_destination(struct sq *s, uint32_t id)
{
    assert(id >= 1 && id <= s->destination_count);
    return &s->destinations[id - 1];
}

int
sq_destinations_load(struct sq *s)
{
    CLEANUP(buf_free) struct buf key = BUF_INIT(NAMES_MAX);
    int more;

    while ((more = sq_step(s, SQ_DESTINATIONS)) > 0) {
        struct sq_destination *d;

        if (sq_int(s, SQ_DESTINATIONS, 0) != (int64_t)s->destination_count + 1) {
            sq_reset(s, SQ_DESTINATIONS);
            return sq_damaged(s, "a destination is missing");
        }
        add(s, &key, sq_text(s, SQ_DESTINATIONS, 1), sq_text(s, SQ_DESTINATIONS, 2),
            sq_text(s, SQ_DESTINATIONS, 3));
        d = &s->destinations[s->destination_count - 1];
        d->waiting = sq_int(s, SQ_DESTINATIONS, 4);
        d->parked = sq_int(s, SQ_DESTINATIONS, 5);
    }
    return more;
}

void
sq_destinations_free(struct sq *s)
{
    CLEANUP(buf_free) struct buf key = BUF_INIT(NAMES_MAX);

    while (s->destination_count > 0)
        remove_last(s, &key);
    map_free(&s->destination_of);
    free(s->destinations);
    free(s->touched);
}

static int
name_new(struct sq *s, const struct journal_name *n, struct buf *key)
{
    sq_bind_int(s, SQ_DESTINATION_ADD, 1, (int64_t)s->destination_count + 1);
    sq_bind_text(s, SQ_DESTINATION_ADD, 2, n->vendor);
    sq_bind_text(s, SQ_DESTINATION_ADD, 3, n->plugin);
    sq_bind_text(s, SQ_DESTINATION_ADD, 4, n->name);
    add(s, key, n->vendor, n->plugin, n->name);
    return sq_run(s, SQ_DESTINATION_ADD);
}

int
sq_destinations(struct journal *j, const struct journal_name *names, size_t count,
                uint32_t *ret_ids)
{
    struct sq *s = sq_of(j);
    CLEANUP(buf_free) struct buf key = BUF_INIT(NAMES_MAX);
    CLEANUP(free_ptr) uint32_t *ids = xcalloc(count, sizeof(*ids));
    size_t before = s->destination_count;
    int error = 0;

    for (size_t i = 0; i < count && !error; i++) {
        const struct journal_name *n = &names[i];

        name_key(&key, n->vendor, n->plugin, n->name);
        ids[i] = (uint32_t)(uintptr_t)map_get(&s->destination_of, key.data, key.len);
        if (ids[i])
            continue;
        if (s->destination_count == before)
            error = sq_begin(s);
        if (!error)
            error = name_new(s, n, &key);
        ids[i] = (uint32_t)s->destination_count;
    }
    if (!sqlite3_get_autocommit(s->db) || s->destination_count > before)
        error = sq_end(s, error);
    if (!error)
        memcpy(ret_ids, ids, count * sizeof(*ids));
    while (error && s->destination_count > before)
        remove_last(s, &key);
    return error;
}

void
sq_count(struct sq *s, uint32_t id, int waiting, int parked)
{
    struct sq_destination *d = sq_destination(s, id);

    d->more_waiting += waiting;
    d->more_parked += parked;
    if (!d->touched) {
        d->touched = true;
        s->touched[s->touched_count++] = id;
    }
}

int
sq_counts_write(struct sq *s)
{
    int error = 0;

    for (size_t i = 0; i < s->touched_count && !error; i++) {
        const struct sq_destination *d = sq_destination(s, s->touched[i]);

        if (d->more_waiting == 0 && d->more_parked == 0)
            continue;
        sq_bind_int(s, SQ_COUNTS_SET, 1, d->id);
        sq_bind_int(s, SQ_COUNTS_SET, 2, d->waiting + d->more_waiting);
        sq_bind_int(s, SQ_COUNTS_SET, 3, d->parked + d->more_parked);
        error = sq_run(s, SQ_COUNTS_SET);
    }
    return error;
}

void
sq_counts_end(struct sq *s, bool committed)
{
    for (size_t i = 0; i < s->touched_count; i++) {
        struct sq_destination *d = sq_destination(s, s->touched[i]);

        if (committed) {
            d->waiting += d->more_waiting;
            d->parked += d->more_parked;
        }
        d->more_waiting = d->more_parked = 0;
        d->touched = false;
    }
    s->touched_count = 0;
}

int
sq_hold(struct sq *s, const struct journal_hold *h)
{
    sq_bind_int(s, SQ_HOLD_SET, 1, sq_destination(s, h->destination)->id);
    sq_bind_int(s, SQ_HOLD_SET, 2, h->paused);
    sq_bind_int(s, SQ_HOLD_SET, 3, h->hold_until_ms);
    sq_bind_text(s, SQ_HOLD_SET, 4, h->reason);
    return sq_run(s, SQ_HOLD_SET);
}

int
sq_holds(struct journal *j, journal_hold_fn *fn, void *arg)
{
    struct sq *s = sq_of(j);
    int more;

    while ((more = sq_step(s, SQ_HOLDS)) > 0) {
        struct journal_hold h = {
            .destination = (uint32_t)sq_int(s, SQ_HOLDS, 0),
            .paused = sq_int(s, SQ_HOLDS, 1) != 0,
            .hold_until_ms = sq_int(s, SQ_HOLDS, 2),
            .reason = sq_text(s, SQ_HOLDS, 3),
        };
        fn(arg, &h);
    }
    return more;
}

int
sq_counts(struct journal *j, journal_count_fn *fn, void *arg)
{
    struct sq *s = sq_of(j);

    for (size_t i = 0; i < s->destination_count; i++) {
        const struct sq_destination *d = &s->destinations[i];

        fn(arg, &(struct journal_count){ d->id, d->waiting, d->parked });
    }
    return 0;
}
