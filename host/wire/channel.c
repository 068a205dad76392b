/* channel.c - see channel.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/caps.h"
#include "wire/channel.h"
#include "wire/message.h"

#define READ_CHUNK (64 * 1024)
#define READS_A_TURN 16                    /* then the other descriptors have their turn */
#define FDS_WAITING 64

/* A descriptor to send with the byte at offset (counted over the channel's life). */
struct outgoing_fd {
    uint64_t offset;
    int fd;
};

struct channel {
    struct loop_fd *watch;
    int fd;
    channel_frame_fn *frame;
    channel_gone_fn *gone;
    void *arg;
    struct buf in, out;
    uint64_t sent;                         /* bytes before out.data */
    int fds[FDS_WAITING];                  /* came, and their frame not yet */
    size_t fd_count;
    struct outgoing_fd outgoing[FDS_WAITING];
    size_t outgoing_count;
    bool writing;                          /* waits for the socket to take more */
    bool dead;
    int busy;                              /* callbacks under way: do not free yet */
    bool freed;
};

static void on_ready(void *arg, unsigned events);

struct channel *
channel_new(struct loop *l, int fd, channel_frame_fn *frame, channel_gone_fn *gone, void *arg)
{
    struct channel *c = xcalloc(1, sizeof(*c));
    int flags = fcntl(fd, F_GETFL);

    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    c->fd = fd;
    c->frame = frame;
    c->gone = gone;
    c->arg = arg;
    buf_init(&c->in, CAP_FRAME + READ_CHUNK + 8);
    buf_init(&c->out, CAP_CHANNEL);
    c->watch = loop_watch(l, fd, LOOP_READ, on_ready, c);
    return c;
}

static void
release(struct channel *c)
{
    for (size_t i = 0; i < c->fd_count; i++)
        close(c->fds[i]);
    for (size_t i = 0; i < c->outgoing_count; i++)
        close(c->outgoing[i].fd);
    buf_free(&c->in);
    buf_free(&c->out);
    free(c);
}

void
channel_free(struct channel *c)
{
    if (c == NULL || c->freed)
        return;
    c->freed = c->dead = true;
    loop_unwatch(c->watch);
    close(c->fd);
    if (c->busy == 0)
        release(c);
}

static void
die_saying(struct channel *c, const char *why)
{
    if (c->dead)
        return;
    c->dead = true;
    loop_watch_events(c->watch, 0);
    c->gone(c->arg, why);
}

/* A peer that leaves before it has read all is as gone as one that leaves after. */
static void
die_of_error(struct channel *c, int error)
{
    die_saying(c, error == ECONNRESET || error == EPIPE ? "closed" : strerror(error));
}

struct buf *
channel_out(struct channel *c)
{
    return &c->out;
}

size_t
channel_pending(const struct channel *c)
{
    return c->out.len;
}

/* Sends up to the next descriptor's byte. Bytes sent, or -errno. */
static ssize_t
send_some(struct channel *c)
{
    char control[CMSG_SPACE(sizeof(int))] = { 0 };
    size_t len = c->out.len;
    struct iovec iov = { .iov_base = c->out.data };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    struct outgoing_fd *next = c->outgoing_count > 0 ? &c->outgoing[0] : NULL;
    ssize_t n;

    if (next && next->offset == c->sent) {
        struct cmsghdr *cm;

        msg.msg_control = control;
        msg.msg_controllen = sizeof(control);
        cm = CMSG_FIRSTHDR(&msg);
        cm->cmsg_level = SOL_SOCKET;
        cm->cmsg_type = SCM_RIGHTS;
        cm->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(cm), &next->fd, sizeof(int));
        if (c->outgoing_count > 1)
            len = (size_t)(c->outgoing[1].offset - c->sent);
    } else if (next) {
        len = (size_t)(next->offset - c->sent);
    }
    iov.iov_len = len;
    n = sendmsg(c->fd, &msg, MSG_NOSIGNAL);
    if (n < 0)
        return -errno;
    if (msg.msg_control) {
        close(next->fd);
        c->outgoing_count--;
        memmove(c->outgoing, c->outgoing + 1, c->outgoing_count * sizeof(c->outgoing[0]));
    }
    return n;
}

void
channel_flush(struct channel *c)
{
    if (c->dead)
        return;
    if (c->out.failed) {
        die_saying(c, "too much waits for the peer");
        return;
    }
    while (c->out.len > 0) {
        ssize_t n = send_some(c);

        if (n == -EINTR)
            continue;
        if (n == -EAGAIN || n == -ENOBUFS)
            break;
        if (n < 0) {
            die_of_error(c, (int)-n);
            return;
        }
        c->sent += (uint64_t)n;
        buf_consume(&c->out, (size_t)n);
    }
    if ((c->out.len > 0) != c->writing) {
        c->writing = !c->writing;
        loop_watch_events(c->watch, LOOP_READ | (c->writing ? LOOP_WRITE : 0));
    }
}

