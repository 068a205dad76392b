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
    return supervisor_main(args.value[O_CONFIG]);
}

const struct command cmd_run = {
    .name = "run",
    .usage = "",
    .summary = "Run the host in the foreground until it is told to stop.",
    .help =
        "The configuration is checked first, and nothing is started unless all of it is\n"
        "well (`hermod check` does the same without starting anything).\n"
        "\n"
        "Signals:\n"
        "  SIGTERM, SIGINT  Take no more events, finish what is under way, stop.\n"
        "  SIGHUP           Read the configuration again; a mistake in it changes nothing.\n"
        "\n"
        "Exit status: 0 stopped as asked; 1 could not run; 2 wrong usage.\n",
    .run = run,
    .options = options,
};
