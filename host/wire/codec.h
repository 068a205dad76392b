/* codec.h - how values are laid out in a frame: little-endian integers, strings as a
   length and bytes. A reader has a sticky error and must consume its frame whole. */
#ifndef HERMOD_WIRE_CODEC_H
#define HERMOD_WIRE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

void put_u8(struct buf *b, uint8_t v);
void put_u32(struct buf *b, uint32_t v);
void put_i64(struct buf *b, int64_t v);
void put_bytes(struct buf *b, const void *data, size_t len);
void put_str(struct buf *b, const char *text);             /* NULL travels as NULL */

struct reader {
    const uint8_t *at, *end;
    bool failed;
};

/* After a failure all return 0, "" or NULL. Strings and bytes are copied into the arena. */
uint8_t get_u8(struct reader *r);
uint32_t get_u32(struct reader *r);
int64_t get_i64(struct reader *r);
const char *get_bytes(struct reader *r, struct arena *a, size_t *ret_len);
const char *get_str(struct reader *r, struct arena *a);            /* never NULL */
const char *get_str_or_null(struct reader *r, struct arena *a);
/* A count of things that take at least `least` bytes each: fails when the frame cannot
   hold so many, so that a lie about a length allocates nothing. */
uint32_t get_count(struct reader *r, size_t least);
/* Did all values parse and is nothing left over? */
bool reader_done(const struct reader *r);

#endif
