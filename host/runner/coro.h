/* coro.h - coroutines: plugin code runs straight-line on a guarded stack of its own and
   switches to the loop when a service waits. The only user of ucontext. */
#ifndef HERMOD_RUNNER_CORO_H
#define HERMOD_RUNNER_CORO_H

#include <stdbool.h>
#include <stddef.h>

struct coro;
typedef void coro_fn(void *arg);

/* Makes a coroutine that will run fn(arg); nothing runs yet. Stacks are reused, the latest
   first. NULL when the system has no room for another stack. */
struct coro *coro_new(coro_fn *fn, void *arg);
/* From the main stack: runs it until it waits or ends. true when it has ended; it is then
   released. */
bool coro_resume(struct coro *co);
/* From inside: back to the main stack until resumed. */
void coro_wait(void);
/* The one that runs now, or NULL on the main stack. May be asked in a signal handler. */
struct coro *coro_current(void);
void *coro_arg(const struct coro *co);
/* How often a coroutine has been resumed, wrapping: a signal handler that reads the same
   number twice knows that none has given the thread back meanwhile. */
unsigned coro_turns(void);
/* Is this address in the guard below the running coroutine's stack? For the signal handler. */
bool coro_is_guard(const void *address);
/* Releases the stacks kept for reuse. */
void coro_free_stacks(void);

#endif
