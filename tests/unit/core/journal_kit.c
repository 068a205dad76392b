/* journal_kit.c - see journal_kit.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "journal_kit.h"

static const char *
kind(void)
{
    const char *text = getenv("HERMOD_TEST_JOURNAL");

    return text && *text ? text : "sqlite";
}

static void
open_journal(struct kit *k)
{
    char *error = NULL;

    k->j = journal_open(k->url, &error);
    if (!k->j)
        die("the journal does not open: %s", error);
}

void
kit_begin(struct kit *k)
{
    /* In memory where there is such a place: these tests do not cut the power. */
    const char *tmp = getenv("TMPDIR");
    const char *shm = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    memset(k, 0, sizeof(*k));
    arena_init(&k->a, 0);
    snprintf(k->dir, sizeof(k->dir), "%s/journal-XXXXXX",
             tmp && strlen(tmp) < 40 ? tmp : shm);
    if (!mkdtemp(k->dir))
        die("mkdtemp: %s", strerror(errno));
    if (str_eq(kind(), "memory"))
        snprintf(k->url, sizeof(k->url), "sqlite::memory:");
    else
        snprintf(k->url, sizeof(k->url), "sqlite:%s/journal.db", k->dir);
    open_journal(k);
}

bool
kit_slow(void)
{
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "vgpreload");
}

bool
kit_is_file(const struct kit *k)
{
    return !str_eq(k->url, "sqlite::memory:");
}

void
kit_again(struct kit *k)
{
    journal_close(k->j);
    open_journal(k);
}

void
kit_end(struct kit *k)
{
    static const char *const names[] = { "journal.db", "journal.db-wal", "journal.db-journal" };
    char path[128];

    journal_close(k->j);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", k->dir, names[i]);
        unlink(path);
    }
    if (rmdir(k->dir) < 0)
        die("%s: %s", k->dir, strerror(errno));
    arena_free(&k->a);
}

uint32_t
kit_destination(struct kit *k, const char *title)
{
    char *vendor = arena_strdup(&k->a, title), *plugin = strchr(vendor, '/') + 1;
    char *name = strchr(plugin, '/') + 1;
    uint32_t id = 0;

    plugin[-1] = name[-1] = '\0';
    CHECK_INT(journal_destinations(k->j, &(struct journal_name){ vendor, plugin, name }, 1,
                                   &id), 0);
    return id;
}

struct journal_event
kit_event(struct kit *k, int n, const uint32_t *destinations, size_t count)
{
    struct event *ev = arena_alloc(&k->a, sizeof(*ev));
    struct journal_event e = { .accepted_ms = T0 + n, .event = ev, .count = count };
    uint32_t *ids = arena_alloc(&k->a, count * sizeof(*ids));
    uint8_t hash[DIGEST_MAX];

    digest(DIGEST_SHA256, &n, sizeof(n), hash);
    memcpy(e.key, hash, 16);
    memcpy(&e.fingerprint, hash + 16, 8);
    for (size_t i = 0; i < count; i++)
        ids[i] = destinations[i];
    e.destinations = ids;
    *ev = (struct event){
        .type = n % 2 ? "contract.1#purchased" : "entitlement.1#granted",
        .vendor = "acme",
        .user = arena_printf(&k->a, "user-%d", n % 10),
        .contract = arena_printf(&k->a, "contract-%d", n),
        .entitlement = "",
        .checkout = n % 3 ? "" : "chk_ö",
        .occurred = "2023-11-14T22:13:20Z",
        .occurred_ms = T0,
        .body = arena_printf(&k->a, "{\"userId\": \"user-%d\", \"n\": %d}", n % 10, n),
    };
    ev->body_len = strlen(ev->body);
    return e;
}

static void
on_done(void *arg, int error)
{
    struct kit *k = arg;

    k->error = error;
    k->done++;
}

int
kit_commit(struct kit *k, struct journal_event *events, size_t event_count,
           struct journal_attempt *attempts, size_t attempt_count)
{
    struct journal_turn turn = { .events = events, .event_count = event_count,
                                 .attempts = attempts, .attempt_count = attempt_count,
                                 .done = on_done, .arg = k };

    k->done = 0;
    journal_commit(k->j, &turn);
    return k->done == 1 ? k->error : -1;
}

int64_t
kit_add(struct kit *k, int n, uint32_t destination)
{
    struct journal_event e = kit_event(k, n, &destination, 1);

    CHECK_INT(kit_commit(k, &e, 1, NULL, 0), 0);
    CHECK_INT(e.added, JOURNAL_NEW);
    return e.seq;
}

