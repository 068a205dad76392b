/* resume.c - `hermod resume`: a paused destination goes on. */
#include "cli/set_state.h"

static const struct cli_option options[] = { CLIENT_ADMIN_ROWS, { 0 } };

static int
resume(int argc, char **argv)
{
    return set_state_main(&cmd_resume, "resume", -1, argc, argv);
}

const struct command cmd_resume = {
    .name = "resume",
    .usage = "VENDOR/PLUGIN[/NAME]...",
    .summary = "Deliver to a paused destination again.",
    .help =
        "What waited meanwhile is delivered in order of due time, within the destination's\n"
        "limits. Ends a hold (Retry-After) too: the next answer may set a new one.\n"
        "\n"
        "  hermod resume acme/mailchimp\n"
        CLIENT_EXIT_HELP,
    .run = resume,
    .options = options,
    .min_operands = 1,
    .max_operands = -1,
};
