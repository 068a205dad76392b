/* admin_parts.h - what the files of admin share. Nothing else includes it. */
#ifndef HERMOD_CORE_ADMIN_PARTS_H
#define HERMOD_CORE_ADMIN_PARTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "core/core.h"
#include "net/httpd.h"

#define ADMIN_ANSWER_MAX (32 * 1024 * 1024)
#define ADMIN_BODY_MAX (64 * 1024)
#define ADMIN_PARAMS 3

struct admin {
    struct core *core;
    bool loopback;                         /* it listens there only */
    struct list changes;                   /* replays and drops under way */
};

/* One request while it is looked at. */
struct admin_request {
    struct admin *admin;
    struct http_in *http;
    struct arena *arena;
    const char *params[ADMIN_PARAMS];      /* what stood at each '*' of the route, decoded */
};

typedef void admin_fn(struct admin_request *r);

/* admin.c */
void admin_answer(struct admin_request *r, struct buf *body);  /* 200, JSON */
void admin_journal_failed(struct admin *a, struct http_in *http, int64_t error);

/* admin_filter.c: which deliveries are meant. Both answer when something is wrong, and
   return -1. Texts live as long as r->arena. */

struct admin_choice {
    struct journal_filter filter;
    uint8_t key[16];                       /* filter.event points here */
    bool any;                              /* something restricts */
    bool all, dry_run;                     /* from a body only */
};

int admin_choice_of_query(struct admin_request *r, struct admin_choice *ret);
int admin_choice_of_body(struct admin_request *r, struct admin_choice *ret);
/* A number in the query: 0 and *ret (unchanged when it is not there), or -1 and answered. */
int admin_query_number(struct admin_request *r, const char *name, int64_t min, int64_t max,
                       int64_t *ret);
/* A member of a JSON object that is a string, e.g. a reason; NULL: not there or none. */
const char *admin_body_text(struct admin_request *r, const char *name);

/* admin_status.c, admin_deliveries.c, admin_events.c, admin_change.c: the routes. */
admin_fn admin_health, admin_ready, admin_status, admin_deliveries, admin_event, admin_events,
    admin_replay, admin_drop, admin_pause, admin_resume;
/* "ok", "paused" ... and why, or NULL; ret_reason may be NULL. */
const char *admin_state_of(const struct core_destination *d, const char **ret_reason);
/* Ends the changes under way; what they have done stays. */
void admin_changes_free(struct admin *a);

#endif
