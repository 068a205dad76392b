#include "unit.h"

#include <stdlib.h>

#include "model/caps.h"
#include "model/event.h"

#define EXAMPLE                                                                    \
    "{\"eventType\":\"userVendor.1#new\",\"vendorId\":\"vendor_123\","             \
    "\"userId\":\"user_456\",\"contractId\":\"contract_789\","                     \
    "\"entitlementId\":\"entitlement_012\",\"checkoutId\":\"checkout_345\","       \
    "\"occured_at\":\"2025-11-10T12:00:00Z\"}"
/* Everything but the user, which the test puts in as JSON. */
#define WITH_USER(json)                                                            \
    "{\"eventType\":\"t\",\"vendorId\":\"v\",\"userId\":" json                     \
    ",\"occured_at\":\"2025-11-10T12:00:00Z\"}"

static struct arena arena;
static struct event_error error;

/* Parses exactly len bytes, in memory of exactly that size so that ASan sees any overrun. */
static int
parse_n(const char *text, size_t len, struct event *ev)
{
    char *copy = malloc(len ? len : 1);
    int result;

    memcpy(copy, text, len);
    memset(&error, 0, sizeof(error));
    arena_free(&arena);
    result = event_parse(&arena, copy, len, ev, &error);
    if (result == 0) {
        CHECK(ev->body == copy && ev->body_len == len);
        ev->body = NULL;
    }
    free(copy);
    return result;
}

static int
parse(const char *text, struct event *ev)
{
    return parse_n(text, strlen(text), ev);
}

/* Is text refused, for this place, with these words? */
static void
refused(const char *text, const char *pointer, const char *words)
{
    struct event ev;

    CHECK_INT(parse(text, &ev), -1);
    CHECK_STR(error.pointer, pointer);
    if (!strstr(error.detail, words))
        fprintf(stderr, "%s: \"%s\" lacks \"%s\"\n", text, error.detail, words);
    CHECK(strstr(error.detail, words) != NULL);
}

static void
the_platforms_example_is_read_field_by_field(void)
{
    struct event ev;

    CHECK_INT(parse(EXAMPLE, &ev), 0);
    CHECK_STR(ev.type, "userVendor.1#new");
    CHECK_STR(ev.vendor, "vendor_123");
    CHECK_STR(ev.user, "user_456");
    CHECK_STR(ev.contract, "contract_789");
    CHECK_STR(ev.entitlement, "entitlement_012");
    CHECK_STR(ev.checkout, "checkout_345");
    CHECK_STR(ev.occurred, "2025-11-10T12:00:00Z");
    CHECK_INT(ev.occurred_ms, 1762776000000);
}

static void
optional_fields_may_be_absent_null_or_empty(void)
{
    struct event ev;

    CHECK_INT(parse(WITH_USER("\"u\",\"contractId\":null,\"entitlementId\":\"\""), &ev), 0);
    CHECK_STR(ev.contract, "");
    CHECK_STR(ev.entitlement, "");
    CHECK_STR(ev.checkout, "");
}

static void
unknown_types_and_members_of_any_shape_are_taken(void)
{
    struct event ev;

    CHECK_INT(parse(" \r\n\t{\"x\":[1,-0.5e+3,{\"y\":[null,true,false,\"\\u0000\\ud800\"]},[],{}],"
                    "\"eventType\":\"gift.7#opened\",\"vendorId\":\"v\",\"userId\":\"u\","
                    "\"x\":1,\"occured_at\":\"2025-11-10T12:00:00Z\"} ",
                    &ev), 0);
    CHECK_STR(ev.type, "gift.7#opened");
}

static void
escapes_are_read_in_values_and_in_names(void)
{
    struct event ev;

    CHECK_INT(parse(WITH_USER("\"email|\\u0041\\\"\\\\\\/\\u00e5\\u20ac\\ud83d\\ude00å\""), &ev), 0);
    CHECK_STR(ev.user, "email|A\"\\/å€😀å");
    CHECK_INT(parse("{\"eventType\":\"t\",\"vendorId\":\"v\",\"user\\u0049d\":\"u\","
                    "\"occured_at\":\"2025-11-10T12:00:00Z\"}", &ev), 0);
    CHECK_STR(ev.user, "u");
}

