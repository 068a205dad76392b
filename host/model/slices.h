/* slices.h - where the parts of a JSON text are, byte for byte: the elements of an
   array, the lines of NDJSON, the members of an object. Pure; copies nothing. */
#ifndef HERMOD_MODEL_SLICES_H
#define HERMOD_MODEL_SLICES_H

#include <stddef.h>

struct slice {
    const char *at;
    size_t len;                            /* bytes, without surrounding white space */
};

/* Both need not be valid JSON inside the elements (each is checked by its own parser);
   they fail on what makes the boundaries unclear. Return the number found, or -1 when
   malformed, or -2 when there are more than max. */
int slices_of_array(const char *text, size_t len, struct slice *ret, int max);
/* Blank lines are skipped. */
int slices_of_lines(const char *text, size_t len, struct slice *ret, int max);
/* The value of a member of an object that is valid JSON. 1 found, 0 absent, -1 malformed
   or there twice. name is compared after unescaping. */
int slice_of_member(const char *text, size_t len, const char *name, struct slice *ret);

#endif
