/* phone.c - telephone numbers to E.164. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/phone.h"

#define DIGITS_MAX 32              /* as written, with prefixes */
#define FULL_NUMBER 8              /* digits of a number that surely has its area code */

/* Numbering plans. trunk: what is dialled before a national number and falls away behind
   the country code; shortest and longest: digits of the national number without it. */
static const struct plan {
    const char *country, *code, *trunk;
    unsigned char shortest, longest;
} plans[] = {
    { "SE", "46", "0", 6, 10 },   { "NO", "47", "", 8, 8 },     { "DK", "45", "", 8, 8 },
    { "FI", "358", "0", 5, 12 },  { "AX", "358", "0", 5, 12 },  { "IS", "354", "", 7, 9 },
    { "FO", "298", "", 6, 6 },    { "GL", "299", "", 6, 6 },    { "DE", "49", "0", 5, 13 },
    { "AT", "43", "0", 4, 13 },   { "CH", "41", "0", 9, 9 },    { "LI", "423", "", 7, 9 },
    { "NL", "31", "0", 9, 9 },    { "BE", "32", "0", 8, 9 },    { "LU", "352", "", 4, 11 },
    { "FR", "33", "0", 9, 9 },    { "GB", "44", "0", 9, 10 },   { "IE", "353", "0", 7, 9 },
    { "ES", "34", "", 9, 9 },     { "PT", "351", "", 9, 9 },    { "IT", "39", "", 6, 12 },
    { "PL", "48", "", 9, 9 },     { "CZ", "420", "", 9, 9 },    { "SK", "421", "0", 9, 9 },
    { "HU", "36", "06", 8, 9 },   { "RO", "40", "0", 9, 9 },    { "BG", "359", "0", 7, 9 },
    { "GR", "30", "", 10, 10 },   { "HR", "385", "0", 8, 9 },   { "SI", "386", "0", 8, 8 },
    { "EE", "372", "", 7, 8 },    { "LV", "371", "", 8, 8 },    { "LT", "370", "0", 8, 8 },
    { "MT", "356", "", 8, 8 },    { "CY", "357", "", 8, 8 },    { "UA", "380", "0", 9, 9 },
    { "TR", "90", "0", 10, 10 },  { "AU", "61", "0", 9, 9 },    { "NZ", "64", "0", 8, 10 },
    { "US", "1", "1", 10, 10 },   { "CA", "1", "1", 10, 10 },
};

/* The plan behind an international number. Country codes are prefix-free. */
static const struct plan *
plan_of_number(const char *digits)
{
    for (size_t i = 0; i < ARRAY_LEN(plans); i++)
        if (str_starts(digits, plans[i].code))
            return &plans[i];
    return NULL;
}

static const struct plan *
plan_of_country(const char *country)
{
    for (size_t i = 0; i < ARRAY_LEN(plans); i++)
        if (strcasecmp(plans[i].country, country) == 0)
            return &plans[i];
    return NULL;
}

/* What people put between digits. Returns its bytes; 0 when it is something else. */
static size_t
separator(const char *p)
{
    static const char *const wide[] = {
        "\u00a0", "\u202f", "\u2007", "\u2009", "\u2010", "\u2011", "\u2012", "\u2013",
        "\u2014", "\u2212", "\u200e", "\u202a", "\u202c", "\u2060",
    };

    if (strchr(" \t-.()/", *p))
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(wide); i++)
        if (str_starts(p, wide[i]))
            return strlen(wide[i]);
    return 0;
}

/* The digits of number, and whether a plus leads them. "(0)" behind a plus is a trunk
   prefix shown for callers at home: *ret_optional is where its digit stands, or -1.
   Returns the count, or -1 when there is anything else in it. */
static int
read_digits(const char *p, char *out, bool *ret_plus, int *ret_optional)
{
    int count = 0;
    size_t n;

    *ret_plus = false;
    *ret_optional = -1;
    if (strncasecmp(p, "tel:", 4) == 0)
        p += 4;
    while (*p) {
        if (*p >= '0' && *p <= '9') {
            if (count >= DIGITS_MAX)
                return -1;
            out[count++] = *p++;
            continue;
        }
        if (count == 0 && !*ret_plus && (*p == '+' || str_starts(p, "\uff0b"))) {
            *ret_plus = true;
            p += *p == '+' ? 1 : 3;
            continue;
        }
        if (str_starts(p, "(0)") && *ret_optional < 0)
            *ret_optional = count;
        n = separator(p);
        if (n == 0)
            return -1;
        p += n;
    }
    out[count] = '\0';
    return count;
}

static bool
fits(const struct plan *plan, const char *national)
{
    size_t len = strlen(national);

    return len >= plan->shortest && len <= plan->longest;
}

static bool
put(char *out, const char *code, const char *national)
{
    size_t code_len = strlen(code), len = strlen(national);

    if (code_len + len > PHONE_MAX - 1)
        return false;
    *out = '+';
    memcpy(out + 1, code, code_len);
    memcpy(out + 1 + code_len, national, len + 1);
    return true;
}

/* digits begin with a country code. */
static bool
international(char *digits, int optional, char *out)
{
    const struct plan *plan = plan_of_number(digits);
    const char *national;
    size_t len = strlen(digits);

    if (!plan)                     /* a country without a row: what E.164 itself says */
        return digits[0] != '0' && optional < 0 && len >= 7 && put(out, "", digits);
    national = digits + strlen(plan->code);
    /* Both "+46 (0)70" and "+46 070" mean +4670; in Italy the 0 belongs to the number. */
    if (plan->trunk[0] == '0' && str_starts(national, plan->trunk))
        national += strlen(plan->trunk);
    else if (optional >= 0 && *national == '0' && !str_eq(plan->country, "IT"))
        national++;
    return fits(plan, national) && put(out, plan->code, national);
}

static bool
national(const struct plan *plan, char *digits, char *out)
{
    size_t trunk = strlen(plan->trunk);

    if (trunk && str_starts(digits, plan->trunk) && fits(plan, digits + trunk))
        return put(out, plan->code, digits + trunk);
    if (digits[0] == '0' && !str_eq(plan->country, "IT"))
        return false;
    /* The trunk prefix is left out, as spreadsheets do; a short one lacks its area code too. */
    if (fits(plan, digits) && (!trunk || strlen(digits) >= FULL_NUMBER))
        return put(out, plan->code, digits);
    if (str_starts(digits, plan->code))    /* the plus left out */
        return international(digits, -1, out);
    return false;
}

bool
phone_e164(const char *number, const char *country, char *out)
{
    char digits[DIGITS_MAX + 1];
    const struct plan *plan = plan_of_country(country);
    bool plus;
    int optional;

    *out = '\0';
    if (read_digits(number, digits, &plus, &optional) <= 0)
        return false;
    if (plus)
        return international(digits, optional, out);
    if (str_starts(digits, "00"))
        return international(digits + 2, optional, out);
    if (plan && str_eq(plan->code, "1") && str_starts(digits, "011"))
        return international(digits + 3, optional, out);
    return plan && national(plan, digits, out);
}