static void
what_is_required_must_be_there_and_say_something(void)
{
    refused("{}", "/eventType", "missing");
    refused("{\"eventType\":\"t\",\"vendorId\":\"v\",\"userId\":\"u\"}", "/occured_at", "missing");
    refused("{\"eventType\":\"t\",\"vendorId\":\"v\",\"userId\":\"u\","
            "\"occurred_at\":\"2025-11-10T12:00:00Z\"}", "/occured_at", "missing");
    refused(WITH_USER("\"\""), "/userId", "empty");
    refused(WITH_USER("null"), "/userId", "wanted a string, found null");
    refused(WITH_USER("17"), "/userId", "wanted a string, found a number");
    refused(WITH_USER("{}"), "/userId", "wanted a string, found an object");
    refused(WITH_USER("[\"u\"]"), "/userId", "wanted a string, found an array");
    refused(WITH_USER("true"), "/userId", "wanted a string, found a boolean");
    refused(WITH_USER("\"u\",\"contractId\":7"), "/contractId", "found a number");
}

static void
a_field_that_is_there_twice_is_refused_however_it_is_spelt(void)
{
    refused(WITH_USER("\"a\",\"userId\":\"b\""), "/userId", "twice");
    refused(WITH_USER("\"a\",\"userId\":\"a\""), "/userId", "twice");
    refused(WITH_USER("\"a\",\"\\u0075serId\":\"b\""), "/userId", "twice");
    refused(WITH_USER("\"a\",\"contractId\":null,\"contractId\":\"c\""), "/contractId", "twice");
    refused(WITH_USER("\"a\",\"entitlementId\":\"e\",\"\\u0065\\u006e\\u0074\\u0069\\u0074\\u006c"
                      "\\u0065\\u006d\\u0065\\u006e\\u0074\\u0049\\u0064\":\"b\""),
            "/entitlementId", "twice");
}

static void
a_name_with_a_nul_is_not_the_name_before_it(void)
{
    struct event ev;

    CHECK_INT(parse(WITH_USER("\"u\",\"userId\\u0000\":\"x\""), &ev), 0);
    CHECK_STR(ev.user, "u");
    refused("{\"eventType\\u0000\":\"t\"}", "/eventType", "missing");
}

static void
control_characters_have_no_place_in_a_field(void)
{
    struct event ev;

    refused(WITH_USER("\"a\\u0000b\""), "/userId", "control");
    refused(WITH_USER("\"a\\nb\""), "/userId", "control");
    refused(WITH_USER("\"a\\u001bb\""), "/userId", "control");
    refused(WITH_USER("\"a\\u007fb\""), "/userId", "control");
    refused(WITH_USER("\"a\\u0085b\""), "/userId", "control");
    refused(WITH_USER("\"a\xc2\x9f" "b\""), "/userId", "control");
    CHECK_INT(parse(WITH_USER("\"a\xc2\xa0" "b\""), &ev), 0);
    refused(WITH_USER("\"a\nb\""), "", "control character in a string");
    CHECK_INT(parse_n("{\"eventType\":\"t\0\"}", 18, &ev), -1);
    CHECK(strstr(error.detail, "control character") != NULL);
}

static void
half_a_surrogate_pair_is_refused_in_a_field(void)
{
    refused(WITH_USER("\"\\ud83d\""), "/userId", "surrogate");
    refused(WITH_USER("\"\\ude00\""), "/userId", "surrogate");
    refused(WITH_USER("\"\\ud83dx\""), "/userId", "surrogate");
    refused(WITH_USER("\"\\ud83d\\n\""), "/userId", "surrogate");
    refused(WITH_USER("\"\\ud83d\\u0041\""), "/userId", "surrogate");
    refused(WITH_USER("\"\\ud83d\\ud83d\""), "/userId", "surrogate");
}

static void
the_date_must_be_a_point_in_time(void)
{
    static const char fmt[] = "{\"eventType\":\"t\",\"vendorId\":\"v\",\"userId\":\"u\","
                              "\"occured_at\":\"%s\"}";
    static const char *const bad[] = { "2024-11-10", "yesterday", "1762776000",
                                       "2025-02-29T00:00:00Z", "2024-11-10T12:00:00" };
    char text[256];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(text, sizeof(text), fmt, bad[i]);
        refused(text, "/occured_at", "wanted a date and time");
        CHECK(strstr(error.detail, bad[i]) == NULL);
    }
    snprintf(text, sizeof(text), fmt, "");
    refused(text, "/occured_at", "empty");
}

