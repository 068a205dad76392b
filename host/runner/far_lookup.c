/* far_lookup.c - questions to the source role. The call waits on its coroutine; the answer wakes
   it. A source that is away answers nothing: the delivery is then tried again. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/state.h"
#include "wire/codec.h"

/* One question under way, on the stack of its call. */
struct question {
    struct job *job;
    struct lookup *lookup;
    bool done;
};

static void
finish_without_answer(struct lookup *l, int status, const char *error)
{
    l->status = status;
    l->error = error;
    l->after_ms = 0;
    l->body = l->contracts = l->entitlements = "";
    l->body_len = l->contracts_len = l->entitlements_len = 0;
}

static void
put_question(struct runner *r, uint64_t id, const struct call *c, const struct lookup *l)
{
    const struct hermod_event *ev = c->event;
    const struct msg_lookup m = {
        .id = id,
        .kind = (int32_t)l->kind,
        .vendor = c->destination->vendor,
        .user = ev ? ev->user_id : "",
        .contract = ev ? ev->contract_id : "",
        .checkout = ev ? ev->checkout_id : "",
        .sku = l->kind == LOOKUP_PRODUCT ? l->sku : "",
        .accepted_ms = ev ? ev->accepted_ms : 0,
    };

    put_lookup(channel_out(r->source), &m);
    channel_flush(r->source);
}

void
far_lookup(struct far *f, struct call *c, struct lookup *l)
{
    struct runner *r = (struct runner *)(void *)f;
    struct question q = { .job = job_of(c), .lookup = l };
    uint64_t id = ++r->questions_asked;

    if (!r->config.source) {
        finish_without_answer(l, 401, "no vendor's file has sesamy.clientId and "
                                      "sesamy.clientSecret");
        return;
    }
    if (!r->source) {
        finish_without_answer(l, 0, "the source role is not there");
        return;
    }
    map_put(&r->questions, &id, sizeof(id), &q);
    put_question(r, id, c, l);
    while (!q.done && !c->verdict.marked)
        coro_wait();
    map_del(&r->questions, &id, sizeof(id));
    if (!q.done)
        finish_without_answer(l, 0, "no answer in time");
}

/* ---- on the main stack ---- */

static void
on_answer(struct runner *r, const void *payload, size_t len)
{
    struct reader head = { .at = payload, .end = (const uint8_t *)payload + len };
    uint64_t id = (uint64_t)get_i64(&head);
    struct question *q = map_get(&r->questions, &id, sizeof(id));
    struct lookup *l;
    struct msg_answer m;

    if (!q || q->done)
        return;                            /* the call has given up */
    if (get_answer(&q->job->call.arena, payload, len, &m) < 0)
        runner_broken("a malformed answer");
    l = q->lookup;
    finish_without_answer(l, m.status, m.error);
    l->after_ms = m.after_ms;
    if (m.body) {
        l->body = m.body;
        l->body_len = m.body_len;
    }
    if (m.contracts) {
        l->contracts = m.contracts;
        l->contracts_len = m.contracts_len;
    }
    if (m.entitlements) {
        l->entitlements = m.entitlements;
        l->entitlements_len = m.entitlements_len;
    }
    q->done = true;
    job_wake(q->job);
}

static void
on_source_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    (void)fd;
    if (type != MSG_ANSWER)
        runner_broken(message_name(type));
    on_answer(arg, payload, len);
}

static void
lose_source(struct runner *r)
{
    struct map_slot *slot;
    size_t pos = 0;

    channel_free(r->source);
    r->source = NULL;
    while (map_next(&r->questions, &pos, &slot)) {
        struct question *q = slot->value;

        if (q->done)
            continue;
        finish_without_answer(q->lookup, 0, "the source role is not there");
        q->done = true;
        job_wake(q->job);
    }
}

static void
on_source_gone(void *arg, const char *why)
{
    (void)why;
    lose_source(arg);
}

void
far_lookup_source(struct runner *r, int fd)
{
    lose_source(r);
    r->source = channel_new(r->loop, fd, on_source_frame, on_source_gone, r);
}
