/* server.h - what server.c, control.c and state.c share: the sandbox itself. */
#ifndef HERMOD_SANDBOX_SERVER_H
#define HERMOD_SANDBOX_SERVER_H

#include "base/list.h"
#include "base/loop.h"
#include "net/httpd.h"
#include "sandbox/faults.h"
#include "sandbox/sandbox.h"
#include "sandbox/stand.h"

#define SANDBOX_STANDS 8

struct sandbox {
    struct loop *loop;
    struct httpd *httpd;
    struct faults *faults;
    struct json_object *state;     /* one member per stand-in */
    struct json_object *seed;      /* laid over the first state; or NULL */
    struct json_object *log;       /* array, the oldest first */
    int64_t log_next;              /* number of the next entry */
    struct list slow;              /* of ask */
    struct stand_run runs[SANDBOX_STANDS];
};

extern const struct stand *const stands[];
extern const size_t stand_count;

/* The state as it is at the start. */
struct json_object *state_first(struct json_object *seed);
/* The value at a path of count parts; false: there is none. */
bool state_find(struct json_object *state, const char *const *parts, int count,
                struct json_object **ret);
/* Puts value (taken over) there, merged into what is there when merge and both are objects;
   objects on the way are made. False: something on the way is no object. */
bool state_put(struct json_object *state, const char *const *parts, int count,
               struct json_object *value, bool merge);
bool state_delete(struct json_object *state, const char *const *parts, int count);

/* A request to /_sandbox/..., whose parts are those behind it. */
void control_handle(struct sandbox *sb, struct http_in *in, const char *const *parts,
                    int count);
void sandbox_reset(struct sandbox *sb);

#endif
