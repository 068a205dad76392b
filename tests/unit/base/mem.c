#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "unit.h"

static void
die_with_a_number(void)
{
    die("wanted %d", 7);
}

static void
overflow(void)
{
    free(xrealloc(NULL, (size_t)-1 / 2, 4));
}

static void
overfill_an_arena(void)
{
    struct arena a;

    arena_init(&a, 64);
    arena_alloc(&a, 32);
    arena_alloc(&a, 33);
}

/* What fn writes to stderr before it aborts; "" when it does not abort. */
static void
last_words(void (*fn)(void), char *out, size_t size)
{
    int fds[2], status;
    size_t len = 0;
    ssize_t n;
    pid_t pid;

    CU_ASSERT_FATAL(pipe(fds) == 0);
    fflush(NULL);
    pid = fork();
    CU_ASSERT_FATAL(pid >= 0);
    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        dup2(fds[1], STDERR_FILENO);
        fn();
        _exit(0);
    }
    close(fds[1]);
    while ((n = read(fds[0], out + len, size - 1 - len)) > 0)
        len += (size_t)n;
    close(fds[0]);
    CU_ASSERT_FATAL(waitpid(pid, &status, 0) == pid);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        len = 0;
    out[len] = '\0';
}

static void
die_says_why_on_stderr_and_aborts(void)
{
    char text[1024];

    last_words(die_with_a_number, text, sizeof(text));
    CHECK(strstr(text, "fatal: wanted 7\n") != NULL);
}

static void
a_size_that_overflows_ends_the_process(void)
{
    char text[1024];

    last_words(overflow, text, sizeof(text));
    CHECK(strstr(text, "out of memory") != NULL);
}

static void
an_arena_over_its_cap_ends_the_process(void)
{
    char text[1024];

    last_words(overfill_an_arena, text, sizeof(text));
    CHECK(strstr(text, "more than its 64 bytes") != NULL);
}

static void
no_bytes_give_memory_all_the_same(void)
{
    CLEANUP(free_ptr) void *a = xmalloc(0);
    CLEANUP(free_ptr) void *b = xcalloc(0, 8);
    CLEANUP(free_ptr) void *c = xrealloc(NULL, 0, 8);
    CLEANUP(free_ptr) char *d = xmemdup0(NULL, 0);
    CLEANUP(free_ptr) char *e = xasprintf("%s-%d", "x", 1);

    CHECK(a && b && c);
    CHECK_STR(d, "");
    CHECK_STR(e, "x-1");
}

UNIT_MAIN("base/mem",
    UNIT_TEST(die_says_why_on_stderr_and_aborts),
    UNIT_TEST(a_size_that_overflows_ends_the_process),
    UNIT_TEST(an_arena_over_its_cap_ends_the_process),
    UNIT_TEST(no_bytes_give_memory_all_the_same))
