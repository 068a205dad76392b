/* Every way to call a service wrongly: the call is marked, nothing crashes, and the text says
   which service and what. */
#include "fake_far.h"
#include "unit.h"

#define USED(x) ((x) == 0)        /* some results must be used */
#define REQUEST(f) hermod_http_request((f)->c, "POST", "https://a.example/")

/* Each: one mistake, in a call of its own. other: a request of another call. */
#define MISTAKES(X)                                                                           \
    X(hermod_log_info(c, NULL), "hermod_log: the format is NULL")                             \
    X(USED(hermod_http_request(c, NULL, "https://a.example/")),                               \
      "hermod_http_request: the method is NULL")                                              \
    X(USED(hermod_http_request(c, "get", "https://a.example/")),                              \
      "hermod_http_request: the method is not a method: wanted upper-case letters, such as "  \
      "POST")                                                                                 \
    X(USED(hermod_http_request(c, "GET", NULL)), "hermod_http_request: the URL is NULL")      \
    X(USED(svc_http.open(c, "GET", NULL, "/")), "hermod_http_open: the base URL is NULL")     \
    X(USED(svc_http.open(c, "GET", "https://a.example", NULL)),                               \
      "hermod_http_open: the path is NULL")                                                   \
    X(USED(svc_http.open(c, "GET", "https://a.example", "/%s/%s", "a", (const char *)NULL)),  \
      "hermod_http_open: value 2 is NULL")                                                    \
    X(hermod_http_query(c, NULL, "a", "b"), "hermod_http_query: the request is NULL")         \
    X(hermod_http_query(c, other, "a", "b"),                                                  \
      "hermod_http_query: the request is another call's")                                     \
    X(hermod_http_query(c, q, NULL, "b"), "hermod_http_query: the name is NULL")              \
    X(hermod_http_query(c, q, "a", NULL), "hermod_http_query: the value is NULL")             \
    X(hermod_http_header(c, NULL, "a", "b"), "hermod_http_header: the request is NULL")       \
    X(hermod_http_header(c, q, NULL, "b"), "hermod_http_header: the name is NULL")            \
    X(hermod_http_header(c, q, "a", NULL), "hermod_http_header: the value is NULL")           \
    X(hermod_http_bearer(c, q, NULL), "hermod_http_bearer: the token is NULL")                \
    X(hermod_http_bearer(c, other, "x"), "hermod_http_bearer: the request is another call's") \
    X(hermod_http_basic(c, q, NULL, "x"), "hermod_http_basic: the user is NULL")              \
    X(hermod_http_basic(c, q, "x", NULL), "hermod_http_basic: the password is NULL")          \
    X(hermod_http_json(c, NULL, NULL), "hermod_http_json: the request is NULL")               \
    X(hermod_http_form(c, q, NULL, "x"), "hermod_http_form: the name is NULL")                \
    X(hermod_http_form(c, q, "x", NULL), "hermod_http_form: the value is NULL")               \
    X(hermod_http_body(c, q, NULL, "x", 1), "hermod_http_body: the content type is NULL")     \
    X(hermod_http_body(c, q, "text/plain", NULL, 1), "hermod_http_body: the data is NULL")    \
    X(hermod_http_timeout(c, q, 0), "hermod_http_timeout: 0 ms; wanted more than 0")          \
    X(hermod_http_start(c, NULL), "hermod_http_start: the request is NULL")                   \
    X(hermod_http_start(c, other), "hermod_http_start: the request is another call's")        \
    X((hermod_http_start(c, q), hermod_http_start(c, q)),                                     \
      "hermod_http_start: the request has been started already")                              \
    X((hermod_http_start(c, q), hermod_http_header(c, q, "a", "b")),                          \
      "hermod_http_header: the request has been started already")                             \
    X(USED(hermod_http_wait(c, NULL)), "hermod_http_wait: the request is NULL")               \
    X(USED(hermod_http_wait(c, other)), "hermod_http_wait: the request is another call's")    \
    X(USED(hermod_http_wait(c, q)), "hermod_http_wait: the request has not been started")     \
    X(USED(hermod_http_response_header(c, NULL, "a")),                                        \
      "hermod_http_response_header: the response is not one of this call's")                  \
    X(USED(hermod_http_response_header(c, hermod_http_send(c, q), NULL)),                     \
      "hermod_http_response_header: the name is NULL")                                        \
    X(USED(hermod_http_outcome(c, NULL)), "hermod_http_outcome: the response is NULL")        \
    X(USED(hermod_http_outcome(c, &other->response.pub)),                                     \
      "hermod_http_response_header: the response is not one of this call's")                  \
    X(hermod_skip(c, NULL), "hermod_skip: the reason is NULL")                                \
    X(USED(hermod_product(c, NULL)), "hermod_product: the SKU is NULL")                       \
    X(USED(hermod_tags_merge(c, NULL)), "hermod_tags_merge: the list is NULL")                \
    X(USED(hermod_tags_missing(c, NULL)), "hermod_tags_missing: the list is NULL")            \
    X(USED(hermod_tags_stale(c, NULL)), "hermod_tags_stale: the list is NULL")                \
    X(hermod_fail(c, NULL), "hermod_fail: the reason is NULL")                                \
    X(hermod_pause(c, NULL), "hermod_pause: the reason is NULL")                              \
    X(hermod_retry(c, 0, NULL), "hermod_retry: the reason is NULL")                           \
    X(hermod_retry(c, -1, "x"), "hermod_retry: a wait of -1 ms")                              \
    X(hermod_hold(c, -1), "hermod_hold: a time of -1 ms")                                     \
    X(USED(hermod_json_parse(c, NULL, 3)), "hermod_json_parse: the text is NULL")             \
    X(hermod_json_set(c, a, "k", NULL),                                                       \
      "hermod_json_set: the value to set a key of is not an object")                          \
    X(hermod_json_set(c, NULL, "k", NULL),                                                    \
      "hermod_json_set: the value to set a key of is not an object")                          \
    X(hermod_json_set(c, o, NULL, NULL), "hermod_json_set: the key is NULL")                  \
    X(hermod_json_set_int(c, o, "\xff", 1), "hermod_json_set_int: the key is not UTF-8")      \
    X(hermod_json_set_string(c, o, "k", NULL),                                                \
      "hermod_json_set_string: the value of \"k\" is NULL")                                   \
    X(hermod_json_set_string(c, a, "k", "v"),                                                 \
      "hermod_json_set_string: the value to set a key of is not an object")                   \
    X(hermod_json_set_bool(c, a, "k", true),                                                  \
      "hermod_json_set_bool: the value to set a key of is not an object")                     \
    X(hermod_json_set_number(c, o, "k", "1,5"),                                               \
      "hermod_json_set_number: the value of \"k\" is not a JSON number")                      \
    X(hermod_json_set_number(c, o, "k", NULL),                                                \
      "hermod_json_set_number: the value of \"k\" is not a JSON number")                      \
    X(hermod_json_set_strings(c, o, "k", NULL),                                               \
      "hermod_json_set_strings: the list for \"k\" is NULL")                                  \
    X(hermod_json_add(c, o, NULL), "hermod_json_add: the value to add to is not an array")    \
    X(hermod_json_add_string(c, o, "v"),                                                      \
      "hermod_json_add_string: the value to add to is not an array")                          \
    X(hermod_json_add_string(c, a, NULL), "hermod_json_add_string: the value is NULL")        \
    X(hermod_json_set(c, o, "k", o), "hermod_json_set: a value was put into itself")          \
    X((hermod_json_set(c, o, "k", a), hermod_json_add(c, a, o)),                              \
      "hermod_json_add: a value was changed after it had been put into another")              \
    X(nest(c, o), "hermod_json_set: values are nested too deep")                              \
    X(USED(hermod_json_get(c, o, NULL)), "hermod_json_get: the path is NULL")                 \
    X(USED(hermod_json_get_int(c, o, NULL, 0)), "hermod_json_get: the path is NULL")          \
    X(hermod_json_get_strings(c, o, NULL, ""), "hermod_json_get: the path is NULL")           \
    X(hermod_json_get_strings(c, o, "", NULL),                                                \
      "hermod_json_get_strings: the member is NULL")                                          \
    X(hermod_hash(c, "sha512", "", 0),                                                        \
      "hermod_hash: the algorithm is \"sha512\"; wanted md5, sha1 or sha256")                 \
    X(hermod_hash(c, NULL, "", 0),                                                            \
      "hermod_hash: the algorithm is \"(null)\"; wanted md5, sha1 or sha256")                 \
    X(hermod_hash(c, "md5", NULL, 1), "hermod_hash: the data is NULL")                        \
    X(hermod_hmac(c, "x", "", 0, "", 0),                                                      \
      "hermod_hmac: the algorithm is \"x\"; wanted md5, sha1 or sha256")                      \
    X(hermod_hmac(c, "md5", NULL, 1, "", 0), "hermod_hmac: the key is NULL")                  \
    X(hermod_hmac(c, "md5", "", 0, NULL, 1), "hermod_hmac: the data is NULL")                 \
    X(hermod_hex(c, NULL, 1), "hermod_hex: the data is NULL")                                 \
    X(hermod_base64(c, NULL, 1), "hermod_base64: the data is NULL")                           \
    X(USED(hermod_base64_decode(c, NULL, &bytes)), "hermod_base64_decode: the text is NULL")  \
    X(USED(hermod_base64_decode(c, "", NULL)),                                                \
      "hermod_base64_decode: the place for the result is NULL")                               \
    X(hermod_format(c, NULL), "hermod_format: the text is NULL")                              \
    X(hermod_lower(c, NULL), "hermod_lower: the text is NULL")                                \
    X(hermod_nfc(c, NULL), "hermod_nfc: the text is NULL")                                    \
    X(hermod_slug(c, NULL), "hermod_slug: the text is NULL")                                  \
    X(hermod_trim(c, NULL), "hermod_trim: the text is NULL")                                  \
    X(hermod_cut(c, NULL, 1), "hermod_cut: the text is NULL")                                 \
    X(hermod_percent(c, NULL), "hermod_percent: the text is NULL")                            \
    X(hermod_phone(c, NULL, ""), "hermod_phone: the text is NULL")                            \
    X(hermod_phone(c, "1", NULL), "hermod_phone: the text is NULL")                           \
    X(USED(hermod_time_parse(c, NULL, &ms)), "hermod_time_parse: the text is NULL")           \
    X(USED(hermod_time_parse(c, "x", NULL)),                                                  \
      "hermod_time_parse: the place for the result is NULL")                                  \
    X(hermod_time_format(c, 0, NULL), "hermod_time_format: the format is NULL")               \
    X(hermod_memo(c, NULL), "hermod_memo: the key is NULL")                                   \
    X(hermod_memo(c, ""), "hermod_memo: the key is empty")                                    \
    X(hermod_memo_set(c, NULL, "v", 1), "hermod_memo_set: the key is NULL")                   \
    X(hermod_memo_set(c, "k", NULL, 1), "hermod_memo_set: the value is NULL")                 \
    X(hermod_memo_set(c, "k", "v", 0), "hermod_memo_set: a time of 0 ms; wanted more than 0") \
    X(hermod_exclusive(c, NULL), "hermod_exclusive: the key is NULL")

