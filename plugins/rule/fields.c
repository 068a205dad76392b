/* fields.c - see fields.h. The table is the one in rule.md. */
#include <string.h>
#include <strings.h>

#include "fields.h"
#include "stockholm.h"

/* All values of one group may have 65,000 characters at Rule. */
#define TEXT_MAX 1000              /* bytes of one text */
#define LIST_MAX 9000              /* bytes of one list */

/* Where a value is taken from. A group about a thing that there is not is left out. */
enum source {
    USER,
    BILLING,                       /* the billing address */
    CONTRACT,                      /* the newest active subscription, else the newest ended */
    EVENT,
    LATEST,                        /* the entitlement to the article bought last */
    /* Lists of products: */
    ACTIVE, ITEMS, RIGHTS, ARTICLES
};

enum kind {
    TEXT, TIME, COUNT, FLAG,       /* a field of the source's struct */
    HAS,                           /* is a count of the struct more than 0? */
    SIZE,                          /* of a list of products */
    LIST,                          /* a field of each product, no doubles */
    PATH, PATH_TIME, PATH_LIST     /* out of what the platform answered */
};

struct field {
    const char *key;
    enum kind kind;
    enum source from;
    size_t offset;
    const char *path;
};

#define ROW(key, kind, from, type, f) { key, kind, from, offsetof(struct hermod_##type, f), "" }
#define OF_USER(key, kind, f)     ROW("Sesamy_User." key, kind, USER, subscriber, f)
#define OF_BILLING(key, f)        ROW("Sesamy_BillingAddress." key, TEXT, BILLING, address, f)
#define OF_ACTIVE(key, f)         ROW("Sesamy_ActiveProducts." key, LIST, ACTIVE, product, f)
#define OF_CONTRACT(key, kind, f) ROW("Sesamy_Subscription." key, kind, CONTRACT, contract, f)
#define OF_ITEMS(key, f)          ROW("Sesamy_Subscription." key, LIST, ITEMS, product, f)
#define OF_COUNTS(key, kind, f)   ROW("Sesamy_Subscription." key, kind, USER, subscriber, f)
#define OF_ARTICLES(key, f)       ROW("Sesamy_ArticlePurchases." key, LIST, ARTICLES, product, f)
#define OF_RIGHTS(key, f)         ROW("Sesamy_Entitlements." key, LIST, RIGHTS, product, f)
#define OUT_OF(key, kind, from, path) { key, kind, from, 0, path }

static const struct field fields[] = {
    ROW("Subscriber.FirstName", TEXT, USER, subscriber, first_name),
    ROW("Subscriber.LastName", TEXT, USER, subscriber, last_name),

    OF_USER("FirstName", TEXT, first_name),
    OF_USER("LastName", TEXT, last_name),
    OF_USER("ID", TEXT, id),
    OF_USER("Created", TIME, created_at),
    OF_USER("Email", TEXT, email),
    OF_USER("Phone", TEXT, phone),
    OF_USER("Company", TEXT, company),
    OF_USER("Locale", TEXT, locale),
    OUT_OF("Sesamy_User.EmailVerified", PATH, USER, "emailVerified"),
    OUT_OF("Sesamy_User.Tags", PATH_LIST, USER, "tags"),
    ROW("Sesamy_User.LastSeen", TIME, EVENT, event, occurred_at),
    ROW("Sesamy_User.LastEvent", TEXT, EVENT, event, type),

    OF_BILLING("FirstName", first_name),
    OF_BILLING("LastName", last_name),
    OF_BILLING("Street", street),
    OF_BILLING("City", city),
    OF_BILLING("Zip", zip),
    OF_BILLING("Co", co),
    OF_BILLING("Country", country),
    OUT_OF("Sesamy_BillingAddress.Department", PATH, BILLING, "user_metadata.department"),

    OUT_OF("Sesamy_ActiveProducts.Count", SIZE, ACTIVE, ""),
    OF_ACTIVE("SKU", sku),
    OF_ACTIVE("Titles", title),
    OF_ACTIVE("Types", type),
    OF_ACTIVE("OptionIDs", option_id),
    OF_ACTIVE("OptionTitles", option_title),

    OF_COUNTS("HasActive", HAS, active_subscriptions),
    OF_COUNTS("ActiveCount", COUNT, active_subscriptions),
    OF_COUNTS("OverdueCount", COUNT, overdue_subscriptions),
    OF_COUNTS("CanceledCount", COUNT, cancelled_subscriptions),
    OF_COUNTS("ExpiredCount", COUNT, expired_subscriptions),
    OF_COUNTS("EndedCount", COUNT, ended_subscriptions),
    OF_COUNTS("IssuesRemainingTotal", COUNT, issues_remaining),
    OF_CONTRACT("ID", TEXT, id),
    OF_CONTRACT("Name", TEXT, name),
    OF_CONTRACT("Status", TEXT, status),
    OF_CONTRACT("CreatedAt", TIME, created_at),
    OUT_OF("Sesamy_Subscription.UpdatedAt", PATH_TIME, CONTRACT, "updatedAt"),
    OF_CONTRACT("ExpiresAt", TIME, expires_at),
    OF_CONTRACT("CanceledAt", TIME, cancel_at),
    OF_CONTRACT("NextBillAt", TIME, next_bill_at),
    OF_CONTRACT("Price", TEXT, price),
    OUT_OF("Sesamy_Subscription.NextPrice", PATH, CONTRACT, "nextPrice"),
    OF_CONTRACT("Currency", TEXT, currency),
    OUT_OF("Sesamy_Subscription.Duration", PATH, CONTRACT, "contractDuration"),
    OUT_OF("Sesamy_Subscription.Interval", PATH, CONTRACT, "recurringInterval"),
    OUT_OF("Sesamy_Subscription.IntervalCount", PATH, CONTRACT, "recurringTime"),
    OF_CONTRACT("IssuesRemaining", COUNT, issues_remaining),
    OF_CONTRACT("IsGifted", FLAG, gifted),
    OF_ITEMS("SKU", sku),
    OF_ITEMS("Titles", title),
    OF_ITEMS("OptionTitles", option_title),
    OUT_OF("Sesamy_Subscription.DiscountCodes", PATH_LIST, CONTRACT, "appliedDiscounts"),
    OUT_OF("Sesamy_Subscription.PaymentMethod", PATH, CONTRACT, "paymentData.method"),
    OUT_OF("Sesamy_Subscription.ManageUrl", PATH, CONTRACT, "manageUrl"),

    ROW("Sesamy_ArticlePurchases.HasPurchased", FLAG, USER, subscriber, made_single_purchase),
    ROW("Sesamy_ArticlePurchases.Count", COUNT, USER, subscriber, articles_bought),
    OF_ARTICLES("SKU", sku),
    OF_ARTICLES("Titles", title),
    OUT_OF("Sesamy_ArticlePurchases.LatestSKU", PATH, LATEST, "sku"),
    OUT_OF("Sesamy_ArticlePurchases.LatestTitle", PATH, LATEST, "title"),
    ROW("Sesamy_ArticlePurchases.LatestAt", TIME, LATEST, entitlement, created_at),

    OUT_OF("Sesamy_Entitlements.ActiveCount", SIZE, RIGHTS, ""),
    OF_RIGHTS("SKU", sku),
    OF_RIGHTS("Titles", title),
    OF_RIGHTS("Types", type),
    OF_RIGHTS("OptionIDs", option_id),
    ROW("Sesamy_Entitlements.HasExternalAccess", FLAG, USER, subscriber, has_external),
    ROW("Sesamy_Entitlements.HasGifted", FLAG, USER, subscriber, has_gifted),
};

