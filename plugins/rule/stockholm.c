/* stockholm.c - see stockholm.h. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "stockholm.h"

#define SECOND ((int64_t)1000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)

struct civil {
    int year, month, day, hour, minute, second;
};

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days since 1970-01-01; year from 1970. */
static int64_t
days_to(int year, int month, int day)
{
    int64_t before = year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;

    for (int m = 1; m < month; m++)
        days += days_in(year, m);
    return days + day - 1;
}

static int64_t
civil_ms(const struct civil *t)
{
    return days_to(t->year, t->month, t->day) * DAY + t->hour * HOUR +
           t->minute * 60 * SECOND + t->second * SECOND;
}

static bool
is_valid(const struct civil *t)
{
    return t->year >= 1970 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
           t->day <= days_in(t->year, t->month) && t->hour <= 23 && t->minute <= 59 &&
           t->second <= 60;
}

/* ---- summer time --------------------------------------------------------------- */

/* 01:00 UTC on the last Sunday of a month with 31 days: when the European Union changes. */
static int64_t
change_ms(int year, int month)
{
    int64_t last = days_to(year, month, 31);

    return (last - (last + 4) % 7) * DAY + HOUR;       /* day 0 was a Thursday */
}

int64_t
stockholm_offset_ms(int64_t utc_ms)
{
    int year = 1970;

    if (utc_ms < 0)
        return HOUR;
    if (utc_ms > days_to(9999, 12, 31) * DAY)
        utc_ms = days_to(9999, 12, 31) * DAY;
    year += (int)(utc_ms / (366 * DAY));
    while (days_to(year + 1, 1, 1) * DAY <= utc_ms)
        year++;
    return utc_ms >= change_ms(year, 3) && utc_ms < change_ms(year, 10) ? 2 * HOUR : HOUR;
}

/* The first moment, not before from_ms, at which clocks in Stockholm show this; else the last
   at which they did. What they leap over in March is read as winter time. */
static int64_t
moment_of(int64_t wall_ms, int64_t from_ms)
{
    int64_t summer = wall_ms - 2 * HOUR, winter = wall_ms - HOUR;

    if (stockholm_offset_ms(summer) == 2 * HOUR &&
        (summer >= from_ms || stockholm_offset_ms(winter) != HOUR))
        return summer;
    return winter;
}

/* ---- reading --------------------------------------------------------------------- */

/* pattern: Y O D h m s stand for digits, N for a letter of the month, ? for anything; the rest
   for itself. */
static bool
scan(const char *text, const char *pattern, struct civil *ret, char month[4])
{
    size_t letters = 0;

    if (strlen(text) != strlen(pattern))
        return false;
    for (; *pattern; pattern++, text++) {
        int *into = *pattern == 'Y' ? &ret->year : *pattern == 'O' ? &ret->month :
            *pattern == 'D' ? &ret->day : *pattern == 'h' ? &ret->hour :
            *pattern == 'm' ? &ret->minute : *pattern == 's' ? &ret->second : NULL;

        if (into && (*text < '0' || *text > '9'))
            return false;
        if (into)
            *into = *into * 10 + (*text - '0');
        else if (*pattern == 'N' && letters < 3)
            month[letters++] = *text;
        else if (*pattern != '?' && *pattern != *text)
            return false;
    }
    month[letters] = '\0';
    return true;
}

/* RFC 9110, IMF-fixdate. */
static bool
read_date(const char *text, int64_t *ret_ms)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil t = { 0 };
    char month[4];
    const char *at;

    if (!scan(text, "???, DD NNN YYYY hh:mm:ss GMT", &t, month))
        return false;
    at = strstr(names, month);
    if (!at || (at - names) % 3 != 0)
        return false;
    t.month = (int)((at - names) / 3) + 1;
    if (!is_valid(&t))
        return false;
    *ret_ms = civil_ms(&t);
    return true;
}

int64_t
stockholm_wait_ms(const char *retry_after, const char *date)
{
    struct civil t = { 0 };
    char month[4];
    int64_t from_ms, at_ms;

    if (!scan(retry_after, "YYYY-OO-DD hh:mm:ss", &t, month) || !is_valid(&t) ||
        !read_date(date, &from_ms))
        return -1;
    at_ms = moment_of(civil_ms(&t), from_ms);
    return at_ms > from_ms ? at_ms - from_ms : 0;
}
