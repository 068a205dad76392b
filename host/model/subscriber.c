/* subscriber.c - the rules for contracts and entitlements, and the person they belong to. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/text.h"
#include "base/unicode.h"
#include "model/phone.h"
#include "model/subscriber.h"
#include "model/timefmt.h"

/* ---- contracts ------------------------------------------------------------- */

static const char *
lower_ascii(struct arena *a, const char *text)
{
    char *out = arena_strdup(a, text);

    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return out;
}

static bool
is_subscription(const struct contract_facts *f)
{
    if (strcasecmp(f->duration, "PERPETUAL") == 0 || strcasecmp(f->status, "CLOSED") == 0)
        return false;
    return strcasecmp(f->duration, "RECURRING") == 0 ||
           strcasecmp(f->duration, "RENEWABLE") == 0 || *f->interval;
}

/* What the platform calls active is active, also when it is cancelled: it runs to the end of
   what is paid. Overdue means active while payment is tried again. A status that is not known
   leaves the word to isActive. What was deleted counts nowhere. */
static enum hermod_contract_state
state_of(const struct contract_facts *f)
{
    static const struct {
        const char *status;
        enum hermod_contract_state active, unknown, ended;
    } rules[] = {
        { "active", HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_OTHER },
        { "closed", HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_OTHER },
        { "overdue", HERMOD_CONTRACT_OVERDUE, HERMOD_CONTRACT_OVERDUE, HERMOD_CONTRACT_OVERDUE },
        { "canceled", HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_CANCELLED,
          HERMOD_CONTRACT_CANCELLED },
        { "cancelled", HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_CANCELLED,
          HERMOD_CONTRACT_CANCELLED },
        { "expired", HERMOD_CONTRACT_ACTIVE, HERMOD_CONTRACT_EXPIRED, HERMOD_CONTRACT_EXPIRED },
        { "deleted", HERMOD_CONTRACT_OTHER, HERMOD_CONTRACT_OTHER, HERMOD_CONTRACT_OTHER },
    };

    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (strcasecmp(f->status, rules[i].status) == 0)
            return f->is_active == KNOWN_TRUE ? rules[i].active :
                   f->is_active == UNKNOWN ? rules[i].unknown : rules[i].ended;
    return f->is_active == KNOWN_TRUE ? HERMOD_CONTRACT_ACTIVE : HERMOD_CONTRACT_OTHER;
}

static bool
is_active(const struct hermod_contract *k)
{
    return k->state == HERMOD_CONTRACT_ACTIVE || k->state == HERMOD_CONTRACT_OVERDUE;
}

static bool
is_ended(const struct hermod_contract *k)
{
    return k->state == HERMOD_CONTRACT_CANCELLED || k->state == HERMOD_CONTRACT_EXPIRED;
}

static const struct hermod_product *const *
item_list(struct arena *a, const struct contract_facts *f)
{
    const struct hermod_product **list = arena_alloc(a, (f->item_count + 1) * sizeof(*list));

    for (size_t i = 0; i < f->item_count; i++)
        list[i] = &f->items[i];
    return list;
}

/* Contracts as they are sorted. */
struct dated {
    struct hermod_contract *contract;
    int64_t created_ms;
};

static int
newest_first(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;

    if (x->created_ms != y->created_ms)
        return x->created_ms < y->created_ms ? 1 : -1;
    return strcmp(x->contract->id, y->contract->id);
}

/* The ids of the contracts that entitlements come from; map_free() it. */
static struct map
named_contracts(const struct subscriber_facts *facts)
{
    static char there;
    struct map ids = { 0 };

    for (size_t i = 0; i < facts->entitlement_count; i++) {
        const struct entitlement_facts *f = &facts->entitlements[i];

        if (*f->contract_id && strcasecmp(f->origin, "PAYMENTS") == 0)
            map_puts(&ids, f->contract_id, &there);
    }
    return ids;
}

static struct hermod_contract *
contract_make(struct arena *a, const struct contract_facts *f, bool gifted)
{
    struct hermod_contract *k = arena_alloc(a, sizeof(*k));

    *k = (struct hermod_contract){
        .id = f->id,
        .name = f->name,
        .status = lower_ascii(a, f->status),
        .state = state_of(f),
        .subscription = is_subscription(f),
        .gifted = gifted,
        .created_at = f->created_at,
        .expires_at = f->expires_at,
        .cancel_at = *f->cancel_requested_at ? f->cancel_requested_at : f->will_cancel_at,
        .next_bill_at = f->next_bill_at,
        .price = f->price,
        .currency = f->currency,
        .issues_remaining = f->issues_remaining < 0 ? -1 : f->issues_remaining,
        .items = item_list(a, f),
        .json = f->json,
    };
    return k;
}

