/* journal_sqlite.c - the SQLite engine: opening the file, running statements, transactions.

   One connection in one thread, in WAL mode with synchronous=FULL: a commit appends the
   changed pages to journal.db-wal and waits for one fdatasync; the pages are written back
   to journal.db later, many commits at once. locking_mode=EXCLUSIVE keeps the lock from
   open to close, so that there is nothing to lock or share per transaction; the kernel drops
   it when the process dies, however it dies. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/journal_sqlite.h"

/* A predecessor that is being killed may need a moment to be gone. */
#define LOCK_WAIT_MS 250
#define SEQ_MAX (INT64_MAX / 2)

/* auto_vacuum=INCREMENTAL: after an outage with millions of deliveries waiting the file
   gives its space back in small steps (journal_upkeep), without which the back-pressure on
   a full disk would never end; the extra pages it keeps cost less than can be measured.
   mmap stays off, or an I/O error would be a SIGBUS instead of an answer. */
static const char new_file_sql[] =
    "PRAGMA page_size=4096;"
    "PRAGMA auto_vacuum=INCREMENTAL;";
/* Writes nothing to a journal that is there: it opens on a full disk too. */
static const char settings_sql[] =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=0;"         /* journal_sqlite_upkeep.c does it */
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-65536;"            /* 64 MiB, taken only when needed */
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA mmap_size=0;"
    "PRAGMA foreign_keys=OFF;"             /* the engine keeps them; see docs/journal.md */
    "PRAGMA trusted_schema=OFF;";

static const char *const statement_sql[SQ_COUNT] = {
#define X(name, sql) [SQ_##name] = sql,
    SQ_STATEMENTS(X)
#undef X
};

/* ---- errors and statements ---- */

static int
errno_of(sqlite3 *db)
{
    int code = sqlite3_extended_errcode(db), cause = sqlite3_system_errno(db);

    switch (code & 0xff) {
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            die("out of memory in the journal");
        return cause == ENOSPC || cause == EDQUOT ? -ENOSPC :
               cause == EROFS ? -EROFS : -EIO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return -EBADMSG;
    case SQLITE_CONSTRAINT:
        return -EINVAL;
    case SQLITE_TOOBIG:
        return -EFBIG;
    case SQLITE_NOMEM:
        die("out of memory in the journal");
    default:
        return -EIO;
    }
}

int
sq_failed(struct sq *s)
{
    int error = errno_of(s->db), code = sqlite3_extended_errcode(s->db);
    int cause = sqlite3_system_errno(s->db);   /* of the last of these two, else stale */
    bool known = cause && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN);

    snprintf(s->trouble, sizeof(s->trouble), "journal %s%s: %s (SQLite %d%s%s)", s->path,
             error == -EBADMSG ? " is damaged" : "", sqlite3_errmsg(s->db), code,
             known ? ", " : "", known ? strerror(cause) : "");
    return error;
}

int
sq_damaged(struct sq *s, const char *what)
{
    snprintf(s->trouble, sizeof(s->trouble), "journal %s is damaged: %s", s->path, what);
    return -EBADMSG;
}

int
sq_step(struct sq *s, enum sq_statement which)
{
    sqlite3_stmt *st = s->statements[which];
    int rc = sqlite3_step(st), error;

    if (rc == SQLITE_ROW)
        return 1;
    error = rc == SQLITE_DONE ? 0 : sq_failed(s);
    sqlite3_reset(st);
    return error;
}

int
sq_run(struct sq *s, enum sq_statement which)
{
    int error = sq_step(s, which);

    if (error > 0)
        die("journal: a statement gave a row: %s", statement_sql[which]);
    return error;
}

void
sq_reset(struct sq *s, enum sq_statement which)
{
    sqlite3_reset(s->statements[which]);
}

/* Binding fails only for a wrong column or a statement in use: our mistakes. */
static void
bound(int rc)
{
    if (rc != SQLITE_OK)
        die("journal: cannot bind: %s", sqlite3_errstr(rc));
}

void
sq_bind_int(struct sq *s, enum sq_statement which, int at, int64_t value)
{
    bound(sqlite3_bind_int64(s->statements[which], at, value));
}

void
sq_bind_text(struct sq *s, enum sq_statement which, int at, const char *text)
{
    sq_bind_text_n(s, which, at, text ? text : "", text ? strlen(text) : 0);
}

void
sq_bind_text_n(struct sq *s, enum sq_statement which, int at, const char *text, size_t len)
{
    bound(sqlite3_bind_text64(s->statements[which], at, text, len, SQLITE_STATIC, SQLITE_UTF8));
}