static void
nest(struct hermod_call *c, struct hermod_json *inner)
{
    for (int i = 0; i < 64; i++) {
        struct hermod_json *outer = hermod_json_object(c);

        hermod_json_set(c, outer, "k", inner);
        inner = outer;
    }
}

struct places {
    struct hermod_call *c;
    struct hermod_request *q, *other;
    struct hermod_json *o, *a;
    struct hermod_bytes bytes;
    int64_t ms;
};

/* Makes the mistake of that number; what is to be said of it, or NULL past the last. */
static const char *
make(int number, struct places *p)
{
    struct hermod_call *c = p->c;
    struct hermod_request *q = p->q, *other = p->other;
    struct hermod_json *o = p->o, *a = p->a;
    struct hermod_bytes bytes = p->bytes;
    int64_t ms = p->ms;
    int i = 0;

#define ONE(mistake, want)            \
    if (number == i++) {              \
        (void)(mistake);              \
        return "plugin mistake: " want; \
    }
    MISTAKES(ONE)
#undef ONE
    return NULL;
}

static void
every_mistake_marks_the_call_and_says_what_it_was(void)
{
    struct fake f, stranger;
    const char *want = "";
    int made = 0;

    fake_begin(&stranger);
    while (want) {
        struct places p = { .other = REQUEST(&stranger) };

        fake_begin(&f);
        p.c = f.c;
        p.q = REQUEST(&f);
        p.o = hermod_json_object(p.c);
        p.a = hermod_json_array(p.c);
        want = make(made++, &p);
        if (want) {
            CHECK_STR(fake_mark(&f), want);
            CHECK_INT(call_outcome(&f.call, HERMOD_DELIVERED), HERMOD_FAILED);
        }
        fake_end(&f);
    }
    CHECK(made > 80);
    CHECK_STR(fake_mark(&stranger), "");
    fake_end(&stranger);
}

