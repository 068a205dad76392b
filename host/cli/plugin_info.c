/* plugin_info.c - `hermod plugin info`: all that one plugin says of itself. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/plugin_dirs.h"
#include "cli/plugin_show.h"
#include "model/suggest.h"
#include "supervisor/describe.h"

#define OUT_MAX (16 * 1024 * 1024)

enum { O_CONFIG, O_JSON };
static const struct cli_option options[] = {
    [O_CONFIG] = { 'c', "config", "FILE",
                   "Look for NAME in the plugin directories of this configuration ("
                   DEFAULT_CONFIG ")." },
    [O_JSON] = { 0, "json", NULL, "Print it in JSON." },
    { 0 },
};

static bool
is_path(const char *word)
{
    size_t len = strlen(word);

    return strchr(word, '/') || (len > 3 && str_eq(word + len - 3, ".so"));
}

static const struct config_plugin *
find(const struct plugin_dirs *dirs, const char *name)
{
    const char *names[256], *near;
    size_t n = 0;

    for (size_t i = 0; i < dirs->count; i++) {
        const struct config_plugin *p = &dirs->plugins[i];

        if (p->info.name && str_eq(p->info.name, name))
            return p;
        if (p->info.name && *p->info.name && n < ARRAY_LEN(names))
            names[n++] = p->info.name;
    }
    near = suggest(name, names, n);
    cli_fail(&cmd_plugin_info, "no plugin is called \"%s\"%s%s%s", name,
             near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    plugin_dirs_say(dirs, &cmd_plugin_info);
    return NULL;
}

static int
plugin_info(int argc, char **argv)
{
    CLEANUP(plugin_dirs_free) struct plugin_dirs dirs = { 0 };
    CLEANUP(buf_free) struct buf out = BUF_INIT(OUT_MAX);
    const struct config_plugin *p;
    struct config_plugin one = { 0 };
    struct cli_args args;
    int status;

    if (!cli_args(&cmd_plugin_info, argc, argv, &args, &status))
        return status;
    if (is_path(args.operands[0])) {
        arena_init(&dirs.arena, 0);
        describe_file(&dirs.arena, args.operands[0], &one);
        p = &one;
    } else {
        if (plugin_dirs_find(&dirs, &cmd_plugin_info, args.value[O_CONFIG]) != 0)
            return EXIT_BAD;
        p = find(&dirs, args.operands[0]);
        if (!p)
            return EXIT_BAD;
    }
    if (args.value[O_JSON]) {
        plugin_json(&out, p);
        buf_byte(&out, '\n');
    } else {
        plugin_page(&out, p);
    }
    fputs(buf_text(&out), stdout);
    return p->error ? EXIT_BAD : EXIT_GOOD;
}

const struct command cmd_plugin_info = {
    .name = "plugin info",
    .usage = "NAME|FILE.so",
    .summary = "Show what a plugin is, what it takes, and if it loads.",
    .help =
        "The file is opened in a process of its own, so one that crashes harms nothing;\n"
        "no event is delivered. Of a file that cannot be loaded, the field that is wrong is\n"
        "named, with what was wanted and what was found.\n"
        "\n"
        "  hermod plugin info mailchimp\n"
        "  hermod plugin info ./build/myplugin.so\n"
        "\n"
        "Exit status: 0 this host loads it; 1 it does not; 2 wrong usage.\n",
    .run = plugin_info,
    .options = options,
    .min_operands = 1,
    .max_operands = 1,
};