static void
sizes_are_held_to_the_byte(void)
{
    struct event ev;
    char *text = malloc(CAP_EVENT + 1);
    char user[CAP_FIELD + 2] = "";
    size_t len = strlen(EXAMPLE);

    memset(user, 'u', CAP_FIELD);
    CHECK(snprintf(text, CAP_EVENT, WITH_USER("\"%s\""), user) > 0);
    CHECK_INT(parse(text, &ev), 0);
    CHECK_INT(strlen(ev.user), CAP_FIELD);
    user[CAP_FIELD] = 'u';
    CHECK(snprintf(text, CAP_EVENT, WITH_USER("\"%s\""), user) > 0);
    refused(text, "/userId", "at most 1024 bytes, found 1025");
    CHECK(snprintf(text, CAP_EVENT, WITH_USER("\"%s%s%s%s%s%s%s\""), user, user, user, user,
                   user, user, user) > 0);
    refused(text, "/userId", "at most 1024 bytes");
    memcpy(text, EXAMPLE, len);
    memset(text + len, ' ', CAP_EVENT + 1 - len);
    CHECK_INT(parse_n(text, CAP_EVENT, &ev), 0);
    CHECK_INT(parse_n(text, CAP_EVENT + 1, &ev), -1);
    CHECK_STR(error.pointer, "");
    free(text);
}

static void
what_is_not_a_json_object_is_refused_with_the_place(void)
{
    refused("", "", "found nothing");
    refused("  ", "", "found nothing");
    refused("[]", "", "wanted a JSON object");
    refused("\"x\"", "", "wanted a JSON object");
    refused("\xef\xbb\xbf{}", "", "wanted a JSON object");
    refused("{", "", "byte 2: the text ends too early");
    refused("{} x", "", "byte 4: something follows");
    refused("{\"a\":1,}", "", "byte 8: wanted a name");
    refused("{'a':1}", "", "byte 2: wanted a name");
    refused("{\"a\" 1}", "", "byte 6: wanted ':'");
    refused("{\"a\":1 \"b\":2}", "", "byte 8: wanted ','");
    refused("{\"a\":NaN}", "", "byte 6: a value is wanted");
    refused("{\"a\":\"\xff\"}", "", "byte 7: a string is not valid UTF-8");
}

static void
an_event_cut_off_at_any_byte_is_refused(void)
{
    struct event ev;

    for (size_t len = 0; len < strlen(EXAMPLE); len++)
        CHECK_INT(parse_n(EXAMPLE, len, &ev), -1);
}

static void
defaults_stand_in_for_what_the_body_leaves_out(void)
{
    static const char body[] = "{\"vendorId\":\"v\",\"userId\":\"u\",\"eventType\":\"own\"}";
    struct event defaults = { .type = "not used", .occurred = "2025-11-10T12:00:00Z" };
    struct event bad = { .occurred = "2025-11-10T12:00:00Z\n" };
    struct event ev;

    CHECK_INT(event_parse_with(&arena, body, strlen(body), &defaults, &ev, &error), 0);
    CHECK_STR(ev.type, "own");
    CHECK_STR(ev.contract, "");
    CHECK_INT(ev.occurred_ms, 1762776000000);
    CHECK_INT(event_parse_with(&arena, body, strlen(body), &bad, &ev, &error), -1);
    CHECK_STR(error.pointer, "/occured_at");
}

/* Expected hashes from Python: SHA-256 of "hermod event 1\n" and the fields, each behind its
   length in four bytes; of "hermod key 1\n", the scope in that way, the index in four bytes
   and the SHA-256 of the key. */
