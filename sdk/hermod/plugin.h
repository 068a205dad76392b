/*
 * plugin.h - all that a plugin needs, and nothing else.
 *
 * A plugin is one shared object that exports one constant, made with
 * HERMOD_PLUGIN().  It runs in a process of its own, on one thread.
 *
 * Calls marked [suspends] may let another delivery of the same plugin run
 * before they return.  No other call does.
 *
 * Memory: all you are handed, and all that a call returns, stays valid until
 * your callback returns, and is then released for you.  There is no free().
 * What you hand to a call is copied, unless its comment says "kept".
 *
 * Errors: a service that cannot do its work marks the call.  From then on
 * nothing is sent, and the host's outcome replaces yours.  So there is nothing
 * to check, except what the other side answered.
 *
 * Strings are NUL-terminated UTF-8.  No pointer that crosses this interface is
 * NULL, in either direction, unless its comment says "or NULL".
 * Times are int64_t milliseconds, and their names end in _ms.
 */
#ifndef HERMOD_PLUGIN_H
#define HERMOD_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Version.  A host loads a plugin when the majors are equal and the plugin's
 * minor is not above its own.  Ask for a higher minor only to use what it
 * added:  #define HERMOD_WANT_MINOR 1  before this #include.
 *
 *   1.0  (unreleased)  first release
 */
#define HERMOD_ABI_MAJOR 1
#define HERMOD_ABI_MINOR 0
#ifndef HERMOD_WANT_MINOR
#define HERMOD_WANT_MINOR 0
#endif
#if HERMOD_WANT_MINOR > HERMOD_ABI_MINOR
#error "HERMOD_WANT_MINOR is newer than this header"
#endif

#if defined(__GNUC__)
#define HERMOD_EXPORT       __attribute__((__visibility__("default")))
#define HERMOD_PRINTF(f, a) __attribute__((__format__(__printf__, f, a)))
#define HERMOD_MUST_USE     __attribute__((__warn_unused_result__))
#else
#define HERMOD_EXPORT
#define HERMOD_PRINTF(f, a)
#define HERMOD_MUST_USE
#endif

/* ---- what deliver() returns ------------------------------------------- */

/* None is 0, 1 or -1: a stray `return 0` is caught by the host by name. */
enum hermod_outcome {
    HERMOD_DELIVERED = 101,     /* done; never offered again                 */
    HERMOD_SKIPPED   = 102,     /* not for us; never offered again           */
    HERMOD_RETRY     = 103,     /* try later, same event id                  */
    HERMOD_FAILED    = 104      /* will never work; parked for an operator   */
};

/* ---- what a plugin is handed ------------------------------------------ */

struct hermod_host;             /* the service table, below                  */
struct hermod_json;             /* a JSON value, read and built with json    */
struct hermod_request;          /* an HTTP request being built               */

/* One run of one callback.  The host's own fields follow `host`. */
struct hermod_call {
    const struct hermod_host *host;
};

struct hermod_event {
    const char *id;             /* the same on every attempt: use it as an
                                   idempotency key; "evt_" and 26 of [0-9a-z] */
    const char *type;           /* "contract.1#purchased"                    */
    const char *vendor_id;
    const char *user_id;        /* may contain '|'                           */
    const char *contract_id;    /* these three: "" when not about one        */
    const char *entitlement_id;
    const char *checkout_id;
    const char *occurred_at;    /* as the platform wrote it                  */
    int64_t     occurred_ms;    /* the same; Unix time                       */
    int64_t     accepted_ms;    /* when the host accepted it; Unix time      */
    const char *body;           /* the event exactly as it came in, JSON;
                                   NUL-terminated too                        */
    size_t      body_len;       /* bytes                                     */
};

struct hermod_response {
    int32_t     status;         /* HTTP status; 0 when no answer came        */
    uint32_t    reserved;
    const char *error;          /* why no answer came; "" otherwise          */
    const char *body;           /* NUL-terminated too                        */
    size_t      body_len;       /* bytes                                     */
    const struct hermod_json *json;     /* JSON null when body is not JSON   */
};

/* Who the event is about, from the platform as it is now: never older than the
   event.  Dates are as the platform writes them (RFC 3339), "" when unknown. */
struct hermod_address {
    const char *first_name;
    const char *last_name;
    const char *street;
    const char *co;
    const char *zip;
    const char *city;
    const char *country;
};

/* What can be bought: an item of a contract, or what an entitlement is for. */
struct hermod_product {
    const char *sku;
    const char *title;
    const char *type;           /* "article", "publication" ...; "" when unknown */
    const char *option_id;      /* the purchase option's; ""                 */
    const char *option_title;   /* ""                                        */
};

enum hermod_contract_state {
    HERMOD_CONTRACT_ACTIVE = 1, /* also when it is cancelled but still runs  */
    HERMOD_CONTRACT_OVERDUE,    /* active, and a payment has failed          */
    HERMOD_CONTRACT_CANCELLED,  /* ended at the user's request               */
    HERMOD_CONTRACT_EXPIRED,    /* ended by itself, or unpaid                */
    HERMOD_CONTRACT_OTHER       /* deleted, draft ...: counted nowhere       */
};

