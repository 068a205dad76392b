/* state.h - the supervisor's children: shared by the files of this folder only. */
#ifndef HERMOD_SUPERVISOR_STATE_H
#define HERMOD_SUPERVISOR_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/loop.h"
#include "config/config.h"
#include "wire/channel.h"
#include "wire/message.h"

#define RESTART_MIN_MS 100                 /* the first restart comes at once, for people */
#define RESTART_MAX_MS 30000
#define STEADY_MS 60000                    /* a life this long forgets earlier deaths */
#define DEATHS_MAX 10                      /* own faults in a row, then a plugin is stopped */

struct supervisor;

/* One child process and when to start it again. */
struct child {
    struct supervisor *s;
    pid_t pid;                             /* 0: not running */
    struct channel *channel;
    struct loop_timer *restart;
    int64_t started_ms;                    /* monotonic */
    int64_t backoff_ms;
    bool ready;
    bool stopping;                         /* was told to go */
};

struct runner {
    struct child child;
    const struct plugin_info *info;
    int to_core;                           /* core's end of the socket, until it is READY */
    int out;                               /* what the plugin writes to stdout */
    struct loop_fd *out_watch;
    bool wrote;                            /* has been named for it */
    uint64_t culprit;                      /* last words: who had the thread, and what happened */
    char what[CULPRIT_WHAT];
    bool killed;                           /* by us: it did not answer */
    unsigned deaths;                       /* own faults in a row */
    bool given_up;
    const char *trouble;                   /* FATAL's text; "" */
};

struct supervisor {
    struct loop *loop;
    struct config config;
    struct arena plugins_arena;
    struct config_plugin *plugins;
    size_t plugin_count;
    struct child core;
    struct child source;                   /* there when a vendor needs it */
    struct runner *runners;                /* one per plugin that has a destination */
    size_t runner_count;
    struct loop_timer *grace;
    bool core_was_ready;                   /* once: from then on core is started again */
    bool stopping;
    int exit_status;
};

/* ---- core_child.c ---- */
void core_start(struct supervisor *s);
void core_died(struct supervisor *s, int status);
void core_tell_down(struct supervisor *s, const struct msg_runner_down *m);

/* ---- source_child.c ---- */
bool source_wanted(const struct supervisor *s);
void source_start(struct supervisor *s);
void source_died(struct supervisor *s, int status);
/* Nobody needs it any more. */
void source_stop(struct supervisor *s);
/* Gives r and the source a socket between them, when both are there. */
void source_meet(struct runner *r);

/* ---- runner_child.c ---- */
void runner_start(struct runner *r);
void runner_died(struct runner *r, int status);
void runner_kill(struct runner *r);
struct runner *runner_of(struct supervisor *s, const char *plugin);

/* ---- supervisor.c ---- */
/* Sets the restart timer of a child that died; the next one waits twice as long. */
void child_restart_later(struct child *c);
/* Says what the child still says, closes the channel. */
void child_close(struct child *c);
void supervisor_stop(struct supervisor *s);
/* When every child is gone, the loop ends. */
void supervisor_finish(struct supervisor *s);

#endif
