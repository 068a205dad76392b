/* journal_crash.c - kill -9 at any instant. A child commits turns and says through a pipe
   what it is about to do and, after done(), that it is done; it is killed at a random moment;
   the journal is opened again: all that was said to be done is there, and the turn that was
   under way is there whole or not at all. Then the next child goes on with the same journal.

       journal_crash [ROUNDS [SEED]]

   Exits 0 when every round was good; else says which, with the seed. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/journal.h"

#define T0 1700000000000LL
#define FIRST 4200                 /* events at the start: enough for indexing to be going on */
#define TURN_MAX 8
#define EVENTS_MAX 400000

/* What a child says. */
struct word {
    enum { BEGIN, EVENT, OUTCOME, DONE } what;
    int32_t n;                     /* the event's number */
    int64_t seq;                   /* of an outcome */
    int32_t state;
};

/* What is known of each event. */
struct known {
    int64_t seq;                   /* 0: not there */
    int8_t state;
};

static struct known *known;
static int known_count;
static uint64_t seed = 1;
static char dir[64], url[96];

static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 11;
}

static struct journal *
open_journal(void)
{
    char *error = NULL;
    struct journal *j = journal_open(url, &error);

    if (!j)
        die("seed %llu: %s", (unsigned long long)seed, error);
    return j;
}

/* Event n: everything about it follows from n. */
static void
make(int n, struct journal_event *e, struct event *ev, const uint32_t *destination)
{
    uint64_t state = (uint64_t)n * 0x9e3779b97f4a7c15ULL + 88172645463325252ULL;

    *ev = (struct event){ .type = "contract.1#purchased", .vendor = "acme",
                          .user = n % 2 ? "odd" : "even", .contract = "c", .entitlement = "",
                          .checkout = "", .occurred = "2023-11-14T22:13:20Z",
                          .body = "{\"n\": 1}", .body_len = 8 };
    *e = (struct journal_event){ .fingerprint = (uint64_t)n, .accepted_ms = T0 + n,
                                 .event = ev, .destinations = destination,
                                 .count = destination ? 1 : 0 };
    for (int i = 0; i < 16; i += 8) {
        uint64_t r = next_random(&state) << 20 ^ next_random(&state);

        memcpy(e->key + i, &r, 8);
    }
}

/* ---- the child ---- */

static int pipe_out;

static void
say(struct word w)
{
    if (write(pipe_out, &w, sizeof(w)) != (ssize_t)sizeof(w))
        _exit(3);
}

static void
said_done(void *arg, int error)
{
    (void)arg;
    if (error)
        _exit(4);
    say((struct word){ .what = DONE });
}

/* Turns for ever: new events, and outcomes of the latest ones that wait. */
static _Noreturn void
child(int first, uint64_t random)
{
    struct journal *j = open_journal();
    uint32_t to;
    int64_t waiting[4 * TURN_MAX];
    int waiting_n[4 * TURN_MAX], waits = 0;

    if (journal_destinations(j, &(struct journal_name){ "acme", "webhooks", "x" }, 1, &to))
        _exit(5);
    for (int n = first;;) {
        struct journal_event e[TURN_MAX];
        struct event ev[TURN_MAX];
        struct journal_attempt at[TURN_MAX];
        struct journal_turn t = { .events = e, .attempts = at, .done = said_done };
        int outcomes = (int)(next_random(&random) % TURN_MAX);

        t.event_count = 1 + next_random(&random) % TURN_MAX;
        say((struct word){ .what = BEGIN });
        for (size_t i = 0; i < t.event_count; i++) {
            make(n + (int)i, &e[i], &ev[i], &to);
            say((struct word){ .what = EVENT, .n = n + (int)i });
        }
        while (waits > 0 && t.attempt_count < (size_t)outcomes) {
            static const enum state ends[] = { STATE_DELIVERED, STATE_PARKED, STATE_SKIPPED };
            struct journal_attempt *a = &at[t.attempt_count++];

            *a = (struct journal_attempt){ .seq = waiting[--waits], .destination = to,
                                           .attempt = 1, .at_ms = T0,
                                           .state = ends[next_random(&random) % 3],
                                           .why = PARKED_FAILED, .reason = "x" };
            say((struct word){ .what = OUTCOME, .n = waiting_n[waits], .seq = a->seq,
                               .state = a->state });
        }
        journal_commit(j, &t);
        for (size_t i = 0; i < t.event_count && waits < 4 * TURN_MAX; i++) {
            waiting_n[waits] = n + (int)i;
            waiting[waits++] = e[i].seq;
        }
        n += (int)t.event_count;
        if (next_random(&random) % 4 == 0)
            journal_upkeep(j);
    }
}

