/* event.h - one event of the platform: seven fields, its id, and its bytes. Pure. */
#ifndef HERMOD_MODEL_EVENT_H
#define HERMOD_MODEL_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define EVENT_ID_LEN 30                    /* "evt_" and 26 characters of base32 */

/* Absent optional fields are "". Strings live as long as the arena they were parsed into. */
struct event {
    const char *type;                      /* eventType: "contract.1#purchased" */
    const char *vendor;                    /* vendorId */
    const char *user;                      /* userId */
    const char *contract;                  /* contractId */
    const char *entitlement;               /* entitlementId */
    const char *checkout;                  /* checkoutId */
    const char *occurred;                  /* occured_at (the platform's spelling), as it came */
    int64_t occurred_ms;
    const char *body;                      /* the event's own bytes, exactly as they came */
    size_t body_len;
};

/* What is wrong and where, for the sender. */
struct event_error {
    char pointer[64];                      /* RFC 6901, e.g. "/userId"; "" for the whole */
    char detail[256];                      /* wanted and found; never quotes a value */
};

/* Reads one JSON object. Unknown fields are kept in the body and otherwise ignored.
   Refuses: not JSON, not an object, a missing or empty required field (eventType,
   vendorId, userId, occured_at), a wrong type, a field over CAP_FIELD or there twice, a NUL
   or control character in a field, a bad date, an event over CAP_EVENT. An optional field
   that is null is absent. Event types that nobody knows yet are taken as they come.
   Returns 0 or -1 with *err filled. body is not copied: it must outlive *ret. */
int event_parse(struct arena *a, const char *body, size_t len, struct event *ret,
                struct event_error *err);

/* As event_parse, with values for fields that the body may leave out (CloudEvents
   attributes): a NULL in defaults means none. */
int event_parse_with(struct arena *a, const char *body, size_t len,
                     const struct event *defaults, struct event *ret,
                     struct event_error *err);

/* The id: SHA-256 over the sender's key where there is one, else over the seven fields, each
   behind its length; its first 16 bytes. The same input has the same id for ever, which
   makes accepting twice harmless. `scope` names what kind of key it is ("idempotency-key",
   "webhook-id", "cloudevents"), `index` the event's place in its request. key NULL: the
   seven fields. */
void event_key(const struct event *ev, const char *scope, const char *key, unsigned index,
               uint8_t ret_key[16]);
/* SHA-256 over the seven fields, first 8 bytes: tells a repeated event from another one
   sent under the same key. */
uint64_t event_fingerprint(const struct event *ev);

/* "evt_..." of a key; and back: 0, or -1 when text is not an event id. */
void event_id_text(const uint8_t key[16], char ret_text[EVENT_ID_LEN + 1]);
int event_id_parse(const char *text, uint8_t ret_key[16]);

#endif
