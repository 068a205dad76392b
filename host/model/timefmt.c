#include "model/timefmt.h"

#include <inttypes.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

#define TIME_ROOM 32
#define DAY_MS 86400000LL
#define YEAR_0000_MS (-62167219200000LL)
#define YEAR_9999_END_MS 253402300799999LL

static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const days[7] = { "Sunday", "Monday", "Tuesday", "Wednesday",
                                     "Thursday", "Friday", "Saturday" };

struct civil {
    int year, month, day;          /* month and day from 1 */
    int hour, minute, second;
};

/* Days since 1970-01-01 in the proleptic Gregorian calendar; any year. A year is counted
   from March, so that the leap day is its last. */
static int64_t
days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int
days_in(int year, int month)
{
    static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return lengths[month - 1] + (month == 2 && leap);
}

/* 60 is a second here; whether a leap second can be there is checked by the caller. */
static bool
civil_valid(const struct civil *c)
{
    return c->year >= 0 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
           c->day >= 1 && c->day <= days_in(c->year, c->month) && c->hour <= 23 &&
           c->minute <= 59 && c->second <= 60;
}

static int64_t
civil_ms(const struct civil *c)
{
    return days_of(c->year, c->month, c->day) * DAY_MS + c->hour * 3600000LL +
           c->minute * 60000LL + c->second * 1000LL;
}

/* A leap second is the last of a day in UTC; `ms` is the second after it. */
static bool
leap_second_fits(const struct civil *c, int64_t ms)
{
    return c->second < 60 || ms % DAY_MS == 0;
}

