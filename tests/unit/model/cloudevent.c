#include "unit.h"

#include <stdlib.h>
#include <strings.h>

#include "model/caps.h"
#include "model/cloudevent.h"

#define DATA "{\"vendorId\":\"v\",\"userId\":\"u\",\"eventType\":\"own#type\"," \
             "\"occured_at\":\"2025-11-10T12:00:00Z\"}"
#define DATA_SHORT "{ \"vendorId\" : \"v\",\"userId\":\"u\"}"

static struct arena arena;
static struct event_error error;
static struct cloudevent ce;

/* Headers as pairs, ended by NULL. */
static const char *
header(void *arg, const char *name)
{
    for (const char *const *pair = arg; pair[0]; pair += 2)
        if (strcasecmp(pair[0], name) == 0)
            return pair[1];
    return NULL;
}

static int
binary(const char *data, const char *const headers[])
{
    memset(&error, 0, sizeof(error));
    return cloudevent_binary(&arena, header, (void *)(size_t)headers, data, strlen(data), &ce,
                             &error);
}

static int
structured(const char *json)
{
    static char *copy;             /* of exactly its size, and as long as the event */
    size_t len = strlen(json);

    free(copy);
    copy = malloc(len ? len : 1);
    memcpy(copy, json, len);
    memset(&error, 0, sizeof(error));
    return cloudevent_structured(&arena, copy, len, &ce, &error);
}

static void
refused(int result, const char *pointer, const char *words)
{
    CHECK_INT(result, -1);
    CHECK_STR(error.pointer, pointer);
    if (!strstr(error.detail, words))
        fprintf(stderr, "\"%s\" lacks \"%s\"\n", error.detail, words);
    CHECK(strstr(error.detail, words) != NULL);
}

static void
binary_mode_reads_the_headers_and_leaves_the_body_alone(void)
{
    static const char *const headers[] = {
        "ce-specversion", "1.0", "ce-id", "evt_1", "ce-source", "/paywall/vendor_123",
        "ce-type", "checkout.1#confirm", "ce-time", "2026-01-01T00:00:00.000Z",
        "ce-subject", "checkout_345", "content-type", "application/json; charset=utf-8", NULL,
    };

    CHECK_INT(binary(DATA_SHORT, headers), 0);
    CHECK_STR(ce.id, "evt_1");
    CHECK_STR(ce.source, "/paywall/vendor_123");
    CHECK_STR(ce.event.type, "checkout.1#confirm");
    CHECK_STR(ce.event.occurred, "2026-01-01T00:00:00.000Z");
    CHECK_INT(ce.event.occurred_ms, 1767225600000);
    CHECK(ce.event.body_len == strlen(DATA_SHORT));
    CHECK(memcmp(ce.event.body, DATA_SHORT, ce.event.body_len) == 0);
    CHECK_INT(binary(DATA, headers), 0);
    CHECK_STR(ce.event.type, "own#type");
    CHECK_STR(ce.type, "checkout.1#confirm");
}

/* The example of the HTTP binding, 3.1.3.2, and what an older sender would have sent. */
static void
headers_are_unquoted_and_percent_decoded_once(void)
{
    const char *headers[] = {
        "ce-specversion", "1.0", "ce-id", "Euro%20%E2%82%AC%20%F0%9F%98%80", "ce-source", "/s",
        "ce-type", "t", "ce-time", "2026-01-01T00:00:00Z", NULL,
    };

    CHECK_INT(binary(DATA_SHORT, headers), 0);
    CHECK_STR(ce.id, "Euro € 😀");
    headers[3] = "%2541";
    CHECK_INT(binary(DATA_SHORT, headers), 0);
    CHECK_STR(ce.id, "%41");
    headers[3] = "\"a \\\"b\\\" \\\\ %E2%82%AC\"";
    CHECK_INT(binary(DATA_SHORT, headers), 0);
    CHECK_STR(ce.id, "a \"b\" \\ €");
    headers[3] = "\"\\\"";
    refused(binary(DATA_SHORT, headers), "", "header ce-id: is not percent-encoded");
    headers[3] = "100%";
    refused(binary(DATA_SHORT, headers), "", "header ce-id: is not percent-encoded");
    headers[3] = "a%00b";
    refused(binary(DATA_SHORT, headers), "", "header ce-id: is not percent-encoded");
    headers[3] = "a%0Ab";
    refused(binary(DATA_SHORT, headers), "", "header ce-id: a control character");
    headers[3] = "a%FF";
    refused(binary(DATA_SHORT, headers), "", "header ce-id: a control character, or not UTF-8");
}

