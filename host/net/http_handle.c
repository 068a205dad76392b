/* http_handle.c - see http_handle.h. Requests go only where they should: http and https, no
   redirects, no proxy, TLS verified, and an address that is not public only when the
   request's owner permits it, which is looked at when a connection is made and again before each
   request, since a connection may have been made for another owner. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "model/caps.h"
#include "model/duration.h"
#include "model/network.h"
#include "net/http_handle.h"

#define CONNECT_TIMEOUT_MS 10000L
#define DNS_CACHE_SECONDS 60L
#define KEEPALIVE_SECONDS 60L
/* Small: there is one of each per request under way, and most answers are short. */
#define RECEIVE_BUFFER 4096L
#define SEND_BUFFER 16384L
#define HEADERS_MAX 200
#define TOO_LONG "answer is longer than 1 MiB"
#define TOO_MANY_HEADERS "answer has too many headers"

static curl_socket_t
on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct http_handle *hd = arg;
    const struct http_transfer *t = hd->transfer;
    const void *sa = &address->addr;
    const struct sockaddr_in *v4 = sa;
    const struct sockaddr_in6 *v6 = sa;

    (void)purpose;
    http_opens(hd->http, hd->transfer);
    if (!network_allowed(sa, t->allow, t->allow_count)) {
        inet_ntop(address->family,
                  address->family == AF_INET ? (const void *)&v4->sin_addr : &v6->sin6_addr,
                  hd->refused, sizeof(hd->refused));
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                  address->protocol);
}

/* Before each request, also on a connection that is used again. */
static int
on_before_request(void *arg, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    struct http_handle *hd = arg;
    const struct http_transfer *t = hd->transfer;

    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    http_reuses(hd->http, hd->transfer);
    if (network_allowed_text(remote_ip, t->allow, t->allow_count))
        return CURL_PREREQFUNC_OK;
    snprintf(hd->refused, sizeof(hd->refused), "%s", remote_ip);
    return CURL_PREREQFUNC_ABORT;
}

static size_t
break_off(struct http_transfer *t, const char *why)
{
    t->trouble = why;
    return 0;
}

static size_t
on_body(char *data, size_t size, size_t count, void *arg)
{
    struct http_handle *hd = arg;
    struct http_transfer *t = hd->transfer;

    buf_add(&t->body, data, size * count);
    return t->body.failed ? break_off(t, TOO_LONG) : size * count;
}

static size_t
on_header(char *line, size_t size, size_t count, void *arg)
{
    struct http_handle *hd = arg;
    struct http_transfer *t = hd->transfer;
    size_t len = size * count, name_len;
    const char *colon = memchr(line, ':', len);
    const char *value, *end = line + len;

    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        buf_reset(&t->headers);            /* this answer comes after an interim one */
        t->header_count = 0;
        return len;
    }
    if (!colon || colon == line || *line == ' ' || *line == '\t')
        return len;                        /* the blank line, or a folded one */
    name_len = (size_t)(colon - line);
    for (value = colon + 1; value < end && (*value == ' ' || *value == '\t');)
        value++;
    while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
        end--;
    buf_add(&t->headers, line, name_len);
    buf_byte(&t->headers, '\0');
    buf_add(&t->headers, value, (size_t)(end - value));
    buf_byte(&t->headers, '\0');
    if (t->headers.failed || ++t->header_count > HEADERS_MAX)
        return break_off(t, TOO_MANY_HEADERS);
    return len;
}

struct http_handle *
http_handle_new(struct http *h, CURLSH *share)
{
    struct http_handle *hd = xcalloc(1, sizeof(*hd));
    CURL *e = curl_easy_init();

    if (!e)
        die("libcurl has no memory");
    hd->easy = e;
    hd->http = h;
    list_init(&hd->link);
    curl_easy_setopt(e, CURLOPT_PRIVATE, hd);
    curl_easy_setopt(e, CURLOPT_SHARE, share);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, hd->error);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    /* As OpenSSL's own programs do; libcurl looks at neither. */
    if (getenv("SSL_CERT_FILE"))
        curl_easy_setopt(e, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
    if (getenv("SSL_CERT_DIR"))
        curl_easy_setopt(e, CURLOPT_CAPATH, getenv("SSL_CERT_DIR"));
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "hermod/" VERSION_TEXT);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, DNS_CACHE_SECONDS);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_SECONDS);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_SECONDS);
    curl_easy_setopt(e, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER);
    curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, SEND_BUFFER);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, hd);
    curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, http_close_socket);
    curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, h);
    curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_before_request);
    curl_easy_setopt(e, CURLOPT_PREREQDATA, hd);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, hd);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, hd);
    return hd;
}

void
http_handle_free(struct http_handle *hd)
{
    curl_easy_cleanup(hd->easy);
    free(hd);
}

static struct curl_slist *
slist_add(struct arena *a, struct curl_slist *next, char *line)
{
    struct curl_slist *node = arena_alloc(a, sizeof(*node));

    node->data = line;
    node->next = next;
    return node;
}

/* The request's own headers, and those that libcurl must not make up. In libcurl's notation
   "Name:" removes a header and "Name;" sends an empty one. */
