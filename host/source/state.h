/* state.h - the source role's one context: vendors, what is asked and what is known. Shared by
   the files of this folder, and by their tests. Personal data is here, in memory alone. */
#ifndef HERMOD_SOURCE_STATE_H
#define HERMOD_SOURCE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/loop.h"
#include "base/map.h"
#include "model/lookup.h"
#include "model/slices.h"
#include "net/http.h"
#include "source/rates.h"
#include "wire/message.h"

#define SOURCE_PAGE 100                    /* rows asked for at once */
#define SOURCE_PAGES 100                   /* then the platform does not end its list */
#define SOURCE_ROWS 10000
#define SOURCE_GIFTS 10                    /* contracts of others that a user's access is from */
#define SOURCE_WAIT_MS 20000               /* who would wait longer is told so instead */
#define SOURCE_REQUEST_MS 15000
#define SOURCE_KEEP_MS 60000               /* what is known of a user, for other plugins */
#define SOURCE_KEEP_PRODUCT_MS 300000      /* titles hardly change, and no event tells */
#define SOURCE_KEEP_BYTES (64 * 1024 * 1024)

struct source;
struct vendor;
struct subject;

/* ---- api.c: one request to the API ---- */
struct api_get;
/* On the main stack, in a later turn than api_get_start(). */
typedef void api_done_fn(struct api_get *g);

struct api_get {
    struct list link;                      /* vendor's queue, or its own */
    struct vendor *vendor;
    struct subject *subject;               /* its asker; and the arena is its */
    void *arg;
    const char *what;                      /* for messages: "contracts" */
    struct hermod_request q;
    struct http_header headers[2];
    struct http_transfer transfer;
    unsigned token;                        /* number of the one it went out with */
    bool repeated;                         /* with a new token */
    bool under_way, active;
    api_done_fn *done;
    /* What came of it. */
    int status;                            /* 200; as the platform says; 0 no answer; 502 */
    int64_t after_ms;
    const char *error;                     /* "contracts: internal_error"; "" */
};

/* Queues a request for the API's path (in the arena of sj). first: before those that wait, for
   what is the rest of something begun. */
void api_get_start(struct api_get *g, struct subject *sj, const char *what, const char *path,
                   bool first, api_done_fn *done, void *arg);
void api_get_cancel(struct api_get *g);    /* harmless when it is not active */
/* The vendor's queue may be able to move: looked at in the next turn. */
void api_kick(struct vendor *v);
/* Every request that waits ends like this. */
void api_fail_waiting(struct vendor *v, int status, int64_t after_ms, const char *error);

/* ---- tokens.c: a vendor's access token ---- */
struct token {
    char *header;                          /* "Bearer ..."; NULL: none */
    unsigned number;                       /* of this one */
    int64_t until_ms;                      /* monotonic */
    bool fetching;
    struct arena arena;                    /* of the request */
    struct hermod_request q;
    struct http_header headers[2];
    struct http_transfer transfer;
    /* It could not be had, and is not asked for again until then. */
    int64_t refused_ms;
    int refused_status;
    char refused[96 + 64];
};

/* Is there one? Else one is being fetched, or those that wait have been refused. */
bool token_ready(struct vendor *v);
/* The API has refused that one. */
void token_drop(struct vendor *v, unsigned number);
void token_free(struct vendor *v);

struct vendor {
    struct source *source;
    const char *id, *client_id, *client_secret;
    struct token token;
    struct rates rates;
    struct list queue;                     /* api_get, in order */
    size_t queued;
    struct loop_timer *timer;
    struct map subjects;                   /* by kind and id */
};

/* ---- lookups.c: what is fetched for one question ---- */
struct rows {
    struct api_get get;
    const char *what, *path;
    struct slice *list;                    /* each in the subject's arena; SOURCE_ROWS */
    size_t count;
    size_t received;                       /* with those that came twice */
    size_t bytes;
    unsigned pages;
    struct map ids;                        /* of the rows */
};
/* A contract by its id. */
struct extra {
    struct list link;
    struct api_get get;
    const char *id;
    bool gift;                             /* an entitlement comes from it: for everybody */
    bool known;                            /* asked and answered */
    struct slice body;                     /* .len 0: there is none */
};

/* ---- coalesce.c: one question, who waits for it, and its answer ---- */
enum subject_state { SUBJECT_IDLE, SUBJECT_RUNNING, SUBJECT_KNOWN };
struct asker {
    struct list link;
    const char *contract;                  /* the event's; "" */
    int64_t accepted_ms;                   /* wall clock */
    /* Called once; the asker is then the callee's again. */
    void (*answer)(struct asker *a, const struct msg_answer *m);
};
struct subject {
    struct vendor *vendor;
    enum lookup_kind kind;
    char *id, *key;
    enum subject_state state;
    struct list kept;                      /* in source->kept while nobody waits */
    struct list askers;                    /* served by this fetch */
    struct list next;                      /* must have the one after it */
    int64_t started_ms;                    /* wall clock, when the first request went; 0 */
    int64_t started_mono_ms;
    int64_t ended_mono_ms;
    struct arena arena;                    /* everything fetched; wiped */
    size_t pending;                        /* requests not answered yet */
    int status;                            /* 200 so far, or what went wrong */
    int64_t after_ms;
    const char *error;
    struct api_get get;
    struct slice body;
    struct rows contracts, entitlements;
    struct slice contracts_text, entitlements_text;
    struct list extras;
};

/* Starts to fetch. subject_fetched() is called each time that nothing is pending. */
void fetch_start(struct subject *sj);
/* One contract more. */
void fetch_contract(struct subject *sj, const char *id, bool gift);
bool fetch_has_contract(const struct subject *sj, const char *id);
struct extra *fetch_extra(const struct subject *sj, const char *id);       /* or NULL */
/* Lists as text, once everything is there. */
void fetch_join(struct subject *sj);
/* Cancels what is pending, forgets and wipes all. */
void fetch_clear(struct subject *sj);

void subject_fetched(struct subject *sj);
/* Its first request has gone. */
void subject_started(struct subject *sj);

/* ---- the context ---- */
struct source {
    struct loop *loop;
    struct http *http;
    struct channel *supervisor;
    struct arena arena;
    struct msg_source_config config;
    struct map vendors;
    struct list peers;
    struct list kept;                      /* subjects nobody waits for, oldest first */
    size_t kept_bytes;
    struct loop_timer *forget;
    int64_t (*mono_ms)(void), (*wall_ms)(void);
    bool serving;
};

/* config's texts stay; loop_before_poll() must call http_turn(s->http). */
void source_init(struct source *s, struct loop *l, const struct msg_source_config *config);
void source_add_vendor(struct source *s, const struct msg_source_vendor *m);
void source_free(struct source *s);        /* nobody waits any more */
/* Asks; the answer comes in a later turn, or now. m is not kept. */
void source_ask(struct source *s, const struct msg_lookup *m, struct asker *a);

#endif
