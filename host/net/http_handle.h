/* http_handle.h - one libcurl easy handle and the request it carries: what is asked of
   libcurl, and what its answer becomes. For http_curl.c only. */
#ifndef HERMOD_NET_HTTP_HANDLE_H
#define HERMOD_NET_HTTP_HANDLE_H

#include <curl/curl.h>

#include "base/list.h"
#include "net/http.h"

#define HTTP_HOST_MAX 256
#define HTTP_NO_SUCH_HOST "the host's name cannot be resolved"

struct http_handle {
    CURL *easy;
    struct list link;                      /* among the idle */
    struct http *http;
    struct http_transfer *transfer;        /* while in use */
    char refused[64];                      /* an address it must not go to; "" */
    char error[CURL_ERROR_SIZE];
};

struct http_handle *http_handle_new(struct http *h, CURLSH *share);
void http_handle_free(struct http_handle *hd);
/* Sets all options that differ from request to request. fresh: there is no connection that
   could be used again. NULL, or what is wrong. */
const char *http_handle_prepare(struct http_handle *hd, bool fresh);
/* Fills the transfer's response. true: its connection takes several requests at once. */
bool http_handle_answer(struct http_handle *hd, CURLcode code);

/* The host of an absolute URL when it must be looked up: not a number, not "localhost". */
bool http_url_host(const char *url, char ret_host[HTTP_HOST_MAX]);

/* http_curl.c: a socket is being opened for t, so its host has been looked up; t goes out,
   on a connection that may be an old one. */
void http_opens(struct http *h, struct http_transfer *t);
void http_reuses(struct http *h, struct http_transfer *t);
int http_close_socket(void *http, curl_socket_t fd);

#endif
