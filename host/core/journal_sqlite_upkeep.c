/* journal_sqlite_upkeep.c - what keeps the file small and the log short: retention, writing
   the log back, giving back space. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/journal_sqlite.h"

#define PAGE 4096
/* Pages in the log that make an idle moment good for writing it back: 16 MiB. The log is
   synced already; this only bounds its size and how long the next start reads it. */
#define LOG_PAGES 4096
/* Without an idle moment, 64 MiB: pages changed again and again are then written once. */
#define LOG_PAGES_MAX (4 * LOG_PAGES)
/* Writing back may make the file as much larger as the log is: on a disk that is nearly full
   it is done while there is still room for it. How full is asked every so many pages. */
#define LOG_PAGES_LOOK 64
/* Space is given back when over a quarter of the file, and over 64 MiB, is free: less is
   soon used again. */
#define FREE_PAGES_MIN (64 * 1024 * 1024 / PAGE)
#define LOOKED_MAX 20000       /* events a call of journal_expire looks at */
#define YOUNG_MAX 1000         /* in a row: those behind are younger still */

/* ---- retention ---- */

struct expired {
    int64_t seq;
    uint8_t key[16];
    uint32_t user;
};

static int
by_key(const void *a, const void *b)
{
    return memcmp(((const struct expired *)a)->key, ((const struct expired *)b)->key, 16);
}

static int
drop_event(struct sq *s, const struct expired *e)
{
    static const enum sq_statement by_seq[] = { SQ_DELIVERIES_DROP, SQ_ATTEMPTS_DROP,
                                                SQ_EVENT_DROP };
    int error = 0;

    for (size_t i = 0; i < ARRAY_LEN(by_seq) && !error; i++) {
        sq_bind_int(s, by_seq[i], 1, e->seq);
        error = sq_run(s, by_seq[i]);
    }
    if (error)
        return error;
    sq_bind_int(s, SQ_USER_DROP, 1, e->user);
    sq_bind_int(s, SQ_USER_DROP, 2, e->seq);
    return sq_run(s, SQ_USER_DROP);
}

/* Collects from behind s->expire_after on; moves it to where the next call goes on. */
static int
collect(struct sq *s, int64_t before_ms, size_t limit, struct expired *ret_all)
{
    size_t count = 0, looked = 0, young = 0;
    int more = 0;

    sq_bind_int(s, SQ_EXPIRABLE, 1, s->expire_after);
    sq_bind_int(s, SQ_EXPIRABLE, 2, s->index.indexed_seq);
    sq_bind_int(s, SQ_EXPIRABLE, 3, LOOKED_MAX);
    sq_bind_int(s, SQ_EXPIRABLE, 4, before_ms);
    while (count < limit && young < YOUNG_MAX && (more = sq_step(s, SQ_EXPIRABLE)) > 0) {
        struct expired *e = &ret_all[count];

        looked++;
        s->expire_after = sq_int(s, SQ_EXPIRABLE, 0);
        if (sq_int(s, SQ_EXPIRABLE, 1) >= before_ms) {
            young++;
            continue;
        }
        young = 0;
        if (sq_int(s, SQ_EXPIRABLE, 4))
            continue;
        e->seq = s->expire_after;
        sq_read_key(s, SQ_EXPIRABLE, 2, e->key);
        e->user = sq_user_hash(sq_text(s, SQ_EXPIRABLE, 3));
        count++;
    }
    sq_reset(s, SQ_EXPIRABLE);
    /* At the end of those old enough: from the first again. */
    if (count < limit && looked < LOOKED_MAX)
        s->expire_after = 0;
    return more < 0 ? more : (int)count;
}

static int
drop_events(struct sq *s, struct expired *all, size_t count)
{
    int error = sq_begin(s);

    if (error)
        return error;
    sq_bind_text(s, SQ_META_SET, 1, "last_seq");
    sq_bind_int(s, SQ_META_SET, 2, s->next_seq - 1);
    error = sq_run(s, SQ_META_SET);
    for (size_t i = 0; i < count && !error; i++)
        error = drop_event(s, &all[i]);
    qsort(all, count, sizeof(*all), by_key);       /* neighbours share a page */
    for (size_t i = 0; i < count && !error; i++) {
        sq_bind_blob(s, SQ_KEY_DROP, 1, all[i].key, sizeof(all[i].key));
        error = sq_run(s, SQ_KEY_DROP);
    }
    return sq_end(s, error);
}

