/* httpd_request.c - requests coming in: libmicrohttpd's callbacks, framing and bodies.

   libmicrohttpd calls http_on_request() once with the headers, once for each part of the
   body, and at the end again and again until there is an answer. A request that is not
   answered within a turn or two is suspended. Suspending all of them at once would cost
   four system calls each, and most are answered in the turn they came in. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/httpd_parts.h"

#define BODY_KEPT (8 * 1024)       /* a buffer up to this stays with its client */
#define BODY_STEP (64 * 1024)      /* room taken on the word of a Content-Length */
/* A refused body is read on up to this, so that the client gets its answer rather than a
   reset; a longer one is cut off. */
#define DRAIN_MAX (8 * 1024 * 1024)
#define PATIENT_RUNS 2
#define FULL_LOG_MS 60000

struct framing {
    const char *length, *encoding, *expect;
    unsigned lengths, encodings;
};

static enum MHD_Result
note_header(void *cls, UNUSED enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct framing *f = cls;

    switch (name[0] | 0x20) {
    case 'c':
        if (strcasecmp(name, "content-length") == 0) {
            f->length = value;
            f->lengths++;
        }
        break;
    case 'e':
        if (strcasecmp(name, "expect") == 0)
            f->expect = value;
        break;
    case 't':
        if (strcasecmp(name, "transfer-encoding") == 0) {
            f->encoding = value;
            f->encodings++;
        }
        break;
    }
    return MHD_YES;
}

static void
refuse(struct http_in *in, int status, const char *detail)
{
    struct httpd *h = in->httpd;

    if (status == 413 && !detail)
        detail = arena_printf(&in->scratch, "a request's body may hold %zu bytes",
                              h->options.max_body);
    if (h->options.problem)
        h->options.problem(h->options.arg, in, status, detail);
    else
        http_in_problem(in, status, detail, NULL);
}

/* What one reader of a message could take for another length than the next one does:
   the connection is not used further. Returns false when that is the case. */
static bool
framing_is_clear(struct http_in *in, const struct framing *f)
{
    int64_t length = 0;

    if (f->encodings > 1 || (f->encoding && strcasecmp(f->encoding, "chunked") != 0))
        refuse(in, 501, "Transfer-Encoding must be chunked, or not be sent");
    else if (f->encoding && f->lengths > 0)
        refuse(in, 400, "Content-Length and Transfer-Encoding exclude one another");
    else if (f->lengths > 1 || (f->length && !parse_i64(f->length, 0, INT64_MAX, &length)))
        refuse(in, 400, "Content-Length must be one number");
    in->declared = f->encoding ? SIZE_MAX : (size_t)length;
    return !in->answered;
}

static void
set_path(struct http_in *in)
{
    const char *url = in->raw_path;
    size_t len;
    int64_t n;
    char *text;

    /* RFC 9112 3.2.2: a server takes the absolute form too. */
    if (strncasecmp(url, "http://", 7) == 0) {
        url = strchr(url + 7, '/');
        if (!url)
            url = "/";
    }
    in->path = in->raw_path = url;
    len = strlen(url);
    if (!memchr(in->raw_path, '%', len))
        return;
    text = arena_alloc(&in->scratch, len + 1);
    n = percent_decode(in->raw_path, len, text);
    if (n >= 0 && !memchr(text, '\0', (size_t)n))
        in->path = text;
    else if (!in->answered)
        refuse(in, 400, "the path is not well percent-encoded");
}

/* The headers are here. */
static void
begin(struct http_in *in, const char *url, const char *method)
{
    struct httpd *h = in->httpd;
    struct framing framing = { 0 };
    bool clear;
    int status;

    in->method = method;
    in->raw_path = in->path = url;
    in->answered = false;
    in->suspended = false;
    in->tag = NULL;
    in->body_len = in->drained = 0;
    h->open++;
    http_enter(in, HTTP_READING);
    MHD_get_connection_values(in->conn, MHD_HEADER_KIND, note_header, &framing);
    in->expects = framing.expect && strcasecmp(framing.expect, "100-continue") == 0;
    clear = framing_is_clear(in, &framing);
    set_path(in);
    if (!in->answered && in->declared != SIZE_MAX && in->declared > h->options.max_body)
        refuse(in, 413, NULL);
    if (!in->answered && h->options.gate) {
        status = h->options.gate(h->options.arg, in, in->declared);
        if (status != 0 && !in->answered)
            refuse(in, status, NULL);
    }
    /* An answer before the body ends the connection. Better to let a short body come. */
    if (in->answered && (!clear || in->expects ||
                         (in->declared != SIZE_MAX && in->declared > DRAIN_MAX)))
        http_send(in);
}

