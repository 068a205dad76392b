/* json_tree.c - JSON values as json-c holds them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/caps.h"
#include "model/decimal.h"
#include "runner/json_tree.h"

#define TEXT_FLAGS (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

/* In a container's userdata: its depth (1 when it holds no container) and GIVEN. */
#define GIVEN 1u
#define DEPTH_UNIT 2u

static struct json_object *
made(struct json_object *j)
{
    if (!j)
        die("json: out of memory");
    return j;
}

static uintptr_t
state_of(struct json_object *j)
{
    return (uintptr_t)json_object_get_userdata(j);
}

static void
set_state(struct json_object *j, uintptr_t state)
{
    json_object_set_userdata(j, (void *)state, NULL);
}

static bool
is_container(struct json_object *j)
{
    return json_object_is_type(j, json_type_object) || json_object_is_type(j, json_type_array);
}

static size_t
depth_of(struct json_object *j)
{
    return is_container(j) ? state_of(j) / DEPTH_UNIT : 0;
}

struct json_object *
json_tree_object(void)
{
    struct json_object *j = made(json_object_new_object());

    set_state(j, DEPTH_UNIT);
    return j;
}

struct json_object *
json_tree_array(void)
{
    struct json_object *j = made(json_object_new_array_ext(4));

    set_state(j, DEPTH_UNIT);
    return j;
}

struct json_object *
json_tree_string(const char *text)
{
    size_t len = strlen(text), n;
    struct buf fixed = BUF_INIT(3 * len);
    struct json_object *j;

    if (utf8_valid(text, len))
        return made(json_object_new_string_len(text, (int)len));
    for (size_t i = 0; i < len; i += n) {
        n = utf8_step(text + i, len - i);
        if (n)
            buf_add(&fixed, text + i, n);
        else
            buf_str(&fixed, "\xef\xbf\xbd");
        n += n == 0;
    }
    j = made(json_object_new_string_len(buf_text(&fixed), (int)fixed.len));
    buf_free(&fixed);
    return j;
}

/* json-c's doubles may carry their source text; so all numbers are doubles here. */
struct json_object *
json_tree_number(const char *number)
{
    return made(json_object_new_double_s(strtod(number, NULL), number));
}

const char *
json_tree_put(struct json_object *parent, const char *key, struct json_object *value)
{
    size_t depth = depth_of(value) + 1;
    const char *wrong = NULL;

    if (state_of(parent) & GIVEN)
        wrong = "a value was changed after it had been put into another";
    else if (parent == value)
        wrong = "a value was put into itself";
    else if (depth > CAP_JSON_DEPTH)
        wrong = "values are nested too deep";
    if (wrong) {
        json_object_put(value);
        return wrong;
    }
    if (is_container(value))
        set_state(value, state_of(value) | GIVEN);
    if (depth > depth_of(parent))
        set_state(parent, depth * DEPTH_UNIT);
    if (key ? json_object_object_add(parent, key, value) : json_object_array_add(parent, value))
        die("json: out of memory");
    return NULL;
}

const char *
json_tree_number_text(struct json_object *j)
{
    if (!json_object_is_type(j, json_type_double) && !json_object_is_type(j, json_type_int))
        return NULL;
    return json_object_get_string(j);
}

char *
json_tree_text(struct json_object *j)
{
    return xstrdup(j ? json_object_to_json_string_ext(j, TEXT_FLAGS) : "null");
}

/* ---- reading --------------------------------------------------------------- */

struct reader {
    const char *p, *end;
    struct json_object *root;
    struct json_object *open[CAP_JSON_DEPTH];  /* the containers around this place */
    size_t depth;
    struct buf text;               /* the string read last */
    struct buf key;                /* of the next member */
    size_t cost;                   /* roughly the memory the tree takes */
};

/* What json-c takes for each, measured generously: small values make large trees. */
#define COST_OBJECT 800
#define COST_ARRAY 160
#define COST_SCALAR 128

