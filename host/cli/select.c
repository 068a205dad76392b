/* select.c - the options that choose deliveries, shared by deliveries, replay and drop. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/select.h"
#include "model/duration.h"
#include "model/outcome.h"
#include "model/suggest.h"
#include "model/timefmt.h"

int
select_time(const char *text, int64_t now_ms, char *out)
{
    int64_t ms;
    char whole[32];

    if (time_parse_rfc3339(text, &ms) == 0) {
        time_rfc3339(ms, out);
        return 0;
    }
    if (strlen(text) == strlen("2025-11-10")) {
        snprintf(whole, sizeof(whole), "%sT00:00:00Z", text);
        if (time_parse_rfc3339(whole, &ms) == 0) {
            time_rfc3339(ms, out);
            return 0;
        }
    }
    if (duration_parse(text, &ms) == 0 && ms <= now_ms) {
        time_rfc3339(now_ms - ms, out);
        return 0;
    }
    return -1;
}

static int
read_time(const struct command *cmd, const char *option, const char *text, char *room,
          const char **ret)
{
    if (!text)
        return 0;
    if (select_time(text, clock_wall_ms(), room) != 0)
        return cli_wrong(cmd, "--%s: a time such as 2025-11-10T12:00:00Z, a date, or how long "
                              "ago (2h) was wanted, \"%s\" was found", option, text);
    *ret = room;
    return 0;
}

static int
check_reason(const struct command *cmd, const char *reason)
{
    static const char *const reasons[] = {
#define X(name, number, text) text,
        PARKED(X)
#undef X
    };
    const char *near;

    if (!reason || (*reason && parked_of_name(reason) >= 0))
        return 0;
    near = suggest(reason, reasons + 1, ARRAY_LEN(reasons) - 1);
    return cli_wrong(cmd, "--reason: nothing is parked because of \"%s\"%s%s%s", reason,
                     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

int
select_read(const struct command *cmd, const struct cli_args *args, struct selection *ret)
{
    int status;

    *ret = (struct selection){
        .vendor = args->value[SELECT_VENDOR],
        .plugin = args->value[SELECT_PLUGIN],
        .name = args->value[SELECT_NAME],
        .user = args->value[SELECT_USER],
        .reason = args->value[SELECT_REASON],
    };
    status = check_reason(cmd, ret->reason);
    if (!status)
        status = read_time(cmd, "since", args->value[SELECT_SINCE], ret->since_text,
                           &ret->since);
    if (!status)
        status = read_time(cmd, "until", args->value[SELECT_UNTIL], ret->until_text,
                           &ret->until);
    for (int i = SELECT_VENDOR; i < SELECT_OPTIONS; i++)
        ret->any |= args->value[i] != NULL;
    return status;
}

int
select_destination(const char *text, char *ret_parts[3])
{
    const char *plugin = strchr(text, '/'), *name;

    if (!plugin || plugin == text || !plugin[1])
        return -1;
    plugin++;
    name = strchr(plugin, '/');
    if (name && (name == plugin || !name[1] || strchr(name + 1, '/')))
        return -1;
    ret_parts[0] = xmemdup0(text, (size_t)(plugin - 1 - text));
    ret_parts[1] = name ? xmemdup0(plugin, (size_t)(name - plugin)) : xstrdup(plugin);
    ret_parts[2] = xstrdup(name ? name + 1 : plugin);
    return 0;
}

static void
add_text(struct buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    buf_printf(out, "\"%s\":", name);
    buf_json(out, text);
    buf_byte(out, ',');
}

void
select_body(struct buf *out, const struct selection *s, const char *event, bool all,
            bool dry_run)
{
    buf_byte(out, '{');
    add_text(out, "event", event);
    add_text(out, "vendor", s->vendor);
    add_text(out, "plugin", s->plugin);
    add_text(out, "name", s->name);
    add_text(out, "user", s->user);
    add_text(out, "reason", s->reason);
    add_text(out, "since", s->since);
    add_text(out, "until", s->until);
    if (all)
        buf_str(out, "\"all\":true,");
    buf_printf(out, "\"dryRun\":%s}", dry_run ? "true" : "false");
}
