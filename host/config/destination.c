/* destination.c - one block of a vendor's file, against its plugin's rows. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/common.h"
#include "config/vendor.h"
#include "model/caps.h"

#define NAME_MAX_CHARS 64
#define SETTINGS_MAX (1024 * 1024)         /* bytes of all settings of one destination: they
                                              travel in one frame */
#define CONCURRENT_DEFAULT 10
#define DEADLINE_DEFAULT_MS (60 * 1000)

/* The keys that every destination takes. */
enum { NAME, ENABLED, EVENTS, COMMON_ROWS };
static const struct setting_info common_rows[COMMON_ROWS] = {
    [NAME] = { .name = "name", .type = SETTING_STRING, .flags = SETTING_REQUIRED,
               .help = "What it is called beside others of the same plugin." },
    [ENABLED] = { .name = "enabled", .type = SETTING_BOOL,
                  .help = "false keeps the block and delivers nothing to it." },
    [EVENTS] = { .name = "events", .type = SETTING_STRINGS, .flags = SETTING_REQUIRED,
                 .help = "The event types that it takes, of those that the plugin takes." },
};
static const char *const common_keys[] = { "name", "enabled", "events", "retry", "limits",
                                           "allowNetworks", NULL };

static int
name_read(struct check *k, const struct place *at, const struct yaml_node *n,
          struct destination *d)
{
    struct setting_value v;
    struct found f;

    d->name = NULL;
    if (*n->tag) {                         /* it is shown everywhere */
        check_error(k, PLACE(at, "name"), n, "wanted a name as it stands, found %s", n->tag);
        return -1;
    }
    if (value_read(k, PLACE(at, "name"), &common_rows[NAME], n, &v) < 0)
        return -1;
    if (strchr(v.text, '/') || utf8_count(v.text, strlen(v.text)) > NAME_MAX_CHARS) {
        check_error(k, PLACE(at, "name"), n, "wanted at most %d characters and no '/', found %s",
                    NAME_MAX_CHARS, value_found(&f, n, false));
        return -1;
    }
    d->name = v.text;
    return 0;
}

static bool
has_event(const struct installed *in, const char *type)
{
    for (size_t i = 0; i < in->event_count; i++) {
        if (str_eq(in->events[i], type))
            return true;
    }
    return in->plugin->info.event_count == 0 && *type;
}

static int
events_read(struct check *k, const struct place *at, const struct yaml_node *n,
            const struct installed *in, struct destination *d)
{
    const struct yaml_node *e = n->kind == YAML_LIST ? n->child : n;
    struct setting_value v;
    size_t kept = 0;
    int bad = 0;

    if (value_read(k, at, &common_rows[EVENTS], n, &v) < 0)
        return -1;
    for (size_t i = 0; i < v.count; i++, e = e->next) {
        char hint[400];
        struct found f;
        size_t before = 0;

        if (!has_event(in, v.list[i])) {
            if (strchr(v.list[i], ','))
                snprintf(hint, sizeof(hint), "; several are written as a list: [a, b]");
            else
                check_hint(hint, sizeof(hint), v.list[i], "it takes", in->events,
                           in->event_count);
            check_error(k, at, e, "wanted an event type that %s takes, found %s%s", in->name,
                        value_found(&f, e, false), hint);
            bad = -1;
        }
        while (before < kept && !str_eq(v.list[before], v.list[i]))
            before++;
        if (before == kept)
            v.list[kept++] = v.list[i];
    }
    d->events = v.list;
    d->event_count = kept;
    return bad;
}

static int
common_settings(struct check *k, const struct place *at, const struct yaml_node *block,
                const struct installed *in, struct destination *d)
{
    const struct yaml_node *enabled = yaml_get(block, "enabled");
    const struct yaml_node *events = yaml_get(block, "events");
    struct common c = { .retry = d->retry, .allow = d->allow, .allow_count = d->allow_count };
    struct setting_value v = { .number = 1 };
    int bad = 0;

    if (enabled)
        bad |= value_read(k, PLACE(at, "enabled"), &common_rows[ENABLED], enabled, &v);
    d->enabled = v.number != 0;
    if (events)
        bad |= events_read(k, PLACE(at, "events"), events, in, d);
    bad |= limits_read(k, at, block, d);
    bad |= common_read(k, at, block, &c);
    d->retry = c.retry;
    d->allow = c.allow;
    d->allow_count = c.allow_count;
    return bad;
}

static size_t
value_size(const struct setting_value *v)
{
    size_t n = v->text ? strlen(v->text) : 0;

    for (size_t i = 0; i < v->count; i++) {
        if (v->list)
            n += strlen(v->list[i]) + 8;
        else if (v->map)
            n += strlen(v->map[i].key) + strlen(v->map[i].value) + 16;
    }
    return n;
}

static int
plugin_settings(struct check *k, const struct place *at, const struct yaml_node *block,
                const struct installed *in, struct destination *d)
{
    const struct plugin_info *info = &in->plugin->info;
    size_t total = 0;

    d->value_count = info->setting_count;
    d->values = arena_alloc(&k->c->arena, (info->setting_count + 1) * sizeof(*d->values));
    if (block_read(k, at, block, info->settings, info->setting_count, common_keys,
                   d->values) < 0)
        return -1;
    for (size_t i = 0; i < info->setting_count; i++) {
        if (!d->values[i].set)
            d->values[i] = in->defaults[i];
        total += value_size(&d->values[i]);
    }
    if (total <= SETTINGS_MAX)
        return 0;
    check_error(k, at, block, "wanted at most %d bytes of settings together, found %zu",
                SETTINGS_MAX, total);
    return -1;
}

int
destination_read(struct check *k, const struct place *at, const struct yaml_node *block,
                 const struct installed *in, const char *vendor, const struct common *up,
                 struct destination *ret)
{
    const struct plugin_info *info = &in->plugin->info;
    const struct yaml_node *name = yaml_get(block, "name");
    struct destination d = {
        .vendor = vendor, .plugin = in->name, .name = in->name, .enabled = true,
        .events = in->events, .event_count = in->event_count, .retry = up->retry,
        .concurrent = info->concurrent > 0 ? info->concurrent : CONCURRENT_DEFAULT,
        .requests = info->requests, .per_ms = info->per_ms,
        .deadline_ms = info->deadline_ms > 0 ? info->deadline_ms : DEADLINE_DEFAULT_MS,
        .allow = up->allow, .allow_count = up->allow_count,
    };
    struct place named = { at, "", '/' };
    int bad = 0;

    if (block->kind != YAML_MAP && !yaml_is_null(block))
        d.name = NULL;
    if (name)
        bad = name_read(k, at, name, &d);
    if (name && d.name)
        named.name = d.name;
    bad |= plugin_settings(k, &named, block, in, &d);
    if (block->kind == YAML_MAP)
        bad |= common_settings(k, &named, block, in, &d);
    *ret = d;
    return bad ? -1 : 0;
}

const char *
destination_title(struct arena *a, const struct destination *d)
{
    if (str_eq(d->name, d->plugin))
        return arena_printf(a, "%s/%s", d->vendor, d->plugin);
    return arena_printf(a, "%s/%s/%s", d->vendor, d->plugin, d->name);
}
