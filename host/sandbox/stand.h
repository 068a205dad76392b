/* stand.h - what a stand-in is, and what it is asked: one request with its answer. */
#ifndef HERMOD_SANDBOX_STAND_H
#define HERMOD_SANDBOX_STAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "net/httpd.h"
#include "sandbox/js.h"

#define ASK_PARTS 16
#define ASK_ARGS 4

struct ask;

struct route {
    const char *method;
    const char *path;              /* "lists/x/members": a '*' stands for one part */
    void (*fn)(struct ask *a);
};

struct stand {
    const char *name;              /* path prefix, and member of the state */
    const char *const *base;       /* parts of the vendor's own base path, which may stand
                                      before the routes; NULL at the end */
    const char *type;              /* of its answers */
    const char *seed;              /* its first state, JSON; single quotes for double ones */
    bool needs_slash;              /* every path ends in '/' */
    /* Who may ask, and how much? False: it has answered. */
    bool (*admit)(struct ask *a);
    /* The vendor's own body for a status. detail NULL: what it usually says. */
    void (*error)(struct ask *a, int status, const char *detail);
    /* 429 with the vendor's own hint; wait_ms -1: as long as it usually says. Returns how
       long that is, or -1 where the vendor gives no hint. */
    int64_t (*throttle)(struct ask *a, int64_t wait_ms);
    /* The answer is known: headers that depend on it; or NULL. */
    void (*finish)(struct ask *a);
    const struct route *routes;
    size_t route_count;
};

/* What a stand-in counts while it runs; zeroed at reset. */
struct stand_run {
    int64_t window_ms;             /* when the window began; wall clock */
    int64_t requests, errors;      /* in it */
    int64_t blocked_until_ms;      /* wall clock */
    double tokens;
    int64_t tokens_ms;
    int waiting;                   /* answers that are being slow */
};

/* One request to a stand-in. */
struct ask {
    struct list link;              /* of those that are being slow */
    struct sandbox *sb;
    const struct stand *stand;
    struct stand_run *run;
    struct http_in *in;
    struct arena arena;            /* as long as the request */
    int64_t now_ms;                /* wall clock */
    const char *method;
    const char *parts[ASK_PARTS];  /* of the path behind the prefix, decoded */
    int count;
    bool slash;                    /* the path ended in '/' */
    const char *arg[ASK_ARGS];     /* what stood for each '*' of the route */
    const char *text;              /* the body, or "" */
    size_t len;
    bool is_json;                  /* body is it; the stand-in copies what it keeps */
    struct json_object *body;
    struct json_object *state;     /* the stand-in's own */
    /* The answer. */
    int status;                    /* 0: none yet */
    const char *type;
    struct json_object *answer;
    const char *raw;               /* instead of it; or NULL */
    size_t raw_len;
    struct json_object *entry;     /* of the log */
    struct loop_timer *timer;
};

/* Answers; body is taken over, NULL: none. Later calls replace the answer. */
void ask_reply(struct ask *a, int status, struct json_object *body);
void ask_reply_text(struct ask *a, int status, const char *type, const char *text);
void ask_header(struct ask *a, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* With the stand-in's own body. */
void ask_error(struct ask *a, int status, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Calls the route that fits, or answers 404 or 405. */
void ask_route(struct ask *a);

const char *ask_query(struct ask *a, const char *name);    /* or NULL */
int64_t ask_query_int(struct ask *a, const char *name, int64_t otherwise);
/* The token behind "Bearer "; or NULL. */
const char *ask_bearer(struct ask *a);
/* User and password of "Basic ..."; false when it is not that. */
bool ask_basic(struct ask *a, const char **ret_user, const char **ret_password);
/* Text that lives as long as the request. */
char *ask_printf(struct ask *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *ask_lower(struct ask *a, const char *text);    /* ASCII */
const char *ask_uuid(struct ask *a);
const char *ask_md5(struct ask *a, const char *text);
const char *ask_time(struct ask *a);       /* RFC 3339, now */
/* strftime in UTC. */
const char *ask_time_as(struct ask *a, int64_t ms, const char *fmt);
/* A number that has not been given before. */
int64_t ask_next_id(struct ask *a);
/* Counts this request in windows of so long, and returns how many it has with this one. */
int64_t ask_count(struct ask *a, int64_t window_ms);
/* Takes one of a bucket that holds burst and is filled by per_minute; false: it is empty.
   *ret_left: how many are left. */
bool ask_take(struct ask *a, int64_t per_minute, int64_t burst, int64_t *ret_left);

/* Would a mail server take it for an address? */
bool email_looks_good(const char *text);

extern const struct stand stand_sesamy, stand_mailchimp, stand_hubspot, stand_rule, stand_make,
    stand_mailmojo;

#endif
