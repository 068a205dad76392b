/* run.c - `hermod run`. */
#include "cli/cli.h"
#include "supervisor/supervisor.h"

enum { O_CONFIG };
static const struct cli_option options[] = {
    [O_CONFIG] = { 'c', "config", "FILE",
                   "The host's configuration (" DEFAULT_CONFIG ")." },
    { 0 },
};

static int
run(int argc, char **argv)
{
    struct cli_args args;
    int status;

    if (!cli_args(&cmd_run, argc, argv, &args, &status))
        return status;
    return supervisor_main(args.value[O_CONFIG] ? args.value[O_CONFIG] : DEFAULT_CONFIG);
}

const struct command cmd_run = {
    .name = "run",
    .usage = "",
    .summary = "Run the host in the foreground until it is told to stop.",
    .help =
        "The configuration is checked first, and nothing is started unless all of it is\n"
        "well (`hermod check` does the same without starting anything).\n"
        "\n"
        "SIGTERM and SIGINT (Ctrl-C) stop it in order: it takes no more events, finishes\n"
        "what is under way within `grace`, and ends. To take in a changed configuration,\n"
        "stop and start it: what was accepted waits meanwhile, and nothing is lost.\n"
        "\n"
        "Exit status: 0 stopped as asked; 1 could not run; 2 wrong usage.\n",
    .run = run,
    .options = options,
};
