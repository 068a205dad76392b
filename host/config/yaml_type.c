/* yaml_type.c - what a scalar is by YAML 1.2's core schema (section 10.3.2), and nodes as
   JSON. libyaml knows only YAML 1.1 and leaves types to us. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/yaml.h"

static bool
one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (str_eq(text, *words))
            return true;
    }
    return false;
}

static size_t
digits(const char *p, const char *set)
{
    return strspn(p, set);
}

#define DECIMAL "0123456789"
#define OCTAL "01234567"
#define HEX "0123456789abcdefABCDEF"

static bool
is_int(const char *p)
{
    size_t n;

    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'o')) {
        n = digits(p + 2, p[1] == 'x' ? HEX : OCTAL);
        return n > 0 && p[2 + n] == '\0';
    }
    if (*p == '-' || *p == '+')
        p++;
    n = digits(p, DECIMAL);
    return n > 0 && p[n] == '\0';
}

static bool
is_float(const char *p)
{
    static const char *const special[] = { ".inf", ".Inf", ".INF", NULL };
    static const char *const nan[] = { ".nan", ".NaN", ".NAN", NULL };
    size_t whole, part = 0;

    if (one_of(p, nan))
        return true;
    if (*p == '-' || *p == '+')
        p++;
    if (one_of(p, special))
        return true;
    whole = digits(p, DECIMAL);
    p += whole;
    if (*p == '.') {
        part = digits(p + 1, DECIMAL);
        p += 1 + part;
    }
    if (whole + part == 0)
        return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '-' || *p == '+')
            p++;
        if (digits(p, DECIMAL) == 0)
            return false;
        p += digits(p, DECIMAL);
    }
    return *p == '\0';
}

enum yaml_type
yaml_type(const struct yaml_node *n)
{
    static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
    static const char *const bools[] = { "true", "True", "TRUE",
                                         "false", "False", "FALSE", NULL };

    if (n->quoted || *n->tag)
        return YAML_STRING;
    if (one_of(n->text, nulls))
        return YAML_NULL;
    if (one_of(n->text, bools))
        return YAML_BOOL;
    if (is_int(n->text))
        return YAML_INT;
    return is_float(n->text) ? YAML_FLOAT : YAML_STRING;
}

bool
yaml_is_null(const struct yaml_node *n)
{
    return n->kind == YAML_SCALAR && yaml_type(n) == YAML_NULL;
}

bool
yaml_int(const struct yaml_node *n, int64_t *ret)
{
    const char *p = n->text;
    uint64_t v = 0;
    unsigned base;

    if (p[0] != '0' || (p[1] != 'x' && p[1] != 'o'))
        return parse_i64(p[0] == '+' ? p + 1 : p, INT64_MIN, INT64_MAX, ret);
    base = p[1] == 'x' ? 16 : 8;
    for (p += 2; *p; p++) {
        unsigned digit = *p <= '9' ? (unsigned)(*p - '0') : (unsigned)((*p | 32) - 'a' + 10);

        if (v > ((uint64_t)INT64_MAX - digit) / base)
            return false;
        v = v * base + digit;
    }
    *ret = (int64_t)v;
    return true;
}

/* Decimal digits as JSON wants them: no plus, no leading zeros. */
static void
decimal_to_json(const char *p, struct buf *out)
{
    if (*p == '-')
        buf_byte(out, '-');
    if (*p == '-' || *p == '+')
        p++;
    p += strspn(p, "0");
    if (*p < '0' || *p > '9')
        buf_byte(out, '0');
    for (; *p; p++) {
        buf_byte(out, *p);
        if (*p == '.' && (p[1] < '0' || p[1] > '9'))
            buf_byte(out, '0');            /* "5." and "5.e3" */
    }
}

static void
scalar_to_json(const struct yaml_node *n, struct buf *out)
{
    int64_t number;

    switch (yaml_type(n)) {
    case YAML_NULL:
        buf_str(out, "null");
        return;
    case YAML_BOOL:
        buf_str(out, (n->text[0] | 32) == 't' ? "true" : "false");
        return;
    case YAML_INT:
        if (n->text[0] != '0' || (n->text[1] != 'x' && n->text[1] != 'o')) {
            decimal_to_json(n->text, out);
            return;
        }
        if (yaml_int(n, &number)) {
            buf_printf(out, "%" PRId64, number);
            return;
        }
        break;
    case YAML_FLOAT:
        if (n->text[strcspn(n->text, "iInN")] == '\0') {
            decimal_to_json(n->text, out);
            return;
        }
        break;                             /* JSON has no infinity and no NaN */
    case YAML_STRING:
        break;
    }
    buf_json_n(out, n->text, n->len);
}

void
yaml_to_json(const struct yaml_node *n, struct buf *out)
{
    if (n->kind == YAML_SCALAR) {
        scalar_to_json(n, out);
        return;
    }
    buf_byte(out, n->kind == YAML_MAP ? '{' : '[');
    for (const struct yaml_node *c = n->child; c; c = c->next) {
        if (c != n->child)
            buf_byte(out, ',');
        if (n->kind == YAML_MAP) {
            buf_json_n(out, c->key->text, c->key->len);
            buf_byte(out, ':');
        }
        yaml_to_json(c, out);
    }
    buf_byte(out, n->kind == YAML_MAP ? '}' : ']');
}
