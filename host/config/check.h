/* check.h - one run over one file: where we are in it, and what was found wrong. Shared by
   the files of config/ alone. */
#ifndef HERMOD_CONFIG_CHECK_H
#define HERMOD_CONFIG_CHECK_H

#include <stdbool.h>

#include "base/mem.h"
#include "config/config.h"
#include "config/yaml.h"

/* A name on the way down, kept on the stack: text is made of it only when something is
   wrong. */
struct place {
    const struct place *up;        /* NULL: the file */
    const char *name;              /* "" is left out */
    char before;                   /* '.' or '/' */
};
#define PLACE(up_, name_) (&(const struct place){ (up_), (name_), '.' })

struct check {
    struct config *c;
    const char *file;              /* in c->arena */
    const char *dir;               /* where relative paths start */
    unsigned mode;                 /* permissions of file; 0: not a file */
    bool mode_told;
};

/* Starts a run over a file: its name, directory and mode. path is copied. */
void check_start(struct check *k, struct config *c, const char *path);
/* Reads and parses k->file into a; NULL when it was told what is wrong. */
struct yaml_node *check_parse_file(struct check *k, struct arena *a);
struct yaml_node *check_parse(struct check *k, struct arena *a, const char *text, size_t len);

/* A problem at n; n NULL: of the whole file. Control characters are replaced. Beyond
   CAP_CONFIG_ERRORS problems are only counted. */
void check_error(struct check *k, const struct place *at, const struct yaml_node *n,
                 const char *fmt, ...) PRINTF_LIKE(4, 5);
void check_warn(struct check *k, const struct place *at, const struct yaml_node *n,
                const char *fmt, ...) PRINTF_LIKE(4, 5);
/* Sorts the problems by file (hermod.yaml first), line and column. */
void problems_sort(struct config *c);

/* For a word that is none of names: "; did you mean "x"?", or "; <label> a, b, c", cut to
   fit. */
void check_hint(char *out, size_t size, const char *word, const char *label,
                const char *const *names, size_t count);
/* path, when relative from k->dir; in c->arena. */
const char *check_path(struct check *k, const char *path);

#endif
