/* ceiling.c - the least a forwarder can do: HTTP in, memory, curl_multi, HTTP out. No
   journal, no checks, no lanes. What Hermod is measured against.

       ceiling PORT TARGET_URL CONNECTIONS */
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
#include <unistd.h>

#include <curl/curl.h>

#define IN_MAX 65536

struct item {
    struct item *next;
    size_t len;
    char body[];
};
struct client {
    int fd;
    size_t len;
    char in[IN_MAX + 1];
};
struct slot {
    CURL *easy;
    struct item *item;
    struct slot *next_free;
};

static struct {
    int epoll;
    CURLM *multi;
    long timeout_ms;
    struct item *first, *last;
    struct slot *free;
    struct curl_slist *headers;
} fwd = { .timeout_ms = -1 };

/* epoll data: clients have their pointer, curl's sockets the fd with the lowest bit of a
   pointer, which no client has. */
static void *
tag_of(int fd)
{
    return (void *)(uintptr_t)((unsigned)fd << 1 | 1u);
}

static size_t
swallow(char *data, size_t size, size_t n, void *arg)
{
    (void)data;
    (void)arg;
    return size * n;
}

static void
start_some(void)
{
    while (fwd.free && fwd.first) {
        struct slot *s = fwd.free;

        fwd.free = s->next_free;
        s->item = fwd.first;
        fwd.first = s->item->next;
        if (fwd.first == NULL)
            fwd.last = NULL;
        curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, (char *)s->item->body);
        curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE, (long)s->item->len);
        curl_multi_add_handle(fwd.multi, s->easy);
    }
}

static void
finish_some(void)
{
    CURLMsg *m;
    int left;

    while ((m = curl_multi_info_read(fwd.multi, &left)) != NULL) {
        struct slot *s;

        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&s);
        if (m->data.result != CURLE_OK)
            fprintf(stderr, "ceiling: %s\n", curl_easy_strerror(m->data.result));
        curl_multi_remove_handle(fwd.multi, s->easy);
        free(s->item);
        s->next_free = fwd.free;
        fwd.free = s;
    }
    start_some();
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    struct epoll_event ev = { .data.ptr = tag_of(fd) };

    (void)easy;
    (void)arg;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(fwd.epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    ev.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    epoll_ctl(fwd.epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &ev);
    curl_multi_assign(fwd.multi, fd, &fwd);
    return 0;
}

static int
on_timeout(CURLM *multi, long ms, void *arg)
{
    (void)multi;
    (void)arg;
    fwd.timeout_ms = ms;
    return 0;
}

static void
make_slots(const char *url, int count)
{
    fwd.headers = curl_slist_append(NULL, "Content-Type: application/json");
    fwd.headers = curl_slist_append(fwd.headers, "Expect:");
    for (int i = 0; i < count; i++) {
        struct slot *s = calloc(1, sizeof(*s));

        s->easy = curl_easy_init();
        curl_easy_setopt(s->easy, CURLOPT_URL, url);
        curl_easy_setopt(s->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, fwd.headers);
        curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(s->easy, CURLOPT_PROXY, "");
        curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, swallow);
        curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
        s->next_free = fwd.free;
        fwd.free = s;
    }
}

static void
accept_event(const char *body, size_t len)
{
    struct item *it = malloc(sizeof(*it) + len);

    it->next = NULL;
    it->len = len;
    memcpy(it->body, body, len);
    if (fwd.last)
        fwd.last->next = it;
    else
        fwd.first = it;
    fwd.last = it;
}

static bool
take_request(struct client *c)
{
    static const char ok[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok";
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
    *end = '\r';
    total = (size_t)(end - c->in) + 4 + body_len;
    if (c->len < total)
        return false;
    accept_event(end + 4, body_len);
    if (send(c->fd, ok, sizeof(ok) - 1, MSG_NOSIGNAL) < 0)
        perror("ceiling: send");
    c->len -= total;
    memmove(c->in, c->in + total, c->len);
    return true;
}

static void
serve(struct client *c)
{
    ssize_t n = recv(c->fd, c->in + c->len, IN_MAX - c->len, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        close(c->fd);
        free(c);
        return;
    }
    c->len += (size_t)n;
    while (take_request(c))
        ;
}

static void
accept_all(int listener)
{
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct client *c = calloc(1, sizeof(*c));
        struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
        int one = 1;

        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        epoll_ctl(fwd.epoll, EPOLL_CTL_ADD, fd, &ev);
    }
}

static int
listen_on(uint16_t port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(sa);
    struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 4096) < 0) {
        perror("ceiling: listen");
        exit(1);
    }
    getsockname(fd, (struct sockaddr *)&sa, &len);
    printf("%u\n", ntohs(sa.sin_port));
    fflush(stdout);
    epoll_ctl(fwd.epoll, EPOLL_CTL_ADD, fd, &ev);
    return fd;
}

static void
turn(int listener)
{
    struct epoll_event ready[256];
    int n = epoll_wait(fwd.epoll, ready, 256, (int)fwd.timeout_ms), running;

    if (n == 0)
        curl_multi_socket_action(fwd.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    for (int i = 0; i < n; i++) {
        uintptr_t tag = (uintptr_t)ready[i].data.ptr;
        int what = (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) ? CURL_CSELECT_IN : 0) |
                   (ready[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0);

        if (tag == 0)
            accept_all(listener);
        else if (tag & 1)
            curl_multi_socket_action(fwd.multi, (curl_socket_t)(tag >> 1), what, &running);
        else
            serve(ready[i].data.ptr);
    }
    finish_some();
    if (fwd.timeout_ms == 0)
        curl_multi_socket_action(fwd.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    finish_some();
}

int
main(int argc, char **argv)
{
    struct rlimit files;
    int listener;

    if (argc != 4) {
        fprintf(stderr, "usage: ceiling PORT TARGET_URL CONNECTIONS   (PORT 0: any)\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    fwd.epoll = epoll_create1(EPOLL_CLOEXEC);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    fwd.multi = curl_multi_init();
    curl_multi_setopt(fwd.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(fwd.multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    curl_multi_setopt(fwd.multi, CURLMOPT_MAXCONNECTS, strtol(argv[3], NULL, 10));
    make_slots(argv[2], (int)strtol(argv[3], NULL, 10));
    listener = listen_on((uint16_t)strtoul(argv[1], NULL, 10));
    for (;;)
        turn(listener);
}
