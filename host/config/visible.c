/* visible.c - see visible.h. */
#include "base/text.h"
#include "config/visible.h"

size_t
utf8_char(const char *text, size_t len, uint32_t *ret)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = utf8_step(text, len);

    if (n == 0)
        return 0;
    *ret = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        *ret = *ret << 6 | (p[i] & 0x3fu);
    return n;
}

bool
char_visible(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        { 0x00, 0x08 }, { 0x0b, 0x0c }, { 0x0e, 0x1f }, { 0x7f, 0x9f }, { 0x200b, 0x200b },
        { 0x2028, 0x202e }, { 0x2060, 0x2060 }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
        { 0xfffe, 0xffff },
    };

    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (c >= hidden[i].first && c <= hidden[i].last)
            return false;
    }
    return true;
}
