/* faults.h - misbehaviour on demand: scripts of steps for the requests below a path. */
#ifndef HERMOD_SANDBOX_FAULTS_H
#define HERMOD_SANDBOX_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

struct json_object;
struct faults;

/* FAULT_EMPTY is a status without a body. */
enum fault_kind {
    FAULT_OK, FAULT_STATUS, FAULT_EMPTY, FAULT_RESET, FAULT_GARBAGE, FAULT_SLOW
};
struct fault_step {
    enum fault_kind kind;
    int status;                    /* of FAULT_STATUS and FAULT_EMPTY: 400 to 599 */
    int64_t wait_ms;               /* FAULT_SLOW: how slow. FAULT_STATUS: the time its hint
                                      names; -1: not given */
};

struct faults *faults_new(void);
void faults_free(struct faults *f);
void faults_clear(struct faults *f);
/* {"path": "/mailchimp/3.0/lists", "method": "PUT", "script": "429x3,reset,500"}: in the place
   of what stood for the same path and method; method may be missing, an empty script takes
   it away. NULL, or what is wrong with it, for people, to free(). */
char *faults_put(struct faults *f, struct json_object *rule);
/* What is left of each script, as an array; the caller's. */
struct json_object *faults_list(const struct faults *f);
/* The next step for a request, taken off the first script that fits it; false: none. */
bool faults_take(struct faults *f, const char *method, const char *path,
                 struct fault_step *ret);

#endif
