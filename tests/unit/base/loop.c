#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"
#include "unit.h"

/* One watched end of a socket pair, and what it saw. */
struct end {
    struct loop *loop;
    struct loop_fd *watch;
    struct end *victim;                    /* unwatched by the first that is called */
    int fd, peer, calls;
    unsigned events;
    bool stop, drain;
};

static void
on_event(void *arg, unsigned events)
{
    struct end *e = arg;
    char byte[16];

    e->calls++;
    e->events |= events;
    if (e->drain && read(e->fd, byte, sizeof(byte)) < 0)
        CU_FAIL("nothing to read");
    if (e->victim) {
        loop_unwatch(e->victim->watch);
        e->victim->watch = NULL;
        e->victim->victim = NULL;
        e->victim = NULL;
    }
    if (e->stop)
        loop_stop(e->loop);
}

static void
open_end(struct end *e, struct loop *l, unsigned events)
{
    int fds[2];

    CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds)
                    == 0);
    *e = (struct end){ .loop = l, .fd = fds[0], .peer = fds[1] };
    e->watch = loop_watch(l, e->fd, events, on_event, e);
}

static void
close_end(struct end *e)
{
    loop_unwatch(e->watch);
    close_fd(&e->fd);
    close_fd(&e->peer);
}

static void
send_byte(const struct end *e)
{
    CU_ASSERT_FATAL(write(e->peer, "x", 1) == 1);
}

static void
readiness_is_reported_for_the_events_asked_for(void)
{
    struct loop *l = loop_new();
    struct end e;

    open_end(&e, l, LOOP_READ);
    e.drain = true;
    loop_once(l);
    CHECK_INT(e.calls, 0);
    send_byte(&e);
    loop_once(l);
    CHECK_INT(e.calls, 1);
    CHECK_INT(e.events, LOOP_READ);
    e.drain = false;
    e.events = 0;
    loop_watch_events(e.watch, LOOP_READ | LOOP_WRITE);
    loop_once(l);
    CHECK_INT(e.events, LOOP_WRITE);
    close_end(&e);
    loop_free(l);
}

static void
a_paused_watcher_is_quiet_until_it_is_resumed(void)
{
    struct loop *l = loop_new();
    struct end e;

    open_end(&e, l, 0);
    send_byte(&e);
    loop_once(l);
    CHECK_INT(e.calls, 0);
    loop_watch_events(e.watch, LOOP_READ);
    loop_once(l);
    CHECK_INT(e.calls, 1);
    loop_watch_events(e.watch, 0);
    loop_once(l);
    CHECK_INT(e.calls, 1);
    loop_watch_events(e.watch, LOOP_READ);
    loop_once(l);
    CHECK_INT(e.calls, 2);
    close_end(&e);
    loop_free(l);
}

/* Both ends are ready in the same turn; whichever is served first unwatches the other. */
static void
an_event_already_collected_is_not_reported_after_unwatch(void)
{
    struct loop *l = loop_new();
    struct end a, b;

    open_end(&a, l, LOOP_READ);
    open_end(&b, l, LOOP_READ);
    a.victim = &b;
    b.victim = &a;
    send_byte(&a);
    send_byte(&b);
    loop_once(l);
    CHECK_INT(a.calls + b.calls, 1);
    loop_once(l);
    CHECK(a.calls == 0 || b.calls == 0);
    close_end(&a);
    close_end(&b);
    loop_free(l);
}

static void
on_close_self(void *arg, unsigned events)
{
    struct end *e = arg;

    (void)events;
    e->calls++;
    loop_unwatch(e->watch);
    e->watch = NULL;
}

static void
a_watcher_may_be_unwatched_in_its_own_callback(void)
{
    struct loop *l = loop_new();
    struct end e;

    open_end(&e, l, 0);
    loop_unwatch(e.watch);
    e.watch = loop_watch(l, e.fd, LOOP_READ, on_close_self, &e);
    send_byte(&e);
    loop_once(l);
    loop_once(l);
    CHECK_INT(e.calls, 1);
    close_end(&e);
    loop_free(l);
}

/* The first to be served closes the other's descriptor and opens a new one, which gets
   the same number, in the turn in which the old one's event was collected. */
struct reuse {
    struct end a, b, fresh;
    struct loop *loop;
};

static void
on_reuse(void *arg, unsigned events)
{
    struct reuse *r = arg;
    int number = r->b.fd;

    (void)events;
    loop_unwatch(r->a.watch);
    loop_unwatch(r->b.watch);
    r->a.watch = r->b.watch = NULL;
    r->a.calls++;
    close(r->b.fd);
    r->b.fd = -1;
    open_end(&r->fresh, r->loop, LOOP_READ);
    CHECK_INT(r->fresh.fd, number);
}

