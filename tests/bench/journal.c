/* journal.c - what the journal costs: events per second and CPU per event for turns of
   several sizes, each event with one destination and one outcome, against the least that
   SQLite can do (one row in, one row out, the same durability), in the same run; then the
   same with a million waiting and a million parked deliveries present. Prints a section of
   performance.md; exits 1 when a promise is not held.

       tests/bench/journal [-d DIR] [-s SECONDS] [-n ROWS]

   DIR must be on the disk that is meant (default: the current directory). ROWS 0 leaves the
   second part out. */
#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/journal.h"

#define T0 1700000000000LL
#define TURN_MAX 1000

/* The promises. */
#define EVENTS_PER_S 30000         /* in turns of 1000 */
#define OPEN_MS 2000
#define DUE_MS 20

static double seconds = 3;
static char dir[256];
static bool held = true;

struct measure {
    double wall, cpu;
    long long written;
};

static double
now_s(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static long long
written(void)
{
    char line[128];
    long long n = 0;
    FILE *f = fopen("/proc/self/io", "r");

    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "write_bytes: %lld", &n) == 1)
            break;
    if (f)
        fclose(f);
    return n;
}

static struct measure
measure(void)
{
    struct rusage r;

    getrusage(RUSAGE_SELF, &r);
    return (struct measure){
        .wall = now_s(),
        .cpu = (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
               (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6,
        .written = written(),
    };
}

static double
report(const char *what, struct measure a, long long events)
{
    struct measure b = measure();
    double rate = (double)events / (b.wall - a.wall);

    printf("| %s | %.0f | %.1f | %.2f |\n", what, rate,
           (b.cpu - a.cpu) * 1e6 / (double)events,
           (double)(b.written - a.written) / 1024 / (double)events);
    fflush(stdout);
    return rate;
}

static void
head(void)
{
    printf("\n| | events/s | CPU \u00b5s per event | KiB written per event |\n"
           "|---|---:|---:|---:|\n");
}

static void
took(const char *what, double ms, double at_most_ms)
{
    printf("| %s | %.2f ms |\n", what, ms);
    held = held && ms <= at_most_ms;
}

static void
remove_files(const char *name)
{
    static const char *const ends[] = { "", "-wal" };

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        CLEANUP(free_ptr) char *path = xasprintf("%s/%s%s", dir, name, ends[i]);

        unlink(path);
    }
}

/* ---- what comes in ---- */

static uint64_t state = 88172645463325252ULL;

static uint64_t
next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct input {
    struct event event[TURN_MAX];
    char user[TURN_MAX][40], contract[TURN_MAX][40], body[TURN_MAX][512];
    struct journal_event events[TURN_MAX];
    struct journal_attempt attempts[TURN_MAX];
    uint32_t destination;
};

static void
fill(struct input *in, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct event *ev = &in->event[i];
        uint64_t r = next_random();

        snprintf(in->user[i], sizeof(in->user[i]), "email|%016llx", (long long)(r >> 40));
        snprintf(in->contract[i], sizeof(in->contract[i]), "%016llx", (long long)r);
        snprintf(in->body[i], sizeof(in->body[i]),
                 "{\"eventType\":\"contract.1#purchased\",\"vendorId\":\"acme\",\"userId\":"
                 "\"%s\",\"contractId\":\"%s\",\"occured_at\":\"2025-11-10T12:00:00.000Z\"}",
                 in->user[i], in->contract[i]);
        *ev = (struct event){ .type = "contract.1#purchased", .vendor = "acme",
                              .user = in->user[i], .contract = in->contract[i],
                              .entitlement = "", .checkout = "",
                              .occurred = "2025-11-10T12:00:00.000Z", .occurred_ms = T0,
                              .body = in->body[i], .body_len = strlen(in->body[i]) };
        in->events[i] = (struct journal_event){
            .fingerprint = next_random(), .accepted_ms = T0 + (int64_t)i, .event = ev,
            .destinations = &in->destination, .count = 1 };
        for (size_t b = 0; b < 16; b += 8) {
            r = next_random();
            memcpy(in->events[i].key + b, &r, 8);
        }
    }
}

/* ---- the journal ---- */

