/* settings.c - fills a plugin's config struct from the values of a destination. */
#include <string.h>

#include "runner/call.h"

static const char *const *
strings(struct arena *a, const struct setting_value *v)
{
    const char **list = arena_alloc(a, (v->count + 1) * sizeof(*list));

    for (size_t i = 0; i < v->count; i++)
        list[i] = v->list[i];
    return list;
}

static const struct hermod_pair *
pairs(struct arena *a, const struct setting_value *v)
{
    struct hermod_pair *map = arena_alloc(a, (v->count + 1) * sizeof(*map));

    for (size_t i = 0; i < v->count; i++)
        map[i] = (struct hermod_pair){ v->map[i].key, v->map[i].value };
    return map;
}

const void *
settings_fill(struct arena *a, const struct plugin_info *info,
              const struct setting_value *values)
{
    char *config = arena_alloc(a, info->config_size > 0 ? (size_t)info->config_size : 1);

    for (size_t i = 0; i < info->setting_count; i++) {
        const struct setting_value *v = &values[i];
        void *field = config + info->settings[i].offset;
        const char *text = v->text ? v->text : "";
        const char *const *list;
        const struct hermod_pair *map;
        bool flag = v->number != 0;

        switch (info->settings[i].type) {
        case SETTING_STRING:
        case SETTING_CHOICE:
            memcpy(field, &text, sizeof(text));
            break;
        case SETTING_BOOL:
            memcpy(field, &flag, sizeof(flag));
            break;
        case SETTING_INT:
        case SETTING_DURATION:
            memcpy(field, &v->number, sizeof(v->number));
            break;
        case SETTING_STRINGS:
            list = strings(a, v);
            memcpy(field, &list, sizeof(list));
            break;
        case SETTING_MAP:
            map = pairs(a, v);
            memcpy(field, &map, sizeof(map));
            break;
        default:                   /* the loader lets no other type in */
            break;
        }
    }
    return config;
}
