/* httpd_parts.h - what httpd.c, httpd_request.c and httpd_answer.c share. Nothing else
   includes it. */
#ifndef HERMOD_NET_HTTPD_PARTS_H
#define HERMOD_NET_HTTPD_PARTS_H

#include <stdbool.h>

#include <microhttpd.h>

#include "base/arena.h"
#include "base/list.h"
#include "net/httpd.h"

/* What a client is doing:

       IDLE --headers--> READING --body whole--> HANDLING --answered--> SENDING --> IDLE

   All but HANDLING have a limit of time, counted from when the phase began, so that a
   client that sends or takes a byte now and then does not stay for ever. */
enum http_phase { HTTP_IDLE, HTTP_READING, HTTP_HANDLING, HTTP_SENDING, HTTP_PHASES };

struct httpd {
    struct httpd_options options;
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct loop_fd *watch;
    struct loop_timer *timer;
    int64_t timer_ms;              /* when the timer is due, monotonic; -1: stopped */
    int64_t now_ms;                /* monotonic, of this run */
    int64_t full_logged_ms;
    unsigned runs;                 /* counts MHD_run() */
    bool running, quiesced;
    bool again;                    /* run once more soon */
    bool woken;                    /* there are answers to send */
    uint16_t port;
    size_t clients, max_clients;
    size_t open;                   /* requests under way */
    size_t body_bytes;             /* held of them */
    struct list phases[HTTP_PHASES];       /* of http_in, the longest in it first */
};

/* A client and its one request at a time; made when it connects. */
struct http_in {
    struct httpd *httpd;           /* NULL once that was freed */
    struct MHD_Connection *conn;
    int fd;
    bool gone;                     /* the request ended without an answer; conn is of no use */
    bool closed;                   /* conn is no more */
    bool suspended;
    bool answered;                 /* reply and status are set */
    enum http_phase phase;
    struct list link;
    int64_t since_ms;              /* when the phase began */
    unsigned run;                  /* when the request was handed over */
    void *tag;

    const char *method, *raw_path, *path;
    struct arena scratch;          /* of this request: decoded text, headers to add */
    struct http_added *added;

    char *body;
    size_t body_len, body_size;
    size_t declared;               /* Content-Length; SIZE_MAX: chunked */
    size_t drained;                /* bytes of a refused body */
    bool expects;                  /* the client waits before it sends the body */

    /* The last answer, kept for the next: most are alike in all but some bytes. */
    struct MHD_Response *reply;
    char *reply_body;
    size_t reply_len;
    char reply_type[48];
    bool reply_plain;              /* no headers besides the type */
    int status;
};

struct http_added {
    struct http_added *next;
    const char *name, *value;
};

/* httpd_listen.c: a listening socket; see httpd_new(). */
int http_listen(const char *host, uint16_t port, int64_t patience_ms, int *ret_fd,
                uint16_t *ret_port, char **ret_error);
/* Raises the soft limit of open files to the hard one and returns it. */
size_t http_raise_files(void);

/* httpd.c */
void http_enter(struct http_in *in, enum http_phase phase);
void http_wake(struct httpd *h);           /* runs it in the next turn */

/* httpd_request.c: libmicrohttpd's callbacks. */
enum MHD_Result http_on_request(void *cls, struct MHD_Connection *conn, const char *url,
                                const char *method, const char *version, const char *data,
                                size_t *data_len, void **tag);
void http_on_completed(void *cls, struct MHD_Connection *conn, void **tag,
                       enum MHD_RequestTerminationCode how);
void http_on_connection(void *cls, struct MHD_Connection *conn, void **tag,
                        enum MHD_ConnectionNotificationCode what);

/* httpd_answer.c: gives the answer that is set to libmicrohttpd; frees what is kept. */
void http_send(struct http_in *in);
void http_drop_reply(struct http_in *in);
void http_in_free(struct http_in *in);

#endif
