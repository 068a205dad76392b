#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

#include "runner/coro.h"
#include "unit.h"

struct steps {
    char text[64];
    int waits;
};

static void
walk(void *arg)
{
    struct steps *s = arg;

    CHECK(coro_arg(coro_current()) == s);
    strcat(s->text, "a");
    for (int i = 0; i < s->waits; i++) {
        coro_wait();
        strcat(s->text, "b");
    }
    strcat(s->text, "c");
}

static void
runs_until_it_waits_and_goes_on_from_there(void)
{
    struct steps s = { .waits = 2 };
    struct coro *co = coro_new(walk, &s);

    CHECK_STR(s.text, "");
    CHECK(!coro_resume(co));
    CHECK_STR(s.text, "a");
    CHECK(coro_current() == NULL);
    CHECK(!coro_resume(co));
    CHECK_STR(s.text, "ab");
    CHECK(coro_resume(co));
    CHECK_STR(s.text, "abbc");
}

static void
several_keep_their_own_places(void)
{
    struct steps s[3] = { { .waits = 1 }, { .waits = 3 }, { .waits = 2 } };
    struct coro *co[3];
    bool ended[3] = { false };

    for (int i = 0; i < 3; i++)
        co[i] = coro_new(walk, &s[i]);
    for (int round = 0; round < 4; round++)
        for (int i = 0; i < 3; i++)
            if (!ended[i])
                ended[i] = coro_resume(co[i]);
    CHECK_STR(s[0].text, "abc");
    CHECK_STR(s[1].text, "abbbc");
    CHECK_STR(s[2].text, "abbc");
    CHECK(ended[0] && ended[1] && ended[2]);
}

static void
an_ended_ones_stack_is_the_next_ones(void)
{
    struct steps s = { .waits = 0 };
    struct coro *first = coro_new(walk, &s), *second;

    CHECK(coro_resume(first));
    second = coro_new(walk, &s);
    CHECK(second == first);
    CHECK(coro_resume(second));
    CHECK_STR(s.text, "acac");
}

/* Distinct values in registers and floating point must survive a switch. */
static void
sum_up(void *arg)
{
    double *out = arg, sum = 0, factor = 1.5;
    int64_t n = 1;

    for (int i = 0; i < 10; i++) {
        sum += factor * (double)n;
        n *= 2;
        coro_wait();
    }
    *out = sum;
}

static void
locals_survive_a_wait(void)
{
    double out[20] = { 0 };
    struct coro *co[20];

    for (int i = 0; i < 20; i++)
        co[i] = coro_new(sum_up, &out[i]);
    for (int round = 0; round < 11; round++)
        for (int i = 0; i < 20; i++)
            CHECK(coro_resume(co[i]) == (round == 10));
    for (int i = 0; i < 20; i++)
        CHECK(out[i] == 1.5 * 1023);
}

static int
fill_stack(int depth)
{
    volatile char frame[1024];

    memset((void *)frame, depth, sizeof(frame));
    return depth == 0 ? frame[7] : fill_stack(depth - 1) + frame[9];
}

static void
go_deep(void *arg)
{
    *(int *)arg = fill_stack(30);
    coro_wait();
    *(int *)arg += fill_stack(30);
}

/* More than are kept, so some give their memory back, some their place, and are made anew. */
static void
thousands_at_once_and_again(void)
{
    enum { MANY = 1500 };
    static struct coro *co[MANY];
    static int out[MANY];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            co[i] = coro_new(go_deep, &out[i]);
            CU_ASSERT_PTR_NOT_NULL_FATAL(co[i]);
            CHECK(!coro_resume(co[i]));
        }
        for (int i = 0; i < MANY; i++)
            CHECK(coro_resume(co[i]));
    }
    for (int i = 1; i < MANY; i++)
        CHECK(out[i] == out[0]);
    coro_free_stacks();
}

static void
count_turn(void *arg)
{
    (void)arg;
    coro_wait();
}

static void
every_resume_is_a_turn(void)
{
    unsigned before = coro_turns();
    struct coro *co = coro_new(count_turn, NULL);

    coro_resume(co);
    CHECK_INT(coro_turns() - before, 1);
    coro_resume(co);
    CHECK_INT(coro_turns() - before, 2);
}

static int deeper(volatile char *above);
static int (*volatile go_on)(volatile char *) = deeper;

static int
deeper(volatile char *above)
{
    volatile char frame[512];

    frame[0] = above ? above[0] : 1;
    return go_on(frame) + frame[0];
}

static void
overflow(void *arg)
{
    (void)arg;
    deeper(NULL);
}

static void
on_segv(int signum, siginfo_t *info, void *context)
{
    (void)signum;
    (void)context;
    _exit(coro_is_guard(info->si_addr) ? 42 : 43);
}

static int
in_a_child(void (*run)(void))
{
    static char alt[64 * 1024];
    stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };
    struct sigaction sa = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        sigaltstack(&ss, NULL);
        sigaction(SIGSEGV, &sa, NULL);
        run();
        _exit(44);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
run_overflow(void)
{
    coro_resume(coro_new(overflow, NULL));
}

static void
crash(void *arg)
{
    raise(SIGSEGV);
    (void)arg;
}

static void
run_crash(void)
{
    coro_resume(coro_new(crash, NULL));
}

static void
an_overflow_ends_in_the_guard_and_another_crash_does_not(void)
{
    CHECK_INT(in_a_child(run_overflow), 42);
    CHECK_INT(in_a_child(run_crash), 43);
}

UNIT_MAIN("runner/coro", UNIT_TEST(runs_until_it_waits_and_goes_on_from_there),
          UNIT_TEST(several_keep_their_own_places),
          UNIT_TEST(an_ended_ones_stack_is_the_next_ones), UNIT_TEST(locals_survive_a_wait),
          UNIT_TEST(thousands_at_once_and_again), UNIT_TEST(every_resume_is_a_turn),
          UNIT_TEST(an_overflow_ends_in_the_guard_and_another_crash_does_not))
