/* intake_parts.h - what intake.c, intake_auth.c and intake_events.c share. Nothing else
   includes it. */
#ifndef HERMOD_CORE_INTAKE_PARTS_H
#define HERMOD_CORE_INTAKE_PARTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/core.h"
#include "net/httpd.h"
#include "net/problem.h"
#include "model/caps.h"
#include "model/slices.h"

struct signing_key {
    uint8_t *key;
    size_t len;
};

struct intake {
    struct core *core;
    size_t refs;                           /* the server's and one per request */
    struct signing_key *keys;
    size_t key_count;
    struct intake_request *spare;          /* a list of them, to be used again */
    size_t spare_count;
    struct buf text;                       /* what is signed; answers */
    int64_t unauthorized;                  /* requests since that was last logged */
    int64_t logged_ms;
    struct slice slices[CAP_REQUEST_EVENTS];
};

/* One POST from its body to its answer. All it needs is in its arena. */
struct intake_request {
    struct intake *intake;
    struct http_in *http;
    struct arena arena;
    struct journal_event *events;
    size_t count;
    bool many;                             /* an array or lines: places are in pointers */
    const char *key, *key_scope, *key_header;      /* or NULL */
    struct problem problem;                /* with errors when it is refused */
    struct problem_error *errors;          /* PROBLEM_ERRORS of them, or NULL */
    struct journal_event one;              /* events, when there is one */
    struct event one_event;
    struct intake_request *next;           /* in spare */
};

/* intake_auth.c */

enum intake_auth {
    AUTH_GOOD,
    AUTH_SIGNED,                           /* to be decided when the body is there */
    AUTH_NONE,                             /* no token, no signature */
    AUTH_BAD,                              /* a token that is none of ours */
    AUTH_FOREIGN,                          /* none is wanted, but Host is not this machine */
};
/* What the headers say. */
enum intake_auth intake_authorize(const struct intake *in, struct http_in *http);
/* NULL when the signature is right; else what is wrong, valid until the next call. */
const char *intake_check_signature(struct intake *in, struct http_in *http, int64_t now_ms);
/* Takes the keys from the configured secrets. */
void intake_read_keys(struct intake *in, const struct host_config *config);
void intake_wipe_keys(struct intake *in);
/* Both spellings of a Standard Webhooks header; name without the prefix. */
const char *intake_webhook_header(struct http_in *http, const char *name);

/* intake_events.c */

/* The body as r->events; r->key and so on from the headers. 0, or -1 with r->problem. */
int intake_read_events(struct intake_request *r);
/* Notes one thing that is wrong with event `index`; the first makes the problem. */
void intake_wrong(struct intake_request *r, enum problem_kind kind, size_t index,
                  const char *pointer, const char *detail);

#endif
