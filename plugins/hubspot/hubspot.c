/* hubspot: keeps the contacts of a publisher's HubSpot account in step with their subscribers.
   HubSpot gets no tags: what is known of a subscriber stands in contact properties, and the
   active products are options of one of them, which grows as products appear. */
#include <stdlib.h>
#include <string.h>

#include "hubspot.h"

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, accessToken, HERMOD_REQUIRED | HERMOD_SECRET, NULL,
                  "Access token of a private app, or a service key."),
    HERMOD_STRING(struct config, apiUrl, 0, "https://api.hubapi.com", "HubSpot's address."),
    HERMOD_STRING(struct config, apiVersion, 0, "v3",
                  "Version of the CRM API: v3, or one by date such as 2026-03."),
    HERMOD_CHOICE(struct config, profile, 0, "always", "always|empty|never",
                  "Names, phone and company: written always, only where the contact has none, "
                  "or never."),
    HERMOD_SETTINGS_END
};

const struct hermod_response *
hubspot_ask(struct hermod_call *c, const struct config *cfg, const char *method,
            const char *area, const char *id, const struct hermod_json *body)
{
    bool dated = cfg->apiVersion[0] != 'v';
    const char *first = dated ? area : cfg->apiVersion;
    const char *second = dated ? cfg->apiVersion : area;
    struct hermod_request *q =
        *id ? hermod_http_open(c, method, cfg->apiUrl, "/crm/%s/%s/contacts/%s", first,
                               second, id)
            : hermod_http_open(c, method, cfg->apiUrl, "/crm/%s/%s/contacts", first, second);

    hermod_http_bearer(c, q, cfg->accessToken);
    if (strchr(id, '@'))
        hermod_http_query(c, q, "idProperty", "email");
    if (strcmp(method, "GET") == 0 && strcmp(area, "objects") == 0)
        hermod_http_query(c, q, *id ? "properties" : "limit",
                          *id ? "firstname,lastname,phone,company" : "1");
    if (body)
        hermod_http_json(c, q, body);
    return hermod_http_send(c, q);
}

/* ---- the contact ------------------------------------------------------------- */

static struct hermod_json *
properties(struct sync *y)
{
    struct hermod_call *c = y->c;
    const struct hermod_subscriber *s = y->s;
    const struct { const char *name, *value; } profile[] = {
        { "firstname", s->first_name }, { "lastname", s->last_name },
        { "phone", s->phone }, { "company", s->company },
    };
    struct hermod_json *p =
        hermod_json_pack(c, "{s:s,s:s,s:s,s:s,s:s,s:s}", "email", s->email,
                         "sesamy_user_id", s->id, "has_active_subscription",
                         s->active_subscriptions > 0 ? "true" : "false",
                         "active_subscription_count",
                         hermod_format(c, "%lld", (long long)s->active_subscriptions),
                         "canceled_subscriptions_count",
                         hermod_format(c, "%lld", (long long)s->ended_subscriptions),
                         HUBSPOT_TYPES, y->types);

    for (size_t i = 0; i < sizeof(profile) / sizeof(profile[0]); i++) {
        bool kept = y->existing &&
            *hermod_json_get_string(c, y->existing, profile[i].name, "");

        if (*profile[i].value && !kept && strcmp(y->cfg->profile, "never") != 0)
            hermod_json_set_string(c, p, profile[i].name, profile[i].value);
    }
    return p;
}

/* id: "" for a new contact. */
static const struct hermod_response *
write_contact(struct sync *y, const char *method, const char *id)
{
    const struct hermod_response *r, *stop;

    for (;;) {
        struct hermod_json *body =
            hermod_json_pack(y->c, "{s:j}", "properties", properties(y));

        if (!*id)
            hermod_json_set(y->c, body, "associations", hermod_json_array(y->c));
        r = hubspot_ask(y->c, y->cfg, method, "objects", id, body);
        if (r->status != 400 || y->repaired)
            return r;
        y->repaired = true;
        stop = hubspot_repair(y, r);
        if (stop)
            return stop;
    }
}

/* id: HubSpot's, or the e-mail address. */
static const struct hermod_response *
update(struct sync *y, const char *id)
{
    if (strcmp(y->cfg->profile, "empty") == 0) {
        const struct hermod_response *r =
            hubspot_ask(y->c, y->cfg, "GET", "objects", id, NULL);

        y->existing = hermod_json_get(y->c, r->json, "properties");
        if (r->status != 200 || hermod_json_type(y->c, y->existing) != HERMOD_JSON_OBJECT)
            return r;
    }
    return write_contact(y, "PATCH", id);
}

/* The contact with this user id, or "": its address may have changed. An account that does
   not know the property yet has none. NULL when all is well. */
