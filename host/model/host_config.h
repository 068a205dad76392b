/* host_config.h - hermod.yaml, checked, as data. Made by config, handed to core. */
#ifndef HERMOD_MODEL_HOST_CONFIG_H
#define HERMOD_MODEL_HOST_CONFIG_H

#include <stddef.h>
#include <stdint.h>

/* hermod.yaml. Every key is optional; the defaults stand in config/host.c's table. */
struct host_config {
    const char *listen;            /* "127.0.0.1:8470" */
    const char *admin;             /* "127.0.0.1:8471" */
    const char **tokens;           /* for intake; token_count 0 only on loopback */
    size_t token_count;
    const char **signing_secrets;  /* Standard Webhooks senders, "whsec_..." */
    size_t signing_secret_count;
    const char **admin_tokens;
    size_t admin_token_count;
    const char **plugin_dirs;      /* searched in order; the first of a name wins */
    size_t plugin_dir_count;
    const char *vendors;           /* directory */
    const char *journal;           /* "sqlite:/var/lib/hermod/journal.db" */
    int64_t retention_ms;          /* how long ended deliveries are kept */
    int64_t grace_ms;              /* how long an orderly stop waits */
    int64_t min_free_bytes;        /* of the journal's disk, below which intake says 503 */
    int64_t max_waiting;           /* waiting deliveries above which intake says 503 */
    const char *log_level;
};

#endif
