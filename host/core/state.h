/* state.h - what core holds in memory: shared by core.c, turn.c, destinations.c,
   deliveries.c, dispatch.c and runners.c only. The journal has the truth; this is the
   window on it that is due or in flight. */
#ifndef HERMOD_CORE_STATE_H
#define HERMOD_CORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/heap.h"
#include "base/list.h"
#include "base/loop.h"
#include "base/map.h"
#include "core/core.h"
#include "net/httpd.h"
#include "core/journal.h"
#include "model/destination.h"
#include "model/event.h"
#include "model/limit.h"
#include "wire/channel.h"
#include "wire/message.h"

struct runner_link;

/* One event in memory, shared by its deliveries. */
struct held_event {
    uint32_t refs;
    int64_t seq, accepted_ms;
    char id[EVENT_ID_LEN + 1];
    struct event event;                    /* strings and body follow in the same block */
};

/* One delivery in memory: ready, behind another of its lane, or in flight. */
struct delivery {
    struct list link;                      /* dest->ready, lane->waiting, runner->flying */
    struct held_event *event;
    struct dest *dest;
    struct lane *lane;                     /* while in flight or waiting behind; or NULL */
    int64_t due_ms;
    uint32_t attempts;                     /* made before this one */
    uint32_t deaths;
    uint64_t token;                        /* while in flight; 0 */
    int64_t started_wall_ms, started_mono_ms;
    bool ended;                            /* its result is in the turn, not yet on disk */
};

/* A lane with something in flight. */
struct lane {
    struct list waiting;                   /* struct delivery: behind the one in flight */
    struct delivery *flying;
};

/* Destinations that share a credential: at most `limit` in flight together. */
struct group {
    int64_t limit, in_flight;
    struct list blocked;                   /* struct dest: could go, but for the limit */
    struct limit *rate;                    /* starts; NULL: no limit. The runner limits the
                                              requests themselves */
    int64_t rate_until_ms;                 /* wall clock: no start before; 0 */
};

enum place { PLACE_NONE, PLACE_RING, PLACE_BLOCKED };

struct dest {
    const struct destination *config;
    uint32_t id;                           /* the journal's */
    struct runner_link *runner;
    struct group *group;
    struct list link;                      /* runner->ring or group->blocked */
    enum place place;                      /* which of them */
    struct list ready;                     /* struct delivery: due, oldest first */
    size_t in_memory;                      /* deliveries: ready, behind, in flight */
    size_t in_flight;
    bool spilled;                          /* the journal has waiting ones that are not here */
    int64_t next_due_ms;                   /* wall clock: of the first of those */
    bool paused;
    int64_t hold_until_ms;                 /* wall clock; 0 */
    char *hold_reason;                     /* or NULL */
    struct heap_node timer;                /* wall clock */
};

/* A plugin's process as core sees it. */
struct runner_link {
    struct core *core;
    const char *plugin;
    struct channel *channel;               /* NULL: not up */
    struct list ring;                      /* struct dest: something due, nothing in the way */
    struct list flying;                    /* struct delivery, in order of start */
    size_t in_flight;
    bool solo;                             /* a suspect runs, alone */
    bool wary;                             /* it died by its own fault, and nobody is named */
    bool killing;                          /* the supervisor has been asked to kill it */
    char trouble[200];                     /* "" or why it does not run */
};

/* What has come since the last commit, or is being committed. */
struct accept {
    struct journal_event *events;
    size_t count;
    void (*done)(void *arg, int error);
    void *arg;
};
struct outcome_note {
    struct delivery *delivery;
    struct journal_attempt attempt;
};
struct gather {
    struct arena arena;                    /* reasons, destination lists */
    struct accept *accepts;
    size_t accept_count, accept_size;
    size_t event_count, event_bytes;
    struct outcome_note *notes;
    size_t note_count, note_size;
    struct journal_hold *holds;
    size_t hold_count, hold_size;
};

/* Deliveries in flight, by token. */
struct flights {
    struct {
        struct delivery *delivery;
        uint32_t uses, next_free;          /* a place + 1; 0: none */
    } *places;
    uint32_t used, size, first_free;
};

struct core {
    struct loop *loop;
    struct channel *supervisor;
    struct arena arena;                    /* configuration, for the process's life */
    struct host_config config;
    struct journal *journal;
    struct httpd *intake, *admin;

    struct destination *configs;
    size_t config_count, config_size;
    const char **vendors;
    size_t vendor_count, vendor_size;
    struct map vendor_names;
    struct dest *dests;                    /* one per config, same order */
    struct dest **by_id;                   /* by the journal's number; NULL: not configured */
    size_t by_id_size;
    struct group *groups;                  /* by lowest index, like destination.group */
    struct map routes;                     /* vendor NUL type -> struct route */
    struct runner_link *runners;
    size_t runner_count;