static void
binary_mode_names_the_header_that_is_wrong(void)
{
    static const char *const good[] = {
        "ce-specversion", "1.0", "ce-id", "1", "ce-source", "/s", "ce-type", "t",
        "ce-time", "2026-01-01T00:00:00Z", "content-type", "application/json", NULL,
    };
    static const struct {
        int place;
        const char *value, *words;
    } rows[] = {
        { 0, "0.3", "header ce-specversion: wanted 1.0" },
        { 2, "", "header ce-id: is empty" },
        { 4, "", "header ce-source: is empty" },
        { 6, "", "header ce-type: is empty" },
        { 8, "yesterday", "header ce-time: wanted a date" },
        { 10, "text/plain", "header content-type: wanted application/json" },
        { 10, "application/jsonx", "header content-type: wanted application/json" },
        { 10, "+json", "header content-type: wanted application/json" },
    };
    const char *headers[ARRAY_LEN(good)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        memcpy(headers, good, sizeof(headers));
        headers[rows[i].place + 1] = rows[i].value;
        refused(binary(DATA, headers), "", rows[i].words);
    }
    for (int i = 0; i < 8; i += 2) {
        memcpy(headers, good, sizeof(headers));
        headers[i] = "x-none";
        refused(binary(DATA, headers), "", "is missing");
    }
    memcpy(headers, good, sizeof(headers));
    headers[11] = "Application/Vnd.Sesamy+JSON";
    CHECK_INT(binary(DATA, headers), 0);
    headers[8] = headers[10] = "x-none";
    CHECK_INT(binary(DATA, headers), 0);
    CHECK_STR(ce.time, "");
    refused(binary(DATA_SHORT, headers), "/occured_at", "missing");
}

static void
structured_mode_gives_the_bytes_of_data_as_they_stand(void)
{
    CHECK_INT(structured("{\"data\" : " DATA_SHORT " ,\"id\":\"evt_1\",\"time\":"
                         "\"2026-01-01T00:00:00.000Z\",\"type\":\"checkout.1#confirm\","
                         "\"source\":\"/paywall/vendor_123\",\"specversion\":\"1.0\","
                         "\"datacontenttype\":\"application/json\",\"subject\":\"x\","
                         "\"vendorid\":{\"any\":1}}"), 0);
    CHECK_STR(ce.event.type, "checkout.1#confirm");
    CHECK(ce.event.body_len == strlen(DATA_SHORT));
    CHECK(memcmp(ce.event.body, DATA_SHORT, ce.event.body_len) == 0);
}

#define HEAD "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","

static void
data_may_come_in_base64(void)
{
    /* printf '{"vendorId":"v","userId":"u","occured_at":"2025-11-10T12:00:00Z"}' | base64 */
    CHECK_INT(structured(HEAD "\"data_base64\":\"eyJ2ZW5kb3JJZCI6InYiLCJ1c2VySWQiOiJ1Iiwib2Nj"
                              "dXJlZF9hdCI6IjIwMjUtMTEtMTBUMTI6MDA6MDBaIn0=\"}"), 0);
    CHECK(ce.event.body_len == 65);
    CHECK(memcmp(ce.event.body, "{\"vendorId\"", 11) == 0);
    CHECK_STR(ce.event.occurred, "2025-11-10T12:00:00Z");
    refused(structured(HEAD "\"data_base64\":\"***\"}"), "/data_base64", "not base64");
    refused(structured(HEAD "\"data_base64\":{}}"), "/data_base64", "wanted a string");
    refused(structured(HEAD "\"data_base64\":\"e30=\",\"data\":{}}"), "/data_base64", "beside");
    refused(structured(HEAD "\"data_base64\":\"e30=\"}"), "/data/vendorId", "missing");
}