void
sq_bind_blob(struct sq *s, enum sq_statement which, int at, const void *data, size_t len)
{
    bound(sqlite3_bind_blob64(s->statements[which], at, len ? data : "", len, SQLITE_STATIC));
}

const char *
sq_text(struct sq *s, enum sq_statement which, int column)
{
    const void *text = sqlite3_column_text(s->statements[which], column);

    return text ? text : "";
}

/* ---- transactions ---- */

static int
rolled_back(struct sq *s, int error)
{
    /* Some errors have rolled back already. A failing rollback leaves nothing either: the
       trouble to tell is the first one. */
    if (!sqlite3_get_autocommit(s->db)) {
        sqlite3_step(s->statements[SQ_ROLLBACK]);
        sqlite3_reset(s->statements[SQ_ROLLBACK]);
    }
    return error;
}

/* When a commit fails in its fdatasync, all of it may stand in the log file all the same,
   and would count after a restart although the caller was told that nothing is kept. Writing
   anything over its first page breaks the log's chain of checksums there. */
static int
lay_ghost(struct sq *s)
{
    int error = sq_run(s, SQ_BEGIN);

    if (!error)
        error = sq_run(s, SQ_LAY_GHOST);
    if (!error)
        error = sq_run(s, SQ_COMMIT);
    s->ghost = error != 0;
    return rolled_back(s, error);
}

int
sq_begin(struct sq *s)
{
    int error = s->ghost ? lay_ghost(s) : 0;

    if (!error)
        error = sq_run(s, SQ_BEGIN);
    if (error)
        return error;
    s->marked_seq = s->next_seq;
    sq_index_begin(s);
    return 0;
}

int
sq_end(struct sq *s, int error)
{
    char first[sizeof(s->trouble)];

    if (!error)
        error = sq_counts_write(s);
    if (!error) {
        error = sq_run(s, SQ_COMMIT);
        s->ghost = error != 0;
    }
    sq_counts_end(s, !error);
    sq_index_end(s, !error);
    if (!error)
        return 0;
    s->next_seq = s->marked_seq;
    rolled_back(s, error);
    if (s->ghost) {
        memcpy(first, s->trouble, sizeof(first));
        (void)lay_ghost(s);            /* or the next sq_begin() does */
        memcpy(s->trouble, first, sizeof(first));
    }
    return error;
}

/* ---- opening ---- */

/* Who holds SQLite's lock bytes (1 GiB into the file)? 0: nobody that can be seen. */
static pid_t
lock_holder(const char *path)
{
    struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000000,
                       .l_len = 512 };
    CLEANUP(close_fd) int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0 || fcntl(fd, F_GETLK, &l) < 0 || l.l_type == F_UNLCK)
        return 0;
    return l.l_pid;
}

/* The file with its mode, before SQLite would make it with the umask's. */
static int
create(const char *path, bool *ret_new, char **ret_error)
{
    CLEANUP(free_ptr) char *dir = xstrdup(path);
    CLEANUP(close_fd) int fd = -1;
    char *slash = strrchr(dir, '/');
    struct stat st;

    if (slash)
        slash[slash == dir] = '\0';
    if (stat(slash ? dir : ".", &st) < 0 && errno == ENOENT) {
        *ret_error = xasprintf("journal %s: the directory %s does not exist: make it "
                               "(mkdir -p %s) and give it to the user hermod runs as",
                               path, dir, dir);
        return -1;
    }
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd < 0 || fstat(fd, &st) < 0) {
        *ret_error = xasprintf("journal %s: cannot be opened for writing: %s", path,
                               strerror(errno));
        return -1;
    }
    if (!S_ISREG(st.st_mode)) {
        *ret_error = xasprintf("journal %s: wanted a regular file", path);
        return -1;
    }
    *ret_new = st.st_size == 0;
    return 0;
}

static int
prepare(struct sq *s)
{
    for (int i = 0; i < SQ_COUNT; i++)
        if (sqlite3_prepare_v3(s->db, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &s->statements[i], NULL) != SQLITE_OK)
            return -1;
    return 0;
}

