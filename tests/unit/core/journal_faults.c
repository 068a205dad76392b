/* journal_faults.c - a disk that fails, at every single write and sync there is, and a power
   cut after any of them: a turn is kept whole or not at all, what was promised stays, and the
   journal goes on as soon as the disk does. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "journal_disk.h"
#include "journal_kit.h"

static struct kit_rows rows;

/* ---- all that a journal says ---- */

static void
on_attempt(void *arg, const struct journal_attempt *at)
{
    buf_printf(arg, "    %u %d %lld %s\n", (unsigned)at->attempt, (int)at->state,
               (long long)at->due_ms, at->reason);
}

static void
on_hold(void *arg, const struct journal_hold *h)
{
    buf_printf(arg, "hold %u %d %lld %s\n", (unsigned)h->destination, h->paused,
               (long long)h->hold_until_ms, h->reason);
}

static void
on_found(void *arg, const struct journal_found *e)
{
    buf_printf(arg, "event %lld %s\n", (long long)e->seq, e->event.body);
}

static const char *
dump(struct kit *k)
{
    struct journal_filter f = kit_any();
    struct buf b = BUF_INIT(1 << 24);
    const char *text;

    CHECK(kit_list(k, &f, &rows) >= 0);
    for (size_t i = 0; i < rows.count; i++) {
        const struct kit_row *r = &rows.rows[i];

        buf_printf(&b, "%lld/%u %d %d %lld %u %s\n", (long long)r->seq,
                   (unsigned)r->destination, r->state, r->why, (long long)r->due_ms,
                   (unsigned)r->attempts, r->text);
        CHECK(journal_attempts(k->j, r->seq, r->destination, on_attempt, &b) >= 0);
    }
    CHECK(journal_find(k->j, &k->a, NULL, NULL, NULL, 0, 0, on_found, &b) >= 0);
    CHECK_INT(journal_holds(k->j, on_hold, &b), 0);
    buf_printf(&b, "counts %s\n", kit_counts(k));
    CHECK_STR(kit_counts(k), kit_recount(k));
    text = arena_strdup(&k->a, buf_text(&b));
    buf_free(&b);
    return text;
}

/* ---- the operations ---- */

static void
set_error(void *arg, int error)
{
    *(int *)arg = error;
}

/* Two new events and one that is there; a first attempt, a second one; a hold. */
static int64_t
turn(struct kit *k)
{
    uint32_t to[2] = { 1, 2 };
    struct journal_event e[3];
    struct journal_attempt at[2] = {
        { .seq = 1, .destination = 1, .attempt = 1, .state = STATE_DELIVERED, .reason = "ok" },
        { .seq = 2, .destination = 1, .attempt = 2, .state = STATE_PARKED,
          .why = PARKED_RETRIES, .reason = "enough" },
    };
    struct journal_hold h = { .destination = 2, .paused = true, .reason = "paused" };
    int error = 1;
    struct journal_turn t = { e, 3, at, 2, &h, 1, set_error, &error };

    e[0] = kit_event(k, 10, to, 2);
    e[1] = kit_event(k, 1, to, 2);
    e[2] = kit_event(k, 11, to, 1);
    journal_commit(k->j, &t);
    if (error == 0) {
        CHECK_INT(e[0].added, JOURNAL_NEW);
        CHECK_INT(e[1].added, JOURNAL_SAME);
        CHECK_INT(e[0].seq, 6);
        CHECK_INT(e[2].seq, 7);
    }
    return error;
}

static void
on_changed(void *arg, uint32_t destination, int64_t seq)
{
    (void)arg;
    (void)destination;
    (void)seq;
}

static int64_t
replay(struct kit *k)
{
    struct journal_filter f = kit_any();

    return journal_replay(k->j, &f, T0 + 999, false, on_changed, NULL);
}

static int64_t
drop(struct kit *k)
{
    struct journal_filter f = kit_any();

    return journal_drop(k->j, &f, false);
}

static int64_t
destinations(struct kit *k)
{
    static const struct journal_name names[] = { { "v", "p", "a" }, { "v", "p", "c" },
                                                 { "v", "p", "d" } };
    uint32_t ids[3] = { 9, 9, 9 };
    int error = journal_destinations(k->j, names, 3, ids);

    CHECK_INT(ids[0], error ? 9 : 1);
    CHECK_INT(ids[2], error ? 9 : 4);
    return error;
}

static int64_t
expire(struct kit *k)
{
    return journal_expire(k->j, T0 + 100, 100);
}

static const struct operation {
    const char *name;
    int64_t (*run)(struct kit *k);
} operations[] = {
    { "turn", turn }, { "replay", replay }, { "drop", drop },
    { "destinations", destinations }, { "expire", expire },
};

