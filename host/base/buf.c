/* buf.c - a growing byte buffer with a cap and a sticky error. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define FIRST_SIZE 128

void
buf_init(struct buf *b, size_t cap)
{
    *b = (struct buf)BUF_INIT(cap);
}

/* Room for len more bytes and a NUL. len has been checked against the cap. */
static void
grow(struct buf *b, size_t len)
{
    size_t need = b->len + len + 1, size = b->size;

    if (need <= size)
        return;
    if (size < FIRST_SIZE)
        size = FIRST_SIZE;
    while (size < need)
        size *= 2;
    if (size > b->cap + 1)
        size = b->cap + 1;
    b->data = xrealloc(b->data, size, 1);
    b->size = size;
}

static bool
fits(struct buf *b, size_t len)
{
    if (b->failed)
        return false;
    if (b->cap >= SIZE_MAX / 2)
        die("buf: a cap of %zu bytes is none", b->cap);
    if (len > b->cap - b->len) {
        b->failed = true;
        return false;
    }
    return true;
}

char *
buf_room(struct buf *b, size_t len)
{
    if (!fits(b, len))
        return NULL;
    grow(b, len);
    b->data[b->len] = '\0';
    return b->data + b->len;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
    if (b->failed)
        return;
    if (!fits(b, len))
        len = b->cap - b->len;
    grow(b, len);
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void
buf_str(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void
buf_byte(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void
buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    size_t left = b->size > b->len ? b->size - b->len : 0;
    char none[1];
    va_list again;
    int n;

    if (b->failed)
        return;
    va_copy(again, ap);
    n = vsnprintf(left ? b->data + b->len : none, left, fmt, again);
    va_end(again);
    if (n < 0)
        die("buf: a bad format: %s", fmt);
    if ((size_t)n >= left) {
        size_t len = (size_t)n;

        if (!fits(b, len))
            len = b->cap - b->len;
        grow(b, len);
        vsnprintf(b->data + b->len, len + 1, fmt, ap);
        b->len += len;
        return;
    }
    b->len += (size_t)n;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

static void
add_escape(struct buf *b, unsigned char c)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < sizeof(shorts) - 1; i += 2)
        if ((unsigned char)shorts[i] == c) {
            buf_byte(b, '\\');
            buf_byte(b, shorts[i + 1]);
            return;
        }
    buf_str(b, "\\u00");
    buf_byte(b, hex[c >> 4]);
    buf_byte(b, hex[c & 15]);
}

void
buf_json_n(struct buf *b, const char *text, size_t len)
{
    size_t at = 0, plain = 0;

    buf_byte(b, '"');
    while (at < len) {
        unsigned char c = (unsigned char)text[at];
        size_t n;

        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            at++;
            continue;
        }
        n = c < 0x80 ? 0 : utf8_step(text + at, len - at);
        if (n) {
            at += n;
            continue;
        }
        buf_add(b, text + plain, at - plain);
        if (c < 0x80)
            add_escape(b, c);
        else
            buf_str(b, "\xef\xbf\xbd");
        plain = ++at;
    }
    buf_add(b, text + plain, at - plain);
    buf_byte(b, '"');
}

void
buf_json(struct buf *b, const char *text)
{
    buf_json_n(b, text, strlen(text));
}

void
buf_consume(struct buf *b, size_t len)
{
    if (len > b->len)
        die("buf: %zu bytes consumed of %zu", len, b->len);
    if (!len)
        return;
    b->len -= len;
    memmove(b->data, b->data + len, b->len + 1);
}

const char *
buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

char *
buf_take(struct buf *b)
{
    char *text = b->data ? b->data : xstrdup("");

    buf_init(b, b->cap);
    return text;
}

void
buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

void
buf_free(struct buf *b)
{
    if (!b)
        return;
    free(b->data);
    buf_init(b, b->cap);
}