static void
forget_body(struct http_in *in)
{
    in->httpd->body_bytes -= in->body_len;
    in->body_len = 0;
    if (in->body_size > BODY_KEPT) {
        free(in->body);
        in->body = NULL;
        in->body_size = 0;
    }
}

static void
grow_body(struct http_in *in, size_t need)
{
    size_t most = in->declared != SIZE_MAX ? in->declared : in->httpd->options.max_body;
    size_t size = in->body_size ? in->body_size * 2 : 512;

    if (in->declared != SIZE_MAX && size < in->declared)
        size = in->declared < BODY_STEP ? in->declared : BODY_STEP;
    if (size < need)
        size = need * 2;
    if (size > most && most >= need)
        size = most;
    in->body = xrealloc(in->body, size + 1, 1);
    in->body_size = size;
}

/* false: enough of it, the connection ends. */
static bool
take(struct http_in *in, const char *data, size_t len)
{
    struct httpd *h = in->httpd;

    if (!in->answered) {
        if (len > h->options.max_body - in->body_len)
            refuse(in, 413, NULL);
        else if (len > h->options.max_total_body - h->body_bytes)
            refuse(in, 503, "too many large requests are under way");
        if (in->answered)
            forget_body(in);
    }
    if (in->answered) {
        in->drained += len;
        return in->drained <= DRAIN_MAX;
    }
    if (in->body_len + len > in->body_size)
        grow_body(in, in->body_len + len);
    memcpy(in->body + in->body_len, data, len);
    in->body_len += len;
    h->body_bytes += len;
    return true;
}

/* The request is whole, or was so before. */
static void
complete(struct http_in *in)
{
    struct httpd *h = in->httpd;

    if (in->phase == HTTP_READING) {
        if (in->answered) {
            http_send(in);
            return;
        }
        if (in->body)
            in->body[in->body_len] = '\0';
        in->run = h->runs;
        http_enter(in, HTTP_HANDLING);
        h->options.handle(h->options.arg, in);
    } else if (in->phase == HTTP_HANDLING && h->runs - in->run >= PATIENT_RUNS) {
        in->suspended = true;
        MHD_suspend_connection(in->conn);
    }
}

enum MHD_Result
http_on_request(UNUSED void *cls, struct MHD_Connection *conn, const char *url,
                const char *method, UNUSED const char *version, const char *data,
                size_t *data_len, void **tag)
{
    struct http_in *in = *tag;

    if (!in) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

        in = info->socket_context;
        *tag = in;
        begin(in, url, method);
        return MHD_YES;
    }
    if (*data_len > 0) {
        bool on = take(in, data, *data_len);

        *data_len = 0;
        return on ? MHD_YES : MHD_NO;
    }
    complete(in);
    return MHD_YES;
}

/* The answer is sent, or the client is gone, or it timed out. */
void
http_on_completed(UNUSED void *cls, UNUSED struct MHD_Connection *conn, void **tag,
                  UNUSED enum MHD_RequestTerminationCode how)
{
    struct http_in *in = *tag;

    if (!in)
        return;
    *tag = NULL;
    if (in->phase == HTTP_HANDLING) {
        in->gone = true;
        in->method = in->raw_path = in->path = "";
        return;
    }
    in->httpd->open--;
    forget_body(in);
    if (in->reply_len > BODY_KEPT)
        http_drop_reply(in);
    if (in->scratch.used > 0)
        arena_reset(&in->scratch);
    in->added = NULL;
    http_enter(in, HTTP_IDLE);
}

static void
log_full(struct httpd *h)
{
    if (h->full_logged_ms != 0 && h->now_ms - h->full_logged_ms < FULL_LOG_MS)
        return;
    h->full_logged_ms = h->now_ms;
    log_warn("as many HTTP clients as allowed; more wait for their turn",
             log_i("port", h->port), log_i("clients", (int64_t)h->clients));
}

void
http_on_connection(void *cls, struct MHD_Connection *conn, void **tag,
                   enum MHD_ConnectionNotificationCode what)
{
    struct httpd *h = cls;
    struct http_in *in;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        in = xcalloc(1, sizeof(*in));
        in->httpd = h;
        in->conn = conn;
        in->fd = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        arena_init(&in->scratch, 0);
        list_init(&in->link);
        http_enter(in, HTTP_IDLE);
        *tag = in;
        if (++h->clients == h->max_clients)
            log_full(h);
        return;
    }
    in = *tag;
    h->clients--;
    h->again = true;
    in->closed = true;
    if (in->phase != HTTP_HANDLING)
        http_in_free(in);
}
