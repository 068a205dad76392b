/* descriptor.h - checks what a plugin says of itself (struct hermod_plugin and its tables)
   and turns it into a struct plugin_info. Loads nothing and runs nothing of the plugin. */
#ifndef HERMOD_RUNNER_DESCRIPTOR_H
#define HERMOD_RUNNER_DESCRIPTOR_H

#include <stddef.h>

#include <hermod/plugin.h>

#include "base/arena.h"
#include "model/plugin_info.h"

#define DESCRIPTOR_ROWS_MAX 256            /* settings, and events: no END means garbage */

/* Says which file is wrong, and collects the one message. */
struct descriptor_check {
    struct arena *arena;
    const char *file;                      /* "x.so" */
    const char *error;                     /* NULL: nothing wrong so far */
};

/* Keeps the message, with the file before it. Returns -1. */
int descriptor_wrong(struct descriptor_check *k, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Text from the plugin as it may be shown: quoted, cut, without control characters. */
const char *descriptor_quote(struct descriptor_check *k, const char *text);
/* The first fields, which say how to read the rest. size: bytes known to be there. */
int descriptor_check_head(struct descriptor_check *k, const struct hermod_plugin *p,
                          size_t size);
/* All the rest, of a copy padded to this host's size; fills ret. 0 or -1. */
int descriptor_check_rest(struct descriptor_check *k, const struct hermod_plugin *p,
                          struct plugin_info *ret);
/* The settings part of it; needs config_size. */
int descriptor_check_settings(struct descriptor_check *k, const struct hermod_plugin *p,
                              struct plugin_info *ret);
/* Is text valid UTF-8 without control characters, and 1..max bytes long? */
bool descriptor_is_text(const char *text, size_t max);

#endif
