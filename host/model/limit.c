#include "model/limit.h"

#include <string.h>

#define SLOTS (LIMIT_SLOTS + 1)

void
limit_init(struct limit *l, int64_t requests, int64_t per_ms, int64_t now_ms)
{
    memset(l, 0, sizeof(*l));
    l->requests = per_ms > 0 ? requests : 0;
    l->per_ms = per_ms;
    l->slot_ms = per_ms / LIMIT_SLOTS + (per_ms % LIMIT_SLOTS != 0);
    if (l->slot_ms > 0)
        l->slot = now_ms / l->slot_ms;
}

/* Forgets the slots that have left the window. */
static void
advance(struct limit *l, int64_t now_ms)
{
    int64_t slot = now_ms / l->slot_ms;

    if (slot - l->slot >= SLOTS) {
        memset(l->counts, 0, sizeof(l->counts));
        l->taken = 0;
        l->slot = slot;
    }
    while (l->slot < slot) {
        int64_t *count = &l->counts[++l->slot % SLOTS];

        l->taken -= *count;
        *count = 0;
    }
}

int64_t
limit_take(struct limit *l, int64_t now_ms)
{
    int64_t oldest;

    if (l->requests <= 0)
        return 0;
    advance(l, now_ms);
    if (l->taken < l->requests) {
        l->taken++;
        l->counts[l->slot % SLOTS]++;
        return 0;
    }
    /* There is room when the oldest slot with anything in it has left. */
    oldest = l->slot - LIMIT_SLOTS;
    while (l->counts[(oldest + SLOTS) % SLOTS] == 0)
        oldest++;
    return (oldest + SLOTS) * l->slot_ms - now_ms;
}