/* Events 1..5: 1 waits, 2 waits for its second attempt, 3 is parked, 4 was delivered, 5 has
   no destination. */
static void
set_up(struct kit *k)
{
    uint32_t to;
    struct journal_event e;

    kit_begin(k);
    to = kit_destination(k, "v/p/a");
    kit_destination(k, "v/p/b");
    for (int n = 1; n <= 4; n++)
        kit_add(k, n, to);
    e = kit_event(k, 5, NULL, 0);
    CHECK_INT(kit_commit(k, &e, 1, NULL, 0), 0);
    kit_attempt(k, 2, to, 1, STATE_WAITING, PARKED_NONE, "later");
    kit_attempt(k, 3, to, 1, STATE_PARKED, PARKED_FAILED, "never");
    kit_attempt(k, 4, to, 1, STATE_DELIVERED, PARKED_NONE, "");
}

/* A journal made of the files as they are at this moment. */
static const char *
dump_of_copy(struct kit *k)
{
    struct kit copy;

    kit_begin(&copy);
    journal_close(copy.j);
    disk_copy(k->dir, copy.dir);
    copy.j = NULL;
    kit_again(&copy);
    {
        const char *text = arena_strdup(&k->a, dump(&copy));

        kit_end(&copy);
        return text;
    }
}

static const int error_of[DISK_FAULTS] = {
    [DISK_FULL] = -ENOSPC, [DISK_WRITE] = -EIO, [DISK_SYNC] = -EIO,
};

/* Fails this operation's after-th write or sync; false when it has fewer. */
static bool
fail_at(const struct operation *op, enum disk_fault fault, int after, bool lasting)
{
    struct kit k;
    const char *before, *good;
    int64_t got, want;
    bool happened;

    set_up(&k);
    want = op->run(&k);
    good = xstrdup(dump(&k));
    kit_end(&k);

    set_up(&k);
    before = dump(&k);
    disk_fail(fault, after, lasting);
    got = op->run(&k);
    if (lasting && got < 0)
        CHECK_INT(op->run(&k), error_of[fault]);
    if (got < 0) {
        CHECK_INT(got, error_of[fault]);
        CHECK(strstr(journal_trouble(k.j), k.dir) != NULL);
        CHECK_STR(dump(&k), before);
    }
    happened = disk_heal();
    /* A turn that finds no space once writes the log back and tries again. */
    if (got >= 0 && happened) {
        CHECK(fault == DISK_FULL && !lasting && op->run == turn);
    } else {
        CHECK_INT(got < 0, happened);
    }
    if (got < 0 && !lasting)
        CHECK_STR(dump_of_copy(&k), before);
    if (got < 0)
        CHECK_INT(op->run(&k), want);
    CHECK_STR(dump(&k), good);
    kit_again(&k);
    CHECK_STR(dump(&k), good);
    kit_end(&k);
    free((char *)good);
    return happened;
}

static void
every(bool lasting)
{
    for (size_t i = 0; i < ARRAY_LEN(operations); i++)
        for (int fault = 0; fault < DISK_FAULTS; fault++) {
            int points = 0;

            while (fail_at(&operations[i], (enum disk_fault)fault, points, lasting))
                points += kit_slow() ? 7 : 1;
            CHECK(points > 0);
        }
}

static void
whichever_write_or_sync_fails_nothing_is_kept_and_the_next_try_works(void)
{
    every(false);
}

static void
while_the_disk_fails_all_is_refused_and_can_be_read(void)
{
    every(true);
}

static void
whatever_fails_while_the_file_is_made_it_is_made_the_next_time(void)
{
    for (int fault = 0; fault < DISK_FAULTS; fault++) {
        bool happened = true;

        for (int after = 0; happened; after++) {
            struct kit k;
            char *error = NULL, path[128];

            kit_begin(&k);
            journal_close(k.j);
            snprintf(path, sizeof(path), "%s/journal.db", k.dir);
            unlink(path);
            disk_fail((enum disk_fault)fault, after, true);
            k.j = journal_open(k.url, &error);
            happened = disk_heal();
            CHECK((k.j == NULL) == happened);
            CHECK(k.j || strstr(error, path));
            free(error);
            kit_again(&k);
            CHECK_INT(kit_add(&k, 1, kit_destination(&k, "v/p/a")), 1);
            kit_end(&k);
        }
    }
}

