/* describe.h - what plugins say of themselves, asked of each .so in a throw-away process,
   so that a file that crashes or lies on load harms nobody. Blocks; for start and the CLI. */
#ifndef HERMOD_SUPERVISOR_DESCRIBE_H
#define HERMOD_SUPERVISOR_DESCRIBE_H

#include <stddef.h>

#include "base/arena.h"
#include "config/config.h"

/* One file. ret->error says what went wrong (crashed, hung for 10 s, not a plugin ...). */
void describe_file(struct arena *a, const char *path, struct config_plugin *ret);
/* Every *.so in the directories, in order; of one name the first wins and the others get an
   error. Sorted by name. Returns how many. A directory that cannot be read is one entry with
   an error. */
size_t describe_dirs(struct arena *a, const char *const *dirs, size_t count,
                     struct config_plugin **ret);

#endif