static void
no_slot_of_a_table_is_empty(void)
{
    static const struct {
        const void *group;
        size_t size;
    } groups[] = {
        { &svc_log, sizeof(svc_log) },       { &svc_http, sizeof(svc_http) },
        { &svc_json, sizeof(svc_json) },     { &svc_retry, sizeof(svc_retry) },
        { &svc_crypto, sizeof(svc_crypto) }, { &svc_text, sizeof(svc_text) },
        { &svc_time, sizeof(svc_time) },     { &svc_memo, sizeof(svc_memo) },
        { &svc_subscriber, sizeof(svc_subscriber) },
        { &svc_tags, sizeof(svc_tags) },
    };

    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        for (size_t at = 0; at < groups[i].size; at += sizeof(void *)) {
            const void *slot;

            memcpy(&slot, (const char *)groups[i].group + at, sizeof(slot));
            CHECK(slot != NULL);
        }
    for (size_t at = offsetof(struct hermod_host, log); at < sizeof(services);
         at += sizeof(void *)) {
        const void *group;

        memcpy(&group, (const char *)&services + at, sizeof(group));
        CHECK(group != NULL);
    }
}

UNIT_MAIN("runner/misuse", UNIT_TEST(every_mistake_marks_the_call_and_says_what_it_was),
          UNIT_TEST(no_slot_of_a_table_is_empty))
