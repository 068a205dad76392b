/* admin_deliveries.c - GET /v1/deliveries: a list, newest first. */
#include "base/mem.h"
#include "core/admin_parts.h"
#include "core/jsonout.h"

#define LIMIT 100
#define LIMIT_MAX 1000

static void
on_delivery(void *arg, const struct journal_delivery *d)
{
    struct buf *b = arg;

    out_object(b, NULL);
    out_text(b, "event", d->event_id);
    out_number(b, "seq", d->seq);
    out_text(b, "type", d->type);
    out_text(b, "vendor", d->vendor);
    out_text(b, "user", d->user);
    out_text(b, "plugin", d->plugin);
    out_text(b, "name", d->name);
    out_text(b, "state", state_name(d->state));
    out_text(b, "why", d->why ? parked_name(d->why) : NULL);
    out_number(b, "attempts", d->attempts);
    out_time(b, "acceptedAt", d->accepted_ms);
    out_time(b, "dueAt", d->state == STATE_WAITING ? d->due_ms : 0);
    out_time(b, "lastAttemptAt", d->at_ms);
    out_number(b, "tookMs", d->took_ms);
    out_text(b, "outcome", d->outcome ? outcome_name(d->outcome) : NULL);
    out_number(b, "status", d->status);
    out_text(b, "reason", d->reason);
    out_end_object(b);
}

void
admin_deliveries(struct admin_request *r)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(ADMIN_ANSWER_MAX);
    struct admin_choice choice;
    int64_t limit = LIMIT, before = 0, next = 0;
    int error;

    if (admin_choice_of_query(r, &choice) < 0 ||
        admin_query_number(r, "limit", 1, LIMIT_MAX, &limit) < 0 ||
        admin_query_number(r, "before", 1, INT64_MAX, &before) < 0)
        return;
    choice.filter.limit = (size_t)limit;
    choice.filter.before_seq = before;
    choice.filter.ret_next_seq = &next;
    out_object(&b, NULL);
    out_array(&b, "deliveries");
    error = journal_deliveries(core_journal(r->admin->core), &choice.filter, on_delivery, &b);
    if (error < 0) {
        admin_journal_failed(r->admin, r->http, error);
        return;
    }
    out_end_array(&b);
    if (next > 0)
        out_number(&b, "next", next);
    else
        out_null(&b, "next");
    out_end_object(&b);
    admin_answer(r, &b);
}
