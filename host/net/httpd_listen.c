/* httpd_listen.c - listening sockets. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/httpd_parts.h"

#define BACKLOG 1024
#define RETRY_MS 50

static int
bind_and_listen(const struct addrinfo *ai, bool dual, int *ret_fd)
{
    CLEANUP(close_fd) int fd = socket(ai->ai_family,
                                      ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                      ai->ai_protocol);
    int on = 1, off = 0;

    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
        return -errno;
    if (ai->ai_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, dual ? &off : &on, sizeof(on)) < 0)
        return -errno;
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
        return -errno;
    *ret_fd = fd;
    fd = -1;
    return 0;
}

/* 0, -errno, or -EINVAL with *ret_trouble when node is no address and no known name. */
static int
listen_at(const char *node, uint16_t port, bool dual, int *ret_fd, const char **ret_trouble)
{
    const struct addrinfo hints = {
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *list;
    char service[8];
    int error = -EADDRNOTAVAIL, r;

    snprintf(service, sizeof(service), "%u", (unsigned)port);
    r = getaddrinfo(node, service, &hints, &list);
    if (r != 0) {
        *ret_trouble = gai_strerror(r);
        return -EINVAL;
    }
    for (const struct addrinfo *ai = list; ai; ai = ai->ai_next) {
        r = bind_and_listen(ai, dual, ret_fd);
        /* Of several failures the one that may pass is worth most. */
        if (r == 0 || error != -EADDRINUSE)
            error = r;
        if (r == 0)
            break;
    }
    freeaddrinfo(list);
    return error;
}

static uint16_t
port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } a = { 0 };
    socklen_t len = sizeof(a);

    if (getsockname(fd, &a.any, &len) < 0)
        return 0;
    return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static char *
error_text(const char *host, uint16_t port, const char *trouble, int error)
{
    bool v6 = strchr(host, ':') != NULL;
    const char *hint = "";

    if (error == EADDRINUSE)
        hint = " (another program, or another Hermod, listens there)";
    else if (error == EACCES)
        hint = " (ports below 1024 need the capability CAP_NET_BIND_SERVICE)";
    else if (error == EADDRNOTAVAIL)
        hint = " (no network interface has this address)";
    return xasprintf("cannot listen on %s%s%s:%u: %s%s", v6 ? "[" : "", host, v6 ? "]" : "",
                     (unsigned)port, trouble ? trouble : strerror(error), hint);
}

int
http_listen(const char *host, uint16_t port, int64_t patience_ms, int *ret_fd,
            uint16_t *ret_port, char **ret_error)
{
    const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
    int64_t until_ms = clock_mono_ms() + patience_ms;
    bool all = host[0] == '\0';
    const char *trouble = NULL;
    int r;

    for (;;) {
        r = listen_at(all ? "::" : host, port, all, ret_fd, &trouble);
        if (all && r < 0 && r != -EADDRINUSE)      /* a machine without IPv6 */
            r = listen_at("0.0.0.0", port, false, ret_fd, &trouble);
        if (r != -EADDRINUSE || clock_mono_ms() >= until_ms)
            break;
        nanosleep(&pause, NULL);
    }
    if (r < 0) {
        *ret_error = error_text(host, port, trouble, -r);
        return r;
    }
    *ret_port = port_of(*ret_fd);
    return 0;
}

size_t
http_raise_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1024;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit higher = { limit.rlim_max, limit.rlim_max };

        if (setrlimit(RLIMIT_NOFILE, &higher) == 0)
            limit = higher;
    }
    return limit.rlim_cur == RLIM_INFINITY ? SIZE_MAX : (size_t)limit.rlim_cur;
}
