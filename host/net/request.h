/* request.h - an HTTP request and its answer, as data: what the http group hands plugins, what
   the network takes and fills. */
#ifndef HERMOD_NET_REQUEST_H
#define HERMOD_NET_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hermod/plugin.h>

struct http_header {
    const char *name, *value;
};

/* The answer, with what the SDK's part does not show. */
struct response {
    struct hermod_response pub;            /* first: &r->pub is what plugins see */
    struct http_header *headers;
    size_t header_count;
};

/* An HTTP request and, once done, its answer; all in one arena. */
struct hermod_request {
    const char *method;
    const char *url;                       /* absolute, encoded */
    struct http_header *headers;
    size_t header_count;
    const void *body;                      /* NULL: none */
    size_t body_len;
    int64_t timeout_ms;
    bool started, done;
    struct response response;              /* valid once done */
    void *transfer;                        /* the far side's own */
    struct hermod_request *next;           /* made by the same call before it */
    size_t header_room, body_room;         /* allocated for the two above */
    int body_kind;                         /* svc_http.c's own */
};

#endif
