/* sink.c - see sink.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "sink.h"

struct conn {
    struct list link;
    struct sink *sink;
    struct loop_fd *watch;
    int fd;
    struct buf in, out;
    bool hangs, closing;
};

#define CONN_OF(node) LIST_OF(node, struct conn, link)

static void
conn_free(struct conn *c)
{
    struct sink *s = c->sink;

    s->hanging -= c->hangs;
    s->lost += c->hangs;
    s->open--;
    list_remove(&c->link);
    loop_unwatch(c->watch);
    close(c->fd);
    buf_free(&c->in);
    buf_free(&c->out);
    free(c);
}

/* false: the connection is gone. */
static bool
flush(struct conn *c)
{
    while (c->out.len > 0) {
        ssize_t n = send(c->fd, c->out.data, c->out.len, MSG_NOSIGNAL);

        if (n < 0 && errno == EAGAIN) {
            loop_watch_events(c->watch, LOOP_READ | LOOP_WRITE);
            return true;
        }
        if (n < 0) {
            conn_free(c);
            return false;
        }
        buf_consume(&c->out, (size_t)n);
    }
    loop_watch_events(c->watch, LOOP_READ);
    if (c->closing) {
        conn_free(c);
        return false;
    }
    return true;
}

static void
answer(struct conn *c, int status, const char *headers, const char *body, size_t len)
{
    buf_printf(&c->out, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n%s\r\n", status,
               status == 200 ? "OK" : "Whatever", len, headers);
    buf_add(&c->out, body, len);
}

static void
answer_big(struct conn *c, size_t len)
{
    char *body = xmalloc(len);

    memset(body, 'x', len);
    answer(c, 200, "", body, len);
    free(body);
}

static void
answer_headers(struct conn *c, int count)
{
    buf_str(&c->out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
    for (int i = 0; i < count; i++)
        buf_printf(&c->out, "X-%d: value\r\n", i);
    buf_str(&c->out, "\r\n");
}

/* A request has come whole; path begins in it. */
static void
serve(struct conn *c, const char *path, size_t request_len)
{
    struct sink *s = c->sink;
    int64_t number = strtoll(path + strcspn(path + 1, "/ ") + 2, NULL, 10);
    char text[64];

    if (str_starts(path, "/status/")) {
        snprintf(text, sizeof(text), "status %d", (int)number);
        answer(c, (int)number, number == 429 ? "Retry-After: 7\r\n" : "", text,
               number == 204 ? 0 : strlen(text));
    } else if (str_starts(path, "/echo")) {
        answer(c, 200, "X-Sink: yes\r\n", c->in.data, request_len);
    } else if (str_starts(path, "/hang")) {
        c->hangs = true;
        s->hanging++;
    } else if (str_starts(path, "/redirect")) {
        answer(c, 302, "Location: /landed\r\n", "", 0);
    } else if (str_starts(path, "/landed")) {
        s->landed++;
        answer(c, 200, "", "", 0);
    } else if (str_starts(path, "/big/")) {
        answer_big(c, (size_t)number);
    } else if (str_starts(path, "/headers/")) {
        answer_headers(c, (int)number);
    } else if (str_starts(path, "/cut")) {
        buf_str(&c->out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        c->closing = true;
    } else if (str_starts(path, "/garbage")) {
        buf_str(&c->out, "220 mail.example ESMTP\r\n");
        c->closing = true;
    } else if (str_starts(path, "/bye")) {
        answer(c, 200, "", "bye", 3);
        c->closing = true;
    } else {
        c->closing = true;                 /* /close */
    }
}

/* Bytes of the first request in c->in, 0 while it is not whole. */
static size_t
whole_request(const struct conn *c)
{
    const char *end, *length;
    size_t body = 0;

    if (c->in.len == 0 || !(end = strstr(c->in.data, "\r\n\r\n")))
        return 0;
    length = strcasestr(c->in.data, "\r\nContent-Length:");
    if (length && length < end)
        body = (size_t)strtoull(length + strlen("\r\nContent-Length:"), NULL, 10);
    body += (size_t)(end - c->in.data) + 4;
    return c->in.len >= body ? body : 0;
}

static void
on_conn(void *arg, unsigned events)
{
    struct conn *c = arg;
    char *room = buf_room(&c->in, 65536);
    ssize_t n = recv(c->fd, room, 65536, MSG_DONTWAIT);
    size_t len;

    (void)events;
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        conn_free(c);
        return;
    }
    if (n > 0) {
        c->in.len += (size_t)n;
        c->in.data[c->in.len] = '\0';
    }
    if (c->in.len > 0 && c->in.data[0] == 0x16) {      /* TLS: as a plain server answers */
        answer(c, 400, "", "", 0);
        c->closing = true;
    }
    while (!c->hangs && !c->closing && (len = whole_request(c)) > 0) {
        struct sink *s = c->sink;

        s->requests++;
        buf_reset(&s->last);
        buf_add(&s->last, c->in.data, len);
        serve(c, strchr(c->in.data, ' ') + 1, len);
        buf_consume(&c->in, len);
    }
    flush(c);
}

static void
on_listen(void *arg, unsigned events)
{
    struct sink *s = arg;
    int fd;

    (void)events;
    while ((fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        struct conn *c = xcalloc(1, sizeof(*c));

        c->sink = s;
        c->fd = fd;
        buf_init(&c->in, 4 * 1024 * 1024);
        buf_init(&c->out, 4 * 1024 * 1024);
        c->watch = loop_watch(s->loop, fd, LOOP_READ, on_conn, c);
        list_push_back(&s->conns, &c->link);
        s->connections++;
        s->open++;
    }
}

struct sink *
sink_new(struct loop *l)
{
    struct sink *s = xcalloc(1, sizeof(*s));
    struct sockaddr_in sa = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(sa);
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    s->loop = l;
    list_init(&s->conns);
    buf_init(&s->last, 4 * 1024 * 1024);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
        listen(s->fd, 4096) < 0 || getsockname(s->fd, (struct sockaddr *)&sa, &len) < 0)
        die("sink: %s", strerror(errno));
    s->port = ntohs(sa.sin_port);
    s->watch = loop_watch(l, s->fd, LOOP_READ, on_listen, s);
    return s;
}

void
sink_release(struct sink *s, size_t count)
{
    LIST_EACH_SAFE(node, &s->conns) {
        struct conn *c = CONN_OF(node);

        if (!c->hangs || count == 0)
            continue;
        count--;
        c->hangs = false;
        s->hanging--;
        answer(c, 200, "", "", 0);
        flush(c);
    }
}

void
sink_free(struct sink *s)
{
    while (!list_empty(&s->conns))
        conn_free(CONN_OF(s->conns.next));
    loop_unwatch(s->watch);
    close(s->fd);
    buf_free(&s->last);
    free(s);
}
