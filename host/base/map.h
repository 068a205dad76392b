/* map.h - a hash map from byte strings to pointers. Keys are hashed with SipHash
   under a key drawn at start, since they come from outside. */
#ifndef HERMOD_BASE_MAP_H
#define HERMOD_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    char *key;
    size_t key_len;
    uint64_t hash;
    void *value;
};
struct map {
    struct map_slot *slots;
    size_t count, size;
};

/* A zeroed struct map is an empty one. Keys are copied; values are the caller's. */
void *map_get(const struct map *m, const void *key, size_t len);     /* or NULL */
void *map_gets(const struct map *m, const char *key);
/* Returns the value that was there before, or NULL. value must not be NULL. */
void *map_put(struct map *m, const void *key, size_t len, void *value);
void *map_puts(struct map *m, const char *key, void *value);
/* Removes and returns the value, or NULL. */
void *map_del(struct map *m, const void *key, size_t len);
/* Walks all: start with *pos = 0; false at the end. Do not change the map meanwhile. */
bool map_next(const struct map *m, size_t *pos, struct map_slot **ret);
void map_free(struct map *m);      /* not the values; takes NULL */

/* SipHash-1-3 of data under the process's key: for tables of one's own. */
uint64_t hash_bytes(const void *data, size_t len);
/* The function itself, under a key of one's own. */
uint64_t siphash13(const uint8_t key[16], const void *data, size_t len);

#endif
