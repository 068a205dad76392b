/* Make.as's stand-in against what its SDK and public integrations show. */
#include "box.h"

#define KEY "Authorization: Basic MTpzYW5kYm94LW1ha2Uta2V5\r\n"
#define SUBSCRIBERS "/make/api/public/v2/subscribers"
#define ON_LIST SUBSCRIBERS "?subscriber_list_id%5B%5D=7"
#define ANNA "{\"email\":\"anna@a.no\"}"

static void
credentials_are_checked(void)
{
    struct box b;

    box_open(&b, "", NULL);
    BOX_PLAY(&b, { "GET", "/make/subscriberlists", NULL, 401, "WWW-Authenticate: Basic", NULL });
    b.auth = "Authorization: Basic MTpvdGhlcg==\r\n";
    BOX_PLAY(&b, { "GET", "/make/subscriberlists", NULL, 401, "Bad credentials", NULL });
    b.auth = KEY;
    BOX_PLAY(&b,
        { "GET", "/make/subscriberlists", NULL, 200, "\"title\":\"Sport\"", NULL },
        { "GET", "/make/subscriberlists/7", NULL, 200, "{\"id\":7,\"title\":\"News\"}", NULL },
        { "GET", "/make/subscriberlists/9", NULL, 404, "404 Not Found", NULL },
        { "GET", "/make/custom_fields", NULL, 200, "[]", NULL },
        { "PUT", "/make/subscriberlists", "{}", 405, NULL, NULL },
        { "POST", ON_LIST, "{oops", 400, NULL, NULL });
    box_close(&b);
}

static void
a_subscriber_is_made_found_and_changed(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "POST", SUBSCRIBERS "/by_email", ANNA, 404, NULL, NULL },
        { "POST", SUBSCRIBERS, ANNA, 422, "subscriber_list_id", NULL },
        { "POST", SUBSCRIBERS "?subscriber_list_id=9", ANNA, 404, NULL, NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"firstname\":\"Åsa\",\"company\":\"A\","
          "\"EXTRA1\":\"x\"}", 200, "\"status\":\"200 Success\"", NULL },
        { "POST", SUBSCRIBERS "/by_email", "{\"email\":\"ANNA@a.no\"}", 200, "\"lists\":[7]",
          NULL },
        { "POST", SUBSCRIBERS "?subscriber_list_id=8", "{\"email\":\"anna@a.no\",\"company\":"
          "\"\"}", 200, "\"lists\":[7,8]", NULL },
        { "GET", SUBSCRIBERS "/1000", NULL, 200, "\"firstname\":\"Åsa\"", "\"company\":\"A\"" },
        { "POST", ON_LIST "&status=unsubscribed", ANNA, 200, "\"email_status\":\"unsubscribed\"",
          NULL },
        { "POST", ON_LIST, ANNA, 200, "\"email_status\":\"unsubscribed\"", NULL },
        { "PATCH", SUBSCRIBERS "/1000", "{\"email\":\"new@a.no\"}", 200, "new@a.no", NULL },
        { "POST", SUBSCRIBERS "/by_email", ANNA, 404, NULL, NULL },
        { "DELETE", SUBSCRIBERS "/1000", NULL, 200, NULL, NULL },
        { "GET", SUBSCRIBERS "/1000", NULL, 404, NULL, NULL });
    box_close(&b);
}

static void
what_is_wrong_is_named(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "POST", ON_LIST, "{}", 422, "email is required", NULL },
        { "POST", ON_LIST, "[]", 422, "object", NULL },
        { "POST", ON_LIST, "{\"email\":\"anna\"}", 422, "email is invalid", NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"zip\":1234}", 422, "zip", NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"birthday\":\"1.2.90\"}", 422, "birthday",
          NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"tags\":\"x\"}", 422, "tags", NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"tags\":[1]}", 422, "tags.0", NULL },
        { "POST", ON_LIST "&tag=add", ANNA, 422, "tag", NULL },
        { "POST", ON_LIST "&status=on", ANNA, 422, "status", NULL },
        { "POST", SUBSCRIBERS "/by_email", "{}", 422, "email", NULL },
        { "GET", "/_sandbox/state/make/subscribers", NULL, 200, "{\n}", NULL });
    box_close(&b);
}

