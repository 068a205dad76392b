/* common.h - retry, limits and allowNetworks: what is written alike at several levels.
   Shared by the files of config/ alone. */
#ifndef HERMOD_CONFIG_COMMON_H
#define HERMOD_CONFIG_COMMON_H

#include "config/values.h"

/* `retry` and `allowNetworks` of a map, where it has them, over what *c inherited. 0, or -1
   and told. */
int common_read(struct check *k, const struct place *at, const struct yaml_node *map,
                struct common *c);
/* `limits` of a destination's block, over the plugin's defaults already in *d. */
int limits_read(struct check *k, const struct place *at, const struct yaml_node *block,
                struct destination *d);

#endif
