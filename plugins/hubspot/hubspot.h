/* hubspot.h - what the two files of this plugin share: a request, and one delivery. */
#ifndef HUBSPOT_H
#define HUBSPOT_H

#include <hermod/plugin.h>

#define HUBSPOT_TYPES "subscription_type"

struct config {
    const char *accessToken, *apiUrl, *apiVersion, *profile;
};

/* One delivery. The functions below that return a response return the one that ends it. */
struct sync {
    struct hermod_call *c;
    const struct config *cfg;
    const struct hermod_subscriber *s;
    const char *types;             /* value of subscription_type */
    const struct hermod_json *existing;    /* the contact's properties; or NULL */
    bool repaired;
};

static inline bool
good(const struct hermod_response *r)
{
    return r->status >= 200 && r->status < 300;
}

/* area: objects or properties; the dated versions stand behind it, v3 before. id: "" for none,
   a name, HubSpot's own or an e-mail address. body: or NULL. */
const struct hermod_response *hubspot_ask(struct hermod_call *c, const struct config *cfg,
                                          const char *method, const char *area,
                                          const char *id, const struct hermod_json *body);

/* Sets y->types; each value in it is an option by then. afresh: whatever is remembered. NULL
   when all is well. */
const struct hermod_response *hubspot_choose_types(struct sync *y, bool afresh);

/* After a 400, which names what is missing: makes our properties that do not exist, and
   options that are missing all the same. NULL when it is worth writing the contact once more;
   else the answer to go by. */
const struct hermod_response *hubspot_repair(struct sync *y, const struct hermod_response *r);

#endif