struct hermod_contract {
    const char *id;
    const char *name;
    const char *status;         /* the platform's own word, lower case       */
    uint32_t    state;          /* enum hermod_contract_state                */
    bool        subscription;   /* false: a single purchase                  */
    bool        gifted;         /* paid for by somebody else                 */
    const char *created_at;
    const char *expires_at;
    const char *cancel_at;      /* when cancelling was asked for, else when it
                                   takes effect                              */
    const char *next_bill_at;
    const char *price;          /* decimal, digit for digit                  */
    const char *currency;
    int64_t     issues_remaining;           /* -1: does not count issues     */
    const struct hermod_product *const *items;      /* ends with NULL        */
    const struct hermod_json *json;         /* as the platform gave it       */
};

struct hermod_entitlement {
    const char *id;
    const struct hermod_product *product;
    bool        active;
    bool        external;       /* granted by somebody else than a purchase  */
    const char *contract_id;    /* ""                                        */
    const char *created_at;
    const char *expires_at;
    const struct hermod_json *json;
};

struct hermod_subscriber {
    const char *id;             /* the user's; may contain '|'               */
    const char *email;          /* trimmed, lower case; "" when unknown      */
    const char *first_name;
    const char *last_name;
    const char *phone;          /* mobile, else default, work, home; ""      */
    const char *company;
    const char *locale;
    const char *created_at;
    const char *const *tags;    /* the profile's own, without our prefix; ends
                                   with NULL                                 */
    const struct hermod_address *billing;   /* all "" when there is none     */
    const struct hermod_address *delivery;
    bool        has_billing;

    int64_t     active_subscriptions;       /* overdue ones included         */
    int64_t     overdue_subscriptions;
    int64_t     cancelled_subscriptions;
    int64_t     expired_subscriptions;
    int64_t     ended_subscriptions;        /* cancelled and expired         */
    int64_t     articles_bought;
    int64_t     issues_remaining;           /* over active subscriptions     */
    bool        has_gifted;
    bool        has_external;
    bool        made_single_purchase;       /* for ever                      */

    /* Each list ends with NULL.  Contracts newest first. */
    const struct hermod_contract *const *contracts;
    const struct hermod_entitlement *const *entitlements;
    const struct hermod_product *const *active_products;    /* no doubles    */
    const struct hermod_contract *subscription;     /* newest active one, else
                                                       newest ended; or NULL */
    const struct hermod_json *profile;      /* as the platform gave it       */
};

/* Bytes that a call returns. */
struct hermod_bytes {
    const uint8_t *data;        /* NUL-terminated too                        */
    size_t         len;
};

/* ---- services --------------------------------------------------------- */
/* Each group grows at its end only; a new group goes at the end of hermod_host.
   Plugins call the hermod_*() functions further down. */

struct hermod_log_api {
    void (*debug)(struct hermod_call *, const char *fmt, ...) HERMOD_PRINTF(2, 3);
    void (*info)(struct hermod_call *, const char *fmt, ...) HERMOD_PRINTF(2, 3);
    void (*warn)(struct hermod_call *, const char *fmt, ...) HERMOD_PRINTF(2, 3);
};

struct hermod_http_api {
    struct hermod_request *(*request)(struct hermod_call *, const char *method,
                                      const char *url);
    struct hermod_request *(*open)(struct hermod_call *, const char *method,
                                   const char *base, const char *path, ...)
        HERMOD_PRINTF(4, 5);
    void (*query)(struct hermod_call *, struct hermod_request *,
                  const char *name, const char *value);
    void (*header)(struct hermod_call *, struct hermod_request *,
                   const char *name, const char *value);
    void (*bearer)(struct hermod_call *, struct hermod_request *, const char *token);
    void (*basic)(struct hermod_call *, struct hermod_request *,
                  const char *user, const char *password);
    void (*json)(struct hermod_call *, struct hermod_request *,
                 const struct hermod_json *body);
    void (*form)(struct hermod_call *, struct hermod_request *,
                 const char *name, const char *value);
    void (*body)(struct hermod_call *, struct hermod_request *,
                 const char *content_type, const void *data, size_t len);
    void (*timeout)(struct hermod_call *, struct hermod_request *, int64_t after_ms);
    void (*start)(struct hermod_call *, struct hermod_request *);
    const struct hermod_response *(*wait)(struct hermod_call *, struct hermod_request *);
    const char *(*response_header)(struct hermod_call *, const struct hermod_response *,
                                   const char *name);
};

