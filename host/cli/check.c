/* check.c - `hermod check`: all configuration, as `hermod run` would read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/table.h"
#include "config/config.h"
#include "supervisor/describe.h"

#define OUT_MAX (64 * 1024 * 1024)
#define ROWS_MAX 40                /* destinations on the screen; the rest are counted */

enum { O_CONFIG, O_JSON };
static const struct cli_option options[] = {
    [O_CONFIG] = { 'c', "config", "FILE",
                   "The host's configuration (" DEFAULT_CONFIG ")." },
    [O_JSON] = { 0, "json", NULL,
                 "Print problems, vendors, destinations and plugins as one JSON document." },
    { 0 },
};

/* All that there is to say; the configuration is whole only when there are no errors. */
struct checked {
    struct config config;
    struct arena arena;
    struct config_plugin *plugins;
    size_t plugin_count;
};

static void
checked_free(struct checked *c)
{
    config_free(&c->config);
    arena_free(&c->arena);
}

static size_t
destinations_of(const struct config *c, const char *vendor, const char *plugin)
{
    size_t n = 0;

    for (size_t i = 0; i < c->destination_count; i++) {
        const struct destination *d = &c->destinations[i];

        n += (!vendor || str_eq(d->vendor, vendor)) && (!plugin || str_eq(d->plugin, plugin));
    }
    return n;
}

static void
add_member(struct buf *out, const char *before, const char *name, const char *text)
{
    buf_printf(out, "%s\"%s\":", before, name);
    buf_json(out, text);
}

static void
json_problems(const struct config *c, struct buf *out)
{
    for (size_t i = 0; i < c->problem_count; i++) {
        const struct config_problem *p = &c->problems[i];

        add_member(out, i ? ",{" : "{", "severity", p->warning ? "warning" : "error");
        add_member(out, ",", "file", p->file);
        buf_printf(out, ",\"line\":%d,\"column\":%d", p->line, p->column);
        add_member(out, ",", "where", p->where);
        add_member(out, ",", "text", p->text);
        buf_byte(out, '}');
    }
}

static void
json_destinations(const struct config *c, struct buf *out)
{
    for (size_t i = 0; i < c->destination_count; i++) {
        const struct destination *d = &c->destinations[i];

        add_member(out, i ? ",{" : "{", "vendor", d->vendor);
        add_member(out, ",", "plugin", d->plugin);
        add_member(out, ",", "name", d->name);
        buf_printf(out, ",\"enabled\":%s,\"events\":[", d->enabled ? "true" : "false");
        for (size_t e = 0; e < d->event_count; e++) {
            buf_str(out, e ? "," : "");
            buf_json(out, d->events[e]);
        }
        buf_str(out, "]}");
    }
}

static void
json_plugins(const struct checked *c, struct buf *out)
{
    for (size_t i = 0; i < c->plugin_count; i++) {
        const struct config_plugin *p = &c->plugins[i];

        add_member(out, i ? ",{" : "{", "path", p->info.path ? p->info.path : "");
        if (p->info.name && *p->info.name)
            add_member(out, ",", "name", p->info.name);
        if (p->info.version && *p->info.version)
            add_member(out, ",", "version", p->info.version);
        if (p->error)
            add_member(out, ",", "error", p->error);
        buf_byte(out, '}');
    }
}

static void
write_json(const struct checked *c, struct buf *out)
{
    buf_printf(out, "{\"ok\":%s,\"problems\":[", c->config.error_count ? "false" : "true");
    json_problems(&c->config, out);
    buf_str(out, "],\"vendors\":[");
    for (size_t i = 0; i < c->config.vendor_count; i++) {
        buf_str(out, i ? "," : "");
        buf_json(out, c->config.vendors[i]);
    }
    buf_str(out, "],\"destinations\":[");
    json_destinations(&c->config, out);
    buf_str(out, "],\"plugins\":[");
    json_plugins(c, out);
    buf_str(out, "]}\n");
}

/* "all 6" of the plugin's, or those that were chosen. */
static void
add_events(struct table *t, const struct checked *c, const struct destination *d)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(64 * 1024);

    for (size_t i = 0; i < c->plugin_count; i++) {
        const struct config_plugin *p = &c->plugins[i];

        if (!p->error && str_eq(p->info.name, d->plugin) &&
            p->info.event_count == d->event_count) {
            table_printf(t, "all %zu", d->event_count);
            return;
        }
    }
    for (size_t i = 0; i < d->event_count; i++)
        buf_printf(&text, "%s%s", i ? " " : "", d->events[i]);
    table_add(t, buf_text(&text));
}