/* Exactly n digits; moves *at behind them. -1 when there are others. */
static int
digits(const char **at, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static bool
skip(const char **at, const char *text)
{
    size_t len = strlen(text);

    if (strncmp(*at, text, len) != 0)
        return false;
    *at += len;
    return true;
}

static bool
get_number(const char **at, int n, int *ret)
{
    int value = digits(at, n);

    if (value < 0)
        return false;
    *ret = value;
    return true;
}

static bool
get_clock(const char **at, struct civil *c)
{
    return get_number(at, 2, &c->hour) && skip(at, ":") &&
           get_number(at, 2, &c->minute) && skip(at, ":") && get_number(at, 2, &c->second);
}

/* The offset from UTC in ms: "Z", "+hh:mm", "-hh:mm". */
static bool
get_offset(const char **at, int64_t *ret_ms)
{
    int hours, minutes, sign;

    if (**at == 'Z' || **at == 'z') {
        (*at)++;
        *ret_ms = 0;
        return true;
    }
    if (**at != '+' && **at != '-')
        return false;
    sign = *(*at)++ == '-' ? -1 : 1;
    if (!get_number(at, 2, &hours) || !skip(at, ":") || !get_number(at, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *ret_ms = sign * (hours * 3600000LL + minutes * 60000LL);
    return true;
}

int
time_parse_rfc3339(const char *text, int64_t *ret_ms)
{
    const char *at = text;
    struct civil c;
    int64_t ms, offset, fraction = 0;

    if (!get_number(&at, 4, &c.year) || !skip(&at, "-") || !get_number(&at, 2, &c.month) ||
        !skip(&at, "-") || !get_number(&at, 2, &c.day) ||
        (*at != 'T' && *at != 't' && *at != ' '))
        return -1;
    at++;
    if (!get_clock(&at, &c) || !civil_valid(&c))
        return -1;
    if (*at == '.') {
        int64_t worth = 100;

        at++;
        if (*at < '0' || *at > '9')
            return -1;
        for (; *at >= '0' && *at <= '9'; at++, worth /= 10)
            fraction += (*at - '0') * worth;
    }
    if (!get_offset(&at, &offset) || *at != '\0')
        return -1;
    ms = civil_ms(&c) - offset;
    if (!leap_second_fits(&c, ms))
        return -1;
    ms += fraction;
    if (ms < YEAR_0000_MS || ms > YEAR_9999_END_MS)
        return -1;
    *ret_ms = ms;
    return 0;
}

static bool
get_month(const char **at, int *ret)
{
    for (int i = 0; i < 12; i++)
        if (skip(at, months[i])) {
            *ret = i + 1;
            return true;
        }
    return false;
}

/* The name of a weekday, short or whole. It is not compared with the date: some servers
   get it wrong, and the date is what counts. */
static bool
skip_weekday(const char **at, bool whole)
{
    for (int i = 0; i < 7; i++) {
        char name[4] = { days[i][0], days[i][1], days[i][2], '\0' };

        if (skip(at, whole ? days[i] : name))
            return true;
    }
    return false;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool
parse_imf(const char *at, struct civil *c)
{
    return skip_weekday(&at, false) && skip(&at, ", ") && get_number(&at, 2, &c->day) &&
           skip(&at, " ") && get_month(&at, &c->month) && skip(&at, " ") &&
           get_number(&at, 4, &c->year) && skip(&at, " ") && get_clock(&at, c) &&
           skip(&at, " GMT") && *at == '\0';
}

/* "Sunday, 06-Nov-94 08:49:37 GMT": the year is 0..99. */
static bool
parse_rfc850(const char *at, struct civil *c)
{
    return skip_weekday(&at, true) && skip(&at, ", ") && get_number(&at, 2, &c->day) &&
           skip(&at, "-") && get_month(&at, &c->month) && skip(&at, "-") &&
           get_number(&at, 2, &c->year) && skip(&at, " ") && get_clock(&at, c) &&
           skip(&at, " GMT") && *at == '\0';
}

/* "Sun Nov  6 08:49:37 1994" */
static bool
parse_asctime(const char *at, struct civil *c)
{
    return skip_weekday(&at, false) && skip(&at, " ") && get_month(&at, &c->month) &&
           skip(&at, " ") &&
           (skip(&at, " ") ? get_number(&at, 1, &c->day) : get_number(&at, 2, &c->day)) &&
           skip(&at, " ") && get_clock(&at, c) && skip(&at, " ") &&
           get_number(&at, 4, &c->year) && *at == '\0';
}

static int
year_of(int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    return gmtime_r(&seconds, &tm) ? tm.tm_year + 1900 : 1970;
}

int
time_parse_http(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    struct civil c;
    int64_t ms;

    if (parse_rfc850(text, &c)) {
        /* The year nearest to now, and not more than 50 years ahead: RFC 9110 5.6.7. */
        int now_year = year_of(now_ms);

        c.year += now_year - now_year % 100;
        if (c.year > now_year + 50)
            c.year -= 100;
        else if (c.year <= now_year - 50)
            c.year += 100;
    } else if (!parse_imf(text, &c) && !parse_asctime(text, &c)) {
        return -1;
    }
    if (!civil_valid(&c))
        return -1;
    ms = civil_ms(&c);
    if (!leap_second_fits(&c, ms))
        return -1;
    *ret_ms = ms;
    return 0;
}

/* ms cut to what four digits of a year can say, as seconds and the rest. */
static int
split(int64_t ms, struct tm *ret)
{
    time_t seconds;
    int rest;

    if (ms < YEAR_0000_MS)
        ms = YEAR_0000_MS;
    if (ms > YEAR_9999_END_MS)
        ms = YEAR_9999_END_MS;
    rest = (int)(ms % 1000);
    if (rest < 0)
        rest += 1000;
    seconds = (time_t)((ms - rest) / 1000);
    if (!gmtime_r(&seconds, ret))
        memset(ret, 0, sizeof(*ret));
    return rest;
}

static void
write_rfc3339(int64_t ms, bool always_ms, char *out)
{
    struct tm tm;
    int rest = split(ms, &tm);
    int used = snprintf(out, TIME_ROOM, "%04u-%02u-%02uT%02u:%02u:%02u",
                        (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
                        (unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100,
                        (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);

    if (always_ms || rest != 0)
        snprintf(out + used, (size_t)(TIME_ROOM - used), ".%03uZ", (unsigned)rest % 1000);
    else
        snprintf(out + used, (size_t)(TIME_ROOM - used), "Z");
}

void
time_rfc3339(int64_t ms, char *out)
{
    write_rfc3339(ms, false, out);
}

void
time_rfc3339_ms(int64_t ms, char *out)
{
    write_rfc3339(ms, true, out);
}

void
time_format(int64_t ms, const char *fmt, char *out, unsigned size)
{
    static locale_t c_locale;      /* a plugin may have called setlocale() */
    struct tm tm;

    if (size == 0)
        return;
    if (!c_locale)
        c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    split(ms, &tm);
    if (strftime_l(out, size, fmt, &tm, c_locale) == 0)
        out[0] = '\0';
}
