/* intake.c - POST /v1/events: who may come in, and what they are answered. */
#include "core/intake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/intake_parts.h"
#include "model/network.h"

#define PATH "/v1/events"
#define JSON "application/json"
#define IDLE_MS 75000                      /* longer than the 60 s of most clients' pools */
#define TOTAL_BODY (64 * 1024 * 1024)
#define TEXT_MAX (CAP_REQUEST_BODY + 4096) /* what is signed, or answered to 1,000 events */
#define SPARE_MAX 1024
#define SPARE_BYTES (64 * 1024)            /* a request that grew larger is not kept */
#define STORAGE_RETRY_S 5
#define UNAUTHORIZED_LOG_MS 60000

/* ---- requests, used again and again ---- */

static struct intake_request *
request_new(struct intake *in, struct http_in *http)
{
    struct intake_request *r = in->spare;

    if (r) {
        in->spare = r->next;
        in->spare_count--;
    } else {
        r = xcalloc(1, sizeof(*r));
        arena_init(&r->arena, 0);
        r->intake = in;
    }
    in->refs++;
    r->http = http;
    r->errors = NULL;
    r->problem = (struct problem){ 0 };
    return r;
}

static void
request_free(struct intake_request *r)
{
    arena_free(&r->arena);
    free(r);
}

static void
unref(struct intake *in)
{
    if (--in->refs > 0)
        return;
    while (in->spare) {
        struct intake_request *r = in->spare;

        in->spare = r->next;
        request_free(r);
    }
    intake_wipe_keys(in);
    buf_free(&in->text);
    free(in);
}

static void
request_done(struct intake_request *r)
{
    struct intake *in = r->intake;

    if (in->spare_count < SPARE_MAX && r->arena.used <= SPARE_BYTES) {
        arena_reset(&r->arena);
        r->next = in->spare;
        in->spare = r;
        in->spare_count++;
    } else {
        request_free(r);
    }
    unref(in);
}

/* ---- answers ---- */

static void
answer_problem(struct intake *in, struct http_in *http, const struct problem *p)
{
    buf_reset(&in->text);
    problem_write(&in->text, p);
    http_in_answer(http, problem_status(p->kind), PROBLEM_TYPE, in->text.data, in->text.len);
}

static void
answer_simple(struct intake *in, struct http_in *http, enum problem_kind kind,
              const char *detail)
{
    answer_problem(in, http, &(struct problem){ .kind = kind, .detail = detail });
}

static void
add_retry_after(struct http_in *http, int seconds)
{
    char text[16];

    snprintf(text, sizeof(text), "%d", seconds);
    http_in_add_header(http, "Retry-After", text);
}

/* Often a token was changed on one side only: somebody should see it. */
static void
log_unauthorized(struct intake *in)
{
    int64_t now_ms = clock_mono_ms();

    in->unauthorized++;
    if (in->logged_ms != 0 && now_ms - in->logged_ms < UNAUTHORIZED_LOG_MS)
        return;
    log_warn("intake refuses requests without a good token or signature",
             log_i("requests", in->unauthorized));
    in->unauthorized = 0;
    in->logged_ms = now_ms;
}

static void
answer_unauthorized(struct intake *in, struct http_in *http, enum intake_auth auth,
                    const char *detail)
{
    log_unauthorized(in);
    http_in_add_header(http, "WWW-Authenticate",
                       auth == AUTH_BAD ? "Bearer realm=\"hermod\", error=\"invalid_token\""
                                        : "Bearer realm=\"hermod\"");
    if (!detail)
        detail = auth == AUTH_BAD ? "the token in Authorization is not one of those configured"
                                  : "wanted Authorization: Bearer TOKEN, or a signature";
    answer_simple(in, http, PROBLEM_UNAUTHORIZED, detail);
}

/* false, and answered, when nothing can be taken now. */
static bool
has_room(struct intake *in, struct http_in *http)
{
    int after_s = 1;
    const char *why = core_pressure(in->core, &after_s);

    if (!why)
        return true;
    add_retry_after(http, after_s);
    answer_simple(in, http, PROBLEM_OVERLOADED, why);
    return false;
}

static void
answer_accepted(struct intake_request *r)
{
    struct buf *out = &r->intake->text;
    char id[EVENT_ID_LEN + 1];
    size_t same = 0;

    for (size_t i = 0; i < r->count; i++)
        same += r->events[i].added == JOURNAL_SAME;
    buf_reset(out);
    if (r->count == 1 && same == 0)        /* nearly always */
        buf_str(out, "{\"accepted\":1,\"duplicates\":0,\"events\":[");
    else
        buf_printf(out, "{\"accepted\":%zu,\"duplicates\":%zu,\"events\":[", r->count, same);
    for (size_t i = 0; i < r->count; i++) {
        event_id_text(r->events[i].key, id);
        buf_str(out, i ? ",{\"id\":\"" : "{\"id\":\"");
        buf_add(out, id, EVENT_ID_LEN);
        buf_str(out, r->events[i].added == JOURNAL_SAME ? "\",\"status\":\"duplicate\"}"
                                                        : "\",\"status\":\"accepted\"}");
    }
    buf_str(out, "]}");
    http_in_answer(r->http, 202, JSON, out->data, out->len);
}

