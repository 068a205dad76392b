/* duration.h - "30s", "5m", "1h30m", "14d", "500ms": text to milliseconds and back. Pure. */
#ifndef HERMOD_MODEL_DURATION_H
#define HERMOD_MODEL_DURATION_H

#include <stdint.h>

/* Units ms s m h d w, largest first, each at most once; no sign, no spaces, no bare number
   except "0". 0, or -1 when malformed or over 100 years. */
int duration_parse(const char *text, int64_t *ret_ms);
/* The shortest exact form, "0s" for none. out has room for 48. */
void duration_text(int64_t ms, char *out);
/* For people: "3 s", "2 min", "5 h", "3 d", rounded. out has room for 32. */
void duration_human(int64_t ms, char *out);

#endif
