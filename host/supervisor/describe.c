/* describe.c - see describe.h. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/caps.h"
#include "supervisor/describe.h"
#include "supervisor/spawn.h"
#include "wire/message.h"

#define PATIENCE_MS 10000

/* The length of the first frame in b, header included; 0 when it is not whole yet. */
static size_t
whole_frame(const struct buf *b, size_t from)
{
    const uint8_t *p = (const uint8_t *)b->data + from;
    size_t len;

    if (b->len - from < 5)
        return 0;
    len = (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
    return b->len - from >= 4 + len && len >= 1 ? 4 + len : 0;
}

/* Looks for a DESCRIPTION among the frames so far. 1 found, 0 not yet, -1 nonsense. */
static int
find_description(struct arena *a, const struct buf *in, struct config_plugin *ret)
{
    size_t at = 0, len;

    while ((len = whole_frame(in, at)) > 0) {
        const char *payload = in->data + at + 5;

        if (in->data[at + 4] == MSG_DESCRIPTION)
            return get_description(a, payload, len - 5, &ret->info, &ret->error) == 0 ? 1 : -1;
        if (in->data[at + 4] != MSG_HELLO || get_hello(payload, len - 5) < 0)
            return -1;
        at += len;
    }
    return 0;
}

/* Reads until the description is there. NULL, or what went wrong. */
static const char *
read_description(struct arena *a, int fd, struct config_plugin *ret)
{
    CLEANUP(buf_free) struct buf in = BUF_INIT(CAP_FRAME);
    int64_t until = clock_mono_ms() + PATIENCE_MS;

    for (;;) {
        int64_t left = until - clock_mono_ms();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        char *room = buf_room(&in, 65536);
        ssize_t n;

        if (left <= 0)
            return "hung for 10 s while being loaded";
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        if (room == NULL)
            return "says more of itself than fits a frame";
        n = read(fd, room, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return "";
        in.len += (size_t)n;
        switch (find_description(a, &in, ret)) {
        case 1:
            return NULL;
        case -1:
            return "describes itself with nonsense";
        }
    }
}

static bool
write_all(int fd, const struct buf *b)
{
    for (size_t at = 0; at < b->len;) {
        ssize_t n = send(fd, b->data + at, b->len - at, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

void
describe_file(struct arena *a, const char *path, struct config_plugin *ret)
{
    CLEANUP(buf_free) struct buf out = BUF_INIT(CAP_FRAME);
    const char *slash = strrchr(path, '/');
    struct spawned child;
    char how[64];
    const char *trouble;
    int status, error;

    *ret = (struct config_plugin){ .info.path = arena_strdup(a, path) };
    error = spawn_role("describe", slash ? slash + 1 : path, 0, &child);
    if (error < 0) {
        ret->error = arena_printf(a, "cannot start a process: %s", strerror(-error));
        return;
    }
    put_hello(&out);
    put_text(&out, MSG_DESCRIBE, path);
    trouble = write_all(child.fd, &out) ? read_description(a, child.fd, ret) : "";
    kill(-child.pid, SIGKILL);
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
        ;
    close(child.fd);
    if (trouble && *trouble == 0) {
        spawn_status_text(status, how);
        ret->error = arena_printf(a, "%s: died while being loaded: %s", path, how);
    } else if (trouble) {
        ret->error = arena_printf(a, "%s: %s", path, trouble);
    }
    if (ret->info.path == NULL || *ret->info.path == 0)
        ret->info.path = arena_strdup(a, path);
}

/* "x" of "/dir/x.so": what a plugin that cannot say its name is called by. */
static const char *
name_of_path(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t len = strlen(base);

    return arena_memdup0(a, base, len > 3 ? len - 3 : len);
}

static int
by_name(const void *x, const void *y)
{
    const struct config_plugin *a = x, *b = y;
    int order = strcmp(a->info.name, b->info.name);

    return order ? order : strcmp(a->info.path, b->info.path);
}

static int
is_plugin_file(const struct dirent *e)
{
    size_t len = strlen(e->d_name);

    return e->d_name[0] != '.' && len > 3 && str_eq(e->d_name + len - 3, ".so");
}

struct found {
    struct config_plugin *plugins;
    size_t count, size;
};

static struct config_plugin *
add(struct arena *a, struct found *f)
{
    if (f->count == f->size) {
        size_t size = f->size ? 2 * f->size : 16;
        struct config_plugin *more = arena_alloc(a, size * sizeof(*more));

        if (f->count > 0)
            memcpy(more, f->plugins, f->count * sizeof(*more));
        f->plugins = more;
        f->size = size;
    }
    return &f->plugins[f->count++];
}

static void
describe_dir(struct arena *a, const char *dir, struct map *seen, struct found *f)
{
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, is_plugin_file, alphasort);

    if (n < 0) {
        *add(a, f) = (struct config_plugin){
            .info = { .path = arena_strdup(a, dir), .name = "" },
            .error = arena_printf(a, "%s: cannot be read: %s", dir, strerror(errno)),
        };
        return;
    }
    for (int i = 0; i < n; i++) {
        struct config_plugin *p = add(a, f);
        const char *earlier;

        describe_file(a, arena_printf(a, "%s/%s", dir, entries[i]->d_name), p);
        free(entries[i]);
        if (p->info.name == NULL || *p->info.name == 0)
            p->info.name = name_of_path(a, p->info.path);
        earlier = map_gets(seen, p->info.name);
        if (p->error == NULL && earlier)
            p->error = arena_printf(a, "%s: hidden by %s, which has the same name",
                                    p->info.path, earlier);
        else if (p->error == NULL)
            map_puts(seen, p->info.name, (void *)(uintptr_t)p->info.path);
    }
    free(entries);
}

size_t
describe_dirs(struct arena *a, const char *const *dirs, size_t count, struct config_plugin **ret)
{
    struct found f = { 0 };
    struct map seen = { 0 };

    for (size_t i = 0; i < count; i++)
        describe_dir(a, dirs[i], &seen, &f);
    map_free(&seen);
    if (f.count > 0)
        qsort(f.plugins, f.count, sizeof(*f.plugins), by_name);
    *ret = f.plugins;
    return f.count;
}
