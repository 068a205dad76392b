/* case_run.h - runs one case in this process, which the plugin may bring down. */
#ifndef HERMOD_CLI_CASE_RUN_H
#define HERMOD_CLI_CASE_RUN_H

#include "base/buf.h"
#include "cli/case.h"

struct case_report {
    struct buf problems;           /* a line each; none: the case holds */
    struct buf log;                /* what the plugin logged, a line each */
    struct buf har;                /* entries joined by commas */
};

/* Only loads the plugin. */
void case_load(const char *plugin_path, struct case_report *ret);
/* har: also fill in the entries; show_secrets: with secret settings as they are. */
void case_run(const char *plugin_path, const struct test_case *tc, bool har, bool show_secrets,
              struct case_report *ret);

#endif
