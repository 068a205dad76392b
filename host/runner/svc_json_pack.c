/* svc_json_pack.c - hermod_json_pack(): a value from a format that looks like it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/text.h"
#include "model/decimal.h"
#include "runner/call.h"
#include "runner/json_tree.h"

#define DEPTH_MAX 32               /* of the format: it is read by recursion */

struct packer {
    const char *start, *p;
    va_list ap;
    unsigned argument;             /* the number of the last one taken, after the format */
    unsigned depth;
    char wrong[160];               /* "" while all is well */
};

static bool pack_value(struct packer *k, struct json_object **ret);

static bool PRINTF_LIKE(2, 3)
fail(struct packer *k, const char *fmt, ...)
{
    va_list ap;

    if (!k->wrong[0]) {
        va_start(ap, fmt);
        vsnprintf(k->wrong, sizeof(k->wrong), fmt, ap);
        va_end(ap);
    }
    return false;
}

/* The next character that is not a space. */
static char
peek(struct packer *k)
{
    while (*k->p && isspace((unsigned char)*k->p))
        k->p++;
    return *k->p;
}

static bool
expected(struct packer *k, const char *what)
{
    if (!peek(k))
        return fail(k, "the format ends where %s was wanted", what);
    return fail(k, "'%c' at %zu in the format; wanted %s", *k->p, (size_t)(k->p - k->start) + 1,
                what);
}

static const char *
take_string(struct packer *k)
{
    const char *text = va_arg(k->ap, const char *);

    k->argument++;
    if (!text)
        fail(k, "argument %u is NULL", k->argument);
    return text;
}

static bool
put(struct packer *k, struct json_object *parent, const char *key, struct json_object *value)
{
    const char *wrong = json_tree_put(parent, key, value);

    return !wrong || fail(k, "%s", wrong);
}

static bool
pack_member(struct packer *k, struct json_object *object)
{
    struct json_object *value;
    const char *key;

    if (peek(k) != 's')
        return expected(k, "s for a key");
    k->p++;
    key = take_string(k);
    if (!key)
        return false;
    if (!utf8_valid(key, strlen(key)))
        return fail(k, "argument %u, a key, is not UTF-8", k->argument);
    if (peek(k) != ':')
        return expected(k, "':'");
    k->p++;
    return pack_value(k, &value) && put(k, object, key, value);
}

static bool
pack_element(struct packer *k, struct json_object *array)
{
    struct json_object *value;

    return pack_value(k, &value) && put(k, array, NULL, value);
}

/* An object or array, its first bracket read. */
static bool
pack_container(struct packer *k, char end, struct json_object **ret)
{
    struct json_object *j = end == '}' ? json_tree_object() : json_tree_array();
    bool good = true;

    if (++k->depth > DEPTH_MAX)
        good = fail(k, "the format is nested deeper than %d", DEPTH_MAX);
    if (good && peek(k) != end)
        for (;;) {
            good = end == '}' ? pack_member(k, j) : pack_element(k, j);
            if (!good || peek(k) != ',')
                break;
            k->p++;
        }
    if (good && peek(k) != end)
        good = expected(k, end == '}' ? "',' or '}'" : "',' or ']'");
    if (!good) {
        json_object_put(j);
        return false;
    }
    k->depth--;
    k->p++;
    *ret = j;
    return true;
}

static bool
pack_text(struct packer *k, bool number, struct json_object **ret)
{
    const char *text = take_string(k);

    if (!text)
        return false;
    if (number && !decimal_valid(text))
        return fail(k, "argument %u is not a JSON number", k->argument);
    *ret = number ? json_tree_number(text) : json_tree_string(text);
    return true;
}

static bool
pack_value(struct packer *k, struct json_object **ret)
{
    char c = peek(k);

    if (!c || !strchr("{[siIbdjn", c))
        return expected(k, "one of { [ s i I b d j n");
    k->p++;
    switch (c) {
    case '{':
        return pack_container(k, '}', ret);
    case '[':
        return pack_container(k, ']', ret);
    case 's':
    case 'd':
        return pack_text(k, c == 'd', ret);
    case 'n':
        *ret = NULL;
        return true;
    default:
        break;
    }
    k->argument++;
    if (c == 'i')
        *ret = json_object_new_int64(va_arg(k->ap, int));
    else if (c == 'I')
        *ret = json_object_new_int64(va_arg(k->ap, int64_t));
    else if (c == 'b')
        *ret = json_object_new_boolean(va_arg(k->ap, int) != 0);
    else
        *ret = json_object_get(svc_json_raw(va_arg(k->ap, const struct hermod_json *)));
    return true;
}

struct hermod_json *
svc_json_pack(struct hermod_call *pub, const char *fmt, ...)
{
    struct call *c = call_of(pub);
    struct packer k = { .start = fmt, .p = fmt };
    struct json_object *j = NULL;
    bool good;

    if (!fmt) {
        call_misuse(c, "hermod_json_pack: the format is NULL");
        return svc_json.object(pub);
    }
    va_start(k.ap, fmt);
    good = pack_value(&k, &j);
    va_end(k.ap);
    if (good && peek(&k)) {
        good = expected(&k, "its end");
        json_object_put(j);
    }
    if (!good) {
        call_misuse(c, "hermod_json_pack: %s", k.wrong);
        return svc_json.object(pub);
    }
    return (struct hermod_json *)(uintptr_t)svc_json_own(c, j);
}
