/* loop.c - the event loop of each role, by libuv. */
#include <stdbool.h>
#include <stdlib.h>

#include <uv.h>

#include "base/list.h"
#include "base/loop.h"
#include "base/mem.h"

struct loop {
    uv_loop_t uv;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle;                /* while it runs, a turn does not wait */
    struct list soon;              /* timers due in the next turn */
    loop_fn *before, *after;
    void *before_arg, *after_arg;
    struct list signals;
};
/* The handle comes first in each: its address is the watcher's. libuv wants a handle's
   memory until its close callback, so that is where each is freed. */
struct loop_fd {
    uv_poll_t handle;
    loop_fd_fn *fn;
    void *arg;
    unsigned events;
    bool closed;
};
struct loop_timer {
    uv_timer_t handle;
    loop_fn *fn;
    void *arg;
    struct list soon;
};
struct loop_signal {
    uv_signal_t handle;
    loop_signal_fn *fn;
    void *arg;
    struct list link;
};

/* For calls that fail by our mistake only, or when the kernel has no memory. */
static void
must(int status, const char *what)
{
    if (status < 0)
        die("loop: %s: %s", what, uv_strerror(status));
}

static void
on_closed(uv_handle_t *handle)
{
    free(handle);
}

struct loop *
loop_new(void)
{
    struct loop *l = xcalloc(1, sizeof(*l));

    list_init(&l->signals);
    list_init(&l->soon);
    must(uv_loop_init(&l->uv), "cannot start");
    uv_prepare_init(&l->uv, &l->prepare);
    uv_check_init(&l->uv, &l->check);
    uv_idle_init(&l->uv, &l->idle);
    l->prepare.data = l->check.data = l->idle.data = l->uv.data = l;
    return l;
}

void
loop_free(struct loop *l)
{
    struct list *node;

    if (!l)
        return;
    uv_close((uv_handle_t *)&l->prepare, NULL);
    uv_close((uv_handle_t *)&l->check, NULL);
    uv_close((uv_handle_t *)&l->idle, NULL);
    while ((node = list_pop_front(&l->signals)))
        uv_close((uv_handle_t *)&LIST_OF(node, struct loop_signal, link)->handle, on_closed);
    /* The first turn may do nothing when loop_stop() was called outside a turn. */
    uv_run(&l->uv, UV_RUN_NOWAIT);
    uv_run(&l->uv, UV_RUN_NOWAIT);
    must(uv_loop_close(&l->uv), "freed with a watcher open");
    free(l);
}

