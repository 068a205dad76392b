/* svc_json.c - the json group: values are json-c's, owned by the call. */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/text.h"
#include "model/decimal.h"
#include "runner/call.h"
#include "runner/json_tree.h"

/* json-c's null is NULL, and no pointer a plugin gets is NULL: so null has an address. */
struct hermod_json {
    char none;
};
static struct hermod_json json_null;

static struct hermod_json *
own(struct call *c, struct json_object *j)
{
    if (!j)
        return &json_null;
    if (c->json_count == c->json_size) {
        c->json_size = c->json_size ? 2 * c->json_size : 16;
        c->json = xrealloc(c->json, c->json_size, sizeof(*c->json));
    }
    c->json[c->json_count++] = j;
    return (struct hermod_json *)(void *)j;
}

const struct hermod_json *
svc_json_own(struct call *c, struct json_object *j)
{
    return own(c, j);
}

struct json_object *
svc_json_raw(const struct hermod_json *j)
{
    return j == &json_null ? NULL : (struct json_object *)(uintptr_t)j;
}

/* A value inside one that the call owns already. */
static const struct hermod_json *
borrowed(struct json_object *j)
{
    return j ? (const struct hermod_json *)(const void *)j : &json_null;
}

void
svc_json_of_response(struct call *c, struct hermod_response *r)
{
    struct json_object *j = NULL;

    if (r->body && r->body_len)
        json_tree_parse(r->body, r->body_len, &j);
    r->json = svc_json_own(c, j);
}

static struct hermod_json *
value_object(struct hermod_call *pub)
{
    return own(call_of(pub), json_tree_object());
}

static struct hermod_json *
value_array(struct hermod_call *pub)
{
    return own(call_of(pub), json_tree_array());
}

static const struct hermod_json *
value_parse(struct hermod_call *pub, const char *text, size_t len)
{
    struct call *c = call_of(pub);
    struct json_object *j = NULL;

    if (!text)
        call_misuse(c, "hermod_json_parse: the text is NULL");
    else
        json_tree_parse(text, len, &j);
    return own(c, j);
}

static const char *
value_text(struct hermod_call *pub, const struct hermod_json *j)
{
    CLEANUP(free_ptr) char *text = json_tree_text(svc_json_raw(j));

    return arena_strdup(&call_of(pub)->arena, text);
}

/* ---- building -------------------------------------------------------------- */

/* Puts value, which is taken over, into an object. What it replaces lives on to the end of
   the call: pointers into it have been handed out. */
static void
set_member(struct hermod_call *pub, const char *service, struct hermod_json *to,
           const char *key, struct json_object *value)
{
    struct call *c = call_of(pub);
    struct json_object *object = svc_json_raw(to), *old = NULL;
    const char *wrong = NULL;

    if (!json_object_is_type(object, json_type_object))
        wrong = "the value to set a key of is not an object";
    else if (!key)
        wrong = "the key is NULL";
    else if (!utf8_valid(key, strlen(key)))
        wrong = "the key is not UTF-8";
    if (wrong) {
        json_object_put(value);
    } else {
        if (json_object_object_get_ex(object, key, &old) && old)
            own(c, json_object_get(old));
        wrong = json_tree_put(object, key, value);
    }
    if (wrong)
        call_misuse(c, "%s: %s", service, wrong);
}

static void
value_set(struct hermod_call *pub, struct hermod_json *j, const char *key,
         const struct hermod_json *value)
{
    set_member(pub, "hermod_json_set", j, key, json_object_get(svc_json_raw(value)));
}

static void
value_set_string(struct hermod_call *pub, struct hermod_json *j, const char *key,
                const char *value)
{
    if (!value)
        call_misuse(call_of(pub), "hermod_json_set_string: the value of \"%s\" is NULL",
                    key ? key : "(null)");
    else
        set_member(pub, "hermod_json_set_string", j, key, json_tree_string(value));
}

static void
value_set_bool(struct hermod_call *pub, struct hermod_json *j, const char *key, bool value)
{
    set_member(pub, "hermod_json_set_bool", j, key, json_object_new_boolean(value));
}

