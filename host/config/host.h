/* host.h - hermod.yaml into struct host_config. Shared by the files of config/ alone. */
#ifndef HERMOD_CONFIG_HOST_H
#define HERMOD_CONFIG_HOST_H

#include "config/check.h"

/* Defaults first, then what the file says; k->c->host and ->common. */
void host_read(struct check *k, const struct yaml_node *root);

#endif
