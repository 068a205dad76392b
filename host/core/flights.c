/* flights.c - the names of deliveries in flight: a token says which place in a table, and
   how often that place has been used, so that a late or invented one finds nothing. */
#include <stdlib.h>

#include "base/mem.h"
#include "core/state.h"

uint64_t
flight_begin(struct flights *f, struct delivery *dl)
{
    uint32_t i = f->first_free;

    if (i == 0) {
        if (f->used == f->size) {
            f->size = f->size ? 2 * f->size : 256;
            f->places = xrealloc(f->places, f->size, sizeof(*f->places));
        }
        i = ++f->used;
        f->places[i - 1].uses = 0;
    } else {
        f->first_free = f->places[i - 1].next_free;
    }
    f->places[i - 1].delivery = dl;
    f->places[i - 1].uses++;
    return (uint64_t)f->places[i - 1].uses << 32 | i;
}

struct delivery *
flight_of(const struct flights *f, uint64_t token)
{
    uint32_t i = (uint32_t)token;

    if (i == 0 || i > f->used || f->places[i - 1].uses != token >> 32)
        return NULL;
    return f->places[i - 1].delivery;
}

void
flight_end(struct flights *f, uint64_t token)
{
    uint32_t i = (uint32_t)token;

    f->places[i - 1].delivery = NULL;
    f->places[i - 1].next_free = f->first_free;
    f->first_free = i;
}

void
flights_free(struct flights *f)
{
    free(f->places);
}
