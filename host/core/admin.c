/* admin.c - the admin address: its routes, and who may use them. */
#include "core/admin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/admin_parts.h"
#include "net/problem.h"
#include "model/network.h"

#define JSON "application/json"
#define IDLE_MS 75000
#define CLIENTS 128

/* '*' is one segment of the path. GET takes HEAD too. */
static const struct route {
    const char *method, *path;
    bool open;                             /* to anyone who reaches the address */
    admin_fn *fn;
} routes[] = {
    { "GET", "/healthz", true, admin_health },
    { "GET", "/readyz", true, admin_ready },
    { "GET", "/v1/status", false, admin_status },
    { "GET", "/v1/deliveries", false, admin_deliveries },
    { "GET", "/v1/events", false, admin_events },
    { "GET", "/v1/events/*", false, admin_event },
    { "POST", "/v1/replays", false, admin_replay },
    { "POST", "/v1/drops", false, admin_drop },
    { "POST", "/v1/destinations/*/*/*/pause", false, admin_pause },
    { "POST", "/v1/destinations/*/*/*/resume", false, admin_resume },
};

void
admin_answer(struct admin_request *r, struct buf *body)
{
    if (body->failed)
        http_in_problem(r->http, 422, "the answer is too large: ask for less at once", NULL);
    else
        http_in_answer(r->http, 200, JSON, body->data, body->len);
}

void
admin_journal_failed(struct admin *a, struct http_in *http, int64_t error)
{
    CLEANUP(free_ptr) char *detail =
        xasprintf("the journal: %s%s%s", strerror((int)-error),
                  *journal_trouble(core_journal(a->core)) ? ": " : "",
                  journal_trouble(core_journal(a->core)));

    log_warn("the journal cannot do what was asked", log_s("error", detail));
    http_in_problem(http, 503, detail, NULL);
}

/* ---- who may ---- */

static bool
is_token(const struct host_config *config, const char *header)
{
    bool found = false;

    if (!header || strncasecmp(header, "Bearer ", 7) != 0)
        return false;
    header += 7;
    header += strspn(header, " ");
    for (size_t i = 0; i < config->admin_token_count; i++) {
        const char *token = config->admin_tokens[i];

        found |= secret_equal(token, strlen(token), header, strlen(header));
    }
    return found;
}

static bool
is_json(const char *type)
{
    size_t len = type ? strcspn(type, "; \t") : 0;

    return len == strlen(JSON) && strncasecmp(type, JSON, len) == 0;
}

/* Without tokens the machine's own users may do everything. A web page in a browser of
   theirs may not: not under another name for this address (its Host tells), and not by a
   form (a POST must say that it is JSON). Returns false when it has answered. */
static bool
may(struct admin *a, struct http_in *http)
{
    const struct host_config *config = core_config(a->core);

    if (config->admin_token_count > 0) {
        if (is_token(config, http_in_header(http, "Authorization")))
            return true;
        http_in_add_header(http, "WWW-Authenticate", "Bearer realm=\"hermod-admin\"");
        http_in_problem(http, 401, "wanted Authorization: Bearer with one of adminTokens", NULL);
        return false;
    }
    if (a->loopback && http_in_is_local(http))
        return true;
    http_in_problem(http, 403, a->loopback
                        ? "without adminTokens only requests to localhost are served"
                        : "adminTokens must be set where admin is not on the loopback", NULL);
    return false;
}

/* ---- routes ---- */

/* Does the path match? Then params are what stood at each '*', decoded into the arena. */
static bool
matches(struct admin_request *r, const char *pattern, const char *path)
{
    size_t n = 0;

    while (*pattern) {
        if (*pattern == '*') {
            size_t len = strcspn(path, "/");
            char *text = arena_alloc(r->arena, len + 1);
            int64_t got = percent_decode(path, len, text);

            if (got <= 0 || memchr(text, '\0', (size_t)got))
                return false;
            r->params[n++] = text;
            path += len;
            pattern++;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static bool
takes_method(const struct route *route, const char *method)
{
    return str_eq(route->method, method) ||
           (str_eq(method, "HEAD") && str_eq(route->method, "GET"));
}

static void
serve(const struct route *route, struct admin_request *r)
{
    if (!route->open && !may(r->admin, r->http))
        return;
    if (str_eq(route->method, "POST") && !is_json(http_in_header(r->http, "Content-Type"))) {
        http_in_problem(r->http, 415, "wanted Content-Type: " JSON, NULL);
        return;
    }
    route->fn(r);
}

static void
on_request(void *arg, struct http_in *http)
{
    struct arena arena;
    struct admin_request r = { .admin = arg, .http = http, .arena = &arena };
    const struct route *found = NULL, *other = NULL;

    arena_init(&arena, 0);
    for (size_t i = 0; i < ARRAY_LEN(routes) && !found; i++) {
        if (!matches(&r, routes[i].path, http_in_raw_path(http)))
            continue;
        if (takes_method(&routes[i], http_in_method(http)))
            found = &routes[i];
        else
            other = &routes[i];
    }
    if (found) {
        serve(found, &r);
    } else if (other) {
        http_in_add_header(http, "Allow", str_eq(other->method, "GET") ? "GET, HEAD" : "POST");
        http_in_problem(http, 405, NULL, NULL);
    } else {
        http_in_problem(http, 404, NULL, NULL);
    }
    arena_free(&arena);
}

static void
on_release(void *arg)
{
    admin_changes_free(arg);
    free(arg);
}

struct httpd *
admin_new(struct core *c, char **ret_error)
{
    const struct host_config *config = core_config(c);
    struct admin *a;
    struct httpd *h;
    char host[64];
    uint16_t port;

    if (listen_parse(config->admin, host, &port) < 0) {
        *ret_error = xasprintf("admin: wanted HOST:PORT, found %s", config->admin);
        return NULL;
    }
    a = xcalloc(1, sizeof(*a));
    a->core = c;
    a->loopback = host_is_loopback(host);
    list_init(&a->changes);
    h = httpd_new(core_loop(c), &(struct httpd_options){
        .host = host,
        .port = port,
        .max_body = ADMIN_BODY_MAX,
        .max_clients = CLIENTS,
        .idle_ms = IDLE_MS,
        .max_total_body = CLIENTS * ADMIN_BODY_MAX,
        .handle = on_request,
        .release = on_release,
        .arg = a,
    }, ret_error);
    if (!h)
        free(a);
    return h;
}