static const struct hermod_contract *const *
contract_list(struct arena *a, const struct subscriber_facts *facts)
{
    CLEANUP(map_free) struct map named = named_contracts(facts);
    const struct hermod_contract **list;
    struct dated *dated = arena_alloc(a, (facts->contract_count + 1) * sizeof(*dated));
    size_t count = 0;

    for (size_t i = 0; i < facts->contract_count; i++) {
        const struct contract_facts *f = &facts->contracts[i];
        bool foreign = *f->user_id && !str_eq(f->user_id, facts->profile.id);

        if (foreign && !map_gets(&named, f->id))
            continue;
        dated[count].contract = contract_make(a, f, foreign);
        if (time_parse_rfc3339(f->created_at, &dated[count].created_ms) != 0)
            dated[count].created_ms = INT64_MIN;
        count++;
    }
    qsort(dated, count, sizeof(*dated), newest_first);
    list = arena_alloc(a, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        list[i] = dated[i].contract;
    return list;
}

/* The numbers, and the one contract that stands for the subscriber. */
static void
count_contracts(struct hermod_subscriber *s)
{
    const struct hermod_contract *ended = NULL;

    for (size_t i = 0; s->contracts[i]; i++) {
        const struct hermod_contract *k = s->contracts[i];

        if (!k->subscription)
            continue;
        s->active_subscriptions += is_active(k);
        s->overdue_subscriptions += k->state == HERMOD_CONTRACT_OVERDUE;
        s->cancelled_subscriptions += k->state == HERMOD_CONTRACT_CANCELLED;
        s->expired_subscriptions += k->state == HERMOD_CONTRACT_EXPIRED;
        if (is_active(k) && k->issues_remaining > 0 &&
            k->issues_remaining <= INT64_MAX - s->issues_remaining)
            s->issues_remaining += k->issues_remaining;
        if (is_active(k) && !s->subscription)
            s->subscription = k;
        if (is_ended(k) && !ended)
            ended = k;
    }
    s->ended_subscriptions = s->cancelled_subscriptions + s->expired_subscriptions;
    if (!s->subscription)
        s->subscription = ended;
}

/* ---- entitlements ---------------------------------------------------------- */

static bool
has_access(const struct entitlement_facts *f, int64_t now_ms)
{
    int64_t expires_ms;

    if (time_parse_rfc3339(f->expires_at, &expires_ms) != 0)
        return f->has_access;
    return f->has_access && expires_ms > now_ms;
}

/* By id, those that are gifted; map_free() it. */
static struct map
gifted_contracts(const struct hermod_subscriber *s)
{
    static char there;
    struct map ids = { 0 };

    for (size_t i = 0; s->contracts[i]; i++)
        if (s->contracts[i]->gifted)
            map_puts(&ids, s->contracts[i]->id, &there);
    return ids;
}

static void
read_entitlements(struct arena *a, struct hermod_subscriber *s,
                  const struct subscriber_facts *facts, int64_t now_ms)
{
    CLEANUP(map_free) struct map gifted = gifted_contracts(s);
    const struct hermod_entitlement **list =
        arena_alloc(a, (facts->entitlement_count + 1) * sizeof(*list));

    for (size_t i = 0; i < facts->entitlement_count; i++) {
        const struct entitlement_facts *f = &facts->entitlements[i];
        struct hermod_entitlement *e = arena_alloc(a, sizeof(*e));
        bool paid = !*f->origin || strcasecmp(f->origin, "PAYMENTS") == 0;

        *e = (struct hermod_entitlement){
            .id = f->id,
            .product = &f->product,
            .active = has_access(f, now_ms),
            .external = strcasecmp(f->origin, "EXTERNAL") == 0,
            .contract_id = f->contract_id,
            .created_at = f->created_at,
            .expires_at = f->expires_at,
            .json = f->json,
        };
        list[i] = e;
        s->has_external |= e->active && e->external;
        s->has_gifted |= e->active && !e->external && map_gets(&gifted, f->contract_id);
        s->articles_bought += paid && strcasecmp(f->product.type, "article") == 0;
    }
    s->made_single_purchase = s->articles_bought > 0;
    s->entitlements = list;
}

/* ---- active products -------------------------------------------------------- */

/* The options of one SKU. */
struct option {
    struct hermod_product product;
    struct option *next;
};
struct products {
    struct arena *arena;
    struct map by_sku;             /* to struct option; by title where there is no SKU */
    const struct hermod_product **list;
    size_t count;
};

static void
fill(const char **into, const char *from)
{
    if (!**into)
        *into = from;
}

/* The same thing told again may know more. Where it says no option, it is any option's;
   those with one are added first. */
static bool
merge_product(struct option *k, const struct hermod_product *p)
{
    bool known = false;

    for (; k; k = k->next) {
        struct hermod_product *old = &k->product;

        if (*p->option_id && !str_eq(old->option_id, p->option_id))
            continue;
        known = true;
        fill(&old->title, p->title);
        fill(&old->type, p->type);
        if (str_eq(old->option_id, p->option_id))
            fill(&old->option_title, p->option_title);
    }
    return known;
}

static void
add_product(struct products *all, const struct hermod_product *p)
{
    const char *key = *p->sku ? arena_printf(all->arena, "s%s", p->sku)
                              : arena_printf(all->arena, "t%s", p->title);
    struct option *k;

    if ((!*p->sku && !*p->title) || merge_product(map_gets(&all->by_sku, key), p))
        return;
    k = arena_alloc(all->arena, sizeof(*k));
    k->product = *p;
    k->next = map_puts(&all->by_sku, key, k);
    all->list[all->count++] = &k->product;
}

static void
add_contracts(struct products *all, const struct hermod_subscriber *s, bool option)
{
    for (size_t i = 0; s->contracts[i]; i++)
        for (size_t k = 0; is_active(s->contracts[i]) && s->contracts[i]->items[k]; k++)
            if ((*s->contracts[i]->items[k]->option_id != '\0') == option)
                add_product(all, s->contracts[i]->items[k]);
}

static void
add_entitlements(struct products *all, const struct hermod_subscriber *s, bool option)
{
    for (size_t i = 0; s->entitlements[i]; i++)
        if (s->entitlements[i]->active &&
            (*s->entitlements[i]->product->option_id != '\0') == option)
            add_product(all, s->entitlements[i]->product);
}

static const struct hermod_product *const *
active_products(struct arena *a, const struct hermod_subscriber *s)
{
    struct products all = { .arena = a };
    size_t max = 1;

    for (size_t i = 0; s->contracts[i]; i++)
        for (size_t k = 0; s->contracts[i]->items[k]; k++)
            max++;
    for (size_t i = 0; s->entitlements[i]; i++)
        max++;
    all.list = arena_alloc(a, max * sizeof(*all.list));
    add_contracts(&all, s, true);
    add_entitlements(&all, s, true);
    add_contracts(&all, s, false);
    add_entitlements(&all, s, false);
    map_free(&all.by_sku);
    return all.list;
}

/* ---- the person -------------------------------------------------------------- */

static const char *
first_of(const char *a, const char *b)
{
    return *a ? a : b;
}

static const char *
email_of(struct arena *a, const char *email)
{
    size_t len;
    const char *trimmed = text_trim(email, &len);
    CLEANUP(free_ptr) char *lower = unicode_lower(arena_memdup0(a, trimmed, len));

    return arena_strdup(a, lower);
}

/* Mobile, the default, work, home: the first there is, in E.164 where it can be read. */
static const char *
phone_of(struct arena *a, const struct profile_facts *f)
{
    const char *const numbers[] = { f->mobile_phone, f->phone_number, f->work_phone,
                                    f->home_phone };
    const char *country = first_of(f->billing.country, f->delivery.country);
    char e164[PHONE_MAX + 1];

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        size_t len;
        const char *at = text_trim(numbers[i], &len), *number;

        if (len == 0)
            continue;
        number = arena_memdup0(a, at, len);
        return phone_e164(number, country, e164) ? arena_strdup(a, e164) : number;
    }
    return "";
}

static bool
has_address(const struct hermod_address *at)
{
    return *at->first_name || *at->last_name || *at->street || *at->co || *at->zip ||
           *at->city || *at->country;
}

const struct hermod_subscriber *
subscriber_make(struct arena *a, const struct subscriber_facts *facts, int64_t now_ms)
{
    const struct profile_facts *f = &facts->profile;
    struct hermod_subscriber *s = arena_alloc(a, sizeof(*s));

    *s = (struct hermod_subscriber){
        .id = f->id,
        .email = email_of(a, f->email),
        .first_name = first_of(f->first_name, f->given_name),
        .last_name = first_of(f->last_name, f->family_name),
        .phone = phone_of(a, f),
        .company = f->company,
        .locale = f->locale,
        .created_at = f->created_at,
        .tags = f->tags,
        .billing = &f->billing,
        .delivery = &f->delivery,
        .has_billing = has_address(&f->billing),
        .profile = f->json,
    };
    s->contracts = contract_list(a, facts);
    count_contracts(s);
    read_entitlements(a, s, facts, now_ms);
    s->active_products = active_products(a, s);
    return s;
}
