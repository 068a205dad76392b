/* decimal.c - JSON numbers as text. */
#include <string.h>

#include "model/decimal.h"

/* An exponent beyond this is the same as this: no event or answer means more. */
#define EXPONENT_MAX 1000000000

/* digits * 10^exponent, where digits are those of [at, end) without the point, and neither
   begin nor end with 0. Zero has none. */
struct decimal {
    bool negative;
    const char *at, *end;
    size_t count;
    int64_t exponent;
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t
digits(const char *p, const char *end)
{
    const char *start = p;

    while (p < end && is_digit(*p))
        p++;
    return (size_t)(p - start);
}

size_t
decimal_scan(const char *text, size_t len)
{
    const char *p = text, *end = text + len;
    size_t n;

    if (p < end && *p == '-')
        p++;
    n = digits(p, end);
    if (n == 0 || (n > 1 && *p == '0'))
        return 0;
    p += n;
    if (p < end && *p == '.') {
        n = digits(p + 1, end);
        if (n == 0)
            return 0;
        p += 1 + n;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        n = digits(p, end);
        if (n == 0)
            return 0;
        p += n;
    }
    return (size_t)(p - text);
}

bool
decimal_valid(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && decimal_scan(text, len) == len;
}

static int64_t
exponent_of(const char *p)
{
    bool negative = *p == '-';
    int64_t n = 0;

    if (*p == '-' || *p == '+')
        p++;
    for (; is_digit(*p); p++)
        if (n < EXPONENT_MAX)
            n = n * 10 + (*p - '0');
    return negative ? -n : n;
}

static struct decimal
read_decimal(const char *text)
{
    struct decimal d = { .negative = *text == '-' };
    const char *mantissa_end, *point;

    d.at = text + d.negative;
    mantissa_end = d.at + strcspn(d.at, "eE");
    point = memchr(d.at, '.', (size_t)(mantissa_end - d.at));
    d.end = mantissa_end;
    if (*mantissa_end)
        d.exponent = exponent_of(mantissa_end + 1);
    if (point)
        d.exponent -= mantissa_end - point - 1;
    while (d.at < d.end && (*d.at == '0' || *d.at == '.'))
        d.at++;
    while (d.at < d.end && (d.end[-1] == '0' || d.end[-1] == '.')) {
        if (d.end[-1] == '0')
            d.exponent++;
        d.end--;
    }
    for (const char *p = d.at; p < d.end; p++)
        d.count += *p != '.';
    if (d.count == 0)
        d = (struct decimal){ .at = text, .end = text };
    return d;
}

bool
decimal_equal(const char *a, const char *b)
{
    struct decimal x = read_decimal(a), y = read_decimal(b);

    if (x.negative != y.negative || x.exponent != y.exponent || x.count != y.count)
        return false;
    for (; x.at < x.end && y.at < y.end; x.at++, y.at++) {
        x.at += *x.at == '.';
        y.at += *y.at == '.';
        if (*x.at != *y.at)
            return false;
    }
    return true;
}

bool
decimal_int(const char *text, int64_t *ret)
{
    struct decimal d = read_decimal(text);
    int64_t n = 0;

    if (d.exponent < 0 || d.exponent > 18)
        return false;
    for (; d.at < d.end; d.at++)
        if (*d.at != '.' && (__builtin_mul_overflow(n, 10, &n) ||
                             __builtin_sub_overflow(n, *d.at - '0', &n)))
            return false;
    for (; d.exponent > 0; d.exponent--)
        if (__builtin_mul_overflow(n, 10, &n))
            return false;
    if (!d.negative && __builtin_sub_overflow((int64_t)0, n, &n))
        return false;
    *ret = n;
    return true;
}
