/* hubspot.c - HubSpot CRM: contacts, by id and by e-mail address. State: account.token;
   contacts {id: {properties}}, properties (definitions), groups; settings: upsertByEmail and
   silent (a batch upsert that says 200 and does nothing), requests and perMs of the limit,
   policy (what a 429 names). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/hubspot.h"

#define INPUTS_MAX 100

#define TEXT(name, label) "'" name "': {'label':'" label "','type':'string','fieldType':'text'," \
                          "'groupName':'contactinformation'}"
#define READ_ONLY(name) "'" name "': {'label':'" name "','type':'string','fieldType':'text'," \
                        "'groupName':'contactinformation','hubspotDefined':true," \
                        "'modificationMetadata':{'readOnlyValue':true}}"
static const char seed[] =
    "{'account': {'token': 'pat-eu1-sandbox', 'portalId': 1000},"
    " 'settings': {'upsertByEmail': true, 'silent': false, 'requests': 100, 'perMs': 10000,"
    "              'daily': 250000, 'policy': 'TEN_SECONDLY_ROLLING'},"
    " 'contacts': {}, 'groups': {'contactinformation': {'label': 'Contact information'}},"
    " 'properties': {"
    TEXT("email", "Email") "," TEXT("firstname", "First Name") ","
    TEXT("lastname", "Last Name") "," TEXT("phone", "Phone Number") ","
    TEXT("mobilephone", "Mobile Phone Number") "," TEXT("company", "Company Name") ","
    TEXT("address", "Street Address") "," TEXT("city", "City") "," TEXT("zip", "Postal Code") ","
    TEXT("country", "Country") "," TEXT("hs_additional_emails", "Additional emails") ","
    READ_ONLY("createdate") "," READ_ONLY("lastmodifieddate") "," READ_ONLY("hs_object_id")
    "}}";

void
hubspot_error(struct ask *a, int status, const char *category, const char *message,
              struct json_object *errors)
{
    const char *id = ask_uuid(a);
    struct json_object *e = js_make("status:s message:s correlationId:s category:s", "error",
                                    message, id, category);

    if (errors)
        js_put(e, "errors", errors);
    ask_reply(a, status, e);
    ask_header(a, "X-HubSpot-Correlation-Id", "%s", id);
}

static void
error(struct ask *a, int status, const char *detail)
{
    static const struct {
        int status;
        const char *category, *message;
    } rows[] = {
        { 400, "VALIDATION_ERROR", "Invalid input JSON on line 1, column 1" },
        { 401, "INVALID_AUTHENTICATION", "Authentication credentials not found. This API supports "
          "OAuth 2.0 authentication and you can find more details at "
          "https://developers.hubspot.com/docs/methods/auth/oauth-overview" },
        { 403, "MISSING_SCOPES", "This app hasn't been granted all required scopes to make this "
          "call. Read more about required scopes here: https://developers.hubspot.com/scopes." },
        { 404, "OBJECT_NOT_FOUND", "resource not found" },
        { 405, "METHOD_NOT_ALLOWED", "HTTP 405 Method Not Allowed" },
        { 409, "CONFLICT", "Contact already exists." },
        { 423, "LOCKED", "The resource is locked; wait 2 seconds" },
        { 477, "MIGRATION_IN_PROGRESS", "A migration of the account is in progress" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status) {
            hubspot_error(a, status, rows[i].category, detail ? detail : rows[i].message, NULL);
            if (status == 404)
                ask_header(a, "X-HubSpot-NotFound", "true");
            if (status == 477)
                ask_header(a, "Retry-After", "2");
            return;
        }
    hubspot_error(a, status, status < 500 ? "VALIDATION_ERROR" : "INTERNAL_ERROR",
                  detail ? detail : "internal error", NULL);
}

static struct json_object *
settings(struct ask *a)
{
    return js_object(a->state, "settings");
}

/* No Retry-After in practice; only when a test asks for one. */
static int64_t
throttle(struct ask *a, int64_t wait_ms)
{
    const char *policy = js_str(settings(a), "policy");

    hubspot_error(a, 429, "RATE_LIMITS", policy && str_eq(policy, "DAILY") ?
                  "You have reached your daily limit." :
                  "You have reached your ten_secondly_rolling limit.", NULL);
    js_put_str(a->answer, "errorType", "RATE_LIMIT");
    js_put_str(a->answer, "policyName", policy ? policy : "TEN_SECONDLY_ROLLING");
    if (wait_ms >= 0)
        ask_header(a, "Retry-After", "%lld", (long long)(wait_ms + 999) / 1000);
    return wait_ms;
}