struct view {
    struct hermod_call *c;
    const struct hermod_event *event;
    const struct hermod_subscriber *user;
    const struct hermod_entitlement *latest;       /* or NULL */
    const struct field_style *style;
};

/* ---- sources ----------------------------------------------------------------- */

static bool
is_bought_article(const struct hermod_entitlement *e)
{
    return !e->external && strcasecmp(e->product->type, "article") == 0;
}

static const struct hermod_entitlement *
latest_article(struct hermod_call *c, const struct hermod_subscriber *s)
{
    const struct hermod_entitlement *latest = NULL;
    int64_t latest_ms = INT64_MIN;

    for (size_t i = 0; s->entitlements[i]; i++) {
        int64_t at_ms = INT64_MIN;
        bool known = hermod_time_parse(c, s->entitlements[i]->created_at, &at_ms);

        if (!is_bought_article(s->entitlements[i]) || (latest && (!known || at_ms <= latest_ms)))
            continue;
        latest = s->entitlements[i];
        latest_ms = at_ms;
    }
    return latest;
}

/* The struct a field is in, or NULL; and what the platform answered about it. */
static const void *
base_of(const struct view *v, enum source from, const struct hermod_json **ret_json)
{
    const struct hermod_subscriber *s = v->user;

    *ret_json = from == CONTRACT && s->subscription ? s->subscription->json :
        from == LATEST && v->latest ? v->latest->json : s->profile;
    return from == BILLING ? (s->has_billing ? s->billing : NULL) :
        from == CONTRACT || from == ITEMS ? (const void *)s->subscription :
        from == EVENT ? (const void *)v->event :
        from == LATEST ? (const void *)v->latest : (const void *)s;
}

/* Product number i of a list, NULL at its end; *ret_left_out when this one does not count. */
static const struct hermod_product *
product_at(const struct view *v, enum source from, size_t i, bool *ret_left_out)
{
    const struct hermod_subscriber *s = v->user;
    const struct hermod_entitlement *e = NULL;

    *ret_left_out = false;
    if (from == ACTIVE)
        return s->active_products[i];
    if (from == ITEMS)
        return s->subscription ? s->subscription->items[i] : NULL;
    e = s->entitlements[i];
    if (!e)
        return NULL;
    *ret_left_out = from == RIGHTS ? !e->active : !is_bought_article(e);
    return e->product;
}

/* ---- values ------------------------------------------------------------------ */

