/* memo.h - what the deliveries of one destination share, in memory only: values with a time
   to live, and keys that one delivery at a time may hold. Pure: the clock is an argument. */
#ifndef HERMOD_RUNNER_MEMO_H
#define HERMOD_RUNNER_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/map.h"

#define MEMO_VALUES 1024                   /* of one destination; the oldest makes room */
#define MEMO_BYTES ((size_t)1024 * 1024)

struct memo {
    struct map values;                     /* key -> struct memo_value */
    struct list by_age;                    /* struct memo_value, the oldest first */
    size_t bytes;
    struct map keys;                       /* key -> struct memo_key */
};
struct memo_key;
/* One delivery's wish to hold one key. */
struct memo_claim {
    struct list link;                      /* in the key's line; the first holds it */
    struct list mine;                      /* for the owner, who finds all its claims by it */
    struct memo_key *key;
    void *owner;
};

void memo_init(struct memo *m);
void memo_free(struct memo *m);            /* no claim is left; values are wiped */
/* NULL when absent or too old. Valid until the next memo_set(). */
const char *memo_get(struct memo *m, const char *key, int64_t now_ms);
/* for_ms 0 or less removes it. What is too large for the caps is not kept. */
void memo_set(struct memo *m, const char *key, const char *value, int64_t for_ms,
              int64_t now_ms);

/* true: cl holds the key now. false: it waits, and holds it when memo_release() says so. */
bool memo_claim(struct memo *m, struct memo_claim *cl, const char *key, void *owner);
bool memo_holds(const struct memo_claim *cl);
bool memo_claims(const struct memo_claim *cl, const char *key);
/* Gives the key back, or leaves its line. Returns the claim that holds it from now on, when
   that is another one than before, or NULL. */
struct memo_claim *memo_release(struct memo *m, struct memo_claim *cl);

#endif
