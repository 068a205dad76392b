/* intake_events.c - from a request's body to events: which form it has, where its events
   are, what is wrong with them, and what makes each of them one and the same when it comes
   again. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/intake_parts.h"
#include "model/cloudevent.h"

enum form { FORM_JSON, FORM_LINES, FORM_CLOUDEVENT, FORM_CLOUDEVENTS, FORM_BINARY, FORM_NONE };

#define ACCEPTED_TYPES "application/json, application/x-ndjson, " \
                       "application/cloudevents+json, application/cloudevents-batch+json"

static const struct {
    const char *name;
    enum form form;
} types[] = {
    { "application/json", FORM_JSON },
    { "application/x-ndjson", FORM_LINES },
    { "application/ndjson", FORM_LINES },
    { "application/jsonl", FORM_LINES },
    { "application/cloudevents+json", FORM_CLOUDEVENT },
    { "application/cloudevents-batch+json", FORM_CLOUDEVENTS },
};

static int
fail(struct intake_request *r, enum problem_kind kind, const char *header, const char *detail)
{
    r->problem = (struct problem){ .kind = kind, .header = header, .detail = detail };
    return -1;
}

void
intake_wrong(struct intake_request *r, enum problem_kind kind, size_t index,
             const char *pointer, const char *detail)
{
    struct problem *p = &r->problem;
    struct problem_error *e;

    if (!r->errors)
        r->errors = arena_alloc(&r->arena, PROBLEM_ERRORS * sizeof(*r->errors));
    if (p->total++ >= PROBLEM_ERRORS)
        return;
    e = &r->errors[p->error_count++];
    e->kind = kind;
    if (r->many)
        snprintf(e->pointer, sizeof(e->pointer), "/%zu%s", index, pointer);
    else
        snprintf(e->pointer, sizeof(e->pointer), "%s", pointer);
    /* "userId is missing", "userId: wanted a string" */
    snprintf(e->detail, sizeof(e->detail), "%s%s%s", pointer[0] ? pointer + 1 : "",
             !pointer[0] ? "" : str_starts(detail, "is ") ? " " : ": ", detail);
    if (p->error_count == 1) {
        p->kind = kind;
        p->pointer = e->pointer;
        p->detail = e->detail;
        p->errors = r->errors;
    }
}

/* ---- the form ---- */

/* JSON is UTF-8 by definition; another charset would be read wrongly. */
static bool
is_utf8(const char *parameters)
{
    const char *at = strcasestr(parameters, "charset=");

    if (!at)
        return true;
    at += 8;
    at += *at == '"';
    return strncasecmp(at, "utf-8", 5) == 0 || strncasecmp(at, "utf8", 4) == 0 ||
           strncasecmp(at, "us-ascii", 8) == 0;
}

static enum form
form_of(struct http_in *http)
{
    const char *type = http_in_header(http, "Content-Type");
    const char *coding = http_in_header(http, "Content-Encoding");
    enum form form = FORM_NONE;
    size_t len;

    /* Without a type, a page in a browser could send events to a host without tokens. */
    if (!type || (coding && strcasecmp(coding, "identity") != 0))
        return FORM_NONE;
    len = strcspn(type, "; \t");
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strncasecmp(type, types[i].name, len) == 0 && types[i].name[len] == '\0')
            form = types[i].form;
    if (!is_utf8(type + len))
        return FORM_NONE;
    if (form == FORM_JSON && (http_in_header(http, "ce-specversion") ||
                              http_in_header(http, "ce-id")))
        form = FORM_BINARY;
    return form;
}


/* ---- the idempotency key ---- */

/* A structured field's string (RFC 8941 3.3.3), or the text as it is. NULL: malformed. */
static const char *
unquote(struct arena *a, const char *text)
{
    size_t len = strlen(text), used = 0;
    char *out;

    if (text[0] != '"')
        return text;
    out = arena_alloc(a, len);
    for (size_t i = 1; i < len; i++) {
        if (text[i] == '"')
            return i + 1 == len ? out : NULL;
        if (text[i] == '\\' && (text[++i] == '\0' || !strchr("\"\\", text[i])))
            return NULL;
        out[used++] = text[i];
    }
    return NULL;
}

static bool
is_printable(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7e)
            return false;
    return true;
}

static int
refuse_type(struct intake_request *r)
{
    const char *type = http_in_header(r->http, "Content-Type");
    const char *found = !type ? "none" : is_printable(type) ? type : "something unreadable";

    http_in_add_header(r->http, "Accept-Post", ACCEPTED_TYPES);
    return fail(r, PROBLEM_MEDIA_TYPE, "Content-Type",
                arena_printf(&r->arena, "wanted one of " ACCEPTED_TYPES ", in UTF-8 and without "
                             "Content-Encoding; found %.100s", found));
}