struct hermod_json_api {
    struct hermod_json *(*object)(struct hermod_call *);
    struct hermod_json *(*array)(struct hermod_call *);
    struct hermod_json *(*pack)(struct hermod_call *, const char *fmt, ...);
    const struct hermod_json *(*parse)(struct hermod_call *, const char *text, size_t len);
    const char *(*text)(struct hermod_call *, const struct hermod_json *);
    void (*set)(struct hermod_call *, struct hermod_json *, const char *key,
                const struct hermod_json *value);
    void (*set_string)(struct hermod_call *, struct hermod_json *,
                       const char *key, const char *value);
    void (*set_bool)(struct hermod_call *, struct hermod_json *,
                     const char *key, bool value);
    void (*set_int)(struct hermod_call *, struct hermod_json *,
                    const char *key, int64_t value);
    void (*set_number)(struct hermod_call *, struct hermod_json *,
                       const char *key, const char *number);
    void (*set_strings)(struct hermod_call *, struct hermod_json *,
                        const char *key, const char *const *values);
    void (*add)(struct hermod_call *, struct hermod_json *array,
                const struct hermod_json *value);
    void (*add_string)(struct hermod_call *, struct hermod_json *array,
                       const char *value);
    const struct hermod_json *(*get)(struct hermod_call *, const struct hermod_json *,
                                     const char *path);
    const char *(*get_string)(struct hermod_call *, const struct hermod_json *,
                              const char *path, const char *fallback);
    const char *(*get_number)(struct hermod_call *, const struct hermod_json *,
                              const char *path, const char *fallback);
    int64_t (*get_int)(struct hermod_call *, const struct hermod_json *,
                       const char *path, int64_t fallback);
    bool (*get_bool)(struct hermod_call *, const struct hermod_json *,
                     const char *path, bool fallback);
    size_t (*length)(struct hermod_call *, const struct hermod_json *);
    const struct hermod_json *(*at)(struct hermod_call *, const struct hermod_json *,
                                    size_t index);
    const char *(*key_at)(struct hermod_call *, const struct hermod_json *, size_t index);
    int (*type)(struct hermod_call *, const struct hermod_json *);
    const char *const *(*get_strings)(struct hermod_call *, const struct hermod_json *,
                                      const char *path, const char *member);
};

struct hermod_retry_api {
    int (*later)(struct hermod_call *, int64_t after_ms,
                 const char *why, ...) HERMOD_PRINTF(3, 4);
    int (*fail)(struct hermod_call *, const char *why, ...) HERMOD_PRINTF(2, 3);
    int (*skip)(struct hermod_call *, const char *why, ...) HERMOD_PRINTF(2, 3);
    int (*pause)(struct hermod_call *, const char *why, ...) HERMOD_PRINTF(2, 3);
    int (*from_http)(struct hermod_call *, const struct hermod_response *);
    void (*hold)(struct hermod_call *, int64_t for_ms);
    uint32_t (*attempt)(struct hermod_call *);
};

struct hermod_crypto_api {
    struct hermod_bytes (*hash)(struct hermod_call *, const char *algorithm,
                                const void *data, size_t len);
    struct hermod_bytes (*hmac)(struct hermod_call *, const char *algorithm,
                                const void *key, size_t key_len,
                                const void *data, size_t len);
    struct hermod_bytes (*random)(struct hermod_call *, size_t len);
    const char *(*hex)(struct hermod_call *, const void *data, size_t len);
    const char *(*base64)(struct hermod_call *, const void *data, size_t len);
    bool (*base64_decode)(struct hermod_call *, const char *text,
                          struct hermod_bytes *ret);
};

struct hermod_text_api {
    const char *(*format)(struct hermod_call *, const char *fmt, ...) HERMOD_PRINTF(2, 3);
    const char *(*lower)(struct hermod_call *, const char *text);
    const char *(*nfc)(struct hermod_call *, const char *text);
    const char *(*slug)(struct hermod_call *, const char *text);
    const char *(*trim)(struct hermod_call *, const char *text);
    const char *(*cut)(struct hermod_call *, const char *text, size_t max_bytes);
    const char *(*percent)(struct hermod_call *, const char *text);
    const char *(*phone)(struct hermod_call *, const char *number, const char *country);
};

struct hermod_time_api {
    int64_t (*now)(struct hermod_call *);
    const char *(*rfc3339)(struct hermod_call *, int64_t at_ms);
    bool (*parse)(struct hermod_call *, const char *text, int64_t *ret_ms);
    const char *(*format)(struct hermod_call *, int64_t at_ms, const char *fmt);
};

struct hermod_memo_api {
    const char *(*get)(struct hermod_call *, const char *key);
    void (*set)(struct hermod_call *, const char *key, const char *value,
                int64_t for_ms);
    void (*exclusive)(struct hermod_call *, const char *key);
};

struct hermod_subscriber_api {
    const struct hermod_subscriber *(*get)(struct hermod_call *);
    const struct hermod_json *(*checkout)(struct hermod_call *);
    const struct hermod_json *(*product)(struct hermod_call *, const char *sku);
};

struct hermod_tags_api {
    const char *const *(*wanted)(struct hermod_call *);
    const char *const *(*merge)(struct hermod_call *, const char *const *existing);
    const char *const *(*missing)(struct hermod_call *, const char *const *existing);
    const char *const *(*stale)(struct hermod_call *, const char *const *existing);
};

