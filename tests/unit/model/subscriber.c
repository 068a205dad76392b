#include <stdlib.h>

#include "model/subscriber.h"
#include "unit.h"

#define NOW 1762776001000LL        /* 2025-11-10T12:00:01Z */
#define YES KNOWN_TRUE
#define NO KNOWN_FALSE

static const char *const no_tags[] = { NULL };
static struct arena arena;

/* Facts of which nothing is known yet. */
static struct contract_facts
contract(const char *id, const char *status, enum known is_active)
{
    return (struct contract_facts){
        .id = id, .name = "", .user_id = "u1", .status = status, .is_active = is_active,
        .duration = "RECURRING", .interval = "", .created_at = "", .expires_at = "",
        .next_bill_at = "", .cancel_requested_at = "", .will_cancel_at = "", .price = "",
        .currency = "", .issues_remaining = -1,
    };
}

static struct entitlement_facts
entitlement(const char *type, const char *title, bool access, const char *origin)
{
    return (struct entitlement_facts){
        .id = "e1",
        .product = { .sku = "", .title = title, .type = type, .option_id = "",
                     .option_title = "" },
        .has_access = access, .origin = origin, .contract_id = "", .created_at = "",
        .expires_at = "",
    };
}

static struct profile_facts
profile(void)
{
    static const struct hermod_address nowhere = { "", "", "", "", "", "", "" };

    return (struct profile_facts){
        .id = "u1", .email = "", .first_name = "", .given_name = "", .last_name = "",
        .family_name = "", .mobile_phone = "", .phone_number = "", .work_phone = "",
        .home_phone = "", .company = "", .locale = "", .created_at = "", .tags = no_tags,
        .billing = nowhere, .delivery = nowhere,
    };
}

static const struct hermod_subscriber *
make(const struct contract_facts *k, size_t k_count, const struct entitlement_facts *e,
     size_t e_count)
{
    struct subscriber_facts *f = arena_alloc(&arena, sizeof(*f));

    *f = (struct subscriber_facts){ profile(), k, k_count, e, e_count };
    return subscriber_make(&arena, f, NOW);
}

static const struct hermod_subscriber *
person(struct profile_facts p)
{
    struct subscriber_facts *f = arena_alloc(&arena, sizeof(*f));

    *f = (struct subscriber_facts){ .profile = p };
    return subscriber_make(&arena, f, NOW);
}

/* ---- contracts ---- */

#define ACTIVE HERMOD_CONTRACT_ACTIVE
#define OVERDUE HERMOD_CONTRACT_OVERDUE
#define CANCELLED HERMOD_CONTRACT_CANCELLED
#define EXPIRED HERMOD_CONTRACT_EXPIRED
#define OTHER HERMOD_CONTRACT_OTHER

static void
the_state_follows_is_active_and_the_status(void)
{
    static const struct {
        const char *status;
        enum known is_active;
        enum hermod_contract_state want;
    } rows[] = {
        { "ACTIVE", YES, ACTIVE },     { "ACTIVE", UNKNOWN, ACTIVE }, { "ACTIVE", NO, OTHER },
        { "active", YES, ACTIVE },     { "Active", UNKNOWN, ACTIVE },
        { "OVERDUE", YES, OVERDUE },   { "overdue", UNKNOWN, OVERDUE },
        { "CANCELED", NO, CANCELLED }, { "CANCELLED", NO, CANCELLED },
        { "canceled", UNKNOWN, CANCELLED },
        { "CANCELED", YES, ACTIVE },   /* asked for; runs to the end of the term */
        { "EXPIRED", NO, EXPIRED },    { "expired", UNKNOWN, EXPIRED },
        { "DELETED", NO, OTHER },      { "DELETED", YES, OTHER },
        { "CLOSED", YES, ACTIVE },     { "CLOSED", NO, OTHER },
        { "PAUSED", YES, ACTIVE },     { "PAUSED", NO, OTHER },   { "PAUSED", UNKNOWN, OTHER },
        { "", YES, ACTIVE },           { "", NO, OTHER },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct contract_facts k = contract("c1", rows[i].status, rows[i].is_active);

        CHECK_INT(make(&k, 1, NULL, 0)->contracts[0]->state, rows[i].want);
    }
    arena_free(&arena);
}

