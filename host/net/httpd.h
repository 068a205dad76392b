/* httpd.h - HTTP in: intake and admin. The only user of libmicrohttpd. Knows nothing of
   events. A request is handed over whole, and answered at once or later. */
#ifndef HERMOD_NET_HTTPD_H
#define HERMOD_NET_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"

struct httpd;
/* One request: valid until it is answered, also when the client has gone meanwhile (then
   its headers are, and the answer will be, nothing). Each must be answered once. */
struct http_in;

typedef void httpd_fn(void *arg, struct http_in *in);
/* May this request's body be kept? 0; or a status (503 under pressure, 401 ...), and then
   the body is not kept: the callee has answered, or httpd does with that status. The callee
   may use http_in_* but not the body. content_length SIZE_MAX: not known (chunked). */
typedef int httpd_gate_fn(void *arg, struct http_in *in, size_t content_length);

struct httpd_options {
    const char *host;
    uint16_t port;                 /* 0: any; httpd_port() tells */
    size_t max_body;               /* over it: 413 */
    size_t max_clients;
    int64_t idle_ms;               /* a client without a request for so long is closed, as is
                                      one that does not take its answer */
    int64_t request_ms;            /* from a request's headers to the end of its body; 0: 30 s */
    size_t max_total_body;         /* bytes of unfinished bodies over all clients: then 503 */
    httpd_fn *handle;
    httpd_gate_fn *gate;           /* or NULL */
    /* Answers that httpd itself makes (413, 503 ...): body text for a status. */
    void (*problem)(void *arg, struct http_in *in, int status, const char *detail);
    void (*release)(void *arg);    /* arg is no longer used: at httpd_free(); or NULL */
    void *arg;
};

/* Waits some seconds for an address that is still in use; raises the process's limit of
   open files. NULL on failure, with *ret_error for people, to free(). */
struct httpd *httpd_new(struct loop *l, const struct httpd_options *o, char **ret_error);
uint16_t httpd_port(const struct httpd *h);
/* No new connections, idle ones are closed; what is under way goes on. */
void httpd_quiesce(struct httpd *h);
/* Requests from their headers until their answer is sent. */
size_t httpd_open_requests(const struct httpd *h);
/* Takes NULL. Unanswered requests are cut off; each stays valid until it is answered, which
   does nothing then. Not to be called from within a callback of this httpd. */
void httpd_free(struct httpd *h);
/* Sends the answers given, if there are any: once a turn, after they were given. May hand
   over further requests. */
void httpd_turn(struct httpd *h);

const char *http_in_method(const struct http_in *in);
const char *http_in_path(const struct http_in *in);        /* without the query, decoded */
const char *http_in_raw_path(const struct http_in *in);    /* the same as it was sent */
const char *http_in_query(struct http_in *in, const char *name);   /* decoded; or NULL */
const char *http_in_header(struct http_in *in, const char *name);  /* or NULL */
/* Does Host name this machine itself ("localhost", 127.0.0.1, [::1])? A page in a browser on
   this machine can send requests here, but under its own name only. True without Host. */
bool http_in_is_local(struct http_in *in);
const char *http_in_body(const struct http_in *in, size_t *ret_len);
/* The caller's word with the request, NULL at first. */
void **http_in_tag(struct http_in *in);

/* A header of the coming answer. value must not hold control characters. */
void http_in_add_header(struct http_in *in, const char *name, const char *value);
/* Answers; body is copied. The request is gone afterwards. */
void http_in_answer(struct http_in *in, int status, const char *content_type,
                    const void *body, size_t len);
/* Answers with nothing but the connection reset: for stand-ins that misbehave. */
void http_in_reset(struct http_in *in);
/* RFC 9457. pointer NULL or "": no member of that name. */
void http_in_problem(struct http_in *in, int status, const char *detail, const char *pointer);

#endif
