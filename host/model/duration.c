#include "model/duration.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define DURATION_MAX (100LL * 365 * 24 * 3600 * 1000)
#define DURATION_ROOM 48
#define HUMAN_ROOM 32

static const struct unit {
    const char *name;
    int64_t ms;
} units[] = {                      /* largest first */
    { "w", 7LL * 24 * 3600 * 1000 },
    { "d", 24LL * 3600 * 1000 },
    { "h", 3600LL * 1000 },
    { "m", 60LL * 1000 },
    { "s", 1000 },
    { "ms", 1 },
};

/* The place in units of the name that at begins with and nothing but a digit or the end
   follows. */
static size_t
unit_at(const char *at, size_t *ret_len)
{
    size_t len = strcspn(at, "0123456789");
    size_t i = 0;

    while (i < ARRAY_LEN(units) &&
           !(strlen(units[i].name) == len && memcmp(units[i].name, at, len) == 0))
        i++;
    *ret_len = len;
    return i;
}

int
duration_parse(const char *text, int64_t *ret_ms)
{
    int64_t total = 0;
    size_t next_unit = 0;          /* the largest that may still come */

    if (strcmp(text, "0") == 0) {
        *ret_ms = 0;
        return 0;
    }
    if (*text == '\0')
        return -1;
    for (const char *at = text; *at != '\0';) {
        int64_t number = 0;
        size_t len, unit;

        if (*at < '0' || *at > '9')
            return -1;
        for (; *at >= '0' && *at <= '9'; at++) {
            number = number * 10 + (*at - '0');
            if (number > DURATION_MAX)
                return -1;
        }
        unit = unit_at(at, &len);
        if (unit >= ARRAY_LEN(units) || unit < next_unit ||
            number > (DURATION_MAX - total) / units[unit].ms)
            return -1;
        total += number * units[unit].ms;
        next_unit = unit + 1;
        at += len;
    }
    *ret_ms = total;
    return 0;
}

void
duration_text(int64_t ms, char *out)
{
    size_t used = 0;

    if (ms <= 0) {
        snprintf(out, DURATION_ROOM, "0s");
        return;
    }
    for (size_t i = 1; i < ARRAY_LEN(units); i++) {    /* 14d, not 2w */
        int64_t n = ms / units[i].ms;

        if (n == 0)
            continue;
        ms -= n * units[i].ms;
        used += (size_t)snprintf(out + used, DURATION_ROOM - used, "%" PRId64 "%s", n,
                                 units[i].name);
    }
}

void
duration_human(int64_t ms, char *out)
{
    static const struct {
        int64_t below, ms;
        const char *name;
    } steps[] = {                  /* two of a unit before it is used */
        { 1000, 1, "ms" },
        { 2 * 60000LL, 1000, "s" },
        { 2 * 3600000LL, 60000, "min" },
        { 2 * 86400000LL, 3600000, "h" },
        { INT64_MAX, 86400000, "d" },
    };
    size_t i = 0;

    if (ms <= 0) {
        snprintf(out, HUMAN_ROOM, "0 s");
        return;
    }
    while (i + 1 < ARRAY_LEN(steps) && ms >= steps[i].below)
        i++;
    snprintf(out, HUMAN_ROOM, "%" PRId64 " %s",
             ms / steps[i].ms + (ms % steps[i].ms * 2 >= steps[i].ms), steps[i].name);
}
