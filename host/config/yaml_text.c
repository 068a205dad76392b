/* yaml_text.c - is this text at all, and of the kind a person can see? Asked before the YAML
   parser gets it, so that the answer names a place and what to do. */
#include <stdio.h>

#include "base/text.h"
#include "config/visible.h"
#include "config/yaml.h"

struct cursor {
    const char *text;
    size_t len, at;
    int line, column;
};

static bool
complain(const struct cursor *c, struct yaml_error *ret, const char *text)
{
    ret->line = c->line;
    ret->column = c->column;
    snprintf(ret->text, sizeof(ret->text), "%s", text);
    return false;
}

/* Directives that name tags have no use here, and libyaml compares each with all others. */
static bool
tag_directive(const struct cursor *c)
{
    return c->column == 1 && c->len - c->at >= 5 && memcmp(c->text + c->at, "%TAG", 4) == 0 &&
           (c->text[c->at + 4] == ' ' || c->text[c->at + 4] == '\t');
}

static void
advance(struct cursor *c, uint32_t ch, size_t n)
{
    bool crlf = ch == '\r' && c->at + 1 < c->len && c->text[c->at + 1] == '\n';

    c->at += n;
    if (ch == '\n' || (ch == '\r' && !crlf)) {
        c->line++;
        c->column = 1;
    } else if (!crlf) {
        c->column++;
    }
}

static bool
wide_encoding(const char *text, size_t len)
{
    return len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
                        (len >= 4 && memcmp(text, "\0\0\xfe\xff", 4) == 0));
}

bool
yaml_check_text(const char **text, size_t *len, struct yaml_error *ret)
{
    struct cursor c = { *text, *len, 0, 1, 1 };
    char words[128];

    if (wide_encoding(*text, *len)) {
        c.line = c.column = 0;
        return complain(&c, ret, "wanted UTF-8 text, found UTF-16 or UTF-32: save it as UTF-8");
    }
    if (*len >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0) {
        c.text = *text += 3;
        c.len = *len -= 3;
    }
    while (c.at < c.len) {
        uint32_t ch;
        size_t n = utf8_char(c.text + c.at, c.len - c.at, &ch);

        if (n == 0)
            return complain(&c, ret, "wanted UTF-8 text, found bytes that are not: save it as "
                                     "UTF-8");
        if (ch == 0)
            return complain(&c, ret, "wanted text, found a NUL byte");
        if (!char_visible(ch)) {
            snprintf(words, sizeof(words),
                     "found an invisible character (U+%04X): remove it", (unsigned)ch);
            return complain(&c, ret, words);
        }
        if (tag_directive(&c))
            return complain(&c, ret, "%TAG directives are not understood here: remove it");
        advance(&c, ch, n);
    }
    return true;
}

char
yaml_look_around(const char *text, size_t len, int line, int column, struct yaml_error *ret)
{
    struct cursor c = { text, len, 0, 1, 1 };

    ret->line = 0;
    while (c.at < c.len && (c.line < line || (c.line == line && c.column < column))) {
        uint32_t ch;
        size_t n = utf8_char(c.text + c.at, c.len - c.at, &ch);

        if (ch == 0xa0 && c.line >= line - 1)
            complain(&c, ret, "found a non-breaking space (U+00A0), which is none to YAML: type "
                              "a plain one");
        advance(&c, ch, n);
    }
    return c.at < c.len ? text[c.at] : '\0';
}
