/* rule_fields.c - Rule's fields: groups that are made as they are written, types that stay,
   and what values they take. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/rule.h"

#define GROUP_MAX 65000
#define FIELDS_MAX 1000

static bool
key_good(const char *key)
{
    const char *dot = key ? strchr(key, '.') : NULL;

    return dot && dot != key && dot[1] != '\0' && !strchr(dot + 1, '.');
}

static bool
is_type(const char *type)
{
    static const char *const types[] = { "text", "single", "date", "datetime", "time",
                                         "multiple", "json" };

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_eq(type, types[i]))
            return true;
    return false;
}

/* "9" for a digit; the day is one of the calendar when the form begins with one. */
static bool
looks_like(const char *text, const char *form)
{
    char whole[64];
    size_t len = strlen(text);

    if (len != strlen(form))
        return false;
    for (size_t i = 0; i < len; i++)
        if (form[i] == '9' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    if (len == 8)
        snprintf(whole, sizeof(whole), "2000-01-01T%sZ", text);
    else if (len == 10)
        snprintf(whole, sizeof(whole), "%sT00:00:00Z", text);
    else
        snprintf(whole, sizeof(whole), "%sZ", text);
    return time_parse_rfc3339(whole, &(int64_t){ 0 }) == 0;
}

static bool
strings_only(struct json_object *list)
{
    if (!json_object_is_type(list, json_type_array))
        return false;
    for (size_t i = 0; i < json_object_array_length(list); i++)
        if (!json_object_is_type(json_object_array_get_idx(list, i), json_type_string))
            return false;
    return true;
}

static bool
value_good(const char *type, struct json_object *value)
{
    const char *text = value ? json_object_get_string(value) : "";
    struct json_object *inside;

    if (str_eq(type, "multiple"))
        return !value || strings_only(value);
    if (!value || (json_object_is_type(value, json_type_string) && *text == '\0'))
        return true;
    if (str_eq(type, "text") || str_eq(type, "single"))
        return !json_object_is_type(value, json_type_array) &&
               !json_object_is_type(value, json_type_object);
    if (!json_object_is_type(value, json_type_string))
        return false;
    if (str_eq(type, "date"))
        return looks_like(text, "9999-99-99");
    if (str_eq(type, "datetime"))
        return looks_like(text, "9999-99-99 99:99:99");
    if (str_eq(type, "time"))
        return looks_like(text, "99:99:99");
    if (!js_parse(text, strlen(text), &inside))
        return false;
    json_object_put(inside);
    return true;
}

/* Characters of all values in the group of key, as they will be. */
static size_t
group_size(struct json_object *fields, struct json_object *have, const char *key)
{
    size_t group = strcspn(key, ".") + 1, size = 0;

    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        struct json_object *f = json_object_array_get_idx(fields, i);
        const char *k = js_str(f, "key");

        if (k && strncmp(k, key, group) == 0 && js_get(f, "value"))
            size += strlen(json_object_get_string(js_get(f, "value")));
    }
    if (!have)
        return size;
    json_object_object_foreach(have, k, value) {
        bool written = false;

        for (size_t i = 0; !written && i < json_object_array_length(fields); i++) {
            const char *w = js_str(json_object_array_get_idx(fields, i), "key");

            written = w && str_eq(w, k);
        }
        if (!written && strncmp(k, key, group) == 0 && value)
            size += strlen(json_object_get_string(value));
    }
    return size;
}

static bool
field_good(struct ask *a, struct json_object *fields, size_t at, struct json_object *have)
{
    struct json_object *f = json_object_array_get_idx(fields, at);
    struct json_object *known = js_need_object(a->state, "fields");
    const char *key = js_str(f, "key"), *type = js_str(f, "type"), *there;
    const char *place = ask_printf(a, "subscribers.fields.%zu", at);

    type = type ? type : "text";
    if (!key_good(key)) {
        rule_invalid(a, place, "The key must be Group.Field, with one dot.");
        return false;
    }
    if (!is_type(type)) {
        rule_invalid(a, place, "The selected type is invalid.");
        return false;
    }
    there = js_str(known, key);
    if (there && !str_eq(there, type)) {
        rule_invalid(a, place, ask_printf(a, "%s has the type %s already.", key, there));
        return false;
    }
    if (!value_good(type, js_get(f, "value"))) {
        rule_invalid(a, place, ask_printf(a, "The value does not match the type %s.", type));
        return false;
    }
    if (group_size(fields, have, key) >= GROUP_MAX) {
        rule_invalid(a, place, "The values of a group are limited to 65000 characters.");
        return false;
    }
    return true;
}

bool
rule_fields_good(struct ask *a, struct json_object *fields, struct json_object *have)
{
    struct json_object *known = js_need_object(a->state, "fields");

    if (json_object_array_length(fields) > FIELDS_MAX) {
        rule_invalid(a, "subscribers.fields", "There are too many fields.");
        return false;
    }
    for (size_t i = 0; i < json_object_array_length(fields); i++)
        if (!field_good(a, fields, i, have))
            return false;
    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        struct json_object *f = json_object_array_get_idx(fields, i);
        const char *type = js_str(f, "type");

        js_put_str(known, js_str(f, "key"), type ? type : "text");
    }
    return true;
}

/* The groups of a map whose keys are Group.Field, as answers show them. */
static struct json_object *
groups_of(struct ask *a, struct json_object *map, const char *word)
{
    struct json_object *groups = json_object_new_object(), *list = json_object_new_array();

    json_object_object_foreach(map, key, value) {
        size_t len = strcspn(key, ".");
        const char *group = arena_memdup0(&a->arena, key, len);

        js_append(js_need_array(groups, group),
                  js_make("name:s", key[len] ? key + len + 1 : key));
        js_put(json_object_array_get_idx(js_array(groups, group),
               json_object_array_length(js_array(groups, group)) - 1), word, js_ref(value));
    }
    json_object_object_foreach(groups, name, fields)
        js_append(list, js_make("name:s fields:o", name, js_ref(fields)));
    json_object_put(groups);
    return js_make("groups:o", list);
}

void
rule_fields_get(struct ask *a)
{
    struct json_object *subscriber = rule_subscriber(a);

    if (subscriber)
        ask_reply(a, 200, groups_of(a, js_need_object(subscriber, "fields"), "value"));
}

void
rule_groups_get(struct ask *a)
{
    ask_reply(a, 200, groups_of(a, js_need_object(a->state, "fields"), "type"));
}

void
rule_groups_add(struct ask *a)
{
    struct json_object *fields = js_array(a->body, "fields");

    if (!fields)
        rule_invalid(a, "fields", "The fields field is required.");
    else if (rule_fields_good(a, fields, NULL))
        ask_reply(a, 200, js_make("message:s", "Success"));
}
