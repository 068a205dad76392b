/* yaml.h - a YAML file as a tree of nodes that know where they stand. The only file that
   calls libyaml. Refuses what is not a tree of plain values: bombs, cycles, several
   documents, unknown tags, duplicate keys, invalid UTF-8, NULs, oversize files; each with
   one clear error. */
#ifndef HERMOD_CONFIG_YAML_H
#define HERMOD_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    int line, column;              /* from 1 */
    const char *tag;               /* "" or a local tag: "!file" "!env" "!credential" */
    const char *text;              /* scalar: its value, NUL-terminated, no NUL inside */
    size_t len;
    bool quoted;                   /* written with quotes or as a block: surely a string */
    struct yaml_node *key;         /* member of a map: its key (a scalar) */
    struct yaml_node *child;       /* first element or member value, in order */
    struct yaml_node *next;        /* sibling */
    size_t count;                  /* children */
};

struct yaml_error {
    int line, column;              /* 0: the whole file */
    char text[256];
};

typedef void yaml_error_fn(void *arg, const struct yaml_error *e);

/* Parses text into nodes in the arena. An empty file is an empty map. tags: the local tags
   allowed, NULL-terminated; or NULL for none. Every duplicate key is reported and the parse
   goes on without it; so it does after a merge key, an unknown tag and a NUL written as an
   escape. A syntax error ends it. Returns NULL when there was any error that leaves no tree:
   who must know of the others counts the calls of error. */
struct yaml_node *yaml_parse(struct arena *a, const char *text, size_t len,
                             const char *const *tags, yaml_error_fn *error, void *arg);
/* The member's value, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* Is an unquoted scalar that YAML 1.2 calls null, or empty? */
bool yaml_is_null(const struct yaml_node *n);

/* What an unquoted, untagged scalar is by YAML 1.2's core schema ("yes" is a string there);
   a quoted or tagged one is a string. */
enum yaml_type { YAML_STRING, YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT };
enum yaml_type yaml_type(const struct yaml_node *scalar);
/* The value of a scalar whose yaml_type is YAML_INT (decimal, 0x, 0o). false: it does not
   fit. */
bool yaml_int(const struct yaml_node *scalar, int64_t *ret);

/* A node as JSON text (plain scalars typed by YAML 1.2's core schema). */
struct buf;
void yaml_to_json(const struct yaml_node *n, struct buf *out);

/* What is wrong with a text before its grammar is looked at: another encoding, invalid UTF-8,
   NULs, invisible and control characters, tag directives. Skips a UTF-8 byte order mark.
   True when all is well; else *ret_error. */
bool yaml_check_text(const char **text, size_t *len, struct yaml_error *ret_error);

/* For a syntax error at this place: the byte there (NUL at the end of the text), and in *ret
   what its line or the one before has that is no space but looks like one (line 0: nothing). */
char yaml_look_around(const char *text, size_t len, int line, int column,
                      struct yaml_error *ret);

/* Reads a file whole, at most cap bytes, into the arena (NUL behind it). 0, or -errno;
   -EFBIG over the cap; -EISDIR and -EINVAL for what is not a regular file. */
int yaml_read_file(struct arena *a, const char *path, size_t cap, char **ret, size_t *ret_len);

#endif