struct hermod_host {
    uint32_t abi_minor;
    uint32_t reserved;
    const struct hermod_log_api    *log;
    const struct hermod_http_api   *http;
    const struct hermod_json_api   *json;
    const struct hermod_retry_api  *retry;
    const struct hermod_crypto_api *crypto;
    const struct hermod_text_api   *text;
    const struct hermod_time_api   *time;
    const struct hermod_memo_api   *memo;
    const struct hermod_subscriber_api *subscriber;
    const struct hermod_tags_api   *tags;
};

/* ---- log -------------------------------------------------------------- */

/* Log lines carry plugin, vendor, event id and attempt already.  There is no
   hermod_log_error: an error is an outcome, and its reason is logged for you.
   Never log a secret or personal data. */
#define hermod_log_debug(c, ...) ((c)->host->log->debug((c), __VA_ARGS__))
#define hermod_log_info(c, ...)  ((c)->host->log->info((c), __VA_ARGS__))
#define hermod_log_warn(c, ...)  ((c)->host->log->warn((c), __VA_ARGS__))

/* ---- http ------------------------------------------------------------- */
/* One request is built, sent once and answered once.  Mistakes in building it
   (a bad URL, a header with a line break) mark the call. */

/* A request to exactly this absolute http(s) URL. */
HERMOD_MUST_USE static inline struct hermod_request *
hermod_http_request(struct hermod_call *c, const char *method, const char *url)
{
    return c->host->http->request(c, method, url);
}

/* A request to base (an absolute URL, taken as it is, without its last '/')
   followed by a path in which every %s is percent-encoded as one segment, so no
   value can leave its place:
       hermod_http_open(c, "PUT", cfg->apiUrl, "/lists/%s", cfg->listId)
   A segment that its values leave empty, "." or ".." would be another path: it marks
   the call.  Besides %s: %d %lld %u %zu, %%. */
#define hermod_http_open(c, method, base, ...) \
    ((c)->host->http->open((c), (method), (base), __VA_ARGS__))

/* Adds ?name=value or &name=value, both percent-encoded. */
static inline void
hermod_http_query(struct hermod_call *c, struct hermod_request *q,
                  const char *name, const char *value)
{
    c->host->http->query(c, q, name, value);
}

/* Sets a header; again: replaces it.  Not those that frame and route the request:
   Host, Content-Length, Transfer-Encoding, Connection, Expect and their like.  A line
   break or other control character marks the call. */
static inline void
hermod_http_header(struct hermod_call *c, struct hermod_request *q,
                   const char *name, const char *value)
{
    c->host->http->header(c, q, name, value);
}

static inline void
hermod_http_bearer(struct hermod_call *c, struct hermod_request *q, const char *token)
{
    c->host->http->bearer(c, q, token);
}

static inline void
hermod_http_basic(struct hermod_call *c, struct hermod_request *q,
                  const char *user, const char *password)
{
    c->host->http->basic(c, q, user, password);
}

/* The body, as application/json. */
static inline void
hermod_http_json(struct hermod_call *c, struct hermod_request *q,
                 const struct hermod_json *body)
{
    c->host->http->json(c, q, body);
}

/* Adds a field to an application/x-www-form-urlencoded body. */
static inline void
hermod_http_form(struct hermod_call *c, struct hermod_request *q,
                 const char *name, const char *value)
{
    c->host->http->form(c, q, name, value);
}

/* The body, as these bytes. */
static inline void
hermod_http_body(struct hermod_call *c, struct hermod_request *q,
                 const char *content_type, const void *data, size_t len)
{
    c->host->http->body(c, q, content_type, data, len);
}

/* No answer after this long counts as no answer; default 30 s.  The deadline of
   the attempt ends it sooner. */
static inline void
hermod_http_timeout(struct hermod_call *c, struct hermod_request *q, int64_t after_ms)
{
    c->host->http->timeout(c, q, after_ms);
}

/* Sends without waiting, so that several requests are under way at once; then
   hermod_http_wait() for each. */
static inline void
hermod_http_start(struct hermod_call *c, struct hermod_request *q)
{
    c->host->http->start(c, q);
}

/* [suspends]  The answer to a started request.  Redirects are not followed.
   Once the call is marked: status 0. */
HERMOD_MUST_USE static inline const struct hermod_response *
hermod_http_wait(struct hermod_call *c, struct hermod_request *q)
{
    return c->host->http->wait(c, q);
}

/* [suspends]  Start and wait. */
HERMOD_MUST_USE static inline const struct hermod_response *
hermod_http_send(struct hermod_call *c, struct hermod_request *q)
{
    c->host->http->start(c, q);
    return c->host->http->wait(c, q);
}

/* A header of the answer, name in any case; "" when absent. */
static inline const char *
hermod_http_response_header(struct hermod_call *c, const struct hermod_response *r,
                            const char *name)
{
    return c->host->http->response_header(c, r, name);
}

/* ---- outcomes --------------------------------------------------------- */

/* Not for us / never will work / not now.  Each says why, in the operator's
   words (no personal data: the text is stored), and returns the outcome to
   return.  after_ms 0: the host's backoff. */
