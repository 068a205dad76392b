/* journal_disk.c - see journal_disk.h. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "journal_disk.h"

#define SECTOR 512
#define WATCHED 4

/* A write or truncation that no sync has covered yet. data NULL: a truncation. */
struct change {
    int64_t at;
    size_t len;
    uint8_t *data;
};
/* One file, by name: what a power cut cannot take away, and the rest in order. */
struct watched {
    char name[64];
    uint8_t *image;
    size_t image_len;
    struct change *changes;
    size_t change_count;
};

struct file {
    sqlite3_file base;
    struct watched *watched;       /* or NULL */
    sqlite3_file real[];           /* the real VFS's, larger */
};

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    enum disk_fault fault;
    int after;                     /* -1: no failure is armed */
    bool lasting, happened;
    char dir[128];
    struct watched files[WATCHED];
    size_t file_count;
} disk = { .after = -1 };

static struct file *
file_of(sqlite3_file *f)
{
    return (struct file *)(void *)f;
}

static bool
fails(bool write)
{
    if (disk.after < 0 || write != (disk.fault != DISK_SYNC))
        return false;
    if (disk.after > 0) {
        disk.after--;
        return false;
    }
    disk.happened = true;
    if (!disk.lasting)
        disk.after = -1;
    return true;
}

/* ---- remembering ---- */

static void
remember(struct watched *w, int64_t at, const void *data, size_t len)
{
    struct change *c;

    w->changes = xrealloc(w->changes, w->change_count + 1, sizeof(*w->changes));
    c = &w->changes[w->change_count++];
    *c = (struct change){ .at = at, .len = len };
    if (data) {
        c->data = xmalloc(len);
        memcpy(c->data, data, len);
    }
}

static void
grow(uint8_t **image, size_t *len, size_t want)
{
    if (want <= *len)
        return;
    *image = xrealloc(*image, want, 1);
    memset(*image + *len, 0, want - *len);
    *len = want;
}

static void
apply(uint8_t **image, size_t *len, const struct change *c, size_t from, size_t to)
{
    if (!c->data) {
        if ((size_t)c->at < *len)
            *len = (size_t)c->at;
        return;
    }
    grow(image, len, (size_t)c->at + to);
    memcpy(*image + c->at + from, c->data + from, to - from);
}

static void
forget(struct watched *w)
{
    for (size_t i = 0; i < w->change_count; i++)
        free(w->changes[i].data);
    free(w->changes);
    w->changes = NULL;
    w->change_count = 0;
}

static void
synced(struct watched *w)
{
    for (size_t i = 0; i < w->change_count; i++)
        apply(&w->image, &w->image_len, &w->changes[i], 0, w->changes[i].len);
    forget(w);
}

static void
load(struct watched *w, const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "re");

    if (!f)
        return;
    if (fstat(fileno(f), &st) == 0) {
        grow(&w->image, &w->image_len, (size_t)st.st_size);
        if (w->image_len && fread(w->image, 1, w->image_len, f) != w->image_len)
            die("%s: cannot be read", path);
    }
    fclose(f);
}

static struct watched *
watched(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    struct watched *w;

    if (!slash || disk.dir[0] == '\0' || strncmp(path, disk.dir, strlen(disk.dir)) != 0)
        return NULL;
    for (size_t i = 0; i < disk.file_count; i++)
        if (str_eq(disk.files[i].name, slash + 1))
            return &disk.files[i];
    if (disk.file_count == WATCHED)
        die("too many files to watch");
    w = &disk.files[disk.file_count++];
    *w = (struct watched){ 0 };
    snprintf(w->name, sizeof(w->name), "%s", slash + 1);
    load(w, path);                 /* what is there from before is durable */
    return w;
}

/* ---- the VFS ---- */

static int
disk_close(sqlite3_file *f)
{
    return file_of(f)->real->pMethods->xClose(file_of(f)->real);
}

static int
disk_read(sqlite3_file *f, void *data, int len, sqlite3_int64 at)
{
    return file_of(f)->real->pMethods->xRead(file_of(f)->real, data, len, at);
}

static int
disk_write(sqlite3_file *f, const void *data, int len, sqlite3_int64 at)
{
    struct file *file = file_of(f);

    if (fails(true)) {
        /* Half of it got there. */
        file->real->pMethods->xWrite(file->real, data, len / 2, at);
        return disk.fault == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    if (file->watched && disk.dir[0])
        remember(file->watched, at, data, (size_t)len);
    return file->real->pMethods->xWrite(file->real, data, len, at);
}

static int
disk_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct file *file = file_of(f);

    if (file->watched && disk.dir[0])
        remember(file->watched, size, NULL, 0);
    return file->real->pMethods->xTruncate(file->real, size);
}

