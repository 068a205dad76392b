/* Mailchimp's stand-in against what the vendor answered in recordings of 2021 (Grouparoo's
   tests, MIT), its published specification and its documented errors. */
#include "box.h"

#define KEY "Authorization: Basic YW55OjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmLXVzMTk=\r\n"
#define SEED                                                                              \
    "{\"mailchimp\": {\"lists\": {\"a36b032126\": {\"name\": \"G\", \"merge_fields\": ["  \
    "{\"tag\":\"FNAME\",\"type\":\"text\"},{\"tag\":\"LNAME\",\"type\":\"text\"},"        \
    "{\"tag\":\"PHONE\",\"type\":\"phone\"},{\"tag\":\"USERID\",\"type\":\"text\"},"      \
    "{\"tag\":\"LTV\",\"type\":\"number\"},{\"tag\":\"JOINED_AT\",\"type\":\"date\"},"    \
    "{\"tag\":\"HOME\",\"type\":\"address\"},{\"tag\":\"BORN\",\"type\":\"birthday\"},"   \
    "{\"tag\":\"ZIP\",\"type\":\"zip\"},{\"tag\":\"USPHONE\",\"type\":\"phone\","         \
    "\"options\":{\"phone_format\":\"US\"}},{\"tag\":\"TEAM\",\"type\":\"dropdown\","     \
    "\"options\":{\"choices\":[\"A\",\"B\"]}}],"                                          \
    "\"forgotten\": [\"gone@a.no\"], \"throttled\": [\"busy@a.no\"],"                     \
    "\"compliance\": [\"left@a.no\"]}}}}"
#define LIST "/mailchimp/3.0/lists/a36b032126"
#define WX "wx3ti580f4ycqy185cumm@grouparoo.com"
#define WX_MD5 "5eb0d793a5aa4f1b9fd29305d6afbf7c"
#define MEMBER LIST "/members/" WX_MD5

static void
recorded_exchanges_come_out_as_they_were(void)
{
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "POST", MEMBER "/tags", "{\"tags\":[{\"name\":\"list one\",\"status\":\"inactive\"}]}",
          404, "\"title\":\"Resource Not Found\"", NULL },
        { "GET", MEMBER, NULL, 404, "The requested resource could not be found.", NULL },
        { "POST", LIST "/members", "{\"merge_fields\":{\"email_address\":\"" WX "\",\"FNAME\":"
          "\"Caio\"},\"email_address\":\"" WX "\",\"status\":\"subscribed\"}", 200,
          "\"id\":\"" WX_MD5 "\"", NULL },
        { "POST", MEMBER "/tags", "{\"tags\":[]}", 204, NULL, NULL },
        { "GET", MEMBER, NULL, 200, "\"LTV\":\"\"", NULL },
        { "PUT", MEMBER, "{\"merge_fields\":{\"FNAME\":\"Caio\",\"LNAME\":\"Silveira\",\"PHONE\":"
          "\"+5583999999999\"},\"email_address\":\"" WX "\"}", 200,
          "\"full_name\":\"Caio Silveira\"", NULL },
        { "PUT", MEMBER, "{\"status\":\"unsubscribed\"}", 200, "\"status\":\"unsubscribed\"",
          NULL },
        { "PUT", MEMBER, "{\"merge_fields\":{\"FNAME\":\"Samba\"},\"email_address\":\"" WX "\"}",
          200, "\"status\":\"unsubscribed\"", "\"status\":\"subscribed\"" },
        { "PUT", MEMBER, "{\"status\":\"subscribed\"}", 200, "\"status\":\"subscribed\"", NULL },
        { "PUT", MEMBER, "{\"merge_fields\":{\"FNAME\":\"Evan\",\"PHONE\":\"000\",\"LTV\":"
          "\"AAAAA\"},\"email_address\":\"" WX "\"}", 400,
          "\"errors\":[{\"field\":\"LTV\",\"message\":\"Please enter a number\"}]", NULL },
        { "GET", MEMBER, NULL, 200, "Samba", "Evan" },
        { "PUT", MEMBER, "{\"email_address\":\"6pf0bp7w89fy5hit308x4m@grouparoo.com\",\"status\":"
          "\"subscribed\"}", 200, "\"id\":\"f0f4a3247e34526684cc57236c91d4da\"", NULL },
        { "GET", MEMBER, NULL, 404, NULL, NULL },
        { "DELETE", LIST "/members/f0f4a3247e34526684cc57236c91d4da", NULL, 204, NULL, NULL },
        { "GET", LIST "/members/f0f4a3247e34526684cc57236c91d4da", NULL, 200,
          "\"status\":\"archived\"", NULL },
        { "DELETE", LIST "/members/f0f4a3247e34526684cc57236c91d4da", NULL, 405,
          "Allow: GET, PUT", NULL },
        { "POST", LIST "/members", "{\"email_address\":\"6pf0bp7w89fy5hit308x4m@grouparoo.com\","
          "\"status\":\"subscribed\"}", 200, "\"status\":\"subscribed\"", NULL },
        { "PUT", LIST "/members/17cee0cf256326fd9119bae95bcb47b1", "{\"email_address\":"
          "\"6pf0bp7w89fy5hit308x4m@grouparoo.com\",\"status\":\"subscribed\"}", 400,
          "\"title\":\"Member Exists\"", "\"type\"" },
        { "POST", LIST "/members", "{\"email_address\":\"AAAAA\",\"status\":\"subscribed\"}", 400,
          "Please provide a valid email address.", NULL },
        { "POST", LIST "/members", "{\"email_address\":\"foo@example.com\",\"status\":"
          "\"subscribed\"}", 400, "looks fake or invalid, please enter a real email", NULL },
        { "PUT", LIST "/members/f0f4a3247e34526684cc57236c91d4da", "{\"merge_fields\":"
          "{\"mailchimp_id\":\"x\",\"USERID\":100}}", 200, "\"USERID\":100", "mailchimp_id" });
    box_close(&b);
}

