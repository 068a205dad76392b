/* platform.h - a scripted platform for the tests of the source role: a token endpoint and an API
   on one port of loopback, served by the loop under test. */
#ifndef HERMOD_TESTS_PLATFORM_H
#define HERMOD_TESTS_PLATFORM_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/loop.h"

struct platform;
/* Writes a whole reply: reply(). target is what was asked for, with its query. */
typedef void platform_serve_fn(struct platform *p, const char *method, const char *target,
                               const char *request, struct buf *out);

struct guest {
    struct guest *next;
    struct platform *platform;
    struct loop_fd *watch;
    int fd;
    struct buf in;
};
struct platform {
    struct loop *loop;
    struct loop_fd *watch;
    int fd;
    uint16_t port;
    struct guest *guests;
    platform_serve_fn *serve;
    void *arg;
    unsigned tokens;                       /* asked for so far */
    unsigned asked;                        /* requests to the API */
    char targets[400][200];                /* in order */
    struct buf last;                       /* the last request to the API, head and all */
    struct buf last_token;                 /* the same for tokens */
};

static inline void
reply(struct buf *out, int status, const char *headers, const char *body)
{
    buf_printf(out, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\n%s"
                    "Content-Length: %zu\r\n\r\n%s", status, headers, strlen(body), body);
}

static inline void
platform_answer(struct platform *p, const char *request, struct buf *out)
{
    char method[16] = "", target[1024] = "";

    sscanf(request, "%15s %1023s", method, target);
    if (strcmp(target, "/oauth/token") == 0) {
        p->tokens++;
        buf_reset(&p->last_token);
        buf_str(&p->last_token, request);
    } else {
        if (p->asked < 400)
            snprintf(p->targets[p->asked], sizeof(p->targets[0]), "%.199s", target);
        p->asked++;
        buf_reset(&p->last);
        buf_str(&p->last, request);
    }
    p->serve(p, method, target, request, out);
}

static inline void
guest_ready(void *arg, unsigned events)
{
    struct guest *g = arg;
    char chunk[4096];
    ssize_t n = read(g->fd, chunk, sizeof(chunk));
    const char *end, *length;
    size_t whole;

    (void)events;
    if (n <= 0) {
        loop_watch_events(g->watch, 0);
        return;
    }
    buf_add(&g->in, chunk, (size_t)n);
    while ((end = strstr(buf_text(&g->in), "\r\n\r\n"))) {
        struct buf out = BUF_INIT(1 << 24);

        length = strcasestr(g->in.data, "Content-Length:");
        whole = (size_t)(end + 4 - g->in.data);
        if (length && length < end)
            whole += (size_t)strtol(length + 15, NULL, 10);
        if (g->in.len < whole)
            return;
        platform_answer(g->platform, g->in.data, &out);
        for (size_t at = 0; at < out.len;) {
            n = send(g->fd, out.data + at, out.len - at, MSG_NOSIGNAL);
            if (n > 0)
                at += (size_t)n;
            else if (errno != EAGAIN)
                break;
        }
        buf_free(&out);
        buf_consume(&g->in, whole);
    }
}

static inline void
platform_accept(void *arg, unsigned events)
{
    struct platform *p = arg;
    int fd = accept(p->fd, NULL, NULL), large = 4 << 20;
    struct guest *g;

    (void)events;
    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &large, sizeof(large));
    g = xcalloc(1, sizeof(*g));
    g->platform = p;
    g->fd = fd;
    buf_init(&g->in, 1 << 20);
    g->next = p->guests;
    p->guests = g;
    g->watch = loop_watch(p->loop, fd, LOOP_READ, guest_ready, g);
}

static inline void
platform_open(struct platform *p, struct loop *l, platform_serve_fn *serve, void *arg)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);

    memset(p, 0, sizeof(*p));
    p->loop = l;
    p->serve = serve;
    p->arg = arg;
    buf_init(&p->last, 1 << 20);
    buf_init(&p->last_token, 1 << 20);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(p->fd, (void *)&at, sizeof(at)) < 0 || listen(p->fd, 64) < 0)
        abort();
    getsockname(p->fd, (void *)&at, &len);
    p->port = ntohs(at.sin_port);
    p->watch = loop_watch(l, p->fd, LOOP_READ, platform_accept, p);
}

static inline void
platform_close(struct platform *p)
{
    while (p->guests) {
        struct guest *g = p->guests;

        p->guests = g->next;
        loop_unwatch(g->watch);
        close(g->fd);
        buf_free(&g->in);
        free(g);
    }
    loop_unwatch(p->watch);
    close(p->fd);
    buf_free(&p->last);
    buf_free(&p->last_token);
}

#endif
