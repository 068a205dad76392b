/* svc_http.c - the http group: requests are built and checked here; the far side sends them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/caps.h"
#include "model/http_rules.h"
#include "model/outcome.h"
#include "runner/call.h"
#include "runner/http_path.h"

#define DEFAULT_TIMEOUT_MS 30000

enum body_kind { BODY_NONE, BODY_JSON, BODY_FORM, BODY_BYTES };

/* A request that cannot be sent as it was asked for: wrong data or settings. */
static void PRINTF_LIKE(2, 3)
refuse(struct call *c, const char *fmt, ...)
{
    va_list ap;
    const char *why;

    va_start(ap, fmt);
    why = arena_vprintf(&c->arena, fmt, ap);
    va_end(ap);
    call_mark(c, OUTCOME_FAILED, "request not sent: %s", why);
}

static bool
is_ours(const struct call *c, const struct hermod_request *q)
{
    for (const struct hermod_request *i = c->requests; i; i = i->next)
        if (i == q)
            return true;
    return false;
}

/* q is this call's and still being built; else false, and the call is marked. */
static bool
editable(struct call *c, const char *service, const struct hermod_request *q)
{
    if (!q || !is_ours(c, q))
        call_misuse(c, "%s: the request is %s", service, q ? "another call's" : "NULL");
    else if (q->started)
        call_misuse(c, "%s: the request has been started already", service);
    else
        return true;
    return false;
}

static struct hermod_request *
new_request(struct call *c, const char *service, const char *method)
{
    struct hermod_request *q = arena_alloc(&c->arena, sizeof(*q));
    const char *wrong = method ? http_method_problem(method) : "is NULL";

    if (wrong)
        call_misuse(c, "%s: the method %s", service, wrong);
    q->method = wrong ? "GET" : arena_strdup(&c->arena, method);
    q->url = "";
    q->timeout_ms = DEFAULT_TIMEOUT_MS;
    q->next = c->requests;
    c->requests = q;
    return q;
}

static void
set_url(struct call *c, struct hermod_request *q, const char *url)
{
    const char *wrong = http_url_problem(url);

    if (wrong)
        refuse(c, "the URL %s", wrong);
    q->url = url;
}

static struct hermod_request *
http_request(struct hermod_call *pub, const char *method, const char *url)
{
    struct call *c = call_of(pub);
    struct hermod_request *q = new_request(c, "hermod_http_request", method);

    if (!url)
        call_misuse(c, "hermod_http_request: the URL is NULL");
    else
        set_url(c, q, arena_strdup(&c->arena, url));
    return q;
}

static struct hermod_request *PRINTF_LIKE(4, 5)
http_open(struct hermod_call *pub, const char *method, const char *base, const char *path, ...)
{
    struct call *c = call_of(pub);
    struct hermod_request *q = new_request(c, "hermod_http_open", method);
    struct path_problem problem;
    const char *rest;
    size_t len;
    va_list ap;

    if (!base || !path) {
        call_misuse(c, "hermod_http_open: the %s is NULL", base ? "path" : "base URL");
        return q;
    }
    va_start(ap, path);
    rest = http_path(&c->arena, path, ap, &problem);
    va_end(ap);
    if (!rest) {
        if (problem.mistake)
            call_misuse(c, "hermod_http_open: %s", problem.text);
        else
            refuse(c, "the URL cannot be made: %s", problem.text);
        return q;
    }
    len = strlen(base);
    if (strchr(base, '?')) {
        refuse(c, "the URL to put a path behind has a query (?...)");
        return q;
    }
    len -= len > 0 && base[len - 1] == '/';
    set_url(c, q, arena_printf(&c->arena, "%.*s%s", (int)len, base, rest));
    return q;
}

static char *
percent(struct call *c, const char *text)
{
    char *out = arena_alloc(&c->arena, 3 * strlen(text) + 1);

    percent_encode(text, strlen(text), out);
    return out;
}

static void
http_query(struct hermod_call *pub, struct hermod_request *q, const char *name,
           const char *value)
{
    struct call *c = call_of(pub);

    if (!editable(c, "hermod_http_query", q))
        return;
    if (!name || !value) {
        call_misuse(c, "hermod_http_query: the %s is NULL", name ? "value" : "name");
        return;
    }
    if (!*q->url)                  /* the request is a refused one */
        return;
    set_url(c, q, arena_printf(&c->arena, "%s%c%s=%s", q->url, strchr(q->url, '?') ? '&' : '?',
                               percent(c, name), percent(c, value)));
}

