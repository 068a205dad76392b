/* journal_sqlite.h - what the files of the SQLite engine share: its context, its
   statements, transactions, and the index of keys and users. Private to journal_sqlite*.c,
   the only users of sqlite3. docs/journal.md explains the tables. */
#ifndef HERMOD_CORE_JOURNAL_SQLITE_H
#define HERMOD_CORE_JOURNAL_SQLITE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "core/journal_engine.h"
#include "core/journal_sqlite_sql.h"

enum sq_statement {
#define X(name, sql) SQ_##name,
    SQ_STATEMENTS(X)
#undef X
    SQ_COUNT
};

struct sq_destination {
    uint32_t id;
    char *vendor, *plugin, *name;
    int64_t waiting, parked;               /* as committed */
    int64_t more_waiting, more_parked;     /* in this transaction */
    bool touched;
};

/* One event whose key and user are not in the tables event_key and event_user yet. */
struct sq_entry {
    uint64_t hi, lo;                       /* the key */
    int64_t seq;
    uint32_t user;                         /* sq_user_hash() */
};
struct sq_user {
    uint32_t user;
    int64_t seq;
};
struct sq_keys {
    struct sq_entry *entries;              /* by seq */
    size_t count, size;
    uint32_t *slots;                       /* hashed by key: place in entries + 1; 0: free */
    size_t slot_count;                     /* a power of two */
    int64_t oldest_ms;                     /* none was accepted before this */
};
struct sq_index {
    struct sq_keys fresh;                  /* taken in since the last round began */
    struct sq_keys frozen;                 /* this round: being merged into the tables */
    struct sq_entry *by_key;               /* frozen, sorted */
    struct sq_user *by_user;
    size_t merged;                         /* entries of frozen in the tables, committed */
    size_t merging;                        /* the same with this transaction */
    size_t mark;                           /* fresh.count when the transaction began */
    int64_t indexed_seq;                   /* events up to here are in the tables */
};

struct sq {
    struct journal journal;                /* first: what callers hold */
    char *path;                            /* ":memory:" too */
    sqlite3 *db;
    sqlite3_stmt *statements[SQ_COUNT];
    char trouble[512];

    struct sq_destination *destinations;   /* id - 1 is the place */
    size_t destination_count, destination_size;
    struct map destination_of;             /* "vendor\0plugin\0name" to id */
    uint32_t *touched;                     /* ids; room for destination_size */
    size_t touched_count;

    int64_t next_seq, marked_seq;
    struct sq_index index;
    bool ghost;                            /* a commit failed: see sq_begin() */
    int wal_pages;                         /* in the log, not written back */
    int checkpoint_at;                     /* not before so many, after one that failed */
    int looked_at;                         /* pages in the log when free space was asked */
    int64_t expire_after;                  /* where journal_expire goes on */
};

static inline struct sq *
sq_of(struct journal *j)
{
    return (struct sq *)(void *)j;
}

/* ---- journal_sqlite.c: statements, errors, transactions ---- */

/* Keeps the text for journal_trouble() and returns the -errno for sqlite's last error. */
int sq_failed(struct sq *s);
/* The same for what sqlite takes for good but cannot be. */
int sq_damaged(struct sq *s, const char *what);
/* 1: a row is there. 0: none (any more), the statement is reset. -errno: reset too. */
int sq_step(struct sq *s, enum sq_statement which);
/* Runs a statement that gives no rows. 0 or -errno. */
int sq_run(struct sq *s, enum sq_statement which);
void sq_reset(struct sq *s, enum sq_statement which);

/* All that is bound must live until the statement is reset. */
void sq_bind_int(struct sq *s, enum sq_statement which, int at, int64_t value);
void sq_bind_text(struct sq *s, enum sq_statement which, int at, const char *text);
void sq_bind_text_n(struct sq *s, enum sq_statement which, int at, const char *text,
                    size_t len);
void sq_bind_blob(struct sq *s, enum sq_statement which, int at, const void *data, size_t len);
static inline int64_t
sq_int(struct sq *s, enum sq_statement which, int column)
{
    return sqlite3_column_int64(s->statements[which], column);
}
/* Valid until the next step or reset. Never NULL. */
const char *sq_text(struct sq *s, enum sq_statement which, int column);

/* A transaction over the file and over what mirrors it in memory (counters, index, next
   number): sq_end commits when error is 0 and it can; otherwise puts everything back as it
   was at sq_begin. Returns 0, or the error. */
int sq_begin(struct sq *s);
int sq_end(struct sq *s, int error);

/* ---- journal_sqlite_schema.c ---- */

/* Makes the tables, or brings older ones up to date. Returns 0, or -1 and *ret_error. */
int sq_schema(sqlite3 *db, const char *path, char **ret_error);

/* ---- journal_sqlite_destination.c: destinations, their counters and holds ---- */

