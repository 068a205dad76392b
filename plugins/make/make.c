/* make: keeps the subscribers of a Make.as list, their sesamy_ tags and the products they
   subscribe to in step with the platform. */
#include <string.h>
#include <strings.h>

#include <hermod/plugin.h>

#define ROWS_MAX 1000              /* of one bulk call: Make's most */
#define REMEMBER_MS (24 * 3600000) /* that Make has a product or a tag */

struct config {
    const char *userId, *apiKey, *listId, *apiUrl;
    bool createTags;
    const struct hermod_pair *subscriptionFields;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, userId, HERMOD_REQUIRED, NULL, "User id of the API access."),
    HERMOD_STRING(struct config, apiKey, HERMOD_REQUIRED | HERMOD_SECRET, NULL,
                  "Its API key."),
    HERMOD_STRING(struct config, listId, HERMOD_REQUIRED, NULL,
                  "Id of the list that subscribers are put on."),
    HERMOD_BOOL(struct config, createTags, 0, "true",
                "Make tags that the account does not have yet, before they are used."),
    HERMOD_MAP(struct config, subscriptionFields, 0,
               "More fields of each subscription: Make's name of the field, and name, status, "
               "createdAt, expiresAt, cancelAt, nextBillAt, price or currency."),
    HERMOD_STRING(struct config, apiUrl, 0, "https://subscribers.dialogapi.no/api/public/v2",
                  "Address of the API."),
    HERMOD_SETTINGS_END
};

static const struct hermod_response *
ask(struct hermod_call *c, const struct config *cfg, struct hermod_request *q,
    const struct hermod_json *body)
{
    hermod_http_basic(c, q, cfg->userId, cfg->apiKey);
    hermod_http_header(c, q, "Accept", "application/json");
    if (body)
        hermod_http_json(c, q, body);
    return hermod_http_send(c, q);
}

/* The verdict on an answer; what: what was sent. Make's own text may quote it, and is not
   repeated. */
static int
verdict(struct hermod_call *c, const struct hermod_response *r, const char *what)
{
    int outcome = hermod_http_outcome(c, r);

    if (outcome != HERMOD_FAILED)
        return outcome;
    if (r->status == 401)
        return hermod_fail(c, "%s: 401: userId or apiKey is not accepted", what);
    if (r->status == 404)
        return hermod_fail(c, "%s: 404: Make does not know it; is listId right?", what);
    if (r->status == 422)
        return hermod_fail(c, "%s: 422: Make finds a value in it wrong", what);
    return outcome;
}

/* ---- tags ---- */

/* The subscriber's tags, whether Make names or describes them; *ret is NULL when there is no
   such subscriber yet, or the answer does not tell all of them. */
static int
read_tags(struct hermod_call *c, const struct config *cfg, const struct hermod_subscriber *s,
          const char *const **ret)
{
    struct hermod_request *q = hermod_http_open(c, "POST", cfg->apiUrl,
                                                "/subscribers/by_email");
    const struct hermod_response *r =
        ask(c, cfg, q, hermod_json_pack(c, "{s:s}", "email", s->email));
    const struct hermod_json *tags = hermod_json_get(c, r->json, "tags");
    bool titled = *hermod_json_get_string(c, tags, "0.title", "");
    const char *const *names = hermod_json_get_strings(c, tags, "", titled ? "title" : "name");
    size_t count = 0;

    while (names[count])
        count++;
    *ret = hermod_json_type(c, tags) == HERMOD_JSON_ARRAY &&
           hermod_json_length(c, tags) == count ? names : NULL;
    return r->status == 404 ? HERMOD_DELIVERED : verdict(c, r, "the look-up");
}

static const char *
tag_key(struct hermod_call *c, const char *title)
{
    return hermod_format(c, "tag %s", title);
}

/* Did Make have all of them lately? */
static bool
are_known(struct hermod_call *c, const char *const *tags)
{
    while (*tags && *hermod_memo(c, tag_key(c, *tags)))
        tags++;
    return !*tags;
}

/* Makes a tag unless its title is there. One that somebody made meanwhile is refused with 422,
   and is as it should be. */
static int
create_tag(struct hermod_call *c, const struct config *cfg, const char *title,
           const char *const *there)
{
    const struct hermod_response *r;

    while (*there && strcasecmp(*there, title) != 0)
        there++;
    if (!*there) {
        r = ask(c, cfg, hermod_http_open(c, "POST", cfg->apiUrl, "/subscriber_tags"),
                hermod_json_pack(c, "{s:s}", "title", title));
        if (r->status != 422 && r->status / 100 != 2)
            return verdict(c, r, "a new tag");
    }
    hermod_memo_set(c, tag_key(c, title), "there", REMEMBER_MS);
    return HERMOD_DELIVERED;
}