#define hermod_skip(c, ...)  ((c)->host->retry->skip((c), __VA_ARGS__))
#define hermod_fail(c, ...)  ((c)->host->retry->fail((c), __VA_ARGS__))
#define hermod_retry(c, after_ms, ...) \
    ((c)->host->retry->later((c), (after_ms), __VA_ARGS__))

/* As hermod_fail(), and the whole destination is paused until an operator resumes
   it: for an other side that says it is gone for good. */
#define hermod_pause(c, ...) ((c)->host->retry->pause((c), __VA_ARGS__))

/* The usual verdict on an answer: 2xx delivered; no answer, 429 and 5xx retry,
   minding Retry-After; the rest failed, with the status as the reason. */
HERMOD_MUST_USE static inline int
hermod_http_outcome(struct hermod_call *c, const struct hermod_response *r)
{
    return c->host->retry->from_http(c, r);
}

/* Nothing more goes to this destination for so long (at most 24 h), whatever the
   outcome of this delivery: for limits told in other ways than Retry-After. */
static inline void
hermod_hold(struct hermod_call *c, int64_t for_ms)
{
    c->host->retry->hold(c, for_ms);
}

/* 1 for the first attempt. */
static inline uint32_t
hermod_attempt(struct hermod_call *c)
{
    return c->host->retry->attempt(c);
}

/* ---- json ------------------------------------------------------------- */

enum hermod_json_type {
    HERMOD_JSON_NULL = 1,
    HERMOD_JSON_BOOL,
    HERMOD_JSON_NUMBER,
    HERMOD_JSON_STRING,
    HERMOD_JSON_ARRAY,
    HERMOD_JSON_OBJECT
};

static inline struct hermod_json *
hermod_json_object(struct hermod_call *c)
{
    return c->host->json->object(c);
}

static inline struct hermod_json *
hermod_json_array(struct hermod_call *c)
{
    return c->host->json->array(c);
}

/* Builds a value as it would look:
       hermod_json_pack(c, "{s:s, s:[s,s], s:b}", "email", e, "tags", a, b, "vip", 1)
   s const char *   i int   I int64_t   b int (0 or not)   d const char * (a decimal
   number, written as given)   j const struct hermod_json *   n null.
   A key is s.  A mistake in the format marks the call. */
#define hermod_json_pack(c, ...) ((c)->host->json->pack((c), __VA_ARGS__))

/* JSON null when text is not JSON. */
static inline const struct hermod_json *
hermod_json_parse(struct hermod_call *c, const char *text, size_t len)
{
    return c->host->json->parse(c, text, len);
}

static inline const char *
hermod_json_text(struct hermod_call *c, const struct hermod_json *j)
{
    return c->host->json->text(c, j);
}

/* The setters replace a key that is there.  `value` is shared, not copied: to change it
   afterwards marks the call.  So build from the inside out. */
static inline void
hermod_json_set(struct hermod_call *c, struct hermod_json *j, const char *key,
                const struct hermod_json *value)
{
    c->host->json->set(c, j, key, value);
}

static inline void
hermod_json_set_string(struct hermod_call *c, struct hermod_json *j,
                       const char *key, const char *value)
{
    c->host->json->set_string(c, j, key, value);
}

static inline void
hermod_json_set_bool(struct hermod_call *c, struct hermod_json *j,
                     const char *key, bool value)
{
    c->host->json->set_bool(c, j, key, value);
}

static inline void
hermod_json_set_int(struct hermod_call *c, struct hermod_json *j,
                    const char *key, int64_t value)
{
    c->host->json->set_int(c, j, key, value);
}

/* number is JSON number text, such as "99.90", and arrives exactly so: for money. */
static inline void
hermod_json_set_number(struct hermod_call *c, struct hermod_json *j,
                       const char *key, const char *number)
{
    c->host->json->set_number(c, j, key, number);
}

/* values end with NULL. */
static inline void
hermod_json_set_strings(struct hermod_call *c, struct hermod_json *j,
                        const char *key, const char *const *values)
{
    c->host->json->set_strings(c, j, key, values);
}

static inline void
hermod_json_add(struct hermod_call *c, struct hermod_json *array,
                const struct hermod_json *value)
{
    c->host->json->add(c, array, value);
}

static inline void
hermod_json_add_string(struct hermod_call *c, struct hermod_json *array,
                       const char *value)
{
    c->host->json->add_string(c, array, value);
}

/* path is dotted, with array places as numbers: "items.0.sku"; "" is the value
   itself.  JSON null when absent. */
static inline const struct hermod_json *
hermod_json_get(struct hermod_call *c, const struct hermod_json *j, const char *path)
{
    return c->host->json->get(c, j, path);
}

/* fallback when absent, not a string, or one with U+0000 in it. */
static inline const char *
hermod_json_get_string(struct hermod_call *c, const struct hermod_json *j,
                       const char *path, const char *fallback)
{
    return c->host->json->get_string(c, j, path, fallback);
}

/* A number's own text, digit for digit; fallback when absent or not a number. */
static inline const char *
hermod_json_get_number(struct hermod_call *c, const struct hermod_json *j,
                       const char *path, const char *fallback)
{
    return c->host->json->get_number(c, j, path, fallback);
}

