/* intake: each form an event comes in, each way to be refused, over a socket. */
#include "unit.h"

#include "core/intake.h"
#include "fake_core.h"
#include "net/http_client.h"

#define EVENT(user) "{\"eventType\":\"contract.1#purchased\",\"vendorId\":\"acme\"," \
                    "\"userId\":\"" user "\",\"occured_at\":\"2025-11-10T12:00:00Z\"}"
#define KEY_A "Idempotency-Key: a\r\n"

static struct client client;
/* The next requests' headers besides the type, each with CRLF. */
static const char *headers = "";

static void
begin(void)
{
    headers = "";
    fake_core_open();
}

static void
serve(void)
{
    CLEANUP(free_ptr) char *error = NULL;

    core.httpd = intake_new(&core, &error);
    if (!core.httpd) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    client_open(&client, core.loop, httpd_port(core.httpd));
}

static void
open_site(void)
{
    begin();
    serve();
}

static void
close_site(void)
{
    client_close(&client);
    fake_core_close();
}

static void
send_to(const char *method, const char *path, const char *type, const char *body, size_t len)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(16 * 1024 * 1024);

    buf_printf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, headers);
    if (type)
        buf_printf(&b, "Content-Type: %s\r\n", type);
    if (body)
        buf_printf(&b, "Content-Length: %zu\r\n", len);
    buf_str(&b, "\r\n");
    buf_add(&b, body, len);
    client_send_n(&client, b.data, b.len);
}

static struct answer
post_as(const char *type, const char *body)
{
    send_to("POST", "/v1/events", type, body, strlen(body));
    return client_answer(&client);
}

static void
check_answer(struct answer a, int status, const char *part)
{
    CHECK_INT(a.status, status);
    if (part && (!a.body || !strstr(a.body, part))) {
        fprintf(stderr, "wanted %s in %s\n", part, a.body ? a.body : "(none)");
        CHECK(false);
    }
    answer_free(&a);
}

/* Sent so, accepted, and kept byte for byte as these (NULL ends them). */
static void
check_kept(const char *type, const char *body, const char *one, const char *two)
{
    int before = core.kept_count;

    check_answer(post_as(type, body), 202, two ? "{\"accepted\":2," : "{\"accepted\":1,");
    CHECK_INT(core.kept_count, before + (two ? 2 : 1));
    if (core.kept_count > before)
        CHECK_STR(core.kept[before].body, one);
    if (two && core.kept_count > before + 1)
        CHECK_STR(core.kept[before + 1].body, two);
}

static void
check_refused(const char *type, const char *body, int status, const char *part)
{
    int before = core.accepted;

    check_answer(post_as(type, body), status, part);
    CHECK_INT(core.accepted, before);
}

static void
every_form_keeps_the_bytes_of_each_event(void)
{
    open_site();
    check_kept("application/json", "\t " EVENT("1") " \r\n", EVENT("1"), NULL);
    check_kept("application/json;charset=utf-8", EVENT("2"), EVENT("2"), NULL);
    check_kept("APPLICATION/JSON ; charset=\"UTF-8\"", EVENT("3"), EVENT("3"), NULL);
    check_kept("application/json", " [" EVENT("4") " ,\n" EVENT("5") "]\n", EVENT("4"),
               EVENT("5"));
    check_kept("application/x-ndjson", EVENT("6") "\n\r\n" EVENT("7"), EVENT("6"), EVENT("7"));
    check_kept("application/cloudevents+json",
               "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
               "\"data\": " EVENT("8") "}", EVENT("8"), NULL);
    check_kept("application/cloudevents-batch+json",
               "[{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/s\",\"type\":\"t\","
               "\"data\":" EVENT("9") "},{\"specversion\":\"1.0\",\"id\":\"3\","
               "\"source\":\"/s\",\"type\":\"t\",\"data\":" EVENT("10") "}]",
               EVENT("9"), EVENT("10"));
    headers = "ce-specversion: 1.0\r\nce-id: 4\r\nce-source: /s\r\nce-type: t%20u\r\n";
    check_kept("application/json", EVENT("11"), EVENT("11"), NULL);
    close_site();
}

