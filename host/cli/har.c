/* har.c - an HTTP archive. The format: http://www.softwareishard.com/blog/har-12-spec/ */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "cli/har.h"
#include "model/http_rules.h"
#include "model/timefmt.h"
#include "runner/call.h"
#include "runner/mask.h"

static const char *const secret_headers[] = {
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie",
};

static const char *
hide(struct arena *a, const struct har_secrets *s, const char *text)
{
    return s->values ? mask_secrets(a, s->plugin, s->values, text) : text;
}

static void
member(struct buf *out, const char *before, const char *name, const char *text)
{
    buf_printf(out, "%s\"%s\":", before, name);
    buf_json(out, text);
}

static void
headers(struct buf *out, struct arena *a, const struct http_header *list, size_t count,
        const struct har_secrets *s)
{
    buf_str(out, ",\"headers\":[");
    for (size_t i = 0; i < count; i++) {
        const char *value = hide(a, s, list[i].value);

        for (size_t j = 0; s->values && j < ARRAY_LEN(secret_headers); j++)
            if (strcasecmp(list[i].name, secret_headers[j]) == 0)
                value = "***";
        member(out, i ? ",{" : "{", "name", list[i].name);
        member(out, ",", "value", value);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static void
decoded(struct buf *out, const char *before, const char *name, struct arena *a, const char *text,
        size_t len)
{
    char *plain = arena_alloc(a, len + 1);
    int64_t n = percent_decode(text, len, plain);

    if (n < 0)
        member(out, before, name, arena_memdup0(a, text, len));
    else
        member(out, before, name, plain);
}

static void
query(struct buf *out, struct arena *a, const char *url)
{
    const char *p = strchr(url, '?');

    buf_str(out, ",\"queryString\":[");
    for (const char *before = "{"; p && p[1]; before = ",{") {
        size_t len = strcspn(++p, "&"), name = strcspn(p, "=&");

        decoded(out, before, "name", a, p, name);
        decoded(out, ",", "value", a, p + name + (name < len), len - name - (name < len));
        buf_byte(out, '}');
        p = p[len] ? p + len : NULL;
    }
    buf_byte(out, ']');
}

/* Text as it is; other bytes in base64, which HAR 1.2 knows for answers only. */
static void
content(struct buf *out, const char *encoding, struct arena *a, const char *body, size_t len,
        const struct har_secrets *s)
{
    char *coded;

    if (utf8_valid(body, len) && !memchr(body, '\0', len)) {
        member(out, ",", "text", hide(a, s, arena_memdup0(a, body, len)));
        return;
    }
    coded = arena_alloc(a, BASE64_LEN(len));
    base64_encode(body, len, coded);
    member(out, ",", "text", coded);
    member(out, ",", encoding, "base64");
}

static const char *
header_of(const struct http_header *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(list[i].name, name) == 0)
            return list[i].value;
    return "";
}

static void
request(struct buf *out, struct arena *a, const struct hermod_request *q,
        const struct har_secrets *s)
{
    const char *url = hide(a, s, q->url);

    member(out, ",\"request\":{", "method", q->method);
    member(out, ",", "url", url);
    buf_str(out, ",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[]");
    headers(out, a, q->headers, q->header_count, s);
    query(out, a, url);
    if (q->body) {
        member(out, ",\"postData\":{", "mimeType",
               header_of(q->headers, q->header_count, "Content-Type"));
        buf_str(out, ",\"params\":[]");
        content(out, "_encoding", a, q->body, q->body_len, s);
        buf_byte(out, '}');
    }
    buf_printf(out, ",\"headersSize\":-1,\"bodySize\":%zu}", q->body_len);
}

static void
response(struct buf *out, struct arena *a, const struct response *r, const struct har_secrets *s)
{
    buf_printf(out, ",\"response\":{\"status\":%d", (int)r->pub.status);
    member(out, ",", "statusText", http_status_phrase(r->pub.status));
    buf_str(out, ",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[]");
    headers(out, a, r->headers, r->header_count, s);
    buf_printf(out, ",\"content\":{\"size\":%zu", r->pub.body_len);
    member(out, ",", "mimeType", header_of(r->headers, r->header_count, "Content-Type"));
    content(out, "encoding", a, r->pub.body, r->pub.body_len, s);
    buf_byte(out, '}');
    member(out, ",", "redirectURL", header_of(r->headers, r->header_count, "Location"));
    buf_printf(out, ",\"headersSize\":-1,\"bodySize\":%zu", r->pub.body_len);
    if (*r->pub.error)
        member(out, ",", "_error", r->pub.error);
    buf_byte(out, '}');
}

void
har_entry(struct buf *out, struct arena *a, const struct hermod_request *q, int64_t now_ms,
          const char *comment, const struct har_secrets *secrets)
{
    char when[32];

    time_rfc3339_ms(now_ms, when);
    member(out, "{", "startedDateTime", when);
    buf_str(out, ",\"time\":0");
    request(out, a, q, secrets);
    response(out, a, &q->response, secrets);
    buf_str(out, ",\"cache\":{},\"timings\":{\"send\":0,\"wait\":0,\"receive\":0}");
    member(out, ",", "comment", comment);
    buf_byte(out, '}');
}

void
har_file(struct buf *out, const char *entries)
{
    buf_str(out, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"hermod\"");
    member(out, ",", "version", VERSION_TEXT);
    buf_printf(out, "},\"entries\":[%s]}}\n", entries);
}
