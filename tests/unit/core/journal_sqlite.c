/* journal_sqlite.c - the SQLite engine's own: opening, refusing, schema versions, locking,
   damaged files, query plans. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/journal_sqlite_sql.h"
#include "journal_kit.h"

static struct kit_rows rows;

static const char *
path_of(struct kit *k)
{
    return arena_printf(&k->a, "%s/journal.db", k->dir);
}

/* The message of an open that must fail; "" when it did not. */
static const char *
refusal(struct kit *k, const char *url)
{
    char *error = NULL;
    struct journal *j = journal_open(url, &error);
    const char *text = j ? "" : arena_strdup(&k->a, error);

    journal_close(j);
    free(error);
    return text;
}

/* Closed, so that the file can be worked on. */
static void
begin_closed(struct kit *k)
{
    kit_begin(k);
    journal_close(k->j);
    k->j = NULL;
}

static void
put(const char *path, const void *data, size_t len, long at)
{
    FILE *f = fopen(path, "r+e");

    if (!f)
        f = fopen(path, "we");
    if (!f || fseek(f, at, SEEK_SET) || fwrite(data, 1, len, f) != len || fclose(f))
        die("%s: %s", path, strerror(errno));
}

static void
sql(const char *path, const char *text)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) || sqlite3_exec(db, text, NULL, NULL, NULL))
        die("%s: %s", path, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void
the_files_are_for_their_owner_only(void)
{
    static const char *const names[] = { "journal.db", "journal.db-wal" };
    struct kit k;
    mode_t old = umask(0);

    kit_begin(&k);
    kit_add(&k, 1, kit_destination(&k, "v/p/a"));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct stat st;

        CHECK_INT(stat(arena_printf(&k.a, "%s/%s", k.dir, names[i]), &st), 0);
        CHECK_INT(st.st_mode & 07777, 0600);
    }
    kit_end(&k);
    umask(old);
}

static void
a_missing_directory_is_named_with_what_to_do(void)
{
    struct kit k;

    kit_begin(&k);
    CHECK_STR(refusal(&k, arena_printf(&k.a, "sqlite:%s/no/journal.db", k.dir)),
              arena_printf(&k.a, "journal %s/no/journal.db: the directory %s/no does not exist: "
                           "make it (mkdir -p %s/no) and give it to the user hermod runs as",
                           k.dir, k.dir, k.dir));
    CHECK_STR(refusal(&k, arena_printf(&k.a, "sqlite:%s", k.dir)),
              arena_printf(&k.a, "journal %s: cannot be opened for writing: Is a directory",
                           k.dir));
    CHECK_STR(refusal(&k, "sqlite:/dev/null"), "journal /dev/null: wanted a regular file");
    kit_end(&k);
}

static void
an_unknown_url_is_refused_without_showing_its_secret(void)
{
    struct kit k;

    kit_begin(&k);
    CHECK_STR(refusal(&k, "mysql://hermod:secret@db/journal"),
              "journal: wanted sqlite:PATH, found the unknown kind \"mysql:\"");
    CHECK_STR(refusal(&k, "/var/lib/journal.db"),
              "journal: wanted sqlite:PATH, found \"/var/lib/journal.db\"");
    CHECK_STR(refusal(&k, "sqlite:"), "journal: wanted sqlite:PATH, found no path");
    kit_end(&k);
}

static void
a_file_that_is_no_journal_is_refused_and_left_alone(void)
{
    static const char text[] = "This is not a database at all, but somebody's notes. Keep them.";
    struct kit k;
    char again[sizeof(text)] = "";
    FILE *f;

    begin_closed(&k);
    unlink(path_of(&k));
    put(path_of(&k), text, sizeof(text), 0);
    CHECK_STR(refusal(&k, k.url),
              arena_printf(&k.a, "journal %s is damaged, or not a journal of hermod: it is not "
                           "an SQLite database", path_of(&k)));
    f = fopen(path_of(&k), "re");
    CHECK_INT(fread(again, 1, sizeof(again), f), sizeof(text));
    fclose(f);
    CHECK_STR(again, text);
    unlink(path_of(&k));
    sql(path_of(&k), "CREATE TABLE notes (text TEXT)");
    CHECK_STR(refusal(&k, k.url),
              arena_printf(&k.a, "journal %s is not a journal of hermod but another program's "
                           "SQLite database: give another path", path_of(&k)));
    kit_end(&k);
}

