/* reply.c - reading the host's JSON answers without a check at every step. */
#include <limits.h>

#include <json-c/json.h>

#include "cli/reply.h"

struct json_object *
reply_read(const char *text, size_t len)
{
    struct json_tokener *tok;
    struct json_object *o;

    if (len >= INT_MAX || !(tok = json_tokener_new()))
        return NULL;
    json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
    o = json_tokener_parse_ex(tok, text, (int)len + 1);    /* the NUL ends a number */
    if (json_tokener_get_error(tok) != json_tokener_success) {
        json_object_put(o);
        o = NULL;
    }
    json_tokener_free(tok);
    return o;
}

void
reply_put(struct json_object **json)
{
    json_object_put(*json);
}

static struct json_object *
member(struct json_object *o, const char *name, enum json_type type)
{
    struct json_object *v;

    if (!json_object_is_type(o, json_type_object) || !json_object_object_get_ex(o, name, &v) ||
        !json_object_is_type(v, type))
        return NULL;
    return v;
}

const char *
reply_text(struct json_object *o, const char *name)
{
    struct json_object *v = member(o, name, json_type_string);

    return v ? json_object_get_string(v) : "";
}

int64_t
reply_number(struct json_object *o, const char *name)
{
    struct json_object *v = member(o, name, json_type_int);

    return v ? json_object_get_int64(v) : 0;
}

bool
reply_flag(struct json_object *o, const char *name)
{
    return json_object_get_boolean(member(o, name, json_type_boolean));
}

struct json_object *
reply_list(struct json_object *o, const char *name)
{
    return member(o, name, json_type_array);
}

size_t
reply_count(struct json_object *list)
{
    return list ? json_object_array_length(list) : 0;
}

struct json_object *
reply_at(struct json_object *list, size_t i)
{
    return list ? json_object_array_get_idx(list, i) : NULL;
}

const char *
reply_string(struct json_object *o)
{
    return json_object_is_type(o, json_type_string) ? json_object_get_string(o) : "";
}
