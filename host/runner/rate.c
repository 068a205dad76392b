/* rate.c - see rate.h. */
#include <stddef.h>

#include "runner/rate.h"

void
rate_init(struct rate *r, int64_t requests, int64_t per_ms, int64_t now_ms)
{
    limit_init(&r->limit, requests, per_ms, now_ms);
    list_init(&r->line);
}

bool
rate_enter(struct rate *r, struct rate_turn *t, int64_t now_ms)
{
    list_init(&t->link);
    if (r->limit.requests == 0)
        return true;
    if (list_empty(&r->line) && limit_take(&r->limit, now_ms) == 0)
        return true;
    list_push_back(&r->line, &t->link);
    return false;
}

struct rate_turn *
rate_next(struct rate *r, int64_t now_ms, int64_t *ret_wait_ms)
{
    *ret_wait_ms = -1;
    if (list_empty(&r->line))
        return NULL;
    *ret_wait_ms = limit_take(&r->limit, now_ms);
    if (*ret_wait_ms > 0)
        return NULL;
    return LIST_OF(list_pop_front(&r->line), struct rate_turn, link);
}

void
rate_leave(struct rate_turn *t)
{
    list_remove(&t->link);
}
