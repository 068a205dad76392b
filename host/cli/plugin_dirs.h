/* plugin_dirs.h - the plugins that a configuration's directories hold. */
#ifndef HERMOD_CLI_PLUGIN_DIRS_H
#define HERMOD_CLI_PLUGIN_DIRS_H

#include "cli/cli.h"
#include "config/config.h"

struct plugin_dirs {
    struct config config;
    struct arena arena;
    struct config_plugin *plugins;
    size_t count;
};

/* path NULL: the default configuration where there is one, else the built-in directories.
   0, or -1 after saying what is wrong. *ret must be zeroed. */
int plugin_dirs_find(struct plugin_dirs *ret, const struct command *cmd, const char *path);
/* Says where it was looked for. */
void plugin_dirs_say(const struct plugin_dirs *dirs, const struct command *cmd);
void plugin_dirs_free(struct plugin_dirs *dirs);

#endif
