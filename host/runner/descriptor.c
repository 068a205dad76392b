/* descriptor.c - see descriptor.h. The settings rows are in descriptor_settings.c. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "model/caps.h"
#include "runner/descriptor.h"

#define NAME_MAX_LEN 64
#define VERSION_MAX 64
#define SUMMARY_MAX 400
#define CONFIG_SIZE_MAX (64 * 1024)
#define DEADLINE_MAX_MS (3600 * 1000)

/* What the struct had when major 1 was first released: less was never right. */
#define FIRST_SIZE (offsetof(struct hermod_plugin, check) + sizeof(void (*)(void)))
#define FIRST_SETTING_SIZE (offsetof(struct hermod_setting, help) + sizeof(char *))

/* The host's own limits, where the plugin sets none. */
#define DEFAULT_CONCURRENT 10
#define DEFAULT_DEADLINE_MS 60000

int
descriptor_wrong(struct descriptor_check *k, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    k->error = arena_printf(k->arena, "%s: %s", k->file,
                            arena_vprintf(k->arena, fmt, ap));
    va_end(ap);
    return -1;
}

const char *
descriptor_quote(struct descriptor_check *k, const char *text)
{
    char shown[NAME_MAX_LEN + 1];
    size_t n;

    if (!text)
        return "NULL";
    for (n = 0; n < NAME_MAX_LEN && text[n]; n++)
        shown[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
    shown[n] = '\0';
    return arena_printf(k->arena, "\"%s%s\"", shown, text[n] ? "..." : "");
}

bool
descriptor_is_text(const char *text, size_t max)
{
    size_t len = strnlen(text, max + 1);

    if (len == 0 || len > max || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

int
descriptor_check_head(struct descriptor_check *k, const struct hermod_plugin *p, size_t size)
{
    if (size < offsetof(struct hermod_plugin, reserved))
        return descriptor_wrong(k, HERMOD_SYMBOL ": wanted a struct hermod_plugin, found "
                                "%zu bytes", size);
    if (p->abi_major != HERMOD_ABI_MAJOR)
        return descriptor_wrong(k, "abi_major: wanted %d, found %u; make it with "
                                "HERMOD_PLUGIN()", HERMOD_ABI_MAJOR, p->abi_major);
    if (p->abi_minor > HERMOD_ABI_MINOR)
        return descriptor_wrong(k, "abi_minor: this plugin wants %u.%u, this host offers "
                                "%d.%d; upgrade hermod", p->abi_major, p->abi_minor,
                                HERMOD_ABI_MAJOR, HERMOD_ABI_MINOR);
    if (p->struct_size < FIRST_SIZE)
        return descriptor_wrong(k, "struct_size: wanted at least %zu, found %u", FIRST_SIZE,
                                p->struct_size);
    if (p->struct_size > size)
        return descriptor_wrong(k, "struct_size: says %u, but the symbol has %zu bytes",
                                p->struct_size, size);
    if (p->setting_size < FIRST_SETTING_SIZE || p->setting_size > 4096 ||
        p->setting_size % sizeof(void *) != 0)
        return descriptor_wrong(k, "setting_size: wanted at least %zu, found %u",
                                FIRST_SETTING_SIZE, p->setting_size);
    return 0;
}

static bool
is_name(const char *name)
{
    size_t len = strnlen(name, NAME_MAX_LEN + 1);

    return len <= NAME_MAX_LEN && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int
check_texts(struct descriptor_check *k, const struct hermod_plugin *p)
{
    if (!p->name || !is_name(p->name))
        return descriptor_wrong(k, "name: wanted a letter a-z, then letters, digits and '-', "
                                "at most %d; found %s", NAME_MAX_LEN,
                                descriptor_quote(k, p->name));
    if (!p->version || !descriptor_is_text(p->version, VERSION_MAX))
        return descriptor_wrong(k, "version: wanted 1 to %d characters on one line, found %s",
                                VERSION_MAX, descriptor_quote(k, p->version));
    if (!p->summary || !descriptor_is_text(p->summary, SUMMARY_MAX))
        return descriptor_wrong(k, "summary: wanted one sentence on one line, found %s",
                                descriptor_quote(k, p->summary));
    if (!p->deliver)
        return descriptor_wrong(k, "deliver: wanted a function, found NULL");
    return 0;
}

static int
check_event(struct descriptor_check *k, const char *const *events, size_t at)
{
    if (!descriptor_is_text(events[at], CAP_FIELD))
        return descriptor_wrong(k, "events[%zu]: wanted an event type, found %s", at,
                                descriptor_quote(k, events[at]));
    for (size_t i = 0; i < at; i++)
        if (str_eq(events[i], events[at]))
            return descriptor_wrong(k, "events[%zu]: %s is there twice", at,
                                    descriptor_quote(k, events[at]));
    return 0;
}

static int
check_events(struct descriptor_check *k, const struct hermod_plugin *p,
             struct plugin_info *ret)
{
    size_t n = 0;

    if (!p->events)
        return 0;
    for (; p->events[n]; n++) {
        if (n == DESCRIPTOR_ROWS_MAX)
            return descriptor_wrong(k, "events: no end within %d; end them with NULL",
                                    DESCRIPTOR_ROWS_MAX);
        if (check_event(k, p->events, n) < 0)
            return -1;
    }
    if (n == 0)
        return descriptor_wrong(k, "events: the list is empty; for all types it is NULL");
    ret->events = arena_alloc(k->arena, n * sizeof(*ret->events));
    memcpy(ret->events, p->events, n * sizeof(*ret->events));
    ret->event_count = n;
    return 0;
}

static int
check_range(struct descriptor_check *k, const char *field, int64_t value, int64_t max)
{
    if (value >= 0 && value <= max)
        return 0;
    return descriptor_wrong(k, "limits.%s: wanted 0 to %lld, found %lld", field,
                            (long long)max, (long long)value);
}

static int
check_limits(struct descriptor_check *k, const struct hermod_limits *l,
             struct plugin_info *ret)
{
    if (check_range(k, "concurrent", l->concurrent, CAP_INFLIGHT) < 0 ||
        check_range(k, "requests", l->requests, 1000000000) < 0 ||
        check_range(k, "per_ms", l->per_ms, 24LL * 3600 * 1000) < 0 ||
        check_range(k, "deadline_ms", l->deadline_ms, DEADLINE_MAX_MS) < 0)
        return -1;
    if ((l->requests > 0) != (l->per_ms > 0))
        return descriptor_wrong(k, "limits: requests and per_ms go together, found %lld and "
                                "%lld", (long long)l->requests, (long long)l->per_ms);
    ret->concurrent = l->concurrent ? l->concurrent : DEFAULT_CONCURRENT;
    ret->requests = l->requests;
    ret->per_ms = l->per_ms;
    ret->deadline_ms = l->deadline_ms ? l->deadline_ms : DEFAULT_DEADLINE_MS;
    ret->credential = l->credential ? l->credential : "";
    if (!l->credential)
        return 0;
    for (size_t i = 0; i < ret->setting_count; i++)
        if (str_eq(ret->settings[i].name, l->credential))
            return 0;
    return descriptor_wrong(k, "limits.credential: no setting is called %s",
                            descriptor_quote(k, l->credential));
}

int
descriptor_check_rest(struct descriptor_check *k, const struct hermod_plugin *p,
                      struct plugin_info *ret)
{
    if (check_texts(k, p) < 0)
        return -1;
    ret->name = p->name;
    ret->version = p->version;
    ret->summary = p->summary;
    ret->abi_major = p->abi_major;
    ret->abi_minor = p->abi_minor;
    ret->has_check = p->check != NULL;
    if (check_events(k, p, ret) < 0)
        return -1;
    if (p->config_size > CONFIG_SIZE_MAX)
        return descriptor_wrong(k, "config_size: wanted at most %d, found %zu",
                                CONFIG_SIZE_MAX, p->config_size);
    ret->config_size = (int64_t)p->config_size;
    if (descriptor_check_settings(k, p, ret) < 0)
        return -1;
    return check_limits(k, &p->limits, ret);
}
