/* heap.c - a binary min-heap whose nodes know their place. */
#include <stdlib.h>

#include "base/heap.h"
#include "base/mem.h"

static void
place(struct heap *h, size_t i, struct heap_node *node)
{
    h->nodes[i] = node;
    node->index = i + 1;
}

static void
sift_up(struct heap *h, size_t i, struct heap_node *node)
{
    while (i > 0) {
        size_t parent = (i - 1) / 2;

        if (h->nodes[parent]->key <= node->key)
            break;
        place(h, i, h->nodes[parent]);
        i = parent;
    }
    place(h, i, node);
}

static void
sift_down(struct heap *h, size_t i, struct heap_node *node)
{
    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= h->count)
            break;
        if (child + 1 < h->count && h->nodes[child + 1]->key < h->nodes[child]->key)
            child++;
        if (node->key <= h->nodes[child]->key)
            break;
        place(h, i, h->nodes[child]);
        i = child;
    }
    place(h, i, node);
}

/* Node belongs at i or, by its key, above or below it. */
static void
settle(struct heap *h, size_t i, struct heap_node *node)
{
    if (i > 0 && node->key < h->nodes[(i - 1) / 2]->key)
        sift_up(h, i, node);
    else
        sift_down(h, i, node);
}

void
heap_set(struct heap *h, struct heap_node *node, int64_t key)
{
    node->key = key;
    if (node->index) {
        settle(h, node->index - 1, node);
        return;
    }
    if (h->count == h->size) {
        h->size = h->size ? h->size * 2 : 16;
        h->nodes = xrealloc(h->nodes, h->size, sizeof(*h->nodes));
    }
    h->count++;
    sift_up(h, h->count - 1, node);
}

void
heap_remove(struct heap *h, struct heap_node *node)
{
    struct heap_node *last;
    size_t i;

    if (!node->index)
        return;
    i = node->index - 1;
    node->index = 0;
    last = h->nodes[--h->count];
    if (last != node)
        settle(h, i, last);
}

struct heap_node *
heap_min(const struct heap *h)
{
    return h->count ? h->nodes[0] : NULL;
}

void
heap_free(struct heap *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->count; i++)
        h->nodes[i]->index = 0;
    free(h->nodes);
    *h = (struct heap){ 0 };
}
