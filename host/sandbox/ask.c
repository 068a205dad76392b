/* ask.c - one request to a stand-in: where it goes, who asks, and its answer. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/stand.h"

#define CREDENTIALS_MAX 4096

void
ask_reply(struct ask *a, int status, struct json_object *body)
{
    json_object_put(a->answer);
    a->answer = body;
    a->raw = NULL;
    a->status = status;
    a->type = a->stand->type;
}

void
ask_reply_text(struct ask *a, int status, const char *type, const char *text)
{
    ask_reply(a, status, NULL);
    a->raw = arena_strdup(&a->arena, text);
    a->raw_len = strlen(text);
    a->type = type;
}

void
ask_header(struct ask *a, const char *name, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    http_in_add_header(a->in, name, arena_vprintf(&a->arena, fmt, ap));
    va_end(ap);
}

void
ask_error(struct ask *a, int status, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    a->stand->error(a, status, arena_vprintf(&a->arena, fmt, ap));
    va_end(ap);
}

/* Do the parts fit the pattern? Then arg is what stood for its stars. */
static bool
fits(struct ask *a, const char *pattern)
{
    int part = 0, args = 0;

    while (*pattern) {
        size_t len = strcspn(pattern, "/");

        if (part == a->count)
            return false;
        if (len == 1 && *pattern == '*')
            a->arg[args++] = a->parts[part];
        else if (strlen(a->parts[part]) != len || memcmp(a->parts[part], pattern, len) != 0)
            return false;
        part++;
        pattern += len;
        pattern += *pattern == '/';
    }
    return part == a->count;
}

void
ask_route(struct ask *a)
{
    bool known = false;

    if (a->stand->needs_slash && !a->slash) {
        a->stand->error(a, 404, NULL);
        return;
    }
    for (size_t i = 0; i < a->stand->route_count; i++) {
        const struct route *r = &a->stand->routes[i];

        if (!fits(a, r->path))
            continue;
        known = true;
        if (str_eq(r->method, a->method)) {
            r->fn(a);
            return;
        }
    }
    a->stand->error(a, known ? 405 : 404, NULL);
}

const char *
ask_query(struct ask *a, const char *name)
{
    return http_in_query(a->in, name);
}

int64_t
ask_query_int(struct ask *a, const char *name, int64_t otherwise)
{
    const char *text = ask_query(a, name);
    int64_t n = otherwise;

    if (text)
        parse_i64(text, INT64_MIN, INT64_MAX, &n);
    return n;
}

const char *
ask_bearer(struct ask *a)
{
    const char *text = http_in_header(a->in, "Authorization");

    return text && strncasecmp(text, "Bearer ", 7) == 0 ? text + 7 : NULL;
}

bool
ask_basic(struct ask *a, const char **ret_user, const char **ret_password)
{
    const char *text = http_in_header(a->in, "Authorization");
    char *pair, *colon;
    int64_t n;

    if (!text || strncasecmp(text, "Basic ", 6) != 0 || strlen(text) > CREDENTIALS_MAX)
        return false;
    text += 6;
    pair = arena_alloc(&a->arena, strlen(text) + 1);
    n = base64_decode(text, strlen(text), (uint8_t *)pair);
    if (n < 0)
        return false;
    pair[n] = '\0';
    colon = strchr(pair, ':');
    if (!colon)
        return false;
    *colon = '\0';
    *ret_user = pair;
    *ret_password = colon + 1;
    return true;
}

char *
ask_printf(struct ask *a, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = arena_vprintf(&a->arena, fmt, ap);
    va_end(ap);
    return text;
}

const char *
ask_lower(struct ask *a, const char *text)
{
    char *lower = arena_strdup(&a->arena, text);

    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return lower;
}

const char *
ask_uuid(struct ask *a)
{
    uint8_t raw[16];
    char hex[33];

    random_bytes(raw, sizeof(raw));
    hex_encode(raw, sizeof(raw), hex);
    return ask_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

const char *
ask_md5(struct ask *a, const char *text)
{
    uint8_t raw[DIGEST_MAX];
    char *hex = arena_alloc(&a->arena, 2 * DIGEST_MAX + 1);

    hex_encode(raw, digest(DIGEST_MD5, text, strlen(text), raw), hex);
    return hex;
}

const char *
ask_time(struct ask *a)
{
    char text[32];

    time_rfc3339(a->now_ms, text);
    return arena_strdup(&a->arena, text);
}

const char *
ask_time_as(struct ask *a, int64_t ms, const char *fmt)
{
    char text[64];

    time_format(ms, fmt, text, sizeof(text));
    return arena_strdup(&a->arena, text);
}

int64_t
ask_next_id(struct ask *a)
{
    int64_t id = js_int(a->state, "nextId", 1000);

    js_put_int(a->state, "nextId", id + 1);
    return id;
}

int64_t
ask_count(struct ask *a, int64_t window_ms)
{
    struct stand_run *r = a->run;

    if (a->now_ms - r->window_ms >= window_ms || a->now_ms < r->window_ms) {
        r->window_ms = a->now_ms;
        r->requests = r->errors = 0;
    }
    return ++r->requests;
}

bool
ask_take(struct ask *a, int64_t per_minute, int64_t burst, int64_t *ret_left)
{
    struct stand_run *r = a->run;

    if (r->tokens_ms == 0)
        r->tokens = (double)burst;
    else
        r->tokens += (double)(a->now_ms - r->tokens_ms) * (double)per_minute / 60000.0;
    if (r->tokens > (double)burst)
        r->tokens = (double)burst;
    r->tokens_ms = a->now_ms;
    *ret_left = 0;
    if (r->tokens < 1)
        return false;
    r->tokens -= 1;
    *ret_left = (int64_t)r->tokens;
    return true;
}

bool
email_looks_good(const char *text)
{
    const char *at = strchr(text, '@'), *dot;

    if (!at || at == text || strchr(at + 1, '@') || strlen(text) > 254)
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || strchr("(),:;<>[]\\\"", *c))
            return false;
    dot = strrchr(at, '.');
    return dot && dot > at + 1 && dot[1] != '\0' && at[1] != '.';
}
