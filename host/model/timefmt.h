/* timefmt.h - points in time as text. Pure; UTC; milliseconds since 1970. */
#ifndef HERMOD_MODEL_TIMEFMT_H
#define HERMOD_MODEL_TIMEFMT_H

#include <stdint.h>

/* RFC 3339 with 'Z' or an offset, fractions of any length (cut to ms), 'T' or a space;
   a date alone is refused. Years 0000 to 9999. 0 or -1. */
int time_parse_rfc3339(const char *text, int64_t *ret_ms);
/* RFC 9110 5.6.7: IMF-fixdate, RFC 850, asctime. now_ms places two-digit years. 0 or -1. */
int time_parse_http(const char *text, int64_t now_ms, int64_t *ret_ms);
/* "2025-11-10T12:00:00Z", with .mmm only when not 0. out has room for 32. */
void time_rfc3339(int64_t ms, char *out);
/* Always with .mmm: for logs. out has room for 32. */
void time_rfc3339_ms(int64_t ms, char *out);
/* strftime in UTC and the C locale; "" when it does not fit. */
void time_format(int64_t ms, const char *fmt, char *out, unsigned size);

#endif
