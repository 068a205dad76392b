/* sandbox.h - stand-ins for the subscription platform's API and the vendors' in one server
   on the loopback: state, strictness, and faults on demand. Knows no plugin. */
#ifndef HERMOD_SANDBOX_SANDBOX_H
#define HERMOD_SANDBOX_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"

struct sandbox;

struct sandbox_options {
    uint16_t port;                 /* 0: any; sandbox_port() tells */
    const char *seed;              /* JSON text laid over the first state; or NULL */
    size_t seed_len;
};

/* NULL on failure, with *ret_error for people, to free(). The loop's after-poll call must
   call sandbox_turn(). */
struct sandbox *sandbox_new(struct loop *l, const struct sandbox_options *o, char **ret_error);
uint16_t sandbox_port(const struct sandbox *sb);
void sandbox_turn(struct sandbox *sb);
void sandbox_free(struct sandbox *sb);     /* takes NULL */

/* The names of the stand-ins, which are their path prefixes too: NULL at the end. */
const char *const *sandbox_names(void);

#endif
