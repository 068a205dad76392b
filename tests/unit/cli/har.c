#include "cli/har.h"
#include "runner/call.h"
#include "unit.h"

static struct setting_info row = { .name = "key", .type = SETTING_STRING,
                                   .flags = SETTING_SECRET };
static struct setting_value value = { .set = true, .text = "k/e \"y" };
static struct plugin_info plugin = { .settings = &row, .setting_count = 1 };

static struct http_header sent[] = {
    { "Content-Type", "application/json" },
    { "authorization", "Basic abc" },
    { "X-Key", "a k/e \"y b" },
};
static struct http_header answered[] = { { "Location", "/next" }, { "Content-Type", "text/plain" } };

static struct hermod_request
request(void)
{
    return (struct hermod_request){
        .method = "POST", .url = "https://a.example/x?key=k%2Fe%20%22y&b=%C3%A5&c",
        .headers = sent, .header_count = 3, .body = "{\"k\":\"k/e \\\"y\"}", .body_len = 15,
        .response = { .pub = { .status = 302, .error = "", .body = "moved", .body_len = 5 },
                      .headers = answered, .header_count = 2 },
    };
}

static void
entry_is(const struct hermod_request *q, const struct setting_value *values, const char *want)
{
    struct har_secrets secrets = { &plugin, values };
    struct buf out = BUF_INIT(10000);
    struct arena a;

    arena_init(&a, 0);
    har_entry(&out, &a, q, 1762776001000, "c.yaml: d", &secrets);
    CHECK_STR(buf_text(&out), want);
    buf_free(&out);
    arena_free(&a);
}

#define TAIL                                                                             \
    ",\"cache\":{},\"timings\":{\"send\":0,\"wait\":0,\"receive\":0},"                    \
    "\"comment\":\"c.yaml: d\"}"
#define HEAD "{\"startedDateTime\":\"2025-11-10T12:00:01.000Z\",\"time\":0,"
#define ANSWER                                                                           \
    ",\"response\":{\"status\":302,\"statusText\":\"Found\",\"httpVersion\":\"HTTP/1.1\"," \
    "\"cookies\":[],\"headers\":[{\"name\":\"Location\",\"value\":\"/next\"},"            \
    "{\"name\":\"Content-Type\",\"value\":\"text/plain\"}],\"content\":{\"size\":5,"      \
    "\"mimeType\":\"text/plain\",\"text\":\"moved\"},\"redirectURL\":\"/next\","          \
    "\"headersSize\":-1,\"bodySize\":5}"

static void
an_entry_is_har_1_2_with_secrets_hidden_wherever_they_stand(void)
{
    struct hermod_request q = request();

    entry_is(&q, &value,
             HEAD "\"request\":{\"method\":\"POST\","
             "\"url\":\"https://a.example/x?key=***&b=%C3%A5&c\",\"httpVersion\":\"HTTP/1.1\","
             "\"cookies\":[],\"headers\":[{\"name\":\"Content-Type\",\"value\":"
             "\"application/json\"},{\"name\":\"authorization\",\"value\":\"***\"},"
             "{\"name\":\"X-Key\",\"value\":\"a *** b\"}],\"queryString\":[{\"name\":\"key\","
             "\"value\":\"***\"},{\"name\":\"b\",\"value\":\"å\"},{\"name\":\"c\",\"value\":"
             "\"\"}],\"postData\":{\"mimeType\":\"application/json\",\"params\":[],\"text\":"
             "\"{\\\"k\\\":\\\"***\\\"}\"},\"headersSize\":-1,\"bodySize\":15}" ANSWER TAIL);
}

static void
secrets_are_shown_when_asked_for(void)
{
    struct hermod_request q = request();

    q.url = "https://a.example/";
    q.header_count = 2;
    entry_is(&q, NULL,
             HEAD "\"request\":{\"method\":\"POST\",\"url\":\"https://a.example/\","
             "\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":[{\"name\":"
             "\"Content-Type\",\"value\":\"application/json\"},{\"name\":\"authorization\","
             "\"value\":\"Basic abc\"}],\"queryString\":[],\"postData\":{\"mimeType\":"
             "\"application/json\",\"params\":[],\"text\":\"{\\\"k\\\":\\\"k/e \\\\\\\"y\\\"}\"},"
             "\"headersSize\":-1,\"bodySize\":15}" ANSWER TAIL);
}

static void
bytes_are_base64_and_no_answer_has_its_reason(void)
{
    struct hermod_request q = {
        .method = "PUT", .url = "https://a.example/", .body = "\xff", .body_len = 1,
        .response = { .pub = { .error = "refused", .body = "" } },
    };

    entry_is(&q, &value,
             HEAD "\"request\":{\"method\":\"PUT\",\"url\":\"https://a.example/\","
             "\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":[],\"queryString\":[],"
             "\"postData\":{\"mimeType\":\"\",\"params\":[],\"text\":\"/w==\",\"_encoding\":"
             "\"base64\"},\"headersSize\":-1,\"bodySize\":1},\"response\":{\"status\":0,"
             "\"statusText\":\"\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":[],"
             "\"content\":{\"size\":0,\"mimeType\":\"\",\"text\":\"\"},\"redirectURL\":\"\","
             "\"headersSize\":-1,\"bodySize\":0,\"_error\":\"refused\"}" TAIL);
}

UNIT_MAIN("cli/har", UNIT_TEST(an_entry_is_har_1_2_with_secrets_hidden_wherever_they_stand),
          UNIT_TEST(secrets_are_shown_when_asked_for),
          UNIT_TEST(bytes_are_base64_and_no_answer_has_its_reason))