static void
value_set_int(struct hermod_call *pub, struct hermod_json *j, const char *key, int64_t value)
{
    set_member(pub, "hermod_json_set_int", j, key, json_object_new_int64(value));
}

static void
value_set_number(struct hermod_call *pub, struct hermod_json *j, const char *key,
                const char *number)
{
    if (!number || !decimal_valid(number))
        call_misuse(call_of(pub), "hermod_json_set_number: the value of \"%s\" is not a JSON "
                    "number", key ? key : "(null)");
    else
        set_member(pub, "hermod_json_set_number", j, key, json_tree_number(number));
}

static void
value_set_strings(struct hermod_call *pub, struct hermod_json *j, const char *key,
                 const char *const *values)
{
    struct json_object *array = json_tree_array();

    if (!values)
        call_misuse(call_of(pub), "hermod_json_set_strings: the list for \"%s\" is NULL",
                    key ? key : "(null)");
    for (; values && *values; values++)
        json_tree_put(array, NULL, json_tree_string(*values));
    set_member(pub, "hermod_json_set_strings", j, key, array);
}

static void
add_element(struct hermod_call *pub, const char *service, struct hermod_json *to,
            struct json_object *value)
{
    struct json_object *array = svc_json_raw(to);
    const char *wrong;

    if (json_object_is_type(array, json_type_array)) {
        wrong = json_tree_put(array, NULL, value);
    } else {
        json_object_put(value);
        wrong = "the value to add to is not an array";
    }
    if (wrong)
        call_misuse(call_of(pub), "%s: %s", service, wrong);
}

static void
value_add(struct hermod_call *pub, struct hermod_json *array, const struct hermod_json *value)
{
    add_element(pub, "hermod_json_add", array, json_object_get(svc_json_raw(value)));
}

static void
value_add_string(struct hermod_call *pub, struct hermod_json *array, const char *value)
{
    if (!value)
        call_misuse(call_of(pub), "hermod_json_add_string: the value is NULL");
    else
        add_element(pub, "hermod_json_add_string", array, json_tree_string(value));
}

/* ---- reading --------------------------------------------------------------- */

/* The element or member that the first len bytes of name name; NULL when absent. */
static struct json_object *
step(struct json_object *j, const char *name, size_t len)
{
    char key[256];
    struct json_object *found = NULL;
    int64_t index;

    if (len >= sizeof(key))
        return NULL;
    memcpy(key, name, len);
    key[len] = '\0';
    if (json_object_is_type(j, json_type_object)) {
        json_object_object_get_ex(j, key, &found);
        return found;
    }
    if (!json_object_is_type(j, json_type_array) || strspn(key, "0123456789") != len ||
        !parse_i64(key, 0, INT32_MAX, &index))
        return NULL;
    return json_object_array_get_idx(j, (size_t)index);
}

static struct json_object *
find(struct hermod_call *pub, const struct hermod_json *from, const char *path)
{
    struct json_object *j = svc_json_raw(from);

    if (!path) {
        call_misuse(call_of(pub), "hermod_json_get: the path is NULL");
        return NULL;
    }
    if (!*path)
        return j;
    for (;;) {
        size_t len = strcspn(path, ".");

        j = step(j, path, len);
        if (!j || !path[len])
            return j;
        path += len + 1;
    }
}

static const struct hermod_json *
value_get(struct hermod_call *pub, const struct hermod_json *j, const char *path)
{
    return borrowed(find(pub, j, path));
}

/* NULL when it is not a string, or has U+0000 in it and does not fit a C string. */
static const char *
plain_string(struct json_object *j)
{
    const char *text;

    if (!json_object_is_type(j, json_type_string))
        return NULL;
    text = json_object_get_string(j);
    return strlen(text) == (size_t)json_object_get_string_len(j) ? text : NULL;
}

static const char *
value_get_string(struct hermod_call *pub, const struct hermod_json *j, const char *path,
                const char *fallback)
{
    const char *text = plain_string(find(pub, j, path));

    return text ? text : fallback;
}

static const char *
value_get_number(struct hermod_call *pub, const struct hermod_json *j, const char *path,
                const char *fallback)
{
    const char *text = json_tree_number_text(find(pub, j, path));

    return text ? text : fallback;
}

