/* message_reader.h - a reader over a payload: shared by the message_*.c files only. */
#ifndef HERMOD_WIRE_MESSAGE_READER_H
#define HERMOD_WIRE_MESSAGE_READER_H

#include "wire/codec.h"

static inline struct reader
reader_of(const void *payload, size_t len)
{
    const uint8_t *at = payload;

    return (struct reader){ .at = at, .end = at + len };
}

/* message_config.c: CIDR blocks, as destinations and the source have them. */
struct cidr;
void put_cidrs(struct buf *out, const struct cidr *blocks, size_t count);
const struct cidr *get_cidrs(struct reader *r, struct arena *a, size_t *ret_count);

#endif
