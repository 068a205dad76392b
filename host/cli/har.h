/* har.h - requests and their answers as an HTTP archive (HAR 1.2), so that any other tool can
   look at what a plugin sent. */
#ifndef HERMOD_CLI_HAR_H
#define HERMOD_CLI_HAR_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

struct hermod_request;
struct plugin_info;
struct setting_value;

/* Whose secrets become ***; values NULL: nothing is hidden. */
struct har_secrets {
    const struct plugin_info *plugin;
    const struct setting_value *values;
};

/* Adds one entry, a JSON object. comment: where it comes from. Scratch memory is the
   arena's. */
void har_entry(struct buf *out, struct arena *a, const struct hermod_request *q, int64_t now_ms,
               const char *comment, const struct har_secrets *secrets);
/* The whole archive around entries that are joined by commas. */
void har_file(struct buf *out, const char *entries);

#endif
