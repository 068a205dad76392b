/* channel.h - one end of a socket between two roles: frames in, frames out, with now
   and then a descriptor. Never blocks; batches what is sent within a turn. */
#ifndef HERMOD_WIRE_CHANNEL_H
#define HERMOD_WIRE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/loop.h"

struct channel;

/* One frame has come. fd is -1, or a descriptor that is now the callee's. */
typedef void channel_frame_fn(void *arg, int type, const void *payload, size_t len, int fd);
/* The peer is gone, or has sent what cannot be (then why says so). Called once; the
   channel delivers nothing more. Free it here or later. */
typedef void channel_gone_fn(void *arg, const char *why);

/* Takes over fd (a stream socket; it is made non-blocking) and closes it in the end. */
struct channel *channel_new(struct loop *l, int fd, channel_frame_fn *frame,
                            channel_gone_fn *gone, void *arg);
void channel_free(struct channel *c);      /* takes NULL; what was not flushed is lost */
/* The buffer that put_*() functions append to. Flushed when channel_flush() is called. */
struct buf *channel_out(struct channel *c);
/* Sends what has gathered, as far as the socket takes it; the rest follows by itself. */
void channel_flush(struct channel *c);
/* Flushes, and sends fd with the last frame put. fd stays the caller's. */
void channel_flush_fd(struct channel *c, int fd);
/* Bytes that wait for the peer. */
size_t channel_pending(const struct channel *c);
/* Takes what has come by now: for the last words of a process that has died. */
void channel_receive(struct channel *c);
/* Blocks until everything is sent or the peer is gone: for last words. */
void channel_drain(struct channel *c);

#endif
