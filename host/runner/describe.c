/* describe.c - the throw-away role: loads one .so, says what it is, exits. What a file does
   while it is being loaded (crash, hang, exit, eat memory) ends this process only; the
   parent sees how. */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/loop.h"
#include "base/process.h"
#include "runner/loader.h"
#include "runner/runner.h"
#include "runner/sanitize.h"
#include "wire/channel.h"
#include "wire/message.h"

#define PARENT_FD 3
#define CPU_SECONDS 5
#define MEMORY_BYTES ((rlim_t)2 << 30)     /* of address space */

struct describe {
    struct loop *loop;
    struct channel *parent;
    struct arena arena;
    int status;
};

static void
limit_self(void)
{
    struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS + 1 };
#ifndef BUILT_WITH_ASAN                    /* its shadow is address space too */
    struct rlimit memory = { MEMORY_BYTES, MEMORY_BYTES };

    setrlimit(RLIMIT_AS, &memory);
#endif
    setrlimit(RLIMIT_CPU, &cpu);
}

static void
finish(struct describe *d, int status)
{
    d->status = status;
    channel_drain(d->parent);
    loop_stop(d->loop);
}

static void
describe(struct describe *d, const char *path)
{
    const char *error = NULL;
    struct loaded loaded;

    if (loader_open(&d->arena, path, &loaded, &error) < 0)
        put_description(channel_out(d->parent), &loaded.info, error);
    else
        put_description(channel_out(d->parent), &loaded.info, NULL);
    finish(d, 0);
}

static void
on_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct describe *d = arg;
    const char *path;

    (void)fd;
    if (type == MSG_HELLO && get_hello(payload, len) == 0)
        return;
    if (type == MSG_DESCRIBE && get_text(&d->arena, payload, len, &path) == 0) {
        describe(d, path);
        return;
    }
    log_error("the parent sent what it may not", log_s("message", message_name(type)));
    finish(d, 1);
}

static void
on_gone(void *arg, const char *why)
{
    (void)arg;
    (void)why;
    _exit(1);
}

int
describe_main(void)
{
    struct describe d = { .status = 1 };

    log_setup("describe", LOG_WARN_);
    process_harden();
    limit_self();
    arena_init(&d.arena, 0);
    d.loop = loop_new();
    d.parent = channel_new(d.loop, PARENT_FD, on_frame, on_gone, &d);
    put_hello(channel_out(d.parent));
    channel_flush(d.parent);
    loop_run(d.loop);
    /* Not exit(): what the file has left behind to run at exit is not our business. */
    _exit(d.status);
}
