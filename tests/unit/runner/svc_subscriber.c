/* The subscriber and tags groups: what is asked, how often, and what a bad answer comes to. */
#include "fake_far.h"
#include "unit.h"

#define SUBSCRIBER(f) (f).far.told[LOOKUP_SUBSCRIBER - 1]
#define CHECKOUT(f) (f).far.told[LOOKUP_CHECKOUT - 1]
#define PRODUCT(f) (f).far.told[LOOKUP_PRODUCT - 1]

static const char profile[] =
    "{\"userId\":\"email|84cc\",\"email\":\" Asa@Example.COM\",\"firstName\":\"Åsa\","
    "\"lastName\":\"Öberg\",\"mobilePhone\":\"070-123 45 67\",\"phone_number\":\"+4790000000\","
    "\"company\":\"Å AB\",\"locale\":\"sv\",\"createdAt\":\"2024-05-01T00:00:00Z\","
    "\"tags\":[\"vip\",7,\"\",\"Ö\"],\"billingAddress\":{\"firstName\":\"Å\",\"lastName\":\"Ö\","
    "\"street\":\"Gatan 1\",\"co\":\"c/o B\",\"zip\":\"111 22\",\"city\":\"Stad\","
    "\"country\":\"SE\"},\"deliveryAddress\":{\"city\":\"By\"}}";
static const char contracts[] =
    "[{\"id\":\"c1\",\"name\":\"Magazine\",\"userId\":\"email|84cc\","
    "\"createdAt\":\"2025-01-01T00:00:00Z\",\"price\":99.50,\"nextBillAt\":null,"
    "\"currency\":\"SEK\",\"contractDuration\":\"RECURRING\",\"issuesRemaining\":8,"
    "\"items\":[{\"sku\":\"mag-001\",\"purchaseOptionId\":\"po-123\","
    "\"purchaseOptionName\":\"Monthly\",\"name\":\"Premium Magazine\"}],"
    "\"status\":\"OVERDUE\",\"isActive\":true,\"recurringInterval\":\"MONTH\","
    "\"willCancelAt\":\"2025-12-01T00:00:00Z\",\"expiresAt\":\"2026-01-01T00:00:00Z\"},"
    "{\"id\":\"c2\",\"userId\":\"email|other\",\"status\":\"ACTIVE\",\"isActive\":true,"
    "\"recurringInterval\":\"YEAR\"}]";
static const char entitlements[] =
    "[{\"id\":\"e1\",\"sku\":\"art\",\"title\":\"Ämne\",\"type\":\"article\","
    "\"origin\":{\"type\":\"PAYMENTS\",\"contractId\":\"c2\"},\"hasAccess\":true,"
    "\"createdAt\":\"2025-02-01T00:00:00Z\"},"
    "{\"id\":\"e2\",\"sku\":\"lib\",\"purchaseOption\":\"po-9\",\"title\":\"Library\","
    "\"type\":\"pass\",\"origin\":{\"type\":\"EXTERNAL\",\"id\":\"x\",\"listId\":\"l\","
    "\"name\":\"n\"},\"hasAccess\":true,\"expiresAt\":\"2025-11-10T12:00:02Z\"}]";

static void
tell_all(struct fake *f)
{
    fake_begin(f);
    SUBSCRIBER(*f).body = profile;
    SUBSCRIBER(*f).contracts = contracts;
    SUBSCRIBER(*f).entitlements = entitlements;
}

static void
the_person_is_read_from_the_platforms_own_shapes(void)
{
    struct fake f;
    const struct hermod_subscriber *s;

    tell_all(&f);
    s = hermod_subscriber(f.c);
    CHECK_STR(fake_mark(&f), "");
    CHECK_STR(s->id, "email|84cc");
    CHECK_STR(s->email, "asa@example.com");
    CHECK_STR(s->first_name, "Åsa");
    CHECK_STR(s->last_name, "Öberg");
    CHECK_STR(s->phone, "+46701234567");
    CHECK_STR(s->company, "Å AB");
    CHECK_STR(s->locale, "sv");
    CHECK_STR(s->created_at, "2024-05-01T00:00:00Z");
    CHECK_STR(s->tags[0], "vip");
    CHECK_STR(s->tags[1], "Ö");
    CHECK(s->tags[2] == NULL);
    CHECK(s->has_billing);
    CHECK_STR(s->billing->first_name, "Å");
    CHECK_STR(s->billing->last_name, "Ö");
    CHECK_STR(s->billing->street, "Gatan 1");
    CHECK_STR(s->billing->co, "c/o B");
    CHECK_STR(s->billing->zip, "111 22");
    CHECK_STR(s->billing->city, "Stad");
    CHECK_STR(s->billing->country, "SE");
    CHECK_STR(s->delivery->city, "By");
    CHECK_STR(hermod_json_get_string(f.c, s->profile, "userId", ""), "email|84cc");
    fake_end(&f);
}