/* ---- the parent ---- */

struct under_way {
    struct word words[2 * TURN_MAX + 2];
    size_t count;
};

/* What the child's turn would leave. */
static void
settle(const struct under_way *u)
{
    for (size_t i = 0; i < u->count; i++) {
        const struct word *w = &u->words[i];

        if (w->what == EVENT) {
            known[w->n] = (struct known){ -1, STATE_WAITING };     /* its seq is found later */
            known_count = w->n + 1;
        } else if (w->what == OUTCOME) {
            known[w->n].state = (int8_t)w->state;
        }
    }
}

/* Reads what the child says until it has said `turns` times that it is done; then kills it,
   after so much more waiting that the blow falls anywhere within a turn. */
static void
listen_and_kill(int fd, pid_t pid, int turns, uint64_t *random, struct under_way *u)
{
    struct word w;
    ssize_t n;
    int done = 0;
    bool killed = false;

    u->count = 0;
    while ((n = read(fd, &w, sizeof(w))) == (ssize_t)sizeof(w)) {
        if (w.what == BEGIN) {
            u->count = 0;
        } else if (w.what == DONE) {
            settle(u);
            u->count = 0;
            done++;
        } else {
            u->words[u->count++] = w;
        }
        if (!killed && done >= turns) {
            struct timespec t = { 0, (long)(next_random(random) % 1500000) };

            nanosleep(&t, NULL);
            kill(pid, SIGKILL);
            killed = true;
        }
    }
    if (!killed)
        kill(pid, SIGKILL);
    if (n != 0)
        die("the pipe broke");
}

struct seen {
    int wrong, deliveries;
    int64_t waiting, parked;
};


static void
on_delivery(void *arg, const struct journal_delivery *d)
{
    struct seen *s = arg;
    int n = (int)(d->accepted_ms - T0);

    s->deliveries++;
    s->waiting += d->state == STATE_WAITING;
    s->parked += d->state == STATE_PARKED;
    if (n < 0 || n >= known_count || known[n].seq == 0 || known[n].state != (int8_t)d->state) {
        if (s->wrong++ < 10)
            fprintf(stderr, "event %d is there with state %d, should be %d\n", n,
                    (int)d->state, n >= 0 && n < known_count ? known[n].state : -1);
        return;
    }
    if (known[n].seq > 0 && known[n].seq != d->seq)
        s->wrong++;
    known[n].seq = d->seq;
}

static void
on_count(void *arg, const struct journal_count *c)
{
    struct seen *s = arg;

    s->waiting -= c->waiting;
    s->parked -= c->parked;
}

static void
count_one(void *arg, const struct journal_found *e)
{
    (void)e;
    ++*(int *)arg;
}

/* Was the turn that the child could not finish kept? Its first event tells. */
static bool
turn_was_kept(struct journal *j, const struct under_way *u)
{
    struct journal_event e;
    struct event ev;
    struct arena a;
    int found = 0;

    for (size_t i = 0; i < u->count; i++) {
        if (u->words[i].what != EVENT)
            continue;
        arena_init(&a, 0);
        make(u->words[i].n, &e, &ev, NULL);
        journal_find(j, &a, e.key, NULL, NULL, 0, 1, count_one, &found);
        arena_free(&a);
        break;
    }
    return found > 0;
}

