/* mask.c - takes a destination's secret settings out of text. */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "runner/mask.h"

#define SHORTEST 4

static const char *
replace(struct arena *a, const char *secret, const char *text)
{
    size_t len = strlen(secret), count = 0;
    const char *p;
    char *out, *to;

    if (len < SHORTEST || !strstr(text, secret))
        return text;
    for (p = text; (p = strstr(p, secret)); p += len)
        count++;
    to = out = arena_alloc(a, strlen(text) + count * 3 + 1);
    while ((p = strstr(text, secret))) {
        memcpy(to, text, (size_t)(p - text));
        to += p - text;
        memcpy(to, "***", 3);
        to += 3;
        text = p + len;
    }
    memcpy(to, text, strlen(text) + 1);
    return out;
}

/* The secret as it is, as a URL has it, and as JSON has it. */
static const char *
mask_one(struct arena *a, const char *secret, const char *text)
{
    CLEANUP(buf_free) struct buf other = BUF_INIT(SIZE_MAX / 4);
    size_t len = secret ? strlen(secret) : 0;
    char *room;

    if (len < SHORTEST)
        return text;
    text = replace(a, secret, text);
    room = buf_room(&other, 3 * len);
    other.len += percent_encode(secret, len, room);
    if (!str_eq(buf_text(&other), secret))
        text = replace(a, buf_text(&other), text);
    buf_reset(&other);
    buf_json(&other, secret);
    other.data[other.len - 1] = '\0';         /* without its quotes */
    return str_eq(other.data + 1, secret) ? text : replace(a, other.data + 1, text);
}

const char *
mask_secrets(struct arena *a, const struct plugin_info *info,
             const struct setting_value *values, const char *text)
{
    if (!values)
        return text;
    for (size_t i = 0; i < info->setting_count; i++) {
        const struct setting_value *v = &values[i];

        if (!(info->settings[i].flags & SETTING_SECRET))
            continue;
        switch (info->settings[i].type) {
        case SETTING_STRING:
        case SETTING_CHOICE:
            text = mask_one(a, v->text, text);
            break;
        case SETTING_STRINGS:
            for (size_t j = 0; j < v->count; j++)
                text = mask_one(a, v->list[j], text);
            break;
        case SETTING_MAP:
            for (size_t j = 0; j < v->count; j++)
                text = mask_one(a, v->map[j].value, text);
            break;
        default:
            break;
        }
    }
    return text;
}
