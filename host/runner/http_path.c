/* http_path.c - a path template filled in. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/caps.h"
#include "runner/http_path.h"

struct filler {
    struct arena *arena;
    struct buf out;
    va_list ap;
    size_t segment;                /* where the one being written starts */
    bool filled;                   /* a value is in it */
    bool query;                    /* past the path */
    unsigned value;                /* values taken */
    struct path_problem *problem;
};

static bool PRINTF_LIKE(3, 4)
fail(struct filler *f, bool mistake, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    *f->problem = (struct path_problem){ mistake, arena_vprintf(f->arena, fmt, ap) };
    va_end(ap);
    return false;
}

static bool
end_segment(struct filler *f)
{
    const char *text = buf_text(&f->out) + f->segment;

    if (!f->query && f->filled && !f->out.failed) {
        if (!*text)
            return fail(f, false, "value %u for its path is empty", f->value);
        if (str_eq(text, ".") || str_eq(text, ".."))
            return fail(f, false, "value %u for its path is \"%s\"", f->value, text);
    }
    f->filled = false;
    f->segment = f->out.len + 1;
    return true;
}

static bool
put_string(struct filler *f)
{
    const char *text = va_arg(f->ap, const char *);
    size_t len;
    char *room;

    f->value++;
    if (!text)
        return fail(f, true, "value %u is NULL", f->value);
    len = strlen(text);
    if (len > CAP_URL)
        return fail(f, false, "value %u for its path is too long", f->value);
    room = buf_room(&f->out, 3 * len);
    if (room)
        f->out.len += percent_encode(text, len, room);
    f->filled = true;
    return true;
}

static void
put_number(struct filler *f, unsigned longs, bool size, bool is_signed)
{
    f->value++;
    f->filled = true;
    if (size)
        buf_printf(&f->out, "%zu", va_arg(f->ap, size_t));
    else if (longs == 0 && is_signed)
        buf_printf(&f->out, "%d", va_arg(f->ap, int));
    else if (longs == 0)
        buf_printf(&f->out, "%u", va_arg(f->ap, unsigned));
    else if (longs == 1 && is_signed)
        buf_printf(&f->out, "%ld", va_arg(f->ap, long));
    else if (longs == 1)
        buf_printf(&f->out, "%lu", va_arg(f->ap, unsigned long));
    else if (is_signed)
        buf_printf(&f->out, "%lld", va_arg(f->ap, long long));
    else
        buf_printf(&f->out, "%llu", va_arg(f->ap, unsigned long long));
}

/* One conversion, its '%' read. Moves *p behind it. */
static bool
convert(struct filler *f, const char **p)
{
    unsigned longs = 0;
    bool size = false;
    const char *start = *p - 1;

    if (**p == '%') {
        buf_byte(&f->out, *(*p)++);
        return true;
    }
    if (**p == 's') {
        (*p)++;
        return put_string(f);
    }
    while (**p == 'l' && longs < 2) {
        longs++;
        (*p)++;
    }
    if (longs == 0 && **p == 'z') {
        size = true;
        (*p)++;
    }
    if (**p == 'u' || (**p == 'd' && !size)) {
        put_number(f, longs, size, *(*p)++ == 'd');
        return true;
    }
    return fail(f, true, "\"%.*s\" in the path; wanted %%s %%d %%lld %%u %%zu or %%%%",
                (int)(*p - start) + (**p != '\0'), start);
}

const char *
http_path(struct arena *a, const char *template, va_list ap, struct path_problem *problem)
{
    struct filler f = { .arena = a, .problem = problem };
    const char *p = template, *path = NULL;
    bool good = true;

    buf_init(&f.out, 4 * CAP_URL);
    va_copy(f.ap, ap);
    if (*p && *p != '/' && *p != '?')
        good = fail(&f, true, "the path does not begin with '/'");
    while (good && *p) {
        char c = *p++;

        if (c == '%') {
            good = convert(&f, &p);
            continue;
        }
        if (c == '/' || c == '?')
            good = end_segment(&f);
        f.query = f.query || c == '?';
        buf_byte(&f.out, c);
    }
    if (good && end_segment(&f))
        path = f.out.failed ? NULL : arena_strdup(a, buf_text(&f.out));
    if (good && f.out.failed)
        fail(&f, false, "its path is too long");
    va_end(f.ap);
    buf_free(&f.out);
    return path;
}
