/* case_match.h - does a request match what a case wants, and if not, where not. Pure. */
#ifndef HERMOD_CLI_CASE_MATCH_H
#define HERMOD_CLI_CASE_MATCH_H

#include "base/buf.h"
#include "cli/case.h"

struct hermod_request;

/* Is text what pattern says, where each "…" of pattern stands for any text, also none? */
bool case_pattern(const char *pattern, const char *text);
/* Adds one line to out for each thing that does not match; returns how many there were. */
unsigned case_match(const struct case_exchange *want, const struct hermod_request *q,
                    struct buf *out);

#endif
