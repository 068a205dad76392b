/* plugin_list.c - `hermod plugin list`: every plugin this host finds. */
#include <stdio.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "cli/plugin_dirs.h"
#include "cli/plugin_show.h"
#include "cli/table.h"
#include "supervisor/describe.h"

#define OUT_MAX (64 * 1024 * 1024)

enum { O_CONFIG, O_JSON };
static const struct cli_option options[] = {
    [O_CONFIG] = { 'c', "config", "FILE",
                   "Look in the plugin directories of this configuration (" DEFAULT_CONFIG
                   ")." },
    [O_JSON] = { 0, "json", NULL, "Print all that `hermod plugin info` tells, in JSON." },
    { 0 },
};

static void
write_table(const struct config_plugin *plugins, size_t count, struct buf *out)
{
    static const char *const titles[] = { "PLUGIN", "VERSION", "SUMMARY", "FILE" };
    CLEANUP(table_free) struct table t;

    table_init(&t, ARRAY_LEN(titles), titles);
    for (size_t i = 0; i < count; i++) {
        const struct plugin_info *p = &plugins[i].info;

        if (plugins[i].error)
            continue;
        table_add(&t, p->name);
        table_add(&t, p->version);
        table_add(&t, p->summary);
        table_add(&t, p->path);
    }
    if (t.count > t.columns)
        table_write(&t, out);
    table_free(&t);
}

static int
plugin_list(int argc, char **argv)
{
    CLEANUP(plugin_dirs_free) struct plugin_dirs dirs = { 0 };
    CLEANUP(buf_free) struct buf out = BUF_INIT(OUT_MAX);
    struct cli_args args;
    size_t broken = 0;
    int status;

    if (!cli_args(&cmd_plugin_list, argc, argv, &args, &status))
        return status;
    if (plugin_dirs_find(&dirs, &cmd_plugin_list, args.value[O_CONFIG]) != 0)
        return EXIT_BAD;
    buf_str(&out, args.value[O_JSON] ? "{\"plugins\":[" : "");
    for (size_t i = 0; i < dirs.count; i++) {
        const struct config_plugin *p = &dirs.plugins[i];

        if (args.value[O_JSON]) {
            buf_str(&out, i ? "," : "");
            plugin_json(&out, p);
        } else if (p->error) {
            cli_fail(&cmd_plugin_list, "%s: %s", p->info.path, plugin_error(p));
        }
        broken += p->error != NULL;
    }
    if (args.value[O_JSON])
        buf_str(&out, "]}\n");
    else
        write_table(dirs.plugins, dirs.count, &out);
    fputs(buf_text(&out), stdout);
    if (dirs.count == 0 && !args.value[O_JSON]) {
        cli_fail(&cmd_plugin_list, "there are no plugins");
        plugin_dirs_say(&dirs, &cmd_plugin_list);
    }
    return broken ? EXIT_BAD : EXIT_GOOD;
}

const struct command cmd_plugin_list = {
    .name = "plugin list",
    .usage = "",
    .summary = "List the plugins this host finds.",
    .help =
        "The directories are those of `plugins` in hermod.yaml, in order (by default\n"
        PLUGINDIR "). A file that cannot be loaded is named on standard\n"
        "error, with the reason.\n"
        "\n"
        "Exit status: 0 all can be loaded; 1 one cannot; 2 wrong usage.\n",
    .run = plugin_list,
    .options = options,
};
