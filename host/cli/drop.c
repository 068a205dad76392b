/* drop.c - `hermod drop`: parked deliveries are given up. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/change.h"
#include "cli/table.h"

enum { O_YES = CHANGE_OPTIONS };
static const struct cli_option options[] = {
    CHANGE_ROWS("Drop"),
    [O_YES] = { 'y', "yes", NULL, "Do not ask on a terminal." },
    { 0 },
};

static bool
confirm(int64_t count)
{
    CLEANUP(buf_free) struct buf what = BUF_INIT(256);
    char answer[16] = "";

    text_count(&what, count, "parked delivery", "parked deliveries");
    fprintf(stderr, "Give up %s for good? [y/N] ", buf_text(&what));
    if (!fgets(answer, sizeof(answer), stdin))
        return false;
    return answer[0] == 'y' || answer[0] == 'Y';
}

static int
drop(int argc, char **argv)
{
    struct change ch = {
        .cmd = &cmd_drop,
        .path = "/v1/drops",
        .done = "dropped",
        .would = "would be dropped",
        .confirm = isatty(STDIN_FILENO) ? confirm : NULL,
        .no_confirm = O_YES,
    };

    return change_main(&ch, argc, argv);
}

const struct command cmd_drop = {
    .name = "drop",
    .usage = "[EVENT]...",
    .summary = "Give up parked deliveries for good.",
    .help =
        "Only parked deliveries are touched. They are kept as \"dropped\", for `hermod\n"
        "explain`, until the retention time is over, and cannot be replayed. On a terminal\n"
        "the number is shown and asked about first.\n"
        "\n"
        "A destination that is gone for good:\n"
        "  hermod drop --vendor acme --plugin webhooks --name old-crm --dry-run\n"
        "  hermod drop --vendor acme --plugin webhooks --name old-crm\n"
        CLIENT_EXIT_HELP,
    .run = drop,
    .options = options,
    .max_operands = -1,
};
