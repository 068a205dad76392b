/* journal_sqlite_index.c - from an event's key, or from its user, to the event.

   Keys and users come in no order. An index in the database would change one page of its
   own for each, that is 4 KiB written twice per event and index: once a few hundred
   thousand events are kept, that alone is more than everything else a turn costs. So new
   ones are kept in memory only, where a restart finds them again by reading the last events,
   and go into their tables sorted and many at a time, in rounds, so that many share a page:

       event ... indexed_seq | frozen: this round      | fresh: the next one
                 in tables   | sorted, partly in tables| in memory

   A round begins when ROUND events are fresh; each turn then merges twice as many as it
   adds, so that one round is over before the next is due. An idle moment begins one sooner. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/journal_sqlite.h"

#define ROUND 131072           /* 4 MiB in memory, about 0.1 s to read again at a start */
#define ROUND_IDLE 4096
#define SLICE 2048             /* merged at once when idle: a few milliseconds */

uint32_t
sq_user_hash(const char *user)
{
    uint32_t h = 2166136261u;

    for (const uint8_t *p = (const uint8_t *)user; *p; p++)
        h = (h ^ *p) * 16777619u;
    return h;
}

/* ---- keys in memory ---- */

/* Where the key is, or the free place where it would be. */
static uint32_t *
slot(const struct sq_keys *k, uint64_t hi, uint64_t lo)
{
    const uint64_t key[2] = { hi, lo };
    size_t i = hash_bytes(key, sizeof(key)) & (k->slot_count - 1);

    while (k->slots[i]) {
        const struct sq_entry *e = &k->entries[k->slots[i] - 1];

        if (e->lo == lo && e->hi == hi)
            break;
        i = (i + 1) & (k->slot_count - 1);
    }
    return &k->slots[i];
}

static void
keys_grow(struct sq_keys *k)
{
    if (k->count == k->size) {
        k->size = k->size ? 2 * k->size : 256;
        k->entries = xrealloc(k->entries, k->size, sizeof(*k->entries));
    }
    if (2 * (k->count + 1) <= k->slot_count)
        return;
    free(k->slots);
    k->slot_count = 4 * k->size;
    k->slots = xcalloc(k->slot_count, sizeof(*k->slots));
    for (size_t i = 0; i < k->count; i++)
        *slot(k, k->entries[i].hi, k->entries[i].lo) = (uint32_t)i + 1;
}

static void
keys_add(struct sq_keys *k, const struct sq_entry *e)
{
    keys_grow(k);
    k->entries[k->count++] = *e;
    *slot(k, e->hi, e->lo) = (uint32_t)k->count;
}

/* The newest go first, so that none is left behind a gap that its search would stop at. */
static void
keys_cut(struct sq_keys *k, size_t count)
{
    while (k->count > count) {
        const struct sq_entry *e = &k->entries[k->count - 1];

        *slot(k, e->hi, e->lo) = 0;
        k->count--;
    }
}

static const struct sq_entry *
keys_find(const struct sq_keys *k, uint64_t hi, uint64_t lo)
{
    uint32_t at = k->count ? *slot(k, hi, lo) : 0;

    return at ? &k->entries[at - 1] : NULL;
}

static void
keys_free(struct sq_keys *k)
{
    free(k->entries);
    free(k->slots);
    *k = (struct sq_keys){ 0 };
}

/* ---- keys as the two halves of a number, so that they sort as their bytes do ---- */

static uint64_t
load_half(const uint8_t *p)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

static void
store_key(const struct sq_entry *e, uint8_t key[16])
{
    for (int i = 0; i < 8; i++) {
        key[i] = (uint8_t)(e->hi >> (56 - 8 * i));
        key[8 + i] = (uint8_t)(e->lo >> (56 - 8 * i));
    }
}

