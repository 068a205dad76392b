/* codec.c - see codec.h. */
#include <string.h>

#include "wire/codec.h"

#define NULL_STR UINT32_MAX

void
put_u8(struct buf *b, uint8_t v)
{
    buf_byte(b, (char)v);
}

void
put_u32(struct buf *b, uint32_t v)
{
    uint8_t raw[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

    buf_add(b, raw, sizeof(raw));
}

void
put_i64(struct buf *b, int64_t v)
{
    put_u32(b, (uint32_t)(uint64_t)v);
    put_u32(b, (uint32_t)((uint64_t)v >> 32));
}

void
put_bytes(struct buf *b, const void *data, size_t len)
{
    if (len >= NULL_STR) {
        b->failed = true;
        return;
    }
    put_u32(b, (uint32_t)len);
    buf_add(b, data, len);
}

void
put_str(struct buf *b, const char *text)
{
    if (text == NULL)
        put_u32(b, NULL_STR);
    else
        put_bytes(b, text, strlen(text));
}

/* The next len bytes, or NULL. */
static const uint8_t *
take(struct reader *r, size_t len)
{
    const uint8_t *at = r->at;

    if (r->failed || (size_t)(r->end - r->at) < len) {
        r->failed = true;
        return NULL;
    }
    r->at += len;
    return at;
}

uint8_t
get_u8(struct reader *r)
{
    const uint8_t *p = take(r, 1);

    return p ? *p : 0;
}

uint32_t
get_u32(struct reader *r)
{
    const uint8_t *p = take(r, 4);

    if (p == NULL)
        return 0;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int64_t
get_i64(struct reader *r)
{
    uint64_t low = get_u32(r), high = get_u32(r);

    return (int64_t)(low | high << 32);
}

const char *
get_bytes(struct reader *r, struct arena *a, size_t *ret_len)
{
    uint32_t len = get_u32(r);
    const uint8_t *p = take(r, len);

    if (p == NULL)
        len = 0;
    *ret_len = len;
    return len == 0 ? "" : arena_memdup0(a, p, len);
}

const char *
get_str_or_null(struct reader *r, struct arena *a)
{
    uint32_t len = get_u32(r);
    const uint8_t *p;

    if (len == NULL_STR || r->failed)
        return NULL;
    p = take(r, len);
    if (p == NULL)
        return NULL;
    if (memchr(p, 0, len)) {
        r->failed = true;
        return NULL;
    }
    return len == 0 ? "" : arena_memdup0(a, p, len);
}

const char *
get_str(struct reader *r, struct arena *a)
{
    const char *text = get_str_or_null(r, a);

    if (text == NULL) {
        r->failed = true;
        return "";
    }
    return text;
}

uint32_t
get_count(struct reader *r, size_t least)
{
    uint32_t n = get_u32(r);

    if (r->failed || n > (size_t)(r->end - r->at) / (least ? least : 1)) {
        r->failed = true;
        return 0;
    }
    return n;
}

bool
reader_done(const struct reader *r)
{
    return !r->failed && r->at == r->end;
}
