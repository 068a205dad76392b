/* json_diff.c - where two JSON values differ. */
#include <string.h>

#include <json-c/json.h>

#include "base/text.h"
#include "cli/json_diff.h"
#include "model/decimal.h"
#include "runner/json_tree.h"

#define LINES_MAX 20
#define VALUE_MAX 200              /* bytes of a value that are shown */
#define PATH_MAX_ 1000

struct differ {
    struct buf *out;
    struct buf path;
    bool includes;
    unsigned count;
};

static void compare(struct differ *d, struct json_object *want, struct json_object *got);

/* present false: nothing is there, which is not null. */
static void
show(struct buf *out, struct json_object *j, bool present)
{
    CLEANUP(free_ptr) char *text = NULL;
    size_t len, n;

    if (!present) {
        buf_str(out, "nothing");
        return;
    }
    text = json_tree_text(j);
    len = strlen(text);
    n = utf8_floor(text, len, VALUE_MAX);
    buf_add(out, text, n);
    if (n < len)
        buf_str(out, "...");
}

static void
differ_at(struct differ *d, struct json_object *want, bool wanted, struct json_object *got,
          bool there)
{
    if (++d->count > LINES_MAX)
        return;
    buf_printf(d->out, "json%s: wanted ", buf_text(&d->path));
    show(d->out, want, wanted);
    buf_str(d->out, ", got ");
    show(d->out, got, there);
    buf_byte(d->out, '\n');
}

static bool
is_plain(const char *key)
{
    return *key && strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789_-") == strlen(key);
}

static size_t
enter_key(struct differ *d, const char *key)
{
    size_t mark = d->path.len;

    if (is_plain(key)) {
        buf_printf(&d->path, ".%s", key);
    } else {
        buf_byte(&d->path, '[');
        buf_json(&d->path, key);
        buf_byte(&d->path, ']');
    }
    return mark;
}

static void
leave(struct differ *d, size_t mark)
{
    if (d->path.failed || d->path.len == mark)
        return;
    d->path.len = mark;
    d->path.data[mark] = '\0';
}

static void
compare_objects(struct differ *d, struct json_object *want, struct json_object *got)
{
    json_object_object_foreach(want, key, value) {
        struct json_object *other = NULL;
        bool there = json_object_object_get_ex(got, key, &other);
        size_t mark = enter_key(d, key);

        if (there)
            compare(d, value, other);
        else
            differ_at(d, value, true, NULL, false);
        leave(d, mark);
    }
    if (d->includes)
        return;
    json_object_object_foreach(got, extra, found) {
        size_t mark;

        if (json_object_object_get_ex(want, extra, NULL))
            continue;
        mark = enter_key(d, extra);
        differ_at(d, NULL, false, found, true);
        leave(d, mark);
    }
}

static void
compare_arrays(struct differ *d, struct json_object *want, struct json_object *got)
{
    size_t wanted = json_object_array_length(want), there = json_object_array_length(got);

    for (size_t i = 0; i < wanted || i < there; i++) {
        struct json_object *a = i < wanted ? json_object_array_get_idx(want, i) : NULL;
        struct json_object *b = i < there ? json_object_array_get_idx(got, i) : NULL;
        size_t mark = d->path.len;

        buf_printf(&d->path, "[%zu]", i);
        if (i < wanted && i < there)
            compare(d, a, b);
        else
            differ_at(d, a, i < wanted, b, i < there);
        leave(d, mark);
    }
}

static bool
equal(struct json_object *want, struct json_object *got)
{
    const char *a = json_tree_number_text(want), *b = json_tree_number_text(got);

    if (a && b)
        return decimal_equal(a, b);
    return json_object_equal(want, got);
}

static void
compare(struct differ *d, struct json_object *want, struct json_object *got)
{
    if (json_object_is_type(want, json_type_object) && json_object_is_type(got, json_type_object))
        compare_objects(d, want, got);
    else if (json_object_is_type(want, json_type_array) &&
             json_object_is_type(got, json_type_array))
        compare_arrays(d, want, got);
    else if (!equal(want, got))
        differ_at(d, want, true, got, true);
}

unsigned
json_diff(struct buf *out, const char *want, const char *got, bool includes)
{
    struct differ d = { .out = out, .path = BUF_INIT(PATH_MAX_), .includes = includes };
    struct json_object *a = NULL, *b = NULL;

    if (json_tree_parse(want, strlen(want), &a) != 0) {
        buf_str(out, "json: what is wanted is not JSON\n");
        return 1;
    }
    if (json_tree_parse(got, strlen(got), &b) != 0) {
        buf_str(out, "json: the body that was sent is not JSON\n");
        d.count = 1;
    } else {
        compare(&d, a, b);
    }
    if (d.count > LINES_MAX)
        buf_printf(out, "json: %u more differences\n", d.count - LINES_MAX);
    json_object_put(a);
    json_object_put(b);
    buf_free(&d.path);
    return d.count;
}
