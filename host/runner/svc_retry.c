/* svc_retry.c - the retry group: how an attempt ends, and why. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/duration.h"
#include "model/http_rules.h"
#include "model/outcome.h"
#include "model/retry.h"
#include "runner/call.h"

#define CODE_MAX 64                /* bytes of a vendor's error code that is quoted */

/* Says why, and gives the outcome to return. */
static int PRINTF_LIKE(4, 0)
say(struct hermod_call *pub, const char *service, int outcome, const char *why, va_list ap)
{
    struct call *c = call_of(pub);

    if (why)
        call_say(c, outcome, why, ap);
    else
        call_misuse(c, "%s: the reason is NULL", service);
    return outcome;
}

static int PRINTF_LIKE(3, 4)
retry_later(struct hermod_call *pub, int64_t after_ms, const char *why, ...)
{
    struct call *c = call_of(pub);
    va_list ap;

    if (after_ms < 0) {
        call_misuse(c, "hermod_retry: a wait of %lld ms", (long long)after_ms);
        return OUTCOME_RETRY;
    }
    va_start(ap, why);
    say(pub, "hermod_retry", OUTCOME_RETRY, why, ap);
    va_end(ap);
    if (!c->verdict.marked)
        c->verdict.after_ms = after_ms < RETRY_HOLD_MAX_MS ? after_ms : RETRY_HOLD_MAX_MS;
    return OUTCOME_RETRY;
}

static int PRINTF_LIKE(2, 3)
retry_fail(struct hermod_call *pub, const char *why, ...)
{
    va_list ap;

    va_start(ap, why);
    say(pub, "hermod_fail", OUTCOME_FAILED, why, ap);
    va_end(ap);
    return OUTCOME_FAILED;
}

static int PRINTF_LIKE(2, 3)
retry_skip(struct hermod_call *pub, const char *why, ...)
{
    va_list ap;

    va_start(ap, why);
    say(pub, "hermod_skip", OUTCOME_SKIPPED, why, ap);
    va_end(ap);
    return OUTCOME_SKIPPED;
}

static int PRINTF_LIKE(2, 3)
retry_pause(struct hermod_call *pub, const char *why, ...)
{
    struct call *c = call_of(pub);
    va_list ap;

    va_start(ap, why);
    say(pub, "hermod_pause", OUTCOME_FAILED, why, ap);
    va_end(ap);
    if (!c->verdict.marked)
        c->verdict.pause = true;
    return OUTCOME_FAILED;
}

static void
retry_hold(struct hermod_call *pub, int64_t for_ms)
{
    struct call *c = call_of(pub);

    if (for_ms < 0) {
        call_misuse(c, "hermod_hold: a time of %lld ms", (long long)for_ms);
        return;
    }
    if (for_ms > RETRY_HOLD_MAX_MS)
        for_ms = RETRY_HOLD_MAX_MS;
    if (for_ms > c->verdict.hold_ms)
        c->verdict.hold_ms = for_ms;
}

static uint32_t
retry_attempt(struct hermod_call *pub)
{
    return call_of(pub)->attempt;
}

/* Is text a machine's code, not a sentence, an address or a name with a person in it? */
static bool
is_code(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && len <= CODE_MAX &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789_.-") == len;
}

/* The vendor's own code for the mistake, where its JSON has one under a usual key; "". Bodies
   may quote personal data, and reasons are stored: nothing else of a body gets into one. */
static const char *
error_code(struct hermod_call *pub, const struct hermod_response *r)
{
    static const char *const paths[] = {
        "code", "error.code", "error", "error.type", "type", "title", "category",
    };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        const char *text = svc_json.get_string(pub, r->json, paths[i], "");

        if (is_code(text))
            return text;
        text = svc_json.get_number(pub, r->json, paths[i], "");
        if (strlen(text) <= 8 && is_code(text))
            return text;
    }
    return "";
}

/* Retry-After in milliseconds; -1 when it is not given or not readable. */
static int64_t
retry_after(struct hermod_call *pub, const struct hermod_response *r)
{
    struct call *c = call_of(pub);
    const char *text = svc_http.response_header(pub, r, "Retry-After");

    return *text ? retry_after_parse(text, c->far->now_ms(c->far)) : -1;
}

static int PRINTF_LIKE(3, 4)
conclude(struct hermod_call *pub, int outcome, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    call_say(call_of(pub), outcome, fmt, ap);
    va_end(ap);
    return outcome;
}

static int
from_answer(struct hermod_call *pub, const struct hermod_response *r)
{
    struct call *c = call_of(pub);
    int outcome = (int)outcome_of_status(r->status);
    const char *phrase = http_status_phrase(r->status), *code;
    const char *note = r->status >= 300 && r->status < 400 ?
        ", redirects are not followed" : "";
    char wait[48] = "";
    int64_t after_ms = -1;

    if (outcome == OUTCOME_DELIVERED)
        return conclude(pub, outcome, "%s", "");
    if (outcome == OUTCOME_RETRY)
        after_ms = retry_after(pub, r);
    if (after_ms >= 0)
        duration_human(after_ms, wait);
    code = error_code(pub, r);
    conclude(pub, outcome, "%d%s%s%s%s%s%s%s%s", (int)r->status, *phrase ? " " : "", phrase,
             *code ? " (" : "", code, *code ? ")" : "", note, *wait ? ", Retry-After " : "",
             wait);
    if (after_ms > 0) {
        c->verdict.after_ms = after_ms;
        retry_hold(pub, after_ms);
    }
    return outcome;
}

static int
retry_from_http(struct hermod_call *pub, const struct hermod_response *r)
{
    struct call *c = call_of(pub);

    if (c->verdict.marked)
        return c->verdict.outcome;
    if (!r) {
        call_misuse(c, "hermod_http_outcome: the response is NULL");
        return OUTCOME_FAILED;
    }
    svc_http.response_header(pub, r, "");      /* marks when it is not this call's */
    if (c->verdict.marked)
        return c->verdict.outcome;
    c->verdict.status = r->status;
    if (r->status == 0)
        return conclude(pub, (int)outcome_of_status(0), "no answer%s%s", *r->error ? ": " : "",
                        r->error);
    return from_answer(pub, r);
}

const struct hermod_retry_api svc_retry = {
    .later = retry_later,
    .fail = retry_fail,
    .skip = retry_skip,
    .pause = retry_pause,
    .from_http = retry_from_http,
    .hold = retry_hold,
    .attempt = retry_attempt,
};
