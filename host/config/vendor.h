/* vendor.h - one destination from its block, and all that blocks are checked against.
   Shared by the files of config/ alone. */
#ifndef HERMOD_CONFIG_VENDOR_H
#define HERMOD_CONFIG_VENDOR_H

#include "base/map.h"
#include "config/check.h"

/* A plugin as blocks see it. What destinations point at lives in the configuration's arena. */
struct installed {
    const struct config_plugin *plugin;
    const char *name;
    const char **events;
    size_t event_count;
    struct setting_value *defaults;        /* one per row */
    size_t credential;                     /* row; SIZE_MAX: none */
    bool asked_for;                        /* by some vendor's file */
};

/* One run over the vendors' files. */
struct loader {
    struct config *c;
    struct installed *installed;           /* one per plugin, those in error too */
    size_t installed_count;
    struct map by_name;                    /* to struct installed: the usable one of a name */
    struct map groups;                     /* hash of plugin and credential to index + 1 */
    struct map vendors;                    /* id to struct seen */
    struct destination *list;
    size_t count, size;
};

void loader_start(struct loader *l, struct config *c, const struct config_plugin *plugins,
                  size_t count);
void loader_free(struct loader *l);

/* Reads a block into *ret, all but index and group. up: what it inherits. 0, or -1 and told;
   ret->name is NULL when there is no telling what it is called. */
int destination_read(struct check *k, const struct place *at, const struct yaml_node *block,
                     const struct installed *in, const char *vendor, const struct common *up,
                     struct destination *ret);
/* The index's group: the lowest index with the same plugin and credential. */
uint32_t loader_group(struct loader *l, const struct installed *in, const struct destination *d);

/* A vendor's file, as far as it can be understood. */
void vendor_read(struct loader *l, struct check *k, const struct yaml_node *root);

#endif
