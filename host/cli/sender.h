/* sender.h - carries events to the host, request by request, until each is accepted or
   refused, or the host cannot be had. */
#ifndef HERMOD_CLI_SENDER_H
#define HERMOD_CLI_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "model/slices.h"

struct send_item {
    struct slice event;
    const char *file;              /* for messages */
    size_t number;                 /* its place in the file, from 1 */
};

struct sender {
    const struct command *cmd;
    struct client *client;
    int64_t patience_ms;           /* how long without progress */
    bool json, progress;
    size_t total;
    size_t accepted, duplicates, refused;
    int64_t progress_ms;           /* monotonic, of the last answer that settled something */
    bool line_open;                /* a progress line stands on the terminal */
};

/* 0 when every item was accepted or refused (see s->refused); -1 when it gave up, having
   said why. */
int sender_run(struct sender *s, const struct send_item *items, size_t count);

#endif