int sq_destinations_load(struct sq *s);
void sq_destinations_free(struct sq *s);
struct sq_destination *sq_destination(struct sq *s, uint32_t id);    /* must exist */
/* Counts within the transaction. */
void sq_count(struct sq *s, uint32_t id, int waiting, int parked);
int sq_counts_write(struct sq *s);
void sq_counts_end(struct sq *s, bool committed);
int sq_hold(struct sq *s, const struct journal_hold *h);
int sq_destinations(struct journal *j, const struct journal_name *names, size_t count,
                    uint32_t *ret_ids);
int sq_holds(struct journal *j, journal_hold_fn *fn, void *arg);
int sq_counts(struct journal *j, journal_count_fn *fn, void *arg);

/* ---- journal_sqlite_index.c: from a key or a user to events ---- */

uint32_t sq_user_hash(const char *user);
int sq_index_load(struct sq *s);
void sq_index_free(struct sq *s);
/* 1 and *ret_seq, 0 when there is none, or -errno. */
int sq_index_key(struct sq *s, const uint8_t key[16], int64_t *ret_seq);
/* Events whose user has this hash, below before_seq, newest first, at most max: how many, or
   -errno. */
int sq_index_user(struct sq *s, uint32_t user, int64_t before_seq, int64_t *ret_seqs, int max);
void sq_index_add(struct sq *s, const uint8_t key[16], const char *user, int64_t seq,
                  int64_t accepted_ms);
/* Within a transaction: merges about as many as keep pace with `added` new events. */
int sq_index_merge(struct sq *s, size_t added);
/* Is there enough to merge that an idle moment should be used for it? */
bool sq_index_idle_due(const struct sq *s);
/* Might one that is in memory only have been accepted before then? */
bool sq_index_has_older(const struct sq *s, int64_t before_ms);
/* Merges a slice, or everything, in transactions of their own. */
int sq_index_slice(struct sq *s);
int sq_index_flush(struct sq *s);
void sq_index_begin(struct sq *s);
void sq_index_end(struct sq *s, bool committed);

/* ---- the rest: one function per function of journal.h ---- */

/* journal_sqlite_write.c */
void sq_commit(struct journal *j, struct journal_turn *turn);
/* journal_sqlite_read.c */
void sq_read_key(struct sq *s, enum sq_statement which, int column, uint8_t ret_key[16]);
void sq_read_event(struct sq *s, enum sq_statement which, int column, struct arena *a,
                   struct event *ret);
int sq_due(struct journal *j, struct arena *a, uint32_t destination, int64_t now_ms,
           int64_t after_due_ms, int64_t after_seq, size_t limit,
           journal_due_fn *fn, void *arg);
int sq_next_due(struct journal *j, journal_next_fn *fn, void *arg);
int sq_next_due_of(struct journal *j, uint32_t destination, int64_t *ret_due_ms);
/* journal_sqlite_scan.c: which deliveries a filter may mean. visit is told of each, newest
   first, or oldest first when rising; state and why are -1 when they would have to be looked
   up. It returns 0 to go on, 1 to stop, or -errno. */
struct sq_candidate {
    int64_t seq;
    uint32_t destination;
    int state, why;
};
bool sq_names_match(const struct journal_filter *f, const struct sq_destination *d);
/* The filter's times and before_seq as seq within [from, below): never too narrow. */
int sq_bounds(struct sq *s, const struct journal_filter *f, int64_t *ret_from,
              int64_t *ret_below);
typedef int sq_visit_fn(void *arg, const struct sq_candidate *c);
int sq_scan(struct sq *s, const struct journal_filter *f, bool rising,
            sq_visit_fn *visit, void *arg);
/* journal_sqlite_find.c */
int sq_deliveries(struct journal *j, const struct journal_filter *f,
                  journal_delivery_fn *fn, void *arg);
int sq_attempts(struct journal *j, int64_t seq, uint32_t destination,
                journal_attempt_fn *fn, void *arg);
int sq_find(struct journal *j, struct arena *a, const uint8_t *key, const char *vendor,
            const char *user, int64_t before_seq, size_t limit,
            journal_found_fn *fn, void *arg);
/* Looks c up and says whether the whole filter holds: 1 (SQ_DELIVERY stands on the row, to
   be reset), 0 or -errno. */
int sq_match(struct sq *s, const struct journal_filter *f, const struct sq_candidate *c);
/* journal_sqlite_change.c */
int64_t sq_replay(struct journal *j, const struct journal_filter *f, int64_t now_ms,
                  bool dry, journal_changed_fn *fn, void *arg);
int64_t sq_drop(struct journal *j, const struct journal_filter *f, bool dry);
/* journal_sqlite_upkeep.c */
int sq_expire(struct journal *j, int64_t before_ms, size_t limit);
int sq_upkeep(struct journal *j);
void sq_checkpoint_overdue(struct sq *s);
/* The disk is full: writes the log back, so that it can be used from its beginning again.
   True when that is so now. */
bool sq_make_room(struct sq *s);
int64_t sq_free_bytes(struct journal *j);

#endif
