/* values.c - see values.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/values.h"
#include "config/visible.h"
#include "model/duration.h"

/* ---- words ---- */

static bool
has_range(const struct setting_info *row)
{
    return row->min != 0 || row->max != 0;
}

static void
wanted_choice(const char *choices, char *out, size_t size)
{
    size_t len = (size_t)snprintf(out, size, "one of ");

    for (; *choices && len + 2 < size; choices++) {
        if (*choices == '|') {
            out[len++] = ',';
            out[len++] = ' ';
        } else {
            out[len++] = *choices;
        }
    }
    out[len] = '\0';
}

void
value_wanted(const struct setting_info *row, char *out, size_t size)
{
    char min[48], max[48];

    switch ((enum setting_type)row->type) {
    case SETTING_STRING:
        snprintf(out, size, "a string");
        break;
    case SETTING_BOOL:
        snprintf(out, size, "true or false");
        break;
    case SETTING_INT:
        if (has_range(row))
            snprintf(out, size, "an integer from %" PRId64 " to %" PRId64, row->min, row->max);
        else
            snprintf(out, size, "an integer");
        break;
    case SETTING_DURATION:
        duration_text(row->min, min);
        duration_text(row->max, max);
        if (has_range(row))
            snprintf(out, size, "a duration from %s to %s", min, max);
        else
            snprintf(out, size, "a duration such as 30s, 5m or 14d");
        break;
    case SETTING_CHOICE:
        wanted_choice(row->choices ? row->choices : "", out, size);
        break;
    case SETTING_STRINGS:
        snprintf(out, size, "a list of strings");
        break;
    case SETTING_MAP:
        snprintf(out, size, "a map of strings");
        break;
    }
}

const char *
value_found(struct found *f, const struct yaml_node *n, bool secret)
{
    enum yaml_type type;
    int cut;

    if (n->kind != YAML_SCALAR)
        return n->kind == YAML_LIST ? "a list" : "a map";
    if (*n->tag) {
        snprintf(f->text, sizeof(f->text), "something else in %s %.100s", n->tag,
                 ref_shown(n));
        return f->text;
    }
    type = yaml_type(n);
    if (type == YAML_NULL)
        return "nothing";
    if (n->len == 0)
        return "an empty string";
    if (secret)
        return type == YAML_BOOL ? "true or false" : type == YAML_STRING ? "a string"
                                                                         : "a number";
    cut = (int)utf8_floor(n->text, n->len, n->len < 40 ? n->len : 40);
    snprintf(f->text, sizeof(f->text), "%s%.*s%s%s", type == YAML_STRING ? "\"" : "", cut,
             n->text, (size_t)cut < n->len ? "..." : "", type == YAML_STRING ? "\"" : "");
    return f->text;
}

const char *
text_control(const char *text, size_t len, char out[64])
{
    uint32_t ch;
    size_t n;

    for (size_t i = 0; i < len; i += n) {
        n = utf8_char(text + i, len - i, &ch);
        if (n == 0)
            return "bytes that are not UTF-8";
        if (ch >= 0x20 && char_visible(ch))
            continue;
        snprintf(out, 64, "%s (U+%04X)",
                 ch == '\n' || ch == '\r' ? "a line break"
                 : ch == '\t'             ? "a tab"
                                          : "an invisible character",
                 (unsigned)ch);
        return out;
    }
    return NULL;
}

/* ---- one scalar ---- */

struct job {
    struct check *k;
    const struct place *at;
    const struct setting_info *row;
    const struct yaml_node *n;             /* as it stands in the file */
    struct yaml_node value;                /* behind the reference, when it is one */
};

static bool
is_secret(const struct job *j)
{
    return (j->row->flags & SETTING_SECRET) != 0;
}

static int
refuse(const struct job *j, const char *hint)
{
    char wanted[300];
    struct found f;

    value_wanted(j->row, wanted, sizeof(wanted));
    check_error(j->k, j->at, j->n, "wanted %s, found %s%s", wanted,
                value_found(&f, j->n, is_secret(j)), hint);
    return -1;
}

static void
warn_of_mode(struct check *k, const struct place *at, const struct yaml_node *n)
{
    if (k->mode_told || !(k->mode & 044))
        return;
    k->mode_told = true;
    check_warn(k, at, n, "file mode %04o: %s can read the secrets in this file; chmod 600, or "
                         "keep them elsewhere with !file", k->mode,
               k->mode & 04 ? "others" : "its group");
}

