/* admin_status.c - is it alive, is it ready, and how are the destinations? */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/admin_parts.h"
#include "core/jsonout.h"

void
admin_health(struct admin_request *r)
{
    http_in_answer(r->http, 200, "text/plain", "ok\n", 3);
}

/* Admin is only there when the journal is open and intake listens. */
void
admin_ready(struct admin_request *r)
{
    if (core_stopping(r->admin->core))
        http_in_problem(r->http, 503, "hermod is stopping", NULL);
    else
        http_in_answer(r->http, 200, "text/plain", "ready\n", 6);
}

/* ---- counts by destination ---- */

struct counts {
    struct journal_count *all;
    size_t count, size;
};

static void
on_count(void *arg, const struct journal_count *n)
{
    struct counts *c = arg;

    if (c->count == c->size) {
        c->size = c->size ? 2 * c->size : 64;
        c->all = xrealloc(c->all, c->size, sizeof(*c->all));
    }
    c->all[c->count++] = *n;
}

static int
by_id(const void *a, const void *b)
{
    const struct journal_count *x = a, *y = b;

    return (x->destination > y->destination) - (x->destination < y->destination);
}

/* Takes the counts of a destination: what is left at the end belongs to none. */
static struct journal_count
take_count(struct counts *c, uint32_t id)
{
    struct journal_count key = { .destination = id }, *found;

    found = c->count ? bsearch(&key, c->all, c->count, sizeof(key), by_id) : NULL;
    if (found) {
        key = *found;
        found->waiting = found->parked = 0;
    }
    return key;
}

/* ---- the answer ---- */

const char *
admin_state_of(const struct core_destination *d, const char **ret_reason)
{
    const char *state = "ok", *reason = NULL;

    if (!d->config->enabled) {
        state = "disabled";
    } else if (d->paused) {
        state = "paused";
        reason = d->hold_reason;
    } else if (!d->runner_up) {
        state = "down";
        reason = *d->runner_trouble ? d->runner_trouble : "the plugin is not running";
    } else if (d->hold_until_ms > 0) {
        state = "held";
        reason = d->hold_reason;
    }
    if (ret_reason)
        *ret_reason = reason;
    return state;
}

static void
add_destination(struct buf *b, const struct core_destination *d, const struct journal_count *n)
{
    const char *reason;

    out_object(b, NULL);
    out_text(b, "vendor", d->config->vendor);
    out_text(b, "plugin", d->config->plugin);
    out_text(b, "name", d->config->name);
    out_bool(b, "enabled", d->config->enabled);
    out_text(b, "state", admin_state_of(d, &reason));
    out_text(b, "reason", reason);
    out_time(b, "holdUntil", d->hold_until_ms);
    out_number(b, "inFlight", d->in_flight);
    out_number(b, "waiting", n->waiting);
    out_number(b, "parked", n->parked);
    out_time(b, "nextDue", d->next_due_ms);
    out_end_object(b);
}

static void
add_figures(struct buf *b, const struct core_stats *s, int64_t now_ms)
{
    out_text(b, "version", VERSION_TEXT);
    out_time(b, "startedAt", s->started_ms);
    out_number(b, "uptimeSeconds", (now_ms - s->started_ms) / 1000);
    out_number(b, "accepted", s->accepted);
    out_number(b, "duplicates", s->duplicates);
    out_number(b, "refused", s->refused);
    out_number(b, "attempts", s->attempts);
    out_number(b, "delivered", s->delivered);
    out_number(b, "skipped", s->skipped);
    out_number(b, "retried", s->retried);
    out_number(b, "parkedTotal", s->parked);
    out_number(b, "waiting", s->waiting);
    out_number(b, "parked", s->parked_now);
    out_number(b, "inFlight", s->in_flight);
}

/* A plugin that is down is one problem, however many destinations it has. */
static bool
is_first_of_plugin(const struct core *c, size_t index, const char *plugin)
{
    struct core_destination d;

    for (size_t i = 0; i < index; i++) {
        core_destination(c, i, &d);
        if (d.config->enabled && str_eq(d.config->plugin, plugin))
            return false;
    }
    return true;
}

static void
add_problems(struct admin_request *r, struct buf *b, const struct counts *left)
{
    struct core *c = r->admin->core;
    int64_t waiting = 0, parked = 0;
    int after_s;
    const char *pressure = core_pressure(c, &after_s);

    out_array(b, "problems");
    if (pressure)
        out_text(b, NULL, arena_printf(r->arena, "no events are accepted: %s", pressure));
    for (size_t i = 0; i < core_destination_count(c); i++) {
        struct core_destination d;

        core_destination(c, i, &d);
        if (d.config->enabled && !d.runner_up && is_first_of_plugin(c, i, d.config->plugin))
            out_text(b, NULL, arena_printf(r->arena, "the plugin %s is not running%s%s",
                                           d.config->plugin, *d.runner_trouble ? ": " : "",
                                           d.runner_trouble));
    }
    for (size_t i = 0; i < left->count; i++) {
        waiting += left->all[i].waiting;
        parked += left->all[i].parked;
    }
    if (waiting + parked > 0)
        out_text(b, NULL, arena_printf(r->arena, "%lld waiting and %lld parked deliveries are "
                                       "for destinations that are not configured any more",
                                       (long long)waiting, (long long)parked));
    out_end_array(b);
}

void
admin_status(struct admin_request *r)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(ADMIN_ANSWER_MAX);
    struct core *c = r->admin->core;
    struct counts counts = { 0 };
    struct core_stats stats;
    int error = journal_counts(core_journal(c), on_count, &counts);

    if (error < 0) {
        admin_journal_failed(r->admin, r->http, error);
        free(counts.all);
        return;
    }
    if (counts.count > 0)
        qsort(counts.all, counts.count, sizeof(*counts.all), by_id);
    core_stats(c, &stats);
    out_object(&b, NULL);
    add_figures(&b, &stats, core_now_ms(c));
    out_array(&b, "destinations");
    for (size_t i = 0; i < core_destination_count(c); i++) {
        struct core_destination d;
        struct journal_count n;

        core_destination(c, i, &d);
        n = take_count(&counts, d.id);
        add_destination(&b, &d, &n);
    }
    out_end_array(&b);
    add_problems(r, &b, &counts);
    out_end_object(&b);
    free(counts.all);
    admin_answer(r, &b);
}