/* fallback when absent, not a whole number, or too large. */
static inline int64_t
hermod_json_get_int(struct hermod_call *c, const struct hermod_json *j,
                    const char *path, int64_t fallback)
{
    return c->host->json->get_int(c, j, path, fallback);
}

static inline bool
hermod_json_get_bool(struct hermod_call *c, const struct hermod_json *j,
                     const char *path, bool fallback)
{
    return c->host->json->get_bool(c, j, path, fallback);
}

/* The strings of an array, ends with NULL; of elements that are objects the string that
   is called member.  What is neither is left out: empty when it is not an array. */
static inline const char *const *
hermod_json_get_strings(struct hermod_call *c, const struct hermod_json *j,
                        const char *path, const char *member)
{
    return c->host->json->get_strings(c, j, path, member);
}

/* Elements of an array or members of an object; 0 for anything else. */
static inline size_t
hermod_json_length(struct hermod_call *c, const struct hermod_json *j)
{
    return c->host->json->length(c, j);
}

/* The element, or the value of the member, at a place; JSON null past the end. */
static inline const struct hermod_json *
hermod_json_at(struct hermod_call *c, const struct hermod_json *j, size_t index)
{
    return c->host->json->at(c, j, index);
}

/* The key of the member at a place; "" past the end. */
static inline const char *
hermod_json_key_at(struct hermod_call *c, const struct hermod_json *j, size_t index)
{
    return c->host->json->key_at(c, j, index);
}

/* enum hermod_json_type. */
static inline int
hermod_json_type(struct hermod_call *c, const struct hermod_json *j)
{
    return c->host->json->type(c, j);
}

/* ---- crypto ----------------------------------------------------------- */

/* algorithm: "md5", "sha1", "sha256"; another one marks the call. */
static inline struct hermod_bytes
hermod_hash(struct hermod_call *c, const char *algorithm, const void *data, size_t len)
{
    return c->host->crypto->hash(c, algorithm, data, len);
}

static inline struct hermod_bytes
hermod_hmac(struct hermod_call *c, const char *algorithm, const void *key,
            size_t key_len, const void *data, size_t len)
{
    return c->host->crypto->hmac(c, algorithm, key, key_len, data, len);
}

/* Unguessable bytes. */
static inline struct hermod_bytes
hermod_random(struct hermod_call *c, size_t len)
{
    return c->host->crypto->random(c, len);
}

/* Lower case. */
static inline const char *
hermod_hex(struct hermod_call *c, const void *data, size_t len)
{
    return c->host->crypto->hex(c, data, len);
}

/* With padding. */
static inline const char *
hermod_base64(struct hermod_call *c, const void *data, size_t len)
{
    return c->host->crypto->base64(c, data, len);
}

/* Standard or URL alphabet, padding optional.  false, and *ret empty, when text is
   not base64. */
HERMOD_MUST_USE static inline bool
hermod_base64_decode(struct hermod_call *c, const char *text, struct hermod_bytes *ret)
{
    return c->host->crypto->base64_decode(c, text, ret);
}

/* ---- text ------------------------------------------------------------- */

/* As printf, of any length. */
#define hermod_format(c, ...) ((c)->host->text->format((c), __VA_ARGS__))

/* Unicode lower case, independent of any locale, in NFC. */
static inline const char *
hermod_lower(struct hermod_call *c, const char *text)
{
    return c->host->text->lower(c, text);
}

static inline const char *
hermod_nfc(struct hermod_call *c, const char *text)
{
    return c->host->text->nfc(c, text);
}

/* "Malmö Tidning!" gives "malmo-tidning"; "" when nothing is left. */
static inline const char *
hermod_slug(struct hermod_call *c, const char *text)
{
    return c->host->text->slug(c, text);
}

/* Without white space at both ends. */
static inline const char *
hermod_trim(struct hermod_call *c, const char *text)
{
    return c->host->text->trim(c, text);
}

/* At most so many bytes, never ending inside a character. */
static inline const char *
hermod_cut(struct hermod_call *c, const char *text, size_t max_bytes)
{
    return c->host->text->cut(c, text, max_bytes);
}

/* Percent-encoded: all but letters, digits and -._~ */
static inline const char *
hermod_percent(struct hermod_call *c, const char *text)
{
    return c->host->text->percent(c, text);
}

/* E.164 ("+46701234567"), or "" when number cannot be one.  country: ISO 3166 code
   for numbers without a country prefix, or "" when unknown. */
static inline const char *
hermod_phone(struct hermod_call *c, const char *number, const char *country)
{
    return c->host->text->phone(c, number, country);
}

/* ---- time ------------------------------------------------------------- */

/* Unix time. */
static inline int64_t
hermod_now(struct hermod_call *c)
{
    return c->host->time->now(c);
}

/* "2025-11-10T12:00:00Z" */
static inline const char *
hermod_rfc3339(struct hermod_call *c, int64_t at_ms)
{
    return c->host->time->rfc3339(c, at_ms);
}

