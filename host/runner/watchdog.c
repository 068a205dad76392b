/* watchdog.c - see watchdog.h. All that runs in a handler is async-signal-safe: no
   allocation, no stdio, no locks. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "runner/coro.h"
#include "runner/watchdog.h"
#include "wire/message.h"

#define ALT_STACK (64 * 1024)
#define EXIT_BY_PLUGIN 70                  /* EX_SOFTWARE */

static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static struct {
    int supervisor_fd, other_fd;
    const char *plugin;
    struct sigaction before[ARRAY_LEN(fatal_signals)];
    timer_t timer;
    volatile sig_atomic_t said;            /* once */
    volatile sig_atomic_t ticking, loading;
    unsigned seen_turns;
    int ticks;                             /* without a switch */
} dog = { .supervisor_fd = -1, .other_fd = -1 };

/* ---- what can be written in a handler ---- */

struct line {
    char text[512];
    size_t len;
};

static void
add(struct line *l, const char *text)
{
    for (; *text && l->len < sizeof(l->text) - 1; text++)
        l->text[l->len++] = *text;
}

static void
add_number(struct line *l, long long n, int digits)
{
    char reversed[24], out[24];
    int len = 0, at = 0;

    do {
        reversed[len++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0 || len < digits);
    while (len > 0)
        out[at++] = reversed[--len];
    out[at] = '\0';
    add(l, out);
}

/* RFC 3339 of now. gmtime_r() takes a lock; this is the proleptic Gregorian calendar counted
   from the first of March of the year 0, so that leap days come last. */
static void
add_time(struct line *l)
{
    struct timespec ts;
    long long days, era, doe, yoe, doy, month, seconds;

    clock_gettime(CLOCK_REALTIME, &ts);
    seconds = ts.tv_sec % 86400;
    days = ts.tv_sec / 86400 + 719468;
    era = days / 146097;
    doe = days % 146097;
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    month = (5 * doy + 2) / 153;
    add_number(l, yoe + era * 400 + (month >= 10), 4);
    add(l, "-");
    add_number(l, month < 10 ? month + 3 : month - 9, 2);
    add(l, "-");
    add_number(l, doy - (153 * month + 2) / 5 + 1, 2);
    add(l, "T");
    add_number(l, seconds / 3600, 2);
    add(l, ":");
    add_number(l, seconds / 60 % 60, 2);
    add(l, ":");
    add_number(l, seconds % 60, 2);
    add(l, ".");
    add_number(l, ts.tv_nsec / 1000000, 3);
    add(l, "Z");
}

static void
write_all(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        ssize_t n = write(fd, at, len);

        if (n > 0) {
            at += n;
            len -= (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            struct pollfd p = { .fd = fd, .events = POLLOUT };

            if (poll(&p, 1, 1000) <= 0)
                return;
        } else if (n == 0 || errno != EINTR) {
            return;
        }
    }
}

/* what is one of our own texts: it needs no escaping. */
static void
write_line(const char *what, const struct watched *w)
{
    struct line l = { .len = 0 };

    add(&l, "ts=");
    add_time(&l);
    add(&l, " level=error role=runner msg=\"plugin ");
    add(&l, what);
    add(&l, "\" plugin=");
    add(&l, dog.plugin);
    if (w && *w->event) {
        add(&l, " event=");
        add(&l, w->event);
    } else if (!w) {
        add(&l, dog.loading ? " where=\"while it was loaded\""
                            : " where=\"outside its own code\"");
    }
    l.text[l.len++] = '\n';
    write_all(STDERR_FILENO, l.text, l.len);
}

static const struct watched *
has_the_thread(void)
{
    const struct coro *co = coro_current();

    return co ? coro_arg(co) : NULL;
}

static void
last_words(const char *what)
{
    const struct watched *w = has_the_thread();
    uint8_t frame[CULPRIT_FRAME];

    if (dog.said)
        return;
    dog.said = 1;
    if (w && w->token) {
        put_culprit(frame, w->token, what);
        write_all(dog.supervisor_fd, frame, sizeof(frame));
    }
    write_line(what, w);
}

/* ---- what it watches for ---- */

static const char *
crash_text(int signum, const siginfo_t *info)
{
    switch (signum) {
    case SIGSEGV:
        return coro_is_guard(info->si_addr) ? "crashed: stack overflow"
                                            : "crashed: segmentation fault";
    case SIGBUS:
        return "crashed: bus error";
    case SIGFPE:
        return "crashed: arithmetic error";
    case SIGILL:
        return "crashed: illegal instruction";
    default:
        return "aborted";
    }
}

/* Whoever handled the signal before does so again: by default it ends the process. */
static void
on_fatal(int signum, siginfo_t *info, void *context)
{
    (void)context;
    last_words(crash_text(signum, info));
    for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++)
        if (fatal_signals[i] == signum)
            sigaction(signum, &dog.before[i], NULL);
    if (info->si_code <= 0)                /* sent, not caused: it will not come again */
        raise(signum);
}

