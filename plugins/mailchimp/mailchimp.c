/* mailchimp: keeps a contact of a Mailchimp audience, its merge fields and its sesamy_ tags in
   step with the subscriber, and notes each event as an activity. */
#include <string.h>
#include <strings.h>

#include <hermod/plugin.h>

#define TEXT_MAX 255               /* bytes of a text merge field */
#define LATELY "signed up to a lot of lists"   /* how Mailchimp throttles one address */

struct config {
    const char *apiKey, *listId, *apiUrl, *statusIfNew, *dateFormat;
    bool activity, automations;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, apiKey, HERMOD_REQUIRED | HERMOD_SECRET, NULL,
                  "API key, as Mailchimp shows it: it ends with its data centre, as in -us19."),
    HERMOD_STRING(struct config, listId, HERMOD_REQUIRED, NULL, "ID of the audience."),
    HERMOD_CHOICE(struct config, statusIfNew, 0, "transactional",
                  "subscribed|transactional|pending|unsubscribed",
                  "What a new contact becomes; one that is there keeps its status."),
    HERMOD_CHOICE(struct config, dateFormat, 0, "YYYY-MM-DD", "YYYY-MM-DD|MM/DD/YYYY|DD-MM-YYYY",
                  "How SMYLASTSEE is written; the last one needs a merge field of type Text."),
    HERMOD_BOOL(struct config, activity, 0, "true", "Note each event as an activity."),
    HERMOD_BOOL(struct config, automations, 0, "true",
                "Let tags and activities start the audience's automations."),
    HERMOD_STRING(struct config, apiUrl, 0, NULL, "The API's address, if not the usual one."),
    HERMOD_SETTINGS_END
};

static const struct { const char *type, *activity; } events[] = {
    { "userVendor.1#new", "sesamy_user_new" },
    { "userVendor.1#update", "sesamy_user_update" },
    { "contract.1#purchased", "sesamy_contract_purchased" },
    { "contract.1#update", "sesamy_contract_update" },
    { "contract#cancelRequest", "sesamy_cancel_request" },
    { "entitlement.1#new", "sesamy_entitlement_new" },
    { "entitlement.1#update", "sesamy_entitlement_update" },
    { "checkout.1#confirm", "sesamy_checkout_confirm" },
};

static const char *const merge_tags[] = {
    "FNAME", "LNAME", "SESAMYUSR", "PHONE", "SMYLASTSEE", "SMYSUBSC", "SMYARTPUR", "SMYACTSUBS",
    "SMYCANSUBS", "SMYEXPSUBS", "SMYENDSUBS", "SMYISSREM", NULL
};

/* What an answer means, by its status, the title of its problem document and a part of the
   detail. The detail may hold the address: it is never repeated. */
static const struct {
    int status;
    const char *title, *detail, *means;
} refusals[] = {
    { 400, "Invalid Resource", LATELY, "the address was signed up to many lists lately" },
    { 400, "Invalid Resource", "looks fake or invalid", "the address looks fake or invalid" },
    { 400, "Invalid Resource", "valid email address", "the address is not valid" },
    { 400, "Member In Compliance State", "", "unsubscribed, bounced or under review" },
    { 400, "Forgotten Email Not Subscribed", "", "permanently deleted, must sign up again" },
    { 400, "Member Exists", "", "the address belongs to another contact of the audience" },
    { 401, "", "", "apiKey is wrong, was revoked, or ends with another data centre" },
    { 403, "Wrong Datacenter", "", "apiKey ends with another data centre" },
    { 403, "", "disabled", "the Mailchimp account, or its use of the API, is disabled" },
    { 404, "", "", "Mailchimp does not know it; is listId right?" },
};

/* One delivery, or one check. */
struct run {
    struct hermod_call *c;
    const struct config *cfg;
    const char *api;               /* where the key's data centre answers */
    const char *hash;              /* MD5 of the address: what a contact is called by */
};

