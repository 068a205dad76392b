/* journal_kit.h - a journal of its own for each test, and short ways to fill it and to ask
   it, through journal.h only. HERMOD_TEST_JOURNAL names the kind: "sqlite" (a file, the
   default) or "memory". */
#ifndef HERMOD_TESTS_JOURNAL_KIT_H
#define HERMOD_TESTS_JOURNAL_KIT_H

#include "base/arena.h"
#include "core/journal.h"
#include "unit.h"

#define T0 1700000000000LL         /* when the tests' events begin */
#define KIT_ROWS 4096

struct kit {
    char dir[64];                  /* new and empty; removed by kit_end() */
    char url[128];
    struct journal *j;
    struct arena a;
    int error;                     /* what the last done() was told */
    int done;                      /* how often it was called */
};

/* What a listing gave, copied. */
struct kit_row {
    int64_t seq, accepted_ms, due_ms, at_ms, took_ms;
    uint32_t destination, attempts, deaths;
    int state, why, outcome, status;
    char event_id[EVENT_ID_LEN + 1];
    char text[320];                /* "vendor/plugin/name user type reason" */
};
struct kit_rows {
    struct kit_row rows[KIT_ROWS];
    size_t count;
};

/* Makes the place and opens the journal, which must work. */
void kit_begin(struct kit *k);
/* Closes, and opens the same again. */
void kit_again(struct kit *k);
/* Only one that is not in memory can be opened again. */
bool kit_is_file(const struct kit *k);
void kit_end(struct kit *k);
/* Does it take fifty times as long here (valgrind)? Then a part of the rounds must do. */
bool kit_slow(void);

/* "vendor/plugin/name" to its id. */
uint32_t kit_destination(struct kit *k, const char *title);

/* Event number n: key, fingerprint and fields follow from n, its vendor is "acme", its user
   "user-<n % 10>", its time T0 + n. Lives until kit_end(). */
struct journal_event kit_event(struct kit *k, int n, const uint32_t *destinations,
                               size_t count);
/* Commits one turn and gives what done() was told; -1 when it was not called once. */
int kit_commit(struct kit *k, struct journal_event *events, size_t event_count,
               struct journal_attempt *attempts, size_t attempt_count);
/* One event in a turn of its own, to one destination; gives its seq. */
int64_t kit_add(struct kit *k, int n, uint32_t destination);
/* One attempt in a turn of its own, at T0 + 1000 * attempt. */
int kit_attempt(struct kit *k, int64_t seq, uint32_t destination, uint32_t attempt,
                enum state state, enum parked why, const char *reason);

/* A filter that restricts nothing. */
struct journal_filter kit_any(void);
/* Fills rows, newest first; gives what journal_deliveries() returned. */
int kit_list(struct kit *k, const struct journal_filter *f, struct kit_rows *rows);
/* The row of one delivery; count is 0 or 1. */
struct kit_row kit_row(struct kit *k, int64_t seq, uint32_t destination);
/* Every attempt as "number state outcome status reason", lines; into the kit's arena. */
const char *kit_attempts(struct kit *k, int64_t seq, uint32_t destination);
/* "id:waiting/parked ..." of the destinations that have any. */
const char *kit_counts(struct kit *k);
/* The same, recounted from a listing of everything. */
const char *kit_recount(struct kit *k);
/* The seqs due at now_ms, as "1 2 3"; after as journal_due(). */
const char *kit_due(struct kit *k, uint32_t destination, int64_t now_ms, int64_t after_due_ms,
                    int64_t after_seq, size_t limit);

#endif
