/* json.h - a strict reader of JSON text where it lies (RFC 8259, at most CAP_JSON_DEPTH
   deep): checks it and says where its parts are, byte for byte. Pure; copies nothing. Trees
   of the same strictness, for plugins, are runner/json_tree.h's. */
#ifndef HERMOD_MODEL_JSON_H
#define HERMOD_MODEL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/slices.h"

struct json_cursor {
    const char *at, *end;
    const char *wrong;             /* NULL, or what is wrong at `at`: a literal */
};

/* Moves behind white space. */
void json_space(struct json_cursor *c);
/* Checks the value that begins at c->at and moves behind it; false: c->wrong is set. */
bool json_value(struct json_cursor *c);
/* Is there nothing but white space left? Else false, with c->wrong. */
bool json_end(struct json_cursor *c);

struct json_member {
    struct slice name;             /* between its quotes, escapes as they stand */
    struct slice value;            /* checked */
};
/* Moves behind the '{' of an object, or to what is there instead: false. */
bool json_enter_object(struct json_cursor *c);
/* The next member, from json_enter_object() on. 1; 0: behind the '}'; -1: c->wrong. */
int json_next_member(struct json_cursor *c, struct json_member *ret);
/* Is the name of this member, unescaped, this one? len: of name, at most 64. */
bool json_name_is(const struct json_member *m, const char *name, size_t len);

/* The inside of a checked string without its escapes; out has room for len, nothing is put
   behind. Returns the number of bytes (a \u0000 is a NUL among them), or -1 where an escape
   is half of a surrogate pair. */
int64_t json_unescape(const char *inside, size_t len, char *out);
/* "an object", "a string" ... for messages, by the first byte of a checked value. */
const char *json_kind(const struct slice *value);

#endif
