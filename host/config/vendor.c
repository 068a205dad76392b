/* vendor.c - a vendor's file: who it is, and the blocks under `integrations`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/common.h"
#include "config/vendor.h"

#define VENDOR_MAX_CHARS 128

enum { VENDOR, VENDOR_ROWS };
static const struct setting_info vendor_rows[VENDOR_ROWS] = {
    [VENDOR] = { .name = "vendor", .type = SETTING_STRING, .flags = SETTING_REQUIRED,
                 .help = "the vendor's id, as events carry it in vendorId" },
};
static const char *const vendor_keys[] = { "sesamy", "integrations", "retry", "allowNetworks",
                                           NULL };
enum { CLIENT_ID, CLIENT_SECRET, SESAMY_ROWS };
static const struct setting_info sesamy_rows[SESAMY_ROWS] = {
    [CLIENT_ID] = { .name = "clientId", .type = SETTING_STRING, .flags = SETTING_REQUIRED,
      .help = "of the vendor's Management API application" },
    [CLIENT_SECRET] = { .name = "clientSecret", .type = SETTING_STRING,
      .flags = SETTING_REQUIRED | SETTING_SECRET,
      .help = "of the vendor's Management API application" },
};

struct seen {
    const char *file;
    int line, column;
};

/* What stands for one vendor while its file is read. */
struct vendor {
    struct loader *l;
    struct check *k;
    const char *id;                        /* of the vendor; the file's name when unusable */
    struct common common;
    bool twice;
};

/* "acme" of "/etc/hermod/vendors.d/acme.yaml". */
static const char *
stem(struct check *k)
{
    const char *slash = strrchr(k->file, '/');
    const char *base = slash ? slash + 1 : k->file;
    const char *dot = strrchr(base, '.');

    return arena_memdup0(&k->c->arena, base, dot ? (size_t)(dot - base) : strlen(base));
}

static void
add_vendor(struct vendor *v, const char *id, const struct yaml_node *n)
{
    struct check *k = v->k;
    struct seen *first = map_gets(&v->l->vendors, id);

    v->id = id;
    if (first) {
        v->twice = true;
        check_error(k, NULL, n, "wanted one file per vendor, found \"%s\" here and in "
                                "%s:%d:%d", id, first->file, first->line, first->column);
        return;
    }
    first = arena_alloc(&k->c->arena, sizeof(*first));
    *first = (struct seen){ k->file, n->line, n->column };
    map_puts(&v->l->vendors, id, first);
}

static void
id_read(struct vendor *v, const struct yaml_node *root)
{
    struct setting_value value[VENDOR_ROWS] = { 0 };
    const struct yaml_node *n = yaml_get(root, "vendor");
    const char *name = stem(v->k);
    struct found f;

    v->id = name;
    block_read(v->k, NULL, root, vendor_rows, VENDOR_ROWS, vendor_keys, value);
    if (!n || !value[VENDOR].text)
        return;
    if (utf8_count(value[VENDOR].text, strlen(value[VENDOR].text)) > VENDOR_MAX_CHARS) {
        check_error(v->k, PLACE(NULL, "vendor"), n, "wanted at most %d characters, found %s",
                    VENDOR_MAX_CHARS, value_found(&f, n, false));
        return;
    }
    add_vendor(v, value[VENDOR].text, n);
    if (!v->twice && !strchr(v->id, '/') && !str_eq(v->id, name))
        check_warn(v->k, PLACE(NULL, "vendor"), n,
                   "the file of \"%s\" is better called %s.yaml", v->id, v->id);
}

/* ---- destinations ---- */

static void
add_destination(struct vendor *v, const struct installed *in, struct destination *d)
{
    struct loader *l = v->l;

    if (v->twice)
        return;
    if (l->count == l->size) {
        l->size = l->size ? 2 * l->size : 64;
        l->list = xrealloc(l->list, l->size, sizeof(*l->list));
    }
    d->index = (uint32_t)l->count;
    d->group = loader_group(l, in, d);
    l->list[l->count++] = *d;
}

static void
block(struct vendor *v, const struct place *at, const struct yaml_node *n,
      const struct installed *in, struct map *names)
{
    const struct yaml_node *first, *name = yaml_get(n, "name");
    struct destination d;
    int bad = destination_read(v->k, at, n, in, v->id, &v->common, &d);

    if (!d.name)
        return;
    first = map_gets(names, d.name);
    if (first) {
        check_error(v->k, at, name ? name : n,
                    "wanted a name of its own%s, found \"%s\" as at line %d, column %d",
                    name ? "" : " (name: ...)", d.name, first->line, first->column);
        return;
    }
    map_puts(names, d.name, (void *)(uintptr_t)(name ? name : n));
    if (bad == 0)
        add_destination(v, in, &d);
}

