/* descriptor_settings.c - checks the rows of a plugin's settings table. */
#include <string.h>

#include "base/text.h"
#include "runner/descriptor.h"

#define SETTING_NAME_MAX 64
#define HELP_MAX 1000

/* What every destination takes beside the plugin's own. */
static const char *const common_keys[] = {
    "name", "enabled", "events", "retry", "limits", "allowNetworks",
};

/* What a field of each type takes in the config struct. */
static const struct {
    uint32_t size, align;
} fields[] = {
    [SETTING_STRING] = { sizeof(char *), _Alignof(char *) },
    [SETTING_BOOL] = { sizeof(bool), _Alignof(bool) },
    [SETTING_INT] = { sizeof(int64_t), _Alignof(int64_t) },
    [SETTING_DURATION] = { sizeof(int64_t), _Alignof(int64_t) },
    [SETTING_CHOICE] = { sizeof(char *), _Alignof(char *) },
    [SETTING_STRINGS] = { sizeof(char **), _Alignof(char **) },
    [SETTING_MAP] = { sizeof(struct hermod_pair *), _Alignof(struct hermod_pair *) },
};

/* One row under check. */
struct row {
    struct descriptor_check *k;
    const struct hermod_setting *s;
    size_t at;
};

static int
row_wrong(const struct row *r, const char *what)
{
    return descriptor_wrong(r->k, "settings[%zu] %s: %s", r->at,
                            descriptor_quote(r->k, r->s->name), what);
}

#define ROW_WRONG(r, ...) row_wrong((r), arena_printf((r)->k->arena, __VA_ARGS__))

static bool
is_setting_name(const char *name)
{
    size_t len = strnlen(name, SETTING_NAME_MAX + 1);

    return len <= SETTING_NAME_MAX && strchr("0123456789_", name[0]) == NULL &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789_") == len;
}

static int
check_row_name(const struct row *r, const struct plugin_info *before)
{
    if (!is_setting_name(r->s->name))
        return ROW_WRONG(r, "name: wanted a letter, then letters, digits and '_', at most %d",
                         SETTING_NAME_MAX);
    for (size_t i = 0; i < ARRAY_LEN(common_keys); i++)
        if (str_eq(r->s->name, common_keys[i]))
            return row_wrong(r, "name: every destination has a key called that already");
    for (size_t i = 0; i < before->setting_count; i++)
        if (str_eq(r->s->name, before->settings[i].name))
            return ROW_WRONG(r, "name: settings[%zu] has it already", i);
    return 0;
}

static int
check_row_place(const struct row *r, const struct plugin_info *before)
{
    uint32_t size = fields[r->s->type].size;
    uint64_t end = (uint64_t)r->s->offset + size;

    if (end > (uint64_t)before->config_size)
        return ROW_WRONG(r, "offset: %u bytes at %u do not fit into config_size %lld", size,
                         r->s->offset, (long long)before->config_size);
    if (r->s->offset % fields[r->s->type].align != 0)
        return ROW_WRONG(r, "offset: wanted a multiple of %u, found %u",
                         fields[r->s->type].align, r->s->offset);
    for (size_t i = 0; i < before->setting_count; i++) {
        const struct setting_info *b = &before->settings[i];

        if (r->s->offset < b->offset + fields[b->type].size && b->offset < end)
            return ROW_WRONG(r, "offset: %u is inside the field of settings[%zu] \"%s\"",
                             r->s->offset, i, b->name);
    }
    return 0;
}

/* "a|b|c": no empty part, and none twice. */
static int
check_choices(const struct row *r)
{
    const char *choices = r->s->choices;

    if (!choices || !descriptor_is_text(choices, HELP_MAX))
        return row_wrong(r, "choices: wanted \"a|b|c\", found none");
    for (const char *at = choices;; at++) {
        size_t len = strcspn(at, "|");

        if (len == 0)
            return ROW_WRONG(r, "choices: one is empty in \"%s\"", choices);
        for (const char *b = choices; b < at; b += strcspn(b, "|") + 1)
            if (strcspn(b, "|") == len && memcmp(at, b, len) == 0)
                return ROW_WRONG(r, "choices: \"%.*s\" is there twice", (int)len, at);
        at += len;
        if (!*at)
            return 0;
    }
}

