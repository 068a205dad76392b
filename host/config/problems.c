/* problems.c - what is wrong with a configuration: collected, put in order, printed. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/check.h"
#include "config/visible.h"
#include "model/caps.h"

#define TEXT_MAX 600                       /* bytes of one problem's text, and of its place */

/* Text from files must not forge lines, steer a terminal or be half a character. */
static void
make_harmless(char *text)
{
    size_t len = strlen(text), n;
    uint32_t ch;

    if (len >= TEXT_MAX) {
        len = utf8_floor(text, len, TEXT_MAX - 4);
        memcpy(text + len, "...", 4);
        len += 3;
    }
    for (size_t i = 0; i < len; i += n) {
        n = utf8_char(text + i, len - i, &ch);
        if (n == 0 || ch < 0x20 || !char_visible(ch)) {
            n = n ? n : 1;
            memset(text + i, '?', n);
        }
    }
}

/* The names on the way down to here, joined: filled from the end. */
static const char *
place_text(struct check *k, const struct place *at)
{
    char text[TEXT_MAX], before = '.';
    size_t start = sizeof(text) - 1;

    text[start] = '\0';
    for (; at; at = at->up) {
        size_t len = strlen(at->name);

        len = utf8_floor(at->name, len, len < 128 ? len : 128);
        if (len + 1 > start)
            break;
        if (len == 0)
            continue;
        if (text[start])
            text[--start] = before;
        before = at->before;
        start -= len;
        memcpy(text + start, at->name, len);
    }
    make_harmless(text + start);
    return arena_strdup(&k->c->arena, text + start);
}

static struct config_problem *
new_problem(struct config *c)
{
    struct config_problem *more;

    if (c->problem_count == c->problem_size) {
        c->problem_size = c->problem_size ? 2 * c->problem_size : 16;
        more = arena_alloc(&c->arena, c->problem_size * sizeof(*more));
        if (c->problem_count)
            memcpy(more, c->problems, c->problem_count * sizeof(*more));
        c->problems = more;
    }
    return &c->problems[c->problem_count++];
}

static void PRINTF_LIKE(5, 0)
add(struct check *k, bool warning, const struct place *at, const struct yaml_node *n,
    const char *fmt, va_list ap)
{
    struct config *c = k->c;
    size_t *count = warning ? &c->warning_count : &c->error_count;
    char *text;

    if ((*count)++ >= CAP_CONFIG_ERRORS)
        return;
    text = arena_vprintf(&c->arena, fmt, ap);
    make_harmless(text);
    *new_problem(c) = (struct config_problem){
        .file = k->file, .line = n ? n->line : 0, .column = n ? n->column : 0,
        .warning = warning, .where = place_text(k, at), .text = text,
    };
}

void
check_error(struct check *k, const struct place *at, const struct yaml_node *n,
            const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(k, false, at, n, fmt, ap);
    va_end(ap);
}

void
check_warn(struct check *k, const struct place *at, const struct yaml_node *n,
           const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(k, true, at, n, fmt, ap);
    va_end(ap);
}

static bool
comes_after(const struct config *c, const struct config_problem *a,
            const struct config_problem *b)
{
    bool host_a = c->file && str_eq(a->file, c->file);
    bool host_b = c->file && str_eq(b->file, c->file);
    int files = strcmp(a->file, b->file);

    if (host_a != host_b)
        return host_b;
    if (files)
        return files > 0;
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

/* By insertion: few, nearly in order already, and those of one place stay as they came. */
void
problems_sort(struct config *c)
{
    for (size_t i = 1; i < c->problem_count; i++) {
        struct config_problem p = c->problems[i];
        size_t at = i;

        for (; at > 0 && comes_after(c, &c->problems[at - 1], &p); at--)
            c->problems[at] = c->problems[at - 1];
        c->problems[at] = p;
    }
}

static void
print_rest(struct buf *out, size_t found, const char *what)
{
    if (found > CAP_CONFIG_ERRORS)
        buf_printf(out, "... and %zu more %s\n", found - CAP_CONFIG_ERRORS, what);
}

void
config_print_problems(const struct config *c, struct buf *out)
{
    for (size_t i = 0; i < c->problem_count; i++) {
        const struct config_problem *p = &c->problems[i];

        buf_str(out, p->file);
        if (p->line)
            buf_printf(out, ":%d:%d", p->line, p->column);
        buf_printf(out, ": %s%s%s%s\n", p->where, *p->where ? ": " : "",
                   p->warning ? "warning: " : "", p->text);
    }
    print_rest(out, c->error_count, "mistakes");
    print_rest(out, c->warning_count, "warnings");
}