/* false, and the outcome is said, when the key names no data centre. */
static bool
begin(struct run *run, struct hermod_call *c, const struct config *cfg)
{
    const char *dc = strrchr(cfg->apiKey, '-');

    *run = (struct run){ .c = c, .cfg = cfg, .api = cfg->apiUrl };
    if (*cfg->apiUrl)
        return true;
    if (!dc || !dc[1] || dc[1 + strspn(dc + 1, "abcdefghijklmnopqrstuvwxyz0123456789")]) {
        hermod_fail(c, "apiKey: wanted a key that ends with its data centre, as in -us19");
        return false;
    }
    run->api = hermod_format(c, "https://%s.api.mailchimp.com/3.0", dc + 1);
    return true;
}

/* A request to the contact, or to a part of it. */
#define CONTACT(run, method, part)                                                       \
    hermod_http_open((run)->c, (method), (run)->api, "/lists/%s/members/%s" part,        \
                     (run)->cfg->listId, (run)->hash)

static const struct hermod_response *
ask(struct run *run, struct hermod_request *q, const struct hermod_json *body)
{
    hermod_http_basic(run->c, q, "hermod", run->cfg->apiKey);
    if (body)
        hermod_http_json(run->c, q, body);
    return hermod_http_send(run->c, q);
}

/* Those of the twelve merge fields that are in a list, or those that are not; "" for none. */
static const char *
fields_in(struct hermod_call *c, const char *const *list, bool wanted)
{
    const char *text = "";

    for (size_t i = 0, k; merge_tags[i]; i++) {
        for (k = 0; list[k] && strcmp(list[k], merge_tags[i]) != 0;)
            k++;
        if ((list[k] != NULL) == wanted)
            text = hermod_format(c, "%s%s%s", text, *text ? ", " : "", merge_tags[i]);
    }
    return text;
}

/* The verdict on an answer; what: what was asked for. */
static int
verdict(struct hermod_call *c, const struct hermod_response *r, const char *what)
{
    const char *title = hermod_json_get_string(c, r->json, "title", "");
    const char *detail = hermod_json_get_string(c, r->json, "detail", "");
    const char *bad = fields_in(c, hermod_json_get_strings(c, r->json, "errors", "field"), true);
    int outcome = hermod_http_outcome(c, r), status = (int)r->status;

    if (outcome != HERMOD_FAILED)
        return outcome;
    if (status == 403 && hermod_json_type(c, r->json) != HERMOD_JSON_OBJECT)
        return hermod_retry(c, 0, "%s: 403 without a problem document: throttled", what);
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        if (status != refusals[i].status || !strstr(title, refusals[i].title) ||
            !strstr(detail, refusals[i].detail))
            continue;
        if (strcmp(refusals[i].detail, LATELY) == 0)
            return hermod_retry(c, 300000, "%s: %d: %s", what, status, refusals[i].means);
        return hermod_fail(c, "%s: %d: %s", what, status, refusals[i].means);
    }
    if (*bad)
        return hermod_fail(c, "%s: %d: not what merge field %s takes", what, status, bad);
    return outcome;
}

/* What is not known is left out, so that it does not wipe what the audience has. */
static void
set_text(struct hermod_call *c, struct hermod_json *fields, const char *tag, const char *text)
{
    if (*text)
        hermod_json_set_string(c, fields, tag, hermod_cut(c, text, TEXT_MAX));
}

static const struct hermod_json *
merge_fields(struct run *run, const struct hermod_event *ev, const struct hermod_subscriber *s)
{
    struct hermod_call *c = run->c;
    struct hermod_json *f = hermod_json_object(c);
    const char *date = *run->cfg->dateFormat == 'Y' ? "%Y-%m-%d" :
                       *run->cfg->dateFormat == 'M' ? "%m/%d/%Y" : "%d-%m-%Y";

    set_text(c, f, "FNAME", s->first_name);
    set_text(c, f, "LNAME", s->last_name);
    set_text(c, f, "SESAMYUSR", s->id);
    set_text(c, f, "PHONE", s->phone);
    set_text(c, f, "SMYLASTSEE", hermod_time_format(c, ev->occurred_ms, date));
    set_text(c, f, "SMYSUBSC", s->active_subscriptions > 0 ? "True" : "False");
    hermod_json_set_int(c, f, "SMYARTPUR", s->articles_bought);
    hermod_json_set_int(c, f, "SMYACTSUBS", s->active_subscriptions);
    hermod_json_set_int(c, f, "SMYCANSUBS", s->cancelled_subscriptions);
    hermod_json_set_int(c, f, "SMYEXPSUBS", s->expired_subscriptions);
    hermod_json_set_int(c, f, "SMYENDSUBS", s->ended_subscriptions);
    hermod_json_set_int(c, f, "SMYISSREM", s->issues_remaining);
    return f;
}

