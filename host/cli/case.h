/* case.h - one case of `hermod plugin test`: what a YAML file says a plugin is given, must
   send and must come to. Read and checked here; nothing is run. */
#ifndef HERMOD_CLI_CASE_H
#define HERMOD_CLI_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/event.h"
#include "model/plugin_info.h"

struct yaml_node;

/* One header: expected (value NULL: must be absent) or answered. */
struct case_header {
    const char *name, *value;
};

enum case_failure { CASE_ANSWERED, CASE_TIMEOUT, CASE_REFUSED, CASE_TLS };

struct case_exchange {
    int line, column;              /* in the file */
    unsigned group;                /* not 0: those of one group may come in any order */
    /* What must be sent. NULL: anything. In url and headers "…" stands for any text. */
    const char *method, *url;
    struct case_header *headers;
    size_t header_count;
    const char *json, *json_includes;      /* JSON text */
    const char *body;
    size_t body_len;
    /* What is answered. */
    enum case_failure failure;
    int status;
    struct case_header *answer_headers;
    size_t answer_header_count;
    const char *answer;
    size_t answer_len;
};

/* What the platform's API answers: JSON text, "null" for a 404; NULL when not told, which is
   an empty list for contracts and entitlements. */
struct case_sesamy {
    const char *profile, *contracts, *entitlements, *checkout;
    struct setting_pair *products; /* SKU, JSON text */
    size_t product_count;
    int error;                     /* every question fails: the status, 0 for a timeout; -1 */
    int64_t after_ms;              /* with error: not before; 0 */
};

struct test_case {
    const char *file;
    const char *description;       /* "" when there is none */
    const struct yaml_node *settings;      /* NULL: none */
    bool check;                    /* run check() instead of deliver() */
    int64_t now_ms;
    const uint8_t *random;         /* repeated; never empty */
    size_t random_len;
    uint32_t attempt;
    struct event event;            /* unless check */
    const char *event_id;
    int event_line, event_column;
    struct setting_pair *memo;
    size_t memo_count;
    struct case_sesamy sesamy;
    struct case_exchange *exchanges;
    size_t exchange_count;
    int outcome;                   /* enum outcome */
    const char *reason;            /* NULL: any; else what it must contain */
    int64_t retry_after_ms;        /* -1: any */
    int paused;                    /* -1: any */
};

/* Reads a case from text (len bytes, NUL behind). Everything in ret lives in the arena; text
   must live as long. Every mistake is added to errors as "file:line:column: ..." and a
   newline. 0, or -1 when there was one; ret->description is set when it could be read. */
int case_read(struct arena *a, const char *file, const char *text, size_t len,
              struct test_case *ret, struct buf *errors);

/* ---- shared by the files that read cases ---- */

struct case_reader {
    struct arena *arena;
    const char *file;
    struct buf *errors;
    unsigned count;                /* mistakes */
};

/* One key of a map and what reads its value into `into`. */
struct case_key {
    const char *name;
    void (*read)(struct case_reader *r, const struct yaml_node *n, void *into);
};

void case_error(struct case_reader *r, const struct yaml_node *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Reads each member by its row; others are mistakes. false when n is no map. */
bool case_map(struct case_reader *r, const struct yaml_node *n, const char *what,
              const struct case_key *keys, size_t count, void *into);
/* The text of a scalar; NULL, and a mistake, when n is none. */
const char *case_text(struct case_reader *r, const struct yaml_node *n, const char *what);
/* n as JSON text; NULL, and a mistake, when it has no such form. */
const char *case_json(struct case_reader *r, const struct yaml_node *n);
/* case_exchange.c: the list under `exchanges`. */
void case_exchanges(struct case_reader *r, const struct yaml_node *n, void *test_case);
/* case_sesamy.c: the map under `sesamy`. */
void case_sesamy(struct case_reader *r, const struct yaml_node *n, void *test_case);

#endif