static void
a_newer_schema_is_refused_by_number(void)
{
    struct kit k;

    begin_closed(&k);
    sql(path_of(&k), "PRAGMA user_version=7");
    CHECK_STR(refusal(&k, k.url),
              arena_printf(&k.a, "journal %s has schema 7, this hermod knows up to 1: upgrade "
                           "hermod", path_of(&k)));
    sql(path_of(&k), "PRAGMA user_version=0");
    CHECK_STR(refusal(&k, k.url),
              arena_printf(&k.a, "journal %s is damaged: schema 0 with 10 tables",
                           path_of(&k)));
    kit_end(&k);
}

/* journal_schema_1.sql is what the first release wrote, and is never changed: five events,
   some indexed and some not, in every state, with a replayed one among them. */
static void
a_journal_of_the_first_schema_is_opened_and_goes_on(void)
{
    struct kit k;
    const char *dir = getenv("SRCDIR");
    CLEANUP(free_ptr) char *path = xasprintf("%s/tests/unit/core/journal_schema_1.sql",
                                             dir ? dir : ".");
    static char text[65536];
    FILE *f = fopen(path, "re");
    struct journal_filter all = kit_any();
    struct journal_event e;

    if (!f)
        die("%s: %s", path, strerror(errno));
    CHECK(fread(text, 1, sizeof(text) - 1, f) > 1000);
    fclose(f);
    begin_closed(&k);
    unlink(path_of(&k));
    sql(path_of(&k), text);
    kit_again(&k);
    CHECK_INT(kit_list(&k, &all, &rows), 6);
    CHECK_STR(kit_counts(&k), "1:2/1 2:1/0");
    CHECK_STR(kit_recount(&k), "1:2/1 2:1/0");
    CHECK_STR(kit_attempts(&k, 3, 1), "1 parked failed 503 no\n1 waiting retry 503 again");
    CHECK_STR(kit_due(&k, 1, INT64_MAX, INT64_MIN, 0, 9), "5 3");
    for (int n = 1; n <= 5; n++) {
        uint32_t to = 1;

        e = kit_event(&k, n, &to, 1);
        CHECK_INT(kit_commit(&k, &e, 1, NULL, 0), 0);
        CHECK_INT(e.added, JOURNAL_SAME);
        CHECK_INT(e.seq, n);
    }
    CHECK_INT(kit_add(&k, 6, 1), 9);       /* 6 to 8 had expired */
    kit_end(&k);
}

