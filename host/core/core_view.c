/* core_view.c - core as intake and admin see it: pressure, destinations, figures, and what
   a waiting delivery is waiting for. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/state.h"
#include "model/caps.h"
#include "model/duration.h"
#include "model/timefmt.h"

#define GATHERED_MAX (64 * 1024 * 1024)    /* bytes of events not yet committed */

struct loop *
core_loop(struct core *c)
{
    return c->loop;
}

struct journal *
core_journal(struct core *c)
{
    return c->journal;
}

const struct host_config *
core_config(const struct core *c)
{
    return &c->config;
}

int64_t
core_now_ms(const struct core *c)
{
    (void)c;
    return clock_wall_ms();
}

const char *
core_pressure(struct core *c, int *ret_after_s)
{
    *ret_after_s = 5;
    if (c->stopping)
        return "hermod is stopping";
    if (c->journal_error && clock_mono_ms() < c->retry_commit_mono_ms)
        return "the journal cannot be written";
    if (c->gather.event_bytes > GATHERED_MAX) {
        *ret_after_s = 1;
        return "too much has come at once";
    }
    *ret_after_s = 30;
    if (c->free_bytes >= 0 && c->free_bytes < c->config.min_free_bytes)
        return "the journal's disk is nearly full";
    if (c->stats.waiting >= c->config.max_waiting)
        return "too many deliveries are waiting";
    return NULL;
}

bool
core_stopping(const struct core *c)
{
    return c->stopping;
}

bool
core_knows_vendor(const struct core *c, const char *vendor)
{
    return map_gets(&c->vendor_names, vendor) != NULL;
}

size_t
core_destination_count(const struct core *c)
{
    return c->config_count;
}

void
core_destination(const struct core *c, size_t index, struct core_destination *ret)
{
    const struct dest *d = &c->dests[index];
    bool ready = !list_empty(&d->ready);

    *ret = (struct core_destination){
        .config = d->config,
        .id = d->id,
        .paused = d->paused,
        .hold_until_ms = dest_held(d) ? d->hold_until_ms : 0,
        .hold_reason = d->hold_reason ? d->hold_reason : "",
        .in_flight = (uint32_t)d->in_flight,
        .next_due_ms = ready ? DELIVERY_OF(d->ready.next)->due_ms
                             : d->spilled ? d->next_due_ms : -1,
        .runner_up = d->runner->channel != NULL,
        .runner_trouble = d->runner->trouble,
    };
}

size_t
core_destination_find(const struct core *c, const char *vendor, const char *plugin,
                      const char *name)
{
    for (size_t i = 0; i < c->config_count; i++) {
        const struct destination *d = &c->configs[i];

        if (str_eq(d->vendor, vendor) && str_eq(d->plugin, plugin) &&
            str_eq(d->name, name ? name : plugin))
            return i;
    }
    return SIZE_MAX;
}

void
core_explain_waiting(const struct core *c, int64_t seq, uint32_t destination, int64_t due_ms,
                     struct buf *out)
{
    const struct dest *d = dest_of_id(c, destination);
    const struct delivery *dl = delivery_find(c, seq, destination);
    char when[32], in[32];

    if (d == NULL) {
        buf_str(out, "waiting: the destination is not configured any more");
        return;
    }
    if (dl && dl->token) {
        time_rfc3339(dl->started_wall_ms, when);
        buf_printf(out, "in flight since %s (attempt %u)", when, (unsigned)dl->attempts + 1);
    } else if (!d->config->enabled) {
        buf_str(out, "waiting: the destination is disabled");
    } else if (d->paused) {
        buf_printf(out, "waiting: the destination is paused (%s)",
                   d->hold_reason ? d->hold_reason : "");
    } else if (dest_held(d)) {
        time_rfc3339(d->hold_until_ms, when);
        buf_printf(out, "waiting: the destination is held until %s (%s)", when,
                   d->hold_reason ? d->hold_reason : "");
    } else if (due_ms > c->now_ms) {
        time_rfc3339(due_ms, when);
        duration_human(due_ms - c->now_ms, in);
        buf_printf(out, "waiting for its next attempt at %s (in %s)", when, in);
    } else if (d->runner->channel == NULL) {
        buf_printf(out, "waiting: the plugin is not running%s%s",
                   *d->runner->trouble ? ": " : "", d->runner->trouble);
    } else if (dl && dl->lane && dl->lane->flying != dl) {
        buf_printf(out, "waiting behind another delivery of the same user (%s)",
                   dl->lane->flying->event->id);
    } else if (d->group->in_flight >= d->group->limit) {
        buf_printf(out, "waiting: %lld deliveries are in flight, the destination's limit",
                   (long long)d->group->in_flight);
    } else {
        buf_str(out, "due now, waiting its turn");
    }
}

void
core_set_paused(struct core *c, size_t index, bool paused, const char *reason)
{
    dest_pause(&c->dests[index], paused, reason);
}

void
core_wake(struct core *c, uint32_t destination_id)
{
    struct dest *d = dest_of_id(c, destination_id);

    c->stats.waiting++;
    if (d == NULL)
        return;
    if (!d->spilled || d->next_due_ms > c->now_ms)
        d->next_due_ms = c->now_ms;
    d->spilled = true;
    dest_update(d);
}

static void
on_count(void *arg, const struct journal_count *n)
{
    struct core_stats *s = arg;

    s->waiting += n->waiting;
    s->parked_now += n->parked;
}

void
core_stats(const struct core *c, struct core_stats *ret)
{
    *ret = c->stats;
    ret->waiting = ret->parked_now = 0;
    journal_counts(c->journal, on_count, ret);
}