static void
summary_destinations(const struct checked *checked, struct buf *out)
{
    static const char *const titles[] = { "DESTINATION", "STATE", "AT ONCE", "EVENTS" };
    CLEANUP(table_free) struct table t;
    CLEANUP(arena_free) struct arena a;
    const struct config *c = &checked->config;

    arena_init(&a, 0);
    table_init(&t, ARRAY_LEN(titles), titles);
    t.right = 1u << 2;
    t.indent = 2;
    for (size_t i = 0; i < c->destination_count && i < ROWS_MAX; i++) {
        const struct destination *d = &c->destinations[i];

        table_add(&t, destination_title(&a, d));
        table_add(&t, d->enabled ? "on" : "off");
        table_printf(&t, "%lld", (long long)d->concurrent);
        add_events(&t, checked, d);
    }
    table_write(&t, out);
    if (c->destination_count > ROWS_MAX)
        buf_printf(out, "  ... and %zu more (--json shows all)\n",
                   c->destination_count - ROWS_MAX);
}

static void
summary(const struct checked *c, const char *path, struct buf *out)
{
    const struct config *cfg = &c->config;
    size_t usable = 0;

    for (size_t i = 0; i < c->plugin_count; i++)
        usable += !c->plugins[i].error;
    buf_printf(out, "%s: good. ", path);
    text_count(out, (int64_t)cfg->vendor_count, "vendor", "vendors");
    buf_str(out, ", ");
    text_count(out, (int64_t)cfg->destination_count, "destination", "destinations");
    buf_str(out, ", ");
    text_count(out, (int64_t)usable, "plugin", "plugins");
    buf_str(out, ".\n");
    buf_printf(out, "Intake at %s, admin at %s, journal %s.\n",
               cfg->host.listen, cfg->host.admin, cfg->host.journal);
    if (cfg->destination_count) {
        buf_byte(out, '\n');
        summary_destinations(c, out);
    }
    for (size_t i = 0; i < cfg->vendor_count; i++)
        if (destinations_of(cfg, cfg->vendors[i], NULL) == 0)
            buf_printf(out, "\nVendor %s has no destinations: its events are accepted and go "
                            "nowhere.\n", cfg->vendors[i]);
    buf_str(out, "\nPlugins:");
    for (size_t i = 0, told = 0; i < c->plugin_count; i++) {
        const struct config_plugin *p = &c->plugins[i];

        if (!p->error)
            buf_printf(out, "%s %s %s (%zu)", told++ ? "," : "", p->info.name,
                       p->info.version, destinations_of(cfg, NULL, p->info.name));
    }
    buf_str(out, usable ? "\n" : " none\n");
}

static int
check(int argc, char **argv)
{
    CLEANUP(checked_free) struct checked c = { 0 };
    CLEANUP(buf_free) struct buf out = BUF_INIT(OUT_MAX);
    CLEANUP(buf_free) struct buf problems = BUF_INIT(OUT_MAX);
    struct cli_args args;
    const char *path;
    int status;

    if (!cli_args(&cmd_check, argc, argv, &args, &status))
        return status;
    path = args.value[O_CONFIG] ? args.value[O_CONFIG] : DEFAULT_CONFIG;
    arena_init(&c.arena, 0);
    config_load_host(&c.config, path);
    if (!c.config.blind) {
        c.plugin_count = describe_dirs(&c.arena, c.config.host.plugin_dirs,
                                       c.config.host.plugin_dir_count, &c.plugins);
        config_load_vendors(&c.config, c.plugins, c.plugin_count);
    }
    config_print_problems(&c.config, &problems);
    fputs(buf_text(&problems), stderr);
    if (args.value[O_JSON])
        write_json(&c, &out);
    else if (!c.config.error_count)
        summary(&c, path, &out);
    fputs(buf_text(&out), stdout);
    if (c.config.error_count) {
        struct buf count = BUF_INIT(128);

        text_count(&count, (int64_t)c.config.error_count, "mistake", "mistakes");
        cli_fail(&cmd_check, "%s; `hermod run` would not start with this", buf_text(&count));
        buf_free(&count);
        return EXIT_BAD;
    }
    return EXIT_GOOD;
}

const struct command cmd_check = {
    .name = "check",
    .usage = "",
    .summary = "Check all configuration, and say what it amounts to.",
    .help =
        "Reads hermod.yaml, asks every plugin what settings it takes, and reads the\n"
        "vendors' files against that: what `hermod run` does before it starts, so a\n"
        "configuration that passes here starts there. Sends nothing to anybody.\n"
        "\n"
        "Every mistake is printed, in one run, on standard error:\n"
        "  FILE:LINE:COLUMN: VENDOR.PLUGIN.SETTING: what was wanted, what was found\n"
        "\n"
        "Exit status: 0 good, perhaps with warnings; 1 mistakes; 2 wrong usage.\n",
    .run = check,
    .options = options,
};