static int
check_row_values(const struct row *r, const struct setting_info *info)
{
    struct setting_value value;
    bool ranged = info->type == SETTING_INT || info->type == SETTING_DURATION;

    if (info->type == SETTING_CHOICE && check_choices(r) < 0)
        return -1;
    if (ranged && info->min > info->max)
        return ROW_WRONG(r, "min: %lld is more than max, %lld", (long long)info->min,
                         (long long)info->max);
    if (info->type == SETTING_DURATION && info->min < 0)
        return ROW_WRONG(r, "min: a duration is 0 or more, found %lld", (long long)info->min);
    if (!info->fallback)
        return 0;
    if (info->flags & SETTING_REQUIRED)
        return row_wrong(r, "fallback: a required setting has none");
    if (setting_default(r->k->arena, info, &value) < 0)
        return ROW_WRONG(r, "fallback: %s is not a valid %s",
                         descriptor_quote(r->k, info->fallback),
                         setting_type_name(info->type));
    return 0;
}

static int
check_row(const struct row *r, const struct plugin_info *before, struct setting_info *ret)
{
    const struct hermod_setting *s = r->s;

    if (check_row_name(r, before) < 0)
        return -1;
    if (s->type == 0 || s->type >= ARRAY_LEN(fields))
        return ROW_WRONG(r, "type: wanted 1 to %zu, found %u", ARRAY_LEN(fields) - 1, s->type);
    if (s->flags & ~(HERMOD_REQUIRED | HERMOD_SECRET))
        return ROW_WRONG(r, "flags: found 0x%x, of which 0x%x is not known", s->flags,
                         s->flags & ~(HERMOD_REQUIRED | HERMOD_SECRET));
    if (check_row_place(r, before) < 0)
        return -1;
    if (!s->help || !descriptor_is_text(s->help, HELP_MAX))
        return ROW_WRONG(r, "help: wanted one sentence on one line, found %s",
                         descriptor_quote(r->k, s->help));
    *ret = (struct setting_info){
        .name = s->name, .type = (int)s->type, .flags = s->flags, .offset = s->offset,
        .fallback = s->fallback, .choices = s->choices, .min = s->min, .max = s->max,
        .help = s->help,
    };
    return check_row_values(r, ret);
}

/* Is this HERMOD_SETTINGS_END? A row that merely forgot its name is not. */
static bool
is_end(const struct hermod_setting *s)
{
    return !s->name && s->type == 0 && !s->help;
}

int
descriptor_check_settings(struct descriptor_check *k, const struct hermod_plugin *p,
                          struct plugin_info *ret)
{
    const char *at = (const char *)p->settings;

    if (!at)
        return 0;
    ret->settings = arena_alloc(k->arena, DESCRIPTOR_ROWS_MAX * sizeof(*ret->settings));
    for (size_t i = 0;; i++, at += p->setting_size) {
        const struct hermod_setting *s = (const struct hermod_setting *)(const void *)at;

        if (is_end(s))
            return 0;
        if (!s->name)
            return descriptor_wrong(k, "settings[%zu]: name: wanted a name, found NULL", i);
        if (i == DESCRIPTOR_ROWS_MAX)
            return descriptor_wrong(k, "settings: no end within %d rows; end them with "
                                    "HERMOD_SETTINGS_END", DESCRIPTOR_ROWS_MAX);
        if (check_row(&(struct row){ k, s, i }, ret, &ret->settings[i]) < 0)
            return -1;
        ret->setting_count = i + 1;
    }
}