static void
the_answer_names_each_event_by_its_id(void)
{
    struct answer a;

    open_site();
    headers = KEY_A;
    /* SHA-256 over the key's hash in its scope; worked out with python3's hashlib. */
    a = post_as("application/json", EVENT("1"));
    CHECK_STR(a.body, "{\"accepted\":1,\"duplicates\":0,\"events\":[{\"id\":"
                      "\"" "evt_" "ytpga4bfrctq0cgsxg56abp67m" "\",\"status\":\"accepted\"}]}");
    answer_free(&a);
    close_site();
}

static void
the_same_again_is_a_duplicate_by_each_kind_of_key(void)
{
    static const char *const keys[] = {
        KEY_A, "Idempotency-Key: \"a \\\"b\\\"\"\r\n", "webhook-id: a\r\n", "",
    };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        open_site();
        headers = keys[i];
        check_answer(post_as("application/json", EVENT("1")), 202, "\"duplicates\":0");
        check_answer(post_as("application/json", EVENT("1")), 202,
                     "{\"accepted\":1,\"duplicates\":1,");
        CHECK_INT(core.kept_count, 1);
        close_site();
    }
}

static void
keys_of_different_kinds_do_not_meet(void)
{
    open_site();
    headers = KEY_A;
    check_answer(post_as("application/json", EVENT("1")), 202, "accepted\"}");
    headers = "webhook-id: a\r\n";
    check_answer(post_as("application/json", EVENT("1")), 202, "accepted\"}");
    headers = "Idempotency-Key: \"a\"\r\n";
    check_answer(post_as("application/json", EVENT("1")), 202, "duplicate\"}");
    headers = "Idempotency-Key: a\r\nwebhook-id: other\r\n";
    check_answer(post_as("application/json", EVENT("1")), 202, "duplicate\"}");
    close_site();
}

static void
a_key_with_several_events_counts_their_places(void)
{
    open_site();
    headers = KEY_A;
    check_answer(post_as("application/json", "[" EVENT("1") "," EVENT("1") "]"), 202,
                 "{\"accepted\":2,\"duplicates\":0,");
    check_answer(post_as("application/json", "[" EVENT("1") "," EVENT("1") "]"), 202,
                 "{\"accepted\":2,\"duplicates\":2,");
    CHECK_INT(core.kept_count, 2);
    close_site();
}

static void
a_cloudevent_is_the_same_wherever_in_a_batch_it_stands(void)
{
#define CE(id, user) "{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"/s\"," \
                     "\"type\":\"t\",\"data\":" EVENT(user) "}"
    open_site();
    check_answer(post_as("application/cloudevents-batch+json", "[" CE("1", "a") "]"), 202, "");
    check_answer(post_as("application/cloudevents-batch+json",
                         "[" CE("2", "b") "," CE("1", "a") "]"), 202, "\"duplicates\":1");
    check_answer(post_as("application/cloudevents+json", CE("2", "b")), 202,
                 "\"duplicates\":1");
    close_site();
}

static void
another_event_under_a_known_key_is_refused_and_the_header_named(void)
{
    open_site();
    headers = KEY_A;
    check_answer(post_as("application/json", EVENT("1")), 202, NULL);
    check_answer(post_as("application/json", EVENT("2")), 422,
                 "\"type\":\"urn:hermod:problem:key-reused\"");
    check_answer(post_as("application/json", EVENT("2")), 422,
                 "\"header\":\"Idempotency-Key\"");
    check_answer(post_as("application/json", "[" EVENT("1") "," EVENT("3") "]"), 202, NULL);
    check_answer(post_as("application/json", "[" EVENT("1") "," EVENT("4") "]"), 422,
                 "\"pointer\":\"/1\"");
    CHECK_INT(core.kept_count, 2);
    close_site();
}

static void
a_key_must_be_short_and_printable(void)
{
    CLEANUP(free_ptr) char *most = NULL, *over = NULL;

    open_site();
    most = xasprintf("Idempotency-Key: %0256d\r\n", 0);
    over = xasprintf("Idempotency-Key: %0257d\r\n", 0);
    headers = most;
    check_answer(post_as("application/json", EVENT("1")), 202, NULL);
    headers = over;
    check_refused("application/json", EVENT("1"), 400, "\"header\":\"Idempotency-Key\"");
    headers = "Idempotency-Key: \"\"\r\n";
    check_refused("application/json", EVENT("1"), 400, "1 to 256");
    headers = "Idempotency-Key: \"a\r\n";
    check_refused("application/json", EVENT("1"), 400, "1 to 256");
    headers = "Idempotency-Key: \xc3\xa5\r\n";
    check_refused("application/json", EVENT("1"), 400, "1 to 256");
    close_site();
}

