/* intake: who may send. The signatures are those of the standardwebhooks library 1.1.1 for
   JavaScript, made and checked with it. */
#include "unit.h"

#include "core/intake.h"
#include "fake_core.h"
#include "net/http_client.h"

#define BODY "{\"eventType\":\"checkout.1#confirm\",\"vendorId\":\"vendor_123\"," \
             "\"userId\":\"user_456\",\"checkoutId\":\"checkout_345\"," \
             "\"occured_at\":\"2025-11-10T12:00:00Z\"}"
#define OLD "whsec_wCwLll4COr7oCPK1SNjVGTqLUim+bzEhpvFuLUGkSbM="
#define NEW "whsec_ThGV3wIN5Z4NZaM6QnnxGD565OXZgOMJ"
#define SIGNED(id, timestamp, signature) \
    "webhook-id: " id "\r\nwebhook-timestamp: " timestamp "\r\n" \
    "webhook-signature: " signature "\r\n"
#define FRESH "v1,R7V326bVjA0G1s+JVrA3yEND0Maw7/5AzUiFhWWFUlQ="

static struct client client;

static void
serve(const char **tokens, size_t token_count, const char **secrets, size_t secret_count)
{
    CLEANUP(free_ptr) char *error = NULL;

    fake_core_open();
    core.vendor = "vendor_123";
    core.config.tokens = tokens;
    core.config.token_count = token_count;
    core.config.signing_secrets = secrets;
    core.config.signing_secret_count = secret_count;
    core.httpd = intake_new(&core, &error);
    if (!core.httpd)
        abort();
    client_open(&client, core.loop, httpd_port(core.httpd));
}

static void
close_site(void)
{
    client_close(&client);
    fake_core_close();
}

static const char *host = "localhost";

static struct answer
post(const char *headers, const char *body)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(100000);

    buf_printf(&b, "POST /v1/events HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
                   "%sContent-Length: %zu\r\n\r\n%s", host, headers, strlen(body), body);
    client_send_n(&client, b.data, b.len);
    return client_answer(&client);
}

static void
check_status(const char *headers, int status)
{
    CLEANUP(answer_free) struct answer a = post(headers, BODY);

    CHECK_INT(a.status, status);
}

/* Refused with this challenge and these words. */
static void
check_refused(const char *headers, const char *challenge, const char *words)
{
    CLEANUP(answer_free) struct answer a = post(headers, BODY);
    CLEANUP(free_ptr) char *got = answer_header(&a, "WWW-Authenticate");

    CHECK_INT(a.status, 401);
    CHECK_STR(got ? got : "", challenge);
    if (!a.body || !strstr(a.body, words)) {
        fprintf(stderr, "wanted %s in %s\n", words, a.body);
        CHECK(false);
    }
}

static void
without_tokens_and_secrets_anyone_may_send(void)
{
    serve(NULL, 0, NULL, 0);
    check_status("", 202);
    check_status("Authorization: Bearer whatever\r\n", 202);
    close_site();
}

static void
without_them_a_web_page_in_a_local_browser_may_not(void)
{
    static const char *tokens[] = { "first" };

    serve(NULL, 0, NULL, 0);
    host = "evil.example:8470";
    check_status("", 403);
    host = "127.0.0.1:8470";
    check_status("", 202);
    host = "[::1]";
    check_status("", 202);
    close_site();
    serve(tokens, 1, NULL, 0);
    host = "hermod.example";
    check_status("Authorization: Bearer first\r\n", 202);
    host = "localhost";
    close_site();
}

static void
each_of_the_tokens_is_good_and_nothing_else_is(void)
{
    static const char *tokens[] = { "first", "second-token" };
    static const char *const bad[] = {
        "Bearer firs", "Bearer firstx", "Bearer First", "Bearer", "Bearer ", "Bearerfirst",
        "first", "Basic first", "Bearer first second-token", "Bearer \"first\"",
    };

    serve(tokens, 2, NULL, 0);
    check_status("Authorization: Bearer first\r\n", 202);
    check_status("authorization: bearer   second-token\r\n", 202);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(free_ptr) char *header = xasprintf("Authorization: %s\r\n", bad[i]);

        check_refused(header, "Bearer realm=\"hermod\", error=\"invalid_token\"",
                      "urn:hermod:problem:unauthorized");
    }
    check_refused("", "Bearer realm=\"hermod\"", "wanted Authorization: Bearer TOKEN");
    check_refused(SIGNED("e", "1767225600", FRESH), "Bearer realm=\"hermod\"", "wanted");
    CHECK_INT(core.accepted, 2);
    close_site();
}

