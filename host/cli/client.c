/* client.c - the command line's side of the host's HTTP, by libcurl. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>
#include <json-c/json.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/table.h"
#include "config/config.h"
#include "model/caps.h"
#include "model/network.h"

#define CONNECT_TIMEOUT_S 5L
#define TIMEOUT_S 120L             /* a replay of a million deliveries takes its time */
#define ANSWER_MAX (64 * 1024 * 1024)
#define PATH_MAX_ (16 * 1024)

struct client {
    const struct command *cmd;
    CURL *curl;
    struct curl_slist *headers;
    char *url;                     /* without a '/' at the end */
    const char *token_from;        /* where the token came from, for people; NULL: none */
    char *token_file;
    bool print_json, quiet;
    char error[CURL_ERROR_SIZE + 256];
};

static void
trim(char *text)
{
    size_t len = strlen(text);

    while (len && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
        text[--len] = '\0';
}

/* The content of a token file without the newline at its end; NULL: said why. */
static char *
read_token(const struct command *cmd, const char *path)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *text = xcalloc(1, CAP_SECRET_FILE + 1);
    size_t len = 0;
    ssize_t n = -1;

    while (fd >= 0 && len < CAP_SECRET_FILE &&
           ((n = read(fd, text + len, CAP_SECRET_FILE - len)) > 0 || (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    if (n < 0) {
        cli_fail(cmd, "cannot read the token file %s: %s", path, strerror(errno));
    } else {
        bool no_nul = strlen(text) == len;

        trim(text);
        if (no_nul && *text && utf8_valid(text, strlen(text)) && !strpbrk(text, "\r\n \t"))
            return text;
        cli_fail(cmd, "%s does not hold a token: one line of text was wanted", path);
    }
    mem_wipe(text, len);
    free(text);
    return NULL;
}

/* Where a client reaches what listens at a configured address. */
static char *
url_of_listen(const char *listen)
{
    char host[64];
    uint16_t port;

    if (listen_parse(listen, host, &port) != 0)
        return NULL;
    if (!*host || str_eq(host, "0.0.0.0"))
        return xasprintf("http://127.0.0.1:%u", port);
    if (str_eq(host, "::"))
        return xasprintf("http://[::1]:%u", port);
    return xasprintf(strchr(host, ':') ? "http://[%s]:%u" : "http://%s:%u", host, port);
}

static void
set_token(struct client *c, const char *token, const char *from)
{
    CLEANUP(free_ptr) char *header = xasprintf("Authorization: Bearer %s", token);

    c->headers = curl_slist_append(c->headers, header);
    c->token_from = from;
    mem_wipe(header, strlen(header));
}

/* Takes what was not given on the command line from the configuration. */
static int
take_from_config(struct client *c, enum client_side side, const char *path, bool want_token)
{
    CLEANUP(config_free) struct config cfg = { 0 };
    const char **tokens;
    size_t count;

    if (!path)
        path = access(DEFAULT_CONFIG, F_OK) == 0 ? DEFAULT_CONFIG : NULL;
    /* A host runs on with the configuration of before while somebody edits this one. */
    if (config_load_host(&cfg, path) != 0) {
        CLEANUP(buf_free) struct buf text = BUF_INIT(1 << 20);

        config_print_problems(&cfg, &text);
        fputs(buf_text(&text), stderr);
        if (cfg.blind)
            return cli_fail(c->cmd, "the configuration cannot be used; --url and --token-file "
                                    "together do without it");
    }
    tokens = side == CLIENT_ADMIN ? cfg.host.admin_tokens : cfg.host.tokens;
    count = side == CLIENT_ADMIN ? cfg.host.admin_token_count : cfg.host.token_count;
    if (want_token && count)
        set_token(c, tokens[0], path ? "the configuration" : NULL);
    if (!c->url)
        c->url = url_of_listen(side == CLIENT_ADMIN ? cfg.host.admin : cfg.host.listen);
    if (!c->url)
        return cli_fail(c->cmd, "the configuration names no address of the host that could "
                                "be used; give --url");
    return 0;
}

/* 0 or the exit status, with the reason said. */
static int
set_up(struct client *c, enum client_side side, const struct cli_args *args)
{
    const char *url = args->value[CLIENT_URL], *file = args->value[CLIENT_TOKEN_FILE];
    size_t len;

    if (url) {
        if (!str_starts(url, "http://") && !str_starts(url, "https://"))
            return cli_wrong(c->cmd, "--url must start with http:// or https://");
        c->url = xstrdup(url);
        len = strlen(c->url);
        while (len && c->url[len - 1] == '/')
            c->url[--len] = '\0';
    }
    if (file) {
        char *token = read_token(c->cmd, file);

        if (!token)
            return EXIT_BAD;
        c->token_file = xstrdup(file);
        set_token(c, token, c->token_file);
        mem_wipe(token, strlen(token));
        free(token);
    }
    if (!url || !file)
        return take_from_config(c, side, args->value[CLIENT_CONFIG], !file);
    return 0;
}

struct client *
client_new(const struct command *cmd, enum client_side side, const struct cli_args *args,
           int *ret_status)
{
    struct client *c = xcalloc(1, sizeof(*c));

    c->cmd = cmd;
    c->print_json = args->value[CLIENT_JSON] != NULL;
    *ret_status = set_up(c, side, args);
    if (*ret_status) {
        client_free(c);
        return NULL;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(c->curl = curl_easy_init()))
        die("libcurl does not start");
    return c;
}

void
client_free(struct client *c)
{
    if (!c)
        return;
    curl_slist_free_all(c->headers);
    curl_easy_cleanup(c->curl);
    free(c->url);
    free(c->token_file);
    free(c);
}

void
client_quiet(struct client *c, bool quiet)
{
    c->quiet = quiet;
}

void
client_done(struct client **c)
{
    client_free(*c);
}

const char *
client_error(const struct client *c)
{
    return c->error;
}

const char *
client_url(const struct client *c)
{
    return c->url;
}

void
answer_free(struct answer *a)
{
    buf_free(&a->body);
    json_object_put(a->json);
    a->json = NULL;
}

static size_t
on_body(char *data, size_t size, size_t count, void *arg)
{
    struct buf *body = arg;

    buf_add(body, data, size * count);
    return body->failed ? 0 : size * count;
}

static void
explain_failure(struct client *c, CURLcode code)
{
    const char *why = *c->error ? c->error : curl_easy_strerror(code);
    char text[sizeof(c->error)];

    if (code == CURLE_COULDNT_CONNECT)
        snprintf(text, sizeof(text), "no host answers at %s; is `hermod run` running, with "
                                     "this configuration?", c->url);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        snprintf(text, sizeof(text), "%s: no answer within %ld s", c->url, TIMEOUT_S);
    else if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR)
        snprintf(text, sizeof(text), "%s: the connection broke before an answer came; the "
                                     "host may be stopping", c->url);
    else
        snprintf(text, sizeof(text), "%.80s: %.*s", c->url, CURL_ERROR_SIZE, why);
    memcpy(c->error, text, sizeof(text));
}

int
client_call(struct client *c, const char *method, const char *path, const char *body,
            size_t len, struct answer *ret)
{
    CLEANUP(free_ptr) char *url = xasprintf("%s%s", c->url, path);
    struct curl_slist *headers = c->headers;
    struct curl_slist type = { (char *)(uintptr_t)"Content-Type: application/json", headers };
    struct curl_slist no_expect = { (char *)(uintptr_t)"Expect:", body ? &type : headers };
    CURL *h = c->curl;
    curl_off_t after = 0;
    CURLcode code;
    long status = 0;

    answer_free(ret);
    *ret = (struct answer){ .body = BUF_INIT(ANSWER_MAX), .retry_after_s = -1 };
    *c->error = '\0';
    curl_easy_reset(h);            /* keeps the connection */
    curl_easy_setopt(h, CURLOPT_URL, url);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_USERAGENT, "hermod/" VERSION_TEXT);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, TIMEOUT_S);
    curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, &ret->body);
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, &no_expect);
    if (body) {
        curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
        curl_easy_setopt(h, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, method);
    code = curl_easy_perform(h);
    if (code != CURLE_OK) {
        explain_failure(c, code);
        return -1;
    }
    curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
    /* 0 is also what libcurl says when the header is absent: then the caller's own pace
       is as good. */
    if (curl_easy_getinfo(h, CURLINFO_RETRY_AFTER, &after) == CURLE_OK && after > 0)
        ret->retry_after_s = after;
    ret->status = (int)status;
    ret->json = reply_read(buf_text(&ret->body), ret->body.len);
    return 0;
}

