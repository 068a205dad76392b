/* tags.h - the tags a subscriber should have, and how they meet those that exist elsewhere.
   All of ours begin with TAG_PREFIX; no other tag is ever touched. Pure. */
#ifndef HERMOD_MODEL_TAGS_H
#define HERMOD_MODEL_TAGS_H

#include <hermod/plugin.h>

#include "base/arena.h"

#define TAG_PREFIX "sesamy_"
#define TAG_MAX 99                 /* characters; the platform's own limit */

/* Lists end with NULL and are made in the arena; the tags in them are compared byte for
   byte. Those of tags_wanted() are sorted that way, and none comes twice. */
const char *const *tags_wanted(struct arena *a, const struct hermod_subscriber *s);
/* The existing ones that are not ours, in their order, then the wanted ones. */
const char *const *tags_merge(struct arena *a, const char *const *wanted,
                              const char *const *existing);
/* The wanted ones that do not exist. */
const char *const *tags_missing(struct arena *a, const char *const *wanted,
                                const char *const *existing);
/* The existing ones of ours that are not wanted, each once. */
const char *const *tags_stale(struct arena *a, const char *const *wanted,
                              const char *const *existing);

#endif