/* crm/v3/objects/contacts and crm/objects/2026-03/contacts become objects/contacts. */
static void
drop_version(struct ask *a)
{
    bool dated = a->count > 3 && str_eq(a->parts[0], "crm") && a->parts[2][0] == '2';
    bool numbered = a->count > 3 && str_eq(a->parts[0], "crm") && a->parts[1][0] == 'v';

    if (!dated && !numbered)
        return;
    a->parts[0] = a->parts[dated ? 1 : 2];
    a->parts[1] = strcasecmp(a->parts[3], "contact") == 0 || str_eq(a->parts[3], "0-1") ?
                  "contacts" : a->parts[3];
    for (int i = 4; i < a->count; i++)
        a->parts[i - 2] = a->parts[i];
    a->count -= 2;
}

static bool
admit(struct ask *a)
{
    const char *token = ask_bearer(a), *want = js_str(js_object(a->state, "account"), "token");
    int64_t max = js_int(settings(a), "requests", 100), used;
    int64_t window = js_int(settings(a), "perMs", 10000);

    if (!token || !want || !str_eq(token, want)) {
        error(a, 401, NULL);
        return false;
    }
    drop_version(a);
    used = ask_count(a, window);
    ask_header(a, "X-HubSpot-RateLimit-Max", "%lld", (long long)max);
    ask_header(a, "X-HubSpot-RateLimit-Remaining", "%lld",
               (long long)(used < max ? max - used : 0));
    ask_header(a, "X-HubSpot-RateLimit-Interval-Milliseconds", "%lld", (long long)window);
    ask_header(a, "X-HubSpot-RateLimit-Daily", "%lld",
               (long long)js_int(settings(a), "daily", 250000));
    if (used > max) {
        throttle(a, -1);
        return false;
    }
    return true;
}

static struct json_object *
values_of(struct json_object *contact)
{
    return js_need_object(contact, "properties");
}

/* Is it one of the addresses in a list with semicolons? */
static bool
listed(const char *list, const char *email)
{
    while (list && *list) {
        size_t len = strcspn(list, ";");

        if (len == strlen(email) && strncasecmp(list, email, len) == 0)
            return true;
        list += len;
        list += *list == ';';
    }
    return false;
}

/* By address, additional ones too; in any case of letters. */
static struct json_object *
by_email(struct ask *a, const char *email, const char **ret_id)
{
    json_object_object_foreach(js_need_object(a->state, "contacts"), id, contact) {
        const char *have = js_str(js_object(contact, "properties"), "email");

        if ((have && strcasecmp(have, email) == 0) ||
            listed(js_str(js_object(contact, "properties"), "hs_additional_emails"), email)) {
            *ret_id = arena_strdup(&a->arena, id);
            return contact;
        }
    }
    return NULL;
}

static struct json_object *
find_contact(struct ask *a, const char *who, const char *id_property, const char **ret_id)
{
    if (id_property && str_eq(id_property, "email"))
        return by_email(a, who, ret_id);
    *ret_id = who;
    if (id_property && !str_eq(id_property, "hs_object_id"))
        return NULL;
    return js_object(js_need_object(a->state, "contacts"), who);
}

