/* envelope.c - see envelope.h. */
#include "source/envelope.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "model/json.h"
#include "model/timefmt.h"

#define AFTER_MAX_MS (24LL * 3600 * 1000)  /* as for every hint */
#define UNIX_TIME 1000000000               /* a smaller reset is a number of seconds */

/* The whole of text as one checked value. */
static bool
value_of(const char *text, size_t len, struct slice *ret)
{
    struct json_cursor c = { .at = text, .end = text + len };

    json_space(&c);
    ret->at = c.at;
    if (!json_value(&c))
        return false;
    ret->len = (size_t)(c.at - ret->at);
    return json_end(&c);
}

static bool
begins(const struct slice *s, char ch)
{
    return s->len > 0 && s->at[0] == ch;
}

static bool
member(const struct slice *object, const char *name, struct slice *ret)
{
    return slice_of_member(object->at, object->len, name, ret) == 1;
}

bool
envelope_is_json(const char *text, size_t len)
{
    struct slice s;

    return value_of(text, len, &s);
}

bool
envelope_object(const char *text, size_t len, struct slice *ret)
{
    struct slice whole, inner;

    if (!value_of(text, len, &whole) || !begins(&whole, '{'))
        return false;
    *ret = member(&whole, "data", &inner) && begins(&inner, '{') ? inner : whole;
    return true;
}

static int64_t
number_member(const struct slice *object, const char *name)
{
    char text[24] = "";
    struct slice s;
    int64_t n;

    if (!member(object, name, &s) || s.len >= sizeof(text))
        return -1;
    memcpy(text, s.at, s.len);
    return parse_i64(text, 0, INT64_MAX / 1000, &n) ? n : -1;
}

bool
envelope_list(const char *text, size_t len, const char *name, struct slice *ret,
              int64_t *ret_total)
{
    struct slice whole, inner, pagination;

    *ret_total = -1;
    if (!value_of(text, len, &whole))
        return false;
    if (begins(&whole, '[')) {
        *ret = whole;
        return true;
    }
    if (!begins(&whole, '{') ||
        !((member(&whole, "data", &inner) && begins(&inner, '[')) ||
          (member(&whole, name, &inner) && begins(&inner, '['))))
        return false;
    *ret = inner;
    if (member(&whole, "pagination", &pagination) && begins(&pagination, '{'))
        *ret_total = number_member(&pagination, "total");
    return true;
}

bool
envelope_text(const struct slice *object, const char *name, struct slice *ret)
{
    struct slice s;

    if (!begins(object, '{') || !member(object, name, &s) || !begins(&s, '"') ||
        memchr(s.at, '\\', s.len))
        return false;
    *ret = (struct slice){ s.at + 1, s.len - 2 };
    return true;
}

void
envelope_code(const char *text, size_t len, char out[ENVELOPE_CODE + 1])
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_-";
    struct slice whole, error, code;

    out[0] = '\0';
    if (!value_of(text, len, &whole) || !begins(&whole, '{'))
        return;
    if (member(&whole, "error", &error) && begins(&error, '{')) {
        if (!envelope_text(&error, "code", &code))
            return;
    } else if (!envelope_text(&whole, "error", &code)) {
        return;
    }
    if (code.len > ENVELOPE_CODE)
        return;
    memcpy(out, code.at, code.len);
    out[code.len] = '\0';
    if (strspn(out, allowed) != code.len)
        out[0] = '\0';                     /* a sentence may be about somebody */
}

/* ---- when to come again ---- */

const char *
envelope_header(const struct response *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (strcasecmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    return NULL;
}

static int64_t
capped(int64_t ms)
{
    return ms < 0 ? 0 : ms > AFTER_MAX_MS ? AFTER_MAX_MS : ms;
}

bool
envelope_rates(const struct response *r, int64_t wall_ms, int64_t *ret_remaining,
               int64_t *ret_reset_in_ms)
{
    const char *remaining = envelope_header(r, "X-RateLimit-Remaining");
    const char *reset = envelope_header(r, "X-RateLimit-Reset");
    int64_t left, at;

    if (!remaining || !reset || !parse_i64(remaining, 0, INT32_MAX, &left) ||
        !parse_i64(reset, 0, INT64_MAX / 1000, &at))
        return false;
    *ret_remaining = left;
    *ret_reset_in_ms = capped(at < UNIX_TIME ? at * 1000 : at * 1000 - wall_ms);
    return true;
}

/* error.details.retry_after, or error.retry_after: seconds. */
static int64_t
body_after_ms(const struct hermod_response *r)
{
    struct slice whole, error, details;
    int64_t seconds = -1;

    if (!value_of(r->body, r->body_len, &whole) || !begins(&whole, '{') ||
        !member(&whole, "error", &error) || !begins(&error, '{'))
        return 0;
    if (member(&error, "details", &details) && begins(&details, '{'))
        seconds = number_member(&details, "retry_after");
    if (seconds < 0)
        seconds = number_member(&error, "retry_after");
    return seconds > AFTER_MAX_MS / 1000 ? AFTER_MAX_MS : seconds > 0 ? seconds * 1000 : 0;
}

int64_t
envelope_after_ms(const struct response *r, int64_t wall_ms)
{
    const char *header = envelope_header(r, "Retry-After");
    int64_t n, remaining, ms;

    if (header && parse_i64(header, 0, AFTER_MAX_MS / 1000, &n))
        return n * 1000;
    if (header && time_parse_http(header, wall_ms, &n) == 0)
        return capped(n - wall_ms);
    ms = body_after_ms(&r->pub);
    if (ms == 0 && envelope_rates(r, wall_ms, &remaining, &n) &&
        (remaining == 0 || r->pub.status == 429))
        ms = n;
    return ms;
}
