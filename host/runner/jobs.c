/* jobs.c - attempts: a frame from core becomes a call on a coroutine, and what that comes to
   becomes a result. Everything here runs on the main stack, but for run_callback(). */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "model/outcome.h"
#include "runner/state.h"

#define IDLE_JOBS 256                      /* kept for the next attempts */
#define FLOOD 1000                         /* after so many at once memory is given back */

static void on_deadline(void *arg);

void
jobs_init(struct runner *r)
{
    list_init(&r->ready);
    list_init(&r->idle_jobs);
    r->deadline = loop_timer_new(r->loop, on_deadline, r);
    r->deadline_set_ms = INT64_MAX;
}

/* ---- out of time ---- */

static void
set_deadline_timer(struct runner *r, int64_t now_ms)
{
    const struct heap_node *first = heap_min(&r->deadlines);

    if (!first || first->key >= r->deadline_set_ms)
        return;                            /* it fires early enough, and looks again */
    r->deadline_set_ms = first->key;
    loop_timer_set(r->deadline, first->key - now_ms);
}

static void
expire(struct job *j)
{
    if (j->deadline_ms % 1000 == 0)
        call_mark(&j->call, OUTCOME_RETRY, "took longer than %lld s",
                  (long long)j->deadline_ms / 1000);
    else
        call_mark(&j->call, OUTCOME_RETRY, "took longer than %lld ms",
                  (long long)j->deadline_ms);
    far_net_give_up(j);
}

static void
on_deadline(void *arg)
{
    struct runner *r = arg;
    int64_t now_ms = clock_mono_ms();
    struct heap_node *first;

    r->deadline_set_ms = INT64_MAX;
    while ((first = heap_min(&r->deadlines)) && first->key <= now_ms) {
        heap_remove(&r->deadlines, first);
        expire(LIST_OF(first, struct job, deadline));
    }
    set_deadline_timer(r, now_ms);
}

/* ---- the end ---- */

static void
answer_check(struct job *j, int outcome)
{
    const struct msg_check_result m = { .destination = j->target->config.index,
                                        .outcome = outcome,
                                        .reason = j->call.verdict.reason };

    put_check_result(channel_out(j->runner->supervisor), &m);
    channel_flush(j->runner->supervisor);
}

static void
answer_core(struct job *j, int outcome)
{
    const struct verdict *v = &j->call.verdict;
    const struct msg_result m = {
        .token = j->watched.token,
        .outcome = outcome,
        .status = v->status,
        .after_ms = v->after_ms,
        .hold_ms = v->hold_ms,
        .took_ms = clock_mono_ms() - j->started_ms,
        .pause = v->pause,
        .reason = v->reason,
    };

    put_result(channel_out(j->runner->core), &m);
    if (v->hold_ms > 0)
        far_net_hold(j->runner, j->target, v->hold_ms);
}

static void
job_end(struct job *j)
{
    struct runner *r = j->runner;
    int outcome = call_outcome(&j->call, j->returned);

    if (j->is_check)
        answer_check(j, outcome);
    else
        answer_core(j, outcome);
    heap_remove(&r->deadlines, &j->deadline);
    far_net_cancel(j);
    call_end(&j->call);
    list_remove(&j->link);
    if (r->idle_count < IDLE_JOBS) {
        list_push_front(&r->idle_jobs, &j->link);
        r->idle_count++;
    } else {
        free(j);
    }
    r->in_flight--;
    if (r->in_flight == 0 && r->most_in_flight >= FLOOD) {
        malloc_trim(0);
        r->most_in_flight = 0;
    }
    runner_stop_if_done(r);
}

/* ---- the run ---- */

void
job_wake(struct job *j)
{
    if (list_empty(&j->link))
        list_push_back(&j->runner->ready, &j->link);
}

void
jobs_run(struct runner *r)
{
    struct list *node;

    while ((node = list_pop_front(&r->ready))) {
        struct job *j = JOB_OF(node);

        watchdog_wake();
        if (coro_resume(j->coro))
            job_end(j);
    }
}

/* On the coroutine's stack. */
static void
run_callback(void *arg)
{
    struct job *j = arg;
    const struct hermod_plugin *p = j->runner->plugin.plugin;

    if (j->is_check)
        j->returned = p->check(&j->call.pub, j->target->settings);
    else
        j->returned = p->deliver(&j->call.pub, &j->event, j->target->settings);
}

/* ---- the beginning ---- */

static struct job *
job_new(struct runner *r)
{
    struct list *node = list_pop_front(&r->idle_jobs);
    struct job *j = node ? JOB_OF(node) : xmalloc(sizeof(*j));

    r->idle_count -= node != NULL;
    memset(j, 0, sizeof(*j));
    j->runner = r;
    j->watched.event = j->id;
    list_init(&j->link);
    list_init(&j->exchanges);
    list_init(&j->claims);
    r->in_flight++;
    if (r->in_flight > r->most_in_flight)
        r->most_in_flight = r->in_flight;
    return j;
}

/* The call has begun, and knows what it is about. */
static void
launch(struct job *j)
{
    struct runner *r = j->runner;

    j->call.owner = j;
    j->call.destination = &j->target->config;
    j->started_ms = clock_mono_ms();
    heap_set(&r->deadlines, &j->deadline, j->started_ms + j->deadline_ms);
    set_deadline_timer(r, j->started_ms);
    j->coro = coro_new(run_callback, j);
    if (!j->coro) {
        call_mark(&j->call, OUTCOME_RETRY, "the host has no memory for another delivery");
        job_end(j);
        return;
    }
    job_wake(j);
}

static struct target *
target_of(const struct runner *r, uint32_t index)
{
    struct target *t = index < r->target_size ? r->targets[index] : NULL;

    if (!t)
        runner_broken("a delivery for a destination that is not known");
    return t;
}

static void
fill_event(struct job *j, const struct msg_job *m)
{
    memcpy(j->id, m->id, sizeof(j->id));
    j->event = (struct hermod_event){
        .id = j->id,
        .type = m->event.type,
        .vendor_id = m->event.vendor,
        .user_id = m->event.user,
        .contract_id = m->event.contract,
        .entitlement_id = m->event.entitlement,
        .checkout_id = m->event.checkout,
        .occurred_at = m->event.occurred,
        .occurred_ms = m->event.occurred_ms,
        .accepted_ms = m->accepted_ms,
        .body = m->event.body,
        .body_len = m->event.body_len,
    };
}

void
job_start(struct runner *r, const void *payload, size_t len)
{
    struct job *j = job_new(r);
    struct msg_job m;

    call_begin(&j->call, &r->far, &r->plugin.info, NULL, &j->event, 0);
    if (get_job(&j->call.arena, payload, len, &m) < 0)
        runner_broken("a malformed delivery");
    j->target = target_of(r, m.destination);
    j->watched.token = m.token;
    j->call.attempt = m.attempt;
    j->deadline_ms = m.deadline_ms;
    fill_event(j, &m);
    launch(j);
}

void
start_check(struct runner *r, uint32_t destination)
{
    struct job *j;

    if (!r->plugin.plugin->check) {
        const struct msg_check_result none = { .destination = destination,
                                               .outcome = OUTCOME_SKIPPED,
                                               .reason = "the plugin has no check" };

        put_check_result(channel_out(r->supervisor), &none);
        channel_flush(r->supervisor);
        return;
    }
    j = job_new(r);
    call_begin(&j->call, &r->far, &r->plugin.info, NULL, NULL, 1);
    j->target = target_of(r, destination);
    j->deadline_ms = j->target->config.deadline_ms;
    j->is_check = true;
    launch(j);
}