static int
read_key(struct intake_request *r)
{
    const char *key = http_in_header(r->http, "Idempotency-Key");

    r->key_scope = r->key_header = NULL;
    r->key = NULL;
    if (key) {
        r->key_header = "Idempotency-Key";
        r->key_scope = "idempotency-key";
        key = unquote(&r->arena, key);
    } else if ((key = intake_webhook_header(r->http, "id"))) {
        r->key_header = "webhook-id";
        r->key_scope = "webhook-id";
    }
    if (r->key_scope && (!key || *key == '\0' || strlen(key) > CAP_KEY || !is_printable(key)))
        return fail(r, PROBLEM_BAD_REQUEST, r->key_header,
                    arena_printf(&r->arena, "%s must be 1 to %d printable ASCII characters",
                                 r->key_header, CAP_KEY));
    r->key = key;
    return 0;
}

/* ---- the events ---- */

static void
make_room(struct intake_request *r, size_t count)
{
    struct event *parsed = &r->one_event;

    r->count = count;
    r->events = &r->one;
    if (count > 1) {
        r->events = arena_alloc(&r->arena, count * sizeof(*r->events));
        parsed = arena_alloc(&r->arena, count * sizeof(*parsed));
    }
    for (size_t i = 0; i < count; i++) {
        r->events[i] = (struct journal_event){ .event = &parsed[i], .owner = r };
    }
}

static const char *
get_header(void *arg, const char *name)
{
    return http_in_header(arg, name);
}

/* A CloudEvent's source and id are its key wherever in a request it stands. */
static void
set_key(struct intake_request *r, size_t index, const struct cloudevent *ce)
{
    struct journal_event *je = &r->events[index];

    if (r->key)
        event_key(je->event, r->key_scope, r->key, (unsigned)index, je->key);
    else if (ce)
        event_key(je->event, "cloudevents", ce->key, 0, je->key);
    else
        event_key(je->event, NULL, NULL, 0, je->key);
    if (r->key || ce) {
        je->fingerprint = event_fingerprint(je->event);
    } else {                               /* the same hash of the same fields */
        for (size_t i = 0; i < 8; i++)
            je->fingerprint = je->fingerprint << 8 | je->key[i];
    }
}

static void
read_event(struct intake_request *r, enum form form, size_t index, const char *text, size_t len)
{
    struct event *ev = (struct event *)(uintptr_t)r->events[index].event;
    struct cloudevent ce;
    struct event_error err;
    bool cloud = form != FORM_JSON && form != FORM_LINES;
    char *detail;
    int bad;

    if (len > CAP_EVENT) {
        detail = arena_printf(&r->arena, "an event may hold %d bytes; this one has %zu",
                              CAP_EVENT, len);
        intake_wrong(r, PROBLEM_TOO_LARGE, index, "", detail);
        return;
    }
    if (form == FORM_BINARY)
        bad = cloudevent_binary(&r->arena, get_header, r->http, text, len, &ce, &err);
    else if (cloud)
        bad = cloudevent_structured(&r->arena, text, len, &ce, &err);
    else
        bad = event_parse(&r->arena, text, len, ev, &err);
    if (bad) {
        intake_wrong(r, PROBLEM_INVALID_EVENT, index, err.pointer, err.detail);
        return;
    }
    if (cloud)
        *ev = ce.event;
    set_key(r, index, cloud ? &ce : NULL);
}

static int
split(struct intake_request *r, enum form form, const char *body, size_t len)
{
    struct slice *slices = r->intake->slices;
    int n = form == FORM_LINES ? slices_of_lines(body, len, slices, CAP_REQUEST_EVENTS)
                               : slices_of_array(body, len, slices, CAP_REQUEST_EVENTS);

    if (n == -2)
        return fail(r, PROBLEM_TOO_MANY_EVENTS, NULL,
                    arena_printf(&r->arena, "a request may hold %d events: send several",
                                 CAP_REQUEST_EVENTS));
    if (n < 0)
        return fail(r, PROBLEM_BAD_REQUEST, NULL, "the body is not a JSON array");
    if (n == 0)
        return fail(r, PROBLEM_BAD_REQUEST, NULL, "the body holds no event");
    r->many = true;
    make_room(r, (size_t)n);
    for (size_t i = 0; i < r->count; i++)
        read_event(r, form == FORM_CLOUDEVENTS ? FORM_CLOUDEVENT : FORM_JSON, i, slices[i].at,
                   slices[i].len);
    return r->problem.total > 0 ? -1 : 0;
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int
intake_read_events(struct intake_request *r)
{
    enum form form = form_of(r->http);
    const char *body, *at;
    size_t len;

    if (form == FORM_NONE)
        return refuse_type(r);
    if (read_key(r) < 0)
        return -1;
    at = body = http_in_body(r->http, &len);
    while (at < body + len && is_space(*at))
        at++;
    if (form == FORM_LINES || form == FORM_CLOUDEVENTS ||
        (form == FORM_JSON && at < body + len && *at == '['))
        return split(r, form, body, len);
    /* An event is what stands between the white space. */
    len -= (size_t)(at - body);
    while (len > 0 && is_space(at[len - 1]))
        len--;
    r->many = false;
    make_room(r, 1);
    read_event(r, form, 0, at, len);
    return r->problem.total > 0 ? -1 : 0;
}
