/* svc_subscriber.c - the subscriber group: asks the platform, once per call, and hands what it
   says to model/subscriber.c. Reasons name fields, never what stands in them. */
#include <string.h>

#include <json-c/json.h>

#include "model/outcome.h"
#include "model/retry.h"
#include "model/subscriber.h"
#include "runner/call.h"
#include "runner/json_tree.h"

/* One that is known. */
struct known_product {
    const char *sku;
    const struct hermod_json *json;
    struct known_product *next;
};

static const char *
text_at(struct call *c, const struct hermod_json *j, const char *path)
{
    return svc_json.get_string(&c->pub, j, path, "");
}

static bool
is_type(struct call *c, const struct hermod_json *j, int type)
{
    return svc_json.type(&c->pub, j) == type;
}

/* ---- asking ------------------------------------------------------------------ */

/* Asks. true: answered with 200, or with 404 and may_lack. Else the call is marked: without
   credentials (401, 403) trying again is of no use before a person has mended them. */
static bool
ask(struct call *c, struct lookup *l, bool may_lack)
{
    if (c->verdict.marked)
        return false;
    l->error = l->body = l->contracts = l->entitlements = "";
    c->far->lookup(c->far, c, l);
    if (c->verdict.marked)
        return false;
    if (l->status == 200 || (l->status == 404 && may_lack))
        return true;
    if (l->status == 404) {
        call_mark(c, OUTCOME_SKIPPED, "the user is not known any more");
        return false;
    }
    if (l->status == 401 || l->status == 403) {
        call_mark(c, OUTCOME_FAILED, "the platform's API: %d%s%s", l->status,
                  *l->error ? ", " : "", l->error);
        c->verdict.status = l->status;
        return false;
    }
    if (l->status == 0)
        call_mark(c, OUTCOME_RETRY, "the platform's API: no answer%s%s", *l->error ? ": " : "",
                  l->error);
    else
        call_mark(c, OUTCOME_RETRY, "the platform's API: %d%s%s", l->status,
                  *l->error ? ", " : "", l->error);
    c->verdict.after_ms = l->after_ms < RETRY_HOLD_MAX_MS ? l->after_ms : RETRY_HOLD_MAX_MS;
    return false;
}

/* The answer's JSON, of this type; else the call is marked, and *ret unchanged. */
static bool
parse(struct call *c, const char *what, const char *text, size_t len, int type,
      const struct hermod_json **ret)
{
    struct json_object *raw = NULL;
    const struct hermod_json *j;

    if (json_tree_parse(text, len, &raw) != 0) {
        call_mark(c, OUTCOME_RETRY, "the platform's API: the %s not JSON", what);
        return false;
    }
    j = svc_json_own(c, raw);
    if (!is_type(c, j, type)) {
        call_mark(c, OUTCOME_RETRY, "the platform's API: the %s not %s", what,
                  type == HERMOD_JSON_OBJECT ? "an object" : "a list");
        return false;
    }
    *ret = j;
    return true;
}

/* A list of objects; else the call is marked. */
static bool
parse_list(struct call *c, const char *what, const char *text, size_t len,
           const struct hermod_json **ret)
{
    const struct hermod_json *list;

    if (!parse(c, what, text, len, HERMOD_JSON_ARRAY, &list))
        return false;
    for (size_t i = 0, n = svc_json.length(&c->pub, list); i < n; i++)
        if (!is_type(c, svc_json.at(&c->pub, list, i), HERMOD_JSON_OBJECT)) {
            call_mark(c, OUTCOME_RETRY, "the platform's API: the %s not all objects", what);
            return false;
        }
    *ret = list;
    return true;
}

/* ---- reading ------------------------------------------------------------------ */

static struct hermod_address
read_address(struct call *c, const struct hermod_json *j)
{
    return (struct hermod_address){
        .first_name = text_at(c, j, "firstName"), .last_name = text_at(c, j, "lastName"),
        .street = text_at(c, j, "street"),        .co = text_at(c, j, "co"),
        .zip = text_at(c, j, "zip"),              .city = text_at(c, j, "city"),
        .country = text_at(c, j, "country"),
    };
}

