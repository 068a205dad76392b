/* config.c - the files in their order: hermod.yaml, then every vendor's. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/config.h"
#include "config/host.h"
#include "config/vendor.h"

static const struct yaml_node nothing = { .kind = YAML_MAP, .line = 1, .column = 1, .tag = "",
                                          .text = "" };

static int
verdict(struct config *c)
{
    problems_sort(c);
    return c->error_count ? -1 : 0;
}

int
config_load_host(struct config *c, const char *path)
{
    struct arena tree = { 0 };
    const struct yaml_node *root = NULL;
    struct check k;

    c->common.retry = retry_default;
    check_start(&k, c, path ? path : "hermod.yaml");
    if (path) {
        c->file = k.file;
        root = check_parse_file(&k, &tree);
        c->blind = root == NULL;
    }
    host_read(&k, root ? root : &nothing);
    arena_wipe(&tree);
    return verdict(c);
}

/* ---- vendors ---- */

static int
is_vendor_file(const struct dirent *e)
{
    const char *dot = strrchr(e->d_name, '.');

    return e->d_name[0] != '.' && dot && (str_eq(dot, ".yaml") || str_eq(dot, ".yml"));
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
read_file(struct loader *l, const char *path)
{
    struct arena tree = { 0 };
    const struct yaml_node *root;
    struct check k;

    check_start(&k, l->c, path);
    root = check_parse_file(&k, &tree);
    if (root)
        vendor_read(l, &k, root);
    arena_wipe(&tree);
}

static void
read_directory(struct loader *l)
{
    struct arena *a = &l->c->arena;
    const char *dir = l->c->host.vendors;
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, is_vendor_file, by_bytes);
    struct check k;

    if (n < 0) {
        int e = errno;

        check_start(&k, l->c, dir);
        check_error(&k, NULL, NULL, "this directory of vendors cannot be read: %s",
                    strerror(e));
        return;
    }
    for (int i = 0; i < n; i++) {
        read_file(l, arena_printf(a, "%s/%s", dir, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}

/* A plugin that nobody asks for stops nothing, but its owner wants to know. */
static void
warn_of_plugins(struct loader *l)
{
    for (size_t i = 0; i < l->installed_count; i++) {
        const struct installed *in = &l->installed[i];
        struct check k;

        if (!in->plugin->error || in->asked_for)
            continue;
        check_start(&k, l->c, in->plugin->info.path ? in->plugin->info.path : in->name);
        check_warn(&k, NULL, NULL, "this plugin cannot be used: %s", in->plugin->error);
    }
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
keep_vendors(struct loader *l)
{
    struct config *c = l->c;
    struct map_slot *slot;
    size_t at = 0;

    c->vendors = arena_alloc(&c->arena, (l->vendors.count + 1) * sizeof(*c->vendors));
    while (map_next(&l->vendors, &at, &slot))
        c->vendors[c->vendor_count++] = arena_memdup0(&c->arena, slot->key, slot->key_len);
    qsort(c->vendors, c->vendor_count, sizeof(*c->vendors), by_text);
    c->destinations = arena_alloc(&c->arena, (l->count + 1) * sizeof(*c->destinations));
    if (l->count)
        memcpy(c->destinations, l->list, l->count * sizeof(*l->list));
    c->destination_count = l->count;
}

int
config_load_vendors(struct config *c, const struct config_plugin *plugins, size_t count)
{
    struct loader l;

    if (c->blind)
        return -1;
    loader_start(&l, c, plugins, count);
    read_directory(&l);
    warn_of_plugins(&l);
    keep_vendors(&l);
    loader_free(&l);
    return verdict(c);
}

/* n NULL: nothing could be made of the text, and that was told. */
static int
read_settings(struct check *k, const struct yaml_node *n, const struct plugin_info *info,
              struct destination *ret)
{
    struct config_plugin plugin = { .info = *info };
    struct common common = { .retry = retry_default };
    struct destination d = { 0 };
    struct loader l;
    int bad = -1;

    loader_start(&l, k->c, &plugin, 1);
    k->mode = 0;
    if (n)
        bad = destination_read(k, PLACE(NULL, l.installed[0].name), n, &l.installed[0], "test",
                               &common, &d);
    loader_free(&l);
    problems_sort(k->c);
    if (bad == 0)
        *ret = d;
    return bad;
}

int
config_load_settings(struct config *c, const char *file, const char *yaml, size_t len,
                     const struct plugin_info *info, struct destination *ret)
{
    size_t errors_before = c->error_count;
    struct arena tree = { 0 };
    struct destination d = { 0 };
    struct check k;
    int bad;

    check_start(&k, c, file);
    bad = read_settings(&k, check_parse(&k, &tree, yaml, len), info, &d);
    arena_wipe(&tree);
    if (bad || c->error_count > errors_before)     /* the text's own: a duplicate key */
        return -1;
    *ret = d;
    return 0;
}

int
config_read_settings(struct config *c, const char *file, const struct yaml_node *n,
                     const struct plugin_info *info, struct destination *ret)
{
    struct check k;

    check_start(&k, c, file);
    return read_settings(&k, n ? n : &nothing, info, ret);
}

void
config_free(struct config *c)
{
    if (!c)
        return;
    arena_wipe(&c->arena);
    *c = (struct config){ 0 };
}
