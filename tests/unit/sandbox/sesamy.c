/* The platform's API: tokens, who may ask, pages, rates. */
#include "box.h"

#define TOKEN "/sesamy/oauth/token"
#define CREDENTIALS "client_id=sandbox&client_secret=sandbox-secret"
#define AUTH "Authorization: Bearer t1\r\n"
#define SEED                                                                            \
    "{\"sesamy\": {\"tokens\": {\"t1\": {\"client\": \"sandbox\","                      \
    " \"expiresMs\": 9999999999999}, \"old\": {\"client\": \"sandbox\", \"expiresMs\": 1}}," \
    " \"contracts\": {\"c1\": {\"userId\": \"u|1\", \"items\": [{\"name\": \"Blad\"}]},"    \
    "  \"c2\": {\"userId\": \"u|2\"}, \"c3\": {\"userId\": \"u|1\", \"status\": \"EXPIRED\"}}," \
    " \"entitlements\": {\"e1\": {\"userId\": \"u|1\", \"type\": \"article\"}},"            \
    " \"checkouts\": {\"k1\": {\"price\": 99}}}}"

static void
a_token_is_given_for_a_form_with_the_right_secret(void)
{
    struct box b;

    box_open(&b, "", NULL);
    BOX_PLAY(&b,
        { "POST", TOKEN, "grant_type=client_credentials&" CREDENTIALS, 200,
          "\"expires_in\":86400", NULL },
        { "POST", TOKEN, "grant_type=client_credentials&client_id=sandbox&client_secret=no", 401,
          "invalid_client", NULL },
        { "POST", TOKEN, "grant_type=password&" CREDENTIALS, 400, "unsupported_grant_type", NULL },
        { "POST", TOKEN, "{\"grant_type\":\"client_credentials\",\"client_id\":\"sandbox\","
          "\"client_secret\":\"sandbox-secret\"}", 403, NULL, "access_token" },
        { "GET", TOKEN, NULL, 405, NULL, NULL });
    box_close(&b);
}

static void
without_a_good_token_nothing_is_told(void)
{
    struct box b;

    box_open(&b, "", SEED);
    BOX_PLAY(&b, { "GET", "/sesamy/management/users", NULL, 401, "authentication_required",
                   NULL });
    b.auth = "Authorization: Bearer other\r\n";
    BOX_PLAY(&b, { "GET", "/sesamy/management/users", NULL, 401, "request_id", NULL });
    b.auth = "Authorization: Bearer old\r\n";
    BOX_PLAY(&b, { "GET", "/sesamy/management/users", NULL, 401, NULL, NULL });
    b.auth = AUTH;
    BOX_PLAY(&b,
        { "GET", "/sesamy/management/users", NULL, 200, "X-RateLimit-Limit: 100", NULL },
        { "DELETE", "/_sandbox/sesamy/clients/sandbox", NULL, 204, NULL, NULL },
        { "GET", "/sesamy/management/users", NULL, 401, NULL, NULL });
    box_close(&b);
}

static void
each_kind_is_told_whole_and_by_id(void)
{
    struct box b;

    box_open(&b, AUTH, SEED);
    BOX_PLAY(&b,
        { "GET", "/sesamy/management/users/email%7Canna", NULL, 200, "\"userId\":\"email|anna\"",
          NULL },
        { "GET", "/sesamy/management/users/nobody", NULL, 404, "resource_not_found", NULL },
        { "GET", "/sesamy/management/contracts/c1", NULL, 200, "\"name\":\"Blad\",\"price\"",
          NULL },
        { "GET", "/sesamy/management/contracts/c3", NULL, 200, "\"isActive\":false", NULL },
        { "GET", "/sesamy/management/contracts/c9", NULL, 404, NULL, NULL },
        { "GET", "/sesamy/management/products/mag-001", NULL, 200, "\"sku\":\"mag-001\"", NULL },
        { "GET", "/sesamy/checkouts/k1", NULL, 200, "COMPLETED", NULL },
        { "GET", "/sesamy/management/checkouts/k1", NULL, 200, "\"price\":99", NULL },
        { "GET", "/sesamy/management/entitlements?userId=u%7C1", NULL, 200, "\"hasAccess\":true",
          "userId" },
        { "GET", "/sesamy/management/elsewhere", NULL, 404, NULL, NULL },
        { "DELETE", "/sesamy/management/users/u1", NULL, 405, "validation_error", NULL });
    box_close(&b);
}

static void
lists_are_filtered_and_paged(void)
{
    struct box b;

    box_open(&b, AUTH, SEED);
    BOX_PLAY(&b,
        { "GET", "/sesamy/management/contracts?userId=u%7C1", NULL, 200, "\"c3\"", "\"c2\"" },
        { "GET", "/sesamy/management/contracts?userId=u%7C1&limit=1", NULL, 200, "\"c1\"",
          "\"c3\"" },
        { "GET", "/sesamy/management/contracts?userId=u%7C1&limit=1&from=1", NULL, 200, "\"c3\"",
          "\"c1\"" },
        { "GET", "/sesamy/management/contracts?userId=u%7C1&limit=1&offset=1", NULL, 200, "\"c3\"",
          "\"c1\"" },
        { "GET", "/sesamy/management/contracts?from=9", NULL, 200, "[]", NULL },
        { "GET", "/sesamy/management/contracts?limit=0", NULL, 400, "validation_error", NULL },
        { "PUT", "/_sandbox/sesamy/settings/envelope", "true", 200, NULL, NULL },
        { "GET", "/sesamy/management/contracts?limit=2", NULL, 200,
          "\"pagination\":{\"total\":3,\"limit\":2,\"offset\":0,\"hasMore\":true}", NULL },
        { "GET", "/sesamy/management/contracts/c1", NULL, 200, "{\"data\":{", NULL });
    box_close(&b);
}

static void
more_than_the_burst_is_throttled_with_a_hint(void)
{
    struct box b;

    box_open(&b, AUTH, SEED);
    BOX_PLAY(&b,
        { "PATCH", "/_sandbox/sesamy/settings", "{\"perMinute\":1,\"burst\":2}", 200, NULL,
          NULL },
        { "GET", "/sesamy/management/users", NULL, 200, "X-RateLimit-Remaining: 1", NULL },
        { "GET", "/sesamy/management/users", NULL, 200, "X-RateLimit-Remaining: 0", NULL },
        { "GET", "/sesamy/management/users", NULL, 429, "\"retry_after\":60", NULL },
        { "POST", "/_sandbox/reset", NULL, 204, NULL, NULL },
        { "PUT", "/_sandbox/faults", "{\"path\":\"/sesamy\",\"script\":\"429=30s,503,403\"}", 200,
          NULL, NULL },
        { "GET", "/sesamy/management/users", NULL, 429, "\"retry_after\":30", NULL },
        { "GET", "/sesamy/management/users", NULL, 503, "service_unavailable", NULL },
        { "GET", "/sesamy/management/users", NULL, 403, "insufficient_permissions", NULL },
        { "GET", "/_sandbox/log", NULL, 200, "\"hintMs\":30000", NULL });
    box_close(&b);
}

UNIT_MAIN("sandbox/sesamy",
          UNIT_TEST(a_token_is_given_for_a_form_with_the_right_secret),
          UNIT_TEST(without_a_good_token_nothing_is_told),
          UNIT_TEST(each_kind_is_told_whole_and_by_id),
          UNIT_TEST(lists_are_filtered_and_paged),
          UNIT_TEST(more_than_the_burst_is_throttled_with_a_hint))
