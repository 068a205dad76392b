/* message.h - what the roles say to each other: one enum with one name table, and for
   each message its struct and how it travels.

   Peers are always the same build (one binary re-executes itself), but the version is
   checked at hello all the same: bump it whenever anything here changes. */
#ifndef HERMOD_WIRE_MESSAGE_H
#define HERMOD_WIRE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/destination.h"
#include "model/event.h"
#include "model/host_config.h"
#include "model/plugin_info.h"

#define WIRE_VERSION 1

/* S supervisor, C core, R runner, D a runner that only describes a plugin.
   A message marked fd brings one descriptor with it. */
#define MESSAGES(X)                                                                  \
    X(HELLO, 1)            /* both ways at start: version */                         \
    X(DESCRIBE, 2)         /* S>D  the path of a .so */                              \
    X(DESCRIPTION, 3)      /* D>S  struct plugin_info, or why it cannot be loaded */ \
    X(CORE_CONFIG, 4)      /* S>C  the host's own settings */                        \
    X(DESTINATION, 5)      /* S>C without values, S>R with: one destination */       \
    X(GO, 6)               /* S>C, S>R  all has been said: start */                  \
    X(RUNNER_CONFIG, 7)    /* S>R  fd: the socket to core; the plugin's file */      \
    X(READY, 8)            /* C>S, R>S  serving */                                   \
    X(FATAL, 9)            /* C>S, R>S  cannot serve, and why */                     \
    X(RUNNER_UP, 10)       /* S>C  fd: the socket to a runner; which plugin */       \
    X(RUNNER_DOWN, 11)     /* S>C  a runner has died: how, and on which delivery */  \
    X(KILL_RUNNER, 12)     /* C>S  a runner does not answer */                       \
    X(CULPRIT, 13)         /* R>S  last words: the delivery that had the thread */   \
    X(STOP, 14)            /* S>C, S>R  finish what is in flight, then exit */       \
    X(JOB, 15)             /* C>R  run one attempt */                                \
    X(RESULT, 16)          /* R>C  how it ended */                                   \
    X(CHECK, 17)           /* S>R  run the plugin's check() for one destination */   \
    X(CHECK_RESULT, 18)    /* R>S  what it said */                                   \
    X(VENDOR, 19)          /* S>C  a vendor's id, with or without destinations */     \
    X(SOURCE_CONFIG, 20)   /* S>O  the platform's addresses; O is the source role */  \
    X(SOURCE_VENDOR, 21)   /* S>O  one vendor's credentials */                        \
    X(SOURCE_PEER, 22)     /* S>O  fd: the socket to a runner; which plugin */        \
    X(SOURCE_UP, 23)       /* S>R  fd: the socket to the source, anew when it died */ \
    X(LOOKUP, 24)          /* R>O  a question about an event */                       \
    X(ANSWER, 25)          /* O>R  what the platform said */

enum message {
#define X(name, number) MSG_##name = number,
    MESSAGES(X)
#undef X
};
const char *message_name(int type);        /* "unknown" for other numbers */
/* Does a frame of this type bring a descriptor? */
bool message_has_fd(int type);

/* A frame is: u32 length of what follows, u8 type, payload. frame_begin() returns a mark
   for frame_end(), which fills the length in; over CAP_FRAME the buffer is failed. */
size_t frame_begin(struct buf *out, enum message type);
void frame_end(struct buf *out, size_t mark);

/* Every put_* writes one whole frame; every get_* reads one payload, strings into the
   arena, and returns 0, or -1 when it is malformed or not consumed whole. */

void put_simple(struct buf *out, enum message type);               /* GO READY STOP */
int get_simple(const void *payload, size_t len);
void put_hello(struct buf *out);
int get_hello(const void *payload, size_t len);
/* FATAL, DESCRIBE, and others of one string. */
void put_text(struct buf *out, enum message type, const char *text);
int get_text(struct arena *a, const void *payload, size_t len, const char **ret);

/* error: NULL, or why the file cannot be loaded (info then has what is known). */
void put_description(struct buf *out, const struct plugin_info *info, const char *error);
int get_description(struct arena *a, const void *payload, size_t len,
                    struct plugin_info *ret, const char **ret_error);

void put_core_config(struct buf *out, const struct host_config *c);
int get_core_config(struct arena *a, const void *payload, size_t len,
                    struct host_config *ret);

void put_destination(struct buf *out, const struct destination *d, bool with_values);
int get_destination(struct arena *a, const void *payload, size_t len,
                    struct destination *ret);

