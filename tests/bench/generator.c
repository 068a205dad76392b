/* generator.c - sends events to intake as fast as it takes them, or at a rate, over many
   keep-alive connections, and says how many per second and how long each took.

       generator [-c CONNECTIONS] [-p PIPELINED] [-d SECONDS] [-n EVENTS] [-r PER_SECOND]
                 [-t TOKEN] [-v VENDOR] [-s BYTES] [-w WARM_UP_SECONDS] [HOST:]PORT

   One event of about 300 bytes per POST, no two alike; its member sentNs is CLOCK_MONOTONIC
   when it was due. Requests are timed from then too: with -r a server that stalls is not
   asked less often for it. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define PIPELINE_MAX 64
#define REQUEST_MAX 8192
#define ANSWER_MAX 65536

/* Times in buckets of at most 1/32 of their value: what an HDR histogram does. */
#define STEPS 32
#define BUCKETS (40 * STEPS)

struct connection {
    int fd;
    char *out;                     /* requests not yet sent */
    size_t out_len, out_sent;
    char *in;
    size_t in_len;
    int64_t due_us[PIPELINE_MAX];  /* of the requests under way, a ring */
    unsigned first, under_way;
};

static struct {
    int connections, pipelined;
    int64_t duration_us, warm_up_us, events, per_second;
    const char *token, *vendor, *host, *port;
    int size;

    struct connection *all;
    int epoll;
    int64_t start_us, warm_us, end_us;
    int64_t sent, answered, counted, refused, serial;
    int64_t buckets[BUCKETS], longest_us;
    char padding[REQUEST_MAX];
    int last_status;
} g = {
    .connections = 64, .pipelined = 1, .duration_us = 10000000, .warm_up_us = 1000000,
    .vendor = "acme", .host = "127.0.0.1", .size = 300,
};

static int64_t
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
count_time(int64_t us)
{
    int bits = 0;
    size_t i;

    if (us < 0)
        us = 0;
    if (us > g.longest_us)
        g.longest_us = us;
    while (us >> bits >= 2 * STEPS)
        bits++;
    i = bits == 0 ? (size_t)us : (size_t)bits * STEPS + (size_t)(us >> bits);
    g.buckets[i < BUCKETS ? i : BUCKETS - 1]++;
    g.counted++;
}

static double
percentile_ms(double share)
{
    int64_t want = (int64_t)((double)g.counted * share), seen = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        seen += g.buckets[i];
        if (seen > want) {
            int bits = i < 2 * STEPS ? 0 : (int)(i / STEPS) - 1;
            int64_t us = (int64_t)(i - (size_t)bits * STEPS) << bits;

            return (double)us / 1000;
        }
    }
    return (double)g.longest_us / 1000;
}

static void
stop(const char *what)
{
    fprintf(stderr, "generator: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Puts one more request behind what is to be sent. */
static void
add_request(struct connection *c, int64_t due_us)
{
    char body[REQUEST_MAX];
    int64_t serial = g.serial++;
    int n = snprintf(body, sizeof(body),
                     "{\"eventType\":\"contract.1#purchased\",\"vendorId\":\"%s\","
                     "\"userId\":\"auth0|%024llx\",\"contractId\":\"con_%016llx\","
                     "\"entitlementId\":\"ent_%016llx\",\"checkoutId\":\"chk_%016llx\","
                     "\"occured_at\":\"2025-11-10T12:00:00.%03dZ\",\"sentNs\":%lld",
                     g.vendor, (unsigned long long)serial, (unsigned long long)serial,
                     (unsigned long long)serial, (unsigned long long)serial,
                     (int)(serial % 1000), (long long)due_us * 1000);

    if (n + 9 < g.size)
        n += snprintf(body + n, sizeof(body) - (size_t)n, ",\"x\":\"%.*s\"",
                      g.size - n - 8, g.padding);
    body[n++] = '}';
    c->out_len += (size_t)snprintf(
        c->out + c->out_len, REQUEST_MAX,
        "POST /v1/events HTTP/1.1\r\nHost: %s:%s\r\nContent-Type: application/json\r\n"
        "%s%s%sContent-Length: %d\r\n\r\n%.*s", g.host, g.port,
        g.token ? "Authorization: Bearer " : "", g.token ? g.token : "",
        g.token ? "\r\n" : "", n, n, body);
    c->due_us[(c->first + c->under_way++) % PIPELINE_MAX] = due_us;
    g.sent++;
}

static void
flush(struct connection *c)
{
    while (c->out_sent < c->out_len) {
        ssize_t n = send(c->fd, c->out + c->out_sent, c->out_len - c->out_sent, MSG_NOSIGNAL);

        if (n < 0) {
            if (errno == EAGAIN)
                return;
            stop("send");
        }
        c->out_sent += (size_t)n;
    }
    c->out_sent = c->out_len = 0;
}

static bool
more_to_send(int64_t now)
{
    return now < g.end_us && (g.events == 0 || g.sent < g.events);
}

/* Keeps the pipeline of c full, as far as the rate allows. */
static void
fill(struct connection *c, int64_t now)
{
    /* Requests already written must leave first: the buffer starts anew only when empty. */
    if (c->out_sent < c->out_len)
        return;
    while (c->under_way < (unsigned)g.pipelined && more_to_send(now)) {
        int64_t due = now;

        if (g.per_second > 0) {
            due = g.start_us + g.sent * 1000000 / g.per_second;
            if (due > now)
                break;
        }
        add_request(c, due);
    }
    flush(c);
}

static void
take_answer(struct connection *c, const char *head, int64_t now)
{
    int status = (int)strtol(head + 9, NULL, 10);
    int64_t due = c->due_us[c->first % PIPELINE_MAX];

    c->first++;
    c->under_way--;
    g.answered++;
    g.last_status = status;
    if (status != 202 && status != 200)
        g.refused++;
    else if (now >= g.warm_us)
        count_time(now - due);
}

static void
read_answers(struct connection *c, int64_t now)
{
    ssize_t n = recv(c->fd, c->in + c->in_len, ANSWER_MAX - c->in_len, 0);
    size_t at = 0;

    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        errno = n == 0 ? ECONNRESET : errno;
        stop("the server closed a connection");
    }
    c->in_len += (size_t)n;
    c->in[c->in_len] = '\0';
    for (;;) {
        char *head = c->in + at, *end = strstr(head, "\r\n\r\n"), *length;
        size_t whole;

        if (!end)
            break;
        length = strcasestr(head, "\r\nContent-Length:");
        whole = (size_t)(end - head) + 4 +
                (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
        if (c->in_len - at < whole)
            break;
        take_answer(c, head, now);
        at += whole;
    }
    memmove(c->in, c->in + at, c->in_len - at);
    c->in_len -= at;
}

static void
open_all(void)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *ai;
    int on = 1;

    if (getaddrinfo(g.host, g.port, &hints, &ai) != 0)
        stop("unknown host or port");
    g.epoll = epoll_create1(EPOLL_CLOEXEC);
    g.all = xcalloc((size_t)g.connections, sizeof(*g.all));
    for (int i = 0; i < g.connections; i++) {
        struct connection *c = &g.all[i];
        struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c };

        c->fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (c->fd < 0 || connect(c->fd, ai->ai_addr, ai->ai_addrlen) < 0)
            stop("connect");
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
        c->out = xmalloc((size_t)REQUEST_MAX * 2 * (size_t)g.pipelined);
        c->in = xmalloc(ANSWER_MAX + 1);
        if (epoll_ctl(g.epoll, EPOLL_CTL_ADD, c->fd, &e) < 0)
            stop("epoll");
    }
    freeaddrinfo(ai);
}

