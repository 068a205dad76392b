/* options.h - reading a command line by a command's rows, and showing them. Pure. */
#ifndef HERMOD_CLI_OPTIONS_H
#define HERMOD_CLI_OPTIONS_H

#include "base/buf.h"
#include "cli/cli.h"

enum options_result { OPTIONS_GOOD, OPTIONS_HELP, OPTIONS_WRONG };

/* As cli_args(), with what is wrong added to error instead of printed. */
enum options_result options_parse(const struct command *cmd, int argc, char **argv,
                                  struct cli_args *ret, struct buf *error);
/* Adds the text of `hermod help COMMAND`. */
void options_help(const struct command *cmd, struct buf *out);
/* Adds text in lines of at most width columns; all but the first start with indent spaces.
   The caller stands at column indent already. No newline at the end. */
void options_wrap(struct buf *out, const char *text, size_t indent, size_t width);

#endif
