/* http_curl.c - see http.h. The only user of libcurl here: its multi interface, driven by
   sockets and one timer of our loop. What one request asks of an easy handle is in
   http_handle.c. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/caps.h"
#include "net/http_handle.h"

#define HANDLES_KEPT 256                   /* idle ones, a few KiB each */
#define CONNECTIONS_KEPT 1024              /* idle ones; with TLS some 50 KiB each */
#define ROUNDS_A_TURN 8                    /* then the descriptors have their turn */

/* One scheme, host and port. libcurl looks for a connection to use again by walking all that
   go there; when thousands are busy and none is idle, we know better and say so. */
struct http_endpoint {
    char *origin;
    size_t refs;                           /* sockets and transfers */
    size_t idle;                           /* connections without a request */
    bool multiplexes;                      /* a busy connection takes more requests */
};
struct socket {
    struct loop_fd *watch;
    int fd;
    struct http *http;
    struct http_endpoint *endpoint;
    bool in_use;                           /* by libcurl, right now */
};

struct http {
    struct loop *loop;
    struct loop_timer *timer;
    CURLM *multi;
    CURLSH *share;
    bool kick;                             /* libcurl wants to be called at once */
    struct gate gate;
    struct map endpoints;                  /* origin -> struct http_endpoint */
    struct list queue;                     /* struct http_transfer, to be sent */
    struct list idle;                      /* struct http_handle */
    size_t idle_count;
    size_t busy, busy_told;                /* handles under way; as libcurl knows it */
    struct socket **sockets;               /* by descriptor */
    size_t socket_size;
};

#define TRANSFER_OF(node) LIST_OF(node, struct http_transfer, link)
#define TRANSFER_OF_PASS(p) \
    ((struct http_transfer *)(void *)((char *)(p) - offsetof(struct http_transfer, pass)))

static void collect_done(struct http *h);

/* ---- endpoints ---- */

static struct http_endpoint *
endpoint_ref(struct http *h, const char *url)
{
    const char *host = strstr(url, "://");
    size_t len = host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") : strlen(url);
    struct http_endpoint *e = map_get(&h->endpoints, url, len);

    if (!e) {
        e = xcalloc(1, sizeof(*e));
        e->origin = xmemdup0(url, len);
        map_put(&h->endpoints, url, len, e);
    }
    e->refs++;
    return e;
}

static void
endpoint_unref(struct http *h, struct http_endpoint *e)
{
    if (--e->refs > 0)
        return;
    map_del(&h->endpoints, e->origin, strlen(e->origin));
    free(e->origin);
    free(e);
}

static void
set_in_use(struct socket *s, bool in_use)
{
    if (s->endpoint && s->in_use && !in_use)
        s->endpoint->idle++;
    if (s->endpoint && !s->in_use && in_use)
        s->endpoint->idle--;
    s->in_use = in_use;
}

/* ---- sockets ---- */

static struct socket *
socket_of(struct http *h, int fd)
{
    size_t size = h->socket_size;

    if ((size_t)fd >= size) {
        h->socket_size = (size_t)fd + 64 > 2 * size ? (size_t)fd + 64 : 2 * size;
        h->sockets = xrealloc(h->sockets, h->socket_size, sizeof(*h->sockets));
        memset(h->sockets + size, 0, (h->socket_size - size) * sizeof(*h->sockets));
    }
    return h->sockets[fd];
}

static void
on_socket_ready(void *arg, unsigned events)
{
    struct socket *s = arg;
    struct http *h = s->http;
    int running, mask = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
                        (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0);

    if (!s->in_use) {                      /* idle: libcurl looks before it uses it again */
        loop_watch_events(s->watch, 0);
        return;
    }
    curl_multi_socket_action(h->multi, s->fd, mask, &running);
    collect_done(h);
}

static struct socket *
socket_new(struct http *h, int fd, CURL *easy)
{
    struct socket *s = xcalloc(1, sizeof(*s));
    struct http_handle *hd = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &hd);
    s->fd = fd;
    s->http = h;
    if (hd && hd->transfer) {              /* not one of libcurl's own handles */
        s->endpoint = hd->transfer->endpoint;
        s->endpoint->refs++;
        s->endpoint->idle++;               /* until it is put to use */
    }
    s->watch = loop_watch(h->loop, fd, 0, on_socket_ready, s);
    h->sockets[fd] = s;
    return s;
}

