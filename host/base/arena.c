/* arena.c - memory that lives as long as one call, one request or one file. */
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Large enough that one event's work needs one block, small enough that ten thousand
   idle arenas cost nothing worth counting. */
#define BLOCK_SIZE 4096
#define BLOCK_SIZE_MAX (256 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    alignas(max_align_t) char data[];
};

void
arena_init(struct arena *a, size_t cap)
{
    *a = (struct arena){ .cap = cap };
}

static struct arena_block *
add_block(struct arena *a, size_t size)
{
    struct arena_block *b;
    size_t want = BLOCK_SIZE - sizeof(*b);

    /* Doubling keeps the number of blocks small in an arena that grows. */
    if (a->head && a->head->size >= want)
        want = a->head->size * 2 < BLOCK_SIZE_MAX ? a->head->size * 2 : BLOCK_SIZE_MAX;
    if (want < size)
        want = size;
    b = xmalloc(sizeof(*b) + want);
    b->size = want;
    b->used = 0;
    b->next = a->head;
    a->head = b;
    return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct arena_block *b = a->head;
    size_t bytes;
    void *p;

    if (size > SIZE_MAX / 2)
        die("arena: %zu bytes wanted", size);
    bytes = (size + align - 1) / align * align;
    if (bytes == 0)
        bytes = align;
    if (a->cap && bytes > a->cap - (a->used < a->cap ? a->used : a->cap))
        die("arena: more than its %zu bytes wanted", a->cap);
    if (!b || b->size - b->used < bytes)
        b = add_block(a, bytes);
    p = b->data + b->used;
    b->used += bytes;
    a->used += bytes;
    memset(p, 0, bytes);
    return p;
}

char *
arena_memdup0(struct arena *a, const void *data, size_t len)
{
    char *p = arena_alloc(a, len + 1);

    if (len)
        memcpy(p, data, len);
    return p;
}

char *
arena_strdup(struct arena *a, const char *text)
{
    return arena_memdup0(a, text, strlen(text));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    char *text;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        die("arena: a bad format: %s", fmt);
    text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    return text;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

static void
free_blocks(struct arena_block *b, bool wipe)
{
    struct arena_block *next;

    for (; b; b = next) {
        next = b->next;
        if (wipe)
            mem_wipe(b->data, b->size);     /* what a reset left behind, too */
        free(b);
    }
}

void
arena_reset(struct arena *a)
{
    struct arena_block *keep = a->head;

    a->used = 0;
    if (!keep)
        return;
    free_blocks(keep->next, false);
    keep->next = NULL;
    keep->used = 0;
    /* One huge request must not hold its memory for ever. */
    if (keep->size > BLOCK_SIZE_MAX) {
        free(keep);
        a->head = NULL;
    }
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    free_blocks(a->head, false);
    a->head = NULL;
    a->used = 0;
}

void
arena_wipe(struct arena *a)
{
    if (!a)
        return;
    free_blocks(a->head, true);
    a->head = NULL;
    a->used = 0;
}