static void
a_subscription_recurs_and_a_single_purchase_does_not(void)
{
    static const struct {
        const char *duration, *interval, *status;
        bool want;
    } rows[] = {
        { "RECURRING", "", "ACTIVE", true },       { "RENEWABLE", "", "ACTIVE", true },
        { "renewable", "", "active", true },       { "", "MONTH", "ACTIVE", true },
        { "", "", "ACTIVE", false },               { "PERPETUAL", "", "ACTIVE", false },
        { "PERPETUAL", "MONTH", "ACTIVE", false }, { "RECURRING", "MONTH", "CLOSED", false },
        { "", "", "closed", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct contract_facts k = contract("c1", rows[i].status, YES);
        const struct hermod_subscriber *s;

        k.duration = rows[i].duration;
        k.interval = rows[i].interval;
        s = make(&k, 1, NULL, 0);
        CHECK(s->contracts[0]->subscription == rows[i].want);
        CHECK_INT(s->active_subscriptions, rows[i].want);
    }
    arena_free(&arena);
}

static void
subscriptions_are_counted_by_their_state(void)
{
    const struct contract_facts k[] = {
        contract("a", "ACTIVE", YES),  contract("b", "OVERDUE", YES),
        contract("c", "CANCELED", NO), contract("d", "CANCELLED", NO),
        contract("e", "EXPIRED", NO),  contract("f", "DELETED", NO),
        contract("g", "EXPIRED", NO),  contract("h", "EXPIRED", NO),
    };
    const struct hermod_subscriber *s = make(k, ARRAY_LEN(k), NULL, 0);

    CHECK_INT(s->active_subscriptions, 2);
    CHECK_INT(s->overdue_subscriptions, 1);
    CHECK_INT(s->cancelled_subscriptions, 2);
    CHECK_INT(s->expired_subscriptions, 3);
    CHECK_INT(s->ended_subscriptions, 5);
    arena_free(&arena);
}

static void
issues_are_summed_over_active_subscriptions(void)
{
    struct contract_facts k[] = {
        contract("a", "ACTIVE", YES), contract("b", "OVERDUE", YES),
        contract("c", "EXPIRED", NO), contract("d", "ACTIVE", YES),
        contract("e", "ACTIVE", YES),
    };
    const struct hermod_subscriber *s;

    k[0].issues_remaining = 8;
    k[1].issues_remaining = 3;
    k[2].issues_remaining = 100;
    k[4].issues_remaining = 50;
    k[4].duration = "PERPETUAL";
    s = make(k, ARRAY_LEN(k), NULL, 0);
    CHECK_INT(s->issues_remaining, 11);
    CHECK_INT(s->contracts[3]->issues_remaining, -1);
    k[1].issues_remaining = INT64_MAX;
    CHECK_INT(make(k, ARRAY_LEN(k), NULL, 0)->issues_remaining, 8);
    arena_free(&arena);
}

static void
cancelling_is_told_by_when_it_was_asked_for_else_when_it_takes_effect(void)
{
    struct contract_facts k = contract("a", "ACTIVE", YES);

    k.will_cancel_at = "2025-12-01T00:00:00Z";
    CHECK_STR(make(&k, 1, NULL, 0)->contracts[0]->cancel_at, "2025-12-01T00:00:00Z");
    CHECK_INT(make(&k, 1, NULL, 0)->active_subscriptions, 1);
    k.cancel_requested_at = "2025-11-01T00:00:00Z";
    CHECK_STR(make(&k, 1, NULL, 0)->contracts[0]->cancel_at, "2025-11-01T00:00:00Z");
    CHECK_STR(make(&k, 1, NULL, 0)->contracts[0]->status, "active");
    arena_free(&arena);
}

static void
contracts_come_newest_first_and_the_newest_active_one_stands_for_all(void)
{
    struct contract_facts k[] = {
        contract("old-active", "ACTIVE", YES),  contract("new-ended", "EXPIRED", NO),
        contract("undated", "ACTIVE", YES),     contract("new-active", "OVERDUE", YES),
        contract("newest-single", "CLOSED", YES),
    };
    const struct hermod_subscriber *s;

    k[0].created_at = "2024-01-01T00:00:00Z";
    k[1].created_at = "2025-06-01T00:00:00Z";
    k[3].created_at = "2024-06-01T02:00:00+02:00";
    k[4].created_at = "2025-07-01T00:00:00.5Z";
    s = make(k, ARRAY_LEN(k), NULL, 0);
    CHECK_STR(s->contracts[0]->id, "newest-single");
    CHECK_STR(s->contracts[1]->id, "new-ended");
    CHECK_STR(s->contracts[2]->id, "new-active");
    CHECK_STR(s->contracts[3]->id, "old-active");
    CHECK_STR(s->contracts[4]->id, "undated");
    CHECK(s->contracts[5] == NULL);
    CHECK_STR(s->subscription->id, "new-active");
    arena_free(&arena);
}

static void
without_an_active_one_the_newest_ended_stands_for_all(void)
{
    struct contract_facts k[] = { contract("a", "EXPIRED", NO), contract("b", "CANCELED", NO),
                                  contract("c", "DELETED", NO) };

    k[0].created_at = "2024-01-01T00:00:00Z";
    k[1].created_at = "2025-01-01T00:00:00Z";
    k[2].created_at = "2025-02-01T00:00:00Z";
    CHECK_STR(make(k, 3, NULL, 0)->subscription->id, "b");
    CHECK(make(k + 2, 1, NULL, 0)->subscription == NULL);
    CHECK(make(NULL, 0, NULL, 0)->subscription == NULL);
    arena_free(&arena);
}

/* ---- entitlements ---- */

static void
an_entitlement_is_active_with_access_until_it_expires(void)
{
    static const struct {
        bool access;
        const char *expires;
        bool want;
    } rows[] = {
        { true, "", true },
        { false, "", false },
        { true, "2025-11-10T12:00:02Z", true },
        { true, "2025-11-10T12:00:01Z", false },   /* now */
        { true, "2025-11-10T12:00:00Z", false },
        { false, "2026-01-01T00:00:00Z", false },
        { true, "some day", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entitlement_facts e = entitlement("publication", "A", rows[i].access, "PAYMENTS");

        e.expires_at = rows[i].expires;
        CHECK(make(NULL, 0, &e, 1)->entitlements[0]->active == rows[i].want);
    }
    arena_free(&arena);
}

static void
external_access_is_an_active_entitlement_from_outside(void)
{
    static const struct {
        const char *origin;
        bool access, want;
    } rows[] = {
        { "EXTERNAL", true, true }, { "external", true, true }, { "EXTERNAL", false, false },
        { "PAYMENTS", true, false }, { "", true, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct entitlement_facts e = entitlement("pass", "A", rows[i].access, rows[i].origin);

        CHECK(make(NULL, 0, &e, 1)->has_external == rows[i].want);
    }
    arena_free(&arena);
}

static void
gifted_is_access_from_another_users_contract(void)
{
    static const struct {
        const char *owner, *origin, *contract;
        bool access, want;
        int64_t subscriptions;
    } rows[] = {
        { "u2", "PAYMENTS", "c1", true, true, 1 },
        { "u1", "PAYMENTS", "c1", true, false, 1 },
        { "", "PAYMENTS", "c1", true, false, 1 },      /* the platform does not say whose */
        { "u2", "PAYMENTS", "c1", false, false, 1 },   /* it has ended */
        { "u2", "PAYMENTS", "c2", true, false, 0 },    /* no business of this user */
        { "u2", "PAYMENTS", "", true, false, 0 },
        { "u2", "EXTERNAL", "c1", true, false, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct contract_facts k = contract("c1", "ACTIVE", YES);
        struct entitlement_facts e = entitlement("publication", "A", rows[i].access,
                                                 rows[i].origin);
        const struct hermod_subscriber *s;

        k.user_id = rows[i].owner;
        e.contract_id = rows[i].contract;
        s = make(&k, 1, &e, 1);
        CHECK(s->has_gifted == rows[i].want);
        CHECK_INT(s->active_subscriptions, rows[i].subscriptions);
        CHECK((s->contracts[0] != NULL) == (rows[i].subscriptions == 1));
    }
    arena_free(&arena);
}

static void
articles_that_were_paid_for_count_for_ever(void)
{
    const struct entitlement_facts e[] = {
        entitlement("article", "A", false, "PAYMENTS"), entitlement("ARTICLE", "B", true, ""),
        entitlement("article", "C", true, "EXTERNAL"),  entitlement("ebook", "D", true, ""),
    };

    CHECK_INT(make(NULL, 0, e, 4)->articles_bought, 2);
    CHECK(make(NULL, 0, e, 1)->made_single_purchase);
    CHECK(!make(NULL, 0, e + 2, 2)->made_single_purchase);
    arena_free(&arena);
}

/* ---- products ---- */

static struct hermod_product
product(const char *sku, const char *title, const char *option, const char *option_title)
{
    return (struct hermod_product){ sku, title, "", option, option_title };
}

static void
active_products_are_those_of_contracts_and_entitlements_without_doubles(void)
{
    const struct hermod_product items[] = { product("mag", "Magazine", "po1", "Monthly"),
                                            product("mag", "Magazine", "po2", "Yearly") };
    const struct hermod_product gone[] = { product("old", "Old", "po", "") };
    struct contract_facts k[] = { contract("a", "ACTIVE", YES), contract("b", "EXPIRED", NO) };
    struct entitlement_facts e[] = {
        entitlement("publication", "The Magazine", true, "PAYMENTS"),
        entitlement("publication", "The Magazine", true, "PAYMENTS"),
        entitlement("podcast", "Pod", true, ""), entitlement("podcast", "Gone", false, ""),
        entitlement("article", "", true, ""),
    };
    const struct hermod_product *const *list;

    k[0].items = items;
    k[0].item_count = 2;
    k[1].items = gone;
    k[1].item_count = 1;
    e[0].product.sku = "mag";              /* no option: the contract's two */
    e[1].product.sku = "mag";
    e[1].product.option_id = "po1";
    e[2].product.sku = "pod";
    e[3].product.sku = "gone";
    list = make(k, 2, e, ARRAY_LEN(e))->active_products;
    CHECK_STR(list[0]->option_id, "po1");
    CHECK_STR(list[0]->title, "Magazine");
    CHECK_STR(list[0]->type, "publication");
    CHECK_STR(list[0]->option_title, "Monthly");
    CHECK_STR(list[1]->option_id, "po2");
    CHECK_STR(list[1]->type, "publication");
    CHECK_STR(list[2]->sku, "pod");
    CHECK(list[3] == NULL);
    arena_free(&arena);
}

/* ---- the person ---- */

static void
the_mail_address_is_trimmed_and_in_lower_case(void)
{
    struct profile_facts p = profile();

    p.email = " \u00a0Åsa.Öberg@Example.COM\t\n";
    CHECK_STR(person(p)->email, "åsa.öberg@example.com");
    p.email = "  ";
    CHECK_STR(person(p)->email, "");
    arena_free(&arena);
}

static void
names_have_a_second_source(void)
{
    struct profile_facts p = profile();

    p.given_name = "Åsa";
    p.family_name = "Öberg";
    CHECK_STR(person(p)->first_name, "Åsa");
    CHECK_STR(person(p)->last_name, "Öberg");
    p.first_name = "Maja";
    p.last_name = "Ek";
    CHECK_STR(person(p)->first_name, "Maja");
    CHECK_STR(person(p)->last_name, "Ek");
    arena_free(&arena);
}

static void
the_phone_is_mobile_else_default_else_work_else_home(void)
{
    struct profile_facts p = profile();

    CHECK_STR(person(p)->phone, "");
    p.home_phone = "+46 8 123 456 78";
    CHECK_STR(person(p)->phone, "+46812345678");
    p.work_phone = "+46701234564";
    CHECK_STR(person(p)->phone, "+46701234564");
    p.phone_number = "+46701234563";
    CHECK_STR(person(p)->phone, "+46701234563");
    p.mobile_phone = "+46701234562";
    CHECK_STR(person(p)->phone, "+46701234562");
    p.mobile_phone = "  ";
    CHECK_STR(person(p)->phone, "+46701234563");
    arena_free(&arena);
}

static void
a_phone_is_written_internationally_where_it_can_be_read(void)
{
    struct profile_facts p = profile();

    p.mobile_phone = " 070-123 45 67 ";
    CHECK_STR(person(p)->phone, "070-123 45 67");
    p.delivery.country = "no";
    p.billing.country = "SE";
    CHECK_STR(person(p)->phone, "+46701234567");
    p.mobile_phone = "ask for Åsa";
    CHECK_STR(person(p)->phone, "ask for Åsa");
    arena_free(&arena);
}

static void
there_is_a_billing_address_when_anything_of_it_is_known(void)
{
    struct profile_facts p = profile();

    CHECK(!person(p)->has_billing);
    p.delivery.city = "Malmö";
    CHECK(!person(p)->has_billing);
    CHECK_STR(person(p)->delivery->city, "Malmö");
    p.billing.zip = "211 20";
    CHECK(person(p)->has_billing);
    arena_free(&arena);
}

UNIT_MAIN("model/subscriber", UNIT_TEST(the_state_follows_is_active_and_the_status),
          UNIT_TEST(a_subscription_recurs_and_a_single_purchase_does_not),
          UNIT_TEST(subscriptions_are_counted_by_their_state),
          UNIT_TEST(issues_are_summed_over_active_subscriptions),
          UNIT_TEST(cancelling_is_told_by_when_it_was_asked_for_else_when_it_takes_effect),
          UNIT_TEST(contracts_come_newest_first_and_the_newest_active_one_stands_for_all),
          UNIT_TEST(without_an_active_one_the_newest_ended_stands_for_all),
          UNIT_TEST(an_entitlement_is_active_with_access_until_it_expires),
          UNIT_TEST(external_access_is_an_active_entitlement_from_outside),
          UNIT_TEST(gifted_is_access_from_another_users_contract),
          UNIT_TEST(articles_that_were_paid_for_count_for_ever),
          UNIT_TEST(active_products_are_those_of_contracts_and_entitlements_without_doubles),
          UNIT_TEST(the_mail_address_is_trimmed_and_in_lower_case),
          UNIT_TEST(names_have_a_second_source),
          UNIT_TEST(the_phone_is_mobile_else_default_else_work_else_home),
          UNIT_TEST(a_phone_is_written_internationally_where_it_can_be_read),
          UNIT_TEST(there_is_a_billing_address_when_anything_of_it_is_known))
