/* problem.h - RFC 9457 problem documents: every kind this host answers with, and its JSON.
   Pure. */
#ifndef HERMOD_NET_PROBLEM_H
#define HERMOD_NET_PROBLEM_H

#include <stddef.h>

#include "base/buf.h"

/* The type member is "urn:hermod:problem:" and the name. Names and statuses are part of
   the interface: clients decide by them. The first kind of a status is its default. */
#define PROBLEMS(X)                                                                       \
    X(BAD_REQUEST, 400, "bad-request", "The request cannot be read")                      \
    X(INVALID_EVENT, 400, "invalid-event", "An event is not valid")                       \
    X(UNAUTHORIZED, 401, "unauthorized", "The request is not authorized")                 \
    X(FORBIDDEN, 403, "forbidden", "The request is not allowed")                          \
    X(NOT_FOUND, 404, "not-found", "There is nothing at this address")                    \
    X(METHOD, 405, "method-not-allowed", "The method is not allowed here")                \
    X(CONFLICT, 409, "conflict", "The state does not allow this")                         \
    X(TOO_LARGE, 413, "content-too-large", "The request is too large")                    \
    X(TOO_MANY_EVENTS, 413, "too-many-events", "The request holds too many events")       \
    X(MEDIA_TYPE, 415, "unsupported-media-type", "The content type is not understood")    \
    X(INVALID, 422, "invalid", "The request is not valid")                                \
    X(UNKNOWN_VENDOR, 422, "unknown-vendor", "An event is for a vendor unknown here")     \
    X(KEY_REUSED, 422, "key-reused", "The idempotency key belongs to another event")      \
    X(INTERNAL, 500, "internal", "The host failed")                                       \
    X(NOT_IMPLEMENTED, 501, "not-implemented", "The host cannot do this")                 \
    X(OVERLOADED, 503, "overloaded", "The host cannot take this now")                     \
    X(STORAGE, 503, "storage", "The journal cannot be written")

enum problem_kind {
#define X(kind, status, name, title) PROBLEM_##kind,
    PROBLEMS(X)
#undef X
};

#define PROBLEM_TYPE "application/problem+json"
#define PROBLEM_ERRORS 20                  /* listed in one document; the rest are counted */

struct problem_error {
    enum problem_kind kind;
    char pointer[80];                      /* RFC 6901 into the request's body; "" the whole */
    char detail[256];
};

struct problem {
    enum problem_kind kind;
    const char *detail;                    /* for people: wanted, found, what to do; or NULL */
    const char *pointer;                   /* or NULL or "" */
    const char *header;                    /* the request header that is wrong, or NULL */
    const struct problem_error *errors;    /* each thing wrong; may be none */
    size_t error_count;                    /* in errors */
    size_t total;                          /* how many there were; at least error_count */
};

int problem_status(enum problem_kind kind);
/* The default kind of a status; BAD_REQUEST or INTERNAL for one not in the table. */
enum problem_kind problem_of_status(int status);
/* Adds the document to out. */
void problem_write(struct buf *out, const struct problem *p);

#endif
