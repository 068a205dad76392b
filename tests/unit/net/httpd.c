/* httpd: requests as clients really send them, over a socket. */
#include "unit.h"

#include "net/httpd.h"
#include "net/httpd_parts.h"
#include "http_client.h"

#define BIG (8 * 1024 * 1024)

static struct site {
    struct loop *loop;
    struct httpd *httpd;
    struct http_in *held[16];
    int held_count;
    int handled;
    int gate_status;
    struct client clients[8];
} site;

static void
answer_text(struct http_in *in, int status, const char *text)
{
    http_in_answer(in, status, "text/plain", text, strlen(text));
}

/* /held is kept for the test to answer, /big answers much, the rest tells what came in. */
static void
on_request(UNUSED void *arg, struct http_in *in)
{
    CLEANUP(free_ptr) char *text = NULL;
    size_t len, sum = 0;
    const char *body = http_in_body(in, &len);
    const char *q = http_in_query(in, "q");

    site.handled++;
    if (strcmp(http_in_path(in), "/held") == 0) {
        site.held[site.held_count++] = in;
        return;
    }
    if (strcmp(http_in_path(in), "/big") == 0) {
        text = xcalloc(1, BIG);
        http_in_answer(in, 200, "text/plain", text, BIG);
        return;
    }
    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)body[i];
    text = xasprintf("%s %s %s q=%s len=%zu sum=%zu", http_in_method(in), http_in_path(in),
                     http_in_raw_path(in), q ? q : "-", len, sum);
    answer_text(in, 200, text);
}

static int
on_gate(UNUSED void *arg, struct http_in *in, UNUSED size_t content_length)
{
    if (site.gate_status == 401)
        http_in_add_header(in, "WWW-Authenticate", "Bearer");
    return site.gate_status;
}

static void
open_with(struct httpd_options o)
{
    CLEANUP(free_ptr) char *error = NULL;

    memset(&site, 0, sizeof(site));
    for (size_t i = 0; i < ARRAY_LEN(site.clients); i++)
        site.clients[i].fd = -1;
    site.loop = loop_new();
    o.host = "127.0.0.1";
    o.handle = on_request;
    o.gate = on_gate;
    if (!o.max_body)
        o.max_body = 100000;
    if (!o.max_clients)
        o.max_clients = 100;
    if (!o.idle_ms)
        o.idle_ms = 60000;
    if (!o.max_total_body)
        o.max_total_body = 1000000;
    site.httpd = httpd_new(site.loop, &o, &error);
    if (!site.httpd) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
}

static void
site_open(void)
{
    open_with((struct httpd_options){ 0 });
}

static struct client *
join(int i)
{
    client_open(&site.clients[i], site.loop, httpd_port(site.httpd));
    return &site.clients[i];
}

static void
site_close(void)
{
    for (size_t i = 0; i < ARRAY_LEN(site.clients); i++)
        client_close(&site.clients[i]);
    httpd_free(site.httpd);
    loop_free(site.loop);
}

/* The next answer on c must have this status and body. */
static void
expect(struct client *c, int status, const char *body)
{
    CLEANUP(answer_free) struct answer a = client_answer(c);

    CHECK_INT(a.status, status);
    if (body)
        CHECK_STR(a.body ? a.body : "(none)", body);
}

