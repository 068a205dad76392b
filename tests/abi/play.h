/* play.h - a runner process alone, with the test playing supervisor and core over its two
   sockets. Waits for events with a loop; gives up, loudly, after PLAY_PATIENCE_MS. */
#ifndef HERMOD_TESTS_ABI_PLAY_H
#define HERMOD_TESTS_ABI_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/loop.h"
#include "model/destination.h"
#include "wire/channel.h"
#include "wire/message.h"

#define PLAY_PATIENCE_MS 60000

struct play_pipe {
    int fd;                                /* -1: at its end */
    struct loop_fd *watch;
    struct buf text;                       /* what came so far */
    struct play *play;
};
struct play {
    struct loop *loop;
    pid_t pid;
    struct channel *supervisor, *core;     /* our ends */
    struct arena arena;                    /* of what has been received */
    bool ready;
    const char *fatal;                     /* or NULL */
    uint64_t culprit;                      /* 0: none was named */
    char what[CULPRIT_WHAT];
    bool checked;
    struct msg_check_result check;
    struct msg_result *results;            /* in the order of coming */
    size_t result_count, result_size;
    struct play_pipe err, out;
    bool dead;
    int status;                            /* as wait(2) gives it */
};

/* One job; what is not given is sound. */
struct play_job {
    uint64_t token;
    uint32_t destination, attempt;
    const char *type, *user, *body, *contract;
    int64_t deadline_ms;
};

/* tests/abi/KIND/NAME.so of the build. */
const char *play_so(struct arena *a, const char *kind, const char *name);
/* A destination of vendor "acme" called "d<index>", whose values are all not set. */
struct destination play_destination(struct arena *a, uint32_t index, size_t value_count);
/* Starts a runner for the file; name NULL: that of the file. Does not wait. */
struct play *play_start(struct loop *l, const char *so, const char *name,
                        const struct destination *d, size_t count);
/* The same, for settings that were checked against another table than the file's: see
   struct msg_runner_config. */
struct play *play_start_marked(struct loop *l, const char *so, const char *name,
                               const struct destination *d, size_t count, uint64_t mark);
void play_send(struct play *p, const struct play_job *j);
/* The result of a token, or NULL. */
const struct msg_result *play_result(const struct play *p, uint64_t token);

/* Each waits; a runner that dies meanwhile ends the wait too. */
void play_until_ready(struct play *p);
void play_until_results(struct play *p, size_t count);
void play_until_checked(struct play *p);
void play_until_dead(struct play *p);
/* Waits until done(arg) is true: it is asked once a turn of the loop. */
void play_until(struct play *p, bool (*done)(void *arg), void *arg);
/* "signal 11", "exit 0". */
const char *play_status_text(const struct play *p, struct arena *a);
/* Ends the process when it still runs. Takes NULL. */
void play_free(struct play *p);

#endif
