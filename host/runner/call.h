/* call.h - one run of one callback, as the services see it, and the far side: all that is
   outside a call. In the runner the far side is the network, the clock and the coroutines;
   in `plugin test` it is a script. The services know neither. */
#ifndef HERMOD_RUNNER_CALL_H
#define HERMOD_RUNNER_CALL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hermod/plugin.h>

#include "base/arena.h"
#include "base/log.h"
#include "model/destination.h"
#include "model/lookup.h"
#include "model/plugin_info.h"
#include "net/request.h"

struct far;
struct json_object;
struct known_product;

/* What a call has come to so far. The first mark stands. */
struct verdict {
    bool marked;                           /* a service failed: `outcome` replaces the plugin's */
    int outcome;                           /* enum hermod_outcome, when marked; else what the
                                              last words of the plugin were for; 0: none yet */
    const char *reason;                    /* "" or the last said; in the arena, at most
                                              CAP_REASON */
    int status;                            /* HTTP status behind the outcome; 0 */
    int64_t after_ms;                      /* hint for a retry; 0 */
    int64_t hold_ms;                       /* hold the destination; 0 */
    bool pause;
};

struct call {
    struct hermod_call pub;                /* first: &call->pub is what plugins hold */
    struct arena arena;                    /* cap CAP_CALL_MEMORY; wiped at the end */
    struct far *far;
    const struct plugin_info *plugin;
    const struct destination *destination; /* with values */
    const struct hermod_event *event;      /* NULL in check() */
    uint32_t attempt;
    struct verdict verdict;
    struct hermod_request *requests;       /* newest first */
    struct response no_answer;             /* what a wait gives once the call is marked */
    struct json_object **json;             /* owned values, put at the end */
    size_t json_count, json_size;
    /* What the platform has said, once it was asked; in the arena. */
    const struct hermod_subscriber *subscriber;
    const struct hermod_json *checkout;
    struct known_product *products;
    const char *const *tags;               /* the wanted ones */
    void *owner;                           /* the far side's own */
};

/* A question to the platform's API, asked through the source role. The answer is JSON text
   in the platform's own shapes, bare: an object for one thing, an array for a list. */
struct lookup {
    enum lookup_kind kind;
    const char *sku;                       /* LOOKUP_PRODUCT */
    /* The answer, in the call's arena. */
    int status;                            /* 200; 404 it is not there; 401, 403 no
                                              credentials that serve; 429, 5xx; 0 no answer */
    const char *error;                     /* for people, no personal data; "" */
    int64_t after_ms;                      /* not before, when it was not answered; 0 */
    const char *body;                      /* profile, checkout or product */
    size_t body_len;
    const char *contracts, *entitlements;  /* LOOKUP_SUBSCRIBER: arrays; the event's own
                                              contract, and those that the entitlements come
                                              from (a gift's is its buyer's), among them */
    size_t contracts_len, entitlements_len;
};

/* What is outside a call. */
struct far {
    /* Wall clock. */
    int64_t (*now_ms)(struct far *f);
    void (*random)(struct far *f, void *out, size_t len);
    /* Sends q; done is set, with the response filled, now or while the call waits. */
    void (*start)(struct far *f, struct call *c, struct hermod_request *q);
    /* [suspends] until q->done. */
    void (*wait)(struct far *f, struct call *c, struct hermod_request *q);
    /* Memo of the call's destination. get: NULL when absent or too old. */
    const char *(*memo_get)(struct far *f, struct call *c, const char *key);
    void (*memo_set)(struct far *f, struct call *c, const char *key, const char *value,
                     int64_t for_ms);
    /* [suspends] until the key is this call's; released by call_end(). */
    void (*exclusive)(struct far *f, struct call *c, const char *key);
    void (*release)(struct far *f, struct call *c);
    void (*log)(struct far *f, struct call *c, enum log_level level, const char *text);
    /* [suspends] Asks the platform; the answer is filled in on return. */
    void (*lookup)(struct far *f, struct call *c, struct lookup *l);
};

static inline struct call *
call_of(struct hermod_call *pub)
{
    return (struct call *)(void *)pub;
}

/* Begins a call on zeroed memory. Everything pointed to must outlive it; none
   of the far side's functions may be NULL. */
void call_begin(struct call *c, struct far *far, const struct plugin_info *plugin,
                const struct destination *d, const struct hermod_event *ev, uint32_t attempt);
/* Turns what the plugin returned into the outcome that counts: a mark replaces it; a number
   that is none of the four becomes FAILED with a reason that names it. */
int call_outcome(struct call *c, int returned);
/* Releases keys, JSON values and memory (wiped). verdict.reason goes with it. */
void call_end(struct call *c);

/* Marks the call, once: from then on nothing is sent. For services. */
void call_mark(struct call *c, int outcome, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The plugin misused a service: marks FAILED with "plugin mistake: ...". */
void call_misuse(struct call *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What the plugin itself says of the outcome it is about to return: kept unless the call is
   marked. Reasons everywhere are cut to CAP_REASON and made one printable line in which the
   destination's secret settings are masked. */
void call_say(struct call *c, int outcome, const char *fmt, va_list ap) PRINTF_LIKE(3, 0);

/* The table every call points to. Every slot is filled. */
extern const struct hermod_host services;

/* One per group, each in its svc_*.c. */
extern const struct hermod_log_api svc_log;
extern const struct hermod_http_api svc_http;
extern const struct hermod_json_api svc_json;
extern const struct hermod_retry_api svc_retry;
extern const struct hermod_crypto_api svc_crypto;
extern const struct hermod_text_api svc_text;
extern const struct hermod_time_api svc_time;
extern const struct hermod_memo_api svc_memo;
extern const struct hermod_subscriber_api svc_subscriber;
extern const struct hermod_tags_api svc_tags;

/* svc_json.c, for the others. The call takes j over. NULL stands for JSON null; what plugins
   get for it is a pointer too. */
const struct hermod_json *svc_json_own(struct call *c, struct json_object *j);
/* And back: NULL for JSON null, which may also come in as NULL. */
struct json_object *svc_json_raw(const struct hermod_json *j);
/* Fills r->json from r->body when it is JSON; JSON null otherwise. The http group does this
   for every answer. */
void svc_json_of_response(struct call *c, struct hermod_response *r);
/* svc_json_pack.c */
struct hermod_json *svc_json_pack(struct hermod_call *pub, const char *fmt, ...);

/* Fills the plugin's config struct (info->config_size zeroed bytes in the arena) from the
   values of a destination. Lists and maps get their NULL ends. */
const void *settings_fill(struct arena *a, const struct plugin_info *info,
                          const struct setting_value *values);

#endif
