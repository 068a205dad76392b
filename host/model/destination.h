/* destination.h - one enabled block of a vendor's file, checked: (vendor, plugin, name).
   Made by config; core gets it without the settings, the plugin's runner with them. */
#ifndef HERMOD_MODEL_DESTINATION_H
#define HERMOD_MODEL_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/network.h"
#include "model/plugin_info.h"
#include "model/retry.h"

struct destination {
    uint32_t index;                /* its place in this configuration: the name on the wire */
    const char *vendor, *plugin, *name;
    bool enabled;
    const char **events;           /* event_count types it takes, never 0 */
    size_t event_count;
    struct retry_schedule retry;
    int64_t concurrent;            /* deliveries at once, over all that share `group` */
    int64_t requests, per_ms;      /* HTTP requests, over all that share `group`; 0: no limit */
    uint32_t group;                /* destinations of one plugin with the same credential share
                                      a group: the lowest index among them */
    int64_t deadline_ms;           /* for one attempt */
    const struct cidr *allow;      /* allowNetworks */
    size_t allow_count;
    struct setting_value *values;  /* one per row of the plugin; NULL in core */
    size_t value_count;
};

#endif
