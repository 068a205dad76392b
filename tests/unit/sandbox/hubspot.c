/* HubSpot's stand-in against recordings of 2022 (Grouparoo's tests, MIT), the published
   specification and the documented errors. */
#include "box.h"

#define TOKEN "Authorization: Bearer pat-eu1-sandbox\r\n"
#define OBJECTS "/hubspot/crm/v3/objects/contacts"
#define PROPERTIES "/hubspot/crm/v3/properties/contacts"
#define UPSERT OBJECTS "/batch/upsert"
#define INPUT(id, properties) "{\"inputs\":[{\"id\":\"" id "\",\"idProperty\":\"email\"," \
    "\"objectWriteTraceId\":\"t1\",\"properties\":{" properties "}}]}"
#define ENUM(options) "{\"name\":\"subscription_type\",\"label\":\"Type\",\"type\":"     \
    "\"enumeration\",\"fieldType\":\"checkbox\",\"groupName\":\"contactinformation\","  \
    "\"options\":[" options "]}"
#define OPTION(v) "{\"label\":\"" v "\",\"value\":\"" v "\",\"hidden\":false}"

static void
tokens_are_checked_and_rates_told(void)
{
    struct box b;

    box_open(&b, "", NULL);
    BOX_PLAY(&b, { "GET", OBJECTS, NULL, 401, "INVALID_AUTHENTICATION", NULL });
    b.auth = "Authorization: Bearer pat-na1-other\r\n";
    BOX_PLAY(&b, { "GET", OBJECTS, NULL, 401, "correlationId", NULL });
    b.auth = TOKEN;
    BOX_PLAY(&b,
        { "GET", OBJECTS, NULL, 200, "X-HubSpot-RateLimit-Max: 100", NULL },
        { "GET", OBJECTS, NULL, 200, "X-HubSpot-RateLimit-Remaining: 98", NULL },
        { "GET", "/hubspot/account-info/v3/details", NULL, 200, "portalId", NULL },
        { "GET", "/hubspot/crm/v3/objects/companies", NULL, 404, "OBJECT_NOT_FOUND", NULL },
        { "PUT", OBJECTS, "{}", 405, NULL, NULL },
        { "POST", OBJECTS, "{oops", 400, "VALIDATION_ERROR", NULL },
        { "PATCH", "/_sandbox/hubspot/settings", "{\"requests\":1}", 200, NULL, NULL },
        { "GET", OBJECTS, NULL, 429, "\"policyName\":\"TEN_SECONDLY_ROLLING\"", NULL },
        { "PATCH", "/_sandbox/hubspot/settings", "{\"policy\":\"DAILY\"}", 200, NULL, NULL },
        { "GET", OBJECTS, NULL, 429, "\"policyName\":\"DAILY\"", NULL });
    box_close(&b);
}

static void
a_contact_is_made_found_and_changed(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "PATCH", OBJECTS "/a%40b.no?idProperty=email", "{\"properties\":{}}", 404,
          "X-HubSpot-NotFound: true", NULL },
        { "POST", OBJECTS, "{\"properties\":{\"email\":\"a@b.no\",\"firstname\":\"Åsa\"},"
          "\"associations\":[]}", 201, "\"id\":\"1000\"", NULL },
        { "POST", OBJECTS, "{\"properties\":{\"email\":\"A@b.no\"}}", 409,
          "Contact already exists. Existing ID: 1000", NULL },
        { "GET", OBJECTS "/A%40B.no?idProperty=email&properties=phone", NULL, 200,
          "\"phone\":null", NULL },
        { "PATCH", OBJECTS "/1000", "{\"properties\":{\"firstname\":\"Eva\",\"phone\":\"1\"}}",
          200, "\"firstname\":\"Eva\"", NULL },
        { "PATCH", OBJECTS "/1000", "{\"properties\":{\"firstname\":\"\"}}", 200,
          "\"firstname\":null", NULL },
        { "POST", "/hubspot/crm/objects/2026-03/contacts",
          "{\"properties\":{\"email\":\"c@d.no\"}}", 201, "1001", NULL },
        { "PATCH", OBJECTS "/1001", "{\"properties\":{\"email\":\"a@b.no\"}}", 409,
          "Existing ID: 1000", NULL },
        { "GET", OBJECTS "/a%40b.no", NULL, 404, NULL, NULL },
        { "POST", OBJECTS "/search", "{\"filterGroups\":[{\"filters\":[{\"propertyName\":"
          "\"email\",\"operator\":\"EQ\",\"value\":\"c@d.no\"}]}]}", 200, "\"total\":1", "a@b" },
        { "POST", OBJECTS "/search", "{\"filterGroups\":[{\"filters\":[{\"propertyName\":"
          "\"email\",\"operator\":\"EQ\",\"value\":\"c@d.no\"}]}],"
          "\"properties\":[\"phone\"]}", 200, "\"phone\":null", NULL },
        { "DELETE", OBJECTS "/1001", NULL, 204, NULL, NULL },
        { "GET", OBJECTS "/1001", NULL, 404, NULL, NULL },
        { "GET", OBJECTS, NULL, 200, "a@b.no", "c@d.no" });
    box_close(&b);
}

