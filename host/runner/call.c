/* call.c - one run of one callback: what it has come to. */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/caps.h"
#include "model/outcome.h"
#include "runner/call.h"
#include "runner/mask.h"

void
call_begin(struct call *c, struct far *far, const struct plugin_info *plugin,
           const struct destination *d, const struct hermod_event *ev, uint32_t attempt)
{
    c->pub.host = &services;
    arena_init(&c->arena, CAP_CALL_MEMORY);
    c->far = far;
    c->plugin = plugin;
    c->destination = d;
    c->event = ev;
    c->attempt = attempt;
    c->verdict.reason = "";
    c->no_answer.pub.error = "";
    c->no_answer.pub.body = "";
    c->no_answer.pub.json = svc_json_own(c, NULL);
}

/* One printable line of valid UTF-8 without secrets, at most CAP_REASON bytes. */
static const char *PRINTF_LIKE(2, 0)
reason(struct call *c, const char *fmt, va_list ap)
{
    struct buf b = BUF_INIT(4 * CAP_REASON);
    const struct setting_value *values = c->destination ? c->destination->values : NULL;
    const char *text;
    char *out;
    size_t len, n;

    buf_vprintf(&b, fmt, ap);
    text = mask_secrets(&c->arena, c->plugin, values, buf_text(&b));
    len = strlen(text);
    out = arena_alloc(&c->arena, len + 1);
    for (size_t i = 0; i < len; i += n) {
        n = utf8_step(text + i, len - i);
        if (n == 0 || (unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            out[i] = n == 0 ? '?' : ' ';
            n = 1;
        } else {
            memcpy(out + i, text + i, n);
        }
    }
    out[utf8_floor(out, len, CAP_REASON)] = '\0';
    buf_free(&b);
    return out;
}

static void
mark(struct call *c, int outcome, const char *why)
{
    struct verdict *v = &c->verdict;

    v->marked = true;
    v->outcome = outcome;
    v->reason = why;
    v->status = 0;
    v->after_ms = 0;
    v->pause = false;
    c->no_answer.pub.error = why;
}

void
call_mark(struct call *c, int outcome, const char *fmt, ...)
{
    va_list ap;

    if (c->verdict.marked)
        return;
    va_start(ap, fmt);
    mark(c, outcome, reason(c, fmt, ap));
    va_end(ap);
}

void
call_misuse(struct call *c, const char *fmt, ...)
{
    const char *why;
    va_list ap;

    if (c->verdict.marked)
        return;
    va_start(ap, fmt);
    why = reason(c, fmt, ap);
    va_end(ap);
    call_mark(c, OUTCOME_FAILED, "plugin mistake: %s", why);
}

void
call_say(struct call *c, int outcome, const char *fmt, va_list ap)
{
    struct verdict *v = &c->verdict;

    if (v->marked)
        return;
    v->outcome = outcome;
    v->reason = reason(c, fmt, ap);
    v->after_ms = 0;
    v->pause = false;
}

int
call_outcome(struct call *c, int returned)
{
    struct verdict *v = &c->verdict;

    if (v->marked)
        return v->outcome;
    switch (returned) {
    case OUTCOME_DELIVERED:
    case OUTCOME_SKIPPED:
    case OUTCOME_RETRY:
    case OUTCOME_FAILED:
        break;
    default:
        call_misuse(c, "the callback returned %d, which is none of HERMOD_DELIVERED (101), "
                    "HERMOD_SKIPPED (102), HERMOD_RETRY (103) and HERMOD_FAILED (104)", returned);
        return v->outcome;
    }
    if (returned != v->outcome) {  /* what was said was said of something else */
        v->reason = returned == OUTCOME_RETRY || returned == OUTCOME_FAILED ?
            "the plugin gave no reason" : "";
        v->status = 0;
        v->after_ms = 0;
        v->pause = false;
        v->outcome = returned;
    }
    return returned;
}

void
call_end(struct call *c)
{
    c->far->release(c->far, c);
    for (size_t i = 0; i < c->json_count; i++)
        json_object_put(c->json[i]);
    free(c->json);
    arena_wipe(&c->arena);
    c->json = NULL;
    c->json_count = c->json_size = 0;
    c->requests = NULL;
    c->verdict.reason = "";
}