static void
skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static bool
next_is(struct reader *r, char c)
{
    skip_space(r);
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

static int
hex4(struct reader *r, uint32_t *ret)
{
    uint8_t two[2];

    if (r->end - r->p < 4 || hex_decode(r->p, 4, two) != 2)
        return -1;
    *ret = (uint32_t)two[0] << 8 | two[1];
    r->p += 4;
    return 0;
}

static void
add_point(struct buf *b, uint32_t c)
{
    if (c < 0x80) {
        buf_byte(b, (char)c);
        return;
    }
    if (c < 0x800) {
        buf_byte(b, (char)(0xc0 | c >> 6));
    } else {
        if (c < 0x10000) {
            buf_byte(b, (char)(0xe0 | c >> 12));
        } else {
            buf_byte(b, (char)(0xf0 | c >> 18));
            buf_byte(b, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        buf_byte(b, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    buf_byte(b, (char)(0x80 | (c & 0x3f)));
}

/* \uXXXX, its 'u' read. Half a surrogate pair becomes U+FFFD. */
static int
unicode_escape(struct reader *r, struct buf *b)
{
    uint32_t c, low;
    const char *mark;

    if (hex4(r, &c) != 0)
        return -1;
    if (c >= 0xd800 && c < 0xdc00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u') {
        mark = r->p;
        r->p += 2;
        if (hex4(r, &low) != 0)
            return -1;
        if (low >= 0xdc00 && low < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        else
            r->p = mark;
    }
    add_point(b, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    return 0;
}

static int
escape(struct reader *r, struct buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at;
    char c;

    if (r->p == r->end)
        return -1;
    c = *r->p++;
    if (c == 'u')
        return unicode_escape(r, b);
    at = c ? strchr(from, c) : NULL;
    if (!at)
        return -1;
    buf_byte(b, to[at - from]);
    return 0;
}

/* A string, its first quote read, into b. */
static int
read_string(struct reader *r, struct buf *b)
{
    buf_reset(b);
    while (r->p < r->end && *r->p != '"') {
        const char *start = r->p;

        if ((unsigned char)*r->p < 0x20)
            return -1;
        if (*r->p == '\\') {
            r->p++;
            if (escape(r, b) != 0)
                return -1;
            continue;
        }
        while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20)
            r->p++;
        buf_add(b, start, (size_t)(r->p - start));
    }
    if (r->p == r->end || b->failed)
        return -1;
    r->p++;
    return 0;
}

static bool
word(struct reader *r, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(r->end - r->p) < len || memcmp(r->p, text, len) != 0)
        return false;
    r->p += len;
    return true;
}

static int
read_number(struct reader *r, struct json_object **ret)
{
    size_t len = decimal_scan(r->p, (size_t)(r->end - r->p));

    if (len == 0)
        return -1;
    buf_reset(&r->text);
    buf_add(&r->text, r->p, len);
    if (r->text.failed)
        return -1;
    r->p += len;
    *ret = json_tree_number(buf_text(&r->text));
    return 0;
}

/* Any value but a container. */
static int
read_scalar(struct reader *r, struct json_object **ret)
{
    r->cost += COST_SCALAR;
    *ret = NULL;
    if (word(r, "null"))
        return 0;
    if (word(r, "true") || word(r, "false")) {
        *ret = made(json_object_new_boolean(r->p[-2] == 'u'));
        return 0;
    }
    if (!next_is(r, '"'))
        return read_number(r, ret);
    if (read_string(r, &r->text) != 0)
        return -1;
    r->cost += r->text.len;
    *ret = made(json_object_new_string_len(buf_text(&r->text), (int)r->text.len));
    return 0;
}

/* The key of a member and its colon. */
static int
read_key(struct reader *r)
{
    if (!next_is(r, '"') || read_string(r, &r->key) != 0 || !next_is(r, ':'))
        return -1;
    r->cost += r->key.len;
    return memchr(buf_text(&r->key), '\0', r->key.len) ? -1 : 0;
}

static void
attach(struct reader *r, struct json_object *j)
{
    struct json_object *parent = r->depth ? r->open[r->depth - 1] : NULL;
    int failed = 0;

    if (!parent)
        r->root = j;
    else if (json_object_is_type(parent, json_type_object))
        failed = json_object_object_add(parent, buf_text(&r->key), j);
    else
        failed = json_object_array_add(parent, j);
    if (failed)
        die("json: out of memory");
}

/* The innermost container is complete: it tells the one around it how deep it is. */
static void
close_container(struct reader *r)
{
    struct json_object *j = r->open[--r->depth];
    struct json_object *parent = r->depth ? r->open[r->depth - 1] : NULL;

    if (parent && depth_of(parent) < depth_of(j) + 1)
        set_state(parent, (depth_of(j) + 1) * DEPTH_UNIT);
    set_state(j, state_of(j) | GIVEN);
}

/* Opens a container when one begins here. 1: opened and not empty; 0: a complete value was
   read; -1: malformed. */
static int
read_value(struct reader *r)
{
    bool object = next_is(r, '{');
    struct json_object *j;

    if (r->cost > CAP_CALL_MEMORY)
        return -1;
    if (!object && !next_is(r, '[')) {
        if (read_scalar(r, &j) != 0)
            return -1;
        attach(r, j);
        return 0;
    }
    if (r->depth == CAP_JSON_DEPTH)
        return -1;
    r->cost += object ? COST_OBJECT : COST_ARRAY;
    j = object ? json_tree_object() : json_tree_array();
    attach(r, j);
    r->open[r->depth++] = j;
    if (next_is(r, object ? '}' : ']')) {
        close_container(r);
        return 0;
    }
    return object && read_key(r) != 0 ? -1 : 1;
}

/* After a complete value: closes what ends here. 1: another value follows; 0: all is read;
   -1: malformed. */
static int
read_rest(struct reader *r)
{
    while (r->depth) {
        bool object = json_object_is_type(r->open[r->depth - 1], json_type_object);

        if (next_is(r, ','))
            return object && read_key(r) != 0 ? -1 : 1;
        if (!next_is(r, object ? '}' : ']'))
            return -1;
        close_container(r);
    }
    skip_space(r);
    return r->p == r->end ? 0 : -1;
}

int
json_tree_parse(const char *text, size_t len, struct json_object **ret)
{
    struct reader r = { .p = text, .end = text + len };
    int more = 1;

    if (len > CAP_CALL_MEMORY || !utf8_valid(text, len))
        return -1;
    buf_init(&r.text, len + 1);
    buf_init(&r.key, len + 1);
    while (more == 1) {
        more = read_value(&r);
        if (more == 0)
            more = read_rest(&r);
    }
    buf_free(&r.text);
    buf_free(&r.key);
    if (more < 0) {
        json_object_put(r.root);
        return -1;
    }
    *ret = r.root;
    return 0;
}