static struct curl_slist *
header_list(struct arena *a, const struct hermod_request *q)
{
    struct curl_slist *list = slist_add(a, NULL, arena_strdup(a, "Expect:"));
    bool typed = false;

    for (size_t i = q->header_count; i-- > 0;) {
        const struct http_header *hd = &q->headers[i];

        typed |= strcasecmp(hd->name, "Content-Type") == 0;
        list = slist_add(a, list, *hd->value ? arena_printf(a, "%s: %s", hd->name, hd->value)
                                             : arena_printf(a, "%s;", hd->name));
    }
    if (!typed)
        list = slist_add(a, list, arena_strdup(a, "Content-Type:"));
    return list;
}

/* A method that says what it brings must say so too when it brings nothing. */
static bool
sends_length(const struct hermod_request *q)
{
    return q->body || strcmp(q->method, "POST") == 0 || strcmp(q->method, "PUT") == 0 ||
           strcmp(q->method, "PATCH") == 0;
}

const char *
http_handle_prepare(struct http_handle *hd, bool fresh)
{
    const struct hermod_request *q = hd->transfer->q;
    CURL *e = hd->easy;
    bool head = strcmp(q->method, "HEAD") == 0;

    hd->refused[0] = hd->error[0] = '\0';
    if (curl_easy_setopt(e, CURLOPT_URL, q->url) != CURLE_OK)
        return "the URL cannot be used";
    curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    curl_easy_setopt(e, CURLOPT_NOBODY, head ? 1L : 0L);
    if (head) {
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, NULL);
    } else if (sends_length(q)) {
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_len);
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, q->body ? q->body : "");
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, q->method);
    } else {
        curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, q->method);
    }
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, header_list(hd->transfer->arena, q));
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)q->timeout_ms);
    return NULL;
}

static const char *
timeout_text(const struct http_handle *hd)
{
    const struct http_transfer *t = hd->transfer;
    curl_off_t ready = 0;
    int64_t waited = t->q->timeout_ms;
    char text[48];

    curl_easy_getinfo(hd->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
    if (ready == 0 && waited > CONNECT_TIMEOUT_MS)
        waited = CONNECT_TIMEOUT_MS;
    duration_text(waited, text);
    return arena_printf(t->arena, "no %s within %s", ready ? "answer" : "connection", text);
}

/* What went wrong below HTTP, without the URL. */
static const char *
error_text(const struct http_handle *hd, CURLcode code)
{
    struct arena *a = hd->transfer->arena;
    long number = 0;

    if (hd->refused[0] && (code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK))
        return arena_printf(a, "address %s is not public, nor in allowNetworks",
                            hd->refused);
    curl_easy_getinfo(hd->easy, CURLINFO_OS_ERRNO, &number);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return HTTP_NO_SUCH_HOST;
    case CURLE_COULDNT_CONNECT:
        return arena_printf(a, "cannot connect: %s",
                            number ? strerror((int)number) : "no address answers");
    case CURLE_OPERATION_TIMEDOUT:
        return timeout_text(hd);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        return "the connection broke";
    case CURLE_GOT_NOTHING:
        return "the connection was closed without an answer";
    case CURLE_PARTIAL_FILE:
        return "the connection was closed in the middle of the answer";
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
        return "the answer is not HTTP";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
        return arena_printf(a, "TLS: %s", hd->error[0] ? hd->error : curl_easy_strerror(code));
    default:
        return arena_strdup(a, curl_easy_strerror(code));
    }
}

static void
fill_headers(struct http_transfer *t)
{
    struct response *r = &t->q->response;
    const char *at;

    if (t->header_count == 0)
        return;
    r->headers = arena_alloc(t->arena, t->header_count * sizeof(*r->headers));
    at = arena_memdup0(t->arena, t->headers.data, t->headers.len);
    for (; r->header_count < t->header_count; r->header_count++) {
        r->headers[r->header_count].name = at;
        at += strlen(at) + 1;
        r->headers[r->header_count].value = at;
        at += strlen(at) + 1;
    }
}

bool
http_handle_answer(struct http_handle *hd, CURLcode code)
{
    struct http_transfer *t = hd->transfer;
    struct hermod_response *r = &t->q->response.pub;
    bool answered = code == CURLE_OK || t->trouble;
    long status = 0, version = 0;

    r->error = answered ? (t->trouble ? t->trouble : "") : error_text(hd, code);
    r->body = "";
    if (answered) {
        curl_easy_getinfo(hd->easy, CURLINFO_RESPONSE_CODE, &status);
        r->status = (int32_t)status;
    }
    if (code != CURLE_OK)
        return false;
    fill_headers(t);
    r->body = arena_memdup0(t->arena, t->body.data, t->body.len);
    r->body_len = t->body.len;
    curl_easy_getinfo(hd->easy, CURLINFO_HTTP_VERSION, &version);
    return version >= CURL_HTTP_VERSION_2_0;
}

bool
http_url_host(const char *url, char ret_host[HTTP_HOST_MAX])
{
    const char *at = strstr(url, "://"), *user;
    unsigned char number[sizeof(struct in6_addr)];
    size_t len;

    if (!at)
        return false;
    at += 3;
    len = strcspn(at, "/?#\\");
    user = memrchr(at, '@', len);
    if (user) {
        len -= (size_t)(user + 1 - at);
        at = user + 1;
    }
    if (len > strcspn(at, ":"))
        len = strcspn(at, ":");
    if (len == 0 || len >= HTTP_HOST_MAX || *at == '[')
        return false;
    memcpy(ret_host, at, len);
    ret_host[len] = '\0';
    return inet_pton(AF_INET, ret_host, number) != 1 && strcasecmp(ret_host, "localhost") != 0;
}
