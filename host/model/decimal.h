/* decimal.h - JSON numbers as text: their grammar, and their value without rounding. Pure.
   Source: RFC 8259, section 6. */
#ifndef HERMOD_MODEL_DECIMAL_H
#define HERMOD_MODEL_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the JSON number that text begins with; 0 when it does not begin with one. */
size_t decimal_scan(const char *text, size_t len);
/* The whole of text is one JSON number. */
bool decimal_valid(const char *text);
/* The same value: "99.90" and "9.99e1" are equal. Both are valid. */
bool decimal_equal(const char *a, const char *b);
/* The value of a valid number when it is whole ("12", "12.0", "1.2e1") and fits; else false
   and *ret unchanged. */
bool decimal_int(const char *text, int64_t *ret);

#endif