static void
a_signature_is_judged_as_the_standards_library_does(void)
{
    static const struct {
        const char *what, *secret, *headers;
        int status;
        const char *words;
    } rows[] = {
        { "fresh", OLD, SIGNED("e", "1767225600", FRESH), 202, NULL },
        { "age 301 s", OLD, SIGNED("e", "1767225299",
          "v1,510OZXo+oCx/VCbepP2QLIJBqHRPTL9d9SYtdjkWUuc="), 401, "5 minutes ago" },
        { "future 301 s", OLD, SIGNED("e", "1767225901",
          "v1,34kjtmMFqrhfCAIFbjfAdgMSuEs2+AL7CAeKIY34h2I="), 401, "5 minutes ahead" },
        { "wrong secret", NEW, SIGNED("e", "1767225600", FRESH), 401, "no signature" },
        { "two signatures, second matches", NEW, SIGNED("evt_1", "1767225600",
          "v1,TKWqMr4X8KILYkg00xKd3FBXuV4G5ANmX1ilgkcKTUE= "
          "v1,Luen8qqfyRS4gaHrWXs73hTZb0CIPbJbsRomytDePQo="), 202, NULL },
        { "v2 only", OLD, SIGNED("e", "1767225600",
          "v2,R7V326bVjA0G1s+JVrA3yEND0Maw7/5AzUiFhWWFUlQ="), 401, "no signature" },
        { "timestamp not a number", OLD, SIGNED("e", "x", FRESH), 401, "Unix time" },
        { "svix names", OLD, "svix-id: e\r\nsvix-timestamp: 1767225600\r\n"
          "svix-signature: " FRESH "\r\n", 202, NULL },
        { "another id", OLD, SIGNED("f", "1767225600", FRESH), 401, "no signature" },
        { "no id", OLD, "webhook-timestamp: 1767225600\r\nwebhook-signature: " FRESH "\r\n",
          401, "belong together" },
        { "nothing in it", OLD, SIGNED("e", "1767225600", "v1,"), 401, "no signature" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *secrets[] = { rows[i].secret };

        serve(NULL, 0, secrets, 1);
        if (rows[i].status == 401)
            check_refused(rows[i].headers, "Bearer realm=\"hermod\"", rows[i].words);
        else
            check_status(rows[i].headers, rows[i].status);
        close_site();
    }
}

static void
five_minutes_are_just_allowed_both_ways(void)
{
    const char *secrets[] = { OLD };

    for (int i = -1; i <= 1; i += 2) {
        serve(NULL, 0, secrets, 1);
        core.now_ms = (1767225600 + i * 300) * (int64_t)1000;
        check_status(SIGNED("e", "1767225600", FRESH), 202);
        close_site();
    }
}

static void
one_changed_byte_is_refused(void)
{
    const char *secrets[] = { OLD };
    CLEANUP(free_ptr) char *body = xstrdup(BODY);
    struct answer a;

    serve(NULL, 0, secrets, 1);
    for (size_t at = 0; at < sizeof(BODY) - 1; at += 7) {
        body[at] ^= 1;
        a = post(SIGNED("e", "1767225600", FRESH), body);
        CHECK_INT(a.status, 401);
        answer_free(&a);
        body[at] ^= 1;
    }
    a = post(SIGNED("e", "1767225600", FRESH), body);
    CHECK_INT(a.status, 202);
    answer_free(&a);
    close_site();
}

static void
during_rotation_each_secret_is_good(void)
{
    const char *secrets[] = { NEW, OLD };

    serve(NULL, 0, secrets, 2);
    check_status(SIGNED("e", "1767225600", FRESH), 202);
    check_status(SIGNED("evt_1", "1767225600",
                        "v1,Luen8qqfyRS4gaHrWXs73hTZb0CIPbJbsRomytDePQo="), 202);
    close_site();
}

static void
a_signature_will_do_instead_of_a_token(void)
{
    static const char *tokens[] = { "first" }, *secrets[] = { OLD };

    serve(tokens, 1, secrets, 1);
    check_status(SIGNED("e", "1767225600", FRESH), 202);
    check_status("Authorization: Bearer first\r\n", 202);
    check_status("Authorization: Bearer first\r\n" SIGNED("f", "1", "v1,bad"), 202);
    check_status("Authorization: Bearer other\r\n" SIGNED("e", "1767225600", FRESH), 202);
    check_refused("Authorization: Bearer other\r\n", "Bearer realm=\"hermod\", "
                  "error=\"invalid_token\"", "not one of those");
    check_refused(SIGNED("e", "1767225600", "v1,bad"), "Bearer realm=\"hermod\"",
                  "no signature");
    close_site();
}

static void
secrets_alone_want_a_signature(void)
{
    static const char *secrets[] = { OLD };

    serve(NULL, 0, secrets, 1);
    check_refused("", "Bearer realm=\"hermod\"", "or a signature");
    close_site();
}

UNIT_MAIN("core/intake_auth",
          UNIT_TEST(without_tokens_and_secrets_anyone_may_send),
          UNIT_TEST(without_them_a_web_page_in_a_local_browser_may_not),
          UNIT_TEST(each_of_the_tokens_is_good_and_nothing_else_is),
          UNIT_TEST(a_signature_is_judged_as_the_standards_library_does),
          UNIT_TEST(five_minutes_are_just_allowed_both_ways),
          UNIT_TEST(one_changed_byte_is_refused),
          UNIT_TEST(during_rotation_each_secret_is_good),
          UNIT_TEST(a_signature_will_do_instead_of_a_token),
          UNIT_TEST(secrets_alone_want_a_signature))
