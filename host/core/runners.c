/* runners.c - the runners as core sees them: jobs out, results in, and what becomes of
   the deliveries that were in flight when one died. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "core/state.h"
#include "model/retry.h"

#define OVERDUE_MS 10000                   /* past the deadline the runner itself keeps */
#define DEATHS_POISON 2                    /* in flight in so many deaths: parked */
#define DEATHS_KILLED 5                    /* the same, where SIGKILL came from outside: a person
                                              restarting things, or a kernel short of memory */

struct runner_link *
runner_named(struct core *c, const char *plugin)
{
    for (size_t i = 0; i < c->runner_count; i++)
        if (str_eq(c->runners[i].plugin, plugin))
            return &c->runners[i];
    return NULL;
}

static void
update_all(struct runner_link *r)
{
    struct core *c = r->core;

    for (size_t i = 0; i < c->config_count; i++)
        if (c->dests[i].runner == r)
            dest_update(&c->dests[i]);
}

/* A first death from outside (somebody restarts things, or memory is short) makes no suspects:
   all that was in flight to a receiver that hangs would be tried one by one, for a minute
   each, and everybody else would wait. */
bool
runs_alone(const struct runner_link *r, const struct delivery *dl)
{
    return dl->deaths > (r->wary ? 0 : 1);
}

/* ---- jobs out ---- */

void
runner_send(struct runner_link *r, struct delivery *dl)
{
    struct core *c = r->core;
    struct dest *d = dl->dest;
    struct msg_job m = {
        .token = flight_begin(&c->flights, dl),
        .destination = d->config->index,
        .attempt = dl->attempts + 1,
        .accepted_ms = dl->event->accepted_ms,
        .deadline_ms = d->config->deadline_ms,
        .event = dl->event->event,
    };

    memcpy(m.id, dl->event->id, sizeof(m.id));
    dl->token = m.token;
    dl->started_wall_ms = c->now_ms;
    dl->started_mono_ms = clock_mono_ms();
    list_push_back(&r->flying, &dl->link);
    r->in_flight++;
    r->solo = runs_alone(r, dl);
    d->in_flight++;
    d->group->in_flight++;
    c->stats.in_flight++;
    put_job(channel_out(r->channel), &m);
}

/* No longer in flight: its place in the limits is free for another. */
static void
landed(struct delivery *dl)
{
    struct dest *d = dl->dest;
    struct runner_link *r = d->runner;

    flight_end(&r->core->flights, dl->token);
    dl->token = 0;
    list_remove(&dl->link);
    r->in_flight--;
    r->solo = false;
    d->in_flight--;
    d->group->in_flight--;
    r->core->stats.in_flight--;
    group_unblock(d->group);
}

/* ---- results in ---- */

static void
note(struct core *c, struct delivery *dl, int outcome, int status, int64_t after_ms,
     int64_t took_ms, const char *reason)
{
    struct retry_input in = {
        .outcome = (enum outcome)outcome,
        .http_status = status,
        .attempt = dl->attempts + 1,
        .now_ms = c->now_ms,
        .after_ms = after_ms,
    };
    struct journal_attempt at = {
        .seq = dl->event->seq,
        .destination = dl->dest->id,
        .attempt = dl->attempts + 1,
        .at_ms = dl->started_wall_ms,
        .took_ms = took_ms,
        .outcome = outcome,
        .status = status,
        .deaths = dl->deaths,
        .reason = reason,
    };
    struct retry_verdict v;

    random_bytes(&in.random, sizeof(in.random));
    v = retry_decide(&dl->dest->config->retry, &in);
    at.state = v.state;
    at.why = v.why;
    at.due_ms = v.due_ms;
    turn_add_attempt(c, dl, &at);
}

static void
log_result(const struct delivery *dl, const struct msg_result *m)
{
    const struct destination *d = dl->dest->config;

    enum log_level level = m->outcome == OUTCOME_FAILED  ? LOG_WARN_
                           : m->outcome == OUTCOME_RETRY ? LOG_INFO_
                                                         : LOG_DEBUG_;

    if (!log_wants(level))
        return;
    log_write(level, "attempt ended",
              (const struct log_field[]){
                  log_s("outcome", outcome_name(m->outcome)), log_s("event", dl->event->id),
                  log_s("vendor", d->vendor), log_s("plugin", d->plugin),
                  log_s("name", d->name), log_i("attempt", dl->attempts + 1),
                  log_i("status", m->status), log_s("reason", m->reason), LOG_END_ });
}

static void
on_result(struct runner_link *r, const struct msg_result *m)
{
    struct core *c = r->core;
    struct delivery *dl = flight_of(&c->flights, m->token);
    int outcome = m->outcome;

    if (dl == NULL || dl->dest->runner != r) {
        log_warn("runner reported a delivery it was not given", log_s("plugin", r->plugin));
        return;
    }
    if (outcome < OUTCOME_DELIVERED || outcome > OUTCOME_FAILED)
        outcome = OUTCOME_FAILED;
    log_result(dl, m);
    if (r->solo)
        dl->deaths = 0;                    /* it ran alone, and its runner lives */
    landed(dl);
    if (m->hold_ms > 0)
        dest_hold(dl->dest,
                  c->now_ms + (m->hold_ms < RETRY_HOLD_MAX_MS ? m->hold_ms : RETRY_HOLD_MAX_MS),
                  m->reason);
    if (m->pause)
        dest_pause(dl->dest, true, m->reason);
    note(c, dl, outcome, m->status, m->after_ms, m->took_ms, m->reason);
}

