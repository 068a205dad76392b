/* journal_sqlite_read.c - what dispatch reads: waiting deliveries and when they are due. */
#include <errno.h>
#include <string.h>

#include "core/journal_sqlite.h"

static const char *
copy_text(struct sq *s, enum sq_statement which, int column, struct arena *a)
{
    const char *text = sq_text(s, which, column);

    return arena_memdup0(a, text, (size_t)sqlite3_column_bytes(s->statements[which], column));
}

void
sq_read_event(struct sq *s, enum sq_statement which, int column, struct arena *a,
              struct event *ret)
{
    const void *body = sqlite3_column_blob(s->statements[which], column + 8);

    ret->type = copy_text(s, which, column, a);
    ret->vendor = copy_text(s, which, column + 1, a);
    ret->user = copy_text(s, which, column + 2, a);
    ret->contract = copy_text(s, which, column + 3, a);
    ret->entitlement = copy_text(s, which, column + 4, a);
    ret->checkout = copy_text(s, which, column + 5, a);
    ret->occurred = copy_text(s, which, column + 6, a);
    ret->occurred_ms = sq_int(s, which, column + 7);
    ret->body_len = (size_t)sqlite3_column_bytes(s->statements[which], column + 8);
    ret->body = arena_memdup0(a, body, ret->body_len);
}

void
sq_read_key(struct sq *s, enum sq_statement which, int column, uint8_t ret_key[16])
{
    const void *key = sqlite3_column_blob(s->statements[which], column);
    int len = sqlite3_column_bytes(s->statements[which], column);

    memset(ret_key, 0, 16);
    if (key)
        memcpy(ret_key, key, len < 16 ? (size_t)len : 16);
}

int
sq_due(struct journal *j, struct arena *a, uint32_t destination, int64_t now_ms,
       int64_t after_due_ms, int64_t after_seq, size_t limit,
       journal_due_fn *fn, void *arg)
{
    struct sq *s = sq_of(j);
    int count = 0, more;

    sq_bind_int(s, SQ_DUE, 1, destination);
    sq_bind_int(s, SQ_DUE, 2, now_ms);
    sq_bind_int(s, SQ_DUE, 3, after_due_ms);
    sq_bind_int(s, SQ_DUE, 4, after_seq);
    sq_bind_int(s, SQ_DUE, 5, limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
    while ((more = sq_step(s, SQ_DUE)) > 0) {
        struct journal_due d = {
            .seq = sq_int(s, SQ_DUE, 0),
            .due_ms = sq_int(s, SQ_DUE, 1),
            .attempts = (uint32_t)sq_int(s, SQ_DUE, 2),
            .deaths = (uint32_t)sq_int(s, SQ_DUE, 3),
            .accepted_ms = sq_int(s, SQ_DUE, 5),
        };

        sq_read_key(s, SQ_DUE, 4, d.key);
        sq_read_event(s, SQ_DUE, 6, a, &d.event);
        fn(arg, &d);
        count++;
    }
    return more < 0 ? more : count;
}

int
sq_next_due_of(struct journal *j, uint32_t destination, int64_t *ret_due_ms)
{
    struct sq *s = sq_of(j);
    int more;

    if (sq_destination(s, destination)->waiting == 0)
        return 1;
    sq_bind_int(s, SQ_NEXT_DUE, 1, destination);
    more = sq_step(s, SQ_NEXT_DUE);
    if (more <= 0)
        return more < 0 ? more : 1;
    *ret_due_ms = sq_int(s, SQ_NEXT_DUE, 0);
    sq_reset(s, SQ_NEXT_DUE);
    return 0;
}

int
sq_next_due(struct journal *j, journal_next_fn *fn, void *arg)
{
    struct sq *s = sq_of(j);

    for (uint32_t id = 1; id <= s->destination_count; id++) {
        int64_t due_ms;
        int error = sq_next_due_of(j, id, &due_ms);

        if (error < 0)
            return error;
        if (error == 0)
            fn(arg, id, due_ms);
    }
    return 0;
}