void
client_say_problem(struct client *c, const struct answer *a)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(1 << 20);
    const char *detail = reply_text(a->json, "detail"), *title = reply_text(a->json, "title");

    text_clean(&text, *detail ? detail : title);
    if (text.len == 0)
        buf_printf(&text, "%s answered with HTTP status %d, which is not an answer of a "
                          "Hermod host", c->url, a->status);
    if (*reply_text(a->json, "pointer")) {
        buf_str(&text, " (at ");
        text_clean(&text, reply_text(a->json, "pointer"));
        buf_str(&text, ")");
    }
    cli_fail(c->cmd, "%s", buf_text(&text));
    if (a->status != 401 && a->status != 403)
        return;
    if (c->token_from)
        cli_fail(c->cmd, "the token came from %s", c->token_from);
    else
        cli_fail(c->cmd, "no token was sent: the configuration names none; give --token-file");
}

int
client_ask(struct client *c, const char *method, const char *path, const char *body,
           struct answer *ret)
{
    if (client_call(c, method, path, body, body ? strlen(body) : 0, ret) != 0) {
        cli_fail(c->cmd, "%s", c->error);
        return -1;
    }
    if (ret->status / 100 != 2 || !ret->json) {
        client_say_problem(c, ret);
        return -1;
    }
    if (c->print_json && !c->quiet) {
        fwrite(ret->body.data, 1, ret->body.len, stdout);
        if (ret->body.data[ret->body.len - 1] != '\n')
            putchar('\n');
    }
    return 0;
}

static void
add_encoded(struct buf *path, const char *text)
{
    size_t len = strlen(text);
    char *encoded;

    if (len > PATH_MAX_)
        len = PATH_MAX_;
    encoded = xmalloc(3 * len + 1);
    percent_encode(text, len, encoded);
    buf_str(path, encoded);
    free(encoded);
}

void
client_query(struct buf *path, const char *name, const char *value)
{
    if (!value)
        return;
    buf_byte(path, strchr(buf_text(path), '?') ? '&' : '?');
    buf_str(path, name);
    buf_byte(path, '=');
    add_encoded(path, value);
}

void
client_segment(struct buf *path, const char *segment)
{
    buf_byte(path, '/');
    add_encoded(path, segment);
}