static void
what_is_wrong_with_an_event_is_named_with_its_place(void)
{
    static const struct {
        const char *type, *body;
        int status;
        const char *part;
    } rows[] = {
        { "application/json", "", 400, "wanted a JSON object" },
        { "application/json", "{", 400, "\"type\":\"urn:hermod:problem:invalid-event\"" },
        { "application/json", "null", 400, "wanted a JSON object" },
        { "application/json", "[]", 400, "holds no event" },
        { "application/json", "[" EVENT("1") ",", 400, "not a JSON array" },
        { "application/json", EVENT("1") EVENT("2"), 400, "not valid JSON" },
        { "application/json", "{}", 400, "\"pointer\":\"/eventType\"" },
        { "application/json", "{\"eventType\":\"x\",\"vendorId\":\"acme\",\"userId\":7,"
          "\"occured_at\":\"2025-11-10T12:00:00Z\"}", 400,
          "\"detail\":\"userId: wanted a string, found a number\",\"pointer\":\"/userId\"" },
        { "application/json", "[" EVENT("1") ",{\"eventType\":\"x\",\"vendorId\":\"acme\","
          "\"userId\":\"u\"}]", 400,
          "\"detail\":\"occured_at is missing\",\"pointer\":\"/1/occured_at\"" },
        { "application/json", "[7," EVENT("1") ",{}]", 400,
          "\"errors\":[{\"detail\":\"wanted a JSON object that begins with '{'\","
          "\"pointer\":\"/0\"},{\"detail\":\"eventType is missing\","
          "\"pointer\":\"/2/eventType\"}],\"errorCount\":2}" },
        { "application/x-ndjson", EVENT("1") "\n\n{\n}", 400, "\"pointer\":\"/1\"" },
        { "application/x-ndjson", "\n \n", 400, "holds no event" },
        { "application/cloudevents+json", EVENT("1"), 400, "specversion" },
        { "application/cloudevents-batch+json", EVENT("1"), 400, "not a JSON array" },
    };

    open_site();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check_refused(rows[i].type, rows[i].body, rows[i].status, rows[i].part);
    close_site();
}

static void
a_vendor_without_a_file_is_refused_with_all_the_request(void)
{
    open_site();
    core.vendor = "other";
    check_refused("application/json", "[" EVENT("1") "," EVENT("2") "]", 422,
                  "\"detail\":\"vendorId: no vendor file has vendor: acme\","
                  "\"pointer\":\"/0/vendorId\"");
    check_refused("application/json", EVENT("1"), 422,
                  "\"type\":\"urn:hermod:problem:unknown-vendor\"");
    check_refused("application/json",
                  "{\"eventType\":\"t\",\"vendorId\":\"0123456789012345678901234567890123456789"
                  "0123456789\",\"userId\":\"u\",\"occured_at\":\"2025-11-10T12:00:00Z\"}", 422,
                  "vendor: 0123456789012345678901234567890123456789...");
    close_site();
}

static void
at_most_twenty_mistakes_are_told(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(100000);

    open_site();
    for (int i = 0; i < 30; i++)
        buf_str(&b, i ? ",{}" : "[{}");
    buf_byte(&b, ']');
    check_refused("application/json", buf_text(&b), 400, "\"pointer\":\"/19/eventType\"}],");
    check_refused("application/json", buf_text(&b), 400, "\"errorCount\":30}");
    close_site();
}

static void
a_thousand_events_are_taken_and_one_more_is_not(void)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(1000000);

    open_site();
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "{\"eventType\":\"t\",\"vendorId\":\"acme\",\"userId\":\"%d\","
                       "\"occured_at\":\"2025-11-10T12:00:00Z\"}\n", i);
    check_answer(post_as("application/x-ndjson", buf_text(&b)), 202, "{\"accepted\":1000,");
    CHECK_INT(core.kept_count, 1000);
    buf_str(&b, EVENT("one more"));
    check_refused("application/x-ndjson", buf_text(&b), 413,
                  "\"type\":\"urn:hermod:problem:too-many-events\"");
    CHECK_INT(core.kept_count, 1000);
    close_site();
}

