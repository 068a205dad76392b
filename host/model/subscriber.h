/* subscriber.h - who an event is about, worked out of what the platform says: the rules for
   active, overdue, cancelled, expired, gifted and the rest. Pure: time is an argument. */
#ifndef HERMOD_MODEL_SUBSCRIBER_H
#define HERMOD_MODEL_SUBSCRIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hermod/plugin.h>

#include "base/arena.h"

/* The platform's answers as they came; text that is absent is "", a list may be NULL with a
   count of 0. Nothing in here is written to. */
enum known { UNKNOWN = 0, KNOWN_FALSE, KNOWN_TRUE };

struct contract_facts {
    const char *id, *name, *user_id, *status;
    enum known is_active;
    const char *duration, *interval;       /* contractDuration, recurringInterval */
    const char *created_at, *expires_at, *next_bill_at;
    const char *cancel_requested_at, *will_cancel_at;
    const char *price, *currency;
    int64_t issues_remaining;              /* negative: does not count issues */
    const struct hermod_product *items;
    size_t item_count;
    const struct hermod_json *json;        /* handed through */
};

struct entitlement_facts {
    const char *id;
    struct hermod_product product;
    bool has_access;
    const char *origin, *contract_id;      /* origin.type, origin.contractId */
    const char *created_at, *expires_at;
    const struct hermod_json *json;
};

struct profile_facts {
    const char *id;                        /* the event's user */
    const char *email;
    const char *first_name, *given_name, *last_name, *family_name;
    const char *mobile_phone, *phone_number, *work_phone, *home_phone;
    const char *company, *locale, *created_at;
    const char *const *tags;               /* ends with NULL; never NULL */
    struct hermod_address billing, delivery;
    const struct hermod_json *json;
};

struct subscriber_facts {
    struct profile_facts profile;
    const struct contract_facts *contracts;
    size_t contract_count;
    const struct entitlement_facts *entitlements;
    size_t entitlement_count;
};

/* All made in the arena; texts that are taken as they are point into the facts. Of the
   contracts, those of other users are left out unless an entitlement of this user comes from
   them: then they are gifted. */
const struct hermod_subscriber *subscriber_make(struct arena *a,
                                                const struct subscriber_facts *facts,
                                                int64_t now_ms);

#endif