static int
by_key(const void *a, const void *b)
{
    const struct sq_entry *x = a, *y = b;

    if (x->hi != y->hi)
        return x->hi < y->hi ? -1 : 1;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static int
by_user(const void *a, const void *b)
{
    const struct sq_user *x = a, *y = b;

    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* ---- rounds ---- */

static void
begin_round(struct sq_index *x)
{
    size_t n = x->fresh.count;

    keys_free(&x->frozen);
    x->frozen = x->fresh;
    x->fresh = (struct sq_keys){ 0 };
    x->by_key = xcalloc(n, sizeof(*x->by_key));
    x->by_user = xcalloc(n, sizeof(*x->by_user));
    for (size_t i = 0; i < n; i++) {
        x->by_key[i] = x->frozen.entries[i];
        x->by_user[i] = (struct sq_user){ x->frozen.entries[i].user, x->frozen.entries[i].seq };
    }
    qsort(x->by_key, n, sizeof(*x->by_key), by_key);
    qsort(x->by_user, n, sizeof(*x->by_user), by_user);
    x->merged = x->merging = 0;
}

static void
end_round(struct sq_index *x)
{
    x->indexed_seq = x->frozen.entries[x->frozen.count - 1].seq;
    keys_free(&x->frozen);
    free(x->by_key);
    free(x->by_user);
    x->by_key = NULL;
    x->by_user = NULL;
    x->merged = x->merging = 0;
}

static int
merge_one(struct sq *s, const struct sq_entry *e, const struct sq_user *u)
{
    uint8_t key[16];
    int error;

    store_key(e, key);
    sq_bind_blob(s, SQ_KEY_ADD, 1, key, sizeof(key));
    sq_bind_int(s, SQ_KEY_ADD, 2, e->seq);
    error = sq_run(s, SQ_KEY_ADD);
    if (error)
        return error;
    sq_bind_int(s, SQ_USER_ADD, 1, u->user);
    sq_bind_int(s, SQ_USER_ADD, 2, u->seq);
    return sq_run(s, SQ_USER_ADD);
}

static int
merge(struct sq *s, size_t max)
{
    struct sq_index *x = &s->index;
    int error = 0;

    for (; max > 0 && x->merging < x->frozen.count && !error; max--) {
        error = merge_one(s, &x->by_key[x->merging], &x->by_user[x->merging]);
        x->merging++;
    }
    if (!error && x->merging == x->frozen.count && x->frozen.count > 0) {
        sq_bind_text(s, SQ_META_SET, 1, "indexed_seq");
        sq_bind_int(s, SQ_META_SET, 2, x->frozen.entries[x->frozen.count - 1].seq);
        error = sq_run(s, SQ_META_SET);
    }
    return error;
}

int
sq_index_merge(struct sq *s, size_t added)
{
    return s->index.frozen.count && added ? merge(s, 2 * added) : 0;
}

void
sq_index_begin(struct sq *s)
{
    struct sq_index *x = &s->index;

    if (x->frozen.count == 0 && x->fresh.count >= ROUND)
        begin_round(x);
    x->mark = x->fresh.count;
}

void
sq_index_end(struct sq *s, bool committed)
{
    struct sq_index *x = &s->index;

    if (!committed) {
        keys_cut(&x->fresh, x->mark);
        x->merging = x->merged;
        return;
    }
    x->merged = x->merging;
    if (x->frozen.count && x->merged == x->frozen.count)
        end_round(x);
}

bool
sq_index_idle_due(const struct sq *s)
{
    return s->index.frozen.count > 0 || s->index.fresh.count >= ROUND_IDLE;
}

int
sq_index_slice(struct sq *s)
{
    int error;

    if (s->index.frozen.count == 0)
        begin_round(&s->index);
    error = sq_begin(s);
    return error ? error : sq_end(s, merge(s, SLICE));
}

int
sq_index_flush(struct sq *s)
{
    int error = 0;

    while (!error && (s->index.frozen.count || s->index.fresh.count))
        error = sq_index_slice(s);
    return error;
}

/* ---- what the rest of the engine asks ---- */

bool
sq_index_has_older(const struct sq *s, int64_t before_ms)
{
    const struct sq_index *x = &s->index;

    return (x->frozen.count && x->frozen.oldest_ms < before_ms) ||
           (x->fresh.count && x->fresh.oldest_ms < before_ms);
}

void
sq_index_add(struct sq *s, const uint8_t key[16], const char *user, int64_t seq,
             int64_t accepted_ms)
{
    struct sq_keys *k = &s->index.fresh;

    if (k->count == 0 || accepted_ms < k->oldest_ms)
        k->oldest_ms = accepted_ms;
    keys_add(k, &(struct sq_entry){ .hi = load_half(key),
             .lo = load_half(key + 8), .seq = seq, .user = sq_user_hash(user) });
}

int
sq_index_load(struct sq *s)
{
    int more;

    sq_bind_int(s, SQ_TAIL, 1, s->index.indexed_seq);
    while ((more = sq_step(s, SQ_TAIL)) > 0) {
        if (sqlite3_column_bytes(s->statements[SQ_TAIL], 1) != 16) {
            sq_reset(s, SQ_TAIL);
            return sq_damaged(s, "an event without a key");
        }
        sq_index_add(s, sqlite3_column_blob(s->statements[SQ_TAIL], 1),
                     sq_text(s, SQ_TAIL, 2), sq_int(s, SQ_TAIL, 0), sq_int(s, SQ_TAIL, 3));
    }
    return more;
}

void
sq_index_free(struct sq *s)
{
    keys_free(&s->index.fresh);
    keys_free(&s->index.frozen);
    free(s->index.by_key);
    free(s->index.by_user);
}

int
sq_index_key(struct sq *s, const uint8_t key[16], int64_t *ret_seq)
{
    uint64_t hi = load_half(key), lo = load_half(key + 8);
    const struct sq_entry *e = keys_find(&s->index.fresh, hi, lo);
    int more;

    if (!e)
        e = keys_find(&s->index.frozen, hi, lo);
    if (e) {
        *ret_seq = e->seq;
        return 1;
    }
    sq_bind_blob(s, SQ_KEY_FIND, 1, key, 16);
    more = sq_step(s, SQ_KEY_FIND);
    if (more > 0) {
        *ret_seq = sq_int(s, SQ_KEY_FIND, 0);
        sq_reset(s, SQ_KEY_FIND);
    }
    return more;
}

static int
user_in_memory(const struct sq_keys *k, uint32_t user, int64_t before_seq, int64_t *ret_seqs,
               int count, int max)
{
    for (size_t i = k->count; i > 0 && count < max; i--)
        if (k->entries[i - 1].user == user && k->entries[i - 1].seq < before_seq)
            ret_seqs[count++] = k->entries[i - 1].seq;
    return count;
}

int
sq_index_user(struct sq *s, uint32_t user, int64_t before_seq, int64_t *ret_seqs, int max)
{
    int count = user_in_memory(&s->index.fresh, user, before_seq, ret_seqs, 0, max), more;

    count = user_in_memory(&s->index.frozen, user, before_seq, ret_seqs, count, max);
    if (count == max)
        return count;
    /* The tables may have some of this round's already. */
    if (before_seq > s->index.indexed_seq)
        before_seq = s->index.indexed_seq + 1;
    sq_bind_int(s, SQ_USER_FIND, 1, user);
    sq_bind_int(s, SQ_USER_FIND, 2, before_seq);
    sq_bind_int(s, SQ_USER_FIND, 3, max - count);
    while ((more = sq_step(s, SQ_USER_FIND)) > 0)
        ret_seqs[count++] = sq_int(s, SQ_USER_FIND, 0);
    return more < 0 ? more : count;
}
