/* jsonout.c - JSON answers. */
#include <inttypes.h>

#include "core/jsonout.h"
#include "model/timefmt.h"

static void
begin(struct buf *b, const char *name)
{
    char last = b->len > 0 ? b->data[b->len - 1] : '\0';

    if (last != '\0' && last != '{' && last != '[')
        buf_byte(b, ',');
    if (name) {
        buf_json(b, name);
        buf_byte(b, ':');
    }
}

void
out_object(struct buf *b, const char *name)
{
    begin(b, name);
    buf_byte(b, '{');
}

void
out_array(struct buf *b, const char *name)
{
    begin(b, name);
    buf_byte(b, '[');
}

void
out_end_object(struct buf *b)
{
    buf_byte(b, '}');
}

void
out_end_array(struct buf *b)
{
    buf_byte(b, ']');
}

void
out_text(struct buf *b, const char *name, const char *text)
{
    begin(b, name);
    if (text)
        buf_json(b, text);
    else
        buf_str(b, "null");
}

void
out_number(struct buf *b, const char *name, int64_t n)
{
    begin(b, name);
    buf_printf(b, "%" PRId64, n);
}

void
out_bool(struct buf *b, const char *name, bool value)
{
    begin(b, name);
    buf_str(b, value ? "true" : "false");
}

void
out_time(struct buf *b, const char *name, int64_t ms)
{
    char text[32];

    if (ms > 0)
        time_rfc3339(ms, text);
    out_text(b, name, ms > 0 ? text : NULL);
}

void
out_null(struct buf *b, const char *name)
{
    out_text(b, name, NULL);
}
