/* script_far.h - the far side of a call as a case tells it: the clock stands still, the
   randomness is known, and requests are answered from the script at once. */
#ifndef HERMOD_CLI_SCRIPT_FAR_H
#define HERMOD_CLI_SCRIPT_FAR_H

#include "base/buf.h"
#include "cli/case.h"
#include "cli/har.h"
#include "runner/call.h"

struct script {
    struct far far;                /* first */
    const struct test_case *tc;
    bool *used;                    /* by exchange */
    unsigned requests;
    size_t random_at;
    struct setting_pair *memo;
    size_t memo_count;
    struct arena arena;            /* what must outlive a call */
    struct buf problems;           /* what did not match, a line each */
    struct buf log;                /* what the plugin logged */
    struct buf *har;               /* or NULL: entries are added to it */
    const char *har_comment;
    struct har_secrets har_secrets;
};

/* tc must outlive it. */
void script_begin(struct script *s, const struct test_case *tc);
/* Adds a problem for each exchange that no request came for. */
void script_finish(struct script *s);
void script_free(struct script *s);

/* script_lookup.c: a question to the platform's API. */
void script_lookup(struct far *f, struct call *c, struct lookup *l);

#endif
