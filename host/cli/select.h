/* select.h - the options that choose deliveries, shared by deliveries, replay and drop. */
#ifndef HERMOD_CLI_SELECT_H
#define HERMOD_CLI_SELECT_H

#include <stdint.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/client.h"

/* Rows behind the client's own. */
enum {
    SELECT_VENDOR = CLIENT_OPTIONS,
    SELECT_PLUGIN,
    SELECT_NAME,
    SELECT_USER,
    SELECT_REASON,
    SELECT_SINCE,
    SELECT_UNTIL,
    SELECT_OPTIONS,
};
#define SELECT_ROWS                                                                        \
    [SELECT_VENDOR] = { 0, "vendor", "ID", "Only of this vendor." },                       \
    [SELECT_PLUGIN] = { 0, "plugin", "NAME", "Only to this plugin's destinations." },      \
    [SELECT_NAME] = { 0, "name", "NAME",                                                   \
                      "Only to destinations of this name (the plugin's name unless the "   \
                      "vendor's file gives another)." },                                   \
    [SELECT_USER] = { 0, "user", "ID", "Only of this user." },                             \
    [SELECT_REASON] = { 0, "reason", "WHY",                                                \
                        "Only those parked because of this: failed, credentials, "         \
                        "\"retries used up\", \"killed its runner\" or gone." },           \
    [SELECT_SINCE] = { 0, "since", "TIME",                                                 \
                       "Only of events accepted at or after this time: RFC 3339, a date, " \
                       "or how long ago, as 2h or 3d." },                                  \
    [SELECT_UNTIL] = { 0, "until", "TIME", "Only of events accepted before this time." }

/* A TIME as RFC 3339 for the host. "2025-11-10T12:00:00Z", "2025-11-10" (midnight, UTC) or
   "2h" (before now_ms). out has room for 32. 0 or -1. */
int select_time(const char *text, int64_t now_ms, char *out);

/* The chosen ones of the options, checked: values to send, or NULL. */
struct selection {
    const char *vendor, *plugin, *name, *user, *reason, *since, *until;
    char since_text[32], until_text[32];
    bool any;                      /* something restricts */
};
/* 0, or the exit status after saying what is wrong. */
int select_read(const struct command *cmd, const struct cli_args *args,
                struct selection *ret);
/* The body of a request that changes what is chosen; pure. event NULL: none. */
void select_body(struct buf *out, const struct selection *s, const char *event, bool all,
                 bool dry_run);
/* "vendor/plugin" or "vendor/plugin/name" into its parts; name is the plugin's when not
   given. The parts point into copies for free(): ret_parts[0..2]. 0 or -1. */
int select_destination(const char *text, char *ret_parts[3]);

#endif