static void
a_second_hermod_is_told_who_has_the_journal(void)
{
    struct kit k;
    int ready[2];
    char byte;
    int64_t began;
    pid_t child;

    begin_closed(&k);
    if (pipe(ready) < 0 || (child = fork()) < 0)
        die("fork: %s", strerror(errno));
    if (child == 0) {
        char *error;
        struct journal *j = journal_open(k.url, &error);

        if (write(ready[1], j ? "y" : "n", 1) == 1)
            pause();
        _exit(1);
    }
    CHECK_INT(read(ready[0], &byte, 1), 1);
    CHECK_INT(byte, 'y');
    began = clock_mono_ms();
    CHECK_STR(refusal(&k, k.url),
              arena_printf(&k.a, "journal %s is in use by another hermod (process %d): stop it "
                           "first, or give this one a journal of its own", path_of(&k),
                           (int)child));
    CHECK(clock_mono_ms() - began < 5000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    kit_again(&k);                 /* its lock went with it */
    kit_end(&k);
    close(ready[0]);
    close(ready[1]);
}

static void
use_all(struct kit *k)
{
    struct journal_filter f = kit_any();
    struct journal_event e = kit_event(k, 77, (uint32_t[]){ 1 }, 1);

    kit_list(k, &f, &rows);
    f.state = STATE_PARKED;
    kit_list(k, &f, &rows);
    f.state = STATE_WAITING;
    kit_list(k, &f, &rows);
    f = kit_any();
    f.user = "user-3";
    kit_list(k, &f, &rows);
    f.event = e.key;
    kit_list(k, &f, &rows);
    kit_due(k, 1, INT64_MAX, INT64_MIN, 0, 100);
    kit_commit(k, &e, 1, NULL, 0);
    kit_attempt(k, 3, 1, 1, STATE_PARKED, PARKED_FAILED, "x");
    f = kit_any();
    journal_replay(k->j, &f, T0, false, NULL, NULL);
    journal_expire(k->j, INT64_MAX, 10);
    journal_upkeep(k->j);
}

/* Bytes changed anywhere: errors are fine, and so is not noticing; crashing is not. */
static void
a_damaged_file_is_an_error_and_never_a_crash(void)
{
    struct kit k;
    uint64_t state = 42;
    int refused = 0, rounds = kit_slow() ? 15 : 150;

    for (int round = 0; round < rounds; round++) {
        struct stat st;
        char *error = NULL;

        kit_begin(&k);
        kit_destination(&k, "v/p/a");
        for (int n = 0; n < 40; n++)
            kit_add(&k, n, 1);
        for (int n = 1; n <= 10; n++)
            kit_attempt(&k, n, 1, 1, STATE_PARKED, PARKED_FAILED, "x");
        journal_close(k.j);
        CHECK_INT(stat(path_of(&k), &st), 0);
        for (int i = 0; i < 1 + round % 20; i++) {
            uint8_t byte;
            long at;

            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            at = (long)((state >> 20) % (uint64_t)st.st_size);
            byte = (uint8_t)(state >> 56);
            put(path_of(&k), &byte, 1, at);
        }
        k.j = journal_open(k.url, &error);
        if (k.j) {
            use_all(&k);
            if (journal_trouble(k.j)[0])
                CHECK(strstr(journal_trouble(k.j), path_of(&k)) != NULL);
        } else {
            CHECK(strstr(error, path_of(&k)) != NULL);
            refused++;
        }
        free(error);
        kit_end(&k);
    }
    CHECK(refused < rounds);
}

static void
damage_is_named(void)
{
    static const uint8_t zeros[4096];
    struct kit k;
    struct stat st;
    uint32_t to;

    kit_begin(&k);
    to = kit_destination(&k, "v/p/a");
    for (int n = 0; n < 40; n++)
        kit_add(&k, n, to);
    journal_close(k.j);
    k.j = NULL;
    CHECK_INT(stat(path_of(&k), &st), 0);
    for (long at = 2 * 4096; at < (long)st.st_size; at += 4096)
        put(path_of(&k), zeros, sizeof(zeros), at);
    CHECK_STR(refusal(&k, k.url),
              arena_printf(&k.a, "journal %s is damaged: database disk image is malformed "
                           "(SQLite 11)", path_of(&k)));
    kit_end(&k);
}

/* The block of shell in docs/journal.md, as an operator would paste it. */
static const char *
repair_script(struct kit *k)
{
    static char text[65536];
    const char *dir = getenv("SRCDIR");
    CLEANUP(free_ptr) char *path = xasprintf("%s/docs/journal.md", dir ? dir : ".");
    FILE *f = fopen(path, "re");
    char *from, *to;

    if (!f)
        die("%s: %s", path, strerror(errno));
    text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
    fclose(f);
    from = strstr(text, "```sh\n");
    to = from ? strstr(from, "\n```\n") : NULL;
    if (!to)
        die("%s: no block of shell", path);
    *to = '\0';
    return arena_printf(&k->a, "cd %s\n%s\n", k->dir, from + strlen("```sh\n"));
}

static void
the_manuals_way_to_save_a_damaged_journal_works(void)
{
    struct kit k;
    struct journal_filter f = kit_any();
    struct stat st;
    const char *script;
    int left;

    if (system("command -v sqlite3 >/dev/null") != 0) {
        fprintf(stderr, "sqlite3 is not installed: left out\n");
        return;
    }
    kit_begin(&k);
    kit_destination(&k, "v/p/a");
    for (int n = 0; n < 1000; n++) {
        kit_add(&k, n, 1);
        if (n % 2)
            kit_attempt(&k, n + 1, 1, 1, STATE_PARKED, PARKED_FAILED, "x");
    }
    journal_close(k.j);
    CHECK_INT(stat(path_of(&k), &st), 0);
    for (long page = 14; page * 4096 < (long)st.st_size; page += 16) {
        char noise[4096];

        memset(noise, 0xa5, sizeof(noise));
        put(path_of(&k), noise, sizeof(noise), page * 4096);
    }
    script = repair_script(&k);
    CHECK_INT(system(arena_printf(&k.a, "exec 2>/dev/null\n%s", script)), 0);
    k.j = NULL;
    kit_again(&k);
    left = kit_list(&k, &f, &rows);
    CHECK(left > 600 && left < 1000);
    CHECK_STR(kit_counts(&k), kit_recount(&k));
    CHECK(kit_add(&k, 5000, 1) > 600);
    unlink(arena_printf(&k.a, "%s.bad", path_of(&k)));
    kit_end(&k);
}

static int
check_plan(void *arg, int columns, char **values, char **names)
{
    const char *statement = arg, *detail = values[3];

    (void)names;
    CHECK_INT(columns, 4);
    if (strstr(detail, "TEMP B-TREE") || strncmp(detail, "SCAN", 4) == 0 ||
        strstr(detail, "AUTOMATIC") ||
        (strstr(detail, "INDEX delivery_") && !strstr(detail, "COVERING"))) {
        fprintf(stderr, "%s: %s\n", statement, detail);
        CU_FAIL("a statement looks at more than it must");
    }
    return 0;
}

/* Small tables may be read whole; ATTEMPTS sorts what one delivery has. */
static const char *const exempt[] = { "META", "DESTINATIONS", "HOLDS", "ATTEMPTS", "LAST_SEQ" };

static void
no_statement_looks_at_more_rows_than_it_must(void)
{
    static const struct {
        const char *name, *sql;
    } all[] = {
#define X(name, sql) { #name, sql },
        SQ_STATEMENTS(X)
#undef X
    };
    struct kit k;
    sqlite3 *db;
    int checked = 0;

    begin_closed(&k);
    CHECK_INT(sqlite3_open(path_of(&k), &db), SQLITE_OK);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        CLEANUP(free_ptr) char *explain = xasprintf("EXPLAIN QUERY PLAN %s", all[i].sql);
        bool skip = !strstr("SELECT UPDATE DELETE INSERT",
                            arena_memdup0(&k.a, all[i].sql, 6));

        for (size_t n = 0; n < ARRAY_LEN(exempt); n++)
            skip |= str_eq(exempt[n], all[i].name);
        if (skip)
            continue;
        CHECK_INT(sqlite3_exec(db, explain, check_plan, (void *)(uintptr_t)all[i].name, NULL),
                  SQLITE_OK);
        checked++;
    }
    CHECK(checked > 30);
    sqlite3_close(db);
    kit_end(&k);
}