static void
run(void)
{
    struct epoll_event events[256];
    int64_t now;

    g.start_us = now_us();
    g.serial = (int64_t)time(NULL) * 10000000;     /* other events than the last run's */
    g.warm_us = g.start_us + g.warm_up_us;
    g.end_us = g.warm_us + g.duration_us;
    while ((now = now_us()) < g.end_us + 5000000) {
        int n = epoll_wait(g.epoll, events, 256, g.per_second > 0 ? 1 : 100);

        now = now_us();
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;

            flush(c);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                read_answers(c, now);
            if (g.per_second == 0)
                fill(c, now);
        }
        for (int i = 0; g.per_second > 0 && i < g.connections; i++)
            fill(&g.all[(g.sent + i) % g.connections], now);
        if (g.answered == g.sent && !more_to_send(now))
            break;
    }
}

static void
report(void)
{
    double seconds = (double)(now_us() - g.warm_us) / 1e6;
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    printf("answered %lld, refused %lld, unanswered %lld, %.0f events/s over %.1f s on %d "
           "connections, %d pipelined\n",
           (long long)g.answered, (long long)g.refused, (long long)(g.sent - g.answered),
           (double)g.counted / seconds, seconds, g.connections, g.pipelined);
    printf("latency ms: p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, longest %.2f\n",
           percentile_ms(0.5), percentile_ms(0.9), percentile_ms(0.99), percentile_ms(0.999),
           (double)g.longest_us / 1000);
    printf("generator's own processor time: %.1f us per event\n",
           ((double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec) * 1e6 /
                   (double)(g.answered ? g.answered : 1) +
               (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) /
                   (double)(g.answered ? g.answered : 1));
    if (g.refused > 0)
        printf("the last answer had status %d\n", g.last_status);
}

static int64_t
number(const char *text, int64_t max)
{
    int64_t n;

    if (!parse_i64(text, 0, max, &n)) {
        fprintf(stderr, "generator: %s: a number up to %lld is wanted\n", text, (long long)max);
        exit(2);
    }
    return n;
}

int
main(int argc, char **argv)
{
    char *colon;
    int opt;

    while ((opt = getopt(argc, argv, "c:p:d:n:r:t:v:s:w:")) != -1) {
        switch (opt) {
        case 'c': g.connections = (int)number(optarg, 100000); break;
        case 'p': g.pipelined = (int)number(optarg, PIPELINE_MAX); break;
        case 'd': g.duration_us = number(optarg, 86400) * 1000000; break;
        case 'n': g.events = number(optarg, INT64_MAX); break;
        case 'r': g.per_second = number(optarg, 10000000); break;
        case 't': g.token = optarg; break;
        case 'v': g.vendor = optarg; break;
        case 's': g.size = (int)number(optarg, 4096); break;
        case 'w': g.warm_up_us = number(optarg, 3600) * 1000000; break;
        default: return 2;
        }
    }
    if (optind + 1 != argc || g.connections < 1 || g.pipelined < 1) {
        fprintf(stderr, "usage: generator [options] [HOST:]PORT\n");
        return 2;
    }
    g.port = argv[optind];
    colon = strrchr(argv[optind], ':');
    if (colon) {
        *colon = '\0';
        g.host = argv[optind];
        g.port = colon + 1;
    }
    memset(g.padding, 'x', sizeof(g.padding) - 1);
    open_all();
    run();
    report();
    return g.refused == 0 && g.answered == g.sent ? 0 : 1;
}
