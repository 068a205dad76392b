/* case_match.c - does a request match what a case wants. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "cli/case_match.h"
#include "cli/json_diff.h"
#include "runner/call.h"

#define ANY "…"
#define SHOWN_MAX 400              /* bytes of a body around the first difference */

bool
case_pattern(const char *pattern, const char *text)
{
    const char *any = strstr(pattern, ANY), *next;
    size_t len = any ? (size_t)(any - pattern) : strlen(pattern);

    if (strncmp(pattern, text, len) != 0)
        return false;
    if (!any)
        return text[len] == '\0';
    text += len;
    for (;;) {                     /* text stands behind one "any" */
        pattern = any + strlen(ANY);
        any = strstr(pattern, ANY);
        if (!any) {
            size_t tail = strlen(pattern), rest = strlen(text);

            return rest >= tail && str_eq(text + rest - tail, pattern);
        }
        len = (size_t)(any - pattern);
        for (next = text; strncmp(next, pattern, len) != 0; next++)
            if (!*next)
                return false;
        text = next + len;
    }
}

static unsigned
wrong(struct buf *out, const char *what, const char *want, const char *got)
{
    buf_printf(out, "%s: wanted %s%s%s, got %s%s%s\n", what, want ? "\"" : "",
               want ? want : "none", want ? "\"" : "", got ? "\"" : "", got ? got : "none",
               got ? "\"" : "");
    return 1;
}

static unsigned
match_headers(const struct case_exchange *want, const struct hermod_request *q, struct buf *out)
{
    unsigned count = 0;

    for (size_t i = 0; i < want->header_count; i++) {
        const struct case_header *h = &want->headers[i];
        const char *got = NULL;
        char what[300];

        for (size_t j = 0; j < q->header_count; j++)
            if (strcasecmp(q->headers[j].name, h->name) == 0)
                got = q->headers[j].value;
        if (h->value ? got && case_pattern(h->value, got) : !got)
            continue;
        snprintf(what, sizeof(what), "header %s", h->name);
        count += wrong(out, what, h->value, got);
    }
    return count;
}

static void
show_bytes(struct buf *out, const char *body, size_t len, size_t from)
{
    size_t left = len - from;

    if (from)
        buf_str(out, "...");
    buf_json_n(out, body + from, left > SHOWN_MAX ? SHOWN_MAX : left);
    if (left > SHOWN_MAX)
        buf_str(out, "...");
}

static unsigned
match_body(const struct case_exchange *want, const char *body, size_t len, struct buf *out)
{
    size_t same = 0, from;

    while (same < want->body_len && same < len && want->body[same] == body[same])
        same++;
    if (same == want->body_len && same == len)
        return 0;
    from = same > 40 ? utf8_floor(body, len, same - 40) : 0;
    buf_printf(out, "body: differs from byte %zu: wanted ", same + 1);
    show_bytes(out, want->body, want->body_len, from);
    buf_str(out, ", got ");
    show_bytes(out, body, len, from);
    buf_byte(out, '\n');
    return 1;
}

unsigned
case_match(const struct case_exchange *want, const struct hermod_request *q, struct buf *out)
{
    const char *body = q->body ? q->body : "";
    unsigned count = 0;

    if (want->method && !str_eq(want->method, q->method))
        count += wrong(out, "method", want->method, q->method);
    if (want->url && !case_pattern(want->url, q->url))
        count += wrong(out, "url", want->url, q->url);
    count += match_headers(want, q, out);
    if (want->body)
        count += match_body(want, body, q->body_len, out);
    if (want->json || want->json_includes)
        count += json_diff(out, want->json ? want->json : want->json_includes, body,
                           want->json == NULL);
    return count;
}