static void
keys_are_checked(void)
{
    struct box b;

    box_open(&b, "", NULL);
    BOX_PLAY(&b, { "GET", "/mailchimp/3.0/ping", NULL, 401, "API Key Missing", NULL });
    b.auth = "Authorization: Basic YW55Ondyb25nLXVzMTk=\r\n";
    BOX_PLAY(&b, { "GET", "/mailchimp/3.0/ping", NULL, 401, "Your API key may be invalid, or you",
                   NULL });
    b.auth = "Authorization: Basic YW55OjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmLXVzMQ==\r\n";
    BOX_PLAY(&b, { "GET", "/mailchimp/3.0/ping", NULL, 403, "datacenter 'us19'", NULL });
    b.auth = KEY;
    BOX_PLAY(&b,
        { "GET", "/mailchimp/3.0/ping", NULL, 200, "X-Request-Id:", NULL },
        { "GET", "/mailchimp/3.0/", NULL, 200, "account_id", NULL },
        { "GET", "/mailchimp/3.0/lists/other", NULL, 404, "application/problem+json", NULL },
        { "GET", "/mailchimp/3.0/lists/a1b2c3d4e5", NULL, 200, "\"double_optin\":false", NULL },
        { "PUT", "/mailchimp/3.0/ping", "{}", 405, "Method Not Allowed", NULL },
        { "PUT", "/mailchimp/3.0/lists/a1b2c3d4e5/members/x", "{oops", 400, "JSON Parse Error",
          NULL });
    box_close(&b);
}

static void
a_new_member_needs_an_address_and_a_status(void)
{
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "PUT", MEMBER, "{\"status_if_new\":\"subscribed\"}", 400, "\"field\":\"email_address\"",
          NULL },
        { "PUT", MEMBER, "{\"email_address\":\"" WX "\"}", 400, "\"field\":\"status_if_new\"",
          NULL },
        { "PUT", MEMBER, "{\"email_address\":\"" WX "\",\"status_if_new\":\"active\"}", 400,
          "anyOf", NULL },
        { "PUT", MEMBER, "{\"email_address\":\"" WX "\",\"status_if_new\":\"transactional\"}", 200,
          "\"status\":\"transactional\"", NULL },
        { "PUT", MEMBER, "{\"email_address\":\"" WX "\",\"status_if_new\":\"subscribed\"}", 200,
          "\"status\":\"transactional\"", NULL },
        { "PATCH", LIST "/members/17cee0cf256326fd9119bae95bcb47b1", "{}", 404, NULL, NULL },
        { "GET", LIST "/members/WX3ti580f4ycqy185cumm%40grouparoo.com", NULL, 200, WX_MD5, NULL },
        { "POST", LIST "/members", "{\"email_address\":\"" WX "\",\"status\":\"subscribed\"}", 400,
          "Member Exists", NULL });
    box_close(&b);
}