static void
a_full_disk_does_not_keep_the_journal_from_opening(void)
{
    struct kit k;
    const char *before;

    set_up(&k);
    before = dump(&k);
    disk_fail(DISK_FULL, 0, true);
    for (int i = 0; i < 2; i++) {
        kit_again(&k);             /* what closing could not write back is still in the log */
        CHECK_STR(dump(&k), before);
        CHECK_INT(turn(&k), -ENOSPC);
    }
    disk_heal();
    CHECK_INT(turn(&k), 0);
    kit_end(&k);
}

/* In a process and a mount namespace of its own: 0 good, 1 bad, 77 when it may not mount. */
static int
fill_small_disk(const char *place)
{
    static struct kit k;
    static const uint8_t filler[1 << 20];
    struct journal_event e;
    uint32_t to;
    int n = 0, error, fd;
    bool good;

    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", place, "tmpfs", 0, "size=4m") < 0 || chdir(place) < 0 ||
        setenv("TMPDIR", place, 1) < 0)
        return 77;
    fd = open("filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, filler, sizeof(filler)) != (ssize_t)sizeof(filler))
        return 77;
    close(fd);
    kit_begin(&k);
    to = kit_destination(&k, "v/p/a");
    do {
        e = kit_event(&k, n++, &to, 1);
        error = kit_commit(&k, &e, 1, NULL, 0);
    } while (error == 0);
    /* About 400 bytes each, not the 20 KiB that each takes in the log. */
    good = error == -ENOSPC && n > 4000 && kit_commit(&k, &e, 1, NULL, 0) == -ENOSPC &&
           str_eq(kit_counts(&k), arena_printf(&k.a, "1:%d/0", n - 1));
    unlink("filler");
    for (int i = 0; i < 1000 && good; i++) {
        e = kit_event(&k, n - 1 + i, &to, 1);
        good = kit_commit(&k, &e, 1, NULL, 0) == 0 && e.seq == n + i;
    }
    kit_again(&k);
    good = good && str_eq(kit_counts(&k), arena_printf(&k.a, "1:%d/0", n + 999));
    journal_close(k.j);
    return good ? 0 : 1;
}

static void
a_small_disk_is_used_to_its_end_and_not_beyond(void)
{
    struct kit k;
    pid_t pid;
    int status = 0;

    kit_begin(&k);
    pid = fork();
    if (pid == 0)
        _exit(fill_small_disk(k.dir));
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        fprintf(stderr, "a small disk cannot be mounted here: left out\n");
    else
        CHECK_INT(status, 0);
    kit_end(&k);
}

/* With a round of indexing half done, and its pages among those that fail. */
static void
failures_while_indexing_lose_nothing(void)
{
    enum { MANY = 4200 };
    struct journal_event *e = xcalloc(MANY, sizeof(*e));
    struct kit k;
    int failures = 0;

    kit_begin(&k);
    for (int n = 0; n < MANY; n++)
        e[n] = kit_event(&k, n, NULL, 0);
    CHECK_INT(kit_commit(&k, e, MANY, NULL, 0), 0);
    for (int round = 0; round < 40; round++) {
        struct journal_event one = kit_event(&k, MANY + round, NULL, 0);
        struct journal_event old = kit_event(&k, round * 100, NULL, 0);
        int got;

        disk_fail((enum disk_fault)(round % DISK_FAULTS), round % 3 ? round : 0, false);
        got = journal_upkeep(k.j);
        if (got >= 0)
            got = kit_commit(&k, &one, 1, NULL, 0);
        failures += disk_heal();
        CHECK_INT(got < 0 ? kit_commit(&k, &one, 1, NULL, 0) : 0, 0);
        CHECK_INT(one.seq, MANY + round + 1);
        CHECK_INT(kit_commit(&k, &old, 1, NULL, 0), 0);
        CHECK_INT(old.seq, round * 100 + 1);
        if (round % 10 == 9)
            kit_again(&k);
    }
    CHECK(failures > 5);
    for (int n = 0; n < MANY; n++)
        e[n].added = JOURNAL_NEW;
    CHECK_INT(kit_commit(&k, e, MANY, NULL, 0), 0);
    for (int n = 0; n < MANY; n++)
        if (e[n].added != JOURNAL_SAME || e[n].seq != n + 1)
            CU_FAIL("an event was forgotten");
    free(e);
    kit_end(&k);
}

/* What was acknowledged in the lives before, by number. */
struct promised {
    int64_t seq[3000];
    int state[3000];
    int count;
};

