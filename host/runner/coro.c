/* coro.c - ucontext enters a new stack, once; after that _setjmp and _longjmp switch, which
   unlike swapcontext save no signal mask and so make no system call. */

/* glibc's checked longjmp takes a jump to another stack for an attack. */
#undef _FORTIFY_SOURCE
#include "runner/coro.h"

#include <assert.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "runner/sanitize.h"
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(low, high) 0u
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#endif

/* Touched lazily: a delivery that waits holds two or three pages of it. Parsers and printf
   in a vendor's library have been seen to overrun 24 KiB; sanitizers triple each frame. */
#ifdef BUILT_WITH_ASAN
#define STACK_SIZE ((size_t)1024 * 1024)
#else
#define STACK_SIZE ((size_t)256 * 1024)
#endif
/* As wide as any frame is likely to be, so that an overflow cannot step over it. It is
   address space only. */
#define GUARD_SIZE ((size_t)64 * 1024)
#define MAP_SIZE (GUARD_SIZE + STACK_SIZE)
#define KEEP_WARM 128                      /* ended stacks kept as they are */
#define KEEP_COLD 1024                     /* more of them kept without their memory */

/* Lies at the top of its own stack. */
struct coro {
    jmp_buf env;
    coro_fn *fn;
    void *arg;
    struct coro *next;                     /* among the ended */
    char *map;
    bool entered;                          /* has a frame to jump to */
    bool ended;
    unsigned valgrind_id;
    void *fake_stack;                      /* ASan's own */
};

struct pool {
    struct coro *head;
    size_t count;
};

/* There is one main stack, and what runs on it resumes one coroutine at a time. */
static struct {
    jmp_buf env;
    struct coro *volatile current;
    volatile unsigned turns;
    struct pool warm, cold;
    ucontext_t entry;                      /* not a local: its frame is left for good */
    void *fake_stack;
    const void *stack;                     /* of main, as ASan knows it */
    size_t stack_size;
} main_side;

static char *
stack_low(const struct coro *co)
{
    return co->map + GUARD_SIZE;
}

/* The sanitizer must know of each switch: before it, where it goes, and after it, where it
   came from. */
static void
leave_for(void **save, const void *low, size_t size)
{
#ifdef BUILT_WITH_ASAN
    __sanitizer_start_switch_fiber(save, low, size);
#else
    (void)save, (void)low, (void)size;
#endif
}

static void
arrived(void *saved, const void **ret_low, size_t *ret_size)
{
#ifdef BUILT_WITH_ASAN
    __sanitizer_finish_switch_fiber(saved, ret_low, ret_size);
#else
    (void)saved, (void)ret_low, (void)ret_size;
#endif
}

static void
push(struct pool *p, struct coro *co)
{
    co->next = p->head;
    p->head = co;
    p->count++;
}

static struct coro *
pop(struct pool *p)
{
    struct coro *co = p->head;

    if (co) {
        p->head = co->next;
        p->count--;
    }
    return co;
}

static struct coro *
map_new(void)
{
    char *map = mmap(NULL, MAP_SIZE, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    struct coro *co;

    if (map == MAP_FAILED)
        return NULL;
    if (mprotect(map + GUARD_SIZE, STACK_SIZE, PROT_READ | PROT_WRITE) < 0) {
        munmap(map, MAP_SIZE);
        return NULL;
    }
    co = (struct coro *)(void *)(map + MAP_SIZE - ((sizeof(*co) + 63) & ~(size_t)63));
    co->map = map;
    co->valgrind_id = VALGRIND_STACK_REGISTER(map + GUARD_SIZE, map + MAP_SIZE);
    return co;
}

static void
unmap(struct coro *co)
{
    VALGRIND_STACK_DEREGISTER(co->valgrind_id);
#ifdef BUILT_WITH_ASAN
    __asan_unpoison_memory_region(stack_low(co), STACK_SIZE);
#endif
    munmap(co->map, MAP_SIZE);
}

/* Gives the memory back but for the page that holds the struct. */
static void
chill(struct coro *co)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    char *top = (char *)((uintptr_t)co & ~(page - 1));

#ifdef BUILT_WITH_ASAN
    __asan_unpoison_memory_region(stack_low(co), (size_t)((char *)co - stack_low(co)));
#endif
    co->entered = false;
    (void)madvise(stack_low(co), (size_t)(top - stack_low(co)), MADV_DONTNEED);
}

static void
release(struct coro *co)
{
    if (main_side.warm.count < KEEP_WARM) {
        push(&main_side.warm, co);
    } else if (main_side.cold.count < KEEP_COLD) {
        chill(co);
        push(&main_side.cold, co);
    } else {
        unmap(co);
    }
}

struct coro *
coro_new(coro_fn *fn, void *arg)
{
    struct coro *co = pop(&main_side.warm);

    if (!co)
        co = pop(&main_side.cold);
    if (!co)
        co = map_new();
    if (!co)
        return NULL;
    co->fn = fn;
    co->arg = arg;
    co->ended = false;
    return co;
}

static void
to_main(struct coro *co)
{
    leave_for(&co->fake_stack, main_side.stack, main_side.stack_size);
    if (_setjmp(co->env) == 0)
        _longjmp(main_side.env, 1);
    arrived(co->fake_stack, &main_side.stack, &main_side.stack_size);
}

/* The first frame of every stack. When its function has ended it waits for the next one, so
   a stack that is used again is not entered again. */
static void
first_frame(void)
{
    struct coro *co = main_side.current;

    arrived(NULL, &main_side.stack, &main_side.stack_size);
    for (;;) {
        co->fn(co->arg);
        co->ended = true;
        to_main(co);
    }
}

static void
enter(struct coro *co)
{
    ucontext_t *uc = &main_side.entry;

    if (getcontext(uc) < 0)
        abort();
    uc->uc_stack.ss_sp = stack_low(co);
    uc->uc_stack.ss_size = (size_t)((char *)co - stack_low(co));
    uc->uc_link = NULL;
    makecontext(uc, first_frame, 0);
    co->entered = true;
    setcontext(uc);
    abort();
}

/* Runs the current one until it comes back. A function of its own, and without arguments,
   because a local that lives across _setjmp() may be lost. */
static __attribute__((__noinline__)) void
switch_to_current(void)
{
    if (_setjmp(main_side.env) == 0) {
        if (main_side.current->entered)
            _longjmp(main_side.current->env, 1);
        enter(main_side.current);
    }
}

bool
coro_resume(struct coro *co)
{
    assert(!main_side.current && !co->ended);
    main_side.current = co;
    main_side.turns++;
    leave_for(&main_side.fake_stack, stack_low(co), STACK_SIZE);
    switch_to_current();
    arrived(main_side.fake_stack, NULL, NULL);
    main_side.current = NULL;
    if (!co->ended)
        return false;
    release(co);
    return true;
}

void
coro_wait(void)
{
    struct coro *co = main_side.current;

    assert(co);
    to_main(co);
}

struct coro *
coro_current(void)
{
    return main_side.current;
}

void *
coro_arg(const struct coro *co)
{
    return co->arg;
}

unsigned
coro_turns(void)
{
    return main_side.turns;
}

bool
coro_is_guard(const void *address)
{
    const struct coro *co = main_side.current;
    uintptr_t at = (uintptr_t)address;

    return co && at >= (uintptr_t)co->map && at < (uintptr_t)co->map + GUARD_SIZE;
}

void
coro_free_stacks(void)
{
    struct coro *co;

    while ((co = pop(&main_side.warm)) || (co = pop(&main_side.cold)))
        unmap(co);
}
