/* deliveries.c - `hermod deliveries`: a list of deliveries, newest first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/select.h"
#include "cli/table.h"
#include "model/outcome.h"
#include "model/suggest.h"

#define OUT_MAX (64 * 1024 * 1024)
#define PATH_SIZE (64 * 1024)
#define LIMIT_MAX 1000             /* as the host takes it */

enum { O_STATE = SELECT_OPTIONS, O_EVENT, O_LIMIT, O_BEFORE };
static const struct cli_option options[] = {
    CLIENT_ADMIN_ROWS,
    SELECT_ROWS,
    [O_STATE] = { 0, "state", "STATE",
                  "Only waiting, delivered, skipped, parked or dropped ones." },
    [O_EVENT] = { 0, "event", "ID", "Only of this event." },
    [O_LIMIT] = { 'n', "limit", "N",
                  "About so many, 1 to 1000 (50): the deliveries of one event stay together." },
    [O_BEFORE] = { 0, "before", "N", "Older than this one: the next page." },
    { 0 },
};

static int
check_state(const char *state)
{
    static const char *const states[] = {
#define X(name, number, text) text,
        STATES(X)
#undef X
    };
    const char *near;

    if (!state || state_of_name(state) >= 0)
        return 0;
    near = suggest(state, states, ARRAY_LEN(states));
    return cli_wrong(&cmd_deliveries, "--state: there is no state \"%s\"%s%s%s", state,
                     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int
build_path(const struct cli_args *args, struct selection *s, struct buf *path)
{
    const char *limit = args->value[O_LIMIT], *before = args->value[O_BEFORE];
    int64_t n;
    int status = select_read(&cmd_deliveries, args, s);

    if (!status)
        status = check_state(args->value[O_STATE]);
    if (status)
        return status;
    if (limit && !parse_i64(limit, 1, LIMIT_MAX, &n))
        return cli_wrong(&cmd_deliveries, "--limit: a number from 1 to %d was wanted, \"%s\" "
                                          "was found", LIMIT_MAX, limit);
    if (before && !parse_i64(before, 1, INT64_MAX, &n))
        return cli_wrong(&cmd_deliveries, "--before: a number was wanted, \"%s\" was found",
                         before);
    buf_str(path, "/v1/deliveries");
    client_query(path, "vendor", s->vendor);
    client_query(path, "plugin", s->plugin);
    client_query(path, "name", s->name);
    client_query(path, "user", s->user);
    client_query(path, "event", args->value[O_EVENT]);
    client_query(path, "state", args->value[O_STATE]);
    client_query(path, "reason", s->reason);
    client_query(path, "since", s->since);
    client_query(path, "until", s->until);
    client_query(path, "limit", limit ? limit : "50");
    client_query(path, "before", before);
    return 0;
}

/* What there is to know beside the state: when it goes on, or why it stands. */
static void
add_why(struct table *t, struct json_object *d, int64_t now)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(64 * 1024);
    const char *reason = text_reason(reply_text(d, "reason"), reply_number(d, "status"));

    if (str_eq(reply_text(d, "state"), "waiting") && *reply_text(d, "dueAt")) {
        buf_str(&text, "due ");
        text_time(&text, reply_text(d, "dueAt"), now);
    } else {
        buf_str(&text, reply_text(d, "why"));
    }
    if (*reason)
        buf_printf(&text, "%s%s", text.len ? ": " : "", reason);
    table_add(t, buf_text(&text));
}

static void
add_delivery(struct table *t, struct json_object *d, int64_t now)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(64 * 1024);

    text_time(&text, reply_text(d, "acceptedAt"), now);
    table_add(t, buf_text(&text));
    table_add(t, reply_text(d, "event"));
    table_add(t, reply_text(d, "type"));
    buf_reset(&text);
    text_destination(&text, reply_text(d, "vendor"), reply_text(d, "plugin"),
                     reply_text(d, "name"));
    table_add(t, buf_text(&text));
    table_add(t, reply_text(d, "user"));
    table_add(t, reply_text(d, "state"));
    table_printf(t, "%" PRId64, reply_number(d, "attempts"));
    if (reply_number(d, "status"))
        table_printf(t, "%" PRId64, reply_number(d, "status"));
    else
        table_add(t, "");
    add_why(t, d, now);
}

static void
write_list(struct json_object *list, int64_t now, struct buf *out)
{
    static const char *const titles[] = { "ACCEPTED", "EVENT", "TYPE", "DESTINATION", "USER",
                                          "STATE", "TRIES", "HTTP", "WHY" };
    CLEANUP(table_free) struct table t;

    table_init(&t, ARRAY_LEN(titles), titles);
    t.right = 1u << 6 | 1u << 7;
    for (size_t i = 0; i < reply_count(list); i++)
        add_delivery(&t, reply_at(list, i), now);
    table_write(&t, out);
}

static int
deliveries(int argc, char **argv)
{
    CLEANUP(client_done) struct client *c = NULL;
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(buf_free) struct buf path = BUF_INIT(PATH_SIZE), out = BUF_INIT(OUT_MAX);
    struct json_object *list;
    struct selection s;
    struct cli_args args;
    int status;

    if (!cli_args(&cmd_deliveries, argc, argv, &args, &status))
        return status;
    status = build_path(&args, &s, &path);
    if (status)
        return status;
    c = client_new(&cmd_deliveries, CLIENT_ADMIN, &args, &status);
    if (!c)
        return status;
    if (client_ask(c, "GET", buf_text(&path), NULL, &a) != 0)
        return EXIT_BAD;
    if (args.value[CLIENT_JSON])
        return EXIT_GOOD;
    list = reply_list(a.json, "deliveries");
    if (reply_count(list) == 0) {
        fputs("No deliveries match.\n", stderr);
        return EXIT_GOOD;
    }
    write_list(list, clock_wall_ms(), &out);
    fputs(buf_text(&out), stdout);
    if (reply_number(a.json, "next"))
        fprintf(stderr, "There are more: repeat with --before %" PRId64 "\n",
                reply_number(a.json, "next"));
    return EXIT_GOOD;
}

const struct command cmd_deliveries = {
    .name = "deliveries",
    .usage = "",
    .summary = "List deliveries, newest first.",
    .help =
        "A delivery is one event for one destination. Without options, the newest 50.\n"
        "\n"
        "What needs somebody, and why:\n"
        "  hermod deliveries --state parked\n"
        "All that one subscriber's events did today:\n"
        "  hermod deliveries --vendor acme --user 'email|84cc' --since 24h\n"
        "What is waiting for a vendor that is down:\n"
        "  hermod deliveries --plugin mailchimp --state waiting\n"
        CLIENT_EXIT_HELP,
    .run = deliveries,
    .options = options,
};