static int
load_meta(struct sq *s)
{
    int more;

    while ((more = sq_step(s, SQ_META)) > 0) {
        const char *name = sq_text(s, SQ_META, 0);

        if (str_eq(name, "last_seq"))
            s->next_seq = sq_int(s, SQ_META, 1) + 1;
        else if (str_eq(name, "indexed_seq"))
            s->index.indexed_seq = sq_int(s, SQ_META, 1);
    }
    if (more == 0 && (more = sq_step(s, SQ_LAST_SEQ)) > 0) {
        int64_t last = sq_int(s, SQ_LAST_SEQ, 0);

        sq_reset(s, SQ_LAST_SEQ);
        if (last < 0 || last > SEQ_MAX || s->next_seq < 1 || s->next_seq > SEQ_MAX)
            return sq_damaged(s, "an event's number is none");
        if (s->next_seq <= last)
            s->next_seq = last + 1;
        return 0;
    }
    return more;
}

static int
log_grew(void *arg, sqlite3 *db UNUSED, const char *name UNUSED, int pages)
{
    struct sq *s = arg;

    s->wal_pages = pages;
    return SQLITE_OK;
}

/* What sqlite has to say about a file that cannot be opened, in the operator's words. */
static char *
open_error(struct sq *s)
{
    int code = s->db ? sqlite3_extended_errcode(s->db) & 0xff : SQLITE_NOMEM;
    pid_t pid;

    if (code == SQLITE_NOTADB)
        return xasprintf("journal %s is damaged, or not a journal of hermod: it is not an "
                         "SQLite database", s->path);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        sqlite3_close_v2(s->db);           /* before another descriptor of the file closes */
        s->db = NULL;
        pid = lock_holder(s->path);
        return pid > 0 ? xasprintf("journal %s is in use by another hermod (process %ld): "
                                   "stop it first, or give this one a journal of its own",
                                   s->path, (long)pid)
                       : xasprintf("journal %s is in use by another hermod, or by another "
                                   "program such as sqlite3", s->path);
    }
    if (s->db)
        sq_failed(s);
    return xstrdup(s->trouble[0] ? s->trouble : "journal: out of memory");
}

static int
open_file(struct sq *s, char **ret_error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_EXRESCODE;
    bool is_new = true;

    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);    /* refused when SQLite already runs: fine */
    if (!str_eq(s->path, ":memory:") && create(s->path, &is_new, ret_error))
        return -1;
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
        return -1;
    sqlite3_busy_timeout(s->db, LOCK_WAIT_MS);
    if (sqlite3_exec(s->db, "PRAGMA locking_mode=EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK ||
        (is_new && sqlite3_exec(s->db, new_file_sql, NULL, NULL, NULL) != SQLITE_OK) ||
        sqlite3_exec(s->db, settings_sql, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(s->db, "BEGIN IMMEDIATE; COMMIT", NULL, NULL, NULL) != SQLITE_OK ||
        sq_schema(s->db, s->path, ret_error) || prepare(s))
        return -1;
    sqlite3_wal_hook(s->db, log_grew, s);
    if (load_meta(s) < 0 || sq_destinations_load(s) < 0 || sq_index_load(s) < 0) {
        *ret_error = xstrdup(s->trouble);
        return -1;
    }
    return 0;
}

static void
sq_close(struct journal *j)
{
    struct sq *s = sq_of(j);

    for (int i = 0; i < SQ_COUNT; i++)
        sqlite3_finalize(s->statements[i]);
    /* Writes the log back and removes it. */
    if (s->db && sqlite3_close(s->db) != SQLITE_OK)
        die("journal: closed while in use");
    sq_index_free(s);
    sq_destinations_free(s);
    free(s->path);
    free(s);
}

static struct journal *
sq_open(const char *path, char **ret_error)
{
    struct sq *s = xcalloc(1, sizeof(*s));
    char *error = NULL;

    s->journal.engine = &journal_sqlite;
    s->path = xstrdup(path);
    if (path[0] == '\0')
        error = xstrdup("journal: wanted sqlite:PATH, found no path");
    else if (open_file(s, &error) == 0)
        return &s->journal;
    *ret_error = error ? error : open_error(s);
    sq_close(&s->journal);
    return NULL;
}

static const char *
sq_trouble(const struct journal *j)
{
    return ((const struct sq *)(const void *)j)->trouble;
}

const struct journal_engine journal_sqlite = {
    .scheme = "sqlite:",
    .open = sq_open,
    .close = sq_close,
    .trouble = sq_trouble,
    .commit = sq_commit,
    .destinations = sq_destinations,
    .holds = sq_holds,
    .due = sq_due,
    .next_due = sq_next_due,
    .next_due_of = sq_next_due_of,
    .deliveries = sq_deliveries,
    .attempts = sq_attempts,
    .find = sq_find,
    .replay = sq_replay,
    .drop = sq_drop,
    .counts = sq_counts,
    .expire = sq_expire,
    .upkeep = sq_upkeep,
    .free_bytes = sq_free_bytes,
};
