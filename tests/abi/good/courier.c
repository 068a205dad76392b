/* Does what the event's type says, with requests to the path that stands where the user
   should: what the tests of the network and of the runner need. */
#include <string.h>

#include <hermod/plugin.h>

struct config {
    const char *url;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, url, HERMOD_REQUIRED, NULL, "Where requests go."),
    HERMOD_SETTINGS_END,
};

static struct hermod_request *
request(struct hermod_call *c, const struct hermod_event *ev, const struct config *cfg,
        const char *method)
{
    return hermod_http_request(c, method, hermod_format(c, "%s%s", cfg->url, ev->user_id));
}

/* Tells what came: "status|error|body". */
static int
tell(struct hermod_call *c, const struct hermod_response *r)
{
    return hermod_skip(c, "%d|%s|%s", r->status, r->error, hermod_cut(c, r->body, 80));
}

static int
send_event(struct hermod_call *c, const struct hermod_event *ev, const struct config *cfg)
{
    struct hermod_request *q = request(c, ev, cfg, "POST");

    hermod_http_body(c, q, "application/json", ev->body, ev->body_len);
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

static int
probe(struct hermod_call *c, const struct hermod_event *ev, const struct config *cfg)
{
    struct hermod_request *q =
        request(c, ev, cfg, *ev->contract_id ? ev->contract_id : "GET");

    if (*ev->body != '{')
        hermod_http_body(c, q, "text/plain", ev->body, ev->body_len);
    if (strcmp(ev->type, "hurry") == 0)
        hermod_http_timeout(c, q, 200);
    return tell(c, hermod_http_send(c, q));
}

static int
parallel(struct hermod_call *c, const struct hermod_event *ev, const struct config *cfg)
{
    struct hermod_request *q[3];
    int sum = 0;

    for (int i = 0; i < 3; i++) {
        q[i] = request(c, ev, cfg, "GET");
        hermod_http_start(c, q[i]);
    }
    for (int i = 2; i >= 0; i--)
        sum += hermod_http_wait(c, q[i])->status;
    return hermod_skip(c, "%d", sum);
}

/* Counts in the memo, one at a time. */
static int
count(struct hermod_call *c, const struct hermod_event *ev, const struct config *cfg)
{
    int n;

    hermod_exclusive(c, "counter");
    hermod_exclusive(c, "counter");
    n = (int)strlen(hermod_memo(c, "n"));
    if (hermod_http_send(c, request(c, ev, cfg, "GET"))->status != 200)
        return hermod_retry(c, 0, "no answer");
    hermod_memo_set(c, "n", hermod_format(c, "%s.", hermod_memo(c, "n")), 60000);
    return hermod_skip(c, "%d", n + 1);
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;

    if (strcmp(ev->type, "probe") == 0 || strcmp(ev->type, "hurry") == 0)
        return probe(c, ev, cfg);
    if (strcmp(ev->type, "parallel") == 0)
        return parallel(c, ev, cfg);
    if (strcmp(ev->type, "count") == 0)
        return count(c, ev, cfg);
    if (strcmp(ev->type, "unwaited") == 0) {
        hermod_http_start(c, request(c, ev, cfg, "GET"));
        return HERMOD_DELIVERED;
    }
    if (strcmp(ev->type, "hold") == 0) {
        hermod_hold(c, 60000);
        return HERMOD_DELIVERED;
    }
    if (strcmp(ev->type, "say") == 0) {
        hermod_log_info(c, "attempt %u of %s", hermod_attempt(c), ev->user_id);
        return hermod_skip(c, "%s %s %s %s", ev->id, ev->vendor_id, ev->occurred_at, ev->body);
    }
    return send_event(c, ev, cfg);
}

static int
check(struct hermod_call *c, const void *config)
{
    const struct config *cfg = config;

    return hermod_http_outcome(c, hermod_http_send(c, hermod_http_request(c, "GET", cfg->url)));
}

HERMOD_PLUGIN(.name = "courier", .version = "1.0", .summary = "Goes where it is sent.",
              .settings = settings, .config_size = sizeof(struct config),
              .deliver = deliver, .check = check);
