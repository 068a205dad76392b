/* Two ends of a socketpair in one loop: frames and descriptors arrive in order, whole, and
   a peer that is gone or breaks the rules is reported once. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/caps.h"
#include "unit.h"
#include "wire/channel.h"
#include "wire/codec.h"
#include "wire/message.h"

struct end {
    struct loop *loop;
    struct channel *channel;
    int frames, fds, gone, last_type;
    size_t bytes;
    int stop_at;                           /* frames */
    bool free_at_first;
    char why[64];
};

static void
on_frame(void *arg, int type, const void *p, size_t len, int fd)
{
    struct end *e = arg;

    (void)p;
    e->frames++;
    e->last_type = type;
    e->bytes += len;
    if (fd >= 0) {
        CU_ASSERT(fcntl(fd, F_GETFD) == FD_CLOEXEC);
        CHECK(message_has_fd(type));
        e->fds++;
        close(fd);
    }
    if (e->free_at_first)
        channel_free(e->channel);
    if (e->frames == e->stop_at || e->free_at_first)
        loop_stop(e->loop);
}

static void
on_gone(void *arg, const char *why)
{
    struct end *e = arg;

    e->gone++;
    snprintf(e->why, sizeof(e->why), "%s", why);
    loop_stop(e->loop);
}

static void
pair(struct loop *l, struct end *a, struct end *b)
{
    int fds[2];

    CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
    *a = (struct end){ .loop = l };
    *b = (struct end){ .loop = l };
    a->channel = channel_new(l, fds[0], on_frame, on_gone, a);
    b->channel = channel_new(l, fds[1], on_frame, on_gone, b);
}

static void
many_large_frames_arrive_whole(void)
{
    struct loop *l = loop_new();
    struct end a, b;
    char *big = xmalloc(300001);

    memset(big, 'x', 300000);
    big[300000] = 0;
    pair(l, &a, &b);
    b.stop_at = 101;
    for (int i = 0; i < 100; i++)
        put_text(channel_out(a.channel), MSG_FATAL, big);
    put_simple(channel_out(a.channel), MSG_GO);
    channel_flush(a.channel);
    CHECK(channel_pending(a.channel) > 0);
    loop_run(l);
    CHECK_INT(b.frames, 101);
    CHECK_INT(b.bytes, 100 * 300004);
    CHECK_INT(b.last_type, MSG_GO);
    CHECK_INT(channel_pending(a.channel), 0);
    channel_free(a.channel);
    channel_free(b.channel);
    free(big);
    loop_free(l);
}

static void
descriptors_come_with_their_frames(void)
{
    struct loop *l = loop_new();
    struct end a, b;
    struct msg_runner_config m = { .plugin = "p", .path = "/p.so", .log_level = "info",
                                   .grace_ms = 1 };
    int pipes[2];

    CU_ASSERT_FATAL(pipe(pipes) == 0);
    pair(l, &a, &b);
    b.stop_at = 31;
    for (int i = 0; i < 10; i++) {
        put_simple(channel_out(a.channel), MSG_GO);
        channel_flush(a.channel);
        put_simple(channel_out(a.channel), MSG_GO);
        put_runner_config(channel_out(a.channel), &m);
        channel_flush_fd(a.channel, pipes[0]);
    }
    put_simple(channel_out(a.channel), MSG_GO);
    channel_flush(a.channel);
    loop_run(l);
    CHECK_INT(b.frames, 31);
    CHECK_INT(b.fds, 10);
    channel_free(a.channel);
    channel_free(b.channel);
    close(pipes[0]);
    close(pipes[1]);
    loop_free(l);
}

static void
a_closed_peer_is_reported_once_after_its_last_frame(void)
{
    struct loop *l = loop_new();
    struct end a, b;

    pair(l, &a, &b);
    put_simple(channel_out(a.channel), MSG_GO);
    channel_flush(a.channel);
    channel_free(a.channel);
    loop_run(l);
    CHECK_INT(b.frames, 1);
    CHECK_INT(b.gone, 1);
    CHECK_STR(b.why, "closed");
    channel_free(b.channel);
    loop_free(l);
}

static void
a_peer_that_leaves_with_frames_unread_is_closed_like_any_other(void)
{
    struct loop *l = loop_new();
    struct end a, b;

    pair(l, &a, &b);
    put_simple(channel_out(b.channel), MSG_GO);
    channel_flush(b.channel);
    channel_free(a.channel);               /* the kernel says ECONNRESET to the other end */
    loop_run(l);
    CHECK_INT(b.gone, 1);
    CHECK_STR(b.why, "closed");
    channel_free(b.channel);
    loop_free(l);
}

static void
a_frame_of_impossible_length_ends_it(void)
{
    struct loop *l = loop_new();
    struct end a, b;

    pair(l, &a, &b);
    put_u32(channel_out(a.channel), CAP_FRAME + 1);
    put_u8(channel_out(a.channel), MSG_GO);
    channel_flush(a.channel);
    loop_run(l);
    CHECK_INT(b.frames, 0);
    CHECK_INT(b.gone, 1);
    CHECK_STR(b.why, "a frame of impossible length");
    channel_free(a.channel);
    channel_free(b.channel);
    loop_free(l);
}

static void
a_channel_may_be_freed_in_its_own_callback(void)
{
    struct loop *l = loop_new();
    struct end a, b;

    pair(l, &a, &b);
    b.free_at_first = true;
    for (int i = 0; i < 5; i++)
        put_simple(channel_out(a.channel), MSG_GO);
    channel_flush(a.channel);
    loop_run(l);
    CHECK_INT(b.frames, 1);
    channel_free(a.channel);
    loop_free(l);
}

UNIT_MAIN("wire/channel", UNIT_TEST(many_large_frames_arrive_whole),
          UNIT_TEST(descriptors_come_with_their_frames),
          UNIT_TEST(a_closed_peer_is_reported_once_after_its_last_frame),
          UNIT_TEST(a_peer_that_leaves_with_frames_unread_is_closed_like_any_other),
          UNIT_TEST(a_frame_of_impossible_length_ends_it),
          UNIT_TEST(a_channel_may_be_freed_in_its_own_callback))
