/* jsonout.h - members and elements of JSON answers, with the commas where they belong:
   each call looks at what stands before. Pure. */
#ifndef HERMOD_CORE_JSONOUT_H
#define HERMOD_CORE_JSONOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Opens and closes. name NULL: an element of an array, or the whole. */
void out_object(struct buf *b, const char *name);
void out_array(struct buf *b, const char *name);
void out_end_object(struct buf *b);
void out_end_array(struct buf *b);

void out_text(struct buf *b, const char *name, const char *text);      /* NULL: null */
void out_number(struct buf *b, const char *name, int64_t n);
void out_bool(struct buf *b, const char *name, bool value);
/* RFC 3339; null for 0 and less. */
void out_time(struct buf *b, const char *name, int64_t ms);
void out_null(struct buf *b, const char *name);

#endif