/* The texts of a list, without what is no text. */
static const char *const *
read_texts(struct call *c, const struct hermod_json *j)
{
    size_t count = is_type(c, j, HERMOD_JSON_ARRAY) ? svc_json.length(&c->pub, j) : 0;
    const char **list = arena_alloc(&c->arena, (count + 1) * sizeof(*list));

    for (size_t i = 0, n = 0; i < count; i++) {
        const char *text = text_at(c, svc_json.at(&c->pub, j, i), "");

        if (*text)
            list[n++] = text;
    }
    return list;
}

static struct profile_facts
read_profile(struct call *c, const struct hermod_json *j)
{
    return (struct profile_facts){
        .id = c->event->user_id,
        .email = text_at(c, j, "email"),
        .first_name = text_at(c, j, "firstName"),
        .given_name = text_at(c, j, "given_name"),
        .last_name = text_at(c, j, "lastName"),
        .family_name = text_at(c, j, "family_name"),
        .mobile_phone = text_at(c, j, "mobilePhone"),
        .phone_number = text_at(c, j, "phone_number"),
        .work_phone = text_at(c, j, "workPhone"),
        .home_phone = text_at(c, j, "homePhone"),
        .company = text_at(c, j, "company"),
        .locale = text_at(c, j, "locale"),
        .created_at = text_at(c, j, "createdAt"),
        .tags = read_texts(c, svc_json.get(&c->pub, j, "tags")),
        .billing = read_address(c, svc_json.get(&c->pub, j, "billingAddress")),
        .delivery = read_address(c, svc_json.get(&c->pub, j, "deliveryAddress")),
        .json = j,
    };
}

static void
read_items(struct call *c, const struct hermod_json *j, struct contract_facts *f)
{
    size_t count = is_type(c, j, HERMOD_JSON_ARRAY) ? svc_json.length(&c->pub, j) : 0;
    struct hermod_product *items = arena_alloc(&c->arena, (count + 1) * sizeof(*items));

    for (size_t i = 0; i < count; i++) {
        const struct hermod_json *item = svc_json.at(&c->pub, j, i);

        items[i] = (struct hermod_product){
            .sku = text_at(c, item, "sku"),
            .title = text_at(c, item, "name"),
            .type = "",
            .option_id = text_at(c, item, "purchaseOptionId"),
            .option_title = text_at(c, item, "purchaseOptionName"),
        };
    }
    f->items = items;
    f->item_count = count;
}

static enum known
read_known(struct call *c, const struct hermod_json *j, const char *path)
{
    if (!is_type(c, svc_json.get(&c->pub, j, path), HERMOD_JSON_BOOL))
        return UNKNOWN;
    return svc_json.get_bool(&c->pub, j, path, false) ? KNOWN_TRUE : KNOWN_FALSE;
}

static struct contract_facts
read_contract(struct call *c, const struct hermod_json *j)
{
    struct contract_facts f = {
        .id = text_at(c, j, "id"),
        .name = text_at(c, j, "name"),
        .user_id = text_at(c, j, "userId"),
        .status = text_at(c, j, "status"),
        .is_active = read_known(c, j, "isActive"),
        .duration = text_at(c, j, "contractDuration"),
        .interval = text_at(c, j, "recurringInterval"),
        .created_at = text_at(c, j, "createdAt"),
        .expires_at = text_at(c, j, "expiresAt"),
        .next_bill_at = text_at(c, j, "nextBillAt"),
        .cancel_requested_at = text_at(c, j, "cancelRequestedAt"),
        .will_cancel_at = text_at(c, j, "willCancelAt"),
        .price = svc_json.get_number(&c->pub, j, "price", ""),
        .currency = text_at(c, j, "currency"),
        .issues_remaining = svc_json.get_int(&c->pub, j, "issuesRemaining", -1),
        .json = j,
    };

    read_items(c, svc_json.get(&c->pub, j, "items"), &f);
    return f;
}

static struct entitlement_facts
read_entitlement(struct call *c, const struct hermod_json *j)
{
    return (struct entitlement_facts){
        .id = text_at(c, j, "id"),
        .product = {
            .sku = text_at(c, j, "sku"),
            .title = text_at(c, j, "title"),
            .type = text_at(c, j, "type"),
            .option_id = text_at(c, j, "purchaseOption"),
            .option_title = "",
        },
        .has_access = svc_json.get_bool(&c->pub, j, "hasAccess", false),
        .origin = text_at(c, j, "origin.type"),
        .contract_id = text_at(c, j, "origin.contractId"),
        .created_at = text_at(c, j, "createdAt"),
        .expires_at = text_at(c, j, "expiresAt"),
        .json = j,
    };
}