static int
disk_sync(sqlite3_file *f, int flags)
{
    struct file *file = file_of(f);

    if (fails(false))
        return SQLITE_IOERR_FSYNC;
    if (file->watched && disk.dir[0])
        synced(file->watched);
    return file->real->pMethods->xSync(file->real, flags);
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return file_of(f)->real->pMethods->xFileSize(file_of(f)->real, size);
}

static int
disk_lock(sqlite3_file *f, int level)
{
    return file_of(f)->real->pMethods->xLock(file_of(f)->real, level);
}

static int
disk_unlock(sqlite3_file *f, int level)
{
    return file_of(f)->real->pMethods->xUnlock(file_of(f)->real, level);
}

static int
disk_reserved(sqlite3_file *f, int *ret)
{
    return file_of(f)->real->pMethods->xCheckReservedLock(file_of(f)->real, ret);
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
    return file_of(f)->real->pMethods->xFileControl(file_of(f)->real, op, arg);
}

static int
disk_sector(sqlite3_file *f)
{
    return file_of(f)->real->pMethods->xSectorSize(file_of(f)->real);
}

static int
disk_traits(sqlite3_file *f)
{
    return file_of(f)->real->pMethods->xDeviceCharacteristics(file_of(f)->real);
}

static int
disk_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *ret_flags)
{
    /* Version 1, without shared memory: exclusive locking needs none. */
    static const sqlite3_io_methods methods = {
        .iVersion = 1, .xClose = disk_close, .xRead = disk_read, .xWrite = disk_write,
        .xTruncate = disk_truncate, .xSync = disk_sync, .xFileSize = disk_size,
        .xLock = disk_lock, .xUnlock = disk_unlock, .xCheckReservedLock = disk_reserved,
        .xFileControl = disk_control, .xSectorSize = disk_sector,
        .xDeviceCharacteristics = disk_traits,
    };
    struct file *file = file_of(f);
    int rc;

    (void)vfs;
    file->watched = watched(name);
    rc = disk.real->xOpen(disk.real, name, file->real, flags, ret_flags);
    f->pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

static void __attribute__((__constructor__))
install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.pNext = NULL;
    disk.vfs.zName = "hermod-test-disk";
    disk.vfs.szOsFile = (int)sizeof(struct file) + disk.real->szOsFile;
    disk.vfs.xOpen = disk_open;
    if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK)
        die("the test's disk cannot be installed");
}

void
disk_fail(enum disk_fault kind, int after, bool lasting)
{
    disk.fault = kind;
    disk.after = after;
    disk.lasting = lasting;
    disk.happened = false;
}

bool
disk_heal(void)
{
    disk.after = -1;
    return disk.happened;
}

/* ---- power ---- */

void
disk_watch(const char *dir)
{
    disk_unwatch();
    snprintf(disk.dir, sizeof(disk.dir), "%s/", dir);
}

void
disk_unwatch(void)
{
    for (size_t i = 0; i < disk.file_count; i++) {
        forget(&disk.files[i]);
        free(disk.files[i].image);
        disk.files[i].image = NULL;
    }
    disk.file_count = 0;
    disk.dir[0] = '\0';
}

static void
put_file(const char *dir, const char *name, const void *data, size_t len)
{
    CLEANUP(free_ptr) char *path = xasprintf("%s/%s", dir, name);
    CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, data, len) != (ssize_t)len)
        die("%s: %s", path, strerror(errno));
}

/* Writes reach the disk in any order, and each sector of one on its own. */
static void
cut(const struct watched *w, const char *to, uint64_t *state)
{
    size_t len = w->image_len;
    uint8_t *image = xmalloc(len);
    unsigned keep;

    if (len)
        memcpy(image, w->image, len);
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    keep = (unsigned)(*state >> 33) % 5;           /* of four: how much survives this time */
    for (size_t i = 0; i < w->change_count; i++) {
        const struct change *c = &w->changes[i];
        size_t from = 0;

        do {
            size_t end = c->len - from > SECTOR ? from + SECTOR : c->len;

            *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
            if ((unsigned)(*state >> 33) % 4 < keep)
                apply(&image, &len, c, from, end);
            from = end;
        } while (from < c->len);
    }
    put_file(to, w->name, image, len);
    free(image);
}

void
disk_power_cut(const char *to, uint64_t seed)
{
    uint64_t state = seed;

    for (size_t i = 0; i < disk.file_count; i++)
        cut(&disk.files[i], to, &state);
}

void
disk_copy(const char *from, const char *to)
{
    static const char *const names[] = { "journal.db", "journal.db-wal" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(free_ptr) char *path = xasprintf("%s/%s", from, names[i]);
        struct stat st;
        uint8_t *data;
        FILE *f;

        if (stat(path, &st) < 0)
            continue;
        f = fopen(path, "re");
        data = xmalloc((size_t)st.st_size);
        if (!f || fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
            die("%s: cannot be copied", path);
        put_file(to, names[i], data, (size_t)st.st_size);
        free(data);
        fclose(f);
    }
}
