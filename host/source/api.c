/* api.c - requests to the platform's API: in order, with a token, no faster than the platform
   wants, and what their answers mean. */
#include <string.h>

#include "base/text.h"
#include "source/envelope.h"
#include "source/state.h"

#define HOLD_MS 5000                       /* after a 429 that does not say how long */

static void pump(void *arg);

void
api_kick(struct vendor *v)
{
    loop_timer_set(v->timer, 0);
}

static void
enqueue(struct api_get *g, bool first)
{
    struct vendor *v = g->vendor;

    if (first)
        list_push_front(&v->queue, &g->link);
    else
        list_push_back(&v->queue, &g->link);
    v->queued++;
    api_kick(v);
}

void
api_get_start(struct api_get *g, struct subject *sj, const char *what, const char *path,
              bool first, api_done_fn *done, void *arg)
{
    const char *base = sj->vendor->source->config.api_url;
    size_t len = strlen(base);

    while (len > 0 && base[len - 1] == '/')
        len--;
    *g = (struct api_get){ .vendor = sj->vendor, .subject = sj, .arg = arg, .what = what,
                           .done = done, .active = true, .error = "" };
    list_init(&g->link);
    g->headers[0] = (struct http_header){ "Accept", "application/json" };
    g->q = (struct hermod_request){ .method = "GET", .headers = g->headers, .header_count = 2,
                                    .timeout_ms = SOURCE_REQUEST_MS };
    g->q.url = arena_printf(&sj->arena, "%.*s%s", (int)len, base, path);
    enqueue(g, first);
}

void
api_get_cancel(struct api_get *g)
{
    struct vendor *v = g->vendor;

    if (!g->active)
        return;
    g->active = false;
    if (g->under_way) {
        http_cancel(v->source->http, &g->transfer);
        rates_done(&v->rates);
        api_kick(v);
        return;
    }
    list_remove(&g->link);
    v->queued--;
}

/* ---- answers ---- */

static void
end(struct api_get *g, int status, int64_t after_ms, const char *error)
{
    g->active = g->under_way = false;
    g->status = status;
    g->after_ms = after_ms;
    g->error = error;
    g->done(g);
}

void
api_fail_waiting(struct vendor *v, int status, int64_t after_ms, const char *error)
{
    struct list waiting, *node;

    /* What their ends make somebody ask is not among them. */
    list_init(&waiting);
    while ((node = list_pop_front(&v->queue)))
        list_push_back(&waiting, node);
    while ((node = list_pop_front(&waiting))) {
        struct api_get *g = LIST_OF(node, struct api_get, link);

        v->queued--;
        end(g, status, after_ms, arena_strdup(&g->subject->arena, error));
    }
}

static void
judge(struct api_get *g, int64_t wall_ms)
{
    const struct hermod_response *r = &g->q.response.pub;
    struct arena *a = &g->subject->arena;
    char code[ENVELOPE_CODE + 1];

    if (r->status == 0) {
        end(g, 0, 0, r->error);
    } else if (*r->error) {
        end(g, 502, 0, arena_printf(a, "%s: %s", g->what, r->error));
    } else if (r->status >= 200 && r->status <= 299) {
        end(g, 200, 0, "");
    } else if (r->status == 404 && r->body_len > 0 && !envelope_is_json(r->body, r->body_len)) {
        end(g, 502, 0, arena_printf(a, "%s: a 404 that is not the API's own; is sesamy.apiUrl "
                                       "right?", g->what));
    } else {
        envelope_code(r->body, r->body_len, code);
        end(g, r->status, envelope_after_ms(&g->q.response, wall_ms),
            arena_printf(a, "%s%s%s", g->what, *code ? ": " : "", code));
    }
}

static void
learn(struct vendor *v, const struct response *r, int64_t mono_ms, int64_t wall_ms)
{
    int64_t remaining, reset_in_ms, after_ms;
    int status = r->pub.status;

    rates_done(&v->rates);
    if (envelope_rates(r, wall_ms, &remaining, &reset_in_ms))
        rates_learn(&v->rates, remaining, reset_in_ms, mono_ms);
    after_ms = status == 429 || status == 503 ? envelope_after_ms(r, wall_ms) : 0;
    if (status == 429 && after_ms == 0)
        after_ms = HOLD_MS;
    rates_hold(&v->rates, after_ms, mono_ms);
}

static void
on_done(struct http_transfer *t)
{
    struct api_get *g = LIST_OF(t, struct api_get, transfer);
    struct vendor *v = g->vendor;
    struct source *s = v->source;
    int status = g->q.response.pub.status;

    learn(v, &g->q.response, s->mono_ms(), s->wall_ms());
    api_kick(v);
    if ((status == 401 || status == 403) && !g->repeated) {
        token_drop(v, g->token);
        g->repeated = true;
        g->under_way = false;
        enqueue(g, true);
        return;
    }
    judge(g, s->wall_ms());
}

/* ---- sending ---- */

static void
send_one(struct vendor *v)
{
    struct api_get *g = LIST_OF(list_pop_front(&v->queue), struct api_get, link);
    struct source *s = v->source;

    v->queued--;
    rates_take(&v->rates, s->mono_ms());
    g->token = v->token.number;
    g->headers[1] = (struct http_header){
        "Authorization", arena_strdup(&g->subject->arena, v->token.header) };
    g->q.done = false;
    g->q.response = (struct response){ 0 };
    g->under_way = true;
    subject_started(g->subject);
    http_transfer_init(&g->transfer, &g->q, &g->subject->arena, s->config.allow,
                       s->config.allow_count, on_done);
    http_start(s->http, &g->transfer);
}

/* Moves the queue on as far as it goes. The vendor's timer. */
static void
pump(void *arg)
{
    struct vendor *v = arg;
    int64_t wait_ms;

    while (!list_empty(&v->queue)) {
        if (!token_ready(v))
            return;
        wait_ms = rates_wait(&v->rates, v->source->mono_ms());
        if (wait_ms > SOURCE_WAIT_MS) {
            api_fail_waiting(v, 429, wait_ms, "the platform's limit of requests is reached");
            return;
        }
        if (wait_ms > 0)
            loop_timer_set(v->timer, wait_ms);
        if (wait_ms != 0)
            return;
        send_one(v);
    }
}

void
source_add_vendor(struct source *s, const struct msg_source_vendor *m)
{
    struct vendor *v = arena_alloc(&s->arena, sizeof(*v));

    v->source = s;
    v->id = m->vendor;
    v->client_id = m->client_id;
    v->client_secret = m->client_secret;
    list_init(&v->queue);
    v->timer = loop_timer_new(s->loop, pump, v);
    map_puts(&s->vendors, v->id, v);
}