/* "2025-11-10 12:00:00"; "" when it is not known: Rule would refuse the whole subscriber. */
static const char *
time_text(const struct view *v, const char *rfc3339)
{
    int64_t at_ms;

    if (!hermod_time_parse(v->c, rfc3339, &at_ms))
        return "";
    if (v->style->stockholm)
        at_ms += stockholm_offset_ms(at_ms);
    return hermod_time_format(v->c, at_ms, "%Y-%m-%d %H:%M:%S");
}

static const char *
path_text(struct hermod_call *c, const struct hermod_json *j, const char *path)
{
    if (hermod_json_type(c, hermod_json_get(c, j, path)) == HERMOD_JSON_BOOL)
        return hermod_json_get_bool(c, j, path, false) ? "true" : "false";
    return hermod_json_get_string(c, j, path, hermod_json_get_number(c, j, path, ""));
}

static const char *
size_text(const struct view *v, enum source from)
{
    const struct hermod_product *p;
    size_t count = 0;
    bool left_out;

    for (size_t i = 0; (p = product_at(v, from, i, &left_out)) != NULL; i++)
        count += !left_out;
    return hermod_format(v->c, "%zu", count);
}

/* base: of the field, not NULL. */
static const char *
text_of(const struct view *v, const struct field *f, const void *base,
        const struct hermod_json *j)
{
    const char *at = (const char *)base + f->offset, *text = "";
    int64_t count = 0;
    bool flag = false;

    switch (f->kind) {
    case TEXT:
        memcpy(&text, at, sizeof(text));
        return text;
    case TIME:
        memcpy(&text, at, sizeof(text));
        return time_text(v, text);
    case COUNT:
    case HAS:
        memcpy(&count, at, sizeof(count));
        return f->kind == HAS ? (count > 0 ? "true" : "false") :
            count >= 0 ? hermod_format(v->c, "%lld", (long long)count) : "";
    case FLAG:
        memcpy(&flag, at, sizeof(flag));
        return flag ? "true" : "false";
    case SIZE:
        return size_text(v, f->from);
    case PATH:
        return path_text(v->c, j, f->path);
    case PATH_TIME:
        return time_text(v, hermod_json_get_string(v->c, j, f->path, ""));
    case LIST:
    case PATH_LIST:
        break;
    }
    return "";
}

/* Adds a text to a list, unless it is there already or the list is full. */
static void
add_once(const struct view *v, struct hermod_json *list, const char *text, size_t *bytes)
{
    text = hermod_cut(v->c, text, TEXT_MAX);
    if (!*text || *bytes + strlen(text) > LIST_MAX)
        return;
    for (size_t i = 0; i < hermod_json_length(v->c, list); i++)
        if (strcmp(hermod_json_get_string(v->c, hermod_json_at(v->c, list, i), "", ""),
                   text) == 0)
            return;
    hermod_json_add_string(v->c, list, text);
    *bytes += strlen(text);
}

static const struct hermod_json *
list_of(const struct view *v, const struct field *f, const struct hermod_json *j)
{
    struct hermod_json *list = hermod_json_array(v->c);
    const struct hermod_product *p;
    size_t bytes = 0;
    bool left_out;

    if (f->kind == PATH_LIST) {
        const char *const *texts = hermod_json_get_strings(v->c, j, f->path, "code");

        for (size_t i = 0; texts[i]; i++)
            add_once(v, list, texts[i], &bytes);
        return list;
    }
    for (size_t i = 0; (p = product_at(v, f->from, i, &left_out)) != NULL; i++) {
        const char *text;

        memcpy(&text, (const char *)p + f->offset, sizeof(text));
        if (!left_out)
            add_once(v, list, text, &bytes);
    }
    return list;
}

/* ---- the list ------------------------------------------------------------------ */

/* Rule keeps a field's first type for ever. */
static const char *
type_of(enum kind kind)
{
    return kind == TIME || kind == PATH_TIME ? "datetime" :
        kind == LIST || kind == PATH_LIST ? "multiple" : "text";
}

const struct hermod_json *
rule_fields(struct hermod_call *c, const struct hermod_event *ev,
            const struct hermod_subscriber *s, const struct field_style *style)
{
    const struct view v = { c, ev, s, latest_article(c, s), style };
    struct hermod_json *all = hermod_json_array(c);

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const struct field *f = &fields[i];
        const char *type = type_of(f->kind), *text;
        const struct hermod_json *j, *list;
        const void *base = base_of(&v, f->from, &j);

        if (!base)
            continue;
        if (f->kind == LIST || f->kind == PATH_LIST) {
            list = list_of(&v, f, j);
            if (hermod_json_length(c, list) > 0 || style->clear)
                hermod_json_add(c, all, hermod_json_pack(c, "{s:s,s:j,s:s}", "key", f->key,
                                                         "value", list, "type", type));
            continue;
        }
        text = hermod_cut(c, text_of(&v, f, base, j), TEXT_MAX);
        if (*text || style->clear)
            hermod_json_add(c, all, hermod_json_pack(c, "{s:s,s:s,s:s}", "key", f->key,
                                                     "value", text, "type", type));
    }
    return all;
}
