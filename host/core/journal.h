/* journal.h - where events and deliveries are kept. One engine per file behind this
   interface: journal_sqlite.c now, PostgreSQL later; the conformance tests run on all.
   One thread. Callbacks may read the journal by another function than the one that calls
   them, and must not change it.

   Writing is by turns: everything that a turn of core's loop brings is gathered in one
   struct journal_turn and committed in one transaction. done() is called when the commit
   is on disk, or has failed as a whole; an engine may call it before journal_commit()
   returns (SQLite) or later (a server). At most one turn is under way at a time.

   A delivery's state is only ever changed here:

       (accepted) -> WAITING --attempt--> DELIVERED | SKIPPED | PARKED | WAITING (due later)
       PARKED --replay--> WAITING       PARKED --drop--> DROPPED

   An attempt of a delivery that is not WAITING (any more) changes nothing.
*/
#ifndef HERMOD_CORE_JOURNAL_H
#define HERMOD_CORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/event.h"
#include "model/outcome.h"

struct journal;

/* ---- writing ---- */

enum journal_added {
    JOURNAL_NEW,                   /* kept, with its deliveries */
    JOURNAL_SAME,                  /* was there: nothing done */
    JOURNAL_CONFLICT,              /* another event was sent under this key: nothing done */
};

struct journal_event {
    uint8_t key[16];               /* event_key() */
    uint64_t fingerprint;
    int64_t accepted_ms;
    const struct event *event;
    const uint32_t *destinations;  /* journal ids it goes to; count may be 0 */
    size_t count;
    void *owner;                   /* the caller's */
    enum journal_added added;      /* out */
    int64_t seq;                   /* out: the event's number, rising with acceptance */
};

/* How an attempt ended. */
struct journal_attempt {
    int64_t seq;
    uint32_t destination;
    uint32_t attempt;              /* the number this attempt had */
    enum state state;              /* what the delivery is now */
    enum parked why;
    int64_t due_ms;                /* when WAITING */
    int64_t at_ms;                 /* when the attempt began; wall clock */
    int64_t took_ms;
    int outcome;                   /* enum outcome */
    int status;                    /* HTTP; 0 */
    uint32_t deaths;               /* runner deaths it has been in, this one included */
    const char *reason;            /* cut to CAP_REASON */
};

/* What is set of a destination besides its configuration. */
struct journal_hold {
    uint32_t destination;
    bool paused;
    int64_t hold_until_ms;         /* 0: not held */
    const char *reason;
};

struct journal_turn {
    struct journal_event *events;
    size_t event_count;
    struct journal_attempt *attempts;
    size_t attempt_count;
    struct journal_hold *holds;
    size_t hold_count;
    void (*done)(void *arg, int error);    /* 0: on disk. -ENOSPC, -EROFS, -EIO ...: nothing
                                              kept; the journal stays usable */
    void *arg;
};

void journal_commit(struct journal *j, struct journal_turn *turn);

/* ---- opening ---- */

/* url: "sqlite:PATH" ("sqlite::memory:" for tests). Creates, or migrates from any earlier
   schema version; refuses a later one by name. Only one process may have it open. *ret_error
   for people, to free(). Returns NULL on failure. */
struct journal *journal_open(const char *url, char **ret_error);
void journal_close(struct journal *j);     /* takes NULL */
/* What went wrong in the last call that failed, for people and logs: names the file and the
   engine's own words. "" before any. Valid until the next call. */
const char *journal_trouble(const struct journal *j);

/* The journal's number for a destination, for ever: made on first use. Several at once,
   in one transaction: ret_ids[i] for titles[i] = {vendor, plugin, name}. 0 or -errno. */
struct journal_name {
    const char *vendor, *plugin, *name;
};
int journal_destinations(struct journal *j, const struct journal_name *names, size_t count,
                         uint32_t *ret_ids);
/* All holds that are set. */
typedef void journal_hold_fn(void *arg, const struct journal_hold *h);
int journal_holds(struct journal *j, journal_hold_fn *fn, void *arg);

/* ---- reading, for dispatch ---- */

struct journal_due {
    int64_t seq;
    uint8_t key[16];
    int64_t accepted_ms, due_ms;
    uint32_t attempts;             /* made so far */
    uint32_t deaths;
    struct event event;            /* into the arena given */
};
/* The waiting deliveries of a destination that are due at now_ms, in order of (due, seq),
   after the place (after_due_ms, after_seq), at most limit. fn gets each. Returns how many,
   or -errno. */
typedef void journal_due_fn(void *arg, const struct journal_due *d);
int journal_due(struct journal *j, struct arena *a, uint32_t destination, int64_t now_ms,
                int64_t after_due_ms, int64_t after_seq, size_t limit,
                journal_due_fn *fn, void *arg);
/* When the next waiting delivery of each destination that has any is due: at start.
   Must not take time in proportion to the number waiting. */
