/* config_unit.h - what the tests of config/ share: a directory of files that goes away, the
   problems of a run as one text, and plugins to check against. */
#ifndef HERMOD_TESTS_CONFIG_UNIT_H
#define HERMOD_TESTS_CONFIG_UNIT_H

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "config/config.h"
#include "unit.h"

/* ---- files ---- */

static char dir[] = "/tmp/hermod-config-XXXXXX";

UNUSED static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

UNUSED static void
remove_dir(void)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

__attribute__((constructor)) static void
make_dir(void)
{
    if (!mkdtemp(dir))
        die("mkdtemp: %s", strerror(errno));
    atexit(remove_dir);
}

/* Empties the directory. */
UNUSED static void
clear_dir(void)
{
    remove_dir();
    if (mkdir(dir, 0700) < 0)
        die("mkdir %s: %s", dir, strerror(errno));
}

UNUSED static const char *
path_of(const char *name)
{
    static char paths[4][300];
    static int turn;
    char *p = paths[turn++ % 4];

    snprintf(p, sizeof(paths[0]), "%s/%s", dir, name);
    return p;
}

UNUSED static void
write_bytes(const char *name, const void *data, size_t len, unsigned mode)
{
    const char *path = path_of(name);
    FILE *f = fopen(path, "w");

    if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0 || chmod(path, mode) < 0)
        die("%s: %s", path, strerror(errno));
}

UNUSED static void
write_file(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text), 0600);
}

/* ---- problems ---- */

/* As printed, the directory's name left out. To free(). */
UNUSED static char *
problems(const struct config *c)
{
    struct buf all = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);
    const char *p, *hit;
    char prefix[sizeof(dir) + 1];

    snprintf(prefix, sizeof(prefix), "%s/", dir);
    config_print_problems(c, &all);
    for (p = buf_text(&all); (hit = strstr(p, prefix)) != NULL; p = hit + strlen(prefix))
        buf_add(&out, p, (size_t)(hit - p));
    buf_add(&out, p, strlen(p) + 1);       /* also when there are none */
    buf_free(&all);
    return buf_take(&out);
}

/* ---- plugins ---- */

static const char *mailer_events[] = { "contract.1#purchased", "contract.1#update",
                                       "userVendor.1#new" };
static struct setting_info mailer_rows[] = {
    { .name = "apiKey", .type = SETTING_STRING, .flags = SETTING_REQUIRED | SETTING_SECRET,
      .help = "The key of the account." },
    { .name = "listId", .type = SETTING_STRING, .flags = SETTING_REQUIRED,
      .help = "The list that readers are put on." },
    { .name = "doubleOptIn", .type = SETTING_BOOL, .fallback = "true" },
    { .name = "batch", .type = SETTING_INT, .min = 1, .max = 100, .fallback = "10" },
    { .name = "pause", .type = SETTING_DURATION, .min = 1000, .max = 3600000,
      .fallback = "5m" },
    { .name = "format", .type = SETTING_CHOICE, .choices = "html|text|2", .fallback = "html" },
    { .name = "tags", .type = SETTING_STRINGS },
    { .name = "headers", .type = SETTING_MAP, .flags = SETTING_SECRET },
    { .name = "keys", .type = SETTING_STRINGS, .flags = SETTING_SECRET },
    { .name = "apiUrl", .type = SETTING_STRING, .fallback = "https://api.mailer.example/v1" },
    { .name = "hookUrl", .type = SETTING_STRING, .flags = SETTING_SECRET },
    { .name = "pin", .type = SETTING_INT, .flags = SETTING_SECRET, .min = 1, .max = 9 },
    { .name = "level", .type = SETTING_CHOICE, .flags = SETTING_SECRET, .choices = "low|high" },
};
static struct setting_info UNUSED hook_rows[] = {
    { .name = "url", .type = SETTING_STRING, .flags = SETTING_REQUIRED, .help = "Where to." },
};
static struct config_plugin UNUSED plugins[] = {
    { .info = { .path = "/p/broken.so", .name = "broken" },
      .error = "/p/broken.so: died while being loaded: signal 11" },
    { .info = { .path = "/p/hook.so", .name = "hook", .settings = hook_rows,
                .setting_count = ARRAY_LEN(hook_rows) } },
    { .info = { .path = "/p/mailer.so", .name = "mailer", .events = mailer_events,
                .event_count = ARRAY_LEN(mailer_events), .settings = mailer_rows,
                .setting_count = ARRAY_LEN(mailer_rows), .concurrent = 4, .requests = 100,
                .per_ms = 10000, .credential = "apiKey", .deadline_ms = 30000 } },
};

/* ---- runs ---- */

/* Checks the settings of one mailer; what is wrong with them, to free(). */
UNUSED static char *
check_mailer(struct config *c, const char *yaml, struct destination *ret)
{
    config_load_settings(c, path_of("case.yaml"), yaml, strlen(yaml), &plugins[2].info, ret);
    return problems(c);
}

/* Loads vendors.d with a hermod.yaml that only says where it is. */
UNUSED static int
load_vendors(struct config *c, const char *more)
{
    char host[2000];
    int bad;

    snprintf(host, sizeof(host), "vendors: vendors.d\n%s", more);
    write_file("hermod.yaml", host);
    bad = config_load_host(c, path_of("hermod.yaml"));
    return config_load_vendors(c, plugins, ARRAY_LEN(plugins)) | bad;
}

#endif
