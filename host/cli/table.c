/* table.c - text for people: aligned tables, safe text, points in time. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/table.h"
#include "model/duration.h"
#include "model/timefmt.h"

#define CELL_MAX (64 * 1024)

void
table_init(struct table *t, size_t columns, const char *const *titles)
{
    if (columns == 0 || columns > TABLE_COLUMNS)
        die("table: %zu columns", columns);
    *t = (struct table){ .columns = columns };
    for (size_t i = 0; titles && i < columns; i++)
        table_add(t, titles[i]);
    if (!titles)
        for (size_t i = 0; i < columns; i++)
            table_add(t, "");
}

void
table_add(struct table *t, const char *text)
{
    struct buf cell = BUF_INIT(CELL_MAX);

    text_clean(&cell, text);
    if (t->count == t->size) {
        t->size = t->size ? t->size * 2 : 64;
        t->cells = xrealloc(t->cells, t->size, sizeof(*t->cells));
    }
    t->cells[t->count++] = buf_take(&cell);
}

void
table_printf(struct table *t, const char *fmt, ...)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(CELL_MAX);
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(&text, fmt, ap);
    va_end(ap);
    table_add(t, buf_text(&text));
}

static size_t
columns_of(const char *text)
{
    return utf8_count(text, strlen(text));
}

static void
write_row(const struct table *t, size_t row, const size_t *widths, struct buf *out)
{
    size_t start = out->len;

    buf_printf(out, "%*s", (int)t->indent, "");
    for (size_t c = 0; c < t->columns; c++) {
        size_t i = row * t->columns + c;
        const char *cell = i < t->count ? t->cells[i] : "";
        int pad;

        if (!widths[c])
            continue;
        pad = (int)(widths[c] - columns_of(cell));
        if (t->right & 1u << c)
            buf_printf(out, "%*s%s  ", pad, "", cell);
        else
            buf_printf(out, "%s%*s  ", cell, pad, "");
    }
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    buf_byte(out, '\n');
}

void
table_write(const struct table *t, struct buf *out)
{
    size_t widths[TABLE_COLUMNS] = { 0 };
    bool heading = false;

    /* A heading alone does not make a column. */
    for (size_t i = t->columns; i < t->count; i++) {
        size_t n = columns_of(t->cells[i]), c = i % t->columns;

        if (n > widths[c])
            widths[c] = n;
    }
    for (size_t c = 0; c < t->columns && c < t->count; c++) {
        size_t n = columns_of(t->cells[c]);

        heading |= n > 0;
        if (widths[c] && n > widths[c])
            widths[c] = n;
    }
    for (size_t row = heading ? 0 : 1; row * t->columns < t->count; row++)
        write_row(t, row, widths, out);
}

void
table_free(struct table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++)
        free(t->cells[i]);
    free(t->cells);
    *t = (struct table){ 0 };
}

void
text_clean(struct buf *out, const char *text)
{
    size_t len = strlen(text), i = 0;

    while (i < len) {
        unsigned char c = (unsigned char)text[i];
        size_t n = utf8_step(text + i, len - i);

        if (n == 0) {
            buf_str(out, "\xef\xbf\xbd");
            n = 1;
        } else if (c < 0x20 || c == 0x7f ||
                   (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0)) {
            buf_byte(out, ' ');
        } else {
            buf_add(out, text + i, n);
        }
        i += n;
    }
}

void
text_relative(struct buf *out, int64_t at_ms, int64_t now_ms)
{
    int64_t ago = now_ms - at_ms;
    char text[32];

    duration_human(ago < 0 ? -ago : ago, text);
    if (ago > -1000 && ago < 1000)
        buf_str(out, "now");
    else if (ago > 0)
        buf_printf(out, "%s ago", text);
    else
        buf_printf(out, "in %s", text);
}

void
text_time(struct buf *out, const char *rfc3339, int64_t now_ms)
{
    char text[32];
    int64_t at;

    if (!*rfc3339)
        return;
    if (time_parse_rfc3339(rfc3339, &at) != 0) {
        text_clean(out, rfc3339);
        return;
    }
    time_rfc3339(at >= 0 ? at / 1000 * 1000 : at, text);
    buf_printf(out, "%s (", text);
    text_relative(out, at, now_ms);
    buf_byte(out, ')');
}

void
text_destination(struct buf *out, const char *vendor, const char *plugin, const char *name)
{
    text_clean(out, vendor);
    buf_byte(out, '/');
    text_clean(out, plugin);
    if (*name && !str_eq(name, plugin)) {
        buf_byte(out, '/');
        text_clean(out, name);
    }
}

void
text_count(struct buf *out, int64_t n, const char *one, const char *many)
{
    char digits[32];
    int len = snprintf(digits, sizeof(digits), "%" PRId64, n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
            buf_byte(out, ',');
        buf_byte(out, digits[i]);
    }
    buf_printf(out, " %s", n == 1 ? one : many);
}

const char *
text_reason(const char *reason, int64_t status)
{
    char digits[32];
    int len = snprintf(digits, sizeof(digits), "%" PRId64 " ", status);

    return str_starts(reason, digits) && reason[len] ? reason + len : reason;
}