static void
must(void *arg, int error)
{
    if (error)
        die("%s: %s", strerror(-error), journal_trouble(arg));
}

static struct journal *
open_journal(void)
{
    CLEANUP(free_ptr) char *url = xasprintf("sqlite:%s/bench-journal.db", dir);
    char *error = NULL;
    struct journal *j = journal_open(url, &error);

    if (!j)
        die("%s", error);
    return j;
}

static uint32_t
destination(struct journal *j, const char *name)
{
    uint32_t id;

    must(j, journal_destinations(j, &(struct journal_name){ "acme", "webhooks", name }, 1, &id));
    return id;
}

/* One turn: count new events, and the outcome of each of the turn before. */
static void
turn(struct journal *j, struct input *in, size_t count, size_t *earlier, enum state outcome)
{
    struct journal_turn t = { .events = in->events, .event_count = count,
                              .attempts = in->attempts, .attempt_count = *earlier,
                              .done = must, .arg = j };

    journal_commit(j, &t);
    for (size_t i = 0; i < count; i++)
        in->attempts[i] = (struct journal_attempt){
            .seq = in->events[i].seq, .destination = in->destination, .attempt = 1,
            .state = outcome, .why = PARKED_RETRIES, .at_ms = T0, .took_ms = 120,
            .outcome = OUTCOME_DELIVERED, .status = 200, .reason = "" };
    *earlier = outcome == STATE_WAITING ? 0 : count;
}

static double
run(struct journal *j, struct input *in, size_t count, const char *what)
{
    struct measure m = measure();
    size_t earlier = 0;
    long long events = 0;

    while (now_s() - m.wall < seconds) {
        fill(in, count);
        turn(j, in, count, &earlier, STATE_DELIVERED);
        events += (long long)count;
    }
    return report(what, m, events);
}

/* ---- the least that SQLite can do ---- */

static sqlite3_stmt *
prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL))
        die("%s", sqlite3_errmsg(db));
    return st;
}

static void
step(sqlite3_stmt *st)
{
    if (sqlite3_step(st) != SQLITE_DONE)
        die("%s", sqlite3_errmsg(sqlite3_db_handle(st)));
    sqlite3_reset(st);
}

static void
least(struct input *in, size_t count, const char *what)
{
    CLEANUP(free_ptr) char *path = xasprintf("%s/bench-least.db", dir);
    sqlite3 *db;
    sqlite3_stmt *begin, *add, *drop, *commit;
    struct measure m;
    long long events = 0;

    if (sqlite3_open(path, &db) ||
        sqlite3_exec(db, "PRAGMA locking_mode=EXCLUSIVE;PRAGMA journal_mode=WAL;"
                     "PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=4096;"
                     "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)", NULL, NULL, NULL))
        die("%s", sqlite3_errmsg(db));
    begin = prepared(db, "BEGIN IMMEDIATE");
    add = prepared(db, "INSERT INTO t VALUES(?1,?2)");
    drop = prepared(db, "DELETE FROM t WHERE id=?1");
    commit = prepared(db, "COMMIT");
    for (m = measure(); now_s() - m.wall < seconds; events += (long long)count) {
        fill(in, count);
        step(begin);
        for (size_t i = 0; i < count; i++) {
            sqlite3_bind_int64(add, 1, events + (long long)i + 1);
            sqlite3_bind_blob(add, 2, in->body[i], (int)in->event[i].body_len, SQLITE_STATIC);
            step(add);
            sqlite3_bind_int64(drop, 1, events + (long long)i + 1 - (long long)count);
            step(drop);
        }
        step(commit);
    }
    report(what, m, events);
    sqlite3_finalize(begin);
    sqlite3_finalize(add);
    sqlite3_finalize(drop);
    sqlite3_finalize(commit);
    sqlite3_close(db);
    remove_files("bench-least.db");
}

/* ---- with many rows present ---- */

static void
ignore_due(void *arg, const struct journal_due *d)
{
    *(int64_t *)arg = d->seq;
}

static void
ignore_next(void *arg, uint32_t id, int64_t due_ms)
{
    (void)id;
    *(int64_t *)arg = due_ms;
}

