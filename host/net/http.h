/* http.h - the network: HTTP requests out, answers in, by the thousand on one thread. Owns
   libcurl and all its sockets; never runs on a coroutine's stack, except that requests may
   be handed over and taken back there. */
#ifndef HERMOD_NET_HTTP_H
#define HERMOD_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/loop.h"
#include "model/network.h"
#include "net/gate.h"
#include "net/request.h"

struct http;
struct http_endpoint;
struct http_handle;

struct http_transfer;

/* On the main stack, when q->response is there and q->done set: status 0 and an error text
   when there was no answer. Not after http_cancel(). */
typedef void http_done_fn(struct http_transfer *t);

/* One request on its way. */
struct http_transfer {
    struct hermod_request *q;
    struct arena *arena;
    const struct cidr *allow;              /* addresses that are not public, and permitted */
    size_t allow_count;
    http_done_fn *done;
    struct list link;                      /* in http's queue, until it has a handle */
    struct gate_pass pass;
    struct http_handle *handle;            /* while it is under way */
    struct http_endpoint *endpoint;
    struct buf headers, body;
    size_t header_count;
    const char *trouble;                   /* what made us break it off; NULL */
};

struct http *http_new(struct loop *l);
void http_free(struct http *h);            /* nothing is under way; takes NULL */
/* q, all it points to and allow stay until done; the answer goes into the arena. Addresses that
   are not public are refused unless allow holds them. */
void http_transfer_init(struct http_transfer *t, struct hermod_request *q, struct arena *a,
                        const struct cidr *allow, size_t allow_count, http_done_fn *done);
/* Queues t: it is sent at the next http_turn(). */
void http_start(struct http *h, struct http_transfer *t);
/* Forgets t, wherever it is. Harmless when it was not started, or is done. On the main stack. */
void http_cancel(struct http *h, struct http_transfer *t);
/* Sends what is queued. Once a turn, before the loop waits. */
void http_turn(struct http *h);
/* Is something queued that http_turn() has not seen yet? */
bool http_queued(const struct http *h);

#endif
