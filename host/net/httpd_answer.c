/* httpd_answer.c - what the owner of a request sees of it, and its answer. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/httpd_parts.h"
#include "net/problem.h"
#include "model/network.h"

#define PROBLEM_MAX (64 * 1024)

const char *
http_in_method(const struct http_in *in)
{
    return in->method;
}

const char *
http_in_path(const struct http_in *in)
{
    return in->path;
}

const char *
http_in_raw_path(const struct http_in *in)
{
    return in->raw_path;
}

const char *
http_in_header(struct http_in *in, const char *name)
{
    if (in->gone)
        return NULL;
    return MHD_lookup_connection_value(in->conn, MHD_HEADER_KIND, name);
}

const char *
http_in_query(struct http_in *in, const char *name)
{
    const char *raw;
    size_t len;
    int64_t n;
    char *text;

    if (in->gone)
        return NULL;
    raw = MHD_lookup_connection_value(in->conn, MHD_GET_ARGUMENT_KIND, name);
    if (!raw || !strchr(raw, '%'))
        return raw;
    len = strlen(raw);
    text = arena_alloc(&in->scratch, len + 1);
    n = percent_decode(raw, len, text);
    return n < 0 || memchr(text, '\0', (size_t)n) ? NULL : text;
}

bool
http_in_is_local(struct http_in *in)
{
    const char *header = http_in_header(in, "Host");
    char host[64];
    uint16_t port;
    size_t len;

    if (!header)
        return true;
    if (listen_parse(header, host, &port) == 0)
        return host_is_loopback(host);
    len = strlen(header);                  /* without a port */
    if (len > 2 && header[0] == '[' && header[len - 1] == ']') {
        header++;
        len -= 2;
    }
    if (len >= sizeof(host))
        return false;
    memcpy(host, header, len);
    host[len] = '\0';
    return host_is_loopback(host);
}

const char *
http_in_body(const struct http_in *in, size_t *ret_len)
{
    *ret_len = in->body_len;
    return in->body_len > 0 ? in->body : "";
}

void **
http_in_tag(struct http_in *in)
{
    return &in->tag;
}

void
http_in_add_header(struct http_in *in, const char *name, const char *value)
{
    struct http_added *a;

    if (in->gone)
        return;
    a = arena_alloc(&in->scratch, sizeof(*a));
    a->name = arena_strdup(&in->scratch, name);
    a->value = arena_strdup(&in->scratch, value);
    a->next = in->added;
    in->added = a;
}

void
http_drop_reply(struct http_in *in)
{
    if (in->reply)
        MHD_destroy_response(in->reply);
    free(in->reply_body);
    in->reply = NULL;
    in->reply_body = NULL;
    in->reply_len = 0;
}

void
http_in_free(struct http_in *in)
{
    list_remove(&in->link);
    http_drop_reply(in);
    arena_free(&in->scratch);
    free(in->body);
    free(in);
}

static void
must(enum MHD_Result r)
{
    if (r != MHD_YES)
        die("httpd: libmicrohttpd did not take an answer's header");
}

static void
make_reply(struct http_in *in, const char *content_type, const void *body, size_t len)
{
    http_drop_reply(in);
    in->reply_body = xmemdup0(body, len);
    in->reply_len = len;
    in->reply = MHD_create_response_from_buffer(len, in->reply_body, MHD_RESPMEM_PERSISTENT);
    if (!in->reply)
        die("httpd: libmicrohttpd is out of memory");
    in->reply_plain = !in->added && !in->httpd->quiesced;
    in->reply_type[0] = '\0';
    if (content_type) {
        must(MHD_add_response_header(in->reply, "Content-Type", content_type));
        if (strlen(content_type) < sizeof(in->reply_type))
            memcpy(in->reply_type, content_type, strlen(content_type) + 1);
        else
            in->reply_plain = false;
    }
    for (const struct http_added *a = in->added; a; a = a->next)
        must(MHD_add_response_header(in->reply, a->name, a->value));
    if (in->httpd->quiesced)
        must(MHD_add_response_header(in->reply, "Connection", "close"));
}

/* An answer as long as the last one, and with the same headers, takes over its object. */
static void
set_reply(struct http_in *in, const char *content_type, const void *body, size_t len)
{
    bool same = in->reply && in->reply_plain && !in->added && !in->httpd->quiesced &&
                in->reply_len == len && str_eq(in->reply_type, content_type ? content_type : "");

    if (!same)
        make_reply(in, content_type, body, len);
    else if (len > 0)
        memcpy(in->reply_body, body, len);
}

void
http_send(struct http_in *in)
{
    http_enter(in, HTTP_SENDING);
    if (MHD_queue_response(in->conn, (unsigned)in->status, in->reply) != MHD_YES)
        shutdown(in->fd, SHUT_RDWR);
    if (in->suspended) {
        in->suspended = false;
        MHD_resume_connection(in->conn);
    }
    http_wake(in->httpd);
}

/* Nobody waits for the answer. */
static void
drop_answer(struct http_in *in)
{
    struct httpd *h = in->httpd;

    if (h) {
        h->open--;
        h->body_bytes -= in->body_len;
    }
    in->body_len = 0;
    in->phase = HTTP_IDLE;
    list_remove(&in->link);
    if (in->closed)
        http_in_free(in);
}

void
http_in_answer(struct http_in *in, int status, const char *content_type, const void *body,
               size_t len)
{
    if (in->gone || !in->httpd) {
        drop_answer(in);
        return;
    }
    if (in->answered)
        die("httpd: a request was answered twice");
    set_reply(in, content_type, body, len);
    in->status = status;
    in->answered = true;
    if (in->phase == HTTP_HANDLING)
        http_send(in);
}

void
http_in_reset(struct http_in *in)
{
    const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

    /* Dissolves the connection with a reset; the answer then meets a dead socket. */
    if (!in->gone && in->httpd && connect(in->fd, &nowhere, sizeof(nowhere)) < 0)
        shutdown(in->fd, SHUT_RDWR);
    http_in_answer(in, 500, NULL, "", 0);
}

void
http_in_problem(struct http_in *in, int status, const char *detail, const char *pointer)
{
    CLEANUP(buf_free) struct buf out = BUF_INIT(PROBLEM_MAX);
    struct problem p = {
        .kind = problem_of_status(status),
        .detail = detail,
        .pointer = pointer,
    };

    problem_write(&out, &p);
    http_in_answer(in, status, PROBLEM_TYPE, out.data, out.len);
}
