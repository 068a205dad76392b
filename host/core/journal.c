/* journal.c - picks the engine by the URL's scheme and calls through its table. */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/journal_engine.h"

static const struct journal_engine *const engines[] = {
    &journal_sqlite,
};

struct journal *
journal_open(const char *url, char **ret_error)
{
    size_t scheme = strcspn(url, ":");

    for (size_t i = 0; i < ARRAY_LEN(engines); i++)
        if (str_starts(url, engines[i]->scheme))
            return engines[i]->open(url + strlen(engines[i]->scheme), ret_error);
    /* The rest of the URL may hold a password: only the scheme is shown. */
    if (url[scheme])
        *ret_error = xasprintf("journal: wanted sqlite:PATH, found the unknown kind "
                               "\"%.*s:\"", (int)(scheme < 32 ? scheme : 32), url);
    else
        *ret_error = xasprintf("journal: wanted sqlite:PATH, found \"%.200s\"", url);
    return NULL;
}

void
journal_close(struct journal *j)
{
    if (j)
        j->engine->close(j);
}

const char *
journal_trouble(const struct journal *j)
{
    return j->engine->trouble(j);
}

void
journal_commit(struct journal *j, struct journal_turn *turn)
{
    if (turn->event_count == 0 && turn->attempt_count == 0 && turn->hold_count == 0)
        turn->done(turn->arg, 0);
    else
        j->engine->commit(j, turn);
}

int
journal_destinations(struct journal *j, const struct journal_name *names, size_t count,
                     uint32_t *ret_ids)
{
    return count ? j->engine->destinations(j, names, count, ret_ids) : 0;
}

int
journal_holds(struct journal *j, journal_hold_fn *fn, void *arg)
{
    return j->engine->holds(j, fn, arg);
}

int
journal_due(struct journal *j, struct arena *a, uint32_t destination, int64_t now_ms,
            int64_t after_due_ms, int64_t after_seq, size_t limit,
            journal_due_fn *fn, void *arg)
{
    return j->engine->due(j, a, destination, now_ms, after_due_ms, after_seq, limit, fn, arg);
}

int
journal_next_due(struct journal *j, journal_next_fn *fn, void *arg)
{
    return j->engine->next_due(j, fn, arg);
}

int
journal_next_due_of(struct journal *j, uint32_t destination, int64_t *ret_due_ms)
{
    return j->engine->next_due_of(j, destination, ret_due_ms);
}

int
journal_deliveries(struct journal *j, const struct journal_filter *f,
                   journal_delivery_fn *fn, void *arg)
{
    return j->engine->deliveries(j, f, fn, arg);
}

int
journal_attempts(struct journal *j, int64_t seq, uint32_t destination,
                 journal_attempt_fn *fn, void *arg)
{
    return j->engine->attempts(j, seq, destination, fn, arg);
}

int
journal_find(struct journal *j, struct arena *a, const uint8_t *key, const char *vendor,
             const char *user, int64_t before_seq, size_t limit,
             journal_found_fn *fn, void *arg)
{
    return j->engine->find(j, a, key, vendor, user, before_seq, limit, fn, arg);
}

int64_t
journal_replay(struct journal *j, const struct journal_filter *f, int64_t now_ms,
               bool dry, journal_changed_fn *fn, void *arg)
{
    return j->engine->replay(j, f, now_ms, dry, fn, arg);
}

int64_t
journal_drop(struct journal *j, const struct journal_filter *f, bool dry)
{
    return j->engine->drop(j, f, dry);
}

int
journal_counts(struct journal *j, journal_count_fn *fn, void *arg)
{
    return j->engine->counts(j, fn, arg);
}

int
journal_expire(struct journal *j, int64_t before_ms, size_t limit)
{
    return limit ? j->engine->expire(j, before_ms, limit) : 0;
}

int
journal_upkeep(struct journal *j)
{
    return j->engine->upkeep(j);
}

int64_t
journal_free_bytes(struct journal *j)
{
    return j->engine->free_bytes(j);
}
