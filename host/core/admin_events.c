/* admin_events.c - explain: what each destination did with an event, or why it did
   nothing. Every destination of the event's vendor is told of. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/admin_parts.h"
#include "core/jsonout.h"
#include "model/timefmt.h"

#define LIMIT 20
#define LIMIT_MAX 100
#define TEXT_MAX 4096

/* One answer while it is written. */
struct story {
    struct admin_request *r;
    struct core *core;
    struct buf out;
    struct buf text;               /* one sentence, or a failed journal's */
    bool *told;                    /* by index: this destination has been told of */
    size_t events;
    int64_t last_seq;
    int error;
};

/* ---- attempts ---- */

static void
on_attempt(void *arg, const struct journal_attempt *at)
{
    struct buf *b = arg;

    out_object(b, NULL);
    out_number(b, "n", at->attempt);
    out_time(b, "at", at->at_ms);
    out_number(b, "tookMs", at->took_ms);
    out_text(b, "outcome", outcome_name(at->outcome));
    out_number(b, "status", at->status);
    out_text(b, "reason", at->reason);
    out_time(b, "nextAt", at->state == STATE_WAITING ? at->due_ms : 0);
    out_end_object(b);
}

/* ---- one delivery ---- */

static void
add_time(struct buf *b, const char *word, int64_t ms)
{
    char when[32];

    if (ms <= 0)
        return;
    time_rfc3339(ms, when);
    buf_printf(b, " %s %s", word, when);
}

/* "HTTP 503: Service Unavailable" */
static void
add_result(struct buf *b, const struct journal_delivery *d)
{
    if (d->status)
        buf_printf(b, "HTTP %d", d->status);
    if (d->reason && *d->reason)
        buf_printf(b, "%s%s", d->status ? ": " : "", d->reason);
    if (!d->status && !(d->reason && *d->reason))
        buf_str(b, d->outcome ? outcome_name(d->outcome) : "no reason was given");
}

static void
tell(struct story *s, const struct journal_delivery *d)
{
    struct buf *b = &s->text;

    buf_reset(b);
    switch (d->state) {
    case STATE_DELIVERED:
        buf_str(b, "delivered");
        add_time(b, "at", d->at_ms);
        buf_printf(b, " on attempt %u", (unsigned)d->attempts);
        if (d->status || (d->reason && *d->reason)) {
            buf_str(b, ": ");
            add_result(b, d);
        }
        break;
    case STATE_SKIPPED:
        buf_str(b, "skipped");
        add_time(b, "at", d->at_ms);
        buf_str(b, ": ");
        add_result(b, d);
        break;
    case STATE_PARKED:
        buf_str(b, "parked");
        add_time(b, "at", d->at_ms);
        buf_printf(b, " after %u attempt%s (%s): ", (unsigned)d->attempts,
                   d->attempts == 1 ? "" : "s", parked_name(d->why));
        add_result(b, d);
        buf_str(b, "; kept until it is replayed or dropped");
        break;
    case STATE_DROPPED:
        buf_printf(b, "dropped by hand; it was parked (%s): ", parked_name(d->why));
        add_result(b, d);
        break;
    case STATE_WAITING:
        core_explain_waiting(s->core, d->seq, d->destination, d->due_ms, b);
        if (d->attempts > 0) {
            buf_printf(b, "; attempt %u ended with ", (unsigned)d->attempts);
            add_result(b, d);
        }
        break;
    }
}

static void
open_destination(struct buf *b, const char *vendor, const char *plugin, const char *name,
                 const char *fate, const char *text)
{
    out_object(b, NULL);
    out_text(b, "vendor", vendor);
    out_text(b, "plugin", plugin);
    out_text(b, "name", name);
    out_text(b, "fate", fate);
    out_text(b, "text", text);
    out_array(b, "attempts");
}

static void
close_destination(struct buf *b)
{
    out_end_array(b);
    out_end_object(b);
}

static void
on_delivery(void *arg, const struct journal_delivery *d)
{
    struct story *s = arg;
    size_t index = core_destination_find(s->core, d->vendor, d->plugin, d->name);
    bool orphan = index == SIZE_MAX && d->state == STATE_WAITING;
    int got;

    if (index != SIZE_MAX)
        s->told[index] = true;
    tell(s, d);
    open_destination(&s->out, d->vendor, d->plugin, d->name,
                     orphan ? "not-configured" : state_name(d->state), buf_text(&s->text));
    got = journal_attempts(core_journal(s->core), d->seq, d->destination, on_attempt, &s->out);
    if (got < 0)
        s->error = got;
    close_destination(&s->out);
}

/* ---- destinations that got nothing ---- */