static void
a_request_reaches_the_handler_and_its_answer_the_client(void)
{
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "GET /a/b?q=1&x=2 HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 200, "GET /a/b /a/b q=1 len=0 sum=0");
    client_send(c, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    expect(c, 200, "POST /a /a q=- len=3 sum=294");
    client_send(c, "DELETE http://x/y HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 200, "DELETE /y /y q=- len=0 sum=0");
    site_close();
}

static void
head_is_answered_without_a_body(void)
{
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(free_ptr) char *length = NULL;
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n");
    a = client_answer_to(c, true);
    CHECK_INT(a.status, 200);
    length = answer_header(&a, "Content-Length");
    CHECK_STR(length, "30");
    expect(c, 200, "GET /x /x q=- len=0 sum=0");
    site_close();
}

static void
a_body_may_come_in_pieces_and_in_chunks(void)
{
    static const char text[] = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                               "\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n"
                               "POST /q HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde";
    struct client *c;

    site_open();
    c = join(0);
    for (size_t i = 0; i < sizeof(text) - 1; i++)
        client_send_n(c, text + i, 1);
    expect(c, 200, "POST /p /p q=- len=5 sum=495");
    expect(c, 200, "POST /q /q q=- len=5 sum=495");
    site_close();
}

static void
requests_sent_at_once_on_one_connection_are_answered_in_order(void)
{
    CLEANUP(buf_free) struct buf all = BUF_INIT(100000);
    struct client *c;
    char want[64];

    site_open();
    c = join(0);
    for (int i = 0; i < 200; i++)
        buf_printf(&all, "POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", i);
    client_send_n(c, all.data, all.len);
    for (int i = 0; i < 200; i++) {
        snprintf(want, sizeof(want), "POST /%d /%d q=- len=1 sum=97", i, i);
        expect(c, 200, want);
    }
    for (int i = 0; i < 3; i++)
        loop_once(site.loop);
    CHECK_INT(httpd_open_requests(site.httpd), 0);
    site_close();
}

static void
an_answer_may_be_given_in_any_later_turn(void)
{
    struct client *c;

    for (int turns = 0; turns < 5; turns++) {
        site_open();
        c = join(0);
        client_send(c, "POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
                       "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(client_until(c, &site.held_count, 1));
        for (int i = 0; i < turns; i++)
            loop_once(site.loop);
        CHECK_INT(httpd_open_requests(site.httpd), 1);
        CHECK_INT(site.held[0]->suspended, turns >= 2);
        answer_text(site.held[0], 201, "late");
        expect(c, 201, "late");
        expect(c, 200, "GET /next /next q=- len=0 sum=0");
        site_close();
    }
}

static void
what_a_client_sends_while_it_waits_is_served_after_its_answer(void)
{
    struct client *c;

    for (int turns = 0; turns < 4; turns++) {
        site_open();
        c = join(0);
        client_send(c, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(client_until(c, &site.held_count, 1));
        for (int i = 0; i < turns; i++)
            loop_once(site.loop);
        client_send(c, "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int i = 0; i < turns; i++)
            loop_once(site.loop);
        answer_text(site.held[0], 200, "first");
        expect(c, 200, "first");
        expect(c, 200, "GET /next /next q=- len=0 sum=0");
        site_close();
    }
}

static void
a_client_that_goes_before_its_answer_does_no_harm(void)
{
    const struct linger reset = { .l_onoff = 1 };

    for (int turns = 0; turns < 8; turns++) {
        struct http_in *in;
        struct client *c;
        size_t len;

        site_open();
        c = join(0);
        client_send(c, "POST /held HTTP/1.1\r\nHost: x\r\nX-Me: 1\r\nContent-Length: 1\r\n\r\na");
        CHECK(client_until(c, &site.held_count, 1));
        for (int i = 0; i < turns / 2; i++)
            loop_once(site.loop);
        if (turns % 2)
            setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
        else
            shutdown(c->fd, SHUT_RDWR);
        client_close(c);
        for (int i = 0; i < 10; i++)
            loop_once(site.loop);
        in = site.held[0];
        CHECK_STR(http_in_body(in, &len), "a");
        http_in_header(in, "X-Me");
        http_in_add_header(in, "X-You", "2");
        answer_text(in, 200, "nobody reads this");
        c = join(1);
        client_send(c, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
        expect(c, 200, "GET /other /other q=- len=0 sum=0");
        CHECK_INT(httpd_open_requests(site.httpd), 0);
        site_close();
    }
}

static void
a_client_that_has_only_stopped_sending_gets_its_answer(void)
{
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    shutdown(c->fd, SHUT_WR);
    CHECK(client_until(c, &site.held_count, 1));
    for (int i = 0; i < 5; i++)
        loop_once(site.loop);
    answer_text(site.held[0], 200, "still here");
    expect(c, 200, "still here");
    site_close();
}

static void
a_body_over_the_limit_is_refused_and_the_connection_goes_on(void)
{
    CLEANUP(free_ptr) char *body = xcalloc(1, 100001);
    struct client *c;

    site_open();
    c = join(0);
    memset(body, 'a', 100001);
    client_send(c, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
    client_send_n(c, body, 100001);
    expect(c, 413, "{\"type\":\"urn:hermod:problem:content-too-large\","
                   "\"title\":\"The request is too large\",\"status\":413,"
                   "\"detail\":\"a request's body may hold 100000 bytes\"}");
    client_send(c, "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n");
    client_send_n(c, body, 100001);
    client_send(c, "\r\n0\r\n\r\n");
    expect(c, 413, NULL);
    client_send(c, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    client_send_n(c, body, 100000);
    expect(c, 200, "POST /x /x q=- len=100000 sum=9700000");
    CHECK_INT(site.handled, 1);
    site_close();
}

static void
a_body_far_over_the_limit_ends_the_connection(void)
{
    CLEANUP(free_ptr) char *body = xcalloc(1, 1024 * 1024);
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
    expect(c, 413, NULL);
    CHECK(client_ended(c));
    c = join(1);
    client_send(c, "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n");
    for (int i = 0; i < 20; i++)
        if (!client_send_n(c, body, 1024 * 1024))
            break;
    CHECK(client_ended(c));
    CHECK_INT(site.handled, 0);
    site_close();
}

static void
a_client_that_expects_100_continue_is_told_before_it_sends(void)
{
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                   "Content-Length: 3\r\n\r\n");
    expect(c, 100, "");
    client_send(c, "abc");
    expect(c, 200, "POST /e /e q=- len=3 sum=294");
    client_send(c, "POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                   "Content-Length: 100001\r\n\r\n");
    expect(c, 413, NULL);
    CHECK(client_ended(c));
    site_close();
}

static void
the_gate_refuses_before_the_body_is_kept(void)
{
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(free_ptr) char *header = NULL;
    struct client *c;

    site_open();
    c = join(0);
    site.gate_status = 401;
    client_send(c, "POST /g HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    a = client_answer(c);
    CHECK_INT(a.status, 401);
    header = answer_header(&a, "WWW-Authenticate");
    CHECK_STR(header ? header : "", "Bearer");
    site.gate_status = 0;
    client_send(c, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 200, "GET /g /g q=- len=0 sum=0");
    site_close();
}

static void
unfinished_bodies_have_a_common_limit(void)
{
    CLEANUP(free_ptr) char *body = xcalloc(1, 100000);
    struct client *a, *b;

    open_with((struct httpd_options){ .max_total_body = 150000 });
    memset(body, 'a', 100000);
    a = join(0);
    b = join(1);
    client_send(a, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    client_send_n(a, body, 99999);
    while (site.httpd->body_bytes < 99999)
        loop_once(site.loop);
    client_send(b, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    client_send_n(b, body, 100000);
    expect(b, 503, NULL);
    client_send(a, "a");
    expect(a, 200, "POST /a /a q=- len=100000 sum=9700000");
    CHECK_INT(site.httpd->body_bytes, 0);
    client_send(b, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    client_send_n(b, body, 100000);
    expect(b, 200, "POST /b /b q=- len=100000 sum=9700000");
    site_close();
}

static void
a_silent_client_is_closed(void)
{
    struct client *c, *d;

    open_with((struct httpd_options){ .idle_ms = 50 });
    c = join(0);
    d = join(1);
    client_send(d, "GET /d HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(d, 200, "GET /d /d q=- len=0 sum=0");
    CHECK(client_ended(c));
    CHECK(client_ended(d));
    CHECK_INT(site.httpd->clients, 0);
    site_close();
}

static void
a_client_that_dribbles_is_closed(void)
{
    struct client *c, *d;
    int64_t until = clock_mono_ms() + CLIENT_WAIT_MS;

    open_with((struct httpd_options){ .idle_ms = 100, .request_ms = 100 });
    c = join(0);
    client_send(c, "GET /");
    while (!c->eof && client_send(c, "a"))         /* headers that never end */
        client_read(c);
    CHECK(c->eof || site.httpd->clients == 0);
    d = join(1);
    client_send(d, "POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n");
    while (!d->eof && client_send(d, "a"))
        client_read(d);
    while (site.httpd->clients > 0 && clock_mono_ms() < until)
        loop_once(site.loop);
    CHECK_INT(site.handled, 0);
    CHECK_INT(httpd_open_requests(site.httpd), 0);
    site_close();
}

static void
a_client_that_does_not_take_its_answer_is_closed(void)
{
    struct client *c;
    int64_t until = clock_mono_ms() + CLIENT_WAIT_MS;

    open_with((struct httpd_options){ .idle_ms = 100 });
    c = join(0);
    client_send(c, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client_until(c, &site.handled, 1));
    while (site.httpd->clients > 0 && clock_mono_ms() < until)
        loop_once(site.loop);
    CHECK_INT(site.httpd->clients, 0);
    CHECK_INT(httpd_open_requests(site.httpd), 0);
    site_close();
}

static void
a_large_answer_arrives_whole(void)
{
    CLEANUP(answer_free) struct answer a = { 0 };
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    a = client_answer(c);
    CHECK_INT(a.status, 200);
    CHECK_INT(a.body_len, BIG);
    site_close();
}

static void
a_message_of_unclear_length_is_refused_and_the_connection_ends(void)
{
    static const struct {
        const char *headers;
        int status;
    } bad[] = {
        { "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", 400 },
        { "Content-Length: 3\r\nContent-Length: 4\r\n", 400 },
        { "Content-Length: 0\r\nContent-Length: 40\r\n", 400 },
        { "Content-Length: +3\r\n", 400 },
        { "Content-Length: 3x\r\n", 400 },
        { "Content-Length: 99999999999999999999999\r\n", 413 },
        { "Transfer-Encoding: gzip, chunked\r\n", 501 },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 501 },
    };

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(buf_free) struct buf b = BUF_INIT(1000);
        struct client *c;

        site_open();
        c = join(0);
        buf_printf(&b, "POST /x HTTP/1.1\r\nHost: x\r\n%s\r\nabc"
                       "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", bad[i].headers);
        client_send(c, buf_text(&b));
        expect(c, bad[i].status, NULL);
        CHECK(client_ended(c));
        CHECK_INT(site.handled, 0);
        site_close();
    }
}

static void
a_malformed_chunk_is_refused(void)
{
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc");
    expect(c, 400, NULL);
    CHECK(client_ended(c));
    CHECK_INT(site.handled, 0);
    CHECK_INT(httpd_open_requests(site.httpd), 0);
    site_close();
}

static void
headers_over_the_limit_are_refused(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(200000);
    struct client *c;

    site_open();
    c = join(0);
    buf_str(&b, "GET /x HTTP/1.1\r\nHost: x\r\nX-Long: ");
    for (int i = 0; i < 100000; i++)
        buf_byte(&b, 'a');
    client_send(c, buf_text(&b));
    expect(c, 431, NULL);
    CHECK(client_ended(c));
    CHECK_INT(site.handled, 0);
    site_close();
}

static void
paths_and_queries_are_percent_decoded(void)
{
    struct client *c;

    site_open();
    c = join(0);
    client_send(c, "GET /a%2Fb/%C3%A5?q=1%2b1%20%C3%A5 HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 200, "GET /a/b/\xc3\xa5 /a%2Fb/%C3%A5 q=1+1 \xc3\xa5 len=0 sum=0");
    client_send(c, "GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 400, NULL);
    client_send(c, "GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 400, NULL);
    client_send(c, "GET /a?q=%00b HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(c, 200, "GET /a /a q=- len=0 sum=0");
    site_close();
}

static void
more_clients_than_allowed_wait_for_their_turn(void)
{
    struct client *a, *b;

    open_with((struct httpd_options){ .max_clients = 1 });
    a = join(0);
    client_send(a, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(a, 200, "GET /a /a q=- len=0 sum=0");
    b = join(1);
    client_send(b, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 20; i++)
        loop_once(site.loop);
    CHECK_INT(site.handled, 1);
    client_close(a);
    expect(b, 200, "GET /b /b q=- len=0 sum=0");
    site_close();
}

static void
after_quiesce_requests_under_way_are_answered_and_no_more_come(void)
{
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(free_ptr) char *connection = NULL;
    struct client *busy, *idle, *late = &site.clients[2];
    struct sockaddr_in to = { .sin_family = AF_INET };

    site_open();
    busy = join(0);
    idle = join(1);
    client_send(busy, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client_until(busy, &site.held_count, 1));
    httpd_quiesce(site.httpd);
    httpd_quiesce(site.httpd);
    CHECK(client_ended(idle));
    CHECK_INT(httpd_open_requests(site.httpd), 1);
    late->fd = socket(AF_INET, SOCK_STREAM, 0);
    to.sin_port = htons(httpd_port(site.httpd));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(connect(late->fd, (struct sockaddr *)&to, sizeof(to)) < 0);
    answer_text(site.held[0], 200, "last");
    a = client_answer(busy);
    CHECK_INT(a.status, 200);
    connection = answer_header(&a, "Connection");
    CHECK_STR(connection ? connection : "", "close");
    CHECK(client_ended(busy));
    CHECK_INT(httpd_open_requests(site.httpd), 0);
    site_close();
}

static void
requests_outlive_the_server_until_they_are_answered(void)
{
    for (int turns = 0; turns < 4; turns++) {
        struct client *c;

        site_open();
        c = join(0);
        client_send(c, "POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na");
        CHECK(client_until(c, &site.held_count, 1));
        for (int i = 0; i < turns; i++)
            loop_once(site.loop);
        site_close();
        answer_text(site.held[0], 200, "too late");
    }
}

static void
an_address_in_use_is_named(void)
{
    CLEANUP(free_ptr) char *error = NULL, *again = NULL, *want = NULL;
    CLEANUP(close_fd) int fd = -1;
    uint16_t port;
    int other;

    CHECK_INT(http_listen("127.0.0.1", 0, 0, &fd, &port, &error), 0);
    CHECK(port > 0);
    CHECK_INT(http_listen("127.0.0.1", port, 0, &other, &port, &error), -EADDRINUSE);
    want = xasprintf("cannot listen on 127.0.0.1:%u: Address already in use (another program, "
                     "or another Hermod, listens there)", (unsigned)port);
    CHECK_STR(error ? error : "", want);
    CHECK(http_listen("no such host.invalid", 1, 0, &other, &port, &again) < 0);
}

UNIT_MAIN("net/httpd",
          UNIT_TEST(a_request_reaches_the_handler_and_its_answer_the_client),
          UNIT_TEST(head_is_answered_without_a_body),
          UNIT_TEST(a_body_may_come_in_pieces_and_in_chunks),
          UNIT_TEST(requests_sent_at_once_on_one_connection_are_answered_in_order),
          UNIT_TEST(an_answer_may_be_given_in_any_later_turn),
          UNIT_TEST(what_a_client_sends_while_it_waits_is_served_after_its_answer),
          UNIT_TEST(a_client_that_goes_before_its_answer_does_no_harm),
          UNIT_TEST(a_client_that_has_only_stopped_sending_gets_its_answer),
          UNIT_TEST(a_body_over_the_limit_is_refused_and_the_connection_goes_on),
          UNIT_TEST(a_body_far_over_the_limit_ends_the_connection),
          UNIT_TEST(a_client_that_expects_100_continue_is_told_before_it_sends),
          UNIT_TEST(the_gate_refuses_before_the_body_is_kept),
          UNIT_TEST(unfinished_bodies_have_a_common_limit),
          UNIT_TEST(a_silent_client_is_closed),
          UNIT_TEST(a_client_that_dribbles_is_closed),
          UNIT_TEST(a_client_that_does_not_take_its_answer_is_closed),
          UNIT_TEST(a_large_answer_arrives_whole),
          UNIT_TEST(a_message_of_unclear_length_is_refused_and_the_connection_ends),
          UNIT_TEST(a_malformed_chunk_is_refused),
          UNIT_TEST(headers_over_the_limit_are_refused),
          UNIT_TEST(paths_and_queries_are_percent_decoded),
          UNIT_TEST(more_clients_than_allowed_wait_for_their_turn),
          UNIT_TEST(after_quiesce_requests_under_way_are_answered_and_no_more_come),
          UNIT_TEST(requests_outlive_the_server_until_they_are_answered),
          UNIT_TEST(an_address_in_use_is_named))