static struct json_object *
contact_answer(struct ask *a, const char *id, struct json_object *contact, const char *wanted)
{
    static const char always[] = "createdate,email,firstname,hs_object_id,lastmodifieddate,"
                                 "lastname";
    const char *names = wanted ? ask_printf(a, "%s,%s", always, wanted) : always;
    struct json_object *have = values_of(contact), *shown = json_object_new_object();

    js_put_str(have, "hs_object_id", id);
    if (!js_has(have, "createdate"))
        js_put_str(have, "createdate", ask_time(a));
    if (!js_has(have, "lastmodifieddate"))
        js_put_str(have, "lastmodifieddate", ask_time(a));
    while (*names) {
        size_t len = strcspn(names, ",");
        const char *name = arena_memdup0(&a->arena, names, len);

        js_put(shown, name, js_ref(js_get(have, name)));
        names += len;
        names += *names == ',';
    }
    return js_make("id:s properties:o createdAt:s updatedAt:s archived:b", id, shown,
                   js_str(have, "createdate"), js_str(have, "lastmodifieddate"), 0);
}

static void
conflict(struct ask *a, const char *id)
{
    hubspot_error(a, 409, "CONFLICT", ask_printf(a, "Contact already exists. Existing ID: %s",
                  id), NULL);
}

/* Another contact than id has the address? Then it has answered. */
static bool
address_free(struct ask *a, struct json_object *values, const char *id)
{
    const char *email = js_str(values, "email"), *owner;

    if (!email || !*email || !by_email(a, email, &owner) || (id && str_eq(owner, id)))
        return true;
    conflict(a, owner);
    return false;
}

static void
set_values(struct ask *a, struct json_object *contact, struct json_object *values)
{
    struct json_object *have = values_of(contact);

    json_object_object_foreach(values, name, value) {
        const char *text = value ? json_object_get_string(value) : "";

        if (*text == ';')                  /* appends */
            js_put_str(have, name, js_str(have, name) && *js_str(have, name) ?
                       ask_printf(a, "%s%s", js_str(have, name), text) : text + 1);
        else
            js_put(have, name, *text ? js_text(text) : NULL);
    }
    js_put_str(have, "lastmodifieddate", ask_time(a));
}

static struct json_object *
new_contact(struct ask *a, struct json_object *values, const char **ret_id)
{
    struct json_object *contact = json_object_new_object();

    *ret_id = ask_printf(a, "%lld", (long long)ask_next_id(a));
    js_put(js_need_object(a->state, "contacts"), *ret_id, contact);
    js_put_str(values_of(contact), "createdate", ask_time(a));
    set_values(a, contact, values);
    return contact;
}

static void
create(struct ask *a)
{
    struct json_object *values = js_object(a->body, "properties"), *contact;
    const char *id;

    if (!properties_good(a, values) || !address_free(a, values, NULL))
        return;
    contact = new_contact(a, values, &id);
    ask_reply(a, 201, contact_answer(a, id, contact, NULL));
}

static struct json_object *
need_contact(struct ask *a, const char **ret_id)
{
    struct json_object *contact = find_contact(a, a->arg[0], ask_query(a, "idProperty"), ret_id);

    if (!contact)
        error(a, 404, NULL);
    return contact;
}

static void
get(struct ask *a)
{
    const char *id;
    struct json_object *contact = need_contact(a, &id);

    if (contact)
        ask_reply(a, 200, contact_answer(a, id, contact, ask_query(a, "properties")));
}

static void
patch(struct ask *a)
{
    const char *id;
    struct json_object *contact = need_contact(a, &id);
    struct json_object *values = js_object(a->body, "properties");

    if (!contact || !properties_good(a, values) || !address_free(a, values, id))
        return;
    set_values(a, contact, values);
    ask_reply(a, 200, contact_answer(a, id, contact, NULL));
}

static void
delete(struct ask *a)
{
    const char *id;

    if (need_contact(a, &id)) {
        js_drop(js_object(a->state, "contacts"), id);
        ask_reply(a, 204, NULL);
    }
}

static void
list(struct ask *a)
{
    struct json_object *all = json_object_new_array();
    int64_t limit = ask_query_int(a, "limit", 10);

    json_object_object_foreach(js_need_object(a->state, "contacts"), id, contact)
        if (limit-- > 0)
            js_append(all, contact_answer(a, id, contact, ask_query(a, "properties")));
    ask_reply(a, 200, js_make("results:o", all));
}

