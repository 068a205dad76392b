/* buf.h - a growing byte buffer with a cap and a sticky error, for building text
   and frames: append freely, look once at the end. */
#ifndef HERMOD_BASE_BUF_H
#define HERMOD_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct buf {
    char *data;                    /* always NUL-terminated behind len once non-NULL */
    size_t len, size;
    size_t cap;                    /* bytes; growing past it sets failed */
    bool failed;                   /* sticky; the content is then cut off */
};

#define BUF_INIT(max) { .cap = (max) }

void buf_init(struct buf *b, size_t cap);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_str(struct buf *b, const char *text);
void buf_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* Adds text as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void buf_json(struct buf *b, const char *text);
void buf_json_n(struct buf *b, const char *text, size_t len);
/* Makes room for len more bytes and returns where they go; NULL when over the cap.
   The caller then adds what it wrote to b->len. */
char *buf_room(struct buf *b, size_t len);
/* Removes the first len bytes. */
void buf_consume(struct buf *b, size_t len);
/* "" when nothing was added. Valid until the next change. */
const char *buf_text(const struct buf *b);
/* Hands the memory to the caller (free()); the buffer is then empty. */
char *buf_take(struct buf *b);
void buf_reset(struct buf *b);     /* keeps memory and cap, clears failed */
void buf_free(struct buf *b);      /* takes NULL; may be used again */

#endif
