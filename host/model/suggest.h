/* suggest.h - "did you mean". Pure. */
#ifndef HERMOD_MODEL_SUGGEST_H
#define HERMOD_MODEL_SUGGEST_H

#include <stddef.h>

/* The candidate nearest to word (edit distance with transpositions, case ignored), when it
   is near enough to be meant; else NULL. */
const char *suggest(const char *word, const char *const *candidates, size_t count);

#endif