static const struct hermod_subscriber *
make(struct call *c, const struct hermod_json *profile, const struct hermod_json *contracts,
     const struct hermod_json *entitlements)
{
    size_t k = svc_json.length(&c->pub, contracts), e = svc_json.length(&c->pub, entitlements);
    struct contract_facts *kf = arena_alloc(&c->arena, (k + 1) * sizeof(*kf));
    struct entitlement_facts *ef = arena_alloc(&c->arena, (e + 1) * sizeof(*ef));
    struct subscriber_facts *facts = arena_alloc(&c->arena, sizeof(*facts));

    for (size_t i = 0; i < k; i++)
        kf[i] = read_contract(c, svc_json.at(&c->pub, contracts, i));
    for (size_t i = 0; i < e; i++)
        ef[i] = read_entitlement(c, svc_json.at(&c->pub, entitlements, i));
    *facts = (struct subscriber_facts){ read_profile(c, profile), kf, k, ef, e };
    return subscriber_make(&c->arena, facts, c->far->now_ms(c->far));
}

/* ---- the group ------------------------------------------------------------------ */

/* Is the call about an event? Else it is marked. */
static bool
has_event(struct call *c, const char *service)
{
    if (!c->event)
        call_misuse(c, "%s: check() is not about an event", service);
    return c->event != NULL;
}

/* Somebody of whom nothing is known: what a marked call gets. */
static const struct hermod_subscriber *
nobody(struct call *c)
{
    static const struct hermod_event none = { .user_id = "" };
    const struct hermod_json *null = svc_json_own(c, NULL);
    const struct hermod_event *event = c->event;
    const struct hermod_subscriber *s;

    c->event = event ? event : &none;
    s = make(c, null, null, null);
    c->event = event;
    return s;
}

static const struct hermod_subscriber *
subscriber_get(struct hermod_call *pub)
{
    struct call *c = call_of(pub);
    struct lookup l = { .kind = LOOKUP_SUBSCRIBER };
    const struct hermod_json *profile, *contracts, *entitlements;

    if (c->subscriber)
        return c->subscriber;
    if (has_event(c, "hermod_subscriber") && ask(c, &l, false) &&
        parse(c, "user is", l.body, l.body_len, HERMOD_JSON_OBJECT, &profile) &&
        parse_list(c, "contracts are", l.contracts, l.contracts_len, &contracts) &&
        parse_list(c, "entitlements are", l.entitlements, l.entitlements_len, &entitlements))
        c->subscriber = make(c, profile, contracts, entitlements);
    else
        c->subscriber = nobody(c);
    return c->subscriber;
}

/* A thing that may be missing: JSON null then, and for a marked call. */
static const struct hermod_json *
ask_one(struct call *c, struct lookup *l, const char *what)
{
    const struct hermod_json *j = svc_json_own(c, NULL);

    if (ask(c, l, true) && l->status == 200)
        parse(c, what, l->body, l->body_len, HERMOD_JSON_OBJECT, &j);
    return j;
}

static const struct hermod_json *
subscriber_checkout(struct hermod_call *pub)
{
    struct call *c = call_of(pub);
    struct lookup l = { .kind = LOOKUP_CHECKOUT };

    if (c->checkout)
        return c->checkout;
    if (has_event(c, "hermod_checkout") && *c->event->checkout_id)
        c->checkout = ask_one(c, &l, "checkout is");
    else
        c->checkout = svc_json_own(c, NULL);
    return c->checkout;
}

static const struct hermod_json *
subscriber_product(struct hermod_call *pub, const char *sku)
{
    struct call *c = call_of(pub);
    struct lookup l = { .kind = LOOKUP_PRODUCT };
    struct known_product *p;

    if (!sku)
        call_misuse(c, "hermod_product: the SKU is NULL");
    if (!sku || !*sku || !has_event(c, "hermod_product"))
        return svc_json_own(c, NULL);
    for (p = c->products; p; p = p->next)
        if (strcmp(p->sku, sku) == 0)
            return p->json;
    p = arena_alloc(&c->arena, sizeof(*p));
    p->sku = l.sku = arena_strdup(&c->arena, sku);
    p->json = ask_one(c, &l, "product is");
    p->next = c->products;
    c->products = p;
    return p->json;
}

const struct hermod_subscriber_api svc_subscriber = {
    .get = subscriber_get,
    .checkout = subscriber_checkout,
    .product = subscriber_product,
};
