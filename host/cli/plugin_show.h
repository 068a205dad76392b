/* plugin_show.h - what is known of a plugin as text and as JSON. Pure. */
#ifndef HERMOD_CLI_PLUGIN_SHOW_H
#define HERMOD_CLI_PLUGIN_SHOW_H

#include "base/buf.h"
#include "config/config.h"

/* Why the file cannot be loaded, without the file's name in front; NULL: it can. */
const char *plugin_error(const struct config_plugin *p);
/* One object, complete. */
void plugin_json(struct buf *out, const struct config_plugin *p);
/* A page for people. */
void plugin_page(struct buf *out, const struct config_plugin *p);

#endif
