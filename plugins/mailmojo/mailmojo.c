/* mailmojo: keeps the contacts of a publisher's Mailmojo account in step with their
   subscribers: names and phone where the contact has none, account fields, tags. Nobody who
   has unsubscribed is subscribed again. */
#include <string.h>

#include <hermod/plugin.h>

#define FIELDS_FOR_MS (24 * 3600 * 1000LL)

struct config {
    const char *apiToken, *listId, *apiUrl, *accountFields, *fieldsPath;
    bool addExisting;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, apiToken, HERMOD_REQUIRED | HERMOD_SECRET, NULL,
                  "API token with the scopes contacts, subscribe and lists:read."),
    HERMOD_STRING(struct config, listId, HERMOD_REQUIRED, NULL,
                  "The list that new contacts are put on: the number in its address."),
    HERMOD_STRING(struct config, apiUrl, 0, "https://api.mailmojo.no", "Mailmojo's address."),
    HERMOD_BOOL(struct config, addExisting, 0, "false",
                "Also put active contacts on the list that are known from other lists only."),
    HERMOD_CHOICE(struct config, accountFields, 0, "create", "create|write|off",
                  "Account fields: created where missing and written, only written, or left "
                  "alone."),
    HERMOD_STRING(struct config, fieldsPath, 0, "/v1/fields/",
                  "Where account fields are listed and created, below apiUrl."),
    HERMOD_SETTINGS_END
};

/* Our account fields. */
struct field {
    const char *name, *value;
};
#define FIELDS 9

static void
list_fields(struct hermod_call *c, const struct hermod_subscriber *s,
            const struct hermod_event *ev, struct field ret[FIELDS])
{
    const struct { const char *name; long long count; } counts[] = {
        { "sesamy_articles_purchased", s->articles_bought },
        { "sesamy_active_subscriptions", s->active_subscriptions },
        { "sesamy_canceled_subscriptions", s->cancelled_subscriptions },
        { "sesamy_expired_subscriptions", s->expired_subscriptions },
        { "sesamy_ended_subscriptions", s->ended_subscriptions },
        { "sesamy_issues_remaining", s->issues_remaining },
    };

    ret[0] = (struct field){ "sesamy_user_id", s->id };
    ret[1] = (struct field){ "sesamy_has_active_subscription",
                             s->active_subscriptions > 0 ? "true" : "false" };
    ret[2] = (struct field){ "sesamy_last_seen",
                             hermod_time_format(c, ev->occurred_ms, "%Y-%m-%d") };
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        ret[3 + i] = (struct field){ counts[i].name,
                                     hermod_format(c, "%lld", counts[i].count) };
}

static bool
good(const struct hermod_response *r)
{
    return r->status >= 200 && r->status < 300;
}

/* body: or NULL. */
static const struct hermod_response *
ask(struct hermod_call *c, const struct config *cfg, struct hermod_request *q,
    const struct hermod_json *body)
{
    hermod_http_bearer(c, q, cfg->apiToken);
    if (body)
        hermod_http_json(c, q, body);
    return hermod_http_send(c, q);
}

/* ---- account fields ---------------------------------------------------------- */

static const struct hermod_response *
ask_fields(struct hermod_call *c, const struct config *cfg, const char *method,
           const struct hermod_json *body)
{
    size_t len = strlen(cfg->apiUrl);
    const char *slash = cfg->fieldsPath[0] == '/' ? "" : "/";

    while (len > 0 && cfg->apiUrl[len - 1] == '/')
        len--;
    return ask(c, cfg, hermod_http_request(c, method, hermod_format(c, "%.*s%s%s", (int)len,
                                                                    cfg->apiUrl, slash,
                                                                    cfg->fieldsPath)), body);
}

/* The list may be bare or in an object, and name a field by name or by key. */
static bool
has_field(struct hermod_call *c, const struct hermod_json *answer, const char *name)
{
    const struct hermod_json *list = hermod_json_type(c, answer) == HERMOD_JSON_ARRAY ?
        answer : hermod_json_get(c, answer, "fields");

    for (size_t i = 0; i < hermod_json_length(c, list); i++) {
        const struct hermod_json *f = hermod_json_at(c, list, i);

        if (strcmp(hermod_json_get_string(c, f, "", ""), name) == 0 ||
            strcmp(hermod_json_get_string(c, f, "name", ""), name) == 0 ||
            strcmp(hermod_json_get_string(c, f, "key", ""), name) == 0)
            return true;
    }
    return false;
}

/* Creates the fields that the account lacks, once a day. An account whose interface has no
   fields to manage (404, 405) gets them written all the same. NULL when all is well, else the
   answer that ends the delivery. */
static const struct hermod_response *
create_fields(struct hermod_call *c, const struct config *cfg, const struct field *fields)
{
    const struct hermod_response *r, *made;

    if (*hermod_memo(c, "fields"))
        return NULL;
    hermod_exclusive(c, "fields");
    if (*hermod_memo(c, "fields"))
        return NULL;
    r = ask_fields(c, cfg, "GET", NULL);
    if (r->status == 404 || r->status == 405)
        hermod_log_warn(c, "account fields cannot be managed at %s (%d): create them by hand",
                        cfg->fieldsPath, (int)r->status);
    else if (!good(r))
        return r;
    for (size_t i = 0; i < FIELDS && good(r); i++) {
        if (has_field(c, r->json, fields[i].name))
            continue;
        made = ask_fields(c, cfg, "POST", hermod_json_pack(c, "{s:s,s:s}", "name",
                                                           fields[i].name, "type", "text"));
        if (!good(made) && made->status != 409)
            return made;
    }
    hermod_memo_set(c, "fields", good(r) ? "there" : "unknown", FIELDS_FOR_MS);
    return NULL;
}

