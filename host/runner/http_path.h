/* http_path.h - a path template filled in so that no value can leave its place. */
#ifndef HERMOD_RUNNER_HTTP_PATH_H
#define HERMOD_RUNNER_HTTP_PATH_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/arena.h"

/* What is wrong with a template or its values. */
struct path_problem {
    bool mistake;                  /* the plugin's; else a value that cannot stand there */
    const char *text;              /* in the arena; never quotes a value */
};

/* Fills in %s (percent-encoded as one segment), %d %u with l, ll or z, and %%. A segment that
   the values leave empty, "." or ".." is refused: servers would take it as another path.
   template is "" or begins with '/' or '?'. The path, in the arena; NULL with *problem. */
const char *http_path(struct arena *a, const char *template, va_list ap,
                      struct path_problem *problem);

#endif
