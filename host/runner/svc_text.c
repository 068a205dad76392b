/* svc_text.c - the text group. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/unicode.h"
#include "model/phone.h"
#include "model/slug.h"
#include "runner/call.h"

/* false, and the call is marked, when text is NULL. */
static bool
given(struct call *c, const char *service, const char *text)
{
    if (!text)
        call_misuse(c, "%s: the text is NULL", service);
    return text != NULL;
}

static const char *PRINTF_LIKE(2, 3)
text_format(struct hermod_call *pub, const char *fmt, ...)
{
    struct call *c = call_of(pub);
    const char *text;
    va_list ap;

    if (!given(c, "hermod_format", fmt))
        return "";
    va_start(ap, fmt);
    text = arena_vprintf(&c->arena, fmt, ap);
    va_end(ap);
    return text;
}

/* What fn makes of text, in the call's memory. */
static const char *
mapped(struct hermod_call *pub, const char *service, const char *text, char *(*fn)(const char *))
{
    struct call *c = call_of(pub);
    CLEANUP(free_ptr) char *out = NULL;

    if (!given(c, service, text))
        return "";
    out = fn(text);
    return arena_strdup(&c->arena, out);
}

static const char *
text_lower(struct hermod_call *pub, const char *text)
{
    return mapped(pub, "hermod_lower", text, unicode_lower);
}

static const char *
text_nfc(struct hermod_call *pub, const char *text)
{
    return mapped(pub, "hermod_nfc", text, unicode_nfc);
}

static const char *
text_slug(struct hermod_call *pub, const char *text)
{
    return mapped(pub, "hermod_slug", text, slug);
}

static const char *
text_trimmed(struct hermod_call *pub, const char *text)
{
    struct call *c = call_of(pub);
    size_t len;

    if (!given(c, "hermod_trim", text))
        return "";
    text = text_trim(text, &len);
    return arena_memdup0(&c->arena, text, len);
}

static const char *
text_cut(struct hermod_call *pub, const char *text, size_t max_bytes)
{
    struct call *c = call_of(pub);

    if (!given(c, "hermod_cut", text))
        return "";
    return arena_memdup0(&c->arena, text, utf8_floor(text, strlen(text), max_bytes));
}

static const char *
text_percent(struct hermod_call *pub, const char *text)
{
    struct call *c = call_of(pub);
    char *out;

    if (!given(c, "hermod_percent", text))
        return "";
    out = arena_alloc(&c->arena, 3 * strlen(text) + 1);
    percent_encode(text, strlen(text), out);
    return out;
}

static const char *
text_phone(struct hermod_call *pub, const char *number, const char *country)
{
    struct call *c = call_of(pub);
    char out[PHONE_MAX + 1];

    if (!given(c, "hermod_phone", number) || !given(c, "hermod_phone", country))
        return "";
    phone_e164(number, country, out);
    return arena_strdup(&c->arena, out);
}

const struct hermod_text_api svc_text = {
    .format = text_format,
    .lower = text_lower,
    .nfc = text_nfc,
    .slug = text_slug,
    .trim = text_trimmed,
    .cut = text_cut,
    .percent = text_percent,
    .phone = text_phone,
};