static void
some_people_cannot_be_subscribed(void)
{
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "POST", LIST "/members", "{\"email_address\":\"Gone@a.no\",\"status\":\"subscribed\"}",
          400, "Forgotten Email Not Subscribed", NULL },
        { "POST", LIST "/members", "{\"email_address\":\"busy@a.no\",\"status\":\"subscribed\"}",
          400, "signed up to a lot of lists very recently", NULL },
        { "POST", LIST "/members", "{\"email_address\":\"left@a.no\",\"status\":\"subscribed\"}",
          400, "Member In Compliance State", "\"type\"" },
        { "POST", LIST "/members", "{\"email_address\":\"left@a.no\",\"status\":\"pending\"}", 200,
          NULL, NULL });
    box_close(&b);
}

static void
merge_values_have_their_formats(void)
{
    static const struct {
        const char *value;
        int status;
    } rows[] = {
        { "\"JOINED_AT\":\"2021-12-31\"", 200 }, { "\"JOINED_AT\":\"12/31/2021\"", 200 },
        { "\"JOINED_AT\":\"31-12-2021\"", 400 }, { "\"JOINED_AT\":\"2021-13-01\"", 400 },
        { "\"JOINED_AT\":\"\"", 200 }, { "\"LTV\":\"7.5\"", 200 }, { "\"LTV\":7", 200 },
        { "\"LTV\":\"\"", 200 }, { "\"LTV\":\"7x\"", 400 }, { "\"PHONE\":\"+46 70\"", 200 },
        { "\"USPHONE\":\"+46701234567\"", 400 }, { "\"USPHONE\":\"212-555-0100\"", 200 },
        { "\"BORN\":\"02/29\"", 200 }, { "\"BORN\":\"1990-02-28\"", 400 },
        { "\"ZIP\":\"12345\"", 200 }, { "\"ZIP\":\"SW1\"", 400 }, { "\"TEAM\":\"B\"", 200 },
        { "\"TEAM\":\"C\"", 400 }, { "\"HOME\":{\"addr1\":\"a\",\"city\":\"b\"}", 400 },
        { "\"HOME\":{\"addr1\":\"a\",\"city\":\"b\",\"state\":\"c\",\"zip\":\"d\"}", 200 },
        { "\"HOME\":\"Street 1\"", 400 }, { "\"NOSUCH\":\"x\"", 200 },
    };
    struct box b;

    box_open(&b, KEY, SEED);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(free_ptr) char *body = xasprintf(
            "{\"email_address\":\"" WX "\",\"status_if_new\":\"subscribed\",\"merge_fields\":"
            "{%s}}", rows[i].value);

        box_check(&b, &(struct exchange){ "PUT", MEMBER, body, rows[i].status, NULL, NULL });
    }
    box_close(&b);
}

static void
a_required_field_counts_unless_validation_is_skipped(void)
{
    static const char body[] =
        "{\"email_address\":\"" WX "\",\"status_if_new\":\"subscribed\",\"merge_fields\":{}}";
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "POST", LIST "/merge-fields", "{\"tag\":\"must have it\",\"name\":\"M\",\"type\":"
          "\"text\",\"required\":true}", 200, "\"tag\":\"MUSTHAVEIT\"", NULL },
        { "PUT", MEMBER, body, 400, "Please enter a value", NULL },
        { "PUT", MEMBER "?skip_merge_validation=true", body, 200, "\"MUSTHAVEIT\":\"\"", NULL },
        { "POST", LIST "/merge-fields", "{\"tag\":\"MUSTHAVEIT\",\"name\":\"M\",\"type\":"
          "\"text\"}", 400, "already exists", NULL },
        { "POST", LIST "/merge-fields", "{\"name\":\"M\",\"type\":\"blob\"}", 400, NULL, NULL },
        { "PATCH", LIST "/merge-fields/1000", "{\"name\":\"M\",\"required\":false}", 200,
          "\"required\":false", NULL },
        { "GET", LIST "/merge-fields", NULL, 200, "\"total_items\":12", "MUSTHAVEIT" },
        { "GET", LIST "/merge-fields?count=100", NULL, 200, "MUSTHAVEIT", NULL });
    box_close(&b);
}