static void
contracts_and_entitlements_are_read_too(void)
{
    struct fake f;
    const struct hermod_subscriber *s;
    const struct hermod_contract *k;
    const struct hermod_entitlement *e;

    tell_all(&f);
    s = hermod_subscriber(f.c);
    k = s->contracts[0];
    CHECK_STR(k->id, "c1");
    CHECK_STR(k->name, "Magazine");
    CHECK_STR(k->status, "overdue");
    CHECK_INT(k->state, HERMOD_CONTRACT_OVERDUE);
    CHECK(k->subscription && !k->gifted);
    CHECK_STR(k->created_at, "2025-01-01T00:00:00Z");
    CHECK_STR(k->expires_at, "2026-01-01T00:00:00Z");
    CHECK_STR(k->cancel_at, "2025-12-01T00:00:00Z");
    CHECK_STR(k->next_bill_at, "");
    CHECK_STR(k->price, "99.50");
    CHECK_STR(k->currency, "SEK");
    CHECK_INT(k->issues_remaining, 8);
    CHECK_STR(k->items[0]->sku, "mag-001");
    CHECK_STR(k->items[0]->title, "Premium Magazine");
    CHECK_STR(k->items[0]->option_id, "po-123");
    CHECK_STR(k->items[0]->option_title, "Monthly");
    CHECK(k->items[1] == NULL);
    CHECK_STR(hermod_json_get_string(f.c, k->json, "id", ""), "c1");
    CHECK(s->contracts[1]->gifted);
    CHECK_INT(s->active_subscriptions, 2);
    CHECK_INT(s->overdue_subscriptions, 1);
    e = s->entitlements[1];
    CHECK_STR(e->id, "e2");
    CHECK(e->active && e->external);
    CHECK_STR(e->product->sku, "lib");
    CHECK_STR(e->product->title, "Library");
    CHECK_STR(e->product->type, "pass");
    CHECK_STR(e->product->option_id, "po-9");
    CHECK_STR(e->expires_at, "2025-11-10T12:00:02Z");
    CHECK_STR(s->entitlements[0]->contract_id, "c2");
    CHECK_STR(s->entitlements[0]->created_at, "2025-02-01T00:00:00Z");
    CHECK(s->has_gifted && s->has_external && s->made_single_purchase);
    CHECK_STR(hermod_json_get_string(f.c, e->json, "id", ""), "e2");
    fake_end(&f);
}

static void
a_subscriber_is_asked_for_once_in_a_call_tags_included(void)
{
    struct fake f;
    const struct hermod_subscriber *s;
    const char *const existing[] = { "news", "sesamy_old", "sesamy_tag_vip", NULL };

    tell_all(&f);
    s = hermod_subscriber(f.c);
    CHECK_STR(hermod_tags(f.c)[0], "sesamy_active_entitlement_article-amne");
    CHECK_STR(hermod_tags_merge(f.c, existing)[0], "news");
    CHECK_STR(hermod_tags_missing(f.c, existing)[0], "sesamy_active_entitlement_article-amne");
    CHECK_STR(hermod_tags_stale(f.c, existing)[0], "sesamy_old");
    CHECK(hermod_subscriber(f.c) == s);
    CHECK_INT(f.far.lookups, 1);
    fake_end(&f);
}

static void
a_user_that_is_gone_is_skipped(void)
{
    struct fake f;

    fake_begin(&f);
    SUBSCRIBER(f).status = 404;
    CHECK_STR(hermod_subscriber(f.c)->email, "");
    CHECK_STR(fake_mark(&f), "the user is not known any more");
    CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_SKIPPED);
    CHECK(hermod_subscriber(f.c)->contracts[0] == NULL);
    CHECK(hermod_tags(f.c)[0] == NULL);
    CHECK_INT(f.far.lookups, 1);
    fake_end(&f);
}

