/* values.h - one value of a setting from its node, checked against its row: the same for a
   plugin's settings and for the host's own. Shared by the files of config/ alone. */
#ifndef HERMOD_CONFIG_VALUES_H
#define HERMOD_CONFIG_VALUES_H

#include "config/check.h"

#define CAP_SETTING (64 * 1024)            /* bytes of one text: as much as a secret file */
#define SETTING_NOT_EMPTY 0x100u           /* may be left out, but not left empty: our rows */

/* Into c->arena. 0, or -1 and the problem is told; *ret is then not set. References are
   followed; a secret's value is never quoted; a required row must not be empty, nor one
   with SETTING_NOT_EMPTY. */
int value_read(struct check *k, const struct place *at, const struct setting_info *row,
               const struct yaml_node *n, struct setting_value *ret);
/* A map by its rows into values, one per row, zeroed before. A null is an empty map. others:
   keys that somebody else reads (NULL-terminated, or NULL). Unknown keys, bad values and
   missing required ones are told; 0, or -1 when there were any. Defaults are not filled in. */
int block_read(struct check *k, const struct place *at, const struct yaml_node *n,
               const struct setting_info *rows, size_t count, const char *const *others,
               struct setting_value *values);
/* What a row wants, for people: "an integer from 1 to 10". */
void value_wanted(const struct setting_info *row, char *out, size_t size);

/* What was found, for people; a secret's kind alone. */
struct found {
    char text[240];
};
const char *value_found(struct found *f, const struct yaml_node *n, bool secret);

/* What stands in a text that may not stand in a header or a URL: "a line break (U+000A)"
   (in out, or a literal); NULL when all is well. */
const char *text_control(const char *text, size_t len, char out[64]);
/* Why text is not an absolute http or https URL as we want it; NULL: it is one. The reason
   quotes nothing. */
const char *url_trouble(const char *text);

/* Follows !file, !env or !credential: the value in c->arena. 0, or -1 and told. */
int ref_read(struct check *k, const struct place *at, const struct yaml_node *n,
             const char **ret, size_t *ret_len);
/* What a reference refers to, as it may be shown: "..." for what is no name, since it may be
   the secret itself, put there by mistake. */
const char *ref_shown(const struct yaml_node *n);

#endif
