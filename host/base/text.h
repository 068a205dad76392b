/* text.h - small pure helpers on strings: strict numbers, UTF-8, hex, base64, base32. */
#ifndef HERMOD_BASE_TEXT_H
#define HERMOD_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool
str_eq(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool str_starts(const char *text, const char *prefix);
/* The whole of text is a decimal number within min..max; else false, *ret unchanged. */
bool parse_i64(const char *text, int64_t min, int64_t max, int64_t *ret);

/* Strict (no overlongs, no surrogates, at most U+10FFFF). */
/* Bytes (1..4) of the character that text starts with; 0 when it is not one. */
size_t utf8_step(const char *text, size_t len);
bool utf8_valid(const char *text, size_t len);
/* The largest n <= max so that text[0..n) ends between characters. */
size_t utf8_floor(const char *text, size_t len, size_t max);
/* How many characters. text is valid UTF-8. */
size_t utf8_count(const char *text, size_t len);

/* Where text begins without white space (Unicode's White_Space) around it, and how long it
   then is. */
const char *text_trim(const char *text, size_t *ret_len);

/* out has room for 2 * len + 1. Lower case, NUL-terminated. */
void hex_encode(const void *data, size_t len, char *out);
/* Decodes exactly; -1 on a bad digit or odd length; else the number of bytes. */
int64_t hex_decode(const char *text, size_t len, uint8_t *out);

#define BASE64_LEN(n) (((n) + 2) / 3 * 4 + 1)      /* with the NUL */
void base64_encode(const void *data, size_t len, char *out);
/* Standard alphabet (also the URL one), padding optional, nothing else allowed.
   out has room for len. Returns the number of bytes, -1 when malformed. */
int64_t base64_decode(const char *text, size_t len, uint8_t *out);

/* Crockford's alphabet in lower case, most significant bit first; 16 bytes make 26
   characters. out has room for (len * 8 + 4) / 5 + 1. */
void base32_encode(const void *data, size_t len, char *out);
/* Percent-encodes all but RFC 3986 unreserved characters. out: 3 * len + 1. */
size_t percent_encode(const char *text, size_t len, char *out);
/* Decodes %XX; -1 when malformed. out has room for len. */
int64_t percent_decode(const char *text, size_t len, char *out);

#endif
