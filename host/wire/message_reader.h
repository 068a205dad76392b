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

#endif