struct msg_runner_config {
    const char *plugin, *path, *log_level;
    int64_t grace_ms;
    uint64_t settings_mark;                /* plugin_info_settings_mark() of what the
                                              destinations were checked against; 0: none */
    bool source;                           /* there is a source role: some vendor has
                                              credentials for the platform's API */
};
void put_runner_config(struct buf *out, const struct msg_runner_config *m);
int get_runner_config(struct arena *a, const void *payload, size_t len,
                      struct msg_runner_config *ret);

struct msg_runner_down {
    const char *plugin;
    const char *how;                       /* "signal 11 (Segmentation fault)" */
    uint64_t culprit;                      /* token of the delivery that had the thread;
                                              0: not known */
    bool orderly;                          /* it was told to stop: nobody's fault */
    bool outside;                          /* SIGKILL, and not from us */
    bool given_up;                         /* it will not be started again by itself */
};
void put_runner_down(struct buf *out, const struct msg_runner_down *m);
int get_runner_down(struct arena *a, const void *payload, size_t len,
                    struct msg_runner_down *ret);

struct msg_kill_runner {
    const char *plugin, *why;
    uint64_t culprit;
};
void put_kill_runner(struct buf *out, const struct msg_kill_runner *m);
int get_kill_runner(struct arena *a, const void *payload, size_t len,
                    struct msg_kill_runner *ret);

#define CULPRIT_WHAT 48                    /* "called exit()", with its NUL */
#define CULPRIT_FRAME (4 + 1 + 8 + CULPRIT_WHAT)
/* Fixed size and no allocation, so that a signal handler can write it. what is cut. */
void put_culprit(uint8_t frame[CULPRIT_FRAME], uint64_t token, const char *what);
int get_culprit(const void *payload, size_t len, uint64_t *ret, char ret_what[CULPRIT_WHAT]);

struct msg_job {
    uint64_t token;                        /* core's name for this attempt; never 0 */
    uint32_t destination;                  /* index */
    uint32_t attempt;
    int64_t accepted_ms;
    int64_t deadline_ms;                   /* how long it may take */
    char id[EVENT_ID_LEN + 1];
    struct event event;
};
void put_job(struct buf *out, const struct msg_job *m);
/* Strings are not copied: they point into the payload where NULs allow, else the arena. */
int get_job(struct arena *a, const void *payload, size_t len, struct msg_job *ret);

struct msg_result {
    uint64_t token;
    int32_t outcome;                       /* as the plugin returned it: any number */
    int32_t status;                        /* HTTP status of the answer that decided; 0 */
    int64_t after_ms;                      /* retry not before; 0: the backoff */
    int64_t hold_ms;                       /* hold the destination for so long; 0 */
    int64_t took_ms;
    bool pause;                            /* pause the destination */
    const char *reason;                    /* "" when there is nothing to say */
};
void put_result(struct buf *out, const struct msg_result *m);
int get_result(struct arena *a, const void *payload, size_t len, struct msg_result *ret);

struct msg_source_config {
    const char *api_url, *token_url;
    const char *log_level;
    bool paging_by_offset;                 /* else by `from` */
    const struct cidr *allow;
    size_t allow_count;
};
void put_source_config(struct buf *out, const struct msg_source_config *m);
int get_source_config(struct arena *a, const void *payload, size_t len,
                      struct msg_source_config *ret);

struct msg_source_vendor {
    const char *vendor, *client_id, *client_secret;
};
void put_source_vendor(struct buf *out, const struct msg_source_vendor *m);
int get_source_vendor(struct arena *a, const void *payload, size_t len,
                      struct msg_source_vendor *ret);

struct msg_lookup {
    uint64_t id;                           /* the runner's name for it; never 0 */
    int32_t kind;                          /* enum lookup_kind */
    const char *vendor, *user, *contract, *checkout, *sku;
    int64_t accepted_ms;                   /* the answer must have been asked for later */
};
void put_lookup(struct buf *out, const struct msg_lookup *m);
int get_lookup(struct arena *a, const void *payload, size_t len, struct msg_lookup *ret);

struct msg_answer {
    uint64_t id;
    int32_t status;
    int64_t after_ms;
    const char *error;
    const char *body, *contracts, *entitlements;
    size_t body_len, contracts_len, entitlements_len;
};
void put_answer(struct buf *out, const struct msg_answer *m);
int get_answer(struct arena *a, const void *payload, size_t len, struct msg_answer *ret);

struct msg_check_result {
    uint32_t destination;
    int32_t outcome;
    const char *reason;
};
void put_check(struct buf *out, uint32_t destination);
int get_check(const void *payload, size_t len, uint32_t *ret);
void put_check_result(struct buf *out, const struct msg_check_result *m);
int get_check_result(struct arena *a, const void *payload, size_t len,
                     struct msg_check_result *ret);

#endif
