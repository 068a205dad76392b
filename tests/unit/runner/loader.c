#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>

#include "abi/expect.h"
#include "runner/loader.h"
#include "unit.h"

static const char *
env_or_dot(const char *name)
{
    const char *value = getenv(name);

    return value ? value : ".";
}

static void
every_broken_plugin_is_refused_with_its_message(void)
{
    struct expectation all[100];
    struct arena a = { 0 };
    size_t n = expect_all(&a, "refused", all, ARRAY_LEN(all));

    CHECK(n >= 40);
    for (size_t i = 0; i < n; i++) {
        const char *so = arena_printf(&a, "%s/tests/abi/bad/%s.so", env_or_dot("BUILDDIR"),
                                      all[i].name);
        const char *error = "loaded";
        struct loaded loaded;

        CHECK_INT(loader_open(&a, so, &loaded, &error), -1);
        CHECK_STR(error, all[i].text);
        CHECK_STR(loaded.info.path, so);
    }
    arena_free(&a);
}

static void
all_that_a_plugin_says_is_read(void)
{
    struct arena a = { 0 };
    const char *so = arena_printf(&a, "%s/tests/abi/good/everything.so",
                                  env_or_dot("BUILDDIR"));
    const char *error = "";
    struct loaded l;

    if (loader_open(&a, so, &l, &error) < 0)
        CU_FAIL_FATAL("does not load");
    CHECK_STR(l.info.path, so);
    CHECK_STR(l.info.name, "everything");
    CHECK_STR(l.info.version, "2.1-beta");
    CHECK_STR(l.info.summary, "Uses every field.");
    CHECK_INT(l.info.abi_major, 1);
    CHECK_INT(l.info.abi_minor, 0);
    CHECK_INT(l.info.event_count, 2);
    CHECK_STR(l.info.events[1], "contract.1#ended");
    CHECK_INT(l.info.setting_count, 7);
    CHECK_STR(l.info.settings[0].name, "text");
    CHECK_INT(l.info.settings[0].type, SETTING_STRING);
    CHECK_INT(l.info.settings[0].flags, SETTING_REQUIRED | SETTING_SECRET);
    CHECK(l.info.settings[0].fallback == NULL);
    CHECK_INT(l.info.settings[1].offset, 8);
    CHECK_STR(l.info.settings[2].fallback, "-3");
    CHECK_INT(l.info.settings[2].min, -5);
    CHECK_INT(l.info.settings[2].max, 5);
    CHECK_STR(l.info.settings[4].choices, "a|b|ab");
    CHECK_STR(l.info.settings[6].help, "Some pairs.");
    CHECK_INT(l.info.config_size, 56);
    CHECK_INT(l.info.concurrent, 4);
    CHECK_INT(l.info.requests, 100);
    CHECK_INT(l.info.per_ms, 10000);
    CHECK_INT(l.info.deadline_ms, 30000);
    CHECK_STR(l.info.credential, "text");
    CHECK(l.info.has_check);
    CHECK(l.plugin->deliver(NULL, NULL, NULL) == HERMOD_DELIVERED);
    arena_free(&a);
}

static void
a_plugin_with_wider_structs_loads(void)
{
    struct arena a = { 0 };
    const char *so = arena_printf(&a, "%s/tests/abi/good/wider.so", env_or_dot("BUILDDIR"));
    const char *error = "";
    struct loaded l;

    CHECK_INT(loader_open(&a, so, &l, &error), 0);
    CHECK_STR(error, "");
    CHECK_INT(l.info.setting_count, 2);
    CHECK_STR(l.info.settings[1].name, "second");
    CHECK_STR(l.info.settings[1].fallback, "2");
    CHECK_INT(l.info.settings[1].offset, 8);
    CHECK_INT(l.info.event_count, 0);
    CHECK_INT(l.info.concurrent, 10);
    CHECK_INT(l.info.requests, 0);
    CHECK_INT(l.info.deadline_ms, 60000);
    CHECK_STR(l.info.credential, "");
    CHECK(!l.info.has_check);
    arena_free(&a);
}

/* A file of our own making, and what the loader says of it. */
static void
check_file(const char *dir, const void *data, size_t len, const char *want)
{
    struct arena a = { 0 };
    const char *path = arena_printf(&a, "%s/x.so", dir), *error = "loaded";
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    struct loaded l;

    CU_ASSERT_FATAL(fd >= 0 && write(fd, data, len) == (ssize_t)len);
    close(fd);
    CHECK_INT(loader_open(&a, path, &l, &error), -1);
    CHECK_STR(error, want);
    unlink(path);
    arena_free(&a);
}

/* The first bytes of an ELF file; class 1: 32 bits, type 1: object, 2: program, 3: shared;
   machine 62: x86_64, 183: aarch64. */
#define ELF(class, type, machine)                                                   \
    "\x7f" "ELF" class "\1\1\0\0\0\0\0\0\0\0\0" type "\0" machine "\0\1\0\0\0"      \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

static void
what_is_no_plugin_is_told_apart(void)
{
    char dir[] = "/tmp/hermod-loader-XXXXXX";

    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
    check_file(dir, "", 0, "x.so: is not a shared object: wanted an ELF file, "
                           "found an empty one");
    check_file(dir, "#!/bin/sh\nexit 0\n", 17,
               "x.so: is not a shared object: wanted an ELF file, found something else");
    check_file(dir, ELF("\2", "\3", "\x3e"), 20,
               "x.so: is not a shared object: the ELF file is cut off");
#ifdef __x86_64__
    check_file(dir, ELF("\2", "\3", "\xb7"), 64,
               "x.so: is made for aarch64 (64-bit, little-endian), this host is x86_64");
    check_file(dir, ELF("\1", "\3", "\3"), 64,
               "x.so: is made for i386 (32-bit, little-endian), this host is x86_64");
    check_file(dir, ELF("\2", "\1", "\x3e"), 64,
               "x.so: is not a shared object: found an object file; link it with -shared");
    check_file(dir, ELF("\2", "\2", "\x3e"), 64,
               "x.so: is not a shared object: found a program; link it with -shared");
#endif
    rmdir(dir);
}

static void
a_file_that_is_not_there_is_named(void)
{
    struct arena a = { 0 };
    const char *error = "";
    struct loaded l;

    CHECK_INT(loader_open(&a, "/nonexistent/none.so", &l, &error), -1);
    CHECK_STR(error, "none.so: cannot be read: No such file or directory");
    CHECK_INT(loader_open(&a, "/dev", &l, &error), -1);
    CHECK_STR(error, "dev: is not a file");
    arena_free(&a);
}

UNIT_MAIN("runner/loader", UNIT_TEST(every_broken_plugin_is_refused_with_its_message),
          UNIT_TEST(all_that_a_plugin_says_is_read),
          UNIT_TEST(a_plugin_with_wider_structs_loads),
          UNIT_TEST(what_is_no_plugin_is_told_apart),
          UNIT_TEST(a_file_that_is_not_there_is_named))
