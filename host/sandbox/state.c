/* state.c - the tree of what the stand-ins hold: its beginning, and places in it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sandbox/server.h"

/* The seeds of the stand-ins are written with single quotes, for the eye. */
static struct json_object *
parse_seed(const struct stand *s)
{
    CLEANUP(free_ptr) char *text = xstrdup(s->seed);
    struct json_object *value;

    for (char *c = text; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (!js_parse(text, strlen(text), &value))
        die("sandbox: the seed of %s is not JSON", s->name);
    return value;
}

static void
lay_over(struct json_object *under, struct json_object *over)
{
    json_object_object_foreach(over, key, value) {
        struct json_object *there = js_object(under, key);

        if (there && json_object_is_type(value, json_type_object))
            lay_over(there, value);
        else
            js_put(under, key, js_copy(value));
    }
}

struct json_object *
state_first(struct json_object *seed)
{
    struct json_object *state = json_object_new_object();

    for (size_t i = 0; i < stand_count; i++)
        js_put(state, stands[i]->name, parse_seed(stands[i]));
    if (seed)
        lay_over(state, seed);
    return state;
}

/* The part of an array that a number names; false: none. */
static bool
step(struct json_object *in, const char *part, struct json_object **ret)
{
    char *end;
    unsigned long at;

    if (json_object_is_type(in, json_type_object))
        return json_object_object_get_ex(in, part, ret);
    if (!json_object_is_type(in, json_type_array) || *part < '0' || *part > '9')
        return false;
    at = strtoul(part, &end, 10);
    if (*end || at >= json_object_array_length(in))
        return false;
    *ret = json_object_array_get_idx(in, at);
    return true;
}

bool
state_find(struct json_object *state, const char *const *parts, int count,
           struct json_object **ret)
{
    for (int i = 0; i < count; i++)
        if (!step(state, parts[i], &state))
            return false;
    *ret = state;
    return true;
}

bool
state_put(struct json_object *state, const char *const *parts, int count,
          struct json_object *value, bool merge)
{
    struct json_object *there;

    for (int i = 0; i < count - 1; i++) {
        if (!step(state, parts[i], &there)) {
            if (!json_object_is_type(state, json_type_object))
                return false;
            there = js_need_object(state, parts[i]);
        }
        state = there;
    }
    if (!json_object_is_type(state, json_type_object))
        return false;
    there = js_object(state, parts[count - 1]);
    if (merge && there && json_object_is_type(value, json_type_object)) {
        lay_over(there, value);
        json_object_put(value);
    } else {
        js_put(state, parts[count - 1], value);
    }
    return true;
}

bool
state_delete(struct json_object *state, const char *const *parts, int count)
{
    struct json_object *in;

    if (!state_find(state, parts, count - 1, &in) || !js_has(in, parts[count - 1]))
        return false;
    js_drop(in, parts[count - 1]);
    return true;
}