static bool
takes(const struct destination *d, const char *type)
{
    for (size_t i = 0; i < d->event_count; i++)
        if (str_eq(d->events[i], type))
            return true;
    return false;
}

static void
tell_nothing(struct story *s, const struct destination *d, const struct journal_found *e)
{
    const char *fate = "not-subscribed";

    buf_reset(&s->text);
    if (!d->enabled) {
        fate = "disabled";
        buf_str(&s->text, "nothing was sent: the destination is disabled in the vendor's file");
    } else if (!takes(d, e->event.type)) {
        buf_printf(&s->text, "nothing was sent: the destination does not take %s",
                   e->event.type);
    } else {
        buf_str(&s->text, "nothing was sent: the destination was added, enabled or subscribed "
                          "after the event was accepted");
    }
    open_destination(&s->out, d->vendor, d->plugin, d->name, fate, buf_text(&s->text));
    close_destination(&s->out);
}

/* ---- one event ---- */

static void
add_event(struct buf *b, const struct journal_found *e)
{
    char id[EVENT_ID_LEN + 1];

    event_id_text(e->key, id);
    out_text(b, "id", id);
    out_text(b, "type", e->event.type);
    out_text(b, "vendor", e->event.vendor);
    out_text(b, "user", e->event.user);
    out_text(b, "contract", e->event.contract);
    out_text(b, "entitlement", e->event.entitlement);
    out_text(b, "checkout", e->event.checkout);
    out_text(b, "occurredAt", e->event.occurred);
    out_time(b, "acceptedAt", e->accepted_ms);
}

static void
on_event(void *arg, const struct journal_found *e)
{
    struct story *s = arg;
    struct journal_filter f = { .event = e->key, .state = -1, .why = -1 };
    size_t count = core_destination_count(s->core);
    int got;

    if (count > 0)
        memset(s->told, 0, count * sizeof(*s->told));
    s->events++;
    s->last_seq = e->seq;
    out_object(&s->out, NULL);
    add_event(&s->out, e);
    out_array(&s->out, "destinations");
    got = journal_deliveries(core_journal(s->core), &f, on_delivery, s);
    if (got < 0)
        s->error = got;
    for (size_t i = 0; i < count; i++) {
        struct core_destination d;

        core_destination(s->core, i, &d);
        if (!s->told[i] && str_eq(d.config->vendor, e->event.vendor))
            tell_nothing(s, d.config, e);
    }
    out_end_array(&s->out);
    out_end_object(&s->out);
}

/* ---- the answers ---- */

/* Ones found by key, or the newest of a user. Frees the story's parts. */
static void
answer(struct admin_request *r, const uint8_t *key, const char *vendor, const char *user,
       int64_t before, size_t limit)
{
    struct core *c = r->admin->core;
    struct story s = {
        .r = r,
        .core = c,
        .out = BUF_INIT(ADMIN_ANSWER_MAX),
        .text = BUF_INIT(TEXT_MAX),
        .told = xcalloc(core_destination_count(c), sizeof(bool)),
    };
    int got;

    out_object(&s.out, NULL);
    out_array(&s.out, "events");
    got = journal_find(core_journal(c), r->arena, key, vendor, user, before, limit, on_event,
                       &s);
    if (got < 0)
        s.error = got;
    out_end_array(&s.out);
    if (key == NULL && limit > 0 && s.events == limit)
        out_number(&s.out, "next", s.last_seq);
    else
        out_null(&s.out, "next");
    out_end_object(&s.out);
    if (s.error)
        admin_journal_failed(r->admin, r->http, s.error);
    else if (key && s.events == 0)
        http_in_problem(r->http, 404, "no event with this id is kept: it never came, or it "
                                      "ended and its retention time is over", NULL);
    else
        admin_answer(r, &s.out);
    buf_free(&s.out);
    buf_free(&s.text);
    free(s.told);
}

void
admin_event(struct admin_request *r)
{
    uint8_t key[16];

    if (event_id_parse(r->params[0], key) < 0)
        http_in_problem(r->http, 400, "wanted an event id: evt_ and 26 characters", NULL);
    else
        answer(r, key, NULL, NULL, 0, 1);
}

void
admin_events(struct admin_request *r)
{
    const char *user = http_in_query(r->http, "user");
    int64_t limit = LIMIT, before = 0;

    if (!user || *user == '\0') {
        http_in_problem(r->http, 400, "user: wanted a user's id", NULL);
        return;
    }
    if (admin_query_number(r, "limit", 1, LIMIT_MAX, &limit) < 0 ||
        admin_query_number(r, "before", 1, INT64_MAX, &before) < 0)
        return;
    answer(r, NULL, http_in_query(r->http, "vendor"), user, before, (size_t)limit);
}