/* Makes the contact, or updates it: then its status is left alone. */
static const struct hermod_response *
put_contact(struct run *run, const struct hermod_event *ev, const struct hermod_subscriber *s)
{
    struct hermod_request *q = CONTACT(run, "PUT", "");

    hermod_http_query(run->c, q, "skip_merge_validation", "true");
    return ask(run, q, hermod_json_pack(run->c, "{s:s, s:s, s:j}", "email_address", s->email,
                                        "status_if_new", run->cfg->statusIfNew,
                                        "merge_fields", merge_fields(run, ev, s)));
}

/* Adds the names of the tags in an answer to a list. Mailchimp does not tell tags apart by
   case: ours in other letters is still ours, and is taken as we write it. */
static void
add_names(struct hermod_call *c, struct hermod_json *list, const struct hermod_json *answer)
{
    const char *const *names = hermod_json_get_strings(c, answer, "tags", "name");
    const char *const *wanted = hermod_tags(c);

    for (size_t i = 0; names[i]; i++) {
        size_t k = 0;

        while (wanted[k] && strcasecmp(wanted[k], names[i]) != 0)
            k++;
        hermod_json_add_string(c, list, wanted[k] ? wanted[k] : names[i]);
    }
}

/* The tags the contact has, into names. The answer to put_contact() shows fifty at most: where
   it does not show all of them they are asked for, page by page. */
static int
read_tags(struct run *run, const struct hermod_json *contact, struct hermod_json *names)
{
    struct hermod_call *c = run->c;
    size_t count = hermod_json_length(c, hermod_json_get(c, contact, "tags")), got = 0;
    int64_t total = hermod_json_get_int(c, contact, "tags_count", -1);

    if (total == (int64_t)count) {
        add_names(c, names, contact);
        return HERMOD_DELIVERED;
    }
    do {
        struct hermod_request *q = CONTACT(run, "GET", "/tags");
        const struct hermod_response *r;

        hermod_http_query(c, q, "count", "1000");          /* Mailchimp's most */
        hermod_http_query(c, q, "offset", hermod_format(c, "%zu", got));
        hermod_http_query(c, q, "fields", "tags.name,total_items");
        r = ask(run, q, NULL);
        if (r->status / 100 != 2)
            return verdict(c, r, "the contact's tags");
        if (hermod_json_type(c, hermod_json_get(c, r->json, "tags")) != HERMOD_JSON_ARRAY)
            return hermod_fail(c, "the contact's tags: %d without a list", (int)r->status);
        add_names(c, names, r->json);
        count = hermod_json_length(c, hermod_json_get(c, r->json, "tags"));
        total = hermod_json_get_int(c, r->json, "total_items", 0);
        got += count;
    } while (count > 0 && (int64_t)got < total);
    return HERMOD_DELIVERED;
}

static void
add_changes(struct hermod_call *c, struct hermod_json *changes, const char *const *names,
            const char *status)
{
    for (size_t i = 0; names[i]; i++)
        hermod_json_add(c, changes, hermod_json_pack(c, "{s:s, s:s}", "name", names[i],
                                                     "status", status));
}