/* Follows a reference and refuses what is no single value. */
static int
resolve(struct job *j)
{
    const char *text;
    size_t len;

    if (j->n->kind != YAML_SCALAR)
        return refuse(j, "");
    j->value = *j->n;
    if (!*j->n->tag)
        return 0;
    if (ref_read(j->k, j->at, j->n, &text, &len) < 0)
        return -1;
    j->value.text = text;
    j->value.len = len;
    j->value.tag = "";
    j->value.quoted = false;
    return 0;
}

static bool
is_any(const char *at, const char *const *words)
{
    for (; *words; words++) {
        if (str_starts(at, *words))
            return true;
    }
    return false;
}

/* What is allowed, and hardly ever meant. */
static void
warn_of_text(const struct job *j, const char *text, size_t len)
{
    /* What mail and word processors make of plain ones. */
    static const char *const quotes[] = { "\u201c", "\u201d", "\u201e", "\u2018", "\u2019",
                                          "\u00ab", NULL };

    if (is_secret(j) && !*j->n->tag && len > 0)
        warn_of_mode(j->k, j->at, j->n);
    if (is_any(text, quotes))
        check_warn(j->k, j->at, j->n, "begins with a typographic quote, which is part of the "
                                      "value: write \" or '");
    if (is_secret(j) && len > 0 && (text[0] == ' ' || text[len - 1] == ' '))
        check_warn(j->k, j->at, j->n, "begins or ends with a space, which is part of the secret");
}

static int
read_text(struct job *j, const char **ret)
{
    const struct yaml_node *v = &j->value;
    enum yaml_type type = yaml_type(v);
    char words[64];
    const char *bad;

    if (!*j->n->tag && type == YAML_BOOL)
        return refuse(j, "; if it is meant as text, put it in quotes");
    if (!*j->n->tag && type == YAML_NULL)
        return refuse(j, "");
    bad = text_control(v->text, v->len, words);
    if (bad) {
        check_error(j->k, j->at, j->n, "wanted a string on one line, found %s in it%s", bad,
                    v->text[v->len - 1] == '\n' ? " (after '|' or '>' write '-': \"|-\")" : "");
        return -1;
    }
    if (v->len > CAP_SETTING) {
        check_error(j->k, j->at, j->n, "wanted a string of at most %d bytes, found %zu",
                    CAP_SETTING, v->len);
        return -1;
    }
    warn_of_text(j, v->text, v->len);
    *ret = *j->n->tag ? v->text : arena_memdup0(&j->k->c->arena, v->text, v->len);
    return 0;
}

static bool
is_url_row(const struct setting_info *row)
{
    size_t len = strlen(row->name);
    const char *end = row->name + (len < 3 ? 0 : len - 3);

    return str_eq(row->name, "url") || str_eq(end, "Url") || str_eq(end, "URL");
}

static int
read_string(struct job *j, struct setting_value *ret)
{
    const char *trouble, *text = "";

    if (read_text(j, &text) < 0)
        return -1;
    trouble = is_url_row(j->row) && *text ? url_trouble(text) : NULL;
    if (trouble) {
        check_error(j->k, j->at, j->n, "wanted an absolute http or https URL, found %s",
                    trouble);
        return -1;
    }
    ret->text = text;
    return 0;
}

static int
read_bool(struct job *j, struct setting_value *ret)
{
    if (yaml_type(&j->value) != YAML_BOOL)
        return refuse(j, j->value.quoted && (str_eq(j->value.text, "true") ||
                                             str_eq(j->value.text, "false"))
                             ? "; remove the quotes" : "");
    ret->number = (j->value.text[0] | 32) == 't';
    return 0;
}

static int
read_int(struct job *j, struct setting_value *ret)
{
    int64_t v;

    if (yaml_type(&j->value) != YAML_INT) {
        struct yaml_node plain = j->value;

        plain.quoted = false;
        return refuse(j, j->value.quoted && yaml_type(&plain) == YAML_INT
                             ? "; remove the quotes" : "");
    }
    if (!yaml_int(&j->value, &v) || !setting_in_range(j->row, v))
        return refuse(j, "");
    ret->number = v;
    return 0;
}

static int
read_duration(struct job *j, struct setting_value *ret)
{
    enum yaml_type type = yaml_type(&j->value);
    int64_t v;

    if (duration_parse(j->value.text, &v) < 0)
        return refuse(j, type == YAML_INT || type == YAML_FLOAT
                             ? "; say the unit, as in 500ms, 30s, 5m, 12h or 14d" : "");
    if (!setting_in_range(j->row, v))
        return refuse(j, "");
    ret->number = v;
    return 0;
}

