/* plugin_show.c - what is known of a plugin as text and as JSON. */
#include <inttypes.h>
#include <string.h>

#include <hermod/plugin.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/plugin_show.h"
#include "cli/table.h"
#include "model/duration.h"

#define COLUMNS 79
#define LINE_MAX_ (64 * 1024)

static const char *
or_empty(const char *text)
{
    return text ? text : "";
}

static void
add_text(struct buf *out, const char *before, const char *name, const char *text)
{
    buf_printf(out, "%s\"%s\":", before, name);
    buf_json(out, or_empty(text));
}

/* Of a file that cannot be loaded, often only the path and a name from it are known. */
static bool
is_known(const struct plugin_info *i)
{
    return i->name && *i->name && i->version && *i->version;
}

static const char *
without(const char *text, const char *name)
{
    size_t len = strlen(name);

    return len && str_starts(text, name) && strncmp(text + len, ": ", 2) == 0 ? text + len + 2
                                                                            : text;
}

const char *
plugin_error(const struct config_plugin *p)
{
    const char *path = or_empty(p->info.path), *slash = strrchr(path, '/');

    return p->error ? without(without(p->error, path), slash ? slash + 1 : path) : NULL;
}

static void
json_setting(struct buf *out, const struct setting_info *s)
{
    add_text(out, "{", "name", s->name);
    add_text(out, ",", "type", setting_type_name(s->type));
    buf_printf(out, ",\"required\":%s,\"secret\":%s",
               s->flags & SETTING_REQUIRED ? "true" : "false",
               s->flags & SETTING_SECRET ? "true" : "false");
    if (s->fallback)
        add_text(out, ",", "default", s->fallback);
    if (s->choices)
        add_text(out, ",", "choices", s->choices);
    if (s->type == SETTING_INT || s->type == SETTING_DURATION)
        buf_printf(out, ",\"min\":%" PRId64 ",\"max\":%" PRId64, s->min, s->max);
    add_text(out, ",", "help", s->help);
    buf_byte(out, '}');
}

void
plugin_json(struct buf *out, const struct config_plugin *p)
{
    const struct plugin_info *i = &p->info;

    add_text(out, "{", "path", i->path);
    if (p->error) {
        buf_str(out, ",\"loads\":false");
        add_text(out, ",", "error", plugin_error(p));
    } else {
        buf_str(out, ",\"loads\":true");
    }
    if (is_known(i)) {
        add_text(out, ",", "name", i->name);
        add_text(out, ",", "version", i->version);
        add_text(out, ",", "summary", i->summary);
        buf_printf(out, ",\"abi\":\"%u.%u\",\"events\":[", i->abi_major, i->abi_minor);
        for (size_t e = 0; e < i->event_count; e++) {
            buf_str(out, e ? "," : "");
            buf_json(out, i->events[e]);
        }
        buf_printf(out, "],\"limits\":{\"concurrent\":%" PRId64 ",\"requests\":%" PRId64
                        ",\"perMs\":%" PRId64 ",\"deadlineMs\":%" PRId64 "}",
                   i->concurrent, i->requests, i->per_ms, i->deadline_ms);
        add_text(out, ",", "credential", i->credential);
        buf_printf(out, ",\"check\":%s,\"settings\":[", i->has_check ? "true" : "false");
        for (size_t s = 0; s < i->setting_count; s++) {
            buf_str(out, s ? "," : "");
            json_setting(out, &i->settings[s]);
        }
        buf_byte(out, ']');
    }
    buf_byte(out, '}');
}

static void
row(struct buf *out, const char *name, const char *text)
{
    CLEANUP(buf_free) struct buf clean = BUF_INIT(LINE_MAX_);

    if (!text || !*text)
        return;
    text_clean(&clean, text);
    buf_printf(out, "%-10s ", name);
    options_wrap(out, buf_text(&clean), 11, COLUMNS);
    buf_byte(out, '\n');
}

static void
add_range(struct buf *out, const struct setting_info *s)
{
    char low[48], high[48];

    if (s->min == 0 && s->max == 0)
        return;
    if (s->type == SETTING_DURATION) {
        duration_text(s->min, low);
        duration_text(s->max, high);
        buf_printf(out, ", %s to %s", low, high);
    } else if (s->type == SETTING_INT) {
        buf_printf(out, ", %" PRId64 " to %" PRId64, s->min, s->max);
    }
}

static void
page_setting(struct buf *out, const struct setting_info *s)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(LINE_MAX_);

    buf_printf(&text, "%s (%s", s->name, or_empty(setting_type_name(s->type)));
    if (s->flags & SETTING_REQUIRED)
        buf_str(&text, ", required");
    if (s->flags & SETTING_SECRET)
        buf_str(&text, ", secret");
    if (s->choices && *s->choices)
        buf_printf(&text, ", %s", s->choices);
    add_range(&text, s);
    if (s->fallback)
        buf_printf(&text, ", default %s", *s->fallback ? s->fallback : "empty");
    buf_byte(&text, ')');
    buf_str(out, "  ");
    text_clean(out, buf_text(&text));
    buf_str(out, "\n      ");
    buf_reset(&text);
    text_clean(&text, or_empty(s->help));
    options_wrap(out, buf_text(&text), 6, COLUMNS);
    buf_byte(out, '\n');
}

static void
page_limits(struct buf *out, const struct plugin_info *i)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(LINE_MAX_);
    char time[48];

    text_count(&text, i->concurrent, "delivery at once", "deliveries at once");
    if (i->requests) {
        duration_text(i->per_ms, time);
        buf_printf(&text, ", %" PRId64 " requests in %s", i->requests, time);
    }
    duration_text(i->deadline_ms, time);
    buf_printf(&text, ", %s for each attempt", time);
    if (i->credential && *i->credential)
        buf_printf(&text, "; destinations with the same %s share them", i->credential);
    row(out, "limits", buf_text(&text));
}

static void
page_events(struct buf *out, const struct plugin_info *i)
{
    CLEANUP(buf_free) struct buf text = BUF_INIT(LINE_MAX_);

    if (!i->event_count)
        buf_str(&text, "all types");
    for (size_t e = 0; e < i->event_count; e++)
        buf_printf(&text, "%s%s", e ? " " : "", i->events[e]);
    row(out, "events", buf_text(&text));
}

void
plugin_page(struct buf *out, const struct config_plugin *p)
{
    const struct plugin_info *i = &p->info;

    if (is_known(i)) {
        buf_printf(out, "%s %s\n", i->name, or_empty(i->version));
        row(out, "summary", i->summary);
    }
    row(out, "file", i->path);
    if (p->error) {
        row(out, "loads", "no");
        row(out, "because", plugin_error(p));
        if (!is_known(i))
            return;
    } else {
        CLEANUP(buf_free) struct buf text = BUF_INIT(256);

        buf_printf(&text, "yes: it wants plugin interface %u.%u, this host offers %d.%d",
                   i->abi_major, i->abi_minor, HERMOD_ABI_MAJOR, HERMOD_ABI_MINOR);
        row(out, "loads", buf_text(&text));
    }
    page_events(out, i);
    page_limits(out, i);
    row(out, "check", i->has_check ? "it can ask the other side whether its settings work"
                                   : "it cannot ask the other side whether its settings work");
    buf_str(out, i->setting_count ? "\nSettings:\n" : "\nIt has no settings of its own.\n");
    for (size_t s = 0; s < i->setting_count; s++)
        page_setting(out, &i->settings[s]);
    buf_str(out, "\nEvery destination also takes name, enabled, events, retry, limits and\n"
                 "allowNetworks: see hermod.yaml(5).\n");
}