/* The inputs of a batch, 1 to 100 without doubles; NULL: it has answered. */
static struct json_object *
inputs_of(struct ask *a, bool with_id)
{
    struct json_object *inputs = js_array(a->body, "inputs");
    size_t count = inputs ? json_object_array_length(inputs) : 0;

    if (count == 0 || count > INPUTS_MAX) {
        error(a, 400, count ? "The batch size exceeded the limit of 100" :
              "Some required fields were not set: [inputs]");
        return NULL;
    }
    for (size_t i = 0; with_id && i < count; i++) {
        const char *id = js_str(json_object_array_get_idx(inputs, i), "id");

        if (!id) {
            error(a, 400, "Some required fields were not set: [id]");
            return NULL;
        }
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(js_str(json_object_array_get_idx(inputs, j), "id"), id) == 0) {
                ask_error(a, 400, "Duplicate IDs found in batch input: [%s]. IDs must be unique",
                          id);
                return NULL;
            }
    }
    return inputs;
}

static void
reply_batch(struct ask *a, int status, struct json_object *results)
{
    ask_reply(a, status, js_make("status:s results:o startedAt:s completedAt:s", "COMPLETE",
                                 results, ask_time(a), ask_time(a)));
}

static bool
upsert_input_good(struct ask *a, struct json_object *input)
{
    const char *property = js_str(input, "idProperty");
    const char *id = NULL;

    if (!property || !str_eq(property, "email") ||
        !js_bool(settings(a), "upsertByEmail", true)) {
        ask_error(a, 400, "Unable to perform update/upsert by non-unique 0-1 property %s",
                  property ? property : "hs_object_id");
        return false;
    }
    by_email(a, js_str(input, "id"), &id);
    return properties_good(a, js_object(input, "properties")) &&
           address_free(a, js_object(input, "properties"), id);
}

static void
batch_upsert(struct ask *a)
{
    struct json_object *inputs = inputs_of(a, true), *results;

    for (size_t i = 0; inputs && i < json_object_array_length(inputs); i++)
        if (!upsert_input_good(a, json_object_array_get_idx(inputs, i)))
            return;
    if (!inputs)
        return;
    results = json_object_new_array();
    for (size_t i = 0; !js_bool(settings(a), "silent", false) &&
                       i < json_object_array_length(inputs); i++) {
        struct json_object *input = json_object_array_get_idx(inputs, i), *one;
        struct json_object *values = js_object(input, "properties"), *contact;
        const char *id;
        bool is_new;

        contact = by_email(a, js_str(input, "id"), &id);
        is_new = !contact;
        if (is_new) {
            contact = new_contact(a, values, &id);
            if (!js_str(values_of(contact), "email"))
                js_put_str(values_of(contact), "email", js_str(input, "id"));
        } else {
            set_values(a, contact, values);
        }
        one = contact_answer(a, id, contact, NULL);
        js_put(one, "new", json_object_new_boolean(is_new));
        if (js_str(input, "objectWriteTraceId"))
            js_put_str(one, "objectWriteTraceId", js_str(input, "objectWriteTraceId"));
        js_append(results, one);
    }
    reply_batch(a, 200, results);
}

static void
batch_create(struct ask *a)
{
    struct json_object *inputs = inputs_of(a, false), *results;

    for (size_t i = 0; inputs && i < json_object_array_length(inputs); i++) {
        struct json_object *values = js_object(json_object_array_get_idx(inputs, i),
                                               "properties");

        if (!properties_good(a, values) || !address_free(a, values, NULL))
            return;
    }
    if (!inputs)
        return;
    results = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(inputs); i++) {
        const char *id;
        struct json_object *contact = new_contact(
            a, js_object(json_object_array_get_idx(inputs, i), "properties"), &id);

        js_append(results, contact_answer(a, id, contact, NULL));
    }
    reply_batch(a, 201, results);
}