/* Reads RFC 3339.  false, and *ret_ms unchanged, when text is not that. */
HERMOD_MUST_USE static inline bool
hermod_time_parse(struct hermod_call *c, const char *text, int64_t *ret_ms)
{
    return c->host->time->parse(c, text, ret_ms);
}

/* As strftime, in UTC. */
static inline const char *
hermod_time_format(struct hermod_call *c, int64_t at_ms, const char *fmt)
{
    return c->host->time->format(c, at_ms, fmt);
}

/* ---- memo ------------------------------------------------------------- */
/* Values kept between the deliveries of one destination, in memory only: gone when
   the plugin's process restarts, so never the only copy of anything. */

/* "" when never set, or too old. */
static inline const char *
hermod_memo(struct hermod_call *c, const char *key)
{
    return c->host->memo->get(c, key);
}

static inline void
hermod_memo_set(struct hermod_call *c, const char *key, const char *value, int64_t for_ms)
{
    c->host->memo->set(c, key, value, for_ms);
}

/* [suspends]  Until no other delivery of this destination holds the key; held until
   your callback returns. */
static inline void
hermod_exclusive(struct hermod_call *c, const char *key)
{
    c->host->memo->exclusive(c, key);
}

/* ---- subscriber ------------------------------------------------------- */
/* What the platform says now.  A user it does not know any more marks the call
   skipped; missing or refused credentials, failed; no answer, or too many
   questions, to be retried.
   (Two are macros: in C++ a function may not be called like a struct's constructor.) */

/* Who the event is about.  [suspends] the first time in a call. */
#define hermod_subscriber(c) ((c)->host->subscriber->get((c)))

/* The event's checkout, as the platform gives it; JSON null when it has none.
   [suspends] the first time in a call. */
static inline const struct hermod_json *
hermod_checkout(struct hermod_call *c)
{
    return c->host->subscriber->checkout(c);
}

/* A product by its SKU, as the platform gives it; JSON null when unknown.
   [suspends] */
#define hermod_product(c, sku) ((c)->host->subscriber->product((c), (sku)))

/* ---- tags ------------------------------------------------------------- */
/* All tags of ours begin with "sesamy_"; no other tag is ever touched.  Lists end
   with NULL; existing is what the other side has, in any order. */

/* The tags this subscriber should have: sorted, no doubles, each at most 99
   characters.  [suspends] the first time in a call, like the next three. */
static inline const char *const *
hermod_tags(struct hermod_call *c)
{
    return c->host->tags->wanted(c);
}

/* The existing ones that are not ours, and the wanted ones: for an other side that
   replaces the whole list. */
static inline const char *const *
hermod_tags_merge(struct hermod_call *c, const char *const *existing)
{
    return c->host->tags->merge(c, existing);
}

/* The wanted ones that do not exist yet. */
static inline const char *const *
hermod_tags_missing(struct hermod_call *c, const char *const *existing)
{
    return c->host->tags->missing(c, existing);
}

/* The existing ones that are ours and no longer wanted. */
static inline const char *const *
hermod_tags_stale(struct hermod_call *c, const char *const *existing)
{
    return c->host->tags->stale(c, existing);
}

/* ---- settings --------------------------------------------------------- */
/* One row per key of the plugin's section in a vendor's YAML file.  The host
   checks the file against the rows and fills the plugin's config struct.  Lists
   and maps end with NULL / a NULL key, and are never NULL themselves. */

struct hermod_pair {
    const char *key;
    const char *value;
};

enum hermod_setting_type {
    HERMOD_T_STRING = 1,        /* const char *; "" when not given           */
    HERMOD_T_BOOL,              /* bool                                      */
    HERMOD_T_INT,               /* int64_t, within min..max                  */
    HERMOD_T_DURATION,          /* int64_t milliseconds; YAML "30s", "5m"    */
    HERMOD_T_CHOICE,            /* const char *, one of choices              */
    HERMOD_T_STRINGS,           /* const char *const *; YAML: a list, or one */
    HERMOD_T_MAP                /* const struct hermod_pair *                */
};

#define HERMOD_REQUIRED 1u      /* must be in the file, and not empty        */
#define HERMOD_SECRET   2u      /* never logged, never shown                 */

struct hermod_setting {
    const char *name;           /* the YAML key and the field's name         */
    uint32_t    type;           /* enum hermod_setting_type                  */
    uint32_t    flags;
    uint32_t    offset;         /* of the field in the config struct         */
    uint32_t    reserved;
    const char *fallback;       /* as it would stand in YAML, or NULL        */
    const char *choices;        /* "a|b|c", or NULL                          */
    int64_t     min, max;       /* of an int, or of a duration in ms         */
    const char *help;           /* one sentence, for people                  */
};

#ifdef __cplusplus
#define HERMOD_FIELD_(T, f, type) ((uint32_t)offsetof(T, f))
#else                           /* a field of the wrong type does not compile */
#define HERMOD_FIELD_(T, f, type) \
    ((uint32_t)(offsetof(T, f) + 0 * sizeof(_Generic(((T *)0)->f, type: 0))))
