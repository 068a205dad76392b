/* set_state.c - what pause and resume share. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cli/select.h"
#include "cli/set_state.h"
#include "cli/table.h"

#define BODY_MAX (64 * 1024)

static int
set_one(struct client *c, const struct cli_args *args, const char *title, const char *verb,
        const char *body)
{
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(buf_free) struct buf path = BUF_INIT(BODY_MAX), line = BUF_INIT(BODY_MAX);
    char *parts[3];

    select_destination(title, parts);
    buf_str(&path, "/v1/destinations");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        client_segment(&path, parts[i]);
        free(parts[i]);
    }
    client_segment(&path, verb);
    if (client_ask(c, "POST", buf_text(&path), body, &a) != 0)
        return EXIT_BAD;
    if (args->value[CLIENT_JSON])
        return EXIT_GOOD;
    text_clean(&line, title);
    buf_str(&line, ": ");
    text_clean(&line, reply_text(a.json, "state"));
    printf("%s\n", buf_text(&line));
    return EXIT_GOOD;
}

int
set_state_main(const struct command *cmd, const char *verb, int reason, int argc, char **argv)
{
    CLEANUP(client_done) struct client *c = NULL;
    CLEANUP(buf_free) struct buf body = BUF_INIT(BODY_MAX);
    struct cli_args args;
    int status;

    if (!cli_args(cmd, argc, argv, &args, &status))
        return status;
    for (int i = 0; i < args.operand_count; i++) {
        char *parts[3];

        if (select_destination(args.operands[i], parts) != 0)
            return cli_wrong(cmd, "a destination as in `hermod status` was wanted, such as "
                                  "acme/webhooks or acme/make/news; \"%s\" was found",
                             args.operands[i]);
        for (size_t p = 0; p < ARRAY_LEN(parts); p++)
            free(parts[p]);
    }
    buf_str(&body, "{");
    if (reason >= 0 && args.value[reason]) {
        buf_str(&body, "\"reason\":");
        buf_json(&body, args.value[reason]);
    }
    buf_str(&body, "}");
    if (body.failed)
        return cli_wrong(cmd, "the reason is too long");
    c = client_new(cmd, CLIENT_ADMIN, &args, &status);
    if (!c)
        return status;
    status = EXIT_GOOD;
    for (int i = 0; i < args.operand_count; i++)
        if (set_one(c, &args, args.operands[i], verb, buf_text(&body)) != EXIT_GOOD)
            status = EXIT_BAD;
    return status;
}
