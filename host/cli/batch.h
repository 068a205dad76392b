/* batch.h - what `hermod send` sends: events from a text, requests from events, and what a
   refusal is about. Pure. */
#ifndef HERMOD_CLI_BATCH_H
#define HERMOD_CLI_BATCH_H

#include <stddef.h>

#include "base/buf.h"
#include "model/slices.h"

/* Finds the events of a text: a JSON array of objects, NDJSON, or objects one after another
   (as jq prints them). *ret_events for free(), pointing into text. 0, or -1 with error
   filled: where and what. */
int batch_split(const char *text, size_t len, struct slice **ret_events, size_t *ret_count,
                char error[256]);

/* How many of the first of count events fit into one request; 0: the first alone is too
   large. */
size_t batch_fit(const struct slice *const *events, size_t count);
/* The body: an array with each event's bytes as they are. */
void batch_body(const struct slice *const *events, size_t count, struct buf *out);

/* Which event a problem's pointer is about: "/3/userId" gives 3 and "/userId". -1 when it is
   about none of count. */
int batch_pointer(const char *pointer, size_t count, const char **ret_rest);

#endif
