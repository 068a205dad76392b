/* gate.h - name lookups in order: libcurl gives each lookup a thread, so a thousand requests
   to a host not yet known would be a thousand threads asking the same. Here the first leads,
   the others of its host wait for it, and only so many lookups run at once. Pure: looks
   nothing up itself. */
#ifndef HERMOD_NET_GATE_H
#define HERMOD_NET_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/map.h"

#define GATE_LOOKUPS 16                    /* at once */
#define GATE_KNOWN_MS 50000                /* a little less than libcurl remembers */

struct gate {
    struct map hosts;                      /* name -> struct gate_host */
    struct list line;                      /* hosts that wait for a lookup */
    struct list go, failed;                /* passes to be taken by gate_next_*() */
    size_t looking;
};
struct gate_host;
struct gate_pass {
    struct list link;
    struct gate_host *host;                /* NULL: has nothing to do with the gate any more */
    bool leads;
};

void gate_init(struct gate *g);
void gate_free(struct gate *g);            /* every pass has left */
/* true: go, and tell the gate how the lookup went (or leave). false: p comes back from
   gate_next_go() or gate_next_failed(). */
bool gate_enter(struct gate *g, struct gate_pass *p, const char *host, int64_t now_ms);
/* The lookup that p may lead is over: the host is known now, so all behind p go; or it
   cannot be found, and all behind p need not try. Harmless for those that do not lead. */
void gate_found(struct gate *g, struct gate_pass *p, int64_t now_ms);
void gate_failed(struct gate *g, struct gate_pass *p);
/* p has ended or is cancelled, wherever it is: when it leads, the next one does. */
void gate_leave(struct gate *g, struct gate_pass *p);
struct gate_pass *gate_next_go(struct gate *g);            /* or NULL */
struct gate_pass *gate_next_failed(struct gate *g);        /* or NULL */

#endif
