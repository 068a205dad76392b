/* change.c - what replay and drop share. */
#include <stdio.h>

#include "base/mem.h"
#include "cli/change.h"
#include "cli/table.h"

#define BODY_MAX (64 * 1024)

/* One request for each event named, or one for all that is chosen. */
static int
ask_all(const struct change *ch, struct client *c, const struct cli_args *args,
        const struct selection *s, bool dry_run, int64_t *ret_count)
{
    int requests = args->operand_count ? args->operand_count : 1;
    int64_t count = 0;

    for (int i = 0; i < requests; i++) {
        CLEANUP(answer_free) struct answer a = { 0 };
        CLEANUP(buf_free) struct buf body = BUF_INIT(BODY_MAX);

        select_body(&body, s, args->operand_count ? args->operands[i] : NULL,
                    args->value[CHANGE_ALL] != NULL, dry_run);
        if (body.failed) {
            cli_fail(ch->cmd, "what was given is too long");
            return -1;
        }
        if (client_ask(c, "POST", ch->path, buf_text(&body), &a) != 0)
            return -1;
        count += reply_number(a.json, "count");
    }
    *ret_count = count;
    return 0;
}

static int
check_choice(const struct change *ch, const struct cli_args *args, const struct selection *s)
{
    bool all = args->value[CHANGE_ALL] != NULL;

    if (all && (s->any || args->operand_count))
        return cli_wrong(ch->cmd, "--all and a choice contradict each other");
    if (!all && !s->any && !args->operand_count)
        return cli_wrong(ch->cmd, "say which: an EVENT, an option that chooses, or --all");
    return 0;
}

int
change_main(const struct change *ch, int argc, char **argv)
{
    CLEANUP(client_done) struct client *c = NULL;
    CLEANUP(buf_free) struct buf line = BUF_INIT(256);
    struct selection s;
    struct cli_args args;
    int64_t count = 0;
    bool dry_run;
    int status;

    if (!cli_args(ch->cmd, argc, argv, &args, &status))
        return status;
    status = select_read(ch->cmd, &args, &s);
    if (!status)
        status = check_choice(ch, &args, &s);
    if (status)
        return status;
    dry_run = args.value[CHANGE_DRY_RUN] != NULL;
    c = client_new(ch->cmd, CLIENT_ADMIN, &args, &status);
    if (!c)
        return status;
    if (!dry_run && ch->confirm && !args.value[ch->no_confirm]) {
        client_quiet(c, true);
        if (ask_all(ch, c, &args, &s, true, &count) != 0)
            return EXIT_BAD;
        client_quiet(c, false);
        if (count && !ch->confirm(count))
            return cli_fail(ch->cmd, "nothing was changed");
    }
    if (ask_all(ch, c, &args, &s, dry_run, &count) != 0)
        return EXIT_BAD;
    if (args.value[CLIENT_JSON])
        return EXIT_GOOD;
    text_count(&line, count, "delivery", "deliveries");
    printf("%s %s\n", buf_text(&line), dry_run ? ch->would : ch->done);
    return EXIT_GOOD;
}