static void
what_is_too_large_is_refused(void)
{
    CLEANUP(free_ptr) char *pad = xcalloc(1, 1024 * 1024 + 1);
    CLEANUP(buf_free) struct buf b = BUF_INIT(4000000);

    open_site();
    memset(pad, 'x', 1024 * 1024);
    buf_printf(&b, "{\"eventType\":\"t\",\"vendorId\":\"acme\",\"userId\":\"u\","
                   "\"occured_at\":\"2025-11-10T12:00:00Z\",\"x\":\"%.*s\"}", 256 * 1024, pad);
    check_refused("application/json", buf_text(&b), 413, "an event may hold 262144 bytes");
    buf_reset(&b);
    buf_printf(&b, "[%s]", pad);
    check_refused("application/json", buf_text(&b), 413,
                  "\"detail\":\"a request's body may hold 1048576 bytes\"");
    close_site();
}

static void
other_paths_methods_and_types_are_refused_and_told_what_is_wanted(void)
{
    struct answer a;
    char *value;

    open_site();
    send_to("POST", "/v1/event", "application/json", EVENT("1"), strlen(EVENT("1")));
    check_answer(client_answer(&client), 404, "urn:hermod:problem:not-found");
    send_to("GET", "/v1/events", NULL, NULL, 0);
    a = client_answer(&client);
    CHECK_INT(a.status, 405);
    value = answer_header(&a, "Allow");
    CHECK_STR(value ? value : "", "POST");
    free(value);
    answer_free(&a);
    a = post_as("application/x-www-form-urlencoded", EVENT("1"));
    CHECK_INT(a.status, 415);
    value = answer_header(&a, "Accept-Post");
    CHECK(value && strstr(value, "application/x-ndjson"));
    free(value);
    value = answer_header(&a, "Content-Type");
    CHECK_STR(value ? value : "", "application/problem+json");
    free(value);
    answer_free(&a);
    check_refused(NULL, EVENT("1"), 415, "found none\",\"header\":\"Content-Type\"");
    check_refused("text/\xc3\xa5", EVENT("1"), 415, "found something unreadable");
    check_refused("application/jso", EVENT("1"), 415, NULL);
    check_refused("application/jsonp", EVENT("1"), 415, NULL);
    check_refused("application/json; charset=iso-8859-1", EVENT("1"), 415, NULL);
    headers = "Content-Encoding: gzip\r\n";
    check_refused("application/json", EVENT("1"), 415, "Content-Encoding");
    close_site();
}

static void
under_pressure_nothing_is_taken_and_the_time_to_come_back_is_told(void)
{
    struct answer a;
    char *after;

    open_site();
    core.pressure = "the journal's disk is nearly full";
    a = post_as("application/json", EVENT("1"));
    CHECK_INT(a.status, 503);
    CHECK(strstr(a.body, "\"detail\":\"the journal's disk is nearly full\"") != NULL);
    after = answer_header(&a, "Retry-After");
    CHECK_STR(after ? after : "", "7");
    free(after);
    answer_free(&a);
    core.pressure = NULL;
    check_answer(post_as("application/json", EVENT("1")), 202, NULL);
    close_site();
}

static void
a_commit_that_fails_is_told_and_can_be_sent_again(void)
{
    struct answer a;
    char *after;

    open_site();
    core.error = -ENOSPC;
    a = post_as("application/json", EVENT("1"));
    CHECK_INT(a.status, 503);
    CHECK(strstr(a.body, "urn:hermod:problem:storage") != NULL);
    CHECK(strstr(a.body, "disk is full") != NULL);
    after = answer_header(&a, "Retry-After");
    CHECK_STR(after ? after : "", "5");
    free(after);
    answer_free(&a);
    core.error = -EIO;
    check_answer(post_as("application/json", EVENT("1")), 503, "send them again");
    core.error = 0;
    check_answer(post_as("application/json", EVENT("1")), 202, "accepted\"}");
    close_site();
}

static void
nothing_is_answered_before_the_commit(void)
{
    open_site();
    core.hold = true;
    send_to("POST", "/v1/events", "application/json", EVENT("1"), strlen(EVENT("1")));
    CHECK(client_until(&client, &core.accepted, 1));
    for (int i = 0; i < 20; i++) {
        loop_once(core.loop);
        client_read(&client);
    }
    CHECK_INT(client.got.len, 0);
    core.hold = false;
    check_answer(client_answer(&client), 202, NULL);
    close_site();
}