static void
no_answer_is_retried_no_sooner_than_it_says(void)
{
    static const struct {
        int status;
        const char *error;
        int64_t after_ms, want_ms;
        const char *want;
    } rows[] = {
        { 429, "", 30000, 30000, "the platform's API: 429" },
        { 503, "try later", 0, 0, "the platform's API: 503, try later" },
        { 0, "timeout", 0, 0, "the platform's API: no answer: timeout" },
        { 0, "", 1000, 1000, "the platform's API: no answer" },
        { 301, "", 0, 0, "the platform's API: 301" },
        { 429, "", 1000LL * 86400 * 365, 86400000, "the platform's API: 429" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct fake f;

        fake_begin(&f);
        SUBSCRIBER(f).status = rows[i].status;
        SUBSCRIBER(f).error = rows[i].error;
        SUBSCRIBER(f).after_ms = rows[i].after_ms;
        hermod_subscriber(f.c);
        CHECK_STR(fake_mark(&f), rows[i].want);
        CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_RETRY);
        CHECK_INT(f.call.verdict.after_ms, rows[i].want_ms);
        fake_end(&f);
    }
}

static void
without_credentials_nothing_is_tried_again(void)
{
    static const int rows[] = { 401, 403 };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct fake f;

        fake_begin(&f);
        SUBSCRIBER(f).status = rows[i];
        SUBSCRIBER(f).error = "the vendor's file has none";
        hermod_subscriber(f.c);
        CHECK(strstr(fake_mark(&f), ", the vendor's file has none") != NULL);
        CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_FAILED);
        CHECK_INT(f.call.verdict.status, rows[i]);
        fake_end(&f);
    }
}

static void
an_answer_that_cannot_be_read_is_retried(void)
{
    static const struct {
        const char *body, *contracts, *entitlements, *want;
    } rows[] = {
        { "<html>", "[]", "[]", "the platform's API: the user is not JSON" },
        { "[]", "[]", "[]", "the platform's API: the user is not an object" },
        { "{}", "{}", "[]", "the platform's API: the contracts are not a list" },
        { "{}", "[1]", "[]", "the platform's API: the contracts are not all objects" },
        { "{}", "[]", "", "the platform's API: the entitlements are not JSON" },
        { "{}", "[]", "[{},null]", "the platform's API: the entitlements are not all objects" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct fake f;

        fake_begin(&f);
        SUBSCRIBER(f).body = rows[i].body;
        SUBSCRIBER(f).contracts = rows[i].contracts;
        SUBSCRIBER(f).entitlements = rows[i].entitlements;
        CHECK(hermod_subscriber(f.c)->entitlements[0] == NULL);
        CHECK_STR(fake_mark(&f), rows[i].want);
        CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_RETRY);
        fake_end(&f);
    }
}

static void
values_of_the_wrong_type_are_as_if_they_were_not_there(void)
{
    struct fake f;
    const struct hermod_subscriber *s;

    fake_begin(&f);
    SUBSCRIBER(f).body = "{\"email\":7,\"tags\":{},\"billingAddress\":[],\"createdAt\":null}";
    SUBSCRIBER(f).contracts = "[{\"id\":1,\"items\":{},\"status\":null,\"isActive\":\"yes\","
                              "\"price\":\"9\",\"issuesRemaining\":\"8\"},{\"items\":[7]}]";
    SUBSCRIBER(f).entitlements = "[{\"origin\":\"PAYMENTS\",\"hasAccess\":\"true\"}]";
    s = hermod_subscriber(f.c);
    CHECK_STR(fake_mark(&f), "");
    CHECK_STR(s->email, "");
    CHECK_STR(s->contracts[0]->id, "");
    CHECK_INT(s->contracts[0]->state, HERMOD_CONTRACT_OTHER);
    CHECK_STR(s->contracts[0]->price, "");
    CHECK_INT(s->contracts[0]->issues_remaining, -1);
    CHECK(!s->entitlements[0]->active);
    CHECK(s->active_products[0] == NULL);
    CHECK(hermod_tags(f.c)[0] == NULL);
    fake_end(&f);
}

