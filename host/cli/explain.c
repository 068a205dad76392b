/* explain.c - `hermod explain`: the story of an event, destination by destination. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/table.h"
#include "model/duration.h"

#define OUT_MAX (64 * 1024 * 1024)
#define LIMIT_MAX 100              /* as the host takes it */

enum { O_USER = CLIENT_OPTIONS, O_VENDOR, O_LIMIT, O_BEFORE };
static const struct cli_option options[] = {
    CLIENT_ADMIN_ROWS,
    [O_USER] = { 0, "user", "ID", "The newest events of this user instead of one event." },
    [O_VENDOR] = { 0, "vendor", "ID", "With --user: only events of this vendor." },
    [O_LIMIT] = { 'n', "limit", "N", "With --user: at most so many events, 1 to 100 (10)." },
    [O_BEFORE] = { 0, "before", "N", "With --user: older than this one: the next page." },
    { 0 },
};

static void
write_field(const char *name, const char *text, struct buf *out)
{
    if (!*text)
        return;
    buf_printf(out, "  %-12s ", name);
    text_clean(out, text);
    buf_byte(out, '\n');
}

static void
write_event(struct json_object *e, int64_t now, struct buf *out)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(1024);

    buf_str(out, reply_text(e, "id"));
    buf_str(out, "  ");
    text_clean(out, reply_text(e, "type"));
    buf_byte(out, '\n');
    write_field("vendor", reply_text(e, "vendor"), out);
    write_field("user", reply_text(e, "user"), out);
    write_field("contract", reply_text(e, "contract"), out);
    write_field("entitlement", reply_text(e, "entitlement"), out);
    write_field("checkout", reply_text(e, "checkout"), out);
    text_time(&text, reply_text(e, "occurredAt"), now);
    write_field("occurred", buf_text(&text), out);
    buf_reset(&text);
    text_time(&text, reply_text(e, "acceptedAt"), now);
    write_field("accepted", buf_text(&text), out);
}

/* place: of the attempt in the whole story, from 0. The host counts anew after a replay. */
static void
add_attempt(struct table *t, struct json_object *at, size_t place, bool last, int64_t now)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(64 * 1024);
    char took[32];

    table_printf(t, "%zu.", place + 1);
    text_time(&text, reply_text(at, "at"), now);
    table_add(t, buf_text(&text));
    table_add(t, reply_text(at, "outcome"));
    if (reply_number(at, "status"))
        table_printf(t, "HTTP %" PRId64, reply_number(at, "status"));
    else
        table_add(t, "");
    if (reply_number(at, "tookMs") < 1000)
        snprintf(took, sizeof(took), "%d ms", (int)reply_number(at, "tookMs"));
    else
        duration_human(reply_number(at, "tookMs"), took);
    table_add(t, took);
    buf_reset(&text);
    if (place > 0 && reply_number(at, "n") == 1)
        buf_str(&text, "put back; ");
    buf_str(&text, text_reason(reply_text(at, "reason"), reply_number(at, "status")));
    if (last && *reply_text(at, "nextAt")) {
        buf_str(&text, text.len ? "; next " : "next ");
        text_time(&text, reply_text(at, "nextAt"), now);
    }
    table_add(t, buf_text(&text));
}

static void
write_destination(struct json_object *d, int64_t now, struct buf *out)
{
    struct json_object *attempts = reply_list(d, "attempts");
    CLEANUP(table_free) struct table t;

    buf_str(out, "\n  ");
    text_destination(out, reply_text(d, "vendor"), reply_text(d, "plugin"),
                     reply_text(d, "name"));
    buf_printf(out, ": %s\n", reply_text(d, "fate"));
    if (*reply_text(d, "text")) {
        buf_str(out, "    ");
        text_clean(out, reply_text(d, "text"));
        buf_byte(out, '\n');
    }
    table_init(&t, 6, NULL);
    t.indent = 4;
    t.right = 1u << 0 | 1u << 4;
    for (size_t i = 0; i < reply_count(attempts); i++)
        add_attempt(&t, reply_at(attempts, i), i, i + 1 == reply_count(attempts), now);
    table_write(&t, out);
}

