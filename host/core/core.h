/* core.h - the core role's context: what intake, dispatch and admin share. One thread,
   one loop, one transaction per turn:

       sockets ready -> intake/results gather into the turn -> commit -> answer, dispatch
*/
#ifndef HERMOD_CORE_CORE_H
#define HERMOD_CORE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/loop.h"
#include "model/host_config.h"
#include "core/journal.h"
#include "model/destination.h"

struct core;

/* The core role: fd 3 to the supervisor. Returns the exit status. */
int core_main(void);

struct loop *core_loop(struct core *c);
struct journal *core_journal(struct core *c);
const struct host_config *core_config(const struct core *c);
/* Wall clock. */
int64_t core_now_ms(const struct core *c);

/* ---- what intake needs ---- */

/* Why intake must not accept now, or NULL. *ret_after_s: when to come back. Checked before a
   body is read and again before it is gathered. */
const char *core_pressure(struct core *c, int *ret_after_s);
/* The events of one request, to be committed with this turn or not at all. events[i].event
   and its strings, and the array, must live until done. The destinations are filled in here.
   done(arg, error) after the commit; added and seq are then filled. */
void core_accept(struct core *c, struct journal_event *events, size_t count,
                 void (*done)(void *arg, int error), void *arg);

/* ---- what admin needs (dispatch's view of the destinations) ---- */

struct core_destination {
    const struct destination *config;      /* NULL: in the journal only, not configured */
    uint32_t id;                           /* the journal's */
    bool paused;
    int64_t hold_until_ms;                 /* wall clock; 0 */
    const char *hold_reason;
    uint32_t in_flight;
    int64_t next_due_ms;                   /* wall; -1: nothing waits */
    bool runner_up;
    const char *runner_trouble;            /* "" or why the plugin does not run */
};
size_t core_destination_count(const struct core *c);
void core_destination(const struct core *c, size_t index, struct core_destination *ret);
/* Finds by names; SIZE_MAX when there is none. name NULL: the plugin's. */
size_t core_destination_find(const struct core *c, const char *vendor, const char *plugin,
                             const char *name);
/* An orderly stop is under way. */
bool core_stopping(const struct core *c);
bool core_knows_vendor(const struct core *c, const char *vendor);
/* What one delivery is doing now, for explain: fills text ("in flight since ...", "waiting
   behind another delivery of the same user", "held until ...", "due at ..."). */
void core_explain_waiting(const struct core *c, int64_t seq, uint32_t destination,
                          int64_t due_ms, struct buf *out);
/* Pause or resume; written to the journal with this turn. */
void core_set_paused(struct core *c, size_t index, bool paused, const char *reason);
/* These deliveries wait again (replay): dispatch looks at the destination anew. */
void core_wake(struct core *c, uint32_t destination_id);

struct core_stats {
    int64_t started_ms;
    int64_t accepted, duplicates, refused;
    int64_t attempts, delivered, skipped, retried, parked;
    int64_t waiting, parked_now, in_flight;
};
void core_stats(const struct core *c, struct core_stats *ret);

#endif
