/* plugin_dirs.c - the plugins that a configuration's directories hold. */
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/plugin_dirs.h"
#include "supervisor/describe.h"

int
plugin_dirs_find(struct plugin_dirs *ret, const struct command *cmd, const char *path)
{
    if (!path)
        path = access(DEFAULT_CONFIG, F_OK) == 0 ? DEFAULT_CONFIG : NULL;
    arena_init(&ret->arena, 0);
    if (config_load_host(&ret->config, path) != 0) {
        CLEANUP(buf_free) struct buf text = BUF_INIT(1 << 20);

        config_print_problems(&ret->config, &text);
        fputs(buf_text(&text), stderr);
        return cli_fail(cmd, "the configuration cannot be used");
    }
    ret->count = describe_dirs(&ret->arena, ret->config.host.plugin_dirs,
                               ret->config.host.plugin_dir_count, &ret->plugins);
    return 0;
}

void
plugin_dirs_say(const struct plugin_dirs *dirs, const struct command *cmd)
{
    for (size_t i = 0; i < dirs->config.host.plugin_dir_count; i++)
        cli_fail(cmd, "looked in %s", dirs->config.host.plugin_dirs[i]);
}

void
plugin_dirs_free(struct plugin_dirs *dirs)
{
    config_free(&dirs->config);
    arena_free(&dirs->arena);
}
