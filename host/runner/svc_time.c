/* svc_time.c - the time group. */
#include "model/timefmt.h"
#include "runner/call.h"

#define FORMAT_MAX 256             /* bytes of one formatted time */

static int64_t
time_now(struct hermod_call *pub)
{
    struct call *c = call_of(pub);

    return c->far->now_ms(c->far);
}

static const char *
time_text(struct hermod_call *pub, int64_t at_ms)
{
    char out[32];

    time_rfc3339(at_ms, out);
    return arena_strdup(&call_of(pub)->arena, out);
}

static bool
time_parse(struct hermod_call *pub, const char *text, int64_t *ret_ms)
{
    if (!text || !ret_ms) {
        call_misuse(call_of(pub), "hermod_time_parse: %s is NULL",
                    text ? "the place for the result" : "the text");
        return false;
    }
    return time_parse_rfc3339(text, ret_ms) == 0;
}

static const char *
time_as(struct hermod_call *pub, int64_t at_ms, const char *fmt)
{
    struct call *c = call_of(pub);
    char out[FORMAT_MAX];

    if (!fmt) {
        call_misuse(c, "hermod_time_format: the format is NULL");
        return "";
    }
    time_format(at_ms, fmt, out, sizeof(out));
    return arena_strdup(&c->arena, out);
}

const struct hermod_time_api svc_time = {
    .now = time_now,
    .rfc3339 = time_text,
    .parse = time_parse,
    .format = time_as,
};
