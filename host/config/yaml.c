/* yaml.c - libyaml's events into nodes. Never recursive: open lists and maps stand on a
   stack of CAP_YAML_DEPTH frames.

   An alias is a copy of the anchored node's head that shares its children. What it would
   take written out is counted before it is made, so a bomb ends at the caps. */
#include <stdio.h>

#include <yaml.h>

#include "base/map.h"
#include "base/text.h"
#include "config/yaml.h"
#include "config/yaml_words.h"
#include "model/caps.h"
#include "model/suggest.h"

#define CAP_EXPANDED (2 * (size_t)CAP_YAML_FILE)   /* bytes of text with aliases written out */

/* What a node takes with its aliases written out. */
struct extent {
    size_t nodes, bytes, depth;            /* depth: 0 for a scalar */
};

struct anchor {
    struct yaml_node *node;
    struct extent extent;
    bool open;                             /* its end has not come yet */
};

struct frame {
    struct yaml_node *node, *last;
    struct yaml_node *key;                 /* a map's, whose value comes next */
    bool drop;                             /* that value: read, but not kept */
    struct map keys;                       /* of a map: text to key node */
    struct extent extent;
    struct anchor *anchor;
};

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    const char *const *tags;
    yaml_error_fn *error;
    void *arg;
    const char *text;
    size_t len;
    struct yaml_node *root;
    struct frame stack[CAP_YAML_DEPTH];
    size_t depth;
    size_t nodes, bytes;                   /* so far, aliases written out */
    struct map anchors;
    bool done, failed;
};

static void PRINTF_LIKE(4, 5)
report(struct reader *r, int line, int column, const char *fmt, ...)
{
    struct yaml_error e = { line, column, "" };
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(e.text, sizeof(e.text), fmt, ap);
    va_end(ap);
    r->error(r->arg, &e);
}

/* Reports and ends the parse. */
#define fail(r, line, column, ...) \
    (report((r), (line), (column), __VA_ARGS__), (r)->failed = true)

static int
line_of(const yaml_mark_t *m)
{
    return (int)m->line + 1;
}

static int
column_of(const yaml_mark_t *m)
{
    return (int)m->column + 1;
}

/* A key as it may be shown: short, whole characters. */
static int
shown(const struct yaml_node *key)
{
    return (int)utf8_floor(key->text, key->len, 60);
}

static bool
count(struct reader *r, const yaml_event_t *e, size_t nodes, size_t bytes, size_t depth)
{
    r->nodes += nodes;
    r->bytes += bytes;
    if (r->nodes > CAP_YAML_NODES)
        fail(r, line_of(&e->start_mark), column_of(&e->start_mark),
             "too much: more than %d values (those behind aliases counted each time)",
             CAP_YAML_NODES);
    else if (r->bytes > CAP_EXPANDED)
        fail(r, line_of(&e->start_mark), column_of(&e->start_mark),
             "too much: more than %zu bytes of text with the aliases written out",
             CAP_EXPANDED);
    else if (r->depth + depth > CAP_YAML_DEPTH)
        fail(r, line_of(&e->start_mark), column_of(&e->start_mark),
             "nested too deeply: wanted at most %d levels", CAP_YAML_DEPTH);
    return !r->failed;
}

static struct yaml_node *
new_node(struct reader *r, enum yaml_kind kind, const yaml_event_t *e)
{
    struct yaml_node *n = arena_alloc(r->arena, sizeof(*n));

    n->kind = kind;
    n->line = line_of(&e->start_mark);
    n->column = column_of(&e->start_mark);
    n->tag = n->text = "";
    return n;
}

/* The node as the next key or value of what is open. */
static void
attach(struct reader *r, struct yaml_node *n, const struct extent *x)
{
    struct frame *f = r->depth ? &r->stack[r->depth - 1] : NULL;

    if (!f) {
        r->root = n;
        return;
    }
    f->extent.nodes += x->nodes;
    f->extent.bytes += x->bytes;
    if (f->extent.depth < x->depth + 1)
        f->extent.depth = x->depth + 1;
    n->key = f->key;
    f->key = NULL;
    if (f->drop) {
        f->drop = false;
        return;
    }
    if (f->last)
        f->last->next = n;
    else
        f->node->child = n;
    f->last = n;
    f->node->count++;
}