int
sq_expire(struct journal *j, int64_t before_ms, size_t limit)
{
    struct sq *s = sq_of(j);
    size_t max = limit < LOOKED_MAX ? limit : LOOKED_MAX;
    CLEANUP(free_ptr) struct expired *all = xcalloc(max, sizeof(*all));
    int64_t after = s->expire_after;
    int error = 0, count;

    /* Those would have to be taken out of memory: they go into the tables first. It takes a
       retention of minutes to come here. */
    if (sq_index_has_older(s, before_ms))
        error = sq_index_flush(s);
    if (error)
        return error;
    count = collect(s, before_ms, max, all);
    if (count > 0)
        error = drop_events(s, all, (size_t)count);
    if (error)
        s->expire_after = after;
    return error ? error : count;
}

/* ---- the log ---- */

static int
checkpoint(struct sq *s)
{
    int in_log, done;
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &done);

    if (rc == SQLITE_OK && done == in_log) {
        s->wal_pages = s->checkpoint_at = s->looked_at = 0;
        return 0;
    }
    /* Not again in every turn when the disk is full or failing. */
    s->checkpoint_at = s->wal_pages + LOG_PAGES_LOOK;
    return rc == SQLITE_OK ? 0 : sq_failed(s);
}

static bool
room_is_short(struct sq *s)
{
    int64_t bytes = sq_free_bytes(&s->journal);

    s->looked_at = s->wal_pages;
    return bytes >= 0 && bytes < 2 * PAGE * (int64_t)s->wal_pages;
}

void
sq_checkpoint_overdue(struct sq *s)
{
    bool due = s->wal_pages >= LOG_PAGES_MAX ||
               (s->wal_pages >= s->looked_at + LOG_PAGES_LOOK && room_is_short(s));

    if (due && s->wal_pages >= s->checkpoint_at)
        (void)checkpoint(s);       /* nothing is lost; it is tried again */
}

bool
sq_make_room(struct sq *s)
{
    return s->wal_pages > 0 && checkpoint(s) == 0 && s->wal_pages == 0;
}

/* ---- space ---- */

static int
pragma(struct sq *s, enum sq_statement which, int64_t *ret)
{
    int more = sq_step(s, which);

    if (more <= 0)
        return more < 0 ? more : -EIO;
    *ret = sq_int(s, which, 0);
    sq_reset(s, which);
    return 0;
}

/* 1 when a step was done and more is to give back. */
static int
give_back(struct sq *s)
{
    int64_t unused, pages;
    int error = pragma(s, SQ_FREE_PAGES, &unused), more;

    if (!error)
        error = pragma(s, SQ_PAGES, &pages);
    if (error || unused < FREE_PAGES_MIN || unused < pages / 4)
        return error;
    do {
        more = sq_step(s, SQ_VACUUM);      /* a page each */
    } while (more > 0);
    return more < 0 ? more : 1;
}

int
sq_upkeep(struct journal *j)
{
    struct sq *s = sq_of(j);
    int error;

    if (s->wal_pages >= LOG_PAGES && s->wal_pages >= s->checkpoint_at) {
        error = checkpoint(s);
        return error ? error : 1;
    }
    if (sq_index_idle_due(s)) {
        error = sq_index_slice(s);
        return error ? error : 1;
    }
    return give_back(s);
}

int64_t
sq_free_bytes(struct journal *j)
{
    struct sq *s = sq_of(j);
    CLEANUP(free_ptr) char *dir = xstrdup(s->path);
    char *slash = strrchr(dir, '/');
    struct statvfs v;

    if (str_eq(s->path, ":memory:"))
        return INT64_MAX;
    if (slash)
        slash[slash == dir] = '\0';
    if (statvfs(slash ? dir : ".", &v) < 0)
        return -errno;
    return (int64_t)v.f_bavail * (int64_t)v.f_frsize;
}
