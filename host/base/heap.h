/* heap.h - a binary min-heap of (time, owner), for timers by the thousand. The
   owner holds a struct heap_node; nodes know their place, so removal is O(log n). */
#ifndef HERMOD_BASE_HEAP_H
#define HERMOD_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_node {
    int64_t key;
    size_t index;                  /* place + 1; 0: not in a heap */
};
struct heap {
    struct heap_node **nodes;
    size_t count, size;
};

/* Puts node in, or moves it to its new key. */
void heap_set(struct heap *h, struct heap_node *node, int64_t key);
void heap_remove(struct heap *h, struct heap_node *node);   /* harmless when not in */
struct heap_node *heap_min(const struct heap *h);           /* or NULL */
void heap_free(struct heap *h);

#endif