static void
a_sender_that_goes_before_the_commit_does_no_harm(void)
{
    open_site();
    core.hold = true;
    send_to("POST", "/v1/events", "application/json", EVENT("1"), strlen(EVENT("1")));
    CHECK(client_until(&client, &core.accepted, 1));
    client_close(&client);
    for (int i = 0; i < 20; i++)
        loop_once(core.loop);
    core.hold = false;
    loop_once(core.loop);
    CHECK_INT(core.kept_count, 1);
    CHECK_STR(core.kept[0].body, EVENT("1"));
    client_open(&client, core.loop, httpd_port(core.httpd));
    check_answer(post_as("application/json", EVENT("1")), 202, "duplicate\"}");
    close_site();
}

static void
a_stop_before_the_commit_does_no_harm(void)
{
    open_site();
    core.hold = true;
    send_to("POST", "/v1/events", "application/json", EVENT("1"), strlen(EVENT("1")));
    CHECK(client_until(&client, &core.accepted, 1));
    httpd_free(core.httpd);
    core.httpd = NULL;
    core.hold = false;
    fake_commit(&core);
    CHECK_INT(core.kept_count, 1);
    close_site();
}

static void
requests_in_one_turn_are_each_answered_with_their_own(void)
{
    struct client many[50];
    char body[256], want[64];

    open_site();
    core.hold = true;
    for (int i = 0; i < 50; i++) {
        int n = snprintf(body, sizeof(body),
                         "{\"eventType\":\"t\",\"vendorId\":\"%s\",\"userId\":\"%d\","
                         "\"occured_at\":\"2025-11-10T12:00:00Z\"}", i % 3 ? "acme" : "x", i);

        client_open(&many[i], core.loop, httpd_port(core.httpd));
        snprintf(want, sizeof(want), "%d", n);
        client_send(&many[i], "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n"
                               "Content-Type: application/json\r\nContent-Length: ");
        client_send(&many[i], want);
        client_send(&many[i], "\r\n\r\n");
        client_send(&many[i], body);
    }
    client_until(&client, &core.accepted, 33);
    core.hold = false;
    for (int i = 0; i < 50; i++) {
        check_answer(client_answer(&many[i]), i % 3 ? 202 : 422, NULL);
        client_close(&many[i]);
    }
    CHECK_INT(core.kept_count, 33);
    close_site();
}

UNIT_MAIN("core/intake",
          UNIT_TEST(every_form_keeps_the_bytes_of_each_event),
          UNIT_TEST(the_answer_names_each_event_by_its_id),
          UNIT_TEST(the_same_again_is_a_duplicate_by_each_kind_of_key),
          UNIT_TEST(keys_of_different_kinds_do_not_meet),
          UNIT_TEST(a_key_with_several_events_counts_their_places),
          UNIT_TEST(a_cloudevent_is_the_same_wherever_in_a_batch_it_stands),
          UNIT_TEST(another_event_under_a_known_key_is_refused_and_the_header_named),
          UNIT_TEST(a_key_must_be_short_and_printable),
          UNIT_TEST(what_is_wrong_with_an_event_is_named_with_its_place),
          UNIT_TEST(a_vendor_without_a_file_is_refused_with_all_the_request),
          UNIT_TEST(at_most_twenty_mistakes_are_told),
          UNIT_TEST(a_thousand_events_are_taken_and_one_more_is_not),
          UNIT_TEST(what_is_too_large_is_refused),
          UNIT_TEST(other_paths_methods_and_types_are_refused_and_told_what_is_wanted),
          UNIT_TEST(under_pressure_nothing_is_taken_and_the_time_to_come_back_is_told),
          UNIT_TEST(a_commit_that_fails_is_told_and_can_be_sent_again),
          UNIT_TEST(nothing_is_answered_before_the_commit),
          UNIT_TEST(a_sender_that_goes_before_the_commit_does_no_harm),
          UNIT_TEST(a_stop_before_the_commit_does_no_harm),
          UNIT_TEST(requests_in_one_turn_are_each_answered_with_their_own))