/* Sees to it that the account has the wanted tags. Whether Make makes them by itself when a
   subscriber gets them is not documented. */
static int
prepare_tags(struct hermod_call *c, const struct config *cfg, const char *const *wanted)
{
    const struct hermod_response *r;
    const char *const *there;
    int outcome;

    if (are_known(c, wanted))
        return HERMOD_DELIVERED;
    hermod_exclusive(c, "tags");
    if (are_known(c, wanted))
        return HERMOD_DELIVERED;
    r = ask(c, cfg, hermod_http_open(c, "GET", cfg->apiUrl, "/subscriber_tags"), NULL);
    outcome = verdict(c, r, "the account's tags");
    there = hermod_json_get_strings(c, r->json, "", "title");
    for (; *wanted && outcome == HERMOD_DELIVERED; wanted++)
        outcome = create_tag(c, cfg, *wanted, there);
    return outcome;
}

/* ---- the subscriber ---- */

/* What is not known is left out: an empty text would wipe what Make has. */
static void
set_text(struct hermod_call *c, struct hermod_json *to, const char *key, const char *text)
{
    if (*text)
        hermod_json_set_string(c, to, key, text);
}

/* Makes or updates the subscriber, and puts it on the list. "replace" takes away the tags that
   are not named: only where it is known which others there are. No status is said, so that
   nobody is signed up again. existing: NULL when not known. */
static int
post_subscriber(struct hermod_call *c, const struct config *cfg,
                const struct hermod_subscriber *s, const char *const *existing)
{
    struct hermod_json *body = hermod_json_object(c);
    struct hermod_request *q = hermod_http_open(c, "POST", cfg->apiUrl, "/subscribers");

    set_text(c, body, "email", s->email);
    set_text(c, body, "firstname", s->first_name);
    set_text(c, body, "lastname", s->last_name);
    set_text(c, body, "company", s->company);
    set_text(c, body, "external_id", s->id);
    hermod_json_set_strings(c, body, "tags",
                            existing ? hermod_tags_merge(c, existing) : hermod_tags(c));
    hermod_http_query(c, q, "subscriber_list_id[]", cfg->listId);
    hermod_http_query(c, q, "tag", existing ? "replace" : "merge");
    return verdict(c, ask(c, cfg, q, body), "the subscriber");
}

/* ---- products and subscriptions ---- */

/* "SKU|option"; without an option the SKU alone. */
static const char *
product_id(struct hermod_call *c, const struct hermod_product *p)
{
    return *p->option_id ? hermod_format(c, "%s|%s", p->sku, p->option_id) : p->sku;
}

static const char *
product_name(struct hermod_call *c, const struct hermod_product *p)
{
    const char *title = *p->title ? p->title : p->sku;

    return *p->option_title ? hermod_format(c, "%s - %s", title, p->option_title) : title;
}

static const char *
product_key(struct hermod_call *c, const char *id)
{
    return hermod_format(c, "product %s", id);
}

/* Adds a product, unless it is there already or Make got it lately. */
static void
add_product(struct hermod_call *c, struct hermod_json *rows, const struct hermod_product *p)
{
    const char *id = product_id(c, p), *name = product_name(c, p);
    const char *const *ids = hermod_json_get_strings(c, rows, "", "external_id");

    while (*ids && strcmp(*ids, id) != 0)
        ids++;
    if (*p->sku && !*ids && hermod_json_length(c, rows) < ROWS_MAX &&
        strcmp(hermod_memo(c, product_key(c, id)), name) != 0)
        hermod_json_add(c, rows, hermod_json_pack(c, "{s:s, s:s}", "external_id", id,
                                                  "name", name));
}

/* The active products, and those that the subscriptions below refer to. */
static int
post_products(struct hermod_call *c, const struct config *cfg, const struct hermod_subscriber *s)
{
    struct hermod_json *rows = hermod_json_array(c);
    struct hermod_request *q;
    int outcome;

    for (size_t i = 0; s->active_products[i]; i++)
        add_product(c, rows, s->active_products[i]);
    for (size_t i = 0; s->contracts[i]; i++)
        if (s->contracts[i]->items[0])
            add_product(c, rows, s->contracts[i]->items[0]);
    if (hermod_json_length(c, rows) == 0)
        return HERMOD_DELIVERED;
    q = hermod_http_open(c, "POST", cfg->apiUrl, "/subscribers/subscriptions/products/bulkinsert");
    outcome = verdict(c, ask(c, cfg, q, rows), "the products");
    for (size_t i = 0; outcome == HERMOD_DELIVERED && i < hermod_json_length(c, rows); i++) {
        const struct hermod_json *row = hermod_json_at(c, rows, i);

        hermod_memo_set(c, product_key(c, hermod_json_get_string(c, row, "external_id", "")),
                        hermod_json_get_string(c, row, "name", ""), REMEMBER_MS);
    }
    return outcome;
}

