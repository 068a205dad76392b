/* mem.h - allocation that cannot fail, and scope-bound release.
   Out of memory ends the process (the journal makes that safe); sizes that come
   from outside are bounded before they get here. */
#ifndef HERMOD_BASE_MEM_H
#define HERMOD_BASE_MEM_H

#include <stddef.h>

#define CLEANUP(fn) __attribute__((__cleanup__(fn)))
#define PRINTF_LIKE(f, a) __attribute__((__format__(__printf__, f, a)))
#define MUST_USE __attribute__((__warn_unused_result__))
#define NORETURN __attribute__((__noreturn__))
#define UNUSED __attribute__((__unused__))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* All return memory the caller frees with free(). Never NULL, also for 0 bytes. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);          /* zeroed; overflow-checked */
void *xrealloc(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xmemdup0(const void *data, size_t len);      /* a copy with a NUL behind it */
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Overwrites a secret so that the compiler cannot leave it out. */
void mem_wipe(void *data, size_t len);

/* Frees *(void **)p. For locals: CLEANUP(free_ptr) char *text = ... */
void free_ptr(void *p);
/* Closes *fd unless it is negative. For locals: CLEANUP(close_fd) int fd = ... */
void close_fd(int *fd);

/* Says why on stderr and ends the process with abort(): our mistakes only, never
   input. */
NORETURN void die(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
