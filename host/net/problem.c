/* problem.c - RFC 9457 problem documents. */
#include "net/problem.h"

static const struct row {
    int status;
    const char *name, *title;
} rows[] = {
#define X(kind, status, name, title) [PROBLEM_##kind] = { status, name, title },
    PROBLEMS(X)
#undef X
};

int
problem_status(enum problem_kind kind)
{
    return rows[kind].status;
}

enum problem_kind
problem_of_status(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status)
            return (enum problem_kind)i;
    return status < 500 ? PROBLEM_BAD_REQUEST : PROBLEM_INTERNAL;
}

static void
text_member(struct buf *out, const char *name, const char *value)
{
    if (!value || value[0] == '\0')
        return;
    buf_printf(out, ",\"%s\":", name);
    buf_json(out, value);
}

void
problem_write(struct buf *out, const struct problem *p)
{
    const struct row *row = &rows[p->kind];

    buf_printf(out, "{\"type\":\"urn:hermod:problem:%s\",\"title\":\"%s\",\"status\":%d",
               row->name, row->title, row->status);
    text_member(out, "detail", p->detail);
    text_member(out, "pointer", p->pointer);
    text_member(out, "header", p->header);
    if (p->error_count > 0) {
        buf_str(out, ",\"errors\":[");
        for (size_t i = 0; i < p->error_count; i++) {
            buf_str(out, i ? ",{\"detail\":" : "{\"detail\":");
            buf_json(out, p->errors[i].detail);
            text_member(out, "pointer", p->errors[i].pointer);
            buf_byte(out, '}');
        }
        buf_printf(out, "],\"errorCount\":%zu", p->total);
    }
    buf_byte(out, '}');
}