    struct map lanes;                      /* id, user -> struct lane */
    struct map in_memory;                  /* seq, id -> struct delivery */
    size_t memory_count;
    struct flights flights;
    struct heap timers;                    /* struct dest */
    struct loop_timer *timer;              /* the next of timers */
    struct loop_timer *second;             /* upkeep, once a second */
    struct loop_timer *grace;

    struct gather gather, turn;            /* coming in; being committed */
    struct journal_event *turn_events;
    struct journal_attempt *turn_attempts;
    struct journal_turn journal_turn;
    bool committing;
    int journal_error;                     /* of the last commit; 0 */
    int64_t retry_commit_mono_ms;

    int64_t now_ms;                        /* wall clock of this turn */
    int64_t free_bytes;
    bool serving, stopping;
    int exit_status;
    struct core_stats stats;
};

struct route {
    uint32_t *ids;                         /* journal numbers */
    size_t count, size;
};

#define DEST_OF(node) LIST_OF(node, struct dest, link)
#define DELIVERY_OF(node) LIST_OF(node, struct delivery, link)

/* ---- destinations.c: who gets what ---- */
/* Builds dests, groups, runners and routes from configs. 0 or -1 with *ret_error. */
int dests_build(struct core *c, const char **ret_error);
void dests_free(struct core *c);
const struct route *route_of(struct core *c, const struct event *ev);     /* or NULL */
struct dest *dest_of_id(const struct core *c, uint32_t id);               /* or NULL */
/* Looks anew at whether a destination can go, and when to look again. */
void dest_update(struct dest *d);
bool dest_held(const struct dest *d);
/* Are there due deliveries on disk, and room for them in memory? */
bool dest_can_refill(const struct dest *d);
/* A place has become free: the next destination that waited for it may go. */
void group_unblock(struct group *g);
/* Holds or pauses, in memory and with this turn. */
void dest_hold(struct dest *d, int64_t until_ms, const char *reason);
void dest_pause(struct dest *d, bool paused, const char *reason);
/* The timers that are due: called each turn. Sets the loop's timer for the next. */
void dests_wake(struct core *c);

/* ---- deliveries.c: the window on the journal ---- */
struct held_event *held_event_new(const struct event *ev, const uint8_t key[16], int64_t seq,
                                  int64_t accepted_ms);
void held_event_unref(struct held_event *e);
/* A delivery into memory, ready to go. */
struct delivery *delivery_new(struct dest *d, struct held_event *e, int64_t due_ms,
                              uint32_t attempts, uint32_t deaths);
struct delivery *delivery_find(const struct core *c, int64_t seq, uint32_t id);
/* A new delivery that the journal has just kept: into memory when there is room and it can
   go soon, else it stays there until it is read. */
void delivery_accepted(struct dest *d, struct held_event **e, const struct journal_event *je);
/* Reads due deliveries from the journal when none are in memory. */
void dest_refill(struct dest *d);
/* Out of memory; the lane's next is ready. */
void delivery_free(struct delivery *dl);
/* Takes the lane, or queues behind the one that has it: then false. */
bool lane_take(struct delivery *dl);
void lane_leave(struct delivery *dl);
void deliveries_free(struct core *c);

/* ---- dispatch.c: what goes when ---- */
/* Sends all that can go to the runners. Called at the end of each turn. */
void dispatch_run(struct core *c);

/* ---- flights.c: tokens ---- */
uint64_t flight_begin(struct flights *f, struct delivery *dl);    /* never 0 */
struct delivery *flight_of(const struct flights *f, uint64_t token);      /* or NULL */
void flight_end(struct flights *f, uint64_t token);
void flights_free(struct flights *f);

/* ---- runners.c: jobs out, results in ---- */
void runner_up(struct core *c, const char *plugin, int fd);
void runner_down(struct core *c, const struct msg_runner_down *m);
void runner_send(struct runner_link *r, struct delivery *dl);
/* Is this a suspect, to be in flight alone so that a death names it beyond doubt? */
bool runs_alone(const struct runner_link *r, const struct delivery *dl);
/* Asks for the death of runners that do not answer in time: once a second. */
void runners_watch(struct core *c);
struct runner_link *runner_named(struct core *c, const char *plugin);
void runners_free(struct core *c);

/* ---- turn.c: one transaction ---- */
void turn_add_attempt(struct core *c, struct delivery *dl, const struct journal_attempt *at);
void turn_add_hold(struct core *c, const struct journal_hold *h);
/* Commits what has been gathered, unless a commit is under way. */
void turn_commit(struct core *c);
void turn_free(struct core *c);
bool turn_idle(const struct core *c);

/* ---- core.c ---- */
/* In a stop: leaves when nothing is in flight any more. */
void core_stop_if_done(struct core *c);

#endif