static void
a_descriptor_number_may_be_used_again_at_once(void)
{
    struct reuse r = { .loop = loop_new() };

    open_end(&r.a, r.loop, 0);
    open_end(&r.b, r.loop, 0);
    loop_unwatch(r.a.watch);
    loop_unwatch(r.b.watch);
    /* Both the one served first and the one whose number is reused run on_reuse. */
    r.a.watch = loop_watch(r.loop, r.a.fd, LOOP_READ, on_reuse, &r);
    r.b.watch = loop_watch(r.loop, r.b.fd, LOOP_READ, on_reuse, &r);
    send_byte(&r.a);
    send_byte(&r.b);
    loop_once(r.loop);
    CHECK_INT(r.a.calls, 1);
    CHECK_INT(r.fresh.calls, 0);
    loop_once(r.loop);
    CHECK_INT(r.fresh.calls, 0);
    send_byte(&r.fresh);
    loop_once(r.loop);
    CHECK_INT(r.fresh.calls, 1);
    close_end(&r.a);
    close_end(&r.b);
    close_end(&r.fresh);
    loop_free(r.loop);
}

static void
a_hang_up_wakes_a_reader(void)
{
    struct loop *l = loop_new();
    struct end e;

    open_end(&e, l, LOOP_READ);
    close(e.peer);
    e.peer = -1;
    loop_once(l);
    CHECK_INT(e.calls, 1);
    CHECK(e.events & LOOP_READ);
    close_end(&e);
    loop_free(l);
}

/* The writing end of a pipe without a reader has EPOLLERR at once. */
static void
an_error_is_reported_as_both_and_again_until_unwatched(void)
{
    struct loop *l = loop_new();
    struct end e = { .loop = l, .peer = -1 };
    int fds[2];

    CU_ASSERT_FATAL(pipe2(fds, O_NONBLOCK | O_CLOEXEC) == 0);
    close(fds[0]);
    e.fd = fds[1];
    e.watch = loop_watch(l, e.fd, LOOP_WRITE, on_event, &e);
    loop_once(l);
    CHECK_INT(e.calls, 1);
    CHECK_INT(e.events, LOOP_READ | LOOP_WRITE);
    loop_once(l);
    CHECK_INT(e.calls, 2);
    close_end(&e);
    loop_free(l);
}

struct tick {
    struct loop *loop;
    struct loop_timer *timer;
    int calls, limit;
    int64_t at_ms, again_ms;
};

static void
on_tick(void *arg)
{
    struct tick *t = arg;

    t->at_ms = clock_mono_ms();
    if (++t->calls == t->limit)
        loop_stop(t->loop);
    else if (t->limit)
        loop_timer_set(t->timer, t->again_ms);
}

static void
a_timer_fires_once_and_never_early(void)
{
    struct tick t = { .loop = loop_new(), .limit = 1 };

    t.timer = loop_timer_new(t.loop, on_tick, &t);
    for (int i = 0; i < 10; i++) {
        int64_t from = clock_mono_ms();

        t.calls = 0;
        loop_timer_set(t.timer, 3);
        loop_run(t.loop);
        CHECK_INT(t.calls, 1);
        CHECK(t.at_ms >= from + 3);
    }
    loop_timer_free(t.timer);
    loop_free(t.loop);
}

static void
a_timer_may_be_moved_stopped_and_freed_in_its_own_callback(void)
{
    struct tick t = { .loop = loop_new(), .limit = 3, .again_ms = 1 };
    struct tick never = { .loop = t.loop };

    t.timer = loop_timer_new(t.loop, on_tick, &t);
    never.timer = loop_timer_new(t.loop, on_tick, &never);
    loop_timer_set(never.timer, 0);
    loop_timer_stop(never.timer);
    loop_timer_set(t.timer, 3600 * 1000);
    loop_timer_set(t.timer, -5);
    loop_run(t.loop);
    CHECK_INT(t.calls, 3);
    CHECK_INT(never.calls, 0);
    loop_timer_free(t.timer);
    loop_timer_free(never.timer);
    loop_timer_free(NULL);
    loop_free(t.loop);
}

static void
a_timer_for_now_fires_in_the_next_turn_and_not_twice(void)
{
    struct tick a = { .loop = loop_new() }, b = { .loop = a.loop };

    a.timer = loop_timer_new(a.loop, on_tick, &a);
    b.timer = loop_timer_new(a.loop, on_tick, &b);
    loop_timer_set(a.timer, 0);
    loop_timer_set(b.timer, 0);
    loop_timer_set(b.timer, 3600 * 1000);
    CHECK_INT(a.calls, 0);
    loop_once(a.loop);
    CHECK_INT(a.calls, 1);
    loop_once(a.loop);
    CHECK_INT(a.calls, 1);
    CHECK_INT(b.calls, 0);
    loop_timer_set(b.timer, 0);
    loop_timer_free(b.timer);
    loop_once(a.loop);
    CHECK_INT(b.calls, 0);
    loop_timer_free(a.timer);
    loop_free(a.loop);
}

static void
on_tick_free(void *arg)
{
    struct tick *t = arg;

    loop_timer_free(t->timer);
    t->timer = NULL;
    loop_stop(t->loop);
}

static void
a_timer_may_be_freed_in_its_own_callback(void)
{
    struct tick t = { .loop = loop_new() };

    t.timer = loop_timer_new(t.loop, on_tick_free, &t);
    loop_timer_set(t.timer, 0);
    loop_run(t.loop);
    CHECK(t.timer == NULL);
    loop_free(t.loop);
}

