#include "model/json.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "model/caps.h"

#define WANTED_MAX 64

static bool
wrong(struct json_cursor *c, const char *what)
{
    c->wrong = what;
    return false;
}

static bool
too_early(struct json_cursor *c)
{
    c->at = c->end;
    return wrong(c, "the text ends too early");
}

void
json_space(struct json_cursor *c)
{
    while (c->at < c->end &&
           (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t'))
        c->at++;
}

static bool
is_digit(const struct json_cursor *c)
{
    return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

static bool
digits(struct json_cursor *c)
{
    if (!is_digit(c))
        return wrong(c, "a number wants a digit here");
    while (is_digit(c))
        c->at++;
    return true;
}

static bool
number(struct json_cursor *c)
{
    if (*c->at == '-')
        c->at++;
    if (c->at < c->end && *c->at == '0') {
        c->at++;
        if (is_digit(c))
            return wrong(c, "a number begins with a needless 0");
    } else if (!digits(c)) {
        return false;
    }
    if (c->at < c->end && *c->at == '.') {
        c->at++;
        if (!digits(c))
            return false;
    }
    if (c->at < c->end && (*c->at == 'e' || *c->at == 'E')) {
        c->at++;
        if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
            c->at++;
        if (!digits(c))
            return false;
    }
    return true;
}

static int
hex_digit(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    ch |= 0x20;
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* at is on the backslash. */
static bool
escape(struct json_cursor *c)
{
    if (c->end - c->at < 2)
        return too_early(c);
    if (c->at[1] != 'u') {
        if (c->at[1] == '\0' || !strchr("\"\\/bfnrt", c->at[1]))
            return wrong(c, "an escape that JSON does not have");
        c->at += 2;
        return true;
    }
    if (c->end - c->at < 6)
        return too_early(c);
    for (int i = 2; i < 6; i++)
        if (hex_digit(c->at[i]) < 0)
            return wrong(c, "\\u wants four hexadecimal digits");
    c->at += 6;
    return true;
}

static bool
expect(struct json_cursor *c, char ch, const char *otherwise)
{
    if (c->at == c->end)
        return too_early(c);
    if (*c->at != ch)
        return wrong(c, otherwise);
    c->at++;
    return true;
}

/* Bytes of a string that need a look: its end, escapes, controls, what is not ASCII. */
static const bool special[256] = {
    [0x00 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x80 ... 0xff] = true,
};

static bool
string(struct json_cursor *c)
{
    if (!expect(c, '"', "wanted a name in double quotes"))
        return false;
    for (;;) {
        const char *run;

        while (c->at < c->end && !special[(unsigned char)*c->at])
            c->at++;
        if (c->at == c->end)
            return too_early(c);
        if (*c->at == '"') {
            c->at++;
            return true;
        }
        if (*c->at == '\\') {
            if (!escape(c))
                return false;
            continue;
        }
        for (run = c->at; c->at < c->end && (unsigned char)*c->at >= 0x80; c->at++)
            ;
        if (run == c->at)
            return wrong(c, "a control character in a string: write it as \\n, \\t or \\u00..");
        if (!utf8_valid(run, (size_t)(c->at - run))) {
            c->at = run;
            return wrong(c, "a string is not valid UTF-8");
        }
    }
}

static bool
word(struct json_cursor *c, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len) != 0)
        return wrong(c, "a value is wanted here");
    c->at += len;
    return true;
}

static bool any(struct json_cursor *c, int depth);

/* at is on the '['. */
static bool
array(struct json_cursor *c, int depth)
{
    c->at++;
    json_space(c);
    if (c->at < c->end && *c->at == ']') {
        c->at++;
        return true;
    }
    for (;;) {
        if (!any(c, depth))
            return false;
        json_space(c);
        if (c->at < c->end && *c->at == ']') {
            c->at++;
            return true;
        }
        if (!expect(c, ',', "wanted ',' or ']'"))
            return false;
        json_space(c);
    }
}

bool
json_enter_object(struct json_cursor *c)
{
    json_space(c);
    return expect(c, '{', "wanted an object");
}

static int
next_member(struct json_cursor *c, struct json_member *ret, bool first, int depth)
{
    json_space(c);
    if (c->at < c->end && *c->at == '}') {
        c->at++;
        return 0;
    }
    if (!first && !expect(c, ',', "wanted ',' or '}'"))
        return -1;
    json_space(c);
    ret->name.at = c->at + 1;
    if (!string(c))
        return -1;
    ret->name.len = (size_t)(c->at - ret->name.at) - 1;
    json_space(c);
    if (!expect(c, ':', "wanted ':'"))
        return -1;
    json_space(c);
    ret->value.at = c->at;
    if (!any(c, depth))
        return -1;
    ret->value.len = (size_t)(c->at - ret->value.at);
    return 1;
}

int
json_next_member(struct json_cursor *c, struct json_member *ret)
{
    /* No value ends with '{', so that only the object itself has just begun there. */
    return next_member(c, ret, c->at[-1] == '{', 1);
}

static bool
object(struct json_cursor *c, int depth)
{
    struct json_member m;
    int got;

    c->at++;
    for (bool first = true; (got = next_member(c, &m, first, depth)) == 1; first = false)
        ;
    return got == 0;
}

static bool
any(struct json_cursor *c, int depth)
{
    if (c->at == c->end)
        return too_early(c);
    switch (*c->at) {
    case '{':
    case '[':
        if (depth >= CAP_JSON_DEPTH)
            return wrong(c, "nested too deeply");
        return *c->at == '{' ? object(c, depth + 1) : array(c, depth + 1);
    case '"':
        return string(c);
    case 't':
        return word(c, "true");
    case 'f':
        return word(c, "false");
    case 'n':
        return word(c, "null");
    default:
        if (*c->at != '-' && !is_digit(c))
            return wrong(c, "a value is wanted here");
        return number(c);
    }
}

bool
json_value(struct json_cursor *c)
{
    return any(c, 0);
}

bool
json_end(struct json_cursor *c)
{
    json_space(c);
    return c->at == c->end || wrong(c, "something follows the end");
}

bool
json_name_is(const struct json_member *m, const char *name, size_t len)
{
    char text[6 * WANTED_MAX];

    if (m->name.len == len && memcmp(m->name.at, name, len) == 0)
        return memchr(name, '\\', len) == NULL;
    assert(len <= WANTED_MAX);
    if (m->name.len <= len || m->name.len > 6 * len ||
        !memchr(m->name.at, '\\', m->name.len))
        return false;
    return json_unescape(m->name.at, m->name.len, text) == (int64_t)len &&
           memcmp(text, name, len) == 0;
}

static unsigned
four_digits(const char *at)
{
    unsigned v = 0;

    for (int i = 0; i < 4; i++)
        v = v << 4 | (unsigned)hex_digit(at[i]);
    return v;
}

static size_t
put_utf8(unsigned ch, char *out)
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    if (ch < 0x800) {
        out[0] = (char)(0xc0 | ch >> 6);
        out[1] = (char)(0x80 | (ch & 0x3f));
        return 2;
    }
    if (ch < 0x10000) {
        out[0] = (char)(0xe0 | ch >> 12);
        out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
        out[2] = (char)(0x80 | (ch & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | ch >> 18);
    out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
    out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
    out[3] = (char)(0x80 | (ch & 0x3f));
    return 4;
}

/* The character of a \u escape at `at`, with its second half where it is a pair. Returns
   how many bytes it took, 0 for half of a pair. */
static size_t
unicode_escape(const char *at, const char *end, unsigned *ret)
{
    unsigned ch = four_digits(at + 2), low;

    *ret = ch;
    if (ch < 0xd800 || ch > 0xdfff)
        return 6;
    if (ch >= 0xdc00 || end - at < 12 || at[6] != '\\' || at[7] != 'u')
        return 0;
    low = four_digits(at + 8);
    if (low < 0xdc00 || low > 0xdfff)
        return 0;
    *ret = 0x10000 + ((ch - 0xd800) << 10) + (low - 0xdc00);
    return 12;
}

int64_t
json_unescape(const char *inside, size_t len, char *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = inside, *end = inside + len;
    size_t used = 0;

    while (at < end) {
        const char *slash = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((slash ? slash : end) - at);

        memcpy(out + used, at, plain);
        used += plain;
        at += plain;
        if (!slash)
            break;
        if (at[1] == 'u') {
            unsigned ch;
            size_t took = unicode_escape(at, end, &ch);

            if (took == 0)
                return -1;
            used += put_utf8(ch, out + used);
            at += took;
        } else {
            out[used++] = to[strchr(from, at[1]) - from];
            at += 2;
        }
    }
    return (int64_t)used;
}

const char *
json_kind(const struct slice *value)
{
    switch (value->len > 0 ? value->at[0] : '\0') {
    case '{':
        return "an object";
    case '[':
        return "an array";
    case '"':
        return "a string";
    case 't':
    case 'f':
        return "a boolean";
    case 'n':
        return "null";
    case '\0':
        return "nothing";
    default:
        return "a number";
    }
}