static void
batch_update(struct ask *a)
{
    struct json_object *inputs = inputs_of(a, true), *results;

    if (!inputs)
        return;
    results = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(inputs); i++) {
        struct json_object *input = json_object_array_get_idx(inputs, i);
        struct json_object *values = js_object(input, "properties"), *contact;
        const char *id;

        /* Record ids only: an idProperty is not looked at. */
        contact = find_contact(a, js_str(input, "id"), NULL, &id);
        if (!contact)
            error(a, 404, NULL);
        if (!contact || !properties_good(a, values) || !address_free(a, values, id)) {
            json_object_put(results);
            return;
        }
        set_values(a, contact, values);
        js_append(results, contact_answer(a, id, contact, NULL));
    }
    reply_batch(a, 200, results);
}

static void
batch_archive(struct ask *a)
{
    struct json_object *inputs = inputs_of(a, true);

    if (!inputs)
        return;
    for (size_t i = 0; i < json_object_array_length(inputs); i++)
        js_drop(js_need_object(a->state, "contacts"),
                js_str(json_object_array_get_idx(inputs, i), "id"));
    ask_reply(a, 204, NULL);
}

/* One of the groups fits when all its filters do; EQ alone is known. */
static bool
found(struct json_object *contact, struct json_object *groups)
{
    for (size_t g = 0; groups && g < json_object_array_length(groups); g++) {
        struct json_object *filters = js_array(json_object_array_get_idx(groups, g), "filters");
        bool all = filters != NULL;

        for (size_t i = 0; all && i < json_object_array_length(filters); i++) {
            struct json_object *f = json_object_array_get_idx(filters, i);
            const char *name = js_str(f, "propertyName"), *want = js_str(f, "value");
            const char *op = js_str(f, "operator");
            const char *have = name ? js_str(js_object(contact, "properties"), name) : NULL;

            all = have && want && op && str_eq(op, "EQ") && strcasecmp(have, want) == 0;
        }
        if (all)
            return true;
    }
    return false;
}

/* The properties that the body wants to see, as a query would name them; NULL: none. */
static const char *
wanted_properties(struct ask *a)
{
    struct json_object *list = js_array(a->body, "properties");
    const char *names = NULL;

    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        struct json_object *one = json_object_array_get_idx(list, i);

        if (json_object_is_type(one, json_type_string))
            names = ask_printf(a, "%s,%s", names ? names : "email",
                               json_object_get_string(one));
    }
    return names;
}

static void
search(struct ask *a)
{
    struct json_object *groups = js_array(a->body, "filterGroups"), *results;
    const char *wanted = wanted_properties(a);
    int64_t total = 0;

    results = json_object_new_array();
    json_object_object_foreach(js_need_object(a->state, "contacts"), id, contact)
        if (found(contact, groups)) {
            js_append(results, contact_answer(a, id, contact, wanted));
            total++;
        }
    ask_reply(a, 200, js_make("total:i results:o", total, results));
}

static void
account(struct ask *a)
{
    ask_reply(a, 200, js_make("portalId:i accountType:s", js_int(js_object(a->state, "account"),
                              "portalId", 1000), "STANDARD"));
}

static const struct route routes[] = {
    { "GET", "account-info/v3/details", account },
    { "GET", "objects/contacts", list },
    { "POST", "objects/contacts", create },
    { "POST", "objects/contacts/search", search },
    { "POST", "objects/contacts/batch/upsert", batch_upsert },
    { "POST", "objects/contacts/batch/create", batch_create },
    { "POST", "objects/contacts/batch/update", batch_update },
    { "POST", "objects/contacts/batch/archive", batch_archive },
    { "GET", "objects/contacts/*", get },
    { "PATCH", "objects/contacts/*", patch },
    { "DELETE", "objects/contacts/*", delete },
    { "GET", "properties/contacts", properties_list },
    { "POST", "properties/contacts", properties_add },
    { "POST", "properties/contacts/batch/create", properties_add_many },
    { "GET", "properties/contacts/groups", groups_list },
    { "POST", "properties/contacts/groups", groups_add },
    { "GET", "properties/contacts/*", properties_get },
    { "PATCH", "properties/contacts/*", properties_change },
    { "DELETE", "properties/contacts/*", properties_delete },
};

const struct stand stand_hubspot = {
    .name = "hubspot",
    .type = "application/json;charset=utf-8",
    .seed = seed,
    .admit = admit,
    .error = error,
    .throttle = throttle,
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
};
