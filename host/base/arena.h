/* arena.h - memory that lives as long as one call, one request or one file,
   and is released whole. */
#ifndef HERMOD_BASE_ARENA_H
#define HERMOD_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/mem.h"

struct arena_block;
struct arena {
    struct arena_block *head;      /* newest first */
    size_t used;                   /* bytes handed out since the last reset */
    size_t cap;                    /* more than this ends the process with a message */
};

/* No memory is taken until the first allocation. cap in bytes; 0: no cap. */
void arena_init(struct arena *a, size_t cap);
void *arena_alloc(struct arena *a, size_t size);   /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *text);
char *arena_memdup0(struct arena *a, const void *data, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* Releases all that was handed out; keeps one block for the next use. */
void arena_reset(struct arena *a);
/* Releases everything. The arena may be used again. Takes NULL. */
void arena_free(struct arena *a);
/* As arena_free, but overwrites the blocks first: for arenas that held secrets or
   personal data. */
void arena_wipe(struct arena *a);

#endif