static void
blocks(struct vendor *v, const struct place *at, const struct yaml_node *n,
       const struct installed *in)
{
    struct map names = { 0 };

    if (n->kind != YAML_LIST) {
        block(v, at, n, in, &names);
    } else if (n->count == 0) {
        check_error(v->k, at, n, "wanted at least one block, found an empty list");
    } else {
        for (const struct yaml_node *e = n->child; e; e = e->next)
            block(v, at, e, in, &names);
    }
    map_free(&names);
}

static void
unknown_plugin(struct vendor *v, const struct place *at, const struct yaml_node *n)
{
    const char *name = n->key->text;
    struct loader *l = v->l;
    const char **names = xcalloc(l->installed_count + 1, sizeof(*names));
    size_t count = 0;
    char hint[400];

    for (size_t i = 0; i < l->installed_count; i++) {
        if (*l->installed[i].name && (count == 0 ||
                                      !str_eq(names[count - 1], l->installed[i].name)))
            names[count++] = l->installed[i].name;
    }
    if (n->kind == YAML_SCALAR && !yaml_is_null(n))
        snprintf(hint, sizeof(hint), "; a setting of the plugin above is indented more than the "
                                     "plugin's name");
    else if (count)
        check_hint(hint, sizeof(hint), name, "installed:", names, count);
    else
        snprintf(hint, sizeof(hint), "; none is installed at all");
    check_error(v->k, at, n->key, "wanted an installed plugin, found none of this name%s", hint);
    free(names);
}

static void
integrations(struct vendor *v, const struct yaml_node *n)
{
    if (n->kind != YAML_MAP) {
        if (!yaml_is_null(n))
            check_error(v->k, PLACE(PLACE(NULL, v->id), "integrations"), n,
                        "wanted a map of plugins and their settings, found a %s",
                        n->kind == YAML_LIST ? "list" : "single value");
        return;
    }
    for (const struct yaml_node *e = n->child; e; e = e->next) {
        const struct place *vendor = PLACE(NULL, v->id);
        const struct place *at = PLACE(vendor, e->key->text);
        struct installed *in = map_gets(&v->l->by_name, e->key->text);

        if (!in) {
            unknown_plugin(v, at, e);
            continue;
        }
        in->asked_for = true;
        if (in->plugin->error)
            check_error(v->k, at, e->key, "this plugin cannot be used: %s", in->plugin->error);
        else
            blocks(v, at, e, in);
    }
}

/* ---- the platform's API ---- */

static void
sesamy_read(struct vendor *v, const struct yaml_node *n)
{
    struct config *c = v->l->c;
    struct setting_value values[SESAMY_ROWS] = { 0 };
    size_t count = c->sesamy_vendor_count;

    if (block_read(v->k, PLACE(PLACE(NULL, v->id), "sesamy"), n, sesamy_rows, SESAMY_ROWS, NULL,
                   values) < 0 || v->twice)
        return;
    if ((count & (count - 1)) == 0) {      /* full: it holds a power of two */
        struct sesamy_vendor *more = arena_alloc(&c->arena, (count ? 2 * count : 1) *
                                                                sizeof(*more));

        if (count > 0)
            memcpy(more, c->sesamy_vendors, count * sizeof(*more));
        c->sesamy_vendors = more;
    }
    c->sesamy_vendors[c->sesamy_vendor_count++] = (struct sesamy_vendor){
        .vendor = v->id, .client_id = values[CLIENT_ID].text,
        .client_secret = values[CLIENT_SECRET].text };
}

void
vendor_read(struct loader *l, struct check *k, const struct yaml_node *root)
{
    struct vendor v = { .l = l, .k = k, .common = k->c->common };
    const struct yaml_node *sesamy = yaml_get(root, "sesamy");
    const struct yaml_node *list = yaml_get(root, "integrations");

    id_read(&v, root);
    if (root->kind != YAML_MAP)
        return;
    if (sesamy)
        sesamy_read(&v, sesamy);
    common_read(k, PLACE(NULL, v.id), root, &v.common);
    if (list)
        integrations(&v, list);
}
