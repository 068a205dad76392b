/* client.h - the command line's side of the host's HTTP: address and token from hermod.yaml,
   one request at a time, clear words when it fails. The only user of libcurl in cli/. */
#ifndef HERMOD_CLI_CLIENT_H
#define HERMOD_CLI_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/reply.h"

struct client;

enum client_side { CLIENT_INTAKE, CLIENT_ADMIN };

/* The first rows of every client command's options, in this order. */
enum { CLIENT_CONFIG, CLIENT_URL, CLIENT_TOKEN_FILE, CLIENT_JSON, CLIENT_OPTIONS };
#define CLIENT_CONFIG_ROW                                                             \
    { 'c', "config", "FILE",                                                          \
      "Take the host's address and token from this file (" DEFAULT_CONFIG ")." }
#define CLIENT_URL_ROW(side, key)                                                     \
    { 0, "url", "URL",                                                                \
      "The host's " side " address, as http://127.0.0.1:8471; otherwise `" key "` of " \
      "the configuration." }
#define CLIENT_TOKEN_ROW                                                              \
    { 0, "token-file", "FILE",                                                        \
      "A file with the bearer token; otherwise the first one of the configuration." }
#define CLIENT_JSON_ROW { 0, "json", NULL, "Print the host's answer as it is, in JSON." }
#define CLIENT_ADMIN_ROWS                                                             \
    [CLIENT_CONFIG] = CLIENT_CONFIG_ROW,                                              \
    [CLIENT_URL] = CLIENT_URL_ROW("admin", "admin"),                                  \
    [CLIENT_TOKEN_FILE] = CLIENT_TOKEN_ROW, [CLIENT_JSON] = CLIENT_JSON_ROW

/* For the commands' help. */
#define CLIENT_EXIT_HELP \
    "\nExit status: 0 good; 1 the host did not answer or refused; 2 wrong usage.\n"

/* NULL when address or token are not to be had: it is said on stderr then, and the command
   ends with *ret_status. */
struct client *client_new(const struct command *cmd, enum client_side side,
                          const struct cli_args *args, int *ret_status);
void client_free(struct client *c);        /* takes NULL */
void client_done(struct client **c);       /* for CLEANUP(client_done) */

struct answer {
    int status;                    /* HTTP; 0: none came */
    struct buf body;
    struct json_object *json;      /* of the body, or NULL */
    int64_t retry_after_s;         /* -1: not said */
};
void answer_free(struct answer *a);

/* One request; body NULL: none. 0, or -1 when no answer came: client_error() then says why,
   for people. *ret must be zeroed or from an earlier call; answer_free() it in any case. */
int client_call(struct client *c, const char *method, const char *path, const char *body,
                size_t len, struct answer *ret);
const char *client_error(const struct client *c);
const char *client_url(const struct client *c);

/* client_call() for commands: says on stderr what is wrong unless a 2xx with JSON came.
   With --json given, prints the answer. 0 or -1. */
int client_ask(struct client *c, const char *method, const char *path, const char *body,
               struct answer *ret);
/* Keeps client_ask() from printing answers, or lets it again. */
void client_quiet(struct client *c, bool quiet);
/* Says what a problem document says, or the status. */
void client_say_problem(struct client *c, const struct answer *a);

/* Adds "?name=value" or "&name=value" to a path, encoded; nothing when value is NULL. */
void client_query(struct buf *path, const char *name, const char *value);
/* Adds one segment, encoded, with a '/' before it. */
void client_segment(struct buf *path, const char *segment);

#endif
