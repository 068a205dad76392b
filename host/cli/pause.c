/* pause.c - `hermod pause`: a destination takes no more deliveries for now. */
#include "cli/set_state.h"

enum { O_REASON = CLIENT_OPTIONS };
static const struct cli_option options[] = {
    CLIENT_ADMIN_ROWS,
    [O_REASON] = { 0, "reason", "TEXT", "Why, for those who see it in `hermod status`." },
    { 0 },
};

static int
pause_destinations(int argc, char **argv)
{
    return set_state_main(&cmd_pause, "pause", O_REASON, argc, argv);
}

const struct command cmd_pause = {
    .name = "pause",
    .usage = "VENDOR/PLUGIN[/NAME]...",
    .summary = "Stop delivering to a destination; its events are kept.",
    .help =
        "What is in flight is finished. Events keep being accepted for it and wait; a\n"
        "pause outlives a restart. To switch an integration off for good, write `enabled:\n"
        "false` in the vendor's file instead.\n"
        "\n"
        "  hermod pause acme/mailchimp --reason 'key is being changed, ask Ann'\n"
        CLIENT_EXIT_HELP,
    .run = pause_destinations,
    .options = options,
    .min_operands = 1,
    .max_operands = -1,
};