int
kit_attempt(struct kit *k, int64_t seq, uint32_t destination, uint32_t attempt,
            enum state state, enum parked why, const char *reason)
{
    struct journal_attempt at = {
        .seq = seq,
        .destination = destination,
        .attempt = attempt,
        .state = state,
        .why = why,
        .due_ms = state == STATE_WAITING ? T0 + 60000LL * attempt : 0,
        .at_ms = T0 + 1000LL * attempt,
        .took_ms = 25,
        .outcome = state == STATE_DELIVERED ? OUTCOME_DELIVERED :
                   state == STATE_SKIPPED   ? OUTCOME_SKIPPED :
                   state == STATE_WAITING   ? OUTCOME_RETRY : OUTCOME_FAILED,
        .status = state == STATE_DELIVERED ? 200 : state == STATE_SKIPPED ? 0 : 503,
        .reason = reason,
    };

    return kit_commit(k, NULL, 0, &at, 1);
}

struct journal_filter
kit_any(void)
{
    return (struct journal_filter){ .state = -1, .why = -1 };
}

static void
on_row(void *arg, const struct journal_delivery *d)
{
    struct kit_rows *rows = arg;
    struct kit_row *r;

    if (rows->count == KIT_ROWS)
        die("more rows than the kit holds");
    r = &rows->rows[rows->count++];
    *r = (struct kit_row){ .seq = d->seq, .accepted_ms = d->accepted_ms, .due_ms = d->due_ms,
                           .at_ms = d->at_ms, .took_ms = d->took_ms,
                           .destination = d->destination, .attempts = d->attempts,
                           .deaths = d->deaths, .state = (int)d->state, .why = (int)d->why,
                           .outcome = d->outcome, .status = d->status };
    memcpy(r->event_id, d->event_id, sizeof(r->event_id));
    snprintf(r->text, sizeof(r->text), "%s/%s/%s %s %s %s", d->vendor, d->plugin, d->name,
             d->user, d->type, d->reason);
}

int
kit_list(struct kit *k, const struct journal_filter *f, struct kit_rows *rows)
{
    rows->count = 0;
    return journal_deliveries(k->j, f, on_row, rows);
}

struct kit_row
kit_row(struct kit *k, int64_t seq, uint32_t destination)
{
    struct journal_filter f = kit_any();
    struct kit_rows *rows = arena_alloc(&k->a, sizeof(*rows));

    f.before_seq = seq + 1;
    f.limit = 1;
    kit_list(k, &f, rows);
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].seq == seq && rows->rows[i].destination == destination)
            return rows->rows[i];
    return (struct kit_row){ .state = -1 };
}


static void
on_attempt(void *arg, const struct journal_attempt *at)
{
    struct buf *b = arg;

    buf_printf(b, "%s%u %s %s %d %s", b->len ? "\n" : "", (unsigned)at->attempt,
               state_name((int)at->state), outcome_name(at->outcome), at->status, at->reason);
}

static const char *
keep(struct kit *k, struct buf *b)
{
    const char *text = arena_strdup(&k->a, buf_text(b));

    buf_free(b);
    return text;
}

const char *
kit_attempts(struct kit *k, int64_t seq, uint32_t destination)
{
    struct buf b = BUF_INIT(1 << 20);

    journal_attempts(k->j, seq, destination, on_attempt, &b);
    return keep(k, &b);
}

static void
on_count(void *arg, const struct journal_count *c)
{
    struct buf *b = arg;

    if (c->waiting || c->parked)
        buf_printf(b, "%s%u:%lld/%lld", b->len ? " " : "", (unsigned)c->destination,
                   (long long)c->waiting, (long long)c->parked);
}

const char *
kit_counts(struct kit *k)
{
    struct buf b = BUF_INIT(1 << 20);

    journal_counts(k->j, on_count, &b);
    return keep(k, &b);
}

struct recount {
    int64_t waiting[64], parked[64];
};

static void
on_recount(void *arg, const struct journal_delivery *d)
{
    struct recount *r = arg;

    r->waiting[d->destination % 64] += d->state == STATE_WAITING;
    r->parked[d->destination % 64] += d->state == STATE_PARKED;
}

const char *
kit_recount(struct kit *k)
{
    struct journal_filter f = kit_any();
    struct recount r = { { 0 }, { 0 } };
    struct buf b = BUF_INIT(1 << 20);

    journal_deliveries(k->j, &f, on_recount, &r);
    for (uint32_t i = 0; i < 64; i++)
        on_count(&b, &(struct journal_count){ i, r.waiting[i], r.parked[i] });
    return keep(k, &b);
}

static void
on_due(void *arg, const struct journal_due *d)
{
    struct buf *b = arg;

    buf_printf(b, "%s%lld", b->len ? " " : "", (long long)d->seq);
}

const char *
kit_due(struct kit *k, uint32_t destination, int64_t now_ms, int64_t after_due_ms,
        int64_t after_seq, size_t limit)
{
    struct buf b = BUF_INIT(1 << 20);
    struct arena a;

    arena_init(&a, 0);
    journal_due(k->j, &a, destination, now_ms, after_due_ms, after_seq, limit, on_due, &b);
    arena_free(&a);
    return keep(k, &b);
}