/* The other events of the request are kept: what is on disk cannot be taken back, and a
   sender that mends the key and sends all again does no harm. */
static void
note_conflicts(struct intake_request *r)
{
    const char *detail =
        arena_printf(&r->arena, "another event was accepted under this %s; its fields differ",
                     r->key_header ? r->key_header : "source and id");

    for (size_t i = 0; i < r->count; i++)
        if (r->events[i].added == JOURNAL_CONFLICT)
            intake_wrong(r, PROBLEM_KEY_REUSED, i, "", detail);
    if (r->problem.total > 0)
        r->problem.header = r->key_header;
}

static void
answer_lost(struct intake_request *r, int error)
{
    const char *detail = "the events could not be written and are not kept: send them again";

    if (error == -ENOSPC || error == -EDQUOT || error == -EFBIG)
        detail = "the journal's disk is full; the events are not kept: send them again later";
    add_retry_after(r->http, STORAGE_RETRY_S);
    answer_simple(r->intake, r->http, PROBLEM_STORAGE, detail);
}

/* On disk, or not. */
static void
on_done(void *arg, int error)
{
    struct intake_request *r = arg;

    if (error == 0)
        note_conflicts(r);
    if (error)
        answer_lost(r, error);
    else if (r->problem.total > 0)
        answer_problem(r->intake, r->http, &r->problem);
    else
        answer_accepted(r);
    request_done(r);
}

/* ---- requests ---- */

/* At most 40 characters of what the sender wrote, fit to be shown. */
static const char *
shown(struct arena *a, const char *text)
{
    size_t len = utf8_floor(text, strlen(text), 40);

    return arena_printf(a, "%.*s%s", (int)len, text, text[len] ? "..." : "");
}

/* An event for a vendor without a file would be accepted, and lost. */
static bool
vendors_known(struct intake_request *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const char *vendor = r->events[i].event->vendor;

        if (!core_knows_vendor(r->intake->core, vendor))
            intake_wrong(r, PROBLEM_UNKNOWN_VENDOR, i, "/vendorId",
                         arena_printf(&r->arena, "no vendor file has vendor: %s",
                                      shown(&r->arena, vendor)));
    }
    return r->problem.total == 0;
}

static void
on_events(void *arg, struct http_in *http)
{
    struct intake *in = arg;
    struct intake_request *r;

    if (*http_in_tag(http)) {
        const char *wrong = intake_check_signature(in, http, core_now_ms(in->core));

        if (wrong) {
            answer_unauthorized(in, http, AUTH_NONE, wrong);
            return;
        }
    }
    if (!has_room(in, http))
        return;
    r = request_new(in, http);
    if (intake_read_events(r) == 0 && vendors_known(r)) {
        core_accept(in->core, r->events, r->count, on_done, r);
        return;
    }
    answer_problem(in, http, &r->problem);
    request_done(r);
}

/* All that the headers tell, before the body is read. Returns the status it answered. */
static int
gate(void *arg, struct http_in *http, UNUSED size_t content_length)
{
    struct intake *in = arg;
    enum intake_auth auth;

    if (!str_eq(http_in_path(http), PATH)) {
        answer_simple(in, http, PROBLEM_NOT_FOUND, "events are sent to POST " PATH);
        return 404;
    }
    if (!str_eq(http_in_method(http), "POST")) {
        http_in_add_header(http, "Allow", "POST");
        answer_simple(in, http, PROBLEM_METHOD, "events are sent with POST");
        return 405;
    }
    auth = intake_authorize(in, http);
    if (auth == AUTH_FOREIGN) {
        answer_simple(in, http, PROBLEM_FORBIDDEN,
                      "without tokens only requests to localhost are served");
        return 403;
    }
    if (auth == AUTH_NONE || auth == AUTH_BAD) {
        answer_unauthorized(in, http, auth, NULL);
        return 401;
    }
    if (auth == AUTH_SIGNED)
        *http_in_tag(http) = in;
    return has_room(in, http) ? 0 : 503;
}

/* What httpd refuses by itself. */
static void
on_problem(void *arg, struct http_in *http, int status, const char *detail)
{
    if (status == 503)
        add_retry_after(http, 1);
    answer_simple(arg, http, problem_of_status(status), detail);
}

static void
on_release(void *arg)
{
    unref(arg);
}

struct httpd *
intake_new(struct core *c, char **ret_error)
{
    const struct host_config *config = core_config(c);
    struct intake *in;
    struct httpd *h;
    char host[64];
    uint16_t port;

    if (listen_parse(config->listen, host, &port) < 0) {
        *ret_error = xasprintf("listen: wanted HOST:PORT, found %s", config->listen);
        return NULL;
    }
    in = xcalloc(1, sizeof(*in));
    in->core = c;
    in->refs = 1;
    buf_init(&in->text, TEXT_MAX);
    intake_read_keys(in, config);
    h = httpd_new(core_loop(c), &(struct httpd_options){
        .host = host,
        .port = port,
        .max_body = CAP_REQUEST_BODY,
        .max_clients = CAP_HTTP_CLIENTS,
        .idle_ms = IDLE_MS,
        .max_total_body = TOTAL_BODY,
        .handle = on_events,
        .gate = gate,
        .problem = on_problem,
        .release = on_release,
        .arg = in,
    }, ret_error);
    if (!h)
        unref(in);
    return h;
}