static void
life(struct kit *k, struct promised *p, uint64_t seed, int turns)
{
    for (int t = 0; t < turns; t++) {
        struct journal_event e[4];
        struct journal_attempt at[4];
        uint32_t to = 1;
        size_t count = 1 + (seed + (uint64_t)t) % 4, attempts = 0;

        for (size_t i = 0; i < count; i++)
            e[i] = kit_event(k, p->count + (int)i, &to, 1);
        for (int n = p->count - 1; n >= 0 && n >= p->count - 4; n--)
            if (p->state[n] == STATE_WAITING)
                at[attempts++] = (struct journal_attempt){
                    .seq = p->seq[n], .destination = 1, .attempt = 1,
                    .state = n % 5 ? STATE_DELIVERED : STATE_PARKED, .why = PARKED_FAILED };
        CHECK_INT(kit_commit(k, e, count, at, attempts), 0);
        for (size_t i = 0; i < attempts; i++)
            for (int n = 0; n < p->count; n++)
                if (p->seq[n] == at[i].seq)
                    p->state[n] = (int)at[i].state;
        for (size_t i = 0; i < count; i++) {
            p->seq[p->count] = e[i].seq;
            p->state[p->count++] = STATE_WAITING;
        }
        if ((seed + (uint64_t)t) % 11 == 0)
            CHECK(journal_upkeep(k->j) >= 0);
    }
}

static void
check_promises(struct kit *k, const struct promised *p)
{
    struct journal_filter f = kit_any();
    int wrong = 0;

    CHECK_INT(kit_list(k, &f, &rows), p->count);
    for (int n = 0; n < p->count && n < (int)rows.count; n++) {
        const struct kit_row *r = &rows.rows[p->count - 1 - n];

        wrong += r->seq != p->seq[n] || r->state != p->state[n];
    }
    CHECK_INT(wrong, 0);
    CHECK_STR(kit_counts(k), kit_recount(k));
}

static void
after_a_power_cut_all_that_was_promised_is_there(void)
{
    static struct promised p;
    struct kit k, next;

    for (uint64_t seed = 1; seed <= (kit_slow() ? 1 : 6); seed++) {
        memset(&p, 0, sizeof(p));
        kit_begin(&k);
        kit_destination(&k, "v/p/a");
        kit_again(&k);
        for (int cuts = 0; cuts < 12; cuts++) {
            journal_close(k.j);
            disk_watch(k.dir);
            k.j = NULL;
            kit_again(&k);
            check_promises(&k, &p);
            life(&k, &p, seed * 31 + (uint64_t)cuts,
                 1 + (int)((seed * 7 + (uint64_t)cuts) % 13));
            kit_begin(&next);
            journal_close(next.j);
            next.j = NULL;
            disk_power_cut(next.dir, seed * 1000 + (uint64_t)cuts);
            disk_unwatch();
            kit_end(&k);
            k = next;
            kit_again(&k);
            check_promises(&k, &p);
        }
        kit_end(&k);
    }
}

static void
a_power_cut_within_a_turn_keeps_it_whole_or_not_at_all(void)
{
    struct kit k, next;
    const char *before, *good;

    set_up(&k);
    turn(&k);
    good = xstrdup(dump(&k));
    kit_end(&k);
    for (uint64_t seed = 1; seed <= (kit_slow() ? 5 : 60); seed++) {
        const char *got;

        set_up(&k);
        before = dump(&k);
        journal_close(k.j);
        disk_watch(k.dir);
        k.j = NULL;
        kit_again(&k);
        /* The sync fails, and so does whatever would mend it: the turn is written, unsynced,
           and then the power goes. */
        disk_fail(DISK_SYNC, 0, true);
        CHECK_INT(turn(&k), -EIO);
        disk_heal();
        kit_begin(&next);
        journal_close(next.j);
        next.j = NULL;
        disk_power_cut(next.dir, seed);
        disk_unwatch();
        kit_again(&next);
        got = dump(&next);
        CHECK(str_eq(got, good) || str_eq(got, before));
        kit_end(&next);
        kit_end(&k);
    }
    free((char *)good);
}

UNIT_MAIN("core/journal_faults",
          UNIT_TEST(whichever_write_or_sync_fails_nothing_is_kept_and_the_next_try_works),
          UNIT_TEST(while_the_disk_fails_all_is_refused_and_can_be_read),
          UNIT_TEST(whatever_fails_while_the_file_is_made_it_is_made_the_next_time),
          UNIT_TEST(a_full_disk_does_not_keep_the_journal_from_opening),
          UNIT_TEST(a_small_disk_is_used_to_its_end_and_not_beyond),
          UNIT_TEST(failures_while_indexing_lose_nothing),
          UNIT_TEST(after_a_power_cut_all_that_was_promised_is_there),
          UNIT_TEST(a_power_cut_within_a_turn_keeps_it_whole_or_not_at_all))
