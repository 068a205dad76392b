#include "model/plugin_info.h"

#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "model/duration.h"

const char *
setting_type_name(int type)
{
    static const char *const names[] = {
        [SETTING_STRING] = "string",
        [SETTING_BOOL] = "bool",
        [SETTING_INT] = "int",
        [SETTING_DURATION] = "duration",
        [SETTING_CHOICE] = "choice",
        [SETTING_STRINGS] = "list of strings",
        [SETTING_MAP] = "map of strings",
    };

    return type > 0 && (size_t)type < ARRAY_LEN(names) ? names[type] : NULL;
}

bool
setting_in_range(const struct setting_info *row, int64_t number)
{
    return (row->min == 0 && row->max == 0) || (number >= row->min && number <= row->max);
}

bool
setting_has_choice(const struct setting_info *row, const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || strchr(text, '|'))
        return false;
    for (const char *at = row->choices; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, text, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return true;
    }
    return false;
}

int
setting_default(struct arena *a, const struct setting_info *row, struct setting_value *ret)
{
    struct setting_value value = { .set = row->fallback != NULL, .text = "" };
    const char *text = row->fallback;

    switch (text ? row->type : 0) {
    case 0:
        break;
    case SETTING_STRING:
        value.text = arena_strdup(a, text);
        break;
    case SETTING_CHOICE:
        if (!setting_has_choice(row, text))
            return -1;
        value.text = arena_strdup(a, text);
        break;
    case SETTING_BOOL:
        if (!str_eq(text, "true") && !str_eq(text, "false"))
            return -1;
        value.number = str_eq(text, "true");
        break;
    case SETTING_INT:
        if (!parse_i64(text, INT64_MIN, INT64_MAX, &value.number) ||
            !setting_in_range(row, value.number))
            return -1;
        break;
    case SETTING_DURATION:
        if (duration_parse(text, &value.number) != 0 || !setting_in_range(row, value.number))
            return -1;
        break;
    default:                       /* lists and maps have none */
        return -1;
    }
    *ret = value;
    return 0;
}

uint64_t
plugin_info_settings_mark(const struct plugin_info *p)
{
    struct buf b = BUF_INIT(16 * 1024 * 1024);
    uint8_t hash[DIGEST_MAX];
    uint64_t mark;

    for (size_t i = 0; i < p->setting_count; i++) {
        const struct setting_info *s = &p->settings[i];

        buf_printf(&b, "%s %d %u %lld %lld %s\n", s->name, s->type, s->flags, (long long)s->min,
                   (long long)s->max, s->choices ? s->choices : "");
    }
    digest(DIGEST_SHA256, b.data ? b.data : "", b.len, hash);
    buf_free(&b);
    memcpy(&mark, hash, sizeof(mark));
    return mark ? mark : 1;
}