/* The choice that was meant, when it is near; "" else. */
static void
choice_hint(struct job *j, char *hint, size_t size)
{
    const char *words[32], *p = j->row->choices;
    size_t n, count = 0;

    for (; *p && count < ARRAY_LEN(words); p += n + (p[n] == '|')) {
        n = strcspn(p, "|");
        words[count++] = arena_memdup0(&j->k->c->arena, p, n);
    }
    check_hint(hint, size, j->value.text, "", words, count);
    if (is_secret(j) || *j->n->tag || !str_starts(hint, "; did"))
        *hint = '\0';
}

static int
read_choice(struct job *j, struct setting_value *ret)
{
    const struct yaml_node *v = &j->value;
    char hint[200] = "";

    if (setting_has_choice(j->row, v->text)) {
        ret->text = arena_memdup0(&j->k->c->arena, v->text, v->len);
        return 0;
    }
    if (j->row->choices && v->len > 0 && v->len < 100)
        choice_hint(j, hint, sizeof(hint));
    return refuse(j, hint);
}

static int
read_one(struct job *j, struct setting_value *ret)
{
    if (resolve(j) < 0)
        return -1;
    switch ((enum setting_type)j->row->type) {
    case SETTING_STRING:
        return read_string(j, ret);
    case SETTING_BOOL:
        return read_bool(j, ret);
    case SETTING_INT:
        return read_int(j, ret);
    case SETTING_DURATION:
        return read_duration(j, ret);
    default:
        return read_choice(j, ret);
    }
}

/* ---- lists and maps ---- */

/* Elements and members are read as strings of their own. */
static struct setting_info
element_row(const struct setting_info *row)
{
    return (struct setting_info){ .name = "", .type = SETTING_STRING, .flags = row->flags };
}

static int
read_list(struct job *j, struct setting_value *ret)
{
    struct setting_info row = element_row(j->row);
    const struct yaml_node *first = j->n->kind == YAML_LIST ? j->n->child : j->n;
    size_t count = j->n->kind == YAML_LIST ? j->n->count : 1;
    const char **list;
    int bad = 0;

    if (j->n->kind == YAML_MAP || yaml_is_null(j->n))
        return refuse(j, "");
    list = arena_alloc(&j->k->c->arena, (count + 1) * sizeof(*list));
    for (const struct yaml_node *n = first; n && ret->count < count; n = n->next) {
        struct setting_value v = { 0 };

        if (value_read(j->k, j->at, &row, n, &v) < 0)
            bad = -1;
        list[ret->count++] = v.text;
    }
    ret->list = list;
    return bad;
}

static int
read_map(struct job *j, struct setting_value *ret)
{
    struct setting_info row = element_row(j->row);
    struct arena *a = &j->k->c->arena;
    int bad = 0;

    if (j->n->kind != YAML_MAP)
        return refuse(j, "");
    ret->map = arena_alloc(a, (j->n->count + 1) * sizeof(*ret->map));
    for (const struct yaml_node *n = j->n->child; n; n = n->next) {
        char words[64];
        const char *control = text_control(n->key->text, n->key->len, words);
        struct setting_value v = { 0 };

        if (control) {
            check_error(j->k, j->at, n->key, "wanted a key on one line, found %s in it",
                        control);
            bad = -1;
        }
        if (value_read(j->k, PLACE(j->at, n->key->text), &row, n, &v) < 0)
            bad = -1;
        ret->map[ret->count++] = (struct setting_pair){
            arena_memdup0(a, n->key->text, n->key->len), v.text
        };
    }
    return bad;
}

static bool
is_empty(const struct setting_info *row, const struct setting_value *v)
{
    switch ((enum setting_type)row->type) {
    case SETTING_STRING:
        return *v->text == '\0';
    case SETTING_STRINGS:
    case SETTING_MAP:
        return v->count == 0;
    default:
        return false;
    }
}

int
value_read(struct check *k, const struct place *at, const struct setting_info *row,
           const struct yaml_node *n, struct setting_value *ret)
{
    struct job j = { .k = k, .at = at, .row = row, .n = n };
    struct setting_value v = { .set = true, .text = "" };
    int bad = row->type == SETTING_STRINGS ? read_list(&j, &v)
              : row->type == SETTING_MAP   ? read_map(&j, &v)
                                           : read_one(&j, &v);

    if (bad)
        return -1;
    if ((row->flags & (SETTING_REQUIRED | SETTING_NOT_EMPTY)) && is_empty(row, &v))
        return row->type == SETTING_STRING
                   ? refuse(&j, "")
                   : refuse(&j, row->type == SETTING_MAP ? " without members"
                                                         : " without elements");
    *ret = v;
    return 0;
}
