/* status.c - `hermod status`: the host and every destination on one screen. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/table.h"
#include "model/duration.h"

#define OUT_MAX (16 * 1024 * 1024)

static const struct cli_option options[] = { CLIENT_ADMIN_ROWS, { 0 } };

/* "before" and the number of that member, with its word. */
static void
add_total(struct buf *out, const char *before, struct json_object *j, const char *member,
          const char *one, const char *many)
{
    buf_str(out, before);
    text_count(out, reply_number(j, member), one, many);
}

static void
write_totals(struct json_object *j, int64_t now, struct buf *out)
{
    char up[32];

    duration_human(reply_number(j, "uptimeSeconds") * 1000, up);
    buf_printf(out, "Hermod %s, up %s, since ", reply_text(j, "version"), up);
    text_time(out, reply_text(j, "startedAt"), now);
    add_total(out, "\n\nSince the start  ", j, "accepted", "event accepted", "events accepted");
    add_total(out, ", ", j, "duplicates", "duplicate", "duplicates");
    add_total(out, ", ", j, "refused", "refused", "refused");
    add_total(out, "\n                 ", j, "attempts", "attempt", "attempts");
    add_total(out, ": ", j, "delivered", "delivered", "delivered");
    add_total(out, ", ", j, "skipped", "skipped", "skipped");
    add_total(out, ", ", j, "retried", "to retry", "to retry");
    add_total(out, ", ", j, "parkedTotal", "parked", "parked");
    add_total(out, "\nNow              ", j, "waiting", "delivery waiting",
              "deliveries waiting");
    add_total(out, ", ", j, "inFlight", "of them in flight", "of them in flight");
    add_total(out, ", ", j, "parked", "parked", "parked");
    buf_byte(out, '\n');
}

static void
add_reason(struct table *t, struct json_object *d, int64_t now)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(64 * 1024);
    const char *until = reply_text(d, "holdUntil");

    buf_str(&text, reply_text(d, "reason"));
    if (*until) {
        buf_str(&text, text.len ? "; until " : "until ");
        text_time(&text, until, now);
    }
    table_add(t, buf_text(&text));
}

static void
add_destination(struct table *t, struct json_object *d, int64_t now)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(64 * 1024);

    text_destination(&text, reply_text(d, "vendor"), reply_text(d, "plugin"),
                     reply_text(d, "name"));
    table_add(t, buf_text(&text));
    table_add(t, reply_text(d, "state"));
    table_printf(t, "%" PRId64, reply_number(d, "inFlight"));
    table_printf(t, "%" PRId64, reply_number(d, "waiting"));
    table_printf(t, "%" PRId64, reply_number(d, "parked"));
    buf_reset(&text);
    text_time(&text, reply_text(d, "nextDue"), now);
    table_add(t, buf_text(&text));
    add_reason(t, d, now);
}

static void
write_destinations(struct json_object *list, int64_t now, struct buf *out)
{
    static const char *const titles[] = { "DESTINATION", "STATE", "IN FLIGHT", "WAITING",
                                          "PARKED", "NEXT DUE", "WHY" };
    CLEANUP(table_free) struct table t;

    if (reply_count(list) == 0) {
        buf_str(out, "\nNo destinations are configured.\n");
        return;
    }
    table_init(&t, ARRAY_LEN(titles), titles);
    t.right = 1u << 2 | 1u << 3 | 1u << 4;
    for (size_t i = 0; i < reply_count(list); i++)
        add_destination(&t, reply_at(list, i), now);
    buf_byte(out, '\n');
    table_write(&t, out);
}

static void
write_problems(struct json_object *list, struct buf *out)
{
    if (reply_count(list))
        buf_str(out, "\nProblems:\n");
    for (size_t i = 0; i < reply_count(list); i++) {
        buf_str(out, "  ");
        text_clean(out, reply_string(reply_at(list, i)));
        buf_byte(out, '\n');
    }
}

static int
status(int argc, char **argv)
{
    CLEANUP(client_done) struct client *c = NULL;
    CLEANUP(answer_free) struct answer a = { 0 };
    CLEANUP(buf_free) struct buf out = BUF_INIT(OUT_MAX);
    int64_t now = clock_wall_ms();
    struct cli_args args;
    int exit_status;

    if (!cli_args(&cmd_status, argc, argv, &args, &exit_status))
        return exit_status;
    c = client_new(&cmd_status, CLIENT_ADMIN, &args, &exit_status);
    if (!c)
        return exit_status;
    if (client_ask(c, "GET", "/v1/status", NULL, &a) != 0)
        return EXIT_BAD;
    if (args.value[CLIENT_JSON])
        return EXIT_GOOD;
    write_totals(a.json, now, &out);
    write_destinations(reply_list(a.json, "destinations"), now, &out);
    write_problems(reply_list(a.json, "problems"), &out);
    fputs(buf_text(&out), stdout);
    return EXIT_GOOD;
}

const struct command cmd_status = {
    .name = "status",
    .usage = "",
    .summary = "Show the running host and every destination on one screen.",
    .help =
        "States of a destination:\n"
        "  ok        It takes deliveries.\n"
        "  paused    Somebody paused it, or the other side said 410 Gone; its events are\n"
        "            kept. `hermod resume` goes on.\n"
        "  held      The other side asked to be left alone until the time shown.\n"
        "  down      Its plugin does not run; the reason is shown, its events are kept.\n"
        "  disabled  Switched off in the vendor's file, or no longer configured.\n"
        "\n"
        "Waiting deliveries are tried at NEXT DUE or before; parked ones need somebody:\n"
        "see `hermod deliveries --state parked`, then `hermod replay` or `hermod drop`.\n"
        CLIENT_EXIT_HELP,
    .run = status,
    .options = options,
};