static void
accept_key(struct reader *r, struct frame *f, struct yaml_node *n)
{
    const struct yaml_node *first;

    f->key = n;
    f->extent.nodes++;
    f->extent.bytes += n->len;
    if (*n->tag)
        report(r, n->line, n->column, "wanted a plain key, found %s", n->tag);
    if (n->len == 0 && !n->quoted) {
        fail(r, n->line, n->column, "wanted a key before the ':', found nothing");
    } else if (str_eq(n->text, "<<") && !n->quoted) {
        report(r, n->line, n->column,
               "merge keys (<<) are not understood: write the keys out");
        f->drop = true;
    } else if ((first = map_get(&f->keys, n->text, n->len)) != NULL) {
        report(r, n->line, n->column,
               "duplicate key \"%.*s\": the first is at line %d, column %d", shown(n),
               n->text, first->line, first->column);
        f->drop = true;
    } else {
        map_put(&f->keys, n->text, n->len, n);
    }
}

static bool
wants_key(const struct reader *r)
{
    const struct frame *f = r->depth ? &r->stack[r->depth - 1] : NULL;

    return f && f->node->kind == YAML_MAP && !f->key;
}

/* The event's anchor, made; NULL when it has none. */
static struct anchor *
new_anchor(struct reader *r, const unsigned char *name, struct yaml_node *n)
{
    struct anchor *a;

    if (!name)
        return NULL;
    a = arena_alloc(r->arena, sizeof(*a));
    a->node = n;
    map_puts(&r->anchors, (const char *)name, a);
    return a;
}

static void
unknown_tag(struct reader *r, const struct yaml_node *n, const char *tag)
{
    char known[128] = "";
    const char *near = NULL;
    size_t len = 0, tags = 0;

    for (; r->tags && r->tags[tags] && len < sizeof(known); tags++)
        len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s",
                                tags ? ", " : "; known are ", r->tags[tags]);
    if (tags)
        near = suggest(tag, r->tags, tags);
    if (near)
        report(r, n->line, n->column, "unknown tag; did you mean %s?", near);
    else
        report(r, n->line, n->column, "unknown tag%s; a value that begins with ! needs quotes",
               known);
}

static void
set_tag(struct reader *r, struct yaml_node *n, const unsigned char *event_tag)
{
    const char *tag = (const char *)event_tag;
    const char *core = n->kind == YAML_SCALAR ? YAML_STR_TAG
                       : n->kind == YAML_LIST ? YAML_SEQ_TAG : YAML_MAP_TAG;

    if (!tag)
        return;
    if (str_eq(tag, "!") || str_eq(tag, core)) {
        n->quoted = true;
        return;
    }
    for (size_t i = 0; r->tags && r->tags[i]; i++) {
        if (!str_eq(tag, r->tags[i]))
            continue;
        if (n->kind == YAML_SCALAR)
            n->tag = arena_strdup(r->arena, tag);
        else
            report(r, n->line, n->column, "wanted one word after %s, found a %s", tag,
                   n->kind == YAML_LIST ? "list" : "map");
        return;
    }
    unknown_tag(r, n, tag);
}

static void
on_scalar(struct reader *r, const yaml_event_t *e)
{
    struct yaml_node *n = new_node(r, YAML_SCALAR, e);
    struct extent x = { 1, e->data.scalar.length, 0 };
    struct anchor *a;
    bool key = wants_key(r);

    if (!count(r, e, x.nodes, x.bytes, 0))
        return;
    n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    set_tag(r, n, e->data.scalar.tag);
    if (memchr(e->data.scalar.value, 0, x.bytes)) {
        report(r, n->line, n->column, "wanted text, found a NUL (\\0) in it");
    } else {
        n->text = arena_memdup0(r->arena, e->data.scalar.value, x.bytes);
        n->len = x.bytes;
    }
    a = new_anchor(r, e->data.scalar.anchor, n);
    if (a)
        a->extent = x;
    if (key)
        accept_key(r, &r->stack[r->depth - 1], n);
    else
        attach(r, n, &x);
}

static void
on_alias(struct reader *r, const yaml_event_t *e)
{
    const struct anchor *a = map_gets(&r->anchors, (const char *)e->data.alias.anchor);
    struct yaml_node *n = new_node(r, YAML_SCALAR, e);

    /* Names are not shown: a secret that begins with * or ! and has no quotes looks like one. */
    if (wants_key(r))
        fail(r, n->line, n->column, "wanted a plain key, found an alias (*)");
    else if (!a)
        fail(r, n->line, n->column, "an alias (*) without its anchor (&) before it; a value that "
                                    "begins with * needs quotes");
    else if (a->open)
        fail(r, n->line, n->column, "an alias (*) inside its own anchor (&)");
    else if (count(r, e, a->extent.nodes, a->extent.bytes, a->extent.depth)) {
        int line = n->line, column = n->column;

        *n = *a->node;
        n->line = line;
        n->column = column;
        n->key = n->next = NULL;
        attach(r, n, &a->extent);
    }
}

