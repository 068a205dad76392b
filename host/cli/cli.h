/* cli.h - the command line: one file per subcommand, each with one row in cli.c's table. */
#ifndef HERMOD_CLI_CLI_H
#define HERMOD_CLI_CLI_H

#include <stdbool.h>

#define EXIT_GOOD 0
#define EXIT_BAD 1                 /* a bad answer */
#define EXIT_USAGE 2

struct command {
    const char *name;              /* "send"; "plugin test" */
    const char *usage;             /* "[-c FILE] [FILE|-]" */
    const char *summary;           /* one line, for the list */
    const char *help;              /* the rest of --help: options, one a line */
    int (*run)(int argc, char **argv);     /* argv[0] is the command's name */
};

/* Runs the subcommand; the exit status. */
int cli_main(int argc, char **argv);

extern const struct command cmd_run, cmd_check, cmd_send, cmd_status, cmd_deliveries,
    cmd_explain, cmd_replay, cmd_drop, cmd_pause, cmd_resume, cmd_plugin_list,
    cmd_plugin_info, cmd_plugin_test;

#define DEFAULT_CONFIG SYSCONFDIR "/hermod/hermod.yaml"

#endif