static void
the_checkout_is_asked_for_once_and_only_where_there_is_one(void)
{
    struct fake f;

    fake_begin(&f);
    CHECK_INT(hermod_json_type(f.c, hermod_checkout(f.c)), HERMOD_JSON_NULL);
    CHECK_INT(f.far.lookups, 0);
    fake_end(&f);
    fake_begin(&f);
    f.event.checkout_id = "ch1";
    CHECKOUT(f).body = "{\"id\":\"ch1\"}";
    CHECK_STR(hermod_json_get_string(f.c, hermod_checkout(f.c), "id", ""), "ch1");
    CHECK(hermod_checkout(f.c) == hermod_checkout(f.c));
    CHECK_INT(f.far.lookups, 1);
    fake_end(&f);
    fake_begin(&f);
    f.event.checkout_id = "ch1";
    CHECKOUT(f).status = 404;
    CHECK_INT(hermod_json_type(f.c, hermod_checkout(f.c)), HERMOD_JSON_NULL);
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
each_product_is_asked_for_once(void)
{
    struct fake f;
    char sku[] = "mag-001";

    fake_begin(&f);
    PRODUCT(f).body = "{\"title\":\"Magazine\"}";
    CHECK_STR(hermod_json_get_string(f.c, hermod_product(f.c, sku), "title", ""), "Magazine");
    CHECK_STR(f.far.asked_sku, "mag-001");
    sku[0] = 'b';
    PRODUCT(f).status = 404;
    CHECK_INT(hermod_json_type(f.c, hermod_product(f.c, sku)), HERMOD_JSON_NULL);
    CHECK_STR(f.far.asked_sku, "bag-001");
    CHECK_INT(hermod_json_type(f.c, hermod_product(f.c, "mag-001")), HERMOD_JSON_OBJECT);
    CHECK_INT(hermod_json_type(f.c, hermod_product(f.c, "")), HERMOD_JSON_NULL);
    CHECK_INT(f.far.lookups, 2);
    CHECK_STR(fake_mark(&f), "");
    PRODUCT(f).status = 500;
    CHECK_INT(hermod_json_type(f.c, hermod_product(f.c, "x")), HERMOD_JSON_NULL);
    CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_RETRY);
    fake_end(&f);
}

static void
a_marked_call_asks_nothing_and_touches_no_tag(void)
{
    struct fake f;
    const char *const existing[] = { "sesamy_old", NULL };

    tell_all(&f);
    call_mark(&f.call, HERMOD_RETRY, "held");
    CHECK_STR(hermod_subscriber(f.c)->email, "");
    CHECK(hermod_tags(f.c)[0] == NULL);
    CHECK(hermod_tags_stale(f.c, existing)[0] == NULL);
    CHECK_INT(f.far.lookups, 0);
    CHECK_STR(fake_mark(&f), "held");
    fake_end(&f);
}

static void
a_check_has_no_subscriber(void)
{
    struct fake f;

    fake_begin(&f);
    f.call.event = NULL;
    CHECK_STR(hermod_subscriber(f.c)->id, "");
    CHECK_STR(fake_mark(&f), "plugin mistake: hermod_subscriber: check() is not about an event");
    CHECK_INT(hermod_json_type(f.c, hermod_checkout(f.c)), HERMOD_JSON_NULL);
    CHECK_INT(hermod_json_type(f.c, hermod_product(f.c, "a")), HERMOD_JSON_NULL);
    CHECK_INT(f.far.lookups, 0);
    fake_end(&f);
}

UNIT_MAIN("runner/svc_subscriber",
          UNIT_TEST(the_person_is_read_from_the_platforms_own_shapes),
          UNIT_TEST(contracts_and_entitlements_are_read_too),
          UNIT_TEST(a_subscriber_is_asked_for_once_in_a_call_tags_included),
          UNIT_TEST(a_user_that_is_gone_is_skipped),
          UNIT_TEST(no_answer_is_retried_no_sooner_than_it_says),
          UNIT_TEST(without_credentials_nothing_is_tried_again),
          UNIT_TEST(an_answer_that_cannot_be_read_is_retried),
          UNIT_TEST(values_of_the_wrong_type_are_as_if_they_were_not_there),
          UNIT_TEST(the_checkout_is_asked_for_once_and_only_where_there_is_one),
          UNIT_TEST(each_product_is_asked_for_once),
          UNIT_TEST(a_marked_call_asks_nothing_and_touches_no_tag),
          UNIT_TEST(a_check_has_no_subscriber))