/* The difference to the tags it has, when there is one. */
static int
sync_tags(struct run *run, const struct hermod_json *contact)
{
    struct hermod_call *c = run->c;
    struct hermod_json *names = hermod_json_array(c), *changes = hermod_json_array(c);
    const char *const *existing;
    int outcome = read_tags(run, contact, names);

    if (outcome != HERMOD_DELIVERED)
        return outcome;
    existing = hermod_json_get_strings(c, names, "", "");
    add_changes(c, changes, hermod_tags_missing(c, existing), "active");
    add_changes(c, changes, hermod_tags_stale(c, existing), "inactive");
    if (hermod_json_length(c, changes) == 0)
        return HERMOD_DELIVERED;
    return verdict(c, ask(run, CONTACT(run, "POST", "/tags"),
                          hermod_json_pack(c, "{s:j, s:b}", "tags", changes,
                                           "is_syncing", !run->cfg->automations)),
                   "the contact's tags");
}

/* Last of all: sent twice it would be there twice. */
static int
post_activity(struct run *run, const struct hermod_event *ev)
{
    struct hermod_call *c = run->c;
    struct hermod_json *ids = hermod_json_object(c);
    size_t i = 0;

    set_text(c, ids, "eventId", ev->id);
    set_text(c, ids, "userId", ev->user_id);
    set_text(c, ids, "contractId", ev->contract_id);
    set_text(c, ids, "entitlementId", ev->entitlement_id);
    set_text(c, ids, "checkoutId", ev->checkout_id);
    while (strcmp(events[i].type, ev->type) != 0)
        i++;
    return verdict(c, ask(run, CONTACT(run, "POST", "/events"),
                          hermod_json_pack(c, "{s:s, s:j, s:b, s:s}",
                                           "name", events[i].activity, "properties", ids,
                                           "is_syncing", !run->cfg->automations, "occurred_at",
                                           hermod_rfc3339(c, ev->occurred_ms))),
                   "the activity");
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct hermod_subscriber *s;
    const struct hermod_response *r;
    struct hermod_bytes md5;
    struct run run;
    int outcome;

    if (!begin(&run, c, config))
        return HERMOD_FAILED;
    s = hermod_subscriber(c);
    if (!*s->email)
        return hermod_skip(c, "the user has no e-mail address");
    md5 = hermod_hash(c, "md5", s->email, strlen(s->email));
    run.hash = hermod_hex(c, md5.data, md5.len);

    r = put_contact(&run, ev, s);
    outcome = verdict(c, r, "the contact");
    if (outcome == HERMOD_DELIVERED)
        outcome = sync_tags(&run, r->json);
    if (outcome == HERMOD_DELIVERED && run.cfg->activity)
        outcome = post_activity(&run, ev);
    return outcome;
}

/* Asks which merge fields there are: a value for one that is not, Mailchimp drops in silence. */
static int
check(struct hermod_call *c, const void *config)
{
    const struct hermod_response *r;
    struct hermod_request *q;
    const char *missing;
    struct run run;
    int outcome;

    if (!begin(&run, c, config))
        return HERMOD_FAILED;
    q = hermod_http_open(c, "GET", run.api, "/lists/%s/merge-fields", run.cfg->listId);
    hermod_http_query(c, q, "count", "1000");
    hermod_http_query(c, q, "fields", "merge_fields.tag");
    r = ask(&run, q, NULL);
    outcome = verdict(c, r, "the audience");
    missing = fields_in(c, hermod_json_get_strings(c, r->json, "merge_fields", "tag"), false);
    if (outcome == HERMOD_DELIVERED && *missing)
        return hermod_fail(c, "the audience has no merge field %s", missing);
    return outcome;
}

HERMOD_PLUGIN(.name = "mailchimp", .version = "1.0",
              .summary = "Keeps the contacts of a Mailchimp audience and their tags in step.",
              .events = HERMOD_EVENTS("userVendor.1#new", "userVendor.1#update",
                                      "contract.1#purchased", "contract.1#update",
                                      "contract#cancelRequest", "entitlement.1#new",
                                      "entitlement.1#update", "checkout.1#confirm"),
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .concurrent = 10, .credential = "apiKey" },
              .deliver = deliver, .check = check);