static void
on_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct runner_link *r = arg;
    struct core *c = r->core;
    struct msg_result m;

    (void)fd;
    c->now_ms = clock_wall_ms();
    if (type == MSG_RESULT && get_result(&c->gather.arena, payload, len, &m) == 0) {
        on_result(r, &m);
        return;
    }
    log_error("runner sent what it may not", log_s("plugin", r->plugin),
              log_s("message", message_name(type)));
    if (!r->killing) {
        struct msg_kill_runner kill = { .plugin = r->plugin, .why = "it broke the protocol" };

        r->killing = true;
        put_kill_runner(channel_out(c->supervisor), &kill);
        channel_flush(c->supervisor);
    }
}

/* ---- life and death ---- */

static void
on_gone(void *arg, const char *why)
{
    struct runner_link *r = arg;

    (void)why;                             /* the supervisor says how it died */
    channel_free(r->channel);
    r->channel = NULL;
    update_all(r);
}

void
runner_up(struct core *c, const char *plugin, int fd)
{
    struct runner_link *r = runner_named(c, plugin);

    if (r == NULL || fd < 0) {
        close_fd(&fd);
        return;
    }
    c->now_ms = clock_wall_ms();
    channel_free(r->channel);
    r->channel = channel_new(c->loop, fd, on_frame, on_gone, r);
    r->killing = r->solo = false;
    r->trouble[0] = 0;
    update_all(r);
}

/* It was in flight, and is not to blame: again as soon as the runner is back. */
static void
put_back(struct delivery *dl)
{
    landed(dl);
    lane_leave(dl);
    list_push_front(&dl->dest->ready, &dl->link);
}

/* It was in flight when a runner died, and may be to blame. sure: there is no other that
   may be. */
static void
suspect(struct core *c, struct delivery *dl, const struct msg_runner_down *m, bool sure)
{
    bool poison = sure && dl->deaths + 1 >= (m->outside ? DEATHS_KILLED : DEATHS_POISON);
    struct journal_attempt at = {
        .seq = dl->event->seq,
        .destination = dl->dest->id,
        .attempt = dl->attempts + 1,
        .at_ms = dl->started_wall_ms,
        .took_ms = clock_mono_ms() - dl->started_mono_ms,
        .due_ms = c->now_ms,
        .outcome = OUTCOME_RETRY,
        .deaths = dl->deaths + 1,
    };
    char reason[200];

    snprintf(reason, sizeof(reason), "its runner died: %s", m->how);
    at.reason = reason;
    at.state = poison ? STATE_PARKED : STATE_WAITING;
    at.why = poison ? PARKED_POISON : PARKED_NONE;
    if (poison) {
        dl->dest->runner->wary = false;    /* found */
        at.outcome = OUTCOME_FAILED;
        log_error("delivery parked: it killed its runner", log_s("event", dl->event->id),
                  log_s("vendor", dl->dest->config->vendor),
                  log_s("plugin", dl->dest->config->plugin), log_s("how", m->how));
    }
    landed(dl);
    turn_add_attempt(c, dl, &at);
}

void
runner_down(struct core *c, const struct msg_runner_down *m)
{
    struct runner_link *r = runner_named(c, m->plugin);
    bool named = flight_of(&c->flights, m->culprit) != NULL, sure;

    if (r == NULL)
        return;
    c->now_ms = clock_wall_ms();
    if (r->channel) {
        channel_receive(r->channel);       /* results that came before the end */
        channel_free(r->channel);
        r->channel = NULL;
    }
    snprintf(r->trouble, sizeof(r->trouble), "%s%s", m->how,
             m->given_up ? "; stopped, since it keeps dying" : "");
    r->killing = false;
    sure = named || r->in_flight == 1;
    if (!m->orderly && !m->outside && !named && r->in_flight > 0)
        r->wary = true;
    /* From the last to the first, so that they return to their places in order. */
    while (!list_empty(&r->flying)) {
        struct delivery *dl = DELIVERY_OF(r->flying.prev);

        if (!m->orderly && (!named || dl->token == m->culprit))
            suspect(c, dl, m, sure);
        else
            put_back(dl);
    }
    update_all(r);
}

void
runners_watch(struct core *c)
{
    int64_t now = clock_mono_ms();

    for (size_t i = 0; i < c->runner_count; i++) {
        struct runner_link *r = &c->runners[i];

        LIST_EACH(node, &r->flying) {
            struct delivery *dl = DELIVERY_OF(node);
            struct msg_kill_runner m = { .plugin = r->plugin,
                                         .why = "a delivery is long past its deadline" };

            if (r->killing || now < dl->started_mono_ms + dl->dest->config->deadline_ms +
                                        OVERDUE_MS)
                continue;
            r->killing = true;
            put_kill_runner(channel_out(c->supervisor), &m);
            channel_flush(c->supervisor);
        }
    }
}

void
runners_free(struct core *c)
{
    for (size_t i = 0; i < c->runner_count; i++)
        channel_free(c->runners[i].channel);
    free(c->runners);
}
