/* json_tree.h - JSON values as json-c holds them, read strictly and with numbers kept digit
   for digit. NULL is JSON null, as everywhere in json-c.

   A container knows how deep it is and whether it has been put into another ("given"):
   what has been given is not changed any more, so no value can contain itself and none gets
   deeper than CAP_JSON_DEPTH. Make containers with these functions only. */
#ifndef HERMOD_RUNNER_JSON_TREE_H
#define HERMOD_RUNNER_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

/* Strict RFC 8259: one value, valid UTF-8, no comments, at most CAP_JSON_DEPTH deep and about
   CAP_CALL_MEMORY large; of a key that comes twice the last counts. 0, and *ret is the
   caller's (json_object_put()); -1 when text is not that. */
int json_tree_parse(const char *text, size_t len, struct json_object **ret);

/* These never return NULL. All belong to the caller. */
struct json_object *json_tree_object(void);
struct json_object *json_tree_array(void);
/* Bytes that are not UTF-8 become U+FFFD. */
struct json_object *json_tree_string(const char *text);
/* number is a valid JSON number. */
struct json_object *json_tree_number(const char *number);

/* Puts value into parent, an object (key) or an array (key NULL), and takes the caller's
   reference over. NULL, or what is wrong; value is then released. */
const char *json_tree_put(struct json_object *parent, const char *key,
                          struct json_object *value);

/* A number's own text; NULL for what is not a number. Valid as long as j. */
const char *json_tree_number_text(struct json_object *j);
/* As text without white space, in memory for free(). */
char *json_tree_text(struct json_object *j);

#endif