/* ---- the contact ------------------------------------------------------------- */

/* contact: as it is; JSON null for a new one. All of its own fields go along, so that it does
   not matter whether the other side replaces them or adds to them. */
static struct hermod_json *
custom_of(struct hermod_call *c, const struct hermod_json *contact, const struct field *fields)
{
    const struct hermod_json *old = hermod_json_get(c, contact, "custom");
    struct hermod_json *custom = hermod_json_object(c);

    for (size_t i = 0; i < hermod_json_length(c, old); i++) {
        const char *key = hermod_json_key_at(c, old, i);

        if (*key && hermod_json_type(c, hermod_json_at(c, old, i)) != HERMOD_JSON_NULL)
            hermod_json_set(c, custom, key, hermod_json_at(c, old, i));
    }
    for (size_t i = 0; i < FIELDS; i++)
        hermod_json_set_string(c, custom, fields[i].name, fields[i].value);
    return custom;
}

/* What is asked of the other side in both cases: address, fields, all tags. */
static struct hermod_json *
body_of(struct hermod_call *c, const struct config *cfg, const struct hermod_subscriber *s,
        const struct hermod_json *contact, const struct field *fields)
{
    const struct field names[] = {
        { "first_name", s->first_name }, { "last_name", s->last_name }, { "phone", s->phone },
    };
    struct hermod_json *body = hermod_json_pack(c, "{s:s}", "email", s->email);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (*names[i].value && !*hermod_json_get_string(c, contact, names[i].name, ""))
            hermod_json_set_string(c, body, names[i].name, names[i].value);
    if (strcmp(cfg->accountFields, "off") != 0)
        hermod_json_set(c, body, "custom", custom_of(c, contact, fields));
    hermod_json_set_strings(c, body, "tags",
                            hermod_tags_merge(c, hermod_json_get_strings(c, contact, "tags",
                                                                         "name")));
    return body;
}

/* A contact that is active elsewhere and has never been on this list. */
static bool
belongs_on_list(struct hermod_call *c, const struct config *cfg,
                const struct hermod_json *contact)
{
    const struct hermod_json *lists = hermod_json_get(c, contact, "list_associations");

    if (!cfg->addExisting || hermod_json_type(c, lists) != HERMOD_JSON_ARRAY ||
        strcmp(hermod_json_get_string(c, contact, "status", ""), "a") != 0)
        return false;
    for (size_t i = 0; i < hermod_json_length(c, lists); i++) {
        const struct hermod_json *id =
            hermod_json_get(c, hermod_json_at(c, lists, i), "list_id");

        if (strcmp(hermod_json_get_number(c, id, "", hermod_json_get_string(c, id, "", "")),
                   cfg->listId) == 0)
            return false;
    }
    return true;
}

/* force_subscribe is true unless it is said: it would bring back who has unsubscribed. */
static const struct hermod_response *
subscribe(struct hermod_call *c, const struct config *cfg, struct hermod_json *body)
{
    hermod_json_set_bool(c, body, "force_subscribe", false);
    return ask(c, cfg, hermod_http_open(c, "POST", cfg->apiUrl, "/v1/lists/%s/subscribers/",
                                        cfg->listId), body);
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;
    const struct hermod_subscriber *s = hermod_subscriber(c);
    const struct hermod_response *r, *stop = NULL;
    struct field fields[FIELDS];
    bool exists, join;
    int outcome;

    if (!*s->email)
        return hermod_skip(c, "the user has no e-mail address");
    list_fields(c, s, ev, fields);
    if (strcmp(cfg->accountFields, "create") == 0)
        stop = create_fields(c, cfg, fields);
    if (stop) {
        outcome = hermod_http_outcome(c, stop);
        return outcome == HERMOD_FAILED ?
            hermod_fail(c, "the account fields: %d", (int)stop->status) : outcome;
    }

    r = ask(c, cfg, hermod_http_open(c, "GET", cfg->apiUrl, "/v1/contacts/%s/", s->email),
            NULL);
    exists = r->status != 404;
    if (exists && !good(r))
        return hermod_http_outcome(c, r);
    if (exists && !*hermod_json_get_string(c, r->json, "email", ""))
        return hermod_fail(c, "the contact: %d without one", (int)r->status);
    join = !exists || belongs_on_list(c, cfg, r->json);
    if (exists)
        r = ask(c, cfg, hermod_http_open(c, "PATCH", cfg->apiUrl, "/v1/contacts/%s/",
                                         s->email),
                body_of(c, cfg, s, r->json, fields));
    if (join && (!exists || good(r)))
        r = subscribe(c, cfg, exists ? hermod_json_pack(c, "{s:s}", "email", s->email)
                                     : body_of(c, cfg, s, hermod_json_object(c), fields));
    return hermod_http_outcome(c, r);
}

/* Whether the token may read the list. */
static int
check(struct hermod_call *c, const void *config)
{
    const struct config *cfg = config;

    return hermod_http_outcome(c, ask(c, cfg, hermod_http_open(c, "GET", cfg->apiUrl,
                                                               "/v1/lists/%s/", cfg->listId),
                                      NULL));
}

HERMOD_PLUGIN(.name = "mailmojo", .version = "1.0",
              .summary = "Keeps contacts, account fields and tags in Mailmojo in step.",
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .concurrent = 4, .credential = "apiToken" },
              .deliver = deliver, .check = check);
