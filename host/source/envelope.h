/* envelope.h - what the platform's answers are wrapped in, in each of the ways that it does, and
   what they say besides: errors, when to come again. Pure; copies nothing; quotes nothing that
   may be about a person. */
#ifndef HERMOD_SOURCE_ENVELOPE_H
#define HERMOD_SOURCE_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/slices.h"
#include "net/request.h"

#define ENVELOPE_CODE 64                   /* bytes of an error code that is quoted */

/* The one thing in an answer: {...} or {"data": {...}}. false: it is neither. */
bool envelope_object(const char *text, size_t len, struct slice *ret);
/* The list in an answer: [...], {"data": [...]} or, for name "contracts", {"contracts": [...]}.
   ret_total: how many there are by the pagination's word; -1 without. false: it is none. */
bool envelope_list(const char *text, size_t len, const char *name, struct slice *ret,
                   int64_t *ret_total);
/* A text member of an object, when it holds no escape. */
bool envelope_text(const struct slice *object, const char *name, struct slice *ret);
/* The error's code; "" when there is none that is one. */
void envelope_code(const char *text, size_t len, char out[ENVELOPE_CODE + 1]);
/* Is it JSON? */
bool envelope_is_json(const char *text, size_t len);

/* A header by its name, in any case; NULL. */
const char *envelope_header(const struct response *r, const char *name);
/* How long not to come again, by Retry-After, the error's retry_after, or X-RateLimit-Reset
   when nothing is left; 0. */
int64_t envelope_after_ms(const struct response *r, int64_t wall_ms);
/* X-RateLimit-Remaining and -Reset; false without both. */
bool envelope_rates(const struct response *r, int64_t wall_ms, int64_t *ret_remaining,
                    int64_t *ret_reset_in_ms);

#endif