/* libcurl forgets a connection's socket between two requests; we keep watching it, which
   saves taking it out of the loop and putting it back each time. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *unused)
{
    struct http *h = arg;
    struct socket *s = socket_of(h, fd);
    unsigned events = (what & CURL_POLL_IN ? LOOP_READ : 0) |
                      (what & CURL_POLL_OUT ? LOOP_WRITE : 0);

    (void)unused;
    if (what == CURL_POLL_REMOVE) {
        if (s)
            set_in_use(s, false);
        return 0;
    }
    if (!s)
        s = socket_new(h, fd, easy);
    set_in_use(s, true);
    loop_watch_events(s->watch, events);
    return 0;
}

int
http_close_socket(void *arg, curl_socket_t fd)
{
    struct http *h = arg;
    struct socket *s = socket_of(h, fd);

    if (s) {
        set_in_use(s, true);
        if (s->endpoint)
            endpoint_unref(h, s->endpoint);
        loop_unwatch(s->watch);
        free(s);
        h->sockets[fd] = NULL;
    }
    return close(fd);
}

static int
on_timer_wanted(CURLM *multi, long wait_ms, void *arg)
{
    struct http *h = arg;

    (void)multi;
    h->kick = wait_ms == 0;
    if (wait_ms > 0)
        loop_timer_set(h->timer, wait_ms);
    else
        loop_timer_stop(h->timer);
    return 0;
}

static void
on_timer(void *arg)
{
    struct http *h = arg;

    h->kick = true;                        /* http_turn() comes before the loop waits */
}

void
http_opens(struct http *h, struct http_transfer *t)
{
    gate_found(&h->gate, &t->pass, clock_mono_ms());
}

void
http_reuses(struct http *h, struct http_transfer *t)
{
    if (t->pass.leads)                     /* but there was no lookup: the next one looks */
        gate_leave(&h->gate, &t->pass);
}

/* ---- requests ---- */

struct http *
http_new(struct loop *l)
{
    struct http *h = xcalloc(1, sizeof(*h));

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        die("libcurl cannot start");
    h->loop = l;
    h->timer = loop_timer_new(l, on_timer, h);
    gate_init(&h->gate);
    list_init(&h->queue);
    list_init(&h->idle);
    h->share = curl_share_init();
    curl_share_setopt(h->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    h->multi = curl_multi_init();
    if (!h->multi || !h->share)
        die("libcurl has no memory");
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    return h;
}

static void
give_back(struct http *h, struct http_handle *hd)
{
    h->busy--;
    if (h->idle_count < HANDLES_KEPT) {
        list_push_front(&h->idle, &hd->link);
        h->idle_count++;
    } else {
        http_handle_free(hd);
    }
}

static struct http_handle *
take_handle(struct http *h)
{
    struct list *node = list_pop_front(&h->idle);

    h->busy++;
    if (!node)
        return http_handle_new(h, h->share);
    h->idle_count--;
    return LIST_OF(node, struct http_handle, link);
}

void
http_free(struct http *h)
{
    struct list *node;

    if (!h)
        return;
    while ((node = list_pop_front(&h->idle)))
        http_handle_free(LIST_OF(node, struct http_handle, link));
    curl_multi_cleanup(h->multi);
    curl_share_cleanup(h->share);
    loop_timer_free(h->timer);
    gate_free(&h->gate);
    map_free(&h->endpoints);
    free(h->sockets);
    free(h);
    curl_global_cleanup();
}

/* Answers may hold personal data. */
static void
leave(struct http *h, struct http_transfer *t)
{
    if (t->endpoint)
        endpoint_unref(h, t->endpoint);
    t->endpoint = NULL;
    gate_leave(&h->gate, &t->pass);
    mem_wipe(t->headers.data, t->headers.len);
    mem_wipe(t->body.data, t->body.len);
    buf_free(&t->headers);
    buf_free(&t->body);
}

static void
finish(struct http *h, struct http_transfer *t)
{
    leave(h, t);
    t->q->done = true;
    t->done(t);
}

static void
finish_without_answer(struct http *h, struct http_transfer *t, const char *error)
{
    t->q->response.pub.error = error;
    t->q->response.pub.body = "";
    finish(h, t);
}

/* Takes the handle off t. */
static void
detach(struct http *h, struct http_transfer *t)
{
    curl_multi_remove_handle(h->multi, t->handle->easy);
    t->handle->transfer = NULL;
    give_back(h, t->handle);
    t->handle = NULL;
}

static void
collect_done(struct http *h)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(h->multi, &left))) {
        struct http_handle *hd;
        struct http_transfer *t;
        CURLcode code = msg->data.result;

        if (msg->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &hd);
        t = hd->transfer;
        if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_OPERATION_TIMEDOUT)
            gate_failed(&h->gate, &t->pass);
        t->endpoint->multiplexes |= http_handle_answer(hd, code);
        detach(h, t);
        finish(h, t);
    }
}

