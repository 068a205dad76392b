/* tokens.c - a vendor's access token: OAuth 2.0 client credentials (RFC 6749, 4.4), sent as a
   form, since the platform refuses JSON. One request at a time for each vendor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "model/http_rules.h"
#include "source/envelope.h"
#include "source/state.h"

#define EARLY_MS 60000                     /* before it expires it is not used any more */
#define DEFAULT_SECONDS 3600               /* of one that does not say for how long */
#define REFUSED_MS 30000                   /* wrong credentials do not get right at once */
#define FAILED_MS 1000

static void
forget(struct token *t)
{
    if (t->header)
        mem_wipe(t->header, strlen(t->header));
    free(t->header);
    t->header = NULL;
}

void
token_drop(struct vendor *v, unsigned number)
{
    if (v->token.number == number)
        forget(&v->token);
}

void
token_free(struct vendor *v)
{
    struct token *t = &v->token;

    if (t->fetching)
        http_cancel(v->source->http, &t->transfer);
    forget(t);
    arena_wipe(&t->arena);
}

/* ---- answers ---- */

static bool
take(struct vendor *v, const struct hermod_response *r)
{
    struct token *t = &v->token;
    struct slice object, value, seconds;
    char text[24] = "";
    int64_t life = DEFAULT_SECONDS;

    if (!envelope_object(r->body, r->body_len, &object) ||
        !envelope_text(&object, "access_token", &value) || value.len == 0)
        return false;
    if (slice_of_member(object.at, object.len, "expires_in", &seconds) == 1 &&
        seconds.len < sizeof(text)) {
        memcpy(text, seconds.at, seconds.len);
        parse_i64(text, 1, INT32_MAX, &life);
    }
    forget(t);
    t->header = xasprintf("Bearer %.*s", (int)value.len, value.at);
    if (http_header_value_problem(t->header)) {
        forget(t);
        return false;
    }
    t->number++;
    life *= 1000;
    t->until_ms = v->source->mono_ms() + (life > 2 * EARLY_MS ? life - EARLY_MS : life / 2);
    return true;
}

static void
refuse(struct vendor *v, int status, int64_t after_ms, int64_t for_ms)
{
    struct token *t = &v->token;

    t->refused_status = status;
    t->refused_ms = v->source->mono_ms() + (for_ms > after_ms ? for_ms : after_ms);
    log_warn("no token for the platform's API", log_s("vendor", v->id), log_s("why", t->refused));
    api_fail_waiting(v, status, after_ms, t->refused);
}

static void
judge(struct vendor *v)
{
    const struct response *full = &v->token.q.response;
    const struct hermod_response *r = &full->pub;
    char *why = v->token.refused;
    char code[ENVELOPE_CODE + 1];
    size_t size = sizeof(v->token.refused);

    envelope_code(r->body, r->body_len, code);
    if (r->status == 0 || *r->error) {
        snprintf(why, size, "token: %.140s", r->error);
        refuse(v, 0, 0, FAILED_MS);
    } else if (r->status == 400 || r->status == 401 || r->status == 403) {
        snprintf(why, size, "sesamy.clientId and sesamy.clientSecret of the vendor's file are "
                            "refused%s%s", *code ? ": " : "", code);
        refuse(v, 401, 0, REFUSED_MS);
    } else if (r->status == 429 || r->status >= 500) {
        snprintf(why, size, "token%s%s", *code ? ": " : "", code);
        refuse(v, r->status, envelope_after_ms(full, v->source->wall_ms()), FAILED_MS);
    } else {
        snprintf(why, size, "token: an answer (%d) that brings none; is sesamy.tokenUrl right?",
                 r->status);
        refuse(v, 502, 0, FAILED_MS);
    }
}

static void
on_done(struct http_transfer *transfer)
{
    struct token *t = LIST_OF(transfer, struct token, transfer);
    struct vendor *v = LIST_OF(t, struct vendor, token);
    int status = t->q.response.pub.status;

    t->fetching = false;
    if (status < 200 || status > 299 || !take(v, &t->q.response.pub))
        judge(v);
    arena_wipe(&t->arena);
    api_kick(v);
}

/* ---- asking ---- */

static const char *
form_value(struct arena *a, const char *text)
{
    size_t len = strlen(text);
    char *out = arena_alloc(a, 3 * len + 1);

    percent_encode(text, len, out);
    return out;
}

static void
fetch(struct vendor *v)
{
    struct token *t = &v->token;
    struct source *s = v->source;
    struct arena *a = &t->arena;
    const char *body = arena_printf(a, "grant_type=client_credentials&client_id=%s&"
                                       "client_secret=%s", form_value(a, v->client_id),
                                    form_value(a, v->client_secret));

    t->fetching = true;
    t->headers[0] = (struct http_header){ "Content-Type", "application/x-www-form-urlencoded" };
    t->headers[1] = (struct http_header){ "Accept", "application/json" };
    t->q = (struct hermod_request){ .method = "POST", .url = s->config.token_url,
                                    .headers = t->headers, .header_count = 2, .body = body,
                                    .body_len = strlen(body), .timeout_ms = SOURCE_REQUEST_MS };
    http_transfer_init(&t->transfer, &t->q, a, s->config.allow, s->config.allow_count, on_done);
    http_start(s->http, &t->transfer);
}

bool
token_ready(struct vendor *v)
{
    struct token *t = &v->token;
    int64_t now_ms = v->source->mono_ms();

    if (t->header && now_ms < t->until_ms)
        return true;
    if (t->fetching)
        return false;
    if (now_ms < t->refused_ms) {
        int64_t left_ms = t->refused_ms - now_ms;

        api_fail_waiting(v, t->refused_status, t->refused_status == 401 ? 0 : left_ms,
                         t->refused);
        return false;
    }
    fetch(v);
    return false;
}