typedef void journal_next_fn(void *arg, uint32_t destination, int64_t due_ms);
int journal_next_due(struct journal *j, journal_next_fn *fn, void *arg);
/* The same for one destination: 0 and *ret, 1 when none waits, or -errno. */
int journal_next_due_of(struct journal *j, uint32_t destination, int64_t *ret_due_ms);

/* ---- reading and changing, for people ---- */

/* NULL and 0 members do not restrict. A user is the same text with any vendor. */
struct journal_filter {
    const char *vendor, *plugin, *name, *user;
    const uint8_t *event;          /* key, 16 bytes */
    int state;                     /* enum state; -1: any */
    int why;                       /* enum parked; -1: any */
    int64_t since_ms, until_ms;    /* accepted within [since, until). Events accepted while
                                      the clock was over a day wrong may be left out */
    int64_t before_seq;            /* paging: only older ones; 0: from the newest */
    int64_t from_seq;              /* only this event and newer ones: pages replay and drop */
    size_t limit;
    /* Set: one call of journal_deliveries looks at about 100,000 deliveries at most, so that
       a rare one among millions does not stop the host, and stores what to give as before_seq
       next, or 0 when there is nothing older. NULL: looks at all. */
    int64_t *ret_next_seq;
};
struct journal_delivery {
    int64_t seq;
    char event_id[EVENT_ID_LEN + 1];
    const char *type, *vendor, *user, *plugin, *name;
    uint32_t destination;
    int64_t accepted_ms, due_ms, at_ms, took_ms;
    uint32_t attempts, deaths;
    enum state state;
    enum parked why;
    int outcome, status;           /* of the last attempt; 0: none yet */
    const char *reason;
};
/* Newest first: by seq, then destination, both falling. Strings are valid during fn only.
   An event is never cut in two by limit (those of its deliveries that match come too), so
   the last seq is good as the next before_seq. Returns how many, or -errno. */
typedef void journal_delivery_fn(void *arg, const struct journal_delivery *d);
int journal_deliveries(struct journal *j, const struct journal_filter *f,
                       journal_delivery_fn *fn, void *arg);
/* Every attempt of one delivery, first to last, those before a replay included (the numbers
   start at 1 again behind it). Returns how many, or -errno. */
typedef void journal_attempt_fn(void *arg, const struct journal_attempt *at);
int journal_attempts(struct journal *j, int64_t seq, uint32_t destination,
                     journal_attempt_fn *fn, void *arg);
/* One event by key, or the newest ones of a user (vendor NULL: of any), or, when user is NULL
   too, the newest of all: before_seq pages, limit 0 is all. Returns how many, or -errno. */
struct journal_found {
    int64_t seq;
    uint8_t key[16];
    int64_t accepted_ms;
    struct event event;
};
typedef void journal_found_fn(void *arg, const struct journal_found *e);
int journal_find(struct journal *j, struct arena *a, const uint8_t *key, const char *vendor,
                 const char *user, int64_t before_seq, size_t limit,
                 journal_found_fn *fn, void *arg);
/* PARKED deliveries that match become WAITING, due at now_ms, with their attempts counted
   from 0 (replay), or DROPPED (drop). At most f->limit in one call, oldest first, in one
   transaction; returns how many (fewer than limit: done), or -errno. fn is told the
   destination of each that is waiting again. dry: only counts, without limit. */
typedef void journal_changed_fn(void *arg, uint32_t destination, int64_t seq);
int64_t journal_replay(struct journal *j, const struct journal_filter *f, int64_t now_ms,
                       bool dry, journal_changed_fn *fn, void *arg);
int64_t journal_drop(struct journal *j, const struct journal_filter *f, bool dry);

struct journal_count {
    uint32_t destination;
    int64_t waiting, parked;
};
/* Waiting and parked of every destination ever named, by id, from counters: cheap. */
typedef void journal_count_fn(void *arg, const struct journal_count *c);
int journal_counts(struct journal *j, journal_count_fn *fn, void *arg);

/* ---- upkeep ---- */

/* Removes events whose deliveries have all ended (delivered, skipped, dropped) and that were
   accepted before before_ms; parked and waiting ones stay. At most limit events a call, of
   at most about 20,000 looked at: the next call goes on behind them. Returns how many (fewer
   than limit: enough for now), or -errno. */
int journal_expire(struct journal *j, int64_t before_ms, size_t limit);
/* A few milliseconds of postponed work (writing the log back, indexing, giving back disk
   space); for when the caller has nothing better to do. journal_commit does what cannot be
   postponed longer by itself, after done(). Returns 1 when more is to be done, 0, or -errno
   (nothing is lost; it is tried again). */
int journal_upkeep(struct journal *j);
/* Free bytes on the journal's file system, or -errno; INT64_MAX where it has none. */
int64_t journal_free_bytes(struct journal *j);

#endif
