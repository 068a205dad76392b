/* httpd.c - libmicrohttpd on our loop: its descriptor, its timer and the limits of time. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/httpd_parts.h"
#include "model/caps.h"

#define PATIENCE_MS 5000           /* for a killed predecessor's socket to go */
#define REQUEST_MS 30000
#define SPARE_FILES 128            /* for the journal, the roles, the other address */

/* A time that is over for the phase: 0 means no limit. */
static int64_t
limit_ms(const struct httpd *h, enum http_phase phase)
{
    switch (phase) {
    case HTTP_READING:
        return h->options.request_ms;
    case HTTP_IDLE:
    case HTTP_SENDING:
        return h->options.idle_ms;
    default:
        return 0;
    }
}

void
http_enter(struct http_in *in, enum http_phase phase)
{
    in->phase = phase;
    in->since_ms = in->httpd->now_ms;
    list_remove(&in->link);
    list_push_back(&in->httpd->phases[phase], &in->link);
}

/* libmicrohttpd sees the end of the connection at its next run and clears up. */
static void
cut(struct http_in *in)
{
    const struct linger at_once = { .l_onoff = 1 };

    list_remove(&in->link);
    if (in->phase == HTTP_SENDING)         /* do not keep what the client does not take */
        setsockopt(in->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    shutdown(in->fd, SHUT_RDWR);
}

/* Cuts whoever is over the limit; returns when the next one may be, or INT64_MAX. */
static int64_t
expire(struct httpd *h)
{
    int64_t next_ms = INT64_MAX;

    for (enum http_phase p = 0; p < HTTP_PHASES; p++) {
        int64_t limit = limit_ms(h, p);

        while (limit > 0 && !list_empty(&h->phases[p])) {
            struct http_in *in = LIST_OF(h->phases[p].next, struct http_in, link);

            if (in->since_ms + limit > h->now_ms) {
                if (in->since_ms + limit < next_ms)
                    next_ms = in->since_ms + limit;
                break;
            }
            cut(in);
        }
    }
    return next_ms;
}

/* Timers are cheap but not free: an earlier due time is left standing. */
static void
arm(struct httpd *h, int64_t due_ms)
{
    if (due_ms == INT64_MAX || (h->timer_ms > h->now_ms && h->timer_ms <= due_ms))
        return;
    h->timer_ms = due_ms;
    loop_timer_set(h->timer, due_ms > h->now_ms ? due_ms - h->now_ms : 0);
}

static void
run(struct httpd *h)
{
    MHD_UNSIGNED_LONG_LONG timeout;
    int64_t next_ms;

    if (h->running)
        return;
    h->running = true;
    h->again = h->woken = false;
    h->now_ms = clock_mono_ms();
    h->runs++;
    MHD_run(h->daemon);
    /* An answer is sent in one run, and the request is over in the next. */
    if (!list_empty(&h->phases[HTTP_SENDING]))
        MHD_run(h->daemon);
    next_ms = expire(h);
    /* libmicrohttpd says so when it has something to do, but not when a place for a client
       has become free. */
    if (h->again || (MHD_get_timeout(h->daemon, &timeout) == MHD_YES && timeout == 0))
        next_ms = h->now_ms;
    h->running = false;
    arm(h, next_ms);
}

static void
on_ready(void *arg, UNUSED unsigned events)
{
    run(arg);
}

static void
on_timer(void *arg)
{
    struct httpd *h = arg;

    h->timer_ms = -1;
    run(h);
}

void
http_wake(struct httpd *h)
{
    if (h->running || h->woken)
        return;
    h->woken = true;
    arm(h, h->now_ms);
}

void
httpd_turn(struct httpd *h)
{
    if (h->woken)
        run(h);
}

/* Percent signs stay: a decoded slash could not be told from a separator. */
static size_t
keep_escapes(UNUSED void *cls, UNUSED struct MHD_Connection *conn, char *text)
{
    return strlen(text);
}

static struct MHD_Daemon *
start(struct httpd *h, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, http_on_request, h,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket)fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)h->max_clients,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CAP_HTTP_HEADERS,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u,
        MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, h,
        MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, h,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

struct httpd *
httpd_new(struct loop *l, const struct httpd_options *o, char **ret_error)
{
    struct httpd *h = xcalloc(1, sizeof(*h));
    size_t files = http_raise_files();
    int fd;

    h->options = *o;
    h->loop = l;
    h->timer_ms = -1;
    h->now_ms = clock_mono_ms();
    if (h->options.request_ms == 0)
        h->options.request_ms = REQUEST_MS;
    h->max_clients = files > 2 * SPARE_FILES ? files - SPARE_FILES : files / 2;
    if (h->max_clients > o->max_clients)
        h->max_clients = o->max_clients;
    for (int p = 0; p < HTTP_PHASES; p++)
        list_init(&h->phases[p]);
    if (http_listen(o->host, o->port, PATIENCE_MS, &fd, &h->port, ret_error) < 0) {
        free(h);
        return NULL;
    }
    h->daemon = start(h, fd);
    if (!h->daemon) {
        *ret_error = xasprintf("cannot serve HTTP on port %u: libmicrohttpd did not start",
                               (unsigned)h->port);
        close(fd);
        free(h);
        return NULL;
    }
    h->watch = loop_watch(l, MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
                          LOOP_READ, on_ready, h);
    h->timer = loop_timer_new(l, on_timer, h);
    run(h);                                /* puts the listening socket into its epoll */
    return h;
}

uint16_t
httpd_port(const struct httpd *h)
{
    return h->port;
}

size_t
httpd_open_requests(const struct httpd *h)
{
    return h->open;
}

void
httpd_quiesce(struct httpd *h)
{
    int fd;

    if (h->quiesced)
        return;
    h->quiesced = true;
    fd = MHD_quiesce_daemon(h->daemon);
    if (fd >= 0)
        close(fd);
    LIST_EACH_SAFE(node, &h->phases[HTTP_IDLE])
        cut(LIST_OF(node, struct http_in, link));
    http_wake(h);
}

/* The requests that were handed over outlive the server: whoever has them answers once. */
static void
let_go(struct http_in *in)
{
    list_remove(&in->link);
    in->httpd = NULL;
    if (in->suspended)
        MHD_resume_connection(in->conn);
}

void
httpd_free(struct httpd *h)
{
    if (!h)
        return;
    LIST_EACH_SAFE(node, &h->phases[HTTP_HANDLING])
        let_go(LIST_OF(node, struct http_in, link));
    loop_unwatch(h->watch);
    loop_timer_free(h->timer);
    h->running = true;
    MHD_stop_daemon(h->daemon);
    if (h->options.release)
        h->options.release(h->options.arg);
    free(h);
}
