/* loader.c - see loader.h. What the file's descriptor says is checked in descriptor.c. */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "runner/descriptor.h"
#include "runner/loader.h"

/* The header of the program this code is in: what it was made for. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((__visibility__("hidden")));

static const char *
machine_name(unsigned machine)
{
    switch (machine) {
    case EM_X86_64:
        return "x86_64";
    case EM_AARCH64:
        return "aarch64";
    case EM_386:
        return "i386";
    case EM_ARM:
        return "arm";
    case EM_RISCV:
        return "riscv";
    case EM_PPC64:
        return "ppc64";
    case EM_S390:
        return "s390x";
    }
    return "another machine";
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* dlopen() would say "invalid ELF header" to all of this. */
static int
check_header(struct descriptor_check *k, const ElfW(Ehdr) *h, size_t len)
{
    const unsigned char *want = __ehdr_start.e_ident;

    if (len < EI_NIDENT || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
        return descriptor_wrong(k, "is not a shared object: wanted an ELF file, found %s",
                                len == 0 ? "an empty one" : "something else");
    if (len < sizeof(*h))
        return descriptor_wrong(k, "is not a shared object: the ELF file is cut off");
    if (h->e_ident[EI_CLASS] != want[EI_CLASS] || h->e_ident[EI_DATA] != want[EI_DATA] ||
        h->e_machine != __ehdr_start.e_machine)
        return descriptor_wrong(k, "is made for %s (%s-bit, %s-endian), this host is %s",
                                machine_name(h->e_machine),
                                h->e_ident[EI_CLASS] == ELFCLASS64 ? "64" : "32",
                                h->e_ident[EI_DATA] == ELFDATA2LSB ? "little" : "big",
                                machine_name(__ehdr_start.e_machine));
    if (h->e_type != ET_DYN)
        return descriptor_wrong(k, "is not a shared object: found %s; link it with -shared",
                                h->e_type == ET_REL ? "an object file" : "a program");
    return 0;
}

static int
check_file(struct descriptor_check *k, const char *path)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ElfW(Ehdr) header = { .e_type = ET_NONE };
    struct stat st;
    ssize_t n;

    if (fd < 0 || fstat(fd, &st) < 0)
        return descriptor_wrong(k, "cannot be read: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return descriptor_wrong(k, "is not a file");
    n = read(fd, &header, sizeof(header));
    if (n < 0)
        return descriptor_wrong(k, "cannot be read: %s", strerror(errno));
    return check_header(k, &header, (size_t)n);
}

/* The symbol's own size as the linker wrote it; SIZE_MAX where the system does not tell. */
static size_t
symbol_size(const void *symbol)
{
#ifdef __GLIBC__
    Dl_info info;
    void *entry = NULL;

    if (dladdr1(symbol, &info, &entry, RTLD_DL_SYMENT) && entry && info.dli_saddr == symbol &&
        ((const ElfW(Sym) *)entry)->st_size > 0)
        return ((const ElfW(Sym) *)entry)->st_size;
#else
    (void)symbol;
#endif
    return SIZE_MAX;
}

/* The descriptor; NULL with the message kept. */
static const struct hermod_plugin *
find_symbol(struct descriptor_check *k, void *so)
{
    const struct hermod_plugin *p = dlsym(so, HERMOD_SYMBOL);
    char other[32];

    if (p)
        return p;
    for (int major = HERMOD_ABI_MAJOR + 1; major < HERMOD_ABI_MAJOR + 10; major++) {
        snprintf(other, sizeof(other), "hermod_plugin_%d", major);
        if (dlsym(so, other)) {
            descriptor_wrong(k, "is made for major %d of the SDK, this host offers %d; "
                             "upgrade hermod", major, HERMOD_ABI_MAJOR);
            return NULL;
        }
    }
    descriptor_wrong(k, "has no symbol " HERMOD_SYMBOL ": a plugin is made with "
                     "HERMOD_PLUGIN()");
    return NULL;
}

static void *
open_object(struct descriptor_check *k, const char *path)
{
    /* Without a slash dlopen() would search the library path. */
    const char *file = strchr(path, '/') ? path : arena_printf(k->arena, "./%s", path);
    void *so = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    const char *why;

    if (so)
        return so;
    why = dlerror();
    if (why && str_starts(why, file) && str_starts(why + strlen(file), ": "))
        why += strlen(file) + 2;
    descriptor_wrong(k, "cannot be loaded: %s", why ? why : "no reason given");
    return NULL;
}

static int
check_name(struct descriptor_check *k, const char *name)
{
    size_t len = strlen(k->file);

    if (len > 3 && str_eq(k->file + len - 3, ".so") && len - 3 == strlen(name) &&
        memcmp(k->file, name, len - 3) == 0)
        return 0;
    return descriptor_wrong(k, "name: this file must be called %s.so", name);
}

int
loader_open(struct arena *a, const char *path, struct loaded *ret, const char **ret_error)
{
    struct descriptor_check k = { .arena = a, .file = base_name(path) };
    struct hermod_plugin *copy = arena_alloc(a, sizeof(*copy));
    const struct hermod_plugin *found;
    void *so;

    memset(ret, 0, sizeof(*ret));
    ret->info.path = arena_strdup(a, path);
    if (check_file(&k, path) < 0)
        goto wrong;
    so = open_object(&k, path);
    found = so ? find_symbol(&k, so) : NULL;
    if (!found || descriptor_check_head(&k, found, symbol_size(found)) < 0)
        goto wrong;
    memcpy(copy, found,
           found->struct_size < sizeof(*copy) ? found->struct_size : sizeof(*copy));
    if (descriptor_check_rest(&k, copy, &ret->info) < 0 || check_name(&k, copy->name) < 0)
        goto wrong;
    ret->plugin = copy;
    return 0;
wrong:
    *ret_error = k.error;
    return -1;
}