static void
on_start(struct reader *r, const yaml_event_t *e, enum yaml_kind kind)
{
    bool map = kind == YAML_MAP;
    struct yaml_node *n;
    struct frame *f;

    if (wants_key(r)) {
        fail(r, line_of(&e->start_mark), column_of(&e->start_mark),
             "wanted a plain key, found a %s", map ? "map" : "list");
        return;
    }
    if (!count(r, e, 1, 0, 1))
        return;
    n = new_node(r, kind, e);
    f = &r->stack[r->depth++];
    *f = (struct frame){ .node = n, .extent = { .nodes = 1 } };
    set_tag(r, n, map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
    f->anchor = new_anchor(r, map ? e->data.mapping_start.anchor
                                  : e->data.sequence_start.anchor, n);
    if (f->anchor)
        f->anchor->open = true;
}

static void
on_end(struct reader *r)
{
    struct frame *f = &r->stack[--r->depth];
    struct extent x = f->extent;

    if (x.depth == 0)
        x.depth = 1;
    if (f->anchor) {
        f->anchor->extent = x;
        f->anchor->open = false;
    }
    map_free(&f->keys);
    attach(r, f->node, &x);
}

/* libyaml's complaint in words that say what to do. */
static void
syntax_error(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const yaml_mark_t *m = &p->problem_mark;
    struct yaml_error near;
    struct yaml_words w;
    char at = yaml_look_around(r->text, r->len, line_of(m), column_of(m), &near);

    yaml_words(p->problem ? p->problem : "", p->context ? p->context : "", at, &w);
    if (w.at_context)
        m = &p->context_mark;
    if (near.line)
        fail(r, near.line, near.column, "%s", near.text);
    else
        fail(r, line_of(m), column_of(m), "%s", w.text);
}

static void
on_event(struct reader *r, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        on_scalar(r, e);
        break;
    case YAML_ALIAS_EVENT:
        on_alias(r, e);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_start(r, e, YAML_LIST);
        break;
    case YAML_MAPPING_START_EVENT:
        on_start(r, e, YAML_MAP);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_end(r);
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (r->root)
            fail(r, line_of(&e->start_mark), column_of(&e->start_mark),
                 "wanted one document, found a second (a line \"---\")");
        break;
    case YAML_STREAM_END_EVENT:
        r->done = true;
        break;
    default:
        break;
    }
}

static void
read_all(struct reader *r)
{
    while (!r->done && !r->failed) {
        yaml_event_t e;

        if (!yaml_parser_parse(&r->parser, &e)) {
            syntax_error(r);
            return;
        }
        on_event(r, &e);
        yaml_event_delete(&e);
    }
}

struct yaml_node *
yaml_parse(struct arena *a, const char *text, size_t len, const char *const *tags,
           yaml_error_fn *error, void *arg)
{
    struct reader *r;
    struct yaml_node *root;
    struct yaml_error e;

    if (!yaml_check_text(&text, &len, &e)) {
        error(arg, &e);
        return NULL;
    }
    r = xcalloc(1, sizeof(*r));
    *r = (struct reader){ .arena = a, .tags = tags, .error = error, .arg = arg,
                          .text = text, .len = len };
    if (!yaml_parser_initialize(&r->parser))
        die("yaml: out of memory");
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, len);
    read_all(r);
    while (r->depth)
        map_free(&r->stack[--r->depth].keys);
    map_free(&r->anchors);
    yaml_parser_delete(&r->parser);
    root = r->failed ? NULL : r->root;
    if (!r->failed && (!root || (root->kind == YAML_SCALAR && root->len == 0 &&
                                 !root->quoted && !*root->tag))) {
        root = arena_alloc(a, sizeof(*root));
        *root = (struct yaml_node){ .kind = YAML_MAP, .line = 1, .column = 1, .tag = "",
                                    .text = "" };
    }
    free_ptr(&r);
    return root;
}

struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
    if (map->kind != YAML_MAP)
        return NULL;
    for (struct yaml_node *n = map->child; n; n = n->next) {
        if (str_eq(n->key->text, key))
            return n;
    }
    return NULL;
}