static int64_t
value_get_int(struct hermod_call *pub, const struct hermod_json *j, const char *path,
             int64_t fallback)
{
    const char *text = json_tree_number_text(find(pub, j, path));
    int64_t n;

    return text && decimal_int(text, &n) ? n : fallback;
}

static bool
value_get_bool(struct hermod_call *pub, const struct hermod_json *j, const char *path,
              bool fallback)
{
    struct json_object *found = find(pub, j, path);

    return json_object_is_type(found, json_type_boolean) ? json_object_get_boolean(found)
                                                          : fallback;
}

static const char *const *
value_get_strings(struct hermod_call *pub, const struct hermod_json *j, const char *path,
                 const char *member)
{
    struct call *c = call_of(pub);
    struct json_object *array = find(pub, j, path);
    size_t count = 0, len = 0;
    const char **list;

    if (!member)
        call_misuse(c, "hermod_json_get_strings: the member is NULL");
    if (member && json_object_is_type(array, json_type_array))
        len = json_object_array_length(array);
    list = arena_alloc(&c->arena, (len + 1) * sizeof(*list));
    for (size_t i = 0; i < len; i++) {
        struct json_object *one = json_object_array_get_idx(array, i);

        if (json_object_is_type(one, json_type_object))
            one = json_object_object_get(one, member);
        list[count] = plain_string(one);
        count += list[count] != NULL;
    }
    list[count] = NULL;
    return list;
}

static size_t
value_length(struct hermod_call *pub, const struct hermod_json *j)
{
    struct json_object *raw = svc_json_raw(j);

    (void)pub;
    if (json_object_is_type(raw, json_type_array))
        return json_object_array_length(raw);
    return json_object_is_type(raw, json_type_object) ? (size_t)json_object_object_length(raw)
                                                      : 0;
}

/* The member at a place; false past the end. */
static bool
member_at(struct json_object *j, size_t index, const char **ret_key, struct json_object **ret)
{
    json_object_object_foreach(j, key, value) {
        if (index-- == 0) {
            *ret_key = key;
            *ret = value;
            return true;
        }
    }
    return false;
}

static const struct hermod_json *
value_at(struct hermod_call *pub, const struct hermod_json *j, size_t index)
{
    struct json_object *raw = svc_json_raw(j), *found = NULL;
    const char *key;

    (void)pub;
    if (json_object_is_type(raw, json_type_array))
        found = json_object_array_get_idx(raw, index);
    else if (json_object_is_type(raw, json_type_object))
        member_at(raw, index, &key, &found);
    return borrowed(found);
}

static const char *
value_key_at(struct hermod_call *pub, const struct hermod_json *j, size_t index)
{
    struct json_object *raw = svc_json_raw(j), *found;
    const char *key = "";

    (void)pub;
    if (json_object_is_type(raw, json_type_object))
        member_at(raw, index, &key, &found);
    return key;
}

static int
value_type(struct hermod_call *pub, const struct hermod_json *j)
{
    static const int types[] = {
        [json_type_null] = HERMOD_JSON_NULL,     [json_type_boolean] = HERMOD_JSON_BOOL,
        [json_type_double] = HERMOD_JSON_NUMBER, [json_type_int] = HERMOD_JSON_NUMBER,
        [json_type_object] = HERMOD_JSON_OBJECT, [json_type_array] = HERMOD_JSON_ARRAY,
        [json_type_string] = HERMOD_JSON_STRING,
    };

    (void)pub;
    return types[json_object_get_type(svc_json_raw(j))];
}

const struct hermod_json_api svc_json = {
    .object = value_object,
    .array = value_array,
    .pack = svc_json_pack,
    .parse = value_parse,
    .text = value_text,
    .set = value_set,
    .set_string = value_set_string,
    .set_bool = value_set_bool,
    .set_int = value_set_int,
    .set_number = value_set_number,
    .set_strings = value_set_strings,
    .add = value_add,
    .add_string = value_add_string,
    .get = value_get,
    .get_string = value_get_string,
    .get_number = value_get_number,
    .get_int = value_get_int,
    .get_bool = value_get_bool,
    .length = value_length,
    .at = value_at,
    .key_at = value_key_at,
    .type = value_type,
    .get_strings = value_get_strings,
};