static void
space_that_is_long_free_is_given_back(void)
{
    enum { EVENTS = 320 };
    struct kit k;
    static struct journal_event e[EVENTS];
    struct event ev;
    struct stat st;
    int steps = 0;

    kit_begin(&k);
    ev = *kit_event(&k, 0, NULL, 0).event;
    ev.body = arena_alloc(&k.a, 256 * 1024);
    ev.body_len = 256 * 1024;
    for (int n = 0; n < EVENTS; n++) {
        e[n] = kit_event(&k, n, NULL, 0);
        e[n].event = &ev;
    }
    CHECK_INT(kit_commit(&k, e, EVENTS, NULL, 0), 0);
    kit_add(&k, EVENTS, kit_destination(&k, "v/p/a"));
    CHECK_INT(journal_expire(k.j, INT64_MAX, EVENTS), EVENTS);
    while (journal_upkeep(k.j) > 0)
        steps++;
    CHECK(steps > 5);
    journal_close(k.j);
    CHECK_INT(stat(path_of(&k), &st), 0);
    CHECK(st.st_size < 65 * 1024 * 1024);
    k.j = NULL;
    kit_again(&k);
    CHECK_STR(kit_due(&k, 1, INT64_MAX, INT64_MIN, 0, 9), "321");
    kit_end(&k);
}

static void
the_log_and_the_file_pass_an_integrity_check(void)
{
    struct kit k;
    uint32_t to;
    sqlite3 *db;
    sqlite3_stmt *st;

    kit_begin(&k);
    to = kit_destination(&k, "v/p/a");
    for (int n = 0; n < 300; n++) {
        kit_add(&k, n, to);
        if (n % 3 == 0)
            kit_attempt(&k, n + 1, to, 1, n % 2 ? STATE_PARKED : STATE_DELIVERED,
                        PARKED_FAILED, "a reason of some length");
    }
    journal_expire(k.j, T0 + 150, 1000);
    journal_close(k.j);
    k.j = NULL;
    CHECK_INT(sqlite3_open(path_of(&k), &db), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_step(st), SQLITE_ROW);
    CHECK_STR((const char *)sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
    sqlite3_close(db);
    kit_end(&k);
}

UNIT_MAIN("core/journal_sqlite",
          UNIT_TEST(the_files_are_for_their_owner_only),
          UNIT_TEST(a_missing_directory_is_named_with_what_to_do),
          UNIT_TEST(an_unknown_url_is_refused_without_showing_its_secret),
          UNIT_TEST(a_file_that_is_no_journal_is_refused_and_left_alone),
          UNIT_TEST(a_newer_schema_is_refused_by_number),
          UNIT_TEST(a_journal_of_the_first_schema_is_opened_and_goes_on),
          UNIT_TEST(a_second_hermod_is_told_who_has_the_journal),
          UNIT_TEST(a_damaged_file_is_an_error_and_never_a_crash),
          UNIT_TEST(damage_is_named),
          UNIT_TEST(the_manuals_way_to_save_a_damaged_journal_works),
          UNIT_TEST(no_statement_looks_at_more_rows_than_it_must),
          UNIT_TEST(space_that_is_long_free_is_given_back),
          UNIT_TEST(the_log_and_the_file_pass_an_integrity_check))
