/* state.h - the runner role's one context: shared by runner.c, jobs.c and far_*.c only. */
#ifndef HERMOD_RUNNER_STATE_H
#define HERMOD_RUNNER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/heap.h"
#include "base/list.h"
#include "base/loop.h"
#include "base/map.h"
#include "net/http.h"
#include "runner/call.h"
#include "runner/coro.h"
#include "runner/loader.h"
#include "runner/memo.h"
#include "runner/rate.h"
#include "runner/watchdog.h"
#include "wire/channel.h"
#include "wire/message.h"

/* Destinations with the same credential share it. */
struct group {
    struct rate rate;
    struct loop_timer *timer;              /* when the next in line may go; NULL: no limit */
};

/* A destination as the runner sees it. */
struct target {
    struct destination config;
    const void *settings;                  /* the plugin's config struct, filled */
    struct group *group;
    struct memo memo;
    int64_t hold_until_ms;                 /* monotonic; 0 */
};

/* One run of one callback, on a coroutine. */
struct job {
    struct watched watched;                /* first: the watchdog looks here */
    struct call call;
    struct runner *runner;
    struct target *target;
    struct hermod_event event;
    char id[EVENT_ID_LEN + 1];
    bool is_check;
    int returned;                          /* by the callback */
    struct coro *coro;
    struct list link;                      /* runner->ready or runner->idle_jobs */
    struct list exchanges;                 /* requests under way */
    struct list claims;                    /* of keys, held or wanted */
    struct heap_node deadline;             /* monotonic */
    int64_t started_ms, deadline_ms;       /* monotonic; how long it may take */
};

/* A request of a job, in the call's arena. */
struct exchange {
    struct list link;                      /* in job->exchanges until done */
    struct job *job;
    struct hermod_request *q;
    struct rate_turn turn;
    struct http_transfer transfer;
};

struct runner {
    struct far far;                        /* first: the services' way out of a call */
    struct loop *loop;
    struct channel *supervisor, *core;
    struct channel *source;                /* NULL: it is not there */
    struct map questions;                  /* to it, by their id */
    uint64_t questions_asked;
    struct arena arena;                    /* configuration, for the process's life */
    struct msg_runner_config config;
    int core_fd;                           /* until the channel has it; -1 */
    struct loaded plugin;
    struct target **targets;               /* by the destination's index; NULL: another's */
    size_t target_size;
    struct http *http;
    struct list ready;                     /* jobs to be resumed in this turn */
    struct list idle_jobs;
    size_t idle_count;
    size_t in_flight, most_in_flight;      /* now; since memory was last given back */
    struct heap deadlines;
    struct loop_timer *deadline;
    int64_t deadline_set_ms;               /* when it fires; INT64_MAX: stopped */
    struct loop_timer *grace;
    bool serving, stopping;
};

#define JOB_OF(node) LIST_OF(node, struct job, link)
#define EXCHANGE_OF(node) LIST_OF(node, struct exchange, link)

static inline struct job *
job_of(struct call *c)
{
    return c->owner;
}

/* ---- jobs.c: attempts, from frame to result ---- */
void jobs_init(struct runner *r);
void job_start(struct runner *r, const void *payload, size_t len);
void start_check(struct runner *r, uint32_t destination);
/* Has a job that waits go on, in this turn. */
void job_wake(struct job *j);
/* Resumes all that are ready; those that have ended are answered for. */
void jobs_run(struct runner *r);

/* ---- far_net.c: the far side of services: network, memory, clock ---- */
void far_net_init(struct runner *r);
/* Ends every wait of a job that is out of time; the call is marked already. */
void far_net_give_up(struct job *j);
/* Takes back all requests of a job that has ended. */
void far_net_cancel(struct job *j);
/* Nothing goes to t for so long. */
void far_net_hold(struct runner *r, struct target *t, int64_t for_ms);
struct group *group_new(struct runner *r, const struct destination *d);

/* ---- far_lookup.c: questions to the source role ---- */
void far_lookup(struct far *f, struct call *c, struct lookup *l);
/* fd is the way to the source, anew when there was one: what the old one was asked is lost. */
void far_lookup_source(struct runner *r, int fd);

/* ---- runner.c ---- */
/* A peer has said what cannot be: ends the process. */
NORETURN void runner_broken(const char *what);
/* In a stop: leaves when nothing is in flight any more. */
void runner_stop_if_done(struct runner *r);

#endif
