/* json_diff.h - where two JSON values differ, path by path, for people. Pure. */
#ifndef HERMOD_CLI_JSON_DIFF_H
#define HERMOD_CLI_JSON_DIFF_H

#include <stdbool.h>

#include "base/buf.h"

/* Adds one line for each difference:
       json.tags[1]: wanted "x", got "y"
   want and got are JSON text; numbers are equal by value. includes: of objects only the
   wanted members count. Returns the number of differences; at most 20 are written. */
unsigned json_diff(struct buf *out, const char *want, const char *got, bool includes);

#endif
