/* unicode.c - Unicode lower case and normalisation, by libutf8proc. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unicode.h"

struct points {
    utf8proc_int32_t *at;
    size_t count;
};

/* All code points of text; a byte that is not UTF-8 gives U+FFFD. */
static struct points
decode(const char *text)
{
    size_t len = strlen(text), i = 0;
    struct points p = { xmalloc((len + 1) * sizeof(*p.at)), 0 };

    while (i < len) {
        size_t n = utf8_step(text + i, len - i);

        if (n) {
            utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)n,
                             &p.at[p.count++]);
        } else {
            p.at[p.count++] = 0xfffd;
            n = 1;
        }
        i += n;
    }
    return p;
}

static char *
encode(const struct points *p)
{
    char *text = xmalloc(p->count * 4 + 1);
    size_t len = 0;

    for (size_t i = 0; i < p->count; i++)
        len += (size_t)utf8proc_encode_char(p->at[i], (utf8proc_uint8_t *)text + len);
    text[len] = '\0';
    return text;
}

static char *
normalise(const struct points *p, utf8proc_option_t options)
{
    CLEANUP(free_ptr) char *text = encode(p);
    utf8proc_uint8_t *out = NULL;

    if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &out,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | options) < 0)
        die("unicode: out of memory for %zu characters", p->count);
    return (char *)out;
}

char *
unicode_nfc(const char *text)
{
    struct points p = decode(text);
    char *out = normalise(&p, UTF8PROC_COMPOSE);

    free(p.at);
    return out;
}

char *
unicode_strip_marks(const char *text)
{
    struct points p = decode(text);
    char *out = normalise(&p, UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK);

    free(p.at);
    return out;
}

static bool
is_cased(utf8proc_int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);

    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL ||
           k == UTF8PROC_CATEGORY_LT;
}

/* Case_Ignorable of the Unicode standard, section 3.13. */
static bool
is_ignorable(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        return c == '\'' || c == '.' || c == ':' || c == 0xb7 || c == 0x2018 || c == 0x2019 ||
               c == 0x2024 || c == 0x2027;
    }
}

/* A sigma at the end of a word is ς: the Final_Sigma condition of SpecialCasing. */
static bool
is_final_sigma(const struct points *p, size_t at)
{
    size_t i = at;

    while (i > 0 && is_ignorable(p->at[i - 1]))
        i--;
    if (i == 0 || !is_cased(p->at[i - 1]))
        return false;
    for (i = at + 1; i < p->count && is_ignorable(p->at[i]); i++)
        continue;
    return i == p->count || !is_cased(p->at[i]);
}

char *
unicode_lower(const char *text)
{
    struct points p = decode(text);
    struct points low = { xmalloc((p.count * 2 + 1) * sizeof(*low.at)), 0 };
    char *out;

    for (size_t i = 0; i < p.count; i++) {
        utf8proc_int32_t c = p.at[i];

        if (c == 0x130) {                  /* İ: the one letter that becomes two */
            low.at[low.count++] = 'i';
            low.at[low.count++] = 0x307;
        } else if (c == 0x3a3 && is_final_sigma(&p, i)) {
            low.at[low.count++] = 0x3c2;
        } else {
            low.at[low.count++] = utf8proc_tolower(c);
        }
    }
    out = normalise(&low, UTF8PROC_COMPOSE);
    free(p.at);
    free(low.at);
    return out;
}