#endif

#define HERMOD_ROW_(T, f, t, ctype, flags, fallback, choices, min, max, help) \
    { #f, (t), (flags), HERMOD_FIELD_(T, f, ctype), 0, (fallback), (choices), \
      (min), (max), (help) }
#define HERMOD_STRING(T, f, flags, fallback, help) \
    HERMOD_ROW_(T, f, HERMOD_T_STRING, const char *, flags, fallback, NULL, 0, 0, help)
#define HERMOD_BOOL(T, f, flags, fallback, help) \
    HERMOD_ROW_(T, f, HERMOD_T_BOOL, bool, flags, fallback, NULL, 0, 0, help)
#define HERMOD_INT(T, f, flags, fallback, min, max, help) \
    HERMOD_ROW_(T, f, HERMOD_T_INT, int64_t, flags, fallback, NULL, min, max, help)
#define HERMOD_DURATION(T, f, flags, fallback, min_ms, max_ms, help)             \
    HERMOD_ROW_(T, f, HERMOD_T_DURATION, int64_t, flags, fallback, NULL, min_ms, \
                max_ms, help)
#define HERMOD_CHOICE(T, f, flags, fallback, choices, help)                      \
    HERMOD_ROW_(T, f, HERMOD_T_CHOICE, const char *, flags, fallback, choices, 0, \
                0, help)
#define HERMOD_STRINGS(T, f, flags, help)                                       \
    HERMOD_ROW_(T, f, HERMOD_T_STRINGS, const char *const *, flags, NULL, NULL, \
                0, 0, help)
#define HERMOD_MAP(T, f, flags, help)                                        \
    HERMOD_ROW_(T, f, HERMOD_T_MAP, const struct hermod_pair *, flags, NULL, \
                NULL, 0, 0, help)
#define HERMOD_SETTINGS_END { NULL, 0, 0, 0, 0, NULL, NULL, 0, 0, NULL }

/* ---- the plugin ------------------------------------------------------- */

/* Defaults that an operator may change per destination.  0: the host's. */
struct hermod_limits {
    int64_t     concurrent;     /* deliveries at once; the host's is 10      */
    int64_t     requests;       /* HTTP requests in any per_ms; none         */
    int64_t     per_ms;
    int64_t     deadline_ms;    /* for one attempt; the host's is 60 s       */
    const char *credential;     /* the setting that names the account: the
                                   destinations where it is equal share the
                                   limits; or NULL                           */
};

struct hermod_plugin {
    uint32_t struct_size;       /* these four: set by HERMOD_PLUGIN()        */
    uint32_t setting_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    uint32_t reserved;

    const char *name;           /* [a-z][a-z0-9-]*, as in <name>.so          */
    const char *version;        /* yours; shown, never compared              */
    const char *summary;        /* one sentence, for people                  */

    const char *const *events;  /* types wanted, ends with NULL; or NULL: all*/
    const struct hermod_setting *settings; /* ends with HERMOD_SETTINGS_END;
                                              or NULL                        */
    size_t config_size;         /* of the struct the settings fill           */
    struct hermod_limits limits;

    /* Handle one event.  Called again with the same event after HERMOD_RETRY or
       a crash, so it must be safe to repeat.  Returns enum hermod_outcome. */
    int (*deliver)(struct hermod_call *c, const struct hermod_event *ev,
                   const void *config);

    /* Say whether the settings work, by asking the other side; or NULL.
       Called by `hermod check --live`.  Returns enum hermod_outcome. */
    int (*check)(struct hermod_call *c, const void *config);

    /* 1.1 and later add fields here, inside #if HERMOD_WANT_MINOR >= 1. */
};

#define HERMOD_SYMBOL "hermod_plugin_1"
extern HERMOD_EXPORT const struct hermod_plugin hermod_plugin_1;

#define HERMOD_PLUGIN_(...)                                        \
    const struct hermod_plugin hermod_plugin_1 = {                 \
        .struct_size  = (uint32_t)sizeof(struct hermod_plugin),    \
        .setting_size = (uint32_t)sizeof(struct hermod_setting),   \
        .abi_major    = HERMOD_ABI_MAJOR,                          \
        .abi_minor    = HERMOD_WANT_MINOR,                         \
        .reserved     = 0,                                         \
        __VA_ARGS__                                                \
    }
#ifdef __cplusplus              /* -Wextra there minds fields that are left out */
#define HERMOD_PLUGIN(...)                                                   \
    _Pragma("GCC diagnostic push")                                           \
    _Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")       \
    HERMOD_PLUGIN_(__VA_ARGS__);                                             \
    _Pragma("GCC diagnostic pop")                                            \
    extern HERMOD_EXPORT const struct hermod_plugin hermod_plugin_1
#else
#define HERMOD_PLUGIN(...) HERMOD_PLUGIN_(__VA_ARGS__)
#endif

#ifndef __cplusplus
#define HERMOD_EVENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#endif

#ifdef __cplusplus
}
#endif
#endif /* HERMOD_PLUGIN_H */