static int
check(const struct under_way *u)
{
    struct journal *j = open_journal();
    struct journal_filter f = { .state = -1, .why = -1 };
    struct seen s = { 0 };

    if (turn_was_kept(j, u))
        settle(u);
    journal_deliveries(j, &f, on_delivery, &s);
    journal_counts(j, on_count, &s);
    if (s.deliveries != known_count - FIRST) {
        fprintf(stderr, "%d deliveries are there, %d should be\n", s.deliveries,
                known_count - FIRST);
        s.wrong++;
    }
    if (s.waiting || s.parked) {
        fprintf(stderr, "the counters are off by %lld and %lld\n", (long long)s.waiting,
                (long long)s.parked);
        s.wrong++;
    }
    journal_close(j);
    return s.wrong;
}

static void
ignore(void *arg, int error)
{
    (void)arg;
    if (error)
        die("the journal cannot be filled: %s", strerror(-error));
}

static void
fill(void)
{
    struct journal *j = open_journal();
    struct journal_event *e = xcalloc(FIRST, sizeof(*e));
    struct event *ev = xcalloc(FIRST, sizeof(*ev));
    struct journal_turn t = { .events = e, .event_count = FIRST, .done = ignore };

    for (int n = 0; n < FIRST; n++) {
        make(n, &e[n], &ev[n], NULL);
        known[n] = (struct known){ n + 1, 0 };
    }
    known_count = FIRST;
    journal_commit(j, &t);
    journal_close(j);
    free(e);
    free(ev);
}

static int
round_of(uint64_t *random)
{
    struct under_way u;
    int fds[2], status;
    uint64_t childs = next_random(random) | 1;
    pid_t pid;

    if (pipe(fds) < 0 || (pid = fork()) < 0)
        die("fork: %s", strerror(errno));
    if (pid == 0) {
        close(fds[0]);
        pipe_out = fds[1];
        child(known_count, childs);
    }
    close(fds[1]);
    listen_and_kill(fds[0], pid, (int)(next_random(random) % 30), random, &u);
    close(fds[0]);
    if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        fprintf(stderr, "the child ended by itself: status %d\n", status);
        return 1;
    }
    return check(&u);
}

static void
remove_all(void)
{
    static const char *const names[] = { "journal.db", "journal.db-wal", "journal.db-journal" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(free_ptr) char *path = xasprintf("%s/%s", dir, names[i]);

        unlink(path);
    }
    rmdir(dir);
}

int
main(int argc, char **argv)
{
    int64_t rounds = 200, value = 1;
    uint64_t random;
    int wrong = 0;
    int64_t round = 0;

    if ((argc > 1 && !parse_i64(argv[1], 1, 1000000, &rounds)) ||
        (argc > 2 && !parse_i64(argv[2], 1, INT64_MAX, &value)))
        return 2;
    seed = (uint64_t)value;
    random = seed * 0x9e3779b97f4a7c15ULL + 1;
    /* A killed process needs no disk to lose nothing: what it wrote, the kernel has. */
    snprintf(dir, sizeof(dir), "%s/journal-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(dir))
        die("mkdtemp: %s", strerror(errno));
    snprintf(url, sizeof(url), "sqlite:%s/journal.db", dir);
    known = xcalloc(EVENTS_MAX, sizeof(*known));
    fill();
    for (; round < rounds && !wrong && known_count < EVENTS_MAX - 10000; round++)
        wrong = round_of(&random);
    if (wrong)
        fprintf(stderr, "journal_crash: round %lld with seed %llu: see %s\n", (long long)round,
                (unsigned long long)seed, dir);
    else
        remove_all();
    printf("%lld rounds, %d events, %s\n", (long long)round, known_count - FIRST,
           wrong ? "NOT all is as it should be" : "all is as it should be");
    free(known);
    return wrong || round < rounds;
}