static void
keys_are_the_documented_hashes(void)
{
    struct event ev = { .type = "contract.1#purchased", .vendor = "acme",
                        .user = "email|84cc", .contract = "c1", .entitlement = "",
                        .checkout = "", .occurred = "2025-11-10T12:00:00Z" };
    char text[EVENT_ID_LEN + 1];
    uint8_t key[16];

    event_key(&ev, "idempotency-key", NULL, 3, key);
    event_id_text(key, text);
    CHECK_STR(text, "evt_azzzrp6mjaj2j4femv9yevd7dc");
    CHECK(event_fingerprint(&ev) == 6341064258814649385u);
    event_key(&ev, "idempotency-key", "order-1", 0, key);
    event_id_text(key, text);
    CHECK_STR(text, "evt_eteqyyec74mm27hdq4xf2r4axr");
    event_key(&ev, "idempotency-key", "order-1", 1, key);
    event_id_text(key, text);
    CHECK_STR(text, "evt_3x1xj64jhraa4ayt30vvxk9r20");
    event_key(&ev, "webhook-id", "order-1", 0, key);
    event_id_text(key, text);
    CHECK_STR(text, "evt_ne265axdaja56d4hb9cyen6tf4");
}

static void
moving_a_byte_from_one_field_to_the_next_makes_another_event(void)
{
    struct event a = { .type = "t", .vendor = "v", .user = "ab", .contract = "c",
                       .entitlement = "", .checkout = "", .occurred = "o" };
    struct event b = a, c = a;
    uint8_t ka[16], kb[16], kc[16];

    b.user = "a";
    b.contract = "bc";
    c.contract = "";
    c.entitlement = "c";
    event_key(&a, "", NULL, 0, ka);
    event_key(&b, "", NULL, 0, kb);
    event_key(&c, "", NULL, 0, kc);
    CHECK(memcmp(ka, kb, 16) != 0 && memcmp(ka, kc, 16) != 0);
    CHECK(event_fingerprint(&a) != event_fingerprint(&b));
}

static void
an_event_id_reads_back_and_nothing_else_does(void)
{
    static const char *const bad[] = {
        "", "evt_", "evt_azzzrp6mjaj2j4femv9yevd7d", "evt_azzzrp6mjaj2j4femv9yevd7dcc",
        "EVT_azzzrp6mjaj2j4femv9yevd7dc", "evt_Azzzrp6mjaj2j4femv9yevd7dc",
        "evt_izzzrp6mjaj2j4femv9yevd7dc", "evt_azzzrp6mjaj2j4femv9yevd7dd",
        "evtxazzzrp6mjaj2j4femv9yevd7dc", "evt_azzzrp6mjaj2j4femv9yevd7d ",
    };
    uint8_t key[16], back[16];
    char text[EVENT_ID_LEN + 1];

    for (int round = 0; round < 500; round++) {
        for (int i = 0; i < 16; i++)
            key[i] = (uint8_t)(round * 37 + i * 101 + (round >> 3) * i);
        event_id_text(key, text);
        CHECK_INT(strlen(text), EVENT_ID_LEN);
        CHECK_INT(event_id_parse(text, back), 0);
        CHECK(memcmp(key, back, 16) == 0);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(event_id_parse(bad[i], back), -1);
}

UNIT_MAIN("model/event", UNIT_TEST(the_platforms_example_is_read_field_by_field),
          UNIT_TEST(optional_fields_may_be_absent_null_or_empty),
          UNIT_TEST(unknown_types_and_members_of_any_shape_are_taken),
          UNIT_TEST(escapes_are_read_in_values_and_in_names),
          UNIT_TEST(what_is_required_must_be_there_and_say_something),
          UNIT_TEST(a_field_that_is_there_twice_is_refused_however_it_is_spelt),
          UNIT_TEST(a_name_with_a_nul_is_not_the_name_before_it),
          UNIT_TEST(control_characters_have_no_place_in_a_field),
          UNIT_TEST(half_a_surrogate_pair_is_refused_in_a_field),
          UNIT_TEST(the_date_must_be_a_point_in_time),
          UNIT_TEST(sizes_are_held_to_the_byte),
          UNIT_TEST(what_is_not_a_json_object_is_refused_with_the_place),
          UNIT_TEST(an_event_cut_off_at_any_byte_is_refused),
          UNIT_TEST(defaults_stand_in_for_what_the_body_leaves_out),
          UNIT_TEST(keys_are_the_documented_hashes),
          UNIT_TEST(moving_a_byte_from_one_field_to_the_next_makes_another_event),
          UNIT_TEST(an_event_id_reads_back_and_nothing_else_does))