static void
batches_do_as_recorded(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "POST", "/hubspot/crm/v3/objects/CONTACT/batch/create", "{\"inputs\":[{\"properties\":"
          "{\"email\":\"grouparoo@demo.com\",\"firstname\":\"John\"}}]}", 201,
          "\"status\":\"COMPLETE\",\"results\":[{\"id\":\"1000\"", NULL },
        { "POST", OBJECTS "/batch/create", "{\"inputs\":[{\"properties\":{\"email\":"
          "\"grouparoo@demo.com\"}}]}", 409, "Existing ID: 1000", NULL },
        { "POST", "/hubspot/crm/v3/objects/CONTACT/batch/update", "{\"inputs\":[{\"id\":\"1000\","
          "\"properties\":{\"lastname\":\"Doe\"}}]}", 200, "\"lastname\":\"Doe\"", NULL },
        { "POST", OBJECTS "/batch/update", INPUT("grouparoo@demo.com", ""), 404, NULL, NULL },
        { "POST", "/hubspot/crm/v3/objects/CONTACT/batch/archive",
          "{\"inputs\":[{\"id\":\"1000\"}]}", 204, NULL, NULL },
        { "GET", OBJECTS "/1000", NULL, 404, NULL, NULL });
    box_close(&b);
}

static void
an_upsert_by_address_makes_or_changes(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "POST", UPSERT, INPUT("a@b.no", "\"email\":\"a@b.no\",\"firstname\":\"Å\""), 200,
          "\"new\":true,\"objectWriteTraceId\":\"t1\"", NULL },
        { "POST", UPSERT, INPUT("A@b.no", "\"lastname\":\"Ö\""), 200, "\"new\":false", NULL },
        { "GET", OBJECTS "/1000", NULL, 200, "\"firstname\":\"Å\"", NULL },
        { "PATCH", "/_sandbox/hubspot/contacts/1000/properties",
          "{\"hs_additional_emails\":\"old@b.no;older@b.no\"}", 200, NULL, NULL },
        { "POST", UPSERT, INPUT("older@b.no", "\"lastname\":\"Æ\""), 200, "\"id\":\"1000\"",
          NULL },
        { "POST", UPSERT, "{\"inputs\":[{\"id\":\"x@b.no\",\"idProperty\":\"email\","
          "\"properties\":{}},{\"id\":\"X@b.no\",\"idProperty\":\"email\",\"properties\":{}}]}",
          400, "Duplicate IDs found in batch input: [X@b.no]", NULL },
        { "POST", UPSERT, "{\"inputs\":[]}", 400, NULL, NULL },
        { "POST", UPSERT, "{\"inputs\":[{\"id\":\"1000\",\"properties\":{}}]}", 400,
          "non-unique", NULL },
        { "PATCH", "/_sandbox/hubspot/settings", "{\"silent\":true}", 200, NULL, NULL },
        { "POST", UPSERT, INPUT("n@b.no", ""), 200, "\"results\":[]", NULL },
        { "PATCH", "/_sandbox/hubspot/settings", "{\"upsertByEmail\":false}", 200, NULL, NULL },
        { "POST", UPSERT, INPUT("n@b.no", ""), 400,
          "Unable to perform update/upsert by non-unique 0-1 property email", NULL });
    box_close(&b);
}

static void
wrong_values_stand_in_the_text_of_the_message(void)
{
    static const struct {
        const char *properties, *has;
        int status;
    } rows[] = {
        { "\"nosuch\":\"x\"", "\\\"error\\\":\\\"PROPERTY_DOESNT_EXIST\\\",\\\"name\\\":"
          "\\\"nosuch\\\"", 400 },
        { "\"email\":\"nope\"", "INVALID_EMAIL", 400 },
        { "\"createdate\":\"1\"", "READ_ONLY_VALUE", 400 },
        { "\"firstname\":1", "Cannot deserialize", 400 },
        { "\"n\":\"1.5\"", "results", 200 }, { "\"n\":\"x\"", "INVALID_LONG", 400 },
        { "\"n\":\"\"", "results", 200 }, { "\"n\":null", "results", 200 },
        { "\"d\":\"2025-11-10\"", "results", 200 }, { "\"d\":\"1762732800000\"", "results", 200 },
        { "\"d\":\"1762732800001\"", "INVALID_DATE", 400 },
        { "\"d\":\"10-11-2025\"", "INVALID_DATE", 400 },
        { "\"t\":\"2025-11-10T12:00:00Z\"", "results", 200 },
        { "\"t\":\"soon\"", "INVALID_DATE", 400 },
        { "\"s\":\"A\"", "results", 200 }, { "\"s\":\"a\"", "INVALID_OPTION", 400 },
        { "\"s\":\"C\"", "C was not one of the allowed options: [A, B]", 400 },
        { "\"s\":\"A;B\"", "results", 200 }, { "\"s\":\";B\"", "results", 200 },
    };
    struct box b;

    box_open(&b, TOKEN, "{\"hubspot\":{\"properties\":{\"n\":{\"type\":\"number\"},"
             "\"d\":{\"type\":\"date\"},\"t\":{\"type\":\"datetime\"},\"s\":{\"type\":"
             "\"enumeration\",\"fieldType\":\"checkbox\",\"options\":[" OPTION("A") ","
             OPTION("B") "]}}}}");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(free_ptr) char *body = xasprintf(INPUT("a@b.no", "%s"), rows[i].properties);

        box_check(&b, &(struct exchange){ "POST", UPSERT, body, rows[i].status, rows[i].has,
                                          NULL });
    }
    BOX_PLAY(&b, { "GET", OBJECTS "/1000?properties=s", NULL, 200, "\"s\":\"A;B;B\"", NULL });
    box_close(&b);
}

