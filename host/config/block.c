/* block.c - a map by its rows: every key known, every value right, nothing missing. */
#include <stdio.h>

#include "base/text.h"
#include "config/values.h"
#include "model/suggest.h"

/* Returns the key that was probably meant, or NULL. */
static const char *
unknown_key(struct check *k, const struct place *at, const struct yaml_node *key,
            const struct setting_info *rows, size_t count, const char *const *others)
{
    struct arena *a = &k->c->arena;
    const char **names;
    size_t more = 0, n = 0;
    char hint[400];

    while (others && others[more])
        more++;
    names = arena_alloc(a, (count + more + 1) * sizeof(*names));
    for (size_t i = 0; i < count; i++)
        names[n++] = rows[i].name;
    for (size_t i = 0; i < more; i++)
        names[n++] = others[i];
    check_hint(hint, sizeof(hint), key->text, "known are", names, n);
    check_error(k, PLACE(at, key->text), key, "unknown key%s", hint);
    return suggest(key->text, names, n);
}

static size_t
row_of(const struct setting_info *rows, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && !str_eq(rows[i].name, name))
        i++;
    return i;
}

static bool
is_among(const char *word, const char *const *words)
{
    for (; words && *words; words++) {
        if (str_eq(word, *words))
            return true;
    }
    return false;
}

static int
missing(struct check *k, const struct place *at, const struct yaml_node *block,
        const struct setting_info *row)
{
    const char *help = row->help ? row->help : "";
    size_t len = strlen(help);
    char wanted[300];

    if (len > 0 && help[len - 1] == '.')
        len--;
    value_wanted(row, wanted, sizeof(wanted));
    check_error(k, PLACE(at, row->name), block->key ? block->key : block,
                "wanted %s, found no such key%s%.*s%s", wanted, len ? " (" : "", (int)len, help,
                len ? ")" : "");
    return -1;
}

int
block_read(struct check *k, const struct place *at, const struct yaml_node *n,
           const struct setting_info *rows, size_t count, const char *const *others,
           struct setting_value *values)
{
    const char *meant;
    int bad = 0;

    if (n->kind != YAML_MAP && !yaml_is_null(n)) {
        check_error(k, at, n, "wanted a map of settings, found %s",
                    n->kind == YAML_LIST ? "a list" : "a single value");
        return -1;
    }
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        size_t i = row_of(rows, count, m->key->text);

        if (i < count) {
            values[i].set = true;          /* also a bad one is there */
            if (value_read(k, PLACE(at, rows[i].name), &rows[i], m, &values[i]) < 0)
                bad = -1;
        } else if (!is_among(m->key->text, others)) {
            meant = unknown_key(k, at, m->key, rows, count, others);
            i = meant ? row_of(rows, count, meant) : count;
            if (i < count)
                values[i].set = true;      /* one mistake, one line: not missing too */
            bad = -1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!values[i].set && (rows[i].flags & SETTING_REQUIRED))
            bad = missing(k, at, n, &rows[i]);
    }
    return bad;
}
