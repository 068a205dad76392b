/* reply.h - reading the host's JSON answers without a check at every step. */
#ifndef HERMOD_CLI_REPLY_H
#define HERMOD_CLI_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/* The whole text, which has a NUL behind it, is one JSON value; else NULL. Released with
   json_object_put(). */
struct json_object *reply_read(const char *text, size_t len);
void reply_put(struct json_object **json);  /* for CLEANUP(reply_put) */

/* All of these take anything, NULL too, and answer "", 0, false or an empty list for what
   is absent or of another type. */
const char *reply_text(struct json_object *o, const char *name);
int64_t reply_number(struct json_object *o, const char *name);
bool reply_flag(struct json_object *o, const char *name);
struct json_object *reply_list(struct json_object *o, const char *name);
size_t reply_count(struct json_object *list);
struct json_object *reply_at(struct json_object *list, size_t i);
const char *reply_string(struct json_object *o);

#endif
