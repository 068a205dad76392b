/* loader.c - what the vendors' files are checked against: the plugins that are installed, and
   which destinations share an account. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "config/vendor.h"

/* What a plugin that takes every type is offered where the file does not name others. */
static const char *const standard_events[] = {
    "userVendor.1#new", "userVendor.1#update", "contract.1#purchased", "contract.1#update",
    "contract#cancelRequest", "entitlement.1#new", "entitlement.1#update",
    "checkout.1#confirm",
};

static void
copy_events(struct arena *a, struct installed *in, const char *const *events, size_t count)
{
    in->events = arena_alloc(a, (count + 1) * sizeof(*in->events));
    in->event_count = count;
    for (size_t i = 0; i < count; i++)
        in->events[i] = arena_strdup(a, events[i]);
}

static void
install(struct loader *l, struct installed *in, const struct config_plugin *p)
{
    const struct plugin_info *info = &p->info;
    struct arena *a = &l->c->arena;
    const struct installed *first;

    *in = (struct installed){ .plugin = p, .credential = SIZE_MAX,
                              .name = arena_strdup(a, info->name ? info->name : "") };
    if (*in->name && (!(first = map_gets(&l->by_name, in->name)) || first->plugin->error))
        map_puts(&l->by_name, in->name, in);
    if (p->error)
        return;
    if (info->event_count)
        copy_events(a, in, info->events, info->event_count);
    else
        copy_events(a, in, standard_events, ARRAY_LEN(standard_events));
    in->defaults = arena_alloc(a, (info->setting_count + 1) * sizeof(*in->defaults));
    for (size_t i = 0; i < info->setting_count; i++) {
        in->defaults[i].text = "";
        if (info->settings[i].fallback)
            setting_default(a, &info->settings[i], &in->defaults[i]);
        if (info->credential && *info->credential &&
            str_eq(info->settings[i].name, info->credential))
            in->credential = i;
    }
}

void
loader_start(struct loader *l, struct config *c, const struct config_plugin *plugins,
             size_t count)
{
    *l = (struct loader){ .c = c, .installed_count = count };
    l->installed = xcalloc(count + 1, sizeof(*l->installed));
    for (size_t i = 0; i < count; i++)
        install(l, &l->installed[i], &plugins[i]);
}

void
loader_free(struct loader *l)
{
    map_free(&l->by_name);
    map_free(&l->groups);
    map_free(&l->vendors);
    free(l->installed);
    free(l->list);
}

uint32_t
loader_group(struct loader *l, const struct installed *in, const struct destination *d)
{
    const struct setting_value *v;
    uint8_t hash[DIGEST_MAX];
    uintptr_t first;
    char *key;
    size_t len;

    if (in->credential == SIZE_MAX)
        return d->index;
    v = &d->values[in->credential];
    if (!v->text || !*v->text)
        return d->index;
    /* By hash: the map's copies of its keys are not wiped. */
    key = xasprintf("%s\n%s", in->name, v->text);
    len = strlen(key);
    digest(DIGEST_SHA256, key, len, hash);
    mem_wipe(key, len);
    free(key);
    first = (uintptr_t)map_get(&l->groups, hash, sizeof(hash));
    if (first)
        return (uint32_t)first - 1;
    map_put(&l->groups, hash, sizeof(hash), (void *)((uintptr_t)d->index + 1));
    return d->index;
}