static void
tags_replace_all_there_are_unless_told_to_merge(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"tags\":[\"vip\",\"sesamy_a\"]}", 200,
          "\"tags\":[\"vip\",\"sesamy_a\"]", NULL },
        { "POST", ON_LIST "&tag=merge", "{\"email\":\"anna@a.no\",\"tags\":[\"b\"]}", 200,
          "\"tags\":[\"vip\",\"sesamy_a\",\"b\"]", NULL },
        { "POST", ON_LIST, ANNA, 200, "\"vip\"", NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"tags\":[\"sesamy_b\"]}", 200,
          "\"tags\":[\"sesamy_b\"]", "vip" },
        { "GET", "/make/subscriber_tags", NULL, 200, "\"title\":\"sesamy_a\"", NULL },
        { "POST", "/make/subscriber_tags", "{\"title\":\"Sesamy_A\"}", 422, "taken", NULL },
        { "POST", "/make/subscriber_tags", "{\"title\":\"new\"}", 200, "\"title\":\"new\"", NULL },
        { "POST", "/make/subscriber_tags", "{}", 422, "title", NULL },
        { "PATCH", "/_sandbox/make/settings", "{\"createTags\":false,\"tagObjects\":true}", 200,
          NULL, NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"tags\":[\"unseen\"]}", 422, "tags.0",
          NULL },
        { "POST", ON_LIST, "{\"email\":\"anna@a.no\",\"tags\":[\"NEW\"]}", 200,
          "\"title\":\"new\"", NULL });
    box_close(&b);
}

static void
rows_come_as_a_bare_array(void)
{
#define PRODUCTS SUBSCRIBERS "/subscriptions/products/bulkinsert"
#define ROWS SUBSCRIBERS "/subscriptions/bulkinsert"
    CLEANUP(buf_free) struct buf many = BUF_INIT(1 << 20);
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "POST", PRODUCTS, "{\"rows\":[]}", 422, "array", NULL },
        { "POST", PRODUCTS, "[{\"external_id\":\"mag|po\"}]", 422, "row 0: name", NULL },
        { "POST", PRODUCTS, "[{\"external_id\":\"mag|po\",\"name\":\"Mag - Month\"}]", 200,
          "\"count\":1", NULL },
        { "POST", ROWS, "[{\"external_id\":\"c1\",\"product_external_id\":\"mag|po\",\"email\":"
          "\"anna@a.no\"}]", 422, "no subscriber", NULL },
        { "POST", ON_LIST, ANNA, 200, NULL, NULL },
        { "POST", ROWS, "[{\"external_id\":\"c1\",\"product_external_id\":\"x\",\"email\":"
          "\"anna@a.no\"}]", 422, "product_external_id", NULL },
        { "POST", ROWS, "[{\"external_id\":\"c1\",\"product_external_id\":\"mag|po\",\"email\":"
          "\"anna@a.no\"}]", 200, "\"count\":1", NULL },
        { "POST", ROWS "_by_external_id", "[{\"external_id\":\"c2\",\"product_external_id\":"
          "\"mag|po\"}]", 200, NULL, NULL },
        { "POST", ROWS, "[1]", 422, "row 0", NULL },
        { "GET", "/_sandbox/state/make/subscriptions", NULL, 200, "\"c2\"", NULL },
        { "POST", SUBSCRIBERS "/bulkinsert?subscriber_list_id=7", "[{\"email\":\"x@a.no\"},"
          "{\"email\":\"y@a.no\"}]", 200, "\"count\":2", NULL },
        { "POST", SUBSCRIBERS "/bulkinsert", "[]", 422, "subscriber_list_id", NULL });
    buf_str(&many, "[{}");
    for (int i = 0; i < 1000; i++)
        buf_str(&many, ",{}");
    buf_str(&many, "]");
    box_check(&b, &(struct exchange){ "POST", PRODUCTS, buf_text(&many), 422, "1000", NULL });
    box_close(&b);
}

static void
statuses_have_their_bodies(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults", "{\"path\":\"/make\",\"script\":\"429,429=3s,503,500\"}", 200,
          NULL, NULL },
        { "GET", "/make/subscriberlists", NULL, 429, "Too Many Requests", NULL },
        { "GET", "/make/subscriberlists", NULL, 429, "Retry-After: 3", NULL },
        { "GET", "/make/subscriberlists", NULL, 503, "message", NULL },
        { "GET", "/make/subscriberlists", NULL, 500, "message", NULL });
    box_close(&b);
}

UNIT_MAIN("sandbox/make",
          UNIT_TEST(credentials_are_checked),
          UNIT_TEST(a_subscriber_is_made_found_and_changed),
          UNIT_TEST(what_is_wrong_is_named),
          UNIT_TEST(tags_replace_all_there_are_unless_told_to_merge),
          UNIT_TEST(rows_come_as_a_bare_array),
          UNIT_TEST(statuses_have_their_bodies))