static void
launch(struct http *h, struct http_transfer *t)
{
    struct http_handle *hd = take_handle(h);
    const char *wrong;

    t->handle = hd;
    hd->transfer = t;
    t->endpoint = endpoint_ref(h, t->q->url);
    wrong = http_handle_prepare(hd, t->endpoint->idle == 0 && !t->endpoint->multiplexes);
    if (!wrong && curl_multi_add_handle(h->multi, hd->easy) != CURLM_OK)
        wrong = "libcurl takes no more requests";
    if (!wrong)
        return;
    hd->transfer = NULL;
    t->handle = NULL;
    give_back(h, hd);
    finish_without_answer(h, t, wrong);
}

void
http_transfer_init(struct http_transfer *t, struct hermod_request *q, struct arena *a,
                   const struct cidr *allow, size_t allow_count, http_done_fn *done)
{
    *t = (struct http_transfer){ .q = q, .arena = a, .allow = allow, .allow_count = allow_count,
                                 .done = done };
    list_init(&t->link);
    list_init(&t->pass.link);
    buf_init(&t->headers, CAP_RESPONSE_HEADERS);
    buf_init(&t->body, CAP_RESPONSE);
}

void
http_start(struct http *h, struct http_transfer *t)
{
    list_push_back(&h->queue, &t->link);
}

void
http_cancel(struct http *h, struct http_transfer *t)
{
    if (t->q->done)
        return;
    list_remove(&t->link);
    if (t->handle)
        detach(h, t);
    leave(h, t);
}

bool
http_queued(const struct http *h)
{
    return !list_empty(&h->queue);
}

/* libcurl's limit counts the busy ones too: a fixed one would close every idle connection as
   soon as so many requests hang. */
static void
keep_connections(struct http *h)
{
    if (h->busy == h->busy_told)
        return;
    h->busy_told = h->busy;
    curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)h->busy + CONNECTIONS_KEPT);
}

/* Sends, or has wait for the lookup of its host, all that is queued. */
static void
start_queued(struct http *h)
{
    struct gate_pass *p;
    struct list *node;
    char host[HTTP_HOST_MAX];

    while ((node = list_pop_front(&h->queue))) {
        struct http_transfer *t = TRANSFER_OF(node);

        if (!http_url_host(t->q->url, host) ||
            gate_enter(&h->gate, &t->pass, host, clock_mono_ms()))
            launch(h, t);
    }
    while ((p = gate_next_go(&h->gate)))
        launch(h, TRANSFER_OF_PASS(p));
    while ((p = gate_next_failed(&h->gate)))
        finish_without_answer(h, TRANSFER_OF_PASS(p), HTTP_NO_SUCH_HOST);
}

void
http_turn(struct http *h)
{
    int running;

    for (int i = 0; i < ROUNDS_A_TURN; i++) {
        start_queued(h);
        keep_connections(h);
        if (!h->kick)
            return;
        h->kick = false;
        curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        collect_done(h);
    }
    loop_timer_set(h->timer, 0);
}