static void
structured_mode_names_the_member_that_is_wrong(void)
{
    refused(structured("[]"), "", "wanted a CloudEvent");
    refused(structured(HEAD "\"data\":{}"), "", "not valid JSON at byte");
    refused(structured(HEAD "\"data\":{},\"i\\u0064\":\"2\"}"), "", "there twice");
    refused(structured("{\"id\":\"1\"}"), "/specversion", "missing");
    refused(structured("{\"specversion\":1.0}"), "/specversion", "found a number");
    refused(structured("{\"specversion\":\"1.0\",\"id\":null}"), "/id", "missing");
    refused(structured("{\"specversion\":\"1.0\",\"id\":\"\"}"), "/id", "empty");
    refused(structured("{\"specversion\":\"1.0\",\"id\":\"1\"}"), "/source", "missing");
    refused(structured("{\"specversion\":\"1.1\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}"),
            "/specversion", "wanted 1.0");
    refused(structured(HEAD "\"time\":\"now\",\"data\":{}}"), "/time", "wanted a date");
    refused(structured(HEAD "\"datacontenttype\":\"text/xml\",\"data\":{}}"),
            "/datacontenttype", "wanted application/json");
    refused(structured(HEAD "\"x\":1}"), "/data", "missing");
    refused(structured(HEAD "\"data\":null}"), "/data", "wanted a JSON object");
    refused(structured(HEAD "\"data\":\"{}\"}"), "/data", "wanted a JSON object");
    refused(structured(HEAD "\"data\":{\"vendorId\":7}}"), "/data/vendorId", "found a number");
    refused(structured("{\"specversion\":\"1.0\",\"id\":\"a\\u0000b\"}"), "/id", "control");
    refused(structured("{\"specversion\":\"1.0\",\"id\":\"a\\ud800\"}"), "/id", "surrogate");
}

static void
attributes_have_a_limit(void)
{
    char id[CAP_FIELD + 2] = "", text[2 * CAP_FIELD];

    for (int extra = 0; extra <= 1; extra++) {
        memset(id, 'i', (size_t)CAP_FIELD + (size_t)extra);
        snprintf(text, sizeof(text), "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\","
                 "\"data\":" DATA ",\"id\":\"%s\"}", id);
        if (extra)
            refused(structured(text), "/id", "at most 1024 bytes");
        else
            CHECK_INT(structured(text), 0);
    }
}

static void
the_key_tells_source_and_id_apart(void)
{
    static const char fmt[] = "{\"specversion\":\"1.0\",\"source\":\"%s\",\"id\":\"%s\","
                              "\"type\":\"t\",\"data\":" DATA "}";
    char text[512], first[64];

    snprintf(text, sizeof(text), fmt, "/ab", "c");
    CHECK_INT(structured(text), 0);
    snprintf(first, sizeof(first), "%s", ce.key);
    snprintf(text, sizeof(text), fmt, "/a", "bc");
    CHECK_INT(structured(text), 0);
    CHECK(strcmp(first, ce.key) != 0);
    snprintf(text, sizeof(text), fmt, "/ab", "c");
    CHECK_INT(structured(text), 0);
    CHECK_STR(ce.key, first);
}

UNIT_MAIN("model/cloudevent",
          UNIT_TEST(binary_mode_reads_the_headers_and_leaves_the_body_alone),
          UNIT_TEST(headers_are_unquoted_and_percent_decoded_once),
          UNIT_TEST(binary_mode_names_the_header_that_is_wrong),
          UNIT_TEST(structured_mode_gives_the_bytes_of_data_as_they_stand),
          UNIT_TEST(data_may_come_in_base64),
          UNIT_TEST(structured_mode_names_the_member_that_is_wrong),
          UNIT_TEST(attributes_have_a_limit), UNIT_TEST(the_key_tells_source_and_id_apart))
