/* js.c - JSON for the stand-ins. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/js.h"

bool
js_parse(const char *text, size_t len, struct json_object **ret)
{
    struct json_tokener *t = json_tokener_new_ex(64);
    struct json_object *value;
    bool good;

    if (!t)
        die("sandbox: out of memory");
    json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    /* With the NUL behind it, so that a number at the end has an end. */
    value = len < INT32_MAX ? json_tokener_parse_ex(t, text, (int)len + 1) : NULL;
    good = len < INT32_MAX && json_tokener_get_error(t) == json_tokener_success &&
           json_tokener_get_parse_end(t) >= len;
    json_tokener_free(t);
    if (!good) {
        json_object_put(value);
        return false;
    }
    *ret = value;
    return true;
}

bool
js_has(struct json_object *o, const char *key)
{
    return json_object_is_type(o, json_type_object) && json_object_object_get_ex(o, key, NULL);
}

struct json_object *
js_get(struct json_object *o, const char *key)
{
    struct json_object *value = NULL;

    if (json_object_is_type(o, json_type_object))
        json_object_object_get_ex(o, key, &value);
    return value;
}

static struct json_object *
typed(struct json_object *o, const char *key, enum json_type type)
{
    struct json_object *value = js_get(o, key);

    return value && json_object_is_type(value, type) ? value : NULL;
}

struct json_object *
js_object(struct json_object *o, const char *key)
{
    return typed(o, key, json_type_object);
}

struct json_object *
js_array(struct json_object *o, const char *key)
{
    return typed(o, key, json_type_array);
}

const char *
js_str(struct json_object *o, const char *key)
{
    struct json_object *value = typed(o, key, json_type_string);

    return value ? json_object_get_string(value) : NULL;
}

int64_t
js_int(struct json_object *o, const char *key, int64_t otherwise)
{
    struct json_object *value = typed(o, key, json_type_int);

    return value ? json_object_get_int64(value) : otherwise;
}

bool
js_bool(struct json_object *o, const char *key, bool otherwise)
{
    struct json_object *value = typed(o, key, json_type_boolean);

    return value ? json_object_get_boolean(value) : otherwise;
}

void
js_put(struct json_object *o, const char *key, struct json_object *value)
{
    if (json_object_object_add(o, key, value) != 0)
        die("sandbox: out of memory");
}

struct json_object *
js_need_object(struct json_object *o, const char *key)
{
    struct json_object *value = js_object(o, key);

    if (!value) {
        value = json_object_new_object();
        js_put(o, key, value);
    }
    return value;
}

struct json_object *
js_need_array(struct json_object *o, const char *key)
{
    struct json_object *value = js_array(o, key);

    if (!value) {
        value = json_object_new_array();
        js_put(o, key, value);
    }
    return value;
}

struct json_object *
js_text(const char *text)
{
    return json_object_new_string(text);
}

void
js_put_str(struct json_object *o, const char *key, const char *text)
{
    js_put(o, key, text ? js_text(text) : NULL);
}

void
js_put_int(struct json_object *o, const char *key, int64_t n)
{
    js_put(o, key, json_object_new_int64(n));
}

void
js_drop(struct json_object *o, const char *key)
{
    json_object_object_del(o, key);
}

struct json_object *
js_ref(struct json_object *value)
{
    return value ? json_object_get(value) : NULL;
}

struct json_object *
js_copy(struct json_object *value)
{
    struct json_object *copy = NULL;

    if (value && json_object_deep_copy(value, &copy, NULL) != 0)
        die("sandbox: out of memory");
    return copy;
}

void
js_merge(struct json_object *o, struct json_object *from)
{
    json_object_object_foreach(from, key, value)
        js_put(o, key, js_copy(value));
}

struct json_object *
js_make(const char *spec, ...)
{
    struct json_object *o = json_object_new_object();
    char key[64];
    va_list ap;

    va_start(ap, spec);
    while (*spec) {
        size_t len = strcspn(spec, ":");
        const char *text;

        if (len >= sizeof(key) || spec[len] != ':')
            die("sandbox: js_make: \"%s\"", spec);
        memcpy(key, spec, len);
        key[len] = '\0';
        switch (spec[len + 1]) {
        case 's':
            text = va_arg(ap, const char *);
            if (text)
                js_put_str(o, key, text);
            break;
        case 'i':
            js_put_int(o, key, va_arg(ap, int64_t));
            break;
        case 'b':
            js_put(o, key, json_object_new_boolean(va_arg(ap, int)));
            break;
        case 'o':
            js_put(o, key, va_arg(ap, struct json_object *));
            break;
        default:
            die("sandbox: js_make: \"%s\"", spec);
        }
        spec += len + 2;
        spec += *spec == ' ';
    }
    va_end(ap);
    return o;
}

static int
find(struct json_object *array, const char *text, int (*compare)(const char *, const char *))
{
    size_t count = json_object_is_type(array, json_type_array) ?
                   json_object_array_length(array) : 0;

    for (size_t i = 0; i < count; i++) {
        const char *t = json_object_get_string(json_object_array_get_idx(array, i));

        if (t && compare(t, text) == 0)
            return (int)i;
    }
    return -1;
}

int
js_find(struct json_object *array, const char *text)
{
    return find(array, text, strcmp);
}

int
js_find_nocase(struct json_object *array, const char *text)
{
    return find(array, text, strcasecmp);
}

void
js_append(struct json_object *array, struct json_object *value)
{
    if (json_object_array_add(array, value) != 0)
        die("sandbox: out of memory");
}

void
js_remove(struct json_object *array, int at)
{
    if (at >= 0)
        json_object_array_del_idx(array, (size_t)at, 1);
}

struct json_object *
js_slice(struct json_object *array, int64_t at, int64_t count)
{
    struct json_object *part = json_object_new_array();
    int64_t end = array ? (int64_t)json_object_array_length(array) : 0;

    for (int64_t i = at < 0 ? 0 : at; i < end && count > 0; i++, count--)
        js_append(part, js_ref(json_object_array_get_idx(array, (size_t)i)));
    return part;
}

/* Puts what one path of len bytes names into out, which has value's type. */
static void
pick(struct json_object *value, const char *path, size_t len, struct json_object *out)
{
    const char *dot = memchr(path, '.', len);
    size_t head = dot ? (size_t)(dot - path) : len;
    char key[128];

    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++) {
            struct json_object *to = json_object_array_get_idx(out, i);

            if (!to) {
                to = json_object_new_object();
                js_append(out, to);
            }
            pick(json_object_array_get_idx(value, i), path, len, to);
        }
        return;
    }
    if (head >= sizeof(key))
        return;
    memcpy(key, path, head);
    key[head] = '\0';
    if (!js_has(value, key))
        return;
    if (!dot || !js_get(value, key)) {
        js_put(out, key, js_ref(js_get(value, key)));
        return;
    }
    pick(js_get(value, key), dot + 1, len - head - 1,
         js_array(value, key) ? js_need_array(out, key) : js_need_object(out, key));
}

struct json_object *
js_only(struct json_object *value, const char *paths)
{
    struct json_object *out = json_object_new_object();

    while (*paths) {
        size_t len = strcspn(paths, ",");

        pick(value, paths, len, out);
        paths += len;
        paths += *paths == ',';
    }
    return out;
}