static void
write_story(struct json_object *e, int64_t now, struct buf *out)
{
    struct json_object *list = reply_list(e, "destinations");

    write_event(e, now, out);
    if (reply_count(list) == 0)
        buf_str(out, "\n  No destination is configured for this vendor, so it goes nowhere.\n");
    for (size_t i = 0; i < reply_count(list); i++)
        write_destination(reply_at(list, i), now, out);
}

static int
build_path(const struct cli_args *args, struct buf *path)
{
    const char *user = args->value[O_USER], *limit = args->value[O_LIMIT];
    const char *before = args->value[O_BEFORE];
    int64_t n;

    if ((args->operand_count == 1) == (user != NULL))
        return cli_wrong(&cmd_explain, "either an EVENT or --user ID is wanted");
    if (!user && (args->value[O_VENDOR] || limit || before))
        return cli_wrong(&cmd_explain, "--vendor, --limit and --before go with --user");
    if (limit && !parse_i64(limit, 1, LIMIT_MAX, &n))
        return cli_wrong(&cmd_explain, "--limit: a number from 1 to %d was wanted, \"%s\" was "
                                       "found", LIMIT_MAX, limit);
    if (before && !parse_i64(before, 1, INT64_MAX, &n))
        return cli_wrong(&cmd_explain, "--before: a number was wanted, \"%s\" was found",
                         before);
    buf_str(path, "/v1/events");
    if (user) {
        client_query(path, "user", user);
        client_query(path, "vendor", args->value[O_VENDOR]);
        client_query(path, "limit", limit ? limit : "10");
        client_query(path, "before", before);
    } else {
        client_segment(path, args->operands[0]);
    }
    return 0;
}

static int
explain(int argc, char **argv)
{
    CLEANUP(client_done) struct client *c = NULL;
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(buf_free) struct buf path = BUF_INIT(64 * 1024), out = BUF_INIT(OUT_MAX);
    struct json_object *list;
    struct cli_args args;
    int status;

    if (!cli_args(&cmd_explain, argc, argv, &args, &status))
        return status;
    status = build_path(&args, &path);
    if (status)
        return status;
    c = client_new(&cmd_explain, CLIENT_ADMIN, &args, &status);
    if (!c)
        return status;
    if (client_ask(c, "GET", buf_text(&path), NULL, &a) != 0)
        return EXIT_BAD;
    list = reply_list(a.json, "events");
    if (!args.value[CLIENT_JSON]) {
        for (size_t i = 0; i < reply_count(list); i++) {
            buf_str(&out, i ? "\n" : "");
            write_story(reply_at(list, i), clock_wall_ms(), &out);
        }
        fputs(buf_text(&out), stdout);
        if (reply_number(a.json, "next"))
            fprintf(stderr, "There are more: repeat with --before %" PRId64 "\n",
                    reply_number(a.json, "next"));
    }
    if (reply_count(list) == 0)
        return cli_fail(&cmd_explain, "no event of this user is kept (ended ones are removed "
                                      "after the retention time)");
    return EXIT_GOOD;
}

const struct command cmd_explain = {
    .name = "explain",
    .usage = "EVENT | --user ID",
    .summary = "Tell what each destination did with an event, and why.",
    .help =
        "EVENT is an id as `hermod send` prints it and as every webhook carries it\n"
        "(evt_...). For each destination of the vendor the answer is one of:\n"
        "  delivered       The other side took it.\n"
        "  skipped         The plugin had nothing to do for it, and says why.\n"
        "  waiting         It is tried again: when, and what stands before it, is told.\n"
        "  parked          It ended; the reason is told. `hermod replay` tries it again.\n"
        "  dropped         It was parked, and somebody gave it up.\n"
        "  not-subscribed  The destination does not take events of this type.\n"
        "  disabled        The destination is switched off in the vendor's file.\n"
        "  not-configured  The destination was there once and is not any more.\n"
        CLIENT_EXIT_HELP,
    .run = explain,
    .options = options,
    .max_operands = 1,
};
