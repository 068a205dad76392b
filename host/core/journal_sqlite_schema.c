/* journal_sqlite_schema.c - the tables of the SQLite engine and the way from each earlier
   version to this one. The comments inside the SQL are kept by SQLite: an operator sees them
   with `sqlite3 journal.db .schema`. */
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/journal_sqlite.h"

#define APPLICATION_ID 0x4865726d          /* "Herm": file(1) and we tell it from others */

static const char schema_1[] =
    "CREATE TABLE meta (\n"
    "  name TEXT PRIMARY KEY,\n"
    "  value INTEGER NOT NULL\n"
    ") WITHOUT ROWID, STRICT;\n"
    "INSERT INTO meta VALUES\n"
    "  ('last_seq', 0),\n"             /* numbers are not used again when events expire */
    "  ('indexed_seq', 0),\n"
    "  ('failed_commits', 0);\n"

    "CREATE TABLE destination (\n"
    "  id INTEGER PRIMARY KEY,  -- given once, for ever\n"
    "  vendor TEXT NOT NULL, plugin TEXT NOT NULL, name TEXT NOT NULL,\n"
    "  waiting INTEGER NOT NULL DEFAULT 0,  -- deliveries with state 0\n"
    "  parked INTEGER NOT NULL DEFAULT 0,  -- deliveries with state 3\n"
    "  paused INTEGER NOT NULL DEFAULT 0,\n"
    "  hold_until_ms INTEGER NOT NULL DEFAULT 0,\n"
    "  hold_reason TEXT NOT NULL DEFAULT '',\n"
    "  UNIQUE (vendor, plugin, name)\n"
    ") STRICT;\n"

    /* What is looked for by scanning stands before the body, which may go on in other
       pages. */
    "CREATE TABLE event (\n"
    "  seq INTEGER PRIMARY KEY,\n"
    "  key BLOB NOT NULL,  -- 16 bytes; evt_... is its text\n"
    "  fingerprint INTEGER NOT NULL,\n"
    "  accepted_ms INTEGER NOT NULL,\n"
    "  type TEXT NOT NULL, vendor TEXT NOT NULL, user TEXT NOT NULL,\n"
    "  contract TEXT NOT NULL, entitlement TEXT NOT NULL, checkout TEXT NOT NULL,\n"
    "  occurred TEXT NOT NULL, occurred_ms INTEGER NOT NULL,\n"
    "  body BLOB NOT NULL  -- byte for byte as it came\n"
    ") STRICT;\n"

    /* Not indexes of event: they lag behind it. See journal_sqlite_index.c. */
    "CREATE TABLE event_key (  -- of events up to meta.indexed_seq, at least\n"
    "  key BLOB PRIMARY KEY,\n"
    "  seq INTEGER NOT NULL\n"
    ") WITHOUT ROWID, STRICT;\n"
    "CREATE TABLE event_user (  -- of the same events\n"
    "  user_hash INTEGER NOT NULL,  -- 32-bit FNV-1a\n"
    "  seq INTEGER NOT NULL,\n"
    "  PRIMARY KEY (user_hash, seq)\n"
    ") WITHOUT ROWID, STRICT;\n"

    "CREATE TABLE delivery (\n"
    "  seq INTEGER NOT NULL,\n"
    "  destination INTEGER NOT NULL,\n"
    "  state INTEGER NOT NULL DEFAULT 0,"
    "  -- 0 waiting, 1 delivered, 2 skipped, 3 parked, 4 dropped\n"
    "  why INTEGER NOT NULL DEFAULT 0,"
    "  -- parked: 1 failed, 2 credentials, 3 retries used up, 4 killed its runner, 5 gone\n"
    "  due_ms INTEGER NOT NULL,\n"
    "  attempt INTEGER NOT NULL DEFAULT 0,  -- the number of the latest one, since a replay\n"
    "  deaths INTEGER NOT NULL DEFAULT 0,\n"
    "  at_ms INTEGER NOT NULL DEFAULT 0,  -- the latest attempt:\n"
    "  took_ms INTEGER NOT NULL DEFAULT 0,\n"
    "  outcome INTEGER NOT NULL DEFAULT 0,"
    "  -- 101 delivered, 102 skipped, 103 retry, 104 failed\n"
    "  status INTEGER NOT NULL DEFAULT 0,\n"
    "  reason TEXT NOT NULL DEFAULT '',\n"
    "  PRIMARY KEY (seq, destination)\n"
    ") WITHOUT ROWID, STRICT;\n"
    /* With all that is asked of them, the constant state too, so that they are read alone. */
    "CREATE INDEX delivery_waiting\n"
    "  ON delivery (destination, due_ms, seq, attempt, deaths, state) WHERE state = 0;\n"
    "CREATE INDEX delivery_parked\n"
    "  ON delivery (destination, why, seq, state) WHERE state = 3;\n"

    "CREATE TABLE attempt (  -- all but the latest of each delivery\n"
    "  seq INTEGER NOT NULL,\n"
    "  destination INTEGER NOT NULL,\n"
    "  n INTEGER NOT NULL,  -- in the order made\n"
    "  state INTEGER NOT NULL, why INTEGER NOT NULL, due_ms INTEGER NOT NULL,\n"
    "  attempt INTEGER NOT NULL,  -- its number; begins again at 1 after a replay\n"
    "  deaths INTEGER NOT NULL, at_ms INTEGER NOT NULL, took_ms INTEGER NOT NULL,\n"
    "  outcome INTEGER NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,\n"
    "  PRIMARY KEY (seq, destination, n)\n"
    ") WITHOUT ROWID, STRICT;\n";

/* migrations[i] brings a journal from schema i to i + 1. What has been released is never
   edited: a change is a new row. */
static const char *const migrations[] = {
    schema_1,
};
#define SCHEMA ((int)ARRAY_LEN(migrations))

static int
pragma_int(sqlite3 *db, const char *sql, int64_t *ret)
{
    sqlite3_stmt *st;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return rc == SQLITE_ROW ? 0 : -1;
}

static int
migrate(sqlite3 *db, int from)
{
    CLEANUP(free_ptr) char *mark = xasprintf("PRAGMA application_id=%d;"
                                             "PRAGMA user_version=%d;COMMIT",
                                             APPLICATION_ID, from + 1);

    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) ||
        sqlite3_exec(db, migrations[from], NULL, NULL, NULL) ||
        sqlite3_exec(db, mark, NULL, NULL, NULL))
        return -1;             /* closing rolls back */
    return 0;
}

int
sq_schema(sqlite3 *db, const char *path, char **ret_error)
{
    int64_t id, version, tables;

    if (pragma_int(db, "PRAGMA application_id", &id) ||
        pragma_int(db, "PRAGMA user_version", &version) ||
        pragma_int(db, "SELECT count(*) FROM sqlite_schema", &tables))
        return -1;
    if (tables > 0 && id != APPLICATION_ID) {
        *ret_error = xasprintf("journal %s is not a journal of hermod but another program's "
                               "SQLite database: give another path", path);
        return -1;
    }
    if (version > SCHEMA) {
        *ret_error = xasprintf("journal %s has schema %lld, this hermod knows up to %d: "
                               "upgrade hermod", path, (long long)version, SCHEMA);
        return -1;
    }
    if (version < 0 || (version == 0) != (tables == 0)) {
        *ret_error = xasprintf("journal %s is damaged: schema %lld with %lld tables", path,
                               (long long)version, (long long)tables);
        return -1;
    }
    for (int i = (int)version; i < SCHEMA; i++)
        if (migrate(db, i))
            return -1;
    return 0;
}
