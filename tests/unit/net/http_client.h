/* http_client.h - a client on a plain socket for the tests of httpd, intake and admin. It
   drives the loop of the server, which is in the same process, while it waits. */
#ifndef HERMOD_TESTS_HTTP_CLIENT_H
#define HERMOD_TESTS_HTTP_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"

#define CLIENT_WAIT_MS 20000       /* far more than any step takes: then the test has failed */

struct client {
    struct loop *loop;
    int fd;
    struct buf got;
    bool eof;
};

struct answer {
    int status;                    /* 0: the connection ended, or no answer in time */
    char *head;                    /* the status line and headers */
    char *body;
    size_t body_len;
};

static UNUSED void
answer_free(struct answer *a)
{
    free(a->head);
    free(a->body);
    *a = (struct answer){ 0 };
}

static UNUSED void
client_open(struct client *c, struct loop *l, uint16_t port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    *c = (struct client){ .loop = l, .got = BUF_INIT(16 * 1024 * 1024) };
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
        perror("client: connect");
        abort();
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

static UNUSED void
client_close(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    buf_free(&c->got);
}

/* Sends all; false when the server has closed. */
static UNUSED bool
client_send_n(struct client *c, const char *data, size_t len)
{
    int64_t until = clock_mono_ms() + CLIENT_WAIT_MS;

    while (len > 0 && clock_mono_ms() < until) {
        ssize_t n = send(c->fd, data, len, MSG_NOSIGNAL);

        if (n > 0) {
            data += n;
            len -= (size_t)n;
        } else if (errno != EAGAIN && errno != EINTR) {
            return false;
        }
        loop_once(c->loop);
    }
    return len == 0;
}

static UNUSED bool
client_send(struct client *c, const char *text)
{
    return client_send_n(c, text, strlen(text));
}

static UNUSED void
client_read(struct client *c)
{
    char part[8192];
    ssize_t n = recv(c->fd, part, sizeof(part), 0);

    if (n > 0)
        buf_add(&c->got, part, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        c->eof = true;
}

/* One answer that is whole in c->got, taken out of it. */
static UNUSED bool
client_parse(struct client *c, bool head_only, struct answer *ret)
{
    char *end = c->got.len > 0 ? strstr(c->got.data, "\r\n\r\n") : NULL;
    const char *length;
    size_t head_len, body_len;

    if (!end)
        return false;
    head_len = (size_t)(end - c->got.data) + 4;
    *end = '\0';
    length = strcasestr(c->got.data, "\r\ncontent-length:");
    *end = '\r';
    body_len = length && !head_only ? strtoul(length + 17, NULL, 10) : 0;
    if (c->got.len < head_len + body_len)
        return false;
    ret->status = (int)strtol(c->got.data + 9, NULL, 10);
    ret->head = xmemdup0(c->got.data, head_len);
    ret->body = xmemdup0(c->got.data + head_len, body_len);
    ret->body_len = body_len;
    buf_consume(&c->got, head_len + body_len);
    return true;
}

static UNUSED struct answer
client_answer_to(struct client *c, bool head_only)
{
    int64_t until = clock_mono_ms() + CLIENT_WAIT_MS;
    struct answer a = { 0 };

    while (!client_parse(c, head_only, &a)) {
        if (c->eof || clock_mono_ms() >= until)
            break;
        loop_once(c->loop);
        client_read(c);
    }
    return a;
}

static UNUSED struct answer
client_answer(struct client *c)
{
    return client_answer_to(c, false);
}

/* Waits until the server has closed; false when it does not. */
static UNUSED bool
client_ended(struct client *c)
{
    int64_t until = clock_mono_ms() + CLIENT_WAIT_MS;

    while (!c->eof && clock_mono_ms() < until) {
        loop_once(c->loop);
        client_read(c);
    }
    return c->eof;
}

/* The value of an answer's header, to free(); NULL when it has none. */
static UNUSED char *
answer_header(const struct answer *a, const char *name)
{
    CLEANUP(free_ptr) char *key = xasprintf("\r\n%s:", name);
    const char *at = a->head ? strcasestr(a->head, key) : NULL;

    if (!at)
        return NULL;
    at += strlen(key);
    at += strspn(at, " ");
    return xmemdup0(at, strcspn(at, "\r"));
}

/* Runs the loop until *what is at least n. */
static UNUSED bool
client_until(struct client *c, const int *what, int n)
{
    int64_t until = clock_mono_ms() + CLIENT_WAIT_MS;

    while (*what < n && clock_mono_ms() < until)
        loop_once(c->loop);
    return *what >= n;
}

#endif
