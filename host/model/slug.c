/* slug.c - text as a lower-case name of [a-z0-9] and single hyphens. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/unicode.h"
#include "model/slug.h"

/* Latin letters that Unicode does not take apart, after lower-casing. */
static const struct {
    const char *letter, *plain;
} spellings[] = {
    { "æ", "ae" }, { "ø", "o" }, { "œ", "oe" }, { "ß", "ss" }, { "đ", "d" }, { "ð", "d" },
    { "þ", "th" }, { "ħ", "h" }, { "ı", "i" }, { "ł", "l" }, { "ŋ", "n" }, { "ŧ", "t" },
    { "ĳ", "ij" }, { "ĸ", "k" }, { "ſ", "s" },
};

static const char *
spelling(const char *letter, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
        if (strlen(spellings[i].letter) == len && memcmp(spellings[i].letter, letter, len) == 0)
            return spellings[i].plain;
    return NULL;
}

char *
slug(const char *text)
{
    CLEANUP(free_ptr) char *lower = unicode_lower(text);
    CLEANUP(free_ptr) char *plain = unicode_strip_marks(lower);
    size_t len = strlen(plain), n;
    struct buf out = BUF_INIT(3 * len + 1);
    bool gap = false;

    for (size_t i = 0; i < len; i += n) {
        char c = plain[i];
        const char *add;

        n = utf8_step(plain + i, len - i);
        add = n > 1 ? spelling(plain + i, n) : NULL;
        if (!add && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            gap = true;
            continue;
        }
        if (gap && out.len)
            buf_byte(&out, '-');
        gap = false;
        if (add)
            buf_str(&out, add);
        else
            buf_byte(&out, c);
    }
    return out.len ? buf_take(&out) : xstrdup("");
}