void
loop_run(struct loop *l)
{
    uv_run(&l->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct loop *l)
{
    uv_stop(&l->uv);
}

void
loop_once(struct loop *l)
{
    uv_run(&l->uv, UV_RUN_NOWAIT);
}

static void on_poll(uv_poll_t *handle, int status, int uv_events);

static void
start(struct loop_fd *w)
{
    int uv_events = (w->events & LOOP_READ ? UV_READABLE : 0) |
                    (w->events & LOOP_WRITE ? UV_WRITABLE : 0);

    if (uv_events)
        must(uv_poll_start(&w->handle, uv_events, on_poll), "cannot watch a descriptor");
    else
        must(uv_poll_stop(&w->handle), "cannot pause a descriptor");
}

static void
on_poll(uv_poll_t *handle, int status, int uv_events)
{
    struct loop_fd *w = (struct loop_fd *)handle;
    unsigned events = (uv_events & UV_READABLE ? LOOP_READ : 0) |
                      (uv_events & UV_WRITABLE ? LOOP_WRITE : 0);

    if (w->closed)
        return;
    /* libuv stops watching on an error. The owner finds out by reading or writing, and
       an error that reading clears must not leave the watcher dead, so start it again. */
    if (status < 0) {
        events = LOOP_READ | LOOP_WRITE;
        start(w);
    }
    w->fn(w->arg, events);
}

struct loop_fd *
loop_watch(struct loop *l, int fd, unsigned events, loop_fd_fn *fn, void *arg)
{
    struct loop_fd *w = xcalloc(1, sizeof(*w));

    must(uv_poll_init(&l->uv, &w->handle, fd), "cannot watch a descriptor");
    w->fn = fn;
    w->arg = arg;
    w->events = events;
    if (events)
        start(w);
    return w;
}

void
loop_watch_events(struct loop_fd *w, unsigned events)
{
    if (events == w->events)
        return;
    w->events = events;
    start(w);
}

void
loop_unwatch(struct loop_fd *w)
{
    if (!w)
        return;
    /* uv_close() takes the descriptor out of epoll, and out of the events collected in
       this turn, at once: its number may be closed and used again right away. */
    w->closed = true;
    uv_close((uv_handle_t *)&w->handle, on_closed);
}

static void
on_timer(uv_timer_t *handle)
{
    struct loop_timer *t = (struct loop_timer *)handle;

    t->fn(t->arg);
}

struct loop_timer *
loop_timer_new(struct loop *l, loop_fn *fn, void *arg)
{
    struct loop_timer *t = xcalloc(1, sizeof(*t));

    uv_timer_init(&l->uv, &t->handle);
    list_init(&t->soon);
    t->fn = fn;
    t->arg = arg;
    return t;
}

/* Those that are set anew meanwhile have their turn in the next turn. */
static void
on_idle(uv_idle_t *handle)
{
    struct loop *l = handle->data;
    struct list now, *node;

    list_init(&now);
    while ((node = list_pop_front(&l->soon)))
        list_push_back(&now, node);
    while ((node = list_pop_front(&now))) {
        struct loop_timer *t = LIST_OF(node, struct loop_timer, soon);

        t->fn(t->arg);
    }
    if (list_empty(&l->soon))
        uv_idle_stop(handle);
}

void
loop_timer_set(struct loop_timer *t, int64_t in_ms)
{
    /* libuv counts from the start of the turn. Counting from now, rounded up, a timer is
       never early however long the turn took. Moving libuv's own idea of now instead
       would let timers that set each other starve the descriptors. */
    uint64_t now = (uv_hrtime() + 999999) / 1000000, turn = uv_now(t->handle.loop);
    uint64_t late = now > turn ? now - turn : 0;

    loop_timer_stop(t);
    if (in_ms > 0) {
        uv_timer_start(&t->handle, on_timer, (uint64_t)in_ms + late, 0);
    } else {
        struct loop *l = t->handle.loop->data;

        list_push_back(&l->soon, &t->soon);
        uv_idle_start(&l->idle, on_idle);
    }
}

void
loop_timer_stop(struct loop_timer *t)
{
    uv_timer_stop(&t->handle);
    list_remove(&t->soon);
}

void
loop_timer_free(struct loop_timer *t)
{
    if (!t)
        return;
    list_remove(&t->soon);
    uv_close((uv_handle_t *)&t->handle, on_closed);
}

static void
on_signal(uv_signal_t *handle, int signum)
{
    struct loop_signal *s = (struct loop_signal *)handle;

    s->fn(s->arg, signum);
}

void
loop_signal(struct loop *l, int signum, loop_signal_fn *fn, void *arg)
{
    struct loop_signal *s = xcalloc(1, sizeof(*s));

    must(uv_signal_init(&l->uv, &s->handle), "cannot watch a signal");
    s->fn = fn;
    s->arg = arg;
    list_push_back(&l->signals, &s->link);
    must(uv_signal_start(&s->handle, on_signal, signum), "cannot watch a signal");
}

static void
on_check(uv_check_t *handle)
{
    struct loop *l = handle->data;

    l->after(l->after_arg);
}

static void
on_prepare(uv_prepare_t *handle)
{
    struct loop *l = handle->data;

    l->before(l->before_arg);
}

void
loop_after_poll(struct loop *l, loop_fn *fn, void *arg)
{
    l->after = fn;
    l->after_arg = arg;
    uv_check_start(&l->check, on_check);
}

void
loop_before_poll(struct loop *l, loop_fn *fn, void *arg)
{
    l->before = fn;
    l->before_arg = arg;
    uv_prepare_start(&l->prepare, on_prepare);
}
