/* table.h - text for people: aligned tables, safe text, points in time. Pure. */
#ifndef HERMOD_CLI_TABLE_H
#define HERMOD_CLI_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define TABLE_COLUMNS 12

struct table {
    size_t columns;
    unsigned right;                /* bit i: column i is aligned to the right (numbers) */
    size_t indent;                 /* spaces before each line */
    char **cells;                  /* row by row */
    size_t count, size;
};

/* titles: columns of them; NULL: no heading. */
void table_init(struct table *t, size_t columns, const char *const *titles);
/* The next cell, left to right, row by row. Copied; control characters become spaces. */
void table_add(struct table *t, const char *text);
void table_printf(struct table *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Two spaces between columns, as wide as the widest cell, no spaces at the end of a line.
   An unfinished row is filled with empty cells. A column without any text is left out. */
void table_write(const struct table *t, struct buf *out);
void table_free(struct table *t);

/* Adds text so that no terminal obeys it: control characters become spaces. */
void text_clean(struct buf *out, const char *text);
/* "3 min ago", "in 4 h", "now". */
void text_relative(struct buf *out, int64_t at_ms, int64_t now_ms);
/* "2025-11-10T12:00:00Z (3 min ago)" of a time in RFC 3339 (fractions left out); what is not
   one as it is; nothing for "". */
void text_time(struct buf *out, const char *rfc3339, int64_t now_ms);
/* "acme/webhooks", or "acme/webhooks/news" when the name is not the plugin's. */
void text_destination(struct buf *out, const char *vendor, const char *plugin,
                      const char *name);
/* A reason without the HTTP status that stands in a column of its own: of 503, "503 Service
   Unavailable" gives "Service Unavailable". */
const char *text_reason(const char *reason, int64_t status);
/* "1 event", "2 events", "12,345 events". */
void text_count(struct buf *out, int64_t n, const char *one, const char *many);

#endif
