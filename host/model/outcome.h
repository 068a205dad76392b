/* outcome.h - the words for how an attempt and a delivery end: one table each, used in
   the wire, the journal, the logs and the manuals. Pure. */
#ifndef HERMOD_MODEL_OUTCOME_H
#define HERMOD_MODEL_OUTCOME_H

/* An attempt. The numbers are the SDK's (HERMOD_DELIVERED ...). */
#define OUTCOMES(X)      \
    X(DELIVERED, 101, "delivered") \
    X(SKIPPED, 102, "skipped")     \
    X(RETRY, 103, "retry")         \
    X(FAILED, 104, "failed")

/* A delivery. The numbers stand in journals: never change or reuse one. */
#define STATES(X)        \
    X(WAITING, 0, "waiting")       \
    X(DELIVERED, 1, "delivered")   \
    X(SKIPPED, 2, "skipped")       \
    X(PARKED, 3, "parked")         \
    X(DROPPED, 4, "dropped")       /* parked, then dropped by an operator */

/* Why a delivery is parked. The numbers stand in journals. */
#define PARKED(X)        \
    X(NONE, 0, "")                 \
    X(FAILED, 1, "failed")         /* the plugin or the vendor said it will never work */ \
    X(CREDENTIALS, 2, "credentials") /* 401 or 403 */ \
    X(RETRIES, 3, "retries used up") \
    X(POISON, 4, "killed its runner") \
    X(GONE, 5, "gone")             /* 410 */

enum outcome {
#define X(name, number, text) OUTCOME_##name = number,
    OUTCOMES(X)
#undef X
};
enum state {
#define X(name, number, text) STATE_##name = number,
    STATES(X)
#undef X
};
enum parked {
#define X(name, number, text) PARKED_##name = number,
    PARKED(X)
#undef X
};

const char *outcome_name(int outcome);     /* "unknown" for other numbers */
const char *state_name(int state);
const char *parked_name(int why);
int outcome_of_name(const char *name);     /* -1 when it is none */
int state_of_name(const char *name);
int parked_of_name(const char *name);

/* The mission's table, and the only place that knows it: 2xx delivered; 429, 5xx and no
   answer (status 0) retry; everything else, 3xx included, failed. */
enum outcome outcome_of_status(int status);
/* Why a delivery that failed with this HTTP status is parked. */
enum parked parked_of_status(int status);

#endif
