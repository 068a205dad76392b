/* sink.c - where benchmarks deliver to: an HTTP receiver that costs next to nothing.

       sink PORT [fast|hang|slow=MS]

   Counts every request. A body with "sentNs":<CLOCK_MONOTONIC> also gives the time it was
   under way. GET /stats answers {"count":..,"p50Us":..,"p99Us":..,"maxUs":..,"open":..} and
   GET /reset begins anew. hang never answers; slow answers after so long. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IN_MAX 65536
#define BUCKETS 4096                       /* of latency: 64 to each doubling of microseconds */

struct client {
    int fd;
    size_t len;
    int64_t answer_at_ns;                  /* slow: when the request at hand is answered */
    struct client *next;                   /* in the queue of slow answers */
    char *in;
};

static struct {
    uint64_t count, open;
    uint64_t latency[BUCKETS];
    uint64_t timed, max_us;
    int hang;
    int64_t slow_ns;
    struct client *first, *last;           /* slow answers, in order of time */
} sink;

static int64_t
now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static size_t
bucket_of(uint64_t us)
{
    unsigned power = 0;
    size_t i;

    while (us >> power >= 128)
        power++;
    i = power * 64 + (size_t)(us >> power);
    return i < BUCKETS ? i : BUCKETS - 1;
}

static uint64_t
us_of(size_t bucket)
{
    size_t power = bucket < 128 ? 0 : (bucket - 64) / 64;

    return (uint64_t)(bucket - power * 64) << power;
}

static uint64_t
percentile(double part)
{
    uint64_t want = (uint64_t)((double)sink.timed * part), seen = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        seen += sink.latency[i];
        if (seen > want)
            return us_of(i);
    }
    return sink.max_us;
}

static void
time_one(const char *body, size_t len)
{
    const char *at = memmem(body, len, "\"sentNs\":", 9);
    int64_t sent, us;

    if (at == NULL)
        return;
    sent = strtoll(at + 9, NULL, 10);
    us = (now_ns() - sent) / 1000;
    if (us < 0)
        us = 0;
    sink.latency[bucket_of((uint64_t)us)]++;
    sink.timed++;
    if ((uint64_t)us > sink.max_us)
        sink.max_us = (uint64_t)us;
}

static void
send_text(int fd, const char *text, size_t len)
{
    if (send(fd, text, len, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
        perror("sink: send");
}

static void
answer_stats(int fd)
{
    char body[256], head[128];
    int n = snprintf(body, sizeof(body),
                     "{\"count\":%llu,\"p50Us\":%llu,\"p99Us\":%llu,\"maxUs\":%llu,"
                     "\"open\":%llu}\n",
                     (unsigned long long)sink.count, (unsigned long long)percentile(0.5),
                     (unsigned long long)percentile(0.99), (unsigned long long)sink.max_us,
                     (unsigned long long)sink.open);
    int h = snprintf(head, sizeof(head),
                     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     "Content-Length: %d\r\n\r\n", n);

    send_text(fd, head, (size_t)h);
    send_text(fd, body, (size_t)n);
}

static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static void
handle(struct client *c, const char *head, const char *body, size_t body_len)
{
    if (strncmp(head, "GET /stats", 10) == 0) {
        answer_stats(c->fd);
        return;
    }
    if (strncmp(head, "GET /reset", 10) == 0) {
        memset(sink.latency, 0, sizeof(sink.latency));
        sink.count = sink.timed = sink.max_us = 0;
        send_text(c->fd, ok, sizeof(ok) - 1);
        return;
    }
    sink.count++;
    time_one(body, body_len);
    if (sink.hang)
        return;
    if (sink.slow_ns == 0) {
        send_text(c->fd, ok, sizeof(ok) - 1);
        return;
    }
    c->answer_at_ns = now_ns() + sink.slow_ns;
    c->next = NULL;
    if (sink.last)
        sink.last->next = c;
    else
        sink.first = c;
    sink.last = c;
}

/* Takes one request from the front of the buffer. false when it is not whole. */
static bool
take_request(struct client *c)
{
    char *end, *length;
    size_t body_len = 0, total;

    c->in[c->len] = 0;
    end = strstr(c->in, "\r\n\r\n");
    if (end == NULL)
        return false;
    *end = 0;
    length = strcasestr(c->in, "\r\ncontent-length:");
    if (length)
        body_len = strtoul(length + 17, NULL, 10);
    total = (size_t)(end - c->in) + 4 + body_len;
    if (c->len < total) {
        *end = '\r';
        return false;
    }
    handle(c, c->in, end + 4, body_len);
    c->len -= total;
    memmove(c->in, c->in + total, c->len);
    return true;
}

static void
drop(struct client *c)
{
    struct client **p = &sink.first;

    sink.last = NULL;
    while (*p) {
        if (*p == c) {
            *p = c->next;
            continue;
        }
        sink.last = *p;
        p = &(*p)->next;
    }
    close(c->fd);
    free(c->in);
    free(c);
    sink.open--;
}

static void
serve(struct client *c)
{
    ssize_t n = recv(c->fd, c->in + c->len, IN_MAX - c->len, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        drop(c);
        return;
    }
    c->len += (size_t)n;
    while (take_request(c))
        ;
}

static void
accept_all(int epoll, int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct client *c = calloc(1, sizeof(*c));
        struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
        int one = 1;

        c->fd = fd;
        c->in = malloc(IN_MAX + 1);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev);
        sink.open++;
    }
}

/* Milliseconds until the next slow answer; -1: none is due. */
static int
answer_slow(void)
{
    while (sink.first && sink.first->answer_at_ns <= now_ns()) {
        struct client *c = sink.first;

        sink.first = c->next;
        if (sink.first == NULL)
            sink.last = NULL;
        c->next = NULL;
        send_text(c->fd, ok, sizeof(ok) - 1);
    }
    return sink.first ? (int)((sink.first->answer_at_ns - now_ns()) / 1000000 + 1) : -1;
}

static int
listen_on(uint16_t port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(sa);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 4096) < 0) {
        perror("sink: listen");
        exit(1);
    }
    getsockname(fd, (struct sockaddr *)&sa, &len);
    printf("%u\n", ntohs(sa.sin_port));
    fflush(stdout);
    return fd;
}

int
main(int argc, char **argv)
{
    struct rlimit files;
    struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL }, ready[256];
    int listener, epoll = epoll_create1(EPOLL_CLOEXEC);

    if (argc < 2) {
        fprintf(stderr, "usage: sink PORT [fast|hang|slow=MS]   (PORT 0: any; it is printed)\n");
        return 2;
    }
    sink.hang = argc > 2 && strcmp(argv[2], "hang") == 0;
    if (argc > 2 && strncmp(argv[2], "slow=", 5) == 0)
        sink.slow_ns = strtoll(argv[2] + 5, NULL, 10) * 1000000;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    listener = listen_on((uint16_t)strtoul(argv[1], NULL, 10));
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        int n = epoll_wait(epoll, ready, 256, answer_slow());

        for (int i = 0; i < n; i++) {
            if (ready[i].data.ptr)
                serve(ready[i].data.ptr);
            else
                accept_all(epoll, listener);
        }
    }
}