static void
time_due(struct journal *j, uint32_t id, const char *what, int64_t after_seq)
{
    struct arena a;
    int64_t last = 0;
    double t = now_s();

    arena_init(&a, 0);
    if (journal_due(j, &a, id, T0 + 5000, T0 + 500, after_seq, 256, ignore_due, &last) != 256)
        die("256 due deliveries were expected");
    took(what, (now_s() - t) * 1000, DUE_MS);
    arena_free(&a);
}

static void
put(struct journal *j, struct input *in, const char *name, long rows, enum state s)
{
    size_t earlier = 0;

    in->destination = destination(j, name);
    for (long n = 0; n < rows; n += TURN_MAX) {
        fill(in, TURN_MAX);
        for (size_t i = 0; i < TURN_MAX; i++)
            in->events[i].accepted_ms = T0 + 500;      /* all due at once: the worst */
        turn(j, in, TURN_MAX, &earlier, s);
    }
}

static void
crowded(struct input *in, long rows)
{
    CLEANUP(free_ptr) char *path = xasprintf("%s/bench-journal.db", dir);
    struct journal *j = open_journal();
    struct measure m;
    struct stat st;
    int64_t last = 0;
    double t;

    printf("\nWith %ld waiting and %ld parked deliveries present:\n", rows, rows);
    head();
    m = measure();
    put(j, in, "waiting", rows, STATE_WAITING);
    put(j, in, "parked", rows, STATE_PARKED);
    report("putting them there, turns of 1000", m, 2 * rows);
    in->destination = destination(j, "news");
    run(j, in, 100, "turns of 100");
    run(j, in, 1000, "turns of 1000");
    journal_close(j);

    printf("\n| | |\n|---|---:|\n");
    t = now_s();
    j = open_journal();
    took("open", (now_s() - t) * 1000, OPEN_MS);
    t = now_s();
    must(j, journal_next_due(j, ignore_next, &last));
    took("when each destination is due next", (now_s() - t) * 1000, DUE_MS);
    time_due(j, destination(j, "waiting"), "256 due of a million, the first", INT64_MIN);
    time_due(j, destination(j, "waiting"), "256 due of a million, from the middle", rows / 2);
    if (stat(path, &st) == 0)
        printf("| the file | %.0f MiB |\n", (double)st.st_size / 1048576);
    journal_close(j);
    remove_files("bench-journal.db");
}

static void
empty(struct input *in)
{
    static const size_t turns[] = { 1, 10, 100, 1000 };

    for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
        struct journal *j = open_journal();
        char what[64];
        double rate;

        snprintf(what, sizeof(what), "least, turns of %zu", turns[i]);
        least(in, turns[i], what);
        in->destination = destination(j, "news");
        snprintf(what, sizeof(what), "journal, turns of %zu", turns[i]);
        rate = run(j, in, turns[i], what);
        held = held && (turns[i] < 1000 || rate >= EVENTS_PER_S);
        journal_close(j);
        remove_files("bench-journal.db");
    }
}

int
main(int argc, char **argv)
{
    struct input *in = xcalloc(1, sizeof(*in));
    int64_t rows = 1000000;
    int opt;

    snprintf(dir, sizeof(dir), ".");
    while ((opt = getopt(argc, argv, "d:s:n:")) != -1) {
        if (opt == 'd')
            snprintf(dir, sizeof(dir), "%s", optarg);
        else if (opt == 's')
            seconds = strtod(optarg, NULL);
        else if (opt != 'n' || !parse_i64(optarg, 0, 100000000, &rows))
            return 2;
    }
    printf("## The journal\n\n"
           "One turn of core is one transaction and one fdatasync. Each event goes to one\n"
           "destination and has one outcome, which the next turn writes. *Least* is what SQLite\n"
           "needs for a table with one row written and one deleted per event, as durable. Promise:\n"
           "%d events/s in turns of 1000; a start in %d ms and a look at what is due in %d ms\n"
           "however many wait.\n", EVENTS_PER_S, OPEN_MS, DUE_MS);
    head();
    empty(in);
    if (rows > 0)
        crowded(in, (long)rows);
    if (!held)
        printf("\n**A promise is not held.**\n");
    free(in);
    return held ? 0 : 1;
}