static const struct hermod_response *
find_by_user(struct sync *y, const char **ret_id)
{
    struct hermod_call *c = y->c;
    const struct hermod_response *r =
        hubspot_ask(c, y->cfg, "POST", "objects", "search",
                    hermod_json_pack(c, "{s:[{s:[{s:s,s:s,s:s}]}],s:[s],s:i}", "filterGroups",
                                     "filters", "propertyName", "sesamy_user_id", "operator",
                                     "EQ", "value", y->s->id, "properties",
                                     "sesamy_user_id", "limit", 10));
    const struct hermod_json *found = hermod_json_get(c, r->json, "results");

    *ret_id = "";
    if (r->status == 400)
        return NULL;
    if (r->status != 200 || hermod_json_type(c, found) != HERMOD_JSON_ARRAY)
        return r;
    for (size_t i = 0; i < hermod_json_length(c, found) && !**ret_id; i++) {
        const struct hermod_json *one = hermod_json_at(c, found, i);

        if (strcmp(hermod_json_get_string(c, one, "properties.sesamy_user_id", ""),
                   y->s->id) == 0)
            *ret_id = hermod_json_get_string(c, one, "id", "");
    }
    return NULL;
}

/* The contact that a 409 says is there; the address when it does not say. */
static const char *
existing_id(struct sync *y, const struct hermod_response *r)
{
    static const char mark[] = "Existing ID:";
    const char *message = hermod_json_get_string(y->c, r->json, "message", "");
    const char *at = strstr(message, mark), *id;

    if (!at)
        return y->s->email;
    id = hermod_trim(y->c, at + strlen(mark));
    id = hermod_format(y->c, "%.*s", (int)strspn(id, "0123456789"), id);
    return *id ? id : y->s->email;
}

static const struct hermod_response *
sync_contact(struct sync *y)
{
    const struct hermod_response *r = hubspot_choose_types(y, false), *stop;
    const char *id;

    if (r)
        return r;
    r = update(y, y->s->email);
    if (r->status == 404) {
        stop = find_by_user(y, &id);
        if (stop)
            return stop;
        if (*id)
            r = update(y, id);
        y->existing = NULL;
        if (r->status == 404)
            r = write_contact(y, "POST", "");
    }
    return r->status == 409 ? update(y, existing_id(y, r)) : r;
}

/* ---- outcomes ---------------------------------------------------------------- */

/* The code of the first property that is wrong: it stands in JSON within the message. "" */
static const char *
property_code(struct hermod_call *c, const struct hermod_response *r)
{
    const char *at = strstr(hermod_json_get_string(c, r->json, "message", ""), ": [");
    const char *code = !at ? "" :
        hermod_json_get_string(c, hermod_json_parse(c, at + 2, strlen(at + 2)), "0.error", "");
    bool plain = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == strlen(code);

    return plain && strlen(code) <= 40 ? code : "";
}

/* HubSpot's own waits: it sends Retry-After with a 477 only. */
static int
outcome_of(struct hermod_call *c, const struct hermod_response *r)
{
    const char *policy = hermod_json_get_string(c, r->json, "policyName", "");
    long long wait_s;

    switch (r->status) {
    case 400:
        if (!*property_code(c, r))
            break;
        return hermod_fail(c, "400 Bad Request (%s)", property_code(c, r));
    case 423:
        return hermod_retry(c, 2000, "423 Locked");
    case 429:
        hermod_hold(c, strcmp(policy, "DAILY") == 0 ? 3600 * 1000 :
                    strcmp(policy, "TEN_SECONDLY_ROLLING") == 0 ? 10 * 1000 : 1000);
        break;
    case 477:
        wait_s = strtoll(hermod_http_response_header(c, r, "Retry-After"), NULL, 10);
        wait_s = wait_s < 0 ? 0 : wait_s < 86400 ? wait_s : 86400;
        hermod_hold(c, wait_s * 1000);
        return hermod_retry(c, wait_s * 1000, "477 Migration in progress");
    }
    return hermod_http_outcome(c, r);
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    struct sync y = { .c = c, .cfg = config, .s = hermod_subscriber(c), .types = "" };
    const struct hermod_response *r;

    (void)ev;                      /* whatever it was: the contact is made as things are now */
    if (!strchr(y.s->email, '@'))
        return hermod_skip(c, "the user has no e-mail address");
    r = sync_contact(&y);
    if (good(r) && !*hermod_json_get_string(c, r->json, "id", ""))
        return hermod_retry(c, 0, "%d with nothing in it", (int)r->status);
    return outcome_of(c, r);
}

/* Whether the token may read contacts and their properties. */
static int
check(struct hermod_call *c, const void *config)
{
    const struct hermod_response *r = hubspot_ask(c, config, "GET", "objects", "", NULL);

    if (good(r))
        r = hubspot_ask(c, config, "GET", "properties", "email", NULL);
    return outcome_of(c, r);
}

HERMOD_PLUGIN(.name = "hubspot", .version = "1.0",
              .summary = "Keeps contacts and their properties in HubSpot in step.",
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .requests = 100, .per_ms = 10000, .credential = "accessToken" },
              .deliver = deliver, .check = check);