/* Where the last whole frame in out begins. */
static size_t
last_frame(const struct buf *out)
{
    size_t at = 0;

    for (;;) {
        const uint8_t *p = (const uint8_t *)out->data + at;
        size_t len = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;

        if (at + 4 + len >= out->len)
            return at;
        at += 4 + len;
    }
}

void
channel_flush_fd(struct channel *c, int fd)
{
    int copy;

    if (c->dead || c->out.len == 0)
        return;
    if (c->writing || c->outgoing_count == FDS_WAITING) {
        /* Part of a frame may have gone: its boundary is not known any more. Set-up only
           comes here when the peer does not read at all. */
        die_saying(c, "the peer does not read");
        return;
    }
    copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) {
        die_saying(c, strerror(errno));
        return;
    }
    c->outgoing[c->outgoing_count++] =
        (struct outgoing_fd){ .offset = c->sent + last_frame(&c->out), .fd = copy };
    channel_flush(c);
}

void
channel_drain(struct channel *c)
{
    channel_flush(c);
    while (!c->dead && c->out.len > 0) {
        struct pollfd p = { .fd = c->fd, .events = POLLOUT };

        if (poll(&p, 1, 1000) <= 0 && errno != EINTR)
            return;
        channel_flush(c);
    }
}

static void
keep_fds(struct channel *c, struct msghdr *msg)
{
    for (struct cmsghdr *cm = CMSG_FIRSTHDR(msg); cm; cm = CMSG_NXTHDR(msg, cm)) {
        size_t n = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int);

        if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t i = 0; i < n; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(cm) + i * sizeof(int), sizeof(int));
            if (c->fd_count == FDS_WAITING) {
                close(fd);
                continue;
            }
            c->fds[c->fd_count++] = fd;
        }
    }
}

/* Bytes read, 0 at the end, or -errno. */
static ssize_t
receive_some(struct channel *c)
{
    char control[CMSG_SPACE(sizeof(int) * 4)];
    char *room = buf_room(&c->in, READ_CHUNK);
    struct iovec iov = { .iov_base = room, .iov_len = READ_CHUNK };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
                          .msg_controllen = sizeof(control) };
    ssize_t n;

    if (room == NULL)
        return -EMSGSIZE;
    n = recvmsg(c->fd, &msg, MSG_CMSG_CLOEXEC);
    if (n < 0)
        return -errno;
    keep_fds(c, &msg);
    c->in.len += (size_t)n;
    return n;
}

/* The descriptor of a frame that brings one, or -1. The kernel may hand bytes before a
   descriptor's own together with it, but never keeps it back behind them: so the next one
   received belongs to the next frame of a kind that brings one. */
static int
fd_of_frame(struct channel *c, int type)
{
    int fd = -1;

    if (message_has_fd(type) && c->fd_count > 0) {
        fd = c->fds[0];
        c->fd_count--;
        memmove(c->fds, c->fds + 1, c->fd_count * sizeof(c->fds[0]));
    }
    return fd;
}

static void
deliver_frames(struct channel *c)
{
    size_t at = 0;

    while (!c->dead && c->in.len - at >= 5) {
        const uint8_t *p = (const uint8_t *)c->in.data + at;
        size_t len = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;

        if (len < 1 || len > CAP_FRAME) {
            die_saying(c, "a frame of impossible length");
            return;
        }
        if (c->in.len - at < 4 + len)
            break;
        c->frame(c->arg, p[4], p + 5, len - 1, fd_of_frame(c, p[4]));
        at += 4 + len;
    }
    if (!c->freed)
        buf_consume(&c->in, at);
}

/* Reads so many times, or until nothing is left when all is set. */
static void
receive(struct channel *c, bool all)
{
    c->busy++;
    for (int i = 0; (all || i < READS_A_TURN) && !c->dead; i++) {
        ssize_t n = receive_some(c);

        if (n == -EINTR)
            continue;
        if (n == -EAGAIN)
            break;
        if (n > 0)
            deliver_frames(c);
        else
            die_of_error(c, n == 0 ? EPIPE : (int)-n);
        if (!all && n > 0 && n < READ_CHUNK)
            break;
    }
    c->busy--;
    if (c->freed && c->busy == 0)
        release(c);
}

void
channel_receive(struct channel *c)
{
    receive(c, true);
}

static void
on_ready(void *arg, unsigned events)
{
    struct channel *c = arg;

    if (events & LOOP_WRITE) {
        c->busy++;
        channel_flush(c);
        c->busy--;
    }
    if (c->freed && c->busy == 0)
        release(c);
    else if (events & LOOP_READ)
        receive(c, false);
}