static void
tags_are_a_difference_and_ten_are_shown(void)
{
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "PUT", MEMBER, "{\"email_address\":\"" WX "\",\"status_if_new\":\"subscribed\"}", 200,
          NULL, NULL },
        { "POST", MEMBER "/tags", "{\"tags\":[{\"name\":\"VIP\",\"status\":\"active\"},{\"name\":"
          "\"sesamy_a\",\"status\":\"active\"},{\"name\":\"b\",\"status\":\"inactive\"}],"
          "\"is_syncing\":true}", 204, NULL, NULL },
        { "GET", MEMBER "/tags?count=1000", NULL, 200, "\"total_items\":2", "\"b\"" },
        { "POST", MEMBER "/tags", "{\"tags\":[{\"name\":\"vip\",\"status\":\"active\"},{\"name\":"
          "\"sesamy_a\",\"status\":\"inactive\"}]}", 204, NULL, NULL },
        { "GET", MEMBER "/tags?fields=tags.name,total_items", NULL, 200,
          "{\"tags\":[{\"name\":\"VIP\"}],\"total_items\":1}", NULL },
        { "GET", LIST "/tag-search?name=SESAMY_", NULL, 200, "sesamy_a", "VIP" },
        { "POST", MEMBER "/tags", "{\"tags\":[{\"name\":\"x\"}]}", 400, "tags.status", NULL },
        { "POST", MEMBER "/tags", "{\"tags\":[{\"status\":\"active\"}]}", 400, "tags.name", NULL },
        { "POST", MEMBER "/tags", "{}", 400, NULL, NULL });
    for (int i = 0; i < 12; i++) {
        CLEANUP(free_ptr) char *body = xasprintf(
            "{\"tags\":[{\"name\":\"t%02d\",\"status\":\"active\"}]}", i);

        box_check(&b, &(struct exchange){ "POST", MEMBER "/tags", body, 204, NULL, NULL });
    }
    BOX_PLAY(&b,
        { "GET", MEMBER "/tags", NULL, 200, "\"total_items\":13", "t09" },
        { "GET", MEMBER "/tags?offset=10&count=1000", NULL, 200, "t11", "t08" });
    box_close(&b);
}

static void
events_have_names_and_texts(void)
{
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "POST", MEMBER "/events", "{\"name\":\"sesamy_user_new\"}", 404, NULL, NULL },
        { "PUT", MEMBER, "{\"email_address\":\"" WX "\",\"status_if_new\":\"subscribed\"}", 200,
          NULL, NULL },
        { "POST", MEMBER "/events", "{\"name\":\"sesamy_user_new\",\"occurred_at\":"
          "\"2025-11-10T12:00:00Z\",\"properties\":{\"a\":\"1\"},\"is_syncing\":true}", 204, NULL,
          NULL },
        { "POST", MEMBER "/events", "{\"name\":\"x\"}", 400, "between 2 and 30", NULL },
        { "POST", MEMBER "/events", "{\"name\":\"contract.1#purchased\"}", 400, "name", NULL },
        { "POST", MEMBER "/events", "{\"name\":\"abcdefghijabcdefghijabcdefghija\"}", 400, NULL,
          NULL },
        { "POST", MEMBER "/events", "{\"name\":\"ok\",\"properties\":{\"a\":1}}", 400,
          "properties.a", NULL },
        { "POST", MEMBER "/events", "{\"name\":\"ok\",\"occurred_at\":\"yesterday\"}", 400,
          "occurred_at", NULL },
        { "GET", MEMBER "/events", NULL, 200, "\"total_items\":1", NULL });
    box_close(&b);
}

static void
an_eleventh_request_at_once_is_too_many(void)
{
    struct client c[10];
    struct box b;

    box_open(&b, KEY, SEED);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults", "{\"path\":\"/mailchimp\",\"script\":\"slow=9mx10\"}", 200,
          NULL, NULL });
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        client_open(&c[i], b.loop, sandbox_port(b.sandbox));
        client_send(&c[i], "GET /mailchimp/ping HTTP/1.1\r\nHost: x\r\n" KEY "\r\n");
    }
    BOX_PLAY(&b,
        { "GET", "/_sandbox/faults", NULL, 200, "[\n]", NULL },
        { "GET", "/mailchimp/ping", NULL, 429, "10 simultaneous", "Retry-After" });
    for (size_t i = 0; i < ARRAY_LEN(c); i++)
        client_close(&c[i]);
    box_close(&b);
}

UNIT_MAIN("sandbox/mailchimp",
          UNIT_TEST(recorded_exchanges_come_out_as_they_were),
          UNIT_TEST(keys_are_checked),
          UNIT_TEST(a_new_member_needs_an_address_and_a_status),
          UNIT_TEST(some_people_cannot_be_subscribed),
          UNIT_TEST(merge_values_have_their_formats),
          UNIT_TEST(a_required_field_counts_unless_validation_is_skipped),
          UNIT_TEST(tags_are_a_difference_and_ten_are_shown),
          UNIT_TEST(events_have_names_and_texts),
          UNIT_TEST(an_eleventh_request_at_once_is_too_many))
