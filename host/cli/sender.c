/* sender.c - carries events to the host until each is accepted or refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "model/caps.h"

#define LINE_MAX_ (64 * 1024)
#define WAIT_MIN_MS 500
#define WAIT_MAX_MS 30000

/* The items of one request that are not settled yet. */
struct pending {
    const struct send_item *items[CAP_REQUEST_EVENTS];
    const struct slice *events[CAP_REQUEST_EVENTS];
    size_t count;
};

static void
pending_add(struct pending *p, const struct send_item *item)
{
    p->items[p->count] = item;
    p->events[p->count++] = &item->event;
}

static void
clear_line(struct sender *s)
{
    if (s->line_open)
        fputs("\r\033[K", stderr);
    s->line_open = false;
}

static void
show_progress(struct sender *s)
{
    if (!s->progress)
        return;
    fprintf(stderr, "\r%zu of %zu events sent\033[K", s->accepted + s->refused, s->total);
    s->line_open = true;
}

static void
refuse(struct sender *s, const struct send_item *item, const char *detail, const char *where)
{
    CLEANUP(buf_free) struct buf line = BUF_INIT(LINE_MAX_);

    text_clean(&line, item->file);
    buf_printf(&line, ", event %zu refused: ", item->number);
    text_clean(&line, detail);
    if (*where) {
        buf_str(&line, " (at ");
        text_clean(&line, where);
        buf_str(&line, ")");
    }
    clear_line(s);
    cli_fail(s->cmd, "%s", buf_text(&line));
    s->refused++;
}

/* Prints the ids. false: this is not an answer of the host. */
static bool
take_accepted(struct sender *s, const struct answer *a, const struct pending *p)
{
    struct json_object *list = reply_list(a->json, "events");

    if (reply_count(list) != p->count)
        return false;
    clear_line(s);
    for (size_t i = 0; i < p->count; i++) {
        struct json_object *e = reply_at(list, i);

        s->accepted++;
        s->duplicates += str_eq(reply_text(e, "status"), "duplicate");
        if (!s->json)
            puts(reply_text(e, "id"));
    }
    if (s->json)
        printf("%s\n", buf_text(&a->body));
    fflush(stdout);
    return true;
}

/* Marks what one error of a problem document is about, and says so once. */
static void
take_error(struct sender *s, struct json_object *error, const struct pending *p, bool *gone)
{
    const char *rest = "";
    int i = batch_pointer(reply_text(error, "pointer"), p->count, &rest);

    if (i < 0)
        return;
    if (!gone[i])
        refuse(s, p->items[i], reply_text(error, "detail"), rest);
    gone[i] = true;
}

/* Takes the events out that the host refuses by name, so that the others can go. How many. */
static size_t
take_refused(struct sender *s, const struct answer *a, struct pending *p)
{
    struct json_object *errors = reply_list(a->json, "errors");
    bool gone[CAP_REQUEST_EVENTS] = { false };
    size_t before = p->count;

    for (size_t i = 0; i < reply_count(errors); i++)
        take_error(s, reply_at(errors, i), p, gone);
    take_error(s, a->json, p, gone);
    p->count = 0;
    for (size_t i = 0; i < before; i++)
        if (!gone[i])
            pending_add(p, p->items[i]);
    if (p->count < before && s->json)
        printf("%s\n", buf_text(&a->body));
    return before - p->count;
}

/* false: waited long enough. */
static bool
wait_a_while(struct sender *s, int64_t asked_s, unsigned tries, const char *why)
{
    int64_t left = s->progress_ms + s->patience_ms - clock_mono_ms();
    int64_t ms = (int64_t)WAIT_MIN_MS << (tries < 6 ? tries : 6);
    struct timespec ts;

    if (left <= 0)
        return false;
    if (asked_s > 0)
        ms = asked_s > WAIT_MAX_MS / 1000 ? WAIT_MAX_MS : asked_s * 1000;
    ms = ms < left ? ms : left;
    clear_line(s);
    if (tries == 0 || asked_s > 0)
        cli_fail(s->cmd, "%s; trying again in %.1f s", why, (double)ms / 1000);
    ts = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&ts, NULL);
    return true;
}

/* What to do with an answer: 1 go on with what is pending (perhaps nothing), 0 wait and try
   again, -1 give up. */
static int
judge(struct sender *s, const struct answer *a, struct pending *p)
{
    if (a->status / 100 == 2) {
        if (!take_accepted(s, a, p)) {
            client_say_problem(s->client, a);
            return -1;
        }
        p->count = 0;
        return 1;
    }
    if (a->status == 503 || a->status == 429)
        return 0;
    if ((a->status == 400 || a->status == 413 || a->status == 422) && take_refused(s, a, p))
        return 1;
    clear_line(s);
    client_say_problem(s->client, a);
    return -1;
}

static int
send_pending(struct sender *s, struct pending *p)
{
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(buf_free) struct buf body = BUF_INIT(CAP_REQUEST_BODY);
    unsigned tries = 0;

    while (p->count) {
        const char *why;
        int failed, verdict = 0;

        buf_reset(&body);
        batch_body(p->events, p->count, &body);
        failed = client_call(s->client, "POST", "/v1/events", buf_text(&body), body.len, &a);
        /* A host that was never there is a mistake; one that went away may come back, and
           sending again what it may have accepted is harmless. */
        if (failed && s->accepted + s->refused == 0) {
            cli_fail(s->cmd, "%s", client_error(s->client));
            return -1;
        }
        if (!failed)
            verdict = judge(s, &a, p);
        if (verdict < 0)
            return -1;
        if (verdict > 0) {
            s->progress_ms = clock_mono_ms();
            tries = 0;
            continue;
        }
        why = failed ? client_error(s->client) : reply_text(a.json, "detail");
        if (!wait_a_while(s, failed ? -1 : a.retry_after_s, tries++,
                          *why ? why : "the host is busy")) {
            cli_fail(s->cmd, "gave up: %s", *why ? why : "the host is busy");
            return -1;
        }
    }
    return 0;
}

int
sender_run(struct sender *s, const struct send_item *items, size_t count)
{
    struct pending *p = xcalloc(1, sizeof(*p));
    int result = 0;

    s->total = count;
    s->progress_ms = clock_mono_ms();
    while (count && result == 0) {
        size_t n;

        for (p->count = 0; p->count < count && p->count < CAP_REQUEST_EVENTS;)
            pending_add(p, &items[p->count]);
        p->count = n = batch_fit(p->events, p->count);
        if (n == 0) {
            refuse(s, items, "it is larger than a request may be", "");
            n = 1;
        }
        result = send_pending(s, p);
        items += n;
        count -= n;
        if (result == 0 && count)
            show_progress(s);
    }
    clear_line(s);
    free(p);
    return result;
}
