/* loop.h - the event loop of each role: descriptors, timers, signals, and one call
   at the end of each turn. The only user of libuv. */
#ifndef HERMOD_BASE_LOOP_H
#define HERMOD_BASE_LOOP_H

#include <stdint.h>

#define LOOP_READ 1u
#define LOOP_WRITE 2u

struct loop;
struct loop_fd;
struct loop_timer;

typedef void loop_fd_fn(void *arg, unsigned events);
typedef void loop_fn(void *arg);
typedef void loop_signal_fn(void *arg, int signum);

struct loop *loop_new(void);
void loop_free(struct loop *l);    /* all watchers must have been closed; takes NULL */
void loop_run(struct loop *l);     /* until loop_stop() */
void loop_stop(struct loop *l);
/* One turn without waiting: for tests. */
void loop_once(struct loop *l);

/* Watches fd for events (LOOP_READ | LOOP_WRITE); makes it non-blocking. An error is
   reported as both, a hang-up as what is watched. The fd stays the caller's; unwatch
   before closing it. At most one watcher per fd. */
struct loop_fd *loop_watch(struct loop *l, int fd, unsigned events, loop_fd_fn *fn, void *arg);
void loop_watch_events(struct loop_fd *w, unsigned events);   /* 0: pause */
void loop_unwatch(struct loop_fd *w);          /* takes NULL; may be called in its own fn */

/* A one-shot timer on the monotonic clock, made stopped. */
struct loop_timer *loop_timer_new(struct loop *l, loop_fn *fn, void *arg);
/* Again: moves it. 0 or less: in the next turn, which then does not wait. */
void loop_timer_set(struct loop_timer *t, int64_t in_ms);
void loop_timer_stop(struct loop_timer *t);
void loop_timer_free(struct loop_timer *t);    /* takes NULL; may be called in its own fn */

/* fn runs on the loop, not in the signal handler. Watched until the loop is freed. */
void loop_signal(struct loop *l, int signum, loop_signal_fn *fn, void *arg);
/* fn runs once a turn, after all descriptors that were ready have been served. */
void loop_after_poll(struct loop *l, loop_fn *fn, void *arg);
/* fn runs once a turn, just before the loop waits. At most one of each. */
void loop_before_poll(struct loop *l, loop_fn *fn, void *arg);

#endif
