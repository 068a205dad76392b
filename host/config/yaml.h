/* yaml.h - a YAML file as a tree of nodes that know where they stand. The only file that
   calls libyaml. Refuses what is not a tree of plain values: bombs, cycles, several
   documents, unknown tags, duplicate keys, invalid UTF-8, NULs, oversize files; each with
   one clear error. */
#ifndef HERMOD_CONFIG_YAML_H
#define HERMOD_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

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
   allowed, NULL-terminated. Every duplicate key is reported and the parse goes on; a syntax
   error ends it. Returns NULL when there was any error that leaves no tree. */
struct yaml_node *yaml_parse(struct arena *a, const char *text, size_t len,
                             const char *const *tags, yaml_error_fn *error, void *arg);
/* The member's value, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
/* Is an unquoted scalar that YAML 1.2 calls null, or empty? */
bool yaml_is_null(const struct yaml_node *n);

/* A node as JSON text (plain scalars typed by YAML 1.2's core schema). */
struct buf;
void yaml_to_json(const struct yaml_node *n, struct buf *out);

/* Reads a file whole, at most cap bytes, into the arena (NUL behind it). 0, or -errno;
   -EFBIG over the cap; -EISDIR and -EINVAL for what is not a regular file. */
int yaml_read_file(struct arena *a, const char *path, size_t cap, char **ret, size_t *ret_len);

#endif
