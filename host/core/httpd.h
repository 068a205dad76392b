/* httpd.h - HTTP in: intake and admin. The only user of libmicrohttpd. Knows nothing of
   events. A request is handed over whole, and answered at once or later. */
#ifndef HERMOD_CORE_HTTPD_H
#define HERMOD_CORE_HTTPD_H

#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"

struct httpd;
struct http_in;                    /* one request: valid until it is answered */

typedef void httpd_fn(void *arg, struct http_in *in);
/* May this request's body be read? 0, or a status to answer at once (503 under pressure,
   401 ...) without reading the body; the callee may use http_in_* but not the body. */
typedef int httpd_gate_fn(void *arg, struct http_in *in, size_t content_length);

struct httpd_options {
    const char *host;
    uint16_t port;                 /* 0: any; httpd_port() tells */
    size_t max_body;               /* over it: 413 */
    size_t max_clients;
    int64_t idle_ms;               /* a client silent for so long is closed */
    size_t max_total_body;         /* bytes of unfinished bodies over all clients: then 503 */
    httpd_fn *handle;
    httpd_gate_fn *gate;           /* or NULL */
    /* Answers that httpd itself makes (413, 503 ...): body text for a status. */
    void (*problem)(void *arg, struct http_in *in, int status, const char *detail);
    void *arg;
};

/* NULL on failure, with *ret_error for people, to free(). */
struct httpd *httpd_new(struct loop *l, const struct httpd_options *o, char **ret_error);
uint16_t httpd_port(const struct httpd *h);
/* No new connections; what is under way goes on. */
void httpd_quiesce(struct httpd *h);
size_t httpd_open_requests(const struct httpd *h);
void httpd_free(struct httpd *h);          /* unanswered requests are cut off; takes NULL */
/* Serves what can be served now: once a turn after answers were given. */
void httpd_turn(struct httpd *h);

const char *http_in_method(const struct http_in *in);
const char *http_in_path(const struct http_in *in);        /* without the query, decoded */
const char *http_in_query(struct http_in *in, const char *name);   /* decoded; or NULL */
const char *http_in_header(struct http_in *in, const char *name);  /* or NULL */
const char *http_in_body(const struct http_in *in, size_t *ret_len);
/* The caller's word with the request, NULL at first. */
void **http_in_tag(struct http_in *in);

/* A header of the coming answer. */
void http_in_add_header(struct http_in *in, const char *name, const char *value);
/* Answers; body is copied. The request is gone afterwards. */
void http_in_answer(struct http_in *in, int status, const char *content_type,
                    const void *body, size_t len);
/* RFC 9457. pointer NULL or "": no member of that name. */
void http_in_problem(struct http_in *in, int status, const char *detail, const char *pointer);

#endif