static void
a_change_of_options_puts_the_whole_list_in_place(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "GET", PROPERTIES "/subscription_type", NULL, 404, "PROPERTY_DOESNT_EXIST", NULL },
        { "POST", PROPERTIES, ENUM(OPTION("A")), 201, "\"name\":\"subscription_type\"", NULL },
        { "POST", PROPERTIES, ENUM(OPTION("A")), 409, "already exists", NULL },
        { "PATCH", PROPERTIES "/subscription_type", "{\"options\":[" OPTION("B") "]}", 200,
          "\"value\":\"B\"", "\"value\":\"A\"" },
        { "PATCH", PROPERTIES "/subscription_type", "{\"options\":[" OPTION("B") "," OPTION("B")
          "]}", 400, "unique", NULL },
        { "PATCH", PROPERTIES "/subscription_type", "{\"options\":[{\"label\":\"x\",\"value\":"
          "\"x\"}]}", 400, "hidden", NULL },
        { "GET", PROPERTIES "/subscription_type", NULL, 200, "\"value\":\"B\"", NULL },
        { "POST", PROPERTIES, "{\"name\":\"Bad\",\"label\":\"b\",\"type\":\"string\","
          "\"fieldType\":\"text\",\"groupName\":\"contactinformation\"}", 400, "lowercase", NULL },
        { "POST", PROPERTIES, "{\"name\":\"x\",\"label\":\"b\",\"type\":\"string\"}", 400,
          "required fields", NULL },
        { "POST", PROPERTIES, "{\"name\":\"x\",\"label\":\"b\",\"type\":\"text\","
          "\"fieldType\":\"text\",\"groupName\":\"contactinformation\"}", 400, "Enum", NULL },
        { "POST", PROPERTIES, "{\"name\":\"x\",\"label\":\"b\",\"type\":\"string\","
          "\"fieldType\":\"text\",\"groupName\":\"sesamy\"}", 400, "group", NULL },
        { "POST", PROPERTIES "/groups", "{\"name\":\"sesamy\",\"label\":\"Sesamy\"}", 201, NULL,
          NULL },
        { "POST", PROPERTIES "/groups", "{\"name\":\"sesamy\",\"label\":\"Sesamy\"}", 409, NULL,
          NULL },
        { "GET", PROPERTIES "/groups", NULL, 200, "sesamy", NULL },
        { "POST", PROPERTIES "/batch/create", "{\"inputs\":[{\"name\":\"x\",\"label\":\"b\","
          "\"type\":\"string\",\"fieldType\":\"text\",\"groupName\":\"sesamy\"}]}", 201, "\"x\"",
          NULL },
        { "DELETE", PROPERTIES "/x", NULL, 204, NULL, NULL },
        { "GET", "/hubspot/crm/properties/2026-03/contacts", NULL, 200, "subscription_type",
          "\"x\"" });
    box_close(&b);
}

static void
documented_statuses_have_their_bodies(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults", "{\"path\":\"/hubspot\",\"script\":\"429,429=3s,403,423,477,"
          "409,502\"}", 200, NULL, NULL },
        { "GET", OBJECTS, NULL, 429, "\"category\":\"RATE_LIMITS\"", "Retry" },
        { "GET", OBJECTS, NULL, 429, "Retry-After: 3", NULL },
        { "GET", OBJECTS, NULL, 403, "MISSING_SCOPES", NULL },
        { "GET", OBJECTS, NULL, 423, "locked", NULL },
        { "GET", OBJECTS, NULL, 477, "Retry-After: 2", NULL },
        { "GET", OBJECTS, NULL, 409, "CONFLICT", NULL },
        { "GET", OBJECTS, NULL, 502, "\"status\":\"error\"", NULL });
    box_close(&b);
}

UNIT_MAIN("sandbox/hubspot",
          UNIT_TEST(tokens_are_checked_and_rates_told),
          UNIT_TEST(a_contact_is_made_found_and_changed),
          UNIT_TEST(batches_do_as_recorded),
          UNIT_TEST(an_upsert_by_address_makes_or_changes),
          UNIT_TEST(wrong_values_stand_in_the_text_of_the_message),
          UNIT_TEST(a_change_of_options_puts_the_whole_list_in_place),
          UNIT_TEST(documented_statuses_have_their_bodies))
