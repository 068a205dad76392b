/* replay.c - `hermod replay`: parked deliveries are tried again. */
#include "cli/change.h"

static const struct cli_option options[] = { CHANGE_ROWS("Replay"), { 0 } };

static int
replay(int argc, char **argv)
{
    static const struct change ch = {
        .cmd = &cmd_replay,
        .path = "/v1/replays",
        .done = "put back: tried again as soon as their destinations allow",
        .would = "would be put back",
    };

    return change_main(&ch, argc, argv);
}

const struct command cmd_replay = {
    .name = "replay",
    .usage = "[EVENT]...",
    .summary = "Try parked deliveries again.",
    .help =
        "Only parked deliveries are touched: what was delivered is never sent again. Each\n"
        "starts with a full retry schedule and the same id, so that a receiver which had\n"
        "seen it can tell.\n"
        "\n"
        "Once a wrong API key is mended, look first, then do it:\n"
        "  hermod replay --vendor acme --plugin mailchimp --reason credentials --dry-run\n"
        "  hermod replay --vendor acme --plugin mailchimp --reason credentials\n"
        "One event:\n"
        "  hermod replay evt_01h2xcejqtf2nbrexx3vqjhp41\n"
        CLIENT_EXIT_HELP,
    .run = replay,
    .options = options,
    .max_operands = -1,
};
