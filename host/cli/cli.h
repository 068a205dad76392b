/* cli.h - the command line: one file per subcommand, each with one row in cli.c's table. */
#ifndef HERMOD_CLI_CLI_H
#define HERMOD_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

#define EXIT_GOOD 0
#define EXIT_BAD 1                 /* a bad answer */
#define EXIT_USAGE 2

/* One option. Help, manual page and completion are checked against these rows. */
struct cli_option {
    char letter;                   /* 'c' for -c; 0: none */
    const char *name;              /* "config" for --config */
    const char *arg;               /* "FILE"; NULL: a flag */
    const char *help;              /* what it does, as one paragraph; wrapped when shown */
};

struct command {
    const char *name;              /* "send"; "plugin test" */
    const char *usage;             /* operands: "[FILE|-]..."; or all, without options */
    const char *summary;           /* one line, for the list */
    const char *help;              /* the rest of --help; paragraphs are wrapped, lines
                                      that start with a space stand; or NULL */
    int (*run)(int argc, char **argv);     /* argv[0] is the command's name */
    const struct cli_option *options;      /* ends with a zeroed row; or NULL */
    int min_operands, max_operands;        /* for cli_args(); max -1: any number */
};

/* Runs the subcommand; the exit status. */
int cli_main(int argc, char **argv);

/* Every command, in the order of the list. */
const struct command *const *cli_commands(size_t *ret_count);

#define CLI_OPTIONS 24             /* rows of one command, at most */
struct cli_args {
    const char *value[CLI_OPTIONS];        /* by place in options; NULL: not given; a flag
                                              that is given: "" */
    char **operands;
    int operand_count;
};
/* Reads the command line by cmd's rows; operands and options in any order, "--" ends the
   options. Takes -h and --help itself. false: all is said and the command ends with
   *ret_status. Operands point into argv, which is reordered. */
bool cli_args(const struct command *cmd, int argc, char **argv, struct cli_args *ret,
              int *ret_status);

/* "hermod send: ..." and a newline on stderr. Returns EXIT_BAD. */
int cli_fail(const struct command *cmd, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same, and where to find help. Returns EXIT_USAGE. */
int cli_wrong(const struct command *cmd, const char *fmt, ...) PRINTF_LIKE(2, 3);

extern const struct command cmd_run, cmd_check, cmd_send, cmd_status, cmd_deliveries,
    cmd_explain, cmd_replay, cmd_drop, cmd_pause, cmd_resume, cmd_plugin_list,
    cmd_plugin_info, cmd_plugin_test, cmd_sandbox;

#define DEFAULT_CONFIG SYSCONFDIR "/hermod/hermod.yaml"

#endif
