/* loader.h - opens a plugin's .so and checks all that can be checked without running it.
   The only user of dlfcn. A file that is not trusted is described in a process of its own. */
#ifndef HERMOD_RUNNER_LOADER_H
#define HERMOD_RUNNER_LOADER_H

#include <hermod/plugin.h>

#include "base/arena.h"
#include "model/plugin_info.h"

struct loaded {
    const struct hermod_plugin *plugin;    /* a copy padded to this host's size */
    struct plugin_info info;               /* info.path set even on failure */
};

/* Loads path. 0, or -1 with *ret_error for people (in the arena): it names the file and the
   field that is wrong, what was wanted and what was found:
       "x.so: abi_minor: this plugin wants 1.3, this host offers 1.0; upgrade hermod"
   Never unloads. */
int loader_open(struct arena *a, const char *path, struct loaded *ret, const char **ret_error);

#endif
