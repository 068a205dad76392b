/* probe: a plugin for the tests of `hermod plugin test`. Sends what its settings say, and
   misbehaves as the event's user tells it to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hermod/plugin.h>

struct config {
    const char *const *sends;
    const struct hermod_pair *headers;
    bool together;
    const char *key;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRINGS(struct config, sends, 0, "Requests: METHOD URL, and a body when one follows."),
    HERMOD_MAP(struct config, headers, 0, "Headers of all of them."),
    HERMOD_BOOL(struct config, together, 0, "false", "Start all before waiting for the first."),
    HERMOD_STRING(struct config, key, HERMOD_SECRET, "s3cret-k/y", "Sent as a bearer token."),
    HERMOD_SETTINGS_END
};

#define SENDS_MAX 8

static struct hermod_request *
build(struct hermod_call *c, const struct config *cfg, const char *send)
{
    size_t method = strcspn(send, " "), url = strcspn(send + method + 1, " ");
    const char *rest = send + method + 1 + url;
    struct hermod_request *q =
        hermod_http_request(c, hermod_format(c, "%.*s", (int)method, send),
                            hermod_format(c, "%.*s", (int)url, send + method + 1));

    if (*rest)
        hermod_http_body(c, q, "application/json", rest + 1, strlen(rest + 1));
    for (const struct hermod_pair *h = cfg->headers; h->key; h++)
        hermod_http_header(c, q, h->key, h->value);
    hermod_http_bearer(c, q, cfg->key);
    return q;
}

static int
send_all(struct hermod_call *c, const struct config *cfg)
{
    struct hermod_request *q[SENDS_MAX];
    size_t count = 0, sent = 0;
    int outcome = HERMOD_DELIVERED;

    for (; cfg->sends[count] && count < SENDS_MAX; count++) {
        q[count] = build(c, cfg, cfg->sends[count]);
        if (cfg->together)
            hermod_http_start(c, q[count]);
    }
    for (; sent < count && outcome == HERMOD_DELIVERED; sent++) {
        if (!cfg->together)
            hermod_http_start(c, q[sent]);
        outcome = hermod_http_outcome(c, hermod_http_wait(c, q[sent]));
    }
    return outcome;
}

/* What the services say, in one header each. */
static int
tell(struct hermod_call *c, const struct hermod_event *ev)
{
    struct hermod_request *q = hermod_http_request(c, "GET", "https://a.example/tell");
    struct hermod_bytes b = hermod_random(c, 5);

    hermod_http_header(c, q, "id", ev->id);
    hermod_http_header(c, q, "now", hermod_rfc3339(c, hermod_now(c)));
    hermod_http_header(c, q, "accepted", hermod_rfc3339(c, ev->accepted_ms));
    hermod_http_header(c, q, "random", hermod_hex(c, b.data, b.len));
    hermod_http_header(c, q, "attempt", hermod_format(c, "%u", hermod_attempt(c)));
    hermod_http_header(c, q, "memo", hermod_memo(c, "token"));
    hermod_memo_set(c, "token", "new", 1000);
    hermod_http_header(c, q, "memo-set", hermod_memo(c, "token"));
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

/* What the platform says, in one header each. */
static int
ask(struct hermod_call *c)
{
    struct hermod_request *q = hermod_http_request(c, "GET", "https://a.example/ask");
    const struct hermod_subscriber *s = hermod_subscriber(c);
    const char *const *tags = hermod_tags(c);

    hermod_http_header(c, q, "email", s->email);
    hermod_http_header(c, q, "active", hermod_format(c, "%d", (int)s->active_subscriptions));
    hermod_http_header(c, q, "subscription", s->subscription ? s->subscription->id : "none");
    hermod_http_header(c, q, "tag", tags[0] ? tags[0] : "none");
    hermod_http_header(c, q, "checkout",
                       hermod_json_get_string(c, hermod_checkout(c), "id", "none"));
    hermod_http_header(c, q, "product",
                       hermod_json_get_string(c, hermod_product(c, "sku-1"), "title", "none"));
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;

#define TOLD(what) (strcmp(ev->user_id, what) == 0)
    if (TOLD("abort"))
        abort();
    if (TOLD("exit"))
        exit(3);
    if (TOLD("loop"))
        for (volatile unsigned i = 0;; i++)
            continue;
    if (TOLD("zero"))
        return 0;
    if (TOLD("mistake"))
        return (hermod_memo(c, ""), HERMOD_DELIVERED);
    if (TOLD("skip"))
        return hermod_skip(c, "no %s", "e-mail");
    if (TOLD("later"))
        return hermod_retry(c, 90000, "not yet");
    if (TOLD("pause"))
        return hermod_pause(c, "gone");
    if (TOLD("print")) {
        printf("not ok 1 - nobody said this\n");
        fflush(stdout);
    }
    if (TOLD("tell"))
        return tell(c, ev);
    if (TOLD("ask"))
        return ask(c);
    hermod_log_info(c, "sending with %s", cfg->key);
    return send_all(c, cfg);
}

static int
check(struct hermod_call *c, const void *config)
{
    return send_all(c, config);
}

HERMOD_PLUGIN(.name = "probe", .version = "1.0", .summary = "Sends what it is told to.",
              .events = HERMOD_EVENTS("userVendor.1#new", "contract.1#purchased"),
              .settings = settings, .config_size = sizeof(struct config), .deliver = deliver,
              .check = check);
