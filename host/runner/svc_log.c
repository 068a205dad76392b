/* svc_log.c - the log group. The far side adds plugin, vendor, event id and attempt. */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/caps.h"
#include "runner/call.h"
#include "runner/mask.h"

static void PRINTF_LIKE(3, 0)
say(struct hermod_call *pub, enum log_level level, const char *fmt, va_list ap)
{
    struct call *c = call_of(pub);
    struct buf b = BUF_INIT(2 * CAP_LOG_TEXT);
    const struct setting_value *values = c->destination ? c->destination->values : NULL;
    const char *text;

    if (!fmt) {
        call_misuse(c, "hermod_log: the format is NULL");
        return;
    }
    buf_vprintf(&b, fmt, ap);
    text = mask_secrets(&c->arena, c->plugin, values, buf_text(&b));
    if (strlen(text) > CAP_LOG_TEXT)   /* cut after masking: no half of a secret is left */
        text = arena_memdup0(&c->arena, text, utf8_floor(text, strlen(text), CAP_LOG_TEXT));
    c->far->log(c->far, c, level, text);
    buf_free(&b);
}

#define LEVEL(name, level)                                \
    static void PRINTF_LIKE(2, 3)                         \
    name##_line(struct hermod_call *pub, const char *fmt, ...) \
    {                                                     \
        va_list ap;                                       \
                                                          \
        va_start(ap, fmt);                                \
        say(pub, level, fmt, ap);                         \
        va_end(ap);                                       \
    }

LEVEL(debug, LOG_DEBUG_)
LEVEL(info, LOG_INFO_)
LEVEL(warn, LOG_WARN_)

const struct hermod_log_api svc_log = {
    .debug = debug_line,
    .info = info_line,
    .warn = warn_line,
};