/* Both are due in the same turn; the first frees the second. */
static void
on_tick_free_other(void *arg)
{
    struct tick *other = arg;

    loop_timer_free(other->timer);
    other->timer = NULL;
}

static void
a_timer_that_is_due_may_be_freed_by_another(void)
{
    struct tick t = { .loop = loop_new() };
    struct loop_timer *first = loop_timer_new(t.loop, on_tick_free_other, &t);

    t.timer = loop_timer_new(t.loop, on_tick, &t);
    loop_timer_set(first, 0);
    loop_timer_set(t.timer, 0);
    loop_once(t.loop);
    loop_once(t.loop);
    CHECK(t.timer == NULL);
    CHECK_INT(t.calls, 0);
    loop_timer_free(first);
    loop_free(t.loop);
}

/* A timer that sets itself for "now" again and again leaves room for descriptors. */
static void
timers_do_not_starve_descriptors(void)
{
    struct tick t = { .loop = loop_new(), .limit = 1000000000, .again_ms = 0 };
    struct end e;

    t.timer = loop_timer_new(t.loop, on_tick, &t);
    open_end(&e, t.loop, LOOP_READ);
    e.stop = true;
    send_byte(&e);
    loop_timer_set(t.timer, 0);
    loop_run(t.loop);
    CHECK_INT(e.calls, 1);
    loop_timer_free(t.timer);
    close_end(&e);
    loop_free(t.loop);
}

static void
on_signal(void *arg, int signum)
{
    struct tick *t = arg;

    t->calls = signum;
    loop_stop(t->loop);
}

static void
a_signal_is_handled_on_the_loop(void)
{
    struct tick t = { .loop = loop_new() };

    loop_signal(t.loop, SIGUSR1, on_signal, &t);
    loop_signal(t.loop, SIGUSR2, on_signal, &t);
    raise(SIGUSR1);
    CHECK_INT(t.calls, 0);
    loop_run(t.loop);
    CHECK_INT(t.calls, SIGUSR1);
    loop_free(t.loop);
}

struct order {
    char text[16];
    size_t len;
    struct loop *loop;
};

static void
note(struct order *o, char c)
{
    if (o->len < sizeof(o->text) - 1)
        o->text[o->len++] = c;
}

static void
on_before(void *arg)
{
    note(arg, 'b');
}

static void
on_after(void *arg)
{
    note(arg, 'a');
}

static void
on_ready(void *arg, unsigned events)
{
    (void)events;
    note(arg, 'r');
}

static void
hooks_run_around_all_descriptors_of_a_turn(void)
{
    struct order o = { .loop = loop_new() };
    struct end one, two;

    open_end(&one, o.loop, 0);
    open_end(&two, o.loop, 0);
    loop_unwatch(one.watch);
    loop_unwatch(two.watch);
    one.watch = loop_watch(o.loop, one.fd, LOOP_READ, on_ready, &o);
    two.watch = loop_watch(o.loop, two.fd, LOOP_READ, on_ready, &o);
    loop_before_poll(o.loop, on_before, &o);
    loop_after_poll(o.loop, on_after, &o);
    send_byte(&one);
    send_byte(&two);
    loop_once(o.loop);
    loop_once(o.loop);
    CHECK_STR(o.text, "brrabrra");
    close_end(&one);
    close_end(&two);
    loop_free(o.loop);
}

static void
a_loop_stopped_outside_a_turn_is_freed_all_the_same(void)
{
    struct loop *l = loop_new();

    loop_signal(l, SIGUSR1, on_signal, NULL);
    loop_unwatch(NULL);
    loop_stop(l);
    loop_free(l);
    loop_free(NULL);
}

UNIT_MAIN("base/loop",
    UNIT_TEST(readiness_is_reported_for_the_events_asked_for),
    UNIT_TEST(a_paused_watcher_is_quiet_until_it_is_resumed),
    UNIT_TEST(an_event_already_collected_is_not_reported_after_unwatch),
    UNIT_TEST(a_watcher_may_be_unwatched_in_its_own_callback),
    UNIT_TEST(a_descriptor_number_may_be_used_again_at_once),
    UNIT_TEST(a_hang_up_wakes_a_reader),
    UNIT_TEST(an_error_is_reported_as_both_and_again_until_unwatched),
    UNIT_TEST(a_timer_fires_once_and_never_early),
    UNIT_TEST(a_timer_may_be_moved_stopped_and_freed_in_its_own_callback),
    UNIT_TEST(a_timer_for_now_fires_in_the_next_turn_and_not_twice),
    UNIT_TEST(a_timer_may_be_freed_in_its_own_callback),
    UNIT_TEST(a_timer_that_is_due_may_be_freed_by_another),
    UNIT_TEST(timers_do_not_starve_descriptors),
    UNIT_TEST(a_signal_is_handled_on_the_loop),
    UNIT_TEST(hooks_run_around_all_descriptors_of_a_turn),
    UNIT_TEST(a_loop_stopped_outside_a_turn_is_freed_all_the_same))