static void
die_of(int signum, const char *what)
{
    struct sigaction sa = { .sa_handler = SIG_DFL };
    sigset_t only;

    last_words(what);
    sigaction(signum, &sa, NULL);
    sigemptyset(&only);
    sigaddset(&only, signum);
    raise(signum);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static void
set_timer(int64_t ms)
{
    struct itimerspec its;

    its.it_value.tv_sec = (time_t)(ms / 1000);
    its.it_value.tv_nsec = (long)(ms % 1000 * 1000000);
    its.it_interval = its.it_value;
    dog.ticking = ms > 0;
    timer_settime(dog.timer, 0, &its, NULL);
}

static void
on_tick(int signum)
{
    int saved = errno;

    if ((dog.supervisor_fd >= 0 && fcntl(dog.supervisor_fd, F_GETFD) < 0) ||
        (dog.other_fd >= 0 && fcntl(dog.other_fd, F_GETFD) < 0))
        die_of(signum, "has closed the host's descriptors");
    if (coro_turns() != dog.seen_turns) {
        dog.seen_turns = coro_turns();
        dog.ticks = 0;
    } else if (!coro_current() && !dog.loading) {
        set_timer(0);
    } else if (++dog.ticks >= WATCHDOG_TICKS) {
        die_of(signum, "has held its thread for 10 s");
    }
    errno = saved;
}

static void
on_exit_called(void)
{
    if (!coro_current() && !dog.loading)
        return;
    last_words("called exit()");
    _exit(EXIT_BY_PLUGIN);
}

/* A copy of us must not go on: it would answer for deliveries that are ours. */
static void
on_forked(void)
{
    write_line("called fork(), which is not for plugins: the copy is ended", has_the_thread());
    _exit(EXIT_BY_PLUGIN);
}

static void
use_alt_stack(void)
{
    stack_t ss = { .ss_size = ALT_STACK };

    ss.ss_sp = mmap(NULL, ALT_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ss.ss_sp == MAP_FAILED || sigaltstack(&ss, NULL) < 0)
        die("watchdog: cannot have a stack for signals");
}

void
watchdog_start(int supervisor_fd, const char *plugin)
{
    struct sigaction crash = { .sa_sigaction = on_fatal,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    struct sigaction tick = { .sa_handler = on_tick, .sa_flags = SA_ONSTACK | SA_RESTART };
    struct sigevent by_signal = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

    dog.supervisor_fd = supervisor_fd;
    dog.plugin = plugin;
    use_alt_stack();
    for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++)
        sigaction(fatal_signals[i], &crash, &dog.before[i]);
    sigaction(SIGALRM, &tick, NULL);
    if (timer_create(CLOCK_MONOTONIC, &by_signal, &dog.timer) < 0)
        die("watchdog: cannot have a timer");
    atexit(on_exit_called);
    pthread_atfork(NULL, NULL, on_forked);
}

void
watchdog_guard(int fd)
{
    dog.other_fd = fd;
}

void
watchdog_wake(void)
{
    if (!dog.ticking)
        set_timer(WATCHDOG_TICK_MS);
}

void
watchdog_loading(bool on)
{
    dog.loading = on;
    watchdog_wake();
}
