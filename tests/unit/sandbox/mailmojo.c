/* Mailmojo's stand-in against what its SDK says. */
#include "box.h"

#define TOKEN "Authorization: Bearer sandbox-mailmojo-token\r\n"
#define ON_LIST "/mailmojo/v1/lists/1/subscribers/"
#define ANNA "/mailmojo/v1/contacts/anna%2Bx%40a.no/"

static void
tokens_and_slashes_are_checked(void)
{
    struct box b;

    box_open(&b, "", NULL);
    BOX_PLAY(&b, { "GET", "/mailmojo/v1/lists/", NULL, 401, "detail", NULL });
    b.auth = "Authorization: Bearer other\r\n";
    BOX_PLAY(&b, { "GET", "/mailmojo/v1/lists/", NULL, 401, "WWW-Authenticate", NULL });
    b.auth = TOKEN;
    BOX_PLAY(&b,
        { "GET", "/mailmojo/v1/lists/", NULL, 200, "\"name\":\"News\"", NULL },
        { "GET", "/mailmojo/v1/lists", NULL, 404, "Not Found", NULL },
        { "GET", "/mailmojo/v1/lists/1/", NULL, 200, "\"id\":1", NULL },
        { "GET", "/mailmojo/v1/lists/2/", NULL, 404, NULL, NULL },
        { "PUT", "/mailmojo/v1/lists/", "{}", 405, NULL, NULL },
        { "POST", ON_LIST, "{oops", 400, "detail", NULL });
    box_close(&b);
}

static void
a_contact_is_subscribed_found_and_changed(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "GET", ANNA, NULL, 404, NULL, NULL },
        { "PATCH", ANNA, "{\"email\":\"anna+x@a.no\"}", 404, NULL, NULL },
        { "POST", "/mailmojo/v1/lists/2/subscribers/", "{\"email\":\"a@a.no\"}", 404, NULL, NULL },
        { "POST", ON_LIST, "{\"email\":\"anna+x@a.no\",\"first_name\":\"Åsa\",\"last_name\":"
          "\"Ø\",\"tags\":[\"vip\"],\"force_subscribe\":false}", 201, "\"name\":\"Åsa Ø\"", NULL },
        { "GET", ANNA, NULL, 200, "\"list_associations\":[{\"list_id\":1", NULL },
        { "GET", ON_LIST "anna%2Bx%40a.no/", NULL, 200, "\"status\":\"a\"", NULL },
        { "GET", ANNA, NULL, 200, "\"phone\":null", NULL },
        { "PATCH", ANNA, "{\"email\":\"anna+x@a.no\",\"phone\":\"+47\",\"tags\":[\"b\"]}", 200,
          "\"tags\":[\"b\"]", "vip" },
        { "PATCH", ANNA, "{\"phone\":\"1\"}", 400, "\"email\":", NULL },
        { "GET", ANNA, NULL, 200, "\"first_name\":\"Åsa\"", NULL },
        { "PATCH", ANNA, "{\"email\":\"anna+x@a.no\",\"name\":\"Eva Lund\",\"first_name\":\"X\"}",
          200, "\"first_name\":\"Eva\"", "\"X\"" },
        { "PATCH", ANNA, "{\"email\":\"new@a.no\"}", 200, "new@a.no", NULL },
        { "GET", ANNA, NULL, 404, NULL, NULL });
    box_close(&b);
}

static void
who_has_left_comes_back_only_by_force(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "POST", ON_LIST, "{\"email\":\"a@a.no\"}", 201, NULL, NULL },
        { "DELETE", ON_LIST "a%40a.no/", NULL, 200, "\"status\":\"u\"", NULL },
        { "GET", "/mailmojo/v1/lists/1/unsubscribed/", NULL, 200, "a@a.no", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"force_subscribe\":false}", 201,
          "\"status\":\"u\"", "\"status\":\"a\"" },
        { "PATCH", "/mailmojo/v1/contacts/a%40a.no/", "{\"email\":\"a@a.no\"}", 200,
          "\"status\":\"u\"", NULL },
        { "GET", ON_LIST, NULL, 200, "[]", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\"}", 201, "\"status\":\"a\"", "\"u\"" },
        { "GET", ON_LIST, NULL, 200, "a@a.no", NULL });
    box_close(&b);
}

static void
custom_values_need_their_fields(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"custom\":{\"sesamy_user_id\":\"u\"}}", 400,
          "There is no field sesamy_user_id", NULL },
        { "GET", "/mailmojo/v1/fields/", NULL, 200, "[]", NULL },
        { "POST", "/mailmojo/v1/fields/", "{\"name\":\"sesamy_user_id\",\"type\":\"text\"}", 201,
          "sesamy_user_id", NULL },
        { "POST", "/mailmojo/v1/fields/", "{\"name\":\"sesamy_user_id\",\"type\":\"text\"}", 400,
          "already", NULL },
        { "POST", "/mailmojo/v1/fields/", "{}", 400, "name", NULL },
        { "GET", "/mailmojo/v1/fields/", NULL, 200, "\"type\":\"text\"", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"custom\":{\"sesamy_user_id\":\"u\"}}", 201,
          "\"custom\":{\"sesamy_user_id\":\"u\"}", NULL },
        { "PATCH", "/_sandbox/mailmojo/settings", "{\"knownFieldsOnly\":false}", 200, NULL, NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"custom\":{\"other\":\"u\"}}", 201, "other",
          NULL });
    box_close(&b);
}

static void
what_is_wrong_stands_under_its_name(void)
{
    struct box b;

    box_open(&b, TOKEN, NULL);
    BOX_PLAY(&b,
        { "POST", ON_LIST, "{}", 400, "{\"email\":[\"Missing", NULL },
        { "POST", ON_LIST, "{\"email\":\"a\"}", 400, "Not a valid email", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"phone\":7}", 400, "\"phone\":", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"tags\":\"x\"}", 400, "\"tags\":", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"tags\":[1]}", 400, "\"tags\":", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"custom\":[]}", 400, "\"custom\":", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"force_subscribe\":\"no\"}", 400,
          "\"force_subscribe\":", NULL },
        { "POST", ON_LIST, "{\"email\":\"a@a.no\",\"subscribed\":\"now\"}", 400, "datetime", NULL },
        { "PUT", "/_sandbox/faults", "{\"path\":\"/mailmojo\",\"script\":\"429,429=3s,403,500\"}",
          200, NULL, NULL },
        { "GET", ON_LIST, NULL, 429, "Too Many", NULL },
        { "GET", ON_LIST, NULL, 429, "Retry-After: 3", NULL },
        { "GET", ON_LIST, NULL, 403, "Forbidden", NULL },
        { "GET", ON_LIST, NULL, 500, "detail", NULL });
    box_close(&b);
}

UNIT_MAIN("sandbox/mailmojo",
          UNIT_TEST(tokens_and_slashes_are_checked),
          UNIT_TEST(a_contact_is_subscribed_found_and_changed),
          UNIT_TEST(who_has_left_comes_back_only_by_force),
          UNIT_TEST(custom_values_need_their_fields),
          UNIT_TEST(what_is_wrong_stands_under_its_name))
