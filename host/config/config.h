/* config.h - hermod.yaml and the vendors' files, checked, as data. The only user of libyaml
   is config/. Nothing here is printed: it holds secrets. */
#ifndef HERMOD_CONFIG_CONFIG_H
#define HERMOD_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/destination.h"
#include "model/host_config.h"
#include "model/plugin_info.h"

struct yaml_node;

struct config_problem {
    const char *file;
    int line, column;              /* from 1; 0: the whole file */
    bool warning;
    const char *where;             /* "acme.mailchimp.listId"; "" */
    const char *text;              /* what was wanted, what was found */
};

/* The platform's API, for the source role. */
struct sesamy {
    const char *api_url, *token_url;
    bool paging_by_offset;         /* else by `from` */
};
struct sesamy_vendor {
    const char *vendor, *client_id, *client_secret;
};

/* What hermod.yaml, a vendor's file and a destination may each say: the nearest wins. */
struct common {
    struct retry_schedule retry;
    const struct cidr *allow;
    size_t allow_count;
};

struct config {
    struct arena arena;            /* owns everything below */
    struct host_config host;
    struct destination *destinations;      /* enabled and disabled ones */
    size_t destination_count;
    const char **vendors;          /* vendor ids, sorted, also those without destinations */
    size_t vendor_count;
    struct sesamy sesamy;
    struct sesamy_vendor *sesamy_vendors;  /* those with credentials */
    size_t sesamy_vendor_count;
    struct config_problem *problems;       /* in order of file, line, column */
    size_t problem_count, problem_size;
    size_t error_count;            /* all that are not warnings, also those beyond
                                      CAP_CONFIG_ERRORS, which are not kept */
    size_t warning_count;
    const char *file;              /* hermod.yaml; NULL: none was read */
    bool blind;                    /* where the plugins or the vendors' files are is not known:
                                      config_load_vendors() looks no further */
    struct common common;          /* what every destination inherits */
};

/* The keys of hermod.yaml, for manuals: rows in the order of the table, NULL behind the last.
   sesamy, retry and allowNetworks are blocks and not among them. */
const struct setting_info *config_host_row(size_t index);

/* Reads and checks hermod.yaml only (so that the plugin directories are known).
   *ret must be zeroed; config_free() afterwards in any case.
   Returns 0, or -1 when there are errors; they are in ret->problems either way, and the
   vendors' files may still be checked, against defaults where hermod.yaml is wrong.
   path: NULL takes the defaults without a file. */
int config_load_host(struct config *ret, const char *path);

/* Then the vendors' files, against what the plugins say of themselves; plugins that could
   not be described have error set. Nothing of plugins is kept. Returns as above; -1 also
   when hermod.yaml had errors. */
struct config_plugin {
    struct plugin_info info;
    const char *error;             /* NULL, or why the file cannot be loaded */
};
int config_load_vendors(struct config *c, const struct config_plugin *plugins, size_t count);

/* One vendor's block for one plugin from a YAML mapping in text: what `plugin test` uses for
   `settings:`. *c is zeroed or in use. Values into c->arena; problems as above, at lines of
   text; file is their name, and where relative paths start. *ret only when 0. */
int config_load_settings(struct config *c, const char *file, const char *yaml, size_t len,
                         const struct plugin_info *info, struct destination *ret);

/* The same from a node of a larger file (yaml_parse() with config_tags); NULL: an empty map. */
int config_read_settings(struct config *c, const char *file, const struct yaml_node *n,
                         const struct plugin_info *info, struct destination *ret);
/* The tags that values may have: !file, !env, !credential; ends with NULL. */
extern const char *const config_tags[];

/* "file:line:column: where: text" and a newline, one problem each; "warning: " before the
   text of a warning. */
void config_print_problems(const struct config *c, struct buf *out);

void config_free(struct config *c);        /* wipes; takes NULL */

/* A destination's name for people: "acme/webhooks" or "acme/webhooks/name" when the name
   is not the plugin's. Into the arena. */
const char *destination_title(struct arena *a, const struct destination *d);

#endif