/* What subscriptionFields may ask of a contract: where it is; -1 when there is no such thing. */
static long
contract_field(const char *what)
{
    static const struct { const char *what; size_t at; } fields[] = {
#define FIELD(what, member) { what, offsetof(struct hermod_contract, member) }
        FIELD("name", name), FIELD("status", status), FIELD("createdAt", created_at),
        FIELD("expiresAt", expires_at), FIELD("cancelAt", cancel_at),
        FIELD("nextBillAt", next_bill_at), FIELD("price", price), FIELD("currency", currency),
#undef FIELD
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        if (strcmp(fields[i].what, what) == 0)
            return (long)fields[i].at;
    return -1;
}

static int
check_fields(struct hermod_call *c, const struct config *cfg)
{
    for (const struct hermod_pair *f = cfg->subscriptionFields; f->key; f++)
        if (contract_field(f->value) < 0)
            return hermod_fail(c, "subscriptionFields: %s: a contract has no \"%s\"", f->key,
                               f->value);
    return HERMOD_DELIVERED;
}

/* One for each contract that has a product, matched to the subscriber by e-mail. The names of
   the first three fields are Sesamy's; Make documents none. */
static int
post_subscriptions(struct hermod_call *c, const struct config *cfg,
                   const struct hermod_subscriber *s)
{
    struct hermod_json *rows = hermod_json_array(c), *row;
    struct hermod_request *q;

    for (size_t i = 0; s->contracts[i] && hermod_json_length(c, rows) < ROWS_MAX; i++) {
        const struct hermod_contract *t = s->contracts[i];

        if (!t->items[0] || !*t->items[0]->sku)
            continue;
        row = hermod_json_object(c);
        hermod_json_set_string(c, row, "email", s->email);
        hermod_json_set_string(c, row, "external_id", t->id);
        hermod_json_set_string(c, row, "product_external_id", product_id(c, t->items[0]));
        for (const struct hermod_pair *f = cfg->subscriptionFields; f->key; f++)
            set_text(c, row, f->key,
                     *(const char *const *)((const char *)t + contract_field(f->value)));
        hermod_json_add(c, rows, row);
    }
    if (hermod_json_length(c, rows) == 0)
        return HERMOD_DELIVERED;
    q = hermod_http_open(c, "POST", cfg->apiUrl, "/subscribers/subscriptions/bulkinsert");
    return verdict(c, ask(c, cfg, q, rows), "the subscriptions");
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;
    const struct hermod_subscriber *s = hermod_subscriber(c);
    const char *const *existing = NULL;
    int outcome = check_fields(c, cfg);

    (void)ev;
    if (outcome != HERMOD_DELIVERED)
        return outcome;
    if (!*s->email)
        return hermod_skip(c, "the user has no e-mail address");
    if (cfg->createTags)
        outcome = prepare_tags(c, cfg, hermod_tags(c));
    if (outcome == HERMOD_DELIVERED)
        outcome = read_tags(c, cfg, s, &existing);
    if (outcome == HERMOD_DELIVERED)
        outcome = post_subscriber(c, cfg, s, existing);
    if (outcome == HERMOD_DELIVERED)
        outcome = post_products(c, cfg, s);
    if (outcome == HERMOD_DELIVERED)
        outcome = post_subscriptions(c, cfg, s);
    return outcome;
}

/* Asks for the list. */
static int
check(struct hermod_call *c, const void *config)
{
    const struct config *cfg = config;
    struct hermod_request *q =
        hermod_http_open(c, "GET", cfg->apiUrl, "/subscriberlists/%s", cfg->listId);
    int outcome = check_fields(c, cfg);

    return outcome == HERMOD_DELIVERED ? verdict(c, ask(c, cfg, q, NULL), "the list") : outcome;
}

HERMOD_PLUGIN(.name = "make", .version = "1.0",
              .summary = "Keeps the subscribers of a Make.as list, their tags and their "
                         "subscriptions in step.",
              .events = HERMOD_EVENTS("userVendor.1#new", "userVendor.1#update",
                                      "contract.1#purchased", "contract.1#update",
                                      "contract#cancelRequest", "entitlement.1#new",
                                      "entitlement.1#update", "checkout.1#confirm"),
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .concurrent = 4, .credential = "apiKey" },
              .deliver = deliver, .check = check);