static struct http_header *
find_header(struct hermod_request *q, const char *name)
{
    for (size_t i = 0; i < q->header_count; i++)
        if (strcasecmp(q->headers[i].name, name) == 0)
            return &q->headers[i];
    return NULL;
}

static struct http_header *
new_header(struct call *c, struct hermod_request *q)
{
    if (q->header_count == q->header_room) {
        size_t room = q->header_room ? 2 * q->header_room : 8;
        struct http_header *more = arena_alloc(&c->arena, room * sizeof(*more));

        if (q->header_count)
            memcpy(more, q->headers, q->header_count * sizeof(*more));
        q->headers = more;
        q->header_room = room;
    }
    return &q->headers[q->header_count++];
}

/* name and value without the spaces around it, both checked. */
static void
set_header(struct call *c, struct hermod_request *q, const char *name, const char *value)
{
    const char *wrong = http_header_name_problem(name);
    struct http_header *h;
    size_t len;

    if (wrong) {                   /* a name that is no token is not repeated */
        if (*name && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz-") == strlen(name))
            refuse(c, "\"%s\" %s", name, wrong);
        else
            refuse(c, "the name of a header %s", wrong);
        return;
    }
    value += strspn(value, " ");
    for (len = strlen(value); len > 0 && value[len - 1] == ' ';)
        len--;
    value = arena_memdup0(&c->arena, value, len);
    wrong = http_header_value_problem(value);
    if (wrong) {
        refuse(c, "header \"%s\" %s", name, wrong);
        return;
    }
    h = find_header(q, name);
    if (!h && q->header_count == CAP_REQUEST_HEADERS) {
        refuse(c, "more than %d headers", CAP_REQUEST_HEADERS);
        return;
    }
    if (!h)
        h = new_header(c, q);
    *h = (struct http_header){ arena_strdup(&c->arena, name), value };
}

static void
http_header(struct hermod_call *pub, struct hermod_request *q, const char *name,
            const char *value)
{
    struct call *c = call_of(pub);

    if (!editable(c, "hermod_http_header", q))
        return;
    if (!name || !value)
        call_misuse(c, "hermod_http_header: the %s is NULL", name ? "value" : "name");
    else
        set_header(c, q, name, value);
}

static void
http_bearer(struct hermod_call *pub, struct hermod_request *q, const char *token)
{
    struct call *c = call_of(pub);

    if (!editable(c, "hermod_http_bearer", q))
        return;
    if (!token)
        call_misuse(c, "hermod_http_bearer: the token is NULL");
    else
        set_header(c, q, "Authorization", arena_printf(&c->arena, "Bearer %s", token));
}

static void
http_basic(struct hermod_call *pub, struct hermod_request *q, const char *user,
           const char *password)
{
    struct call *c = call_of(pub);
    const char *pair;

    if (!editable(c, "hermod_http_basic", q))
        return;
    if (!user || !password) {
        call_misuse(c, "hermod_http_basic: the %s is NULL", user ? "password" : "user");
        return;
    }
    if (strchr(user, ':')) {       /* RFC 7617: it would end the name early */
        refuse(c, "the user name for basic authentication has a ':' in it");
        return;
    }
    pair = arena_printf(&c->arena, "%s:%s", user, password);
    set_header(c, q, "Authorization",
               arena_printf(&c->arena, "Basic %s", svc_crypto.base64(pub, pair, strlen(pair))));
}

/* A request has one body. */
static bool
set_kind(struct call *c, const char *service, struct hermod_request *q, enum body_kind kind)
{
    if (q->body_kind != BODY_NONE && (q->body_kind != BODY_FORM || kind != BODY_FORM)) {
        call_misuse(c, "%s: the request has a body already", service);
        return false;
    }
    q->body_kind = (int)kind;
    return true;
}

static void
http_json(struct hermod_call *pub, struct hermod_request *q, const struct hermod_json *body)
{
    struct call *c = call_of(pub);
    const char *text;

    if (!editable(c, "hermod_http_json", q) || !set_kind(c, "hermod_http_json", q, BODY_JSON))
        return;
    text = svc_json.text(pub, body);
    q->body = text;
    q->body_len = strlen(text);
    set_header(c, q, "Content-Type", "application/json");
}

static void
http_form(struct hermod_call *pub, struct hermod_request *q, const char *name,
          const char *value)
{
    struct call *c = call_of(pub);
    const char *field;
    char *body;
    size_t len;

    if (!editable(c, "hermod_http_form", q))
        return;
    if (!name || !value) {
        call_misuse(c, "hermod_http_form: the %s is NULL", name ? "value" : "name");
        return;
    }
    if (!set_kind(c, "hermod_http_form", q, BODY_FORM))
        return;
    field = arena_printf(&c->arena, "%s%s=%s", q->body_len ? "&" : "", percent(c, name),
                         percent(c, value));
    len = strlen(field);
    if (q->body_len + len >= q->body_room) {
        q->body_room = 2 * (q->body_len + len + 1);
        body = arena_alloc(&c->arena, q->body_room);
        if (q->body_len)
            memcpy(body, q->body, q->body_len);
        q->body = body;
    }
    body = (char *)(uintptr_t)q->body;
    memcpy(body + q->body_len, field, len + 1);
    q->body_len += len;
    if (!find_header(q, "Content-Type"))
        set_header(c, q, "Content-Type", "application/x-www-form-urlencoded");
}

static void
http_body(struct hermod_call *pub, struct hermod_request *q, const char *content_type,
          const void *data, size_t len)
{
    struct call *c = call_of(pub);

    if (!editable(c, "hermod_http_body", q))
        return;
    if (!content_type || (!data && len)) {
        call_misuse(c, "hermod_http_body: the %s is NULL",
                    content_type ? "data" : "content type");
        return;
    }
    if (!set_kind(c, "hermod_http_body", q, BODY_BYTES))
        return;
    q->body = arena_memdup0(&c->arena, data ? data : "", len);
    q->body_len = len;
    set_header(c, q, "Content-Type", content_type);
}

static void
http_timeout(struct hermod_call *pub, struct hermod_request *q, int64_t after_ms)
{
    struct call *c = call_of(pub);

    if (!editable(c, "hermod_http_timeout", q))
        return;
    if (after_ms <= 0)
        call_misuse(c, "hermod_http_timeout: %lld ms; wanted more than 0", (long long)after_ms);
    else
        q->timeout_ms = after_ms;
}

static void
http_start(struct hermod_call *pub, struct hermod_request *q)
{
    struct call *c = call_of(pub);

    if (!editable(c, "hermod_http_start", q) || c->verdict.marked)
        return;
    q->response.pub.error = q->response.pub.body = "";
    q->started = true;
    c->far->start(c->far, c, q);
}

static const struct hermod_response *
http_wait(struct hermod_call *pub, struct hermod_request *q)
{
    struct call *c = call_of(pub);

    if (c->verdict.marked)
        return &c->no_answer.pub;
    if (!q || !is_ours(c, q))
        call_misuse(c, "hermod_http_wait: the request is %s", q ? "another call's" : "NULL");
    else if (!q->started)
        call_misuse(c, "hermod_http_wait: the request has not been started");
    else if (!q->done)
        c->far->wait(c->far, c, q);
    if (c->verdict.marked)
        return &c->no_answer.pub;
    if (!q->response.pub.json)
        svc_json_of_response(c, &q->response.pub);
    return &q->response.pub;
}

static const struct response *
response_of(struct call *c, const struct hermod_response *r)
{
    if (r == &c->no_answer.pub)
        return &c->no_answer;
    for (const struct hermod_request *q = c->requests; q; q = q->next)
        if (r == &q->response.pub && q->started)
            return &q->response;
    return NULL;
}

static const char *
http_response_header(struct hermod_call *pub, const struct hermod_response *r,
                     const char *name)
{
    struct call *c = call_of(pub);
    const struct response *full = r ? response_of(c, r) : NULL;

    if (!full || !name) {
        call_misuse(c, "hermod_http_response_header: the %s", !full ?
                    "response is not one of this call's" : "name is NULL");
        return "";
    }
    for (size_t i = 0; i < full->header_count; i++)
        if (strcasecmp(full->headers[i].name, name) == 0)
            return full->headers[i].value;
    return "";
}

const struct hermod_http_api svc_http = {
    .request = http_request,
    .open = http_open,
    .query = http_query,
    .header = http_header,
    .bearer = http_bearer,
    .basic = http_basic,
    .json = http_json,
    .form = http_form,
    .body = http_body,
    .timeout = http_timeout,
    .start = http_start,
    .wait = http_wait,
    .response_header = http_response_header,
};
