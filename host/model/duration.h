/* duration.h - "30s", "5m", "1h30m", "14d", "500ms": text to milliseconds and back. Pure. */
#ifndef HERMOD_MODEL_DURATION_H
#define HERMOD_MODEL_DURATION_H

#include <stdint.h>

/* Units ms s m h d w, largest first, each at most once; no sign, no spaces, no bare number
   except "0". 0, or -1 when malformed or over 100 years. */
int duration_parse(const char *text, int64_t *ret_ms);
/* Days and smaller, without zeros: "1h30m", "14d", "0s". Exact: duration_parse() reads it
   back. out has room for 48. */
void duration_text(int64_t ms, char *out);
/* For people: "250 ms", "90 s", "2 min", "5 h", "3 d", rounded, in the largest unit of which
   there are two. out has room for 32. */
void duration_human(int64_t ms, char *out);

#endif
