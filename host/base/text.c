/* text.c - small pure helpers on strings. */
#include "base/mem.h"
#include "base/text.h"

static const char hex_digits[] = "0123456789abcdef";

bool
str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
parse_i64(const char *text, int64_t min, int64_t max, int64_t *ret)
{
    bool negative = *text == '-';
    const char *p = text + negative;
    int64_t n = 0;

    if (!*p)
        return false;
    for (; *p; p++) {
        if (*p < '0' || *p > '9' || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_sub_overflow(n, *p - '0', &n))   /* negative: reaches INT64_MIN */
            return false;
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, n, &n))
        return false;
    if (n < min || n > max)
        return false;
    *ret = n;
    return true;
}

/* RFC 3629, section 4, row by row. */
size_t
utf8_step(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned char low = 0x80, high = 0xbf;
    size_t n;

    if (len == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (len < n)
        return 0;
    switch (p[0]) {
    case 0xe0: low = 0xa0; break;  /* no overlong */
    case 0xed: high = 0x9f; break; /* no surrogate */
    case 0xf0: low = 0x90; break;  /* no overlong */
    case 0xf4: high = 0x8f; break; /* at most U+10FFFF */
    default: break;
    }
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

bool
utf8_valid(const char *text, size_t len)
{
    while (len) {
        size_t n = utf8_step(text, len);

        if (!n)
            return false;
        text += n;
        len -= n;
    }
    return true;
}

size_t
utf8_floor(const char *text, size_t len, size_t max)
{
    size_t n = len < max ? len : max;

    if (n == len)
        return n;
    for (size_t back = 0; n > 0 && back < 3 && ((unsigned char)text[n] & 0xc0) == 0x80; back++)
        n--;
    return n;
}

size_t
utf8_count(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

void
hex_encode(const void *data, size_t len, char *out)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < len; i++) {
        *out++ = hex_digits[p[i] >> 4];
        *out++ = hex_digits[p[i] & 15];
    }
    *out = '\0';
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int64_t
hex_decode(const char *text, size_t len, uint8_t *out)
{
    if (len % 2)
        return -1;
    for (size_t i = 0; i < len; i += 2) {
        int high = hex_value(text[i]), low = hex_value(text[i + 1]);

        if (high < 0 || low < 0)
            return -1;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return (int64_t)(len / 2);
}

void
base64_encode(const void *data, size_t len, char *out)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *p = data;

    for (; len >= 3; len -= 3, p += 3) {
        *out++ = digits[p[0] >> 2];
        *out++ = digits[(p[0] & 3) << 4 | p[1] >> 4];
        *out++ = digits[(p[1] & 15) << 2 | p[2] >> 6];
        *out++ = digits[p[2] & 63];
    }
    if (len) {
        *out++ = digits[p[0] >> 2];
        *out++ = digits[(p[0] & 3) << 4 | (len == 2 ? p[1] >> 4 : 0)];
        *out++ = len == 2 ? digits[(p[1] & 15) << 2] : '=';
        *out++ = '=';
    }
    *out = '\0';
}

static int
base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

int64_t
base64_decode(const char *text, size_t len, uint8_t *out)
{
    uint32_t bits = 0;
    size_t n = 0, full = len;

    while (full && text[full - 1] == '=' && len - full < 2)
        full--;
    if (full % 4 == 1 || (full != len && len % 4 != 0))
        return -1;
    for (size_t i = 0; i < full; i++) {
        int v = base64_value(text[i]);

        if (v < 0)
            return -1;
        bits = bits << 6 | (uint32_t)v;
        if (i % 4 != 0)
            out[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    return (int64_t)n;
}

void
base32_encode(const void *data, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    const uint8_t *p = data;
    uint32_t bits = 0;
    unsigned have = 0;

    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | p[i];
        for (have += 8; have >= 5; have -= 5)
            *out++ = digits[bits >> (have - 5) & 31];
    }
    if (have)
        *out++ = digits[bits << (5 - have) & 31];
    *out = '\0';
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

size_t
percent_encode(const char *text, size_t len, char *out)
{
    static const char upper[] = "0123456789ABCDEF";
    char *start = out;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (is_unreserved(text[i])) {
            *out++ = text[i];
            continue;
        }
        *out++ = '%';
        *out++ = upper[c >> 4];
        *out++ = upper[c & 15];
    }
    *out = '\0';
    return (size_t)(out - start);
}

int64_t
percent_decode(const char *text, size_t len, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        int high, low;

        if (text[i] != '%') {
            out[n++] = text[i];
            continue;
        }
        if (len - i < 3)
            return -1;
        high = hex_value(text[i + 1]);
        low = hex_value(text[i + 2]);
        if (high < 0 || low < 0)
            return -1;
        out[n++] = (char)(high << 4 | low);
        i += 2;
    }
    return (int64_t)n;
}

/* Bytes of the white space (Unicode's White_Space) that p begins with; 0 for none. */
static size_t
space(const char *p, size_t len)
{
    static const char *const wide[] = {
        "\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
        "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029",
        "\u202f", "\u205f", "\u3000",
    };

    if (len && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(wide); i++)
        if (len >= strlen(wide[i]) && memcmp(p, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

const char *
text_trim(const char *text, size_t *ret_len)
{
    size_t len = strlen(text), n, end = 0;

    while ((n = space(text, len))) {
        text += n;
        len -= n;
    }
    for (size_t i = 0; i < len;) { /* forwards, since UTF-8 is read that way */
        n = space(text + i, len - i);
        i += n ? n : 1;
        if (!n)
            end = i;
    }
    *ret_len = end;
    return text;
}
