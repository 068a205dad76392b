/* mailmojo.c - Mailmojo API v1: contacts, lists and account fields. Paths end in '/'. State:
   account.token; lists {id: {name}}; contacts by e-mail address, whose `lists` say {list id:
   status}; fields {name: type}. settings: knownFieldsOnly (a custom value needs its field).
   The path of account fields, /v1/fields/, is a guess: the vendor's is not published. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/stand.h"

static const char *const base[] = { "v1", NULL };
static const char seed[] =
    "{'account': {'token': 'sandbox-mailmojo-token'}, 'lists': {'1': {'name': 'News'}},"
    " 'contacts': {}, 'fields': {}, 'settings': {'knownFieldsOnly': true}}";

static void
error(struct ask *a, int status, const char *detail)
{
    static const struct {
        int status;
        const char *title;
    } rows[] = {
        { 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" },
        { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 429, "Too Many Requests" },
        { 503, "Service Unavailable" },
    };
    const char *title = status < 500 ? "Bad Request" : "Internal Server Error";

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status)
            title = rows[i].title;
    ask_reply(a, status, js_make("title:s detail:s", title, detail ? detail : title));
}

/* 400 with the problem under the name of the member. */
static void
invalid(struct ask *a, const char *member, const char *message)
{
    struct json_object *body = json_object_new_object(), *texts = json_object_new_array();

    js_append(texts, js_text(message));
    js_put(body, member, texts);
    ask_reply(a, 400, body);
}

/* Limits and hints are not documented; a test may ask for one. */
static int64_t
throttle(struct ask *a, int64_t wait_ms)
{
    error(a, 429, NULL);
    if (wait_ms >= 0)
        ask_header(a, "Retry-After", "%lld", (long long)(wait_ms + 999) / 1000);
    return wait_ms;
}

static bool
admit(struct ask *a)
{
    const char *token = ask_bearer(a), *want = js_str(js_object(a->state, "account"), "token");

    if (token && want && str_eq(token, want))
        return true;
    error(a, 401, "The access token is missing or not valid");
    ask_header(a, "WWW-Authenticate", "Bearer");
    return false;
}

static const char *
now(struct ask *a)
{
    return ask_time_as(a, a->now_ms, "%Y-%m-%dT%H:%M:%SZ");
}

static struct json_object *
find(struct ask *a, const char *email)
{
    return js_object(js_need_object(a->state, "contacts"), ask_lower(a, email));
}

/* The list of arg[0]; false: it has answered. */
static bool
list_there(struct ask *a)
{
    if (js_object(js_object(a->state, "lists"), a->arg[0]))
        return true;
    error(a, 404, NULL);
    return false;
}

static struct json_object *
contact_answer(struct ask *a, const char *email, struct json_object *one)
{
    static const char *const shown[] = { "first_name", "last_name", "name", "phone" };
    struct json_object *lists = json_object_new_array(), *whole;
    const char *address = js_str(one, "email") ? js_str(one, "email") : email;

    json_object_object_foreach(js_need_object(one, "lists"), id, status) {
        int64_t n = 0;

        parse_i64(id, 0, INT64_MAX, &n);
        js_append(lists, js_make("list_id:i email:s status:o", n, address, js_ref(status)));
    }
    whole = js_make("email:s status:s added:s custom:o tags:o list_associations:o", address,
                    js_str(one, "status") ? js_str(one, "status") : "a",
                    js_str(one, "added") ? js_str(one, "added") : now(a),
                    js_copy(js_need_object(one, "custom")), js_copy(js_need_array(one, "tags")),
                    lists);
    for (size_t i = 0; i < ARRAY_LEN(shown); i++)
        js_put(whole, shown[i], js_copy(js_get(one, shown[i])));
    return whole;
}

static bool
tags_good(struct ask *a)
{
    struct json_object *tags = js_array(a->body, "tags");

    if (js_has(a->body, "tags") && !tags) {
        invalid(a, "tags", "Not a valid list.");
        return false;
    }
    for (size_t i = 0; tags && i < json_object_array_length(tags); i++)
        if (!json_object_is_type(json_object_array_get_idx(tags, i), json_type_string)) {
            invalid(a, "tags", "Not a valid string.");
            return false;
        }
    return true;
}

static bool
custom_good(struct ask *a)
{
    struct json_object *custom = js_object(a->body, "custom");
    bool known = js_bool(js_object(a->state, "settings"), "knownFieldsOnly", true);

    if (js_has(a->body, "custom") && !custom) {
        invalid(a, "custom", "Not a valid object.");
        return false;
    }
    if (!custom || !known)
        return true;
    json_object_object_foreach(custom, name, value) {
        (void)value;
        if (!js_has(js_need_object(a->state, "fields"), name)) {
            invalid(a, "custom", ask_printf(a, "There is no field %s.", name));
            return false;
        }
    }
    return true;
}

static bool
body_good(struct ask *a)
{
    static const char *const texts[] = { "email", "first_name", "last_name", "name", "phone",
                                         "subscribed" };
    const char *email = js_str(a->body, "email"), *at = js_str(a->body, "subscribed");
    int64_t ms;

    if (!email) {
        invalid(a, "email", "Missing data for required field.");
        return false;
    }
    if (!email_looks_good(email)) {
        invalid(a, "email", "Not a valid email address.");
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (js_has(a->body, texts[i]) && !js_str(a->body, texts[i])) {
            invalid(a, texts[i], "Not a valid string.");
            return false;
        }
    if (at && time_parse_rfc3339(at, &ms) != 0) {
        invalid(a, "subscribed", "Not a valid datetime.");
        return false;
    }
    if (js_has(a->body, "force_subscribe") &&
        !json_object_is_type(js_get(a->body, "force_subscribe"), json_type_boolean)) {
        invalid(a, "force_subscribe", "Not a valid boolean.");
        return false;
    }
    return tags_good(a) && custom_good(a);
}

/* name counts before the two parts of it; tags and custom are written whole. */
static void
write_contact(struct ask *a, struct json_object *one)
{
    static const char *const texts[] = { "first_name", "last_name", "phone", "tags", "custom" };
    const char *name = js_str(a->body, "name");

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (js_has(a->body, texts[i]) && !(name && i < 2))
            js_put(one, texts[i], js_copy(js_get(a->body, texts[i])));
    if (name) {
        const char *space = strrchr(name, ' ');

        js_put_str(one, "first_name", ask_printf(a, "%.*s", (int)(space ? space - name :
                                                                  (ptrdiff_t)strlen(name)),
                                                 name));
        js_put_str(one, "last_name", space ? space + 1 : "");
    }
    if (js_str(one, "first_name") || js_str(one, "last_name"))
        js_put_str(one, "name", ask_printf(
            a, "%s%s%s", js_str(one, "first_name") ? js_str(one, "first_name") : "",
            js_str(one, "first_name") && js_str(one, "last_name") ? " " : "",
            js_str(one, "last_name") ? js_str(one, "last_name") : ""));
}

/* Who has left comes back only when the subscription is forced, as it is unless said. */
static void
subscribe(struct ask *a)
{
    const char *email = js_str(a->body, "email"), *status;
    struct json_object *one;

    if (!list_there(a) || !body_good(a))
        return;
    one = find(a, email);
    if (!one) {
        one = js_make("email:s status:s added:s", email, "a", now(a));
        js_put(js_need_object(a->state, "contacts"), ask_lower(a, email), one);
    }
    status = js_str(js_need_object(one, "lists"), a->arg[0]);
    if (!status || js_bool(a->body, "force_subscribe", true)) {
        js_put_str(js_object(one, "lists"), a->arg[0], "a");
        js_put_str(one, "status", "a");
    }
    write_contact(a, one);
    ask_reply(a, 201, contact_answer(a, email, one));
}

/* The contact of an argument; NULL: it has answered. */
static struct json_object *
need(struct ask *a, const char *email)
{
    struct json_object *one = find(a, email);

    if (!one)
        error(a, 404, NULL);
    return one;
}

static void
get_contact(struct ask *a)
{
    struct json_object *one = need(a, a->arg[0]);

    if (one)
        ask_reply(a, 200, contact_answer(a, a->arg[0], one));
}

static void
patch_contact(struct ask *a)
{
    struct json_object *one = need(a, a->arg[0]), *all = js_object(a->state, "contacts");
    const char *email;

    if (!one || !body_good(a))
        return;
    email = js_str(a->body, "email");
    if (strcasecmp(email, a->arg[0]) != 0) {
        if (find(a, email)) {
            invalid(a, "email", "There is a contact with this address already.");
            return;
        }
        js_ref(one);
        js_drop(all, ask_lower(a, a->arg[0]));
        js_put(all, ask_lower(a, email), one);
    }
    js_put_str(one, "email", email);
    write_contact(a, one);
    ask_reply(a, 200, contact_answer(a, email, one));
}

static void
get_subscriber(struct ask *a)
{
    struct json_object *one = list_there(a) ? need(a, a->arg[1]) : NULL;

    if (!one)
        return;
    if (js_str(js_need_object(one, "lists"), a->arg[0]))
        ask_reply(a, 200, contact_answer(a, a->arg[1], one));
    else
        error(a, 404, NULL);
}

static void
unsubscribe(struct ask *a)
{
    struct json_object *one = list_there(a) ? need(a, a->arg[1]) : NULL;

    if (!one)
        return;
    js_put_str(js_need_object(one, "lists"), a->arg[0], "u");
    js_put_str(one, "status", "u");
    ask_reply(a, 200, contact_answer(a, a->arg[1], one));
}

/* Those of the list whose status is this one. */
static void
members(struct ask *a, const char *wanted)
{
    int64_t limit = ask_query_int(a, "limit", 100);
    struct json_object *out;

    if (!list_there(a))
        return;
    out = json_object_new_array();
    json_object_object_foreach(js_need_object(a->state, "contacts"), email, one) {
        const char *status = js_str(js_object(one, "lists"), a->arg[0]);

        if (status && str_eq(status, wanted) && limit-- > 0)
            js_append(out, contact_answer(a, email, one));
    }
    ask_reply(a, 200, out);
}

static void
subscribers(struct ask *a)
{
    members(a, "a");
}

static void
unsubscribed(struct ask *a)
{
    members(a, "u");
}

static struct json_object *
list_answer(const char *id, struct json_object *list)
{
    int64_t n = 0;

    parse_i64(id, 0, INT64_MAX, &n);
    return js_make("id:i name:s from_email:s from_name:s", n, js_str(list, "name"),
                   "news@sandbox.test", "Sandbox");
}

static void
lists(struct ask *a)
{
    struct json_object *out = json_object_new_array();

    json_object_object_foreach(js_need_object(a->state, "lists"), id, list)
        js_append(out, list_answer(id, list));
    ask_reply(a, 200, out);
}

static void
list(struct ask *a)
{
    if (list_there(a))
        ask_reply(a, 200, list_answer(a->arg[0], js_object(js_object(a->state, "lists"),
                                                           a->arg[0])));
}

static void
fields(struct ask *a)
{
    struct json_object *out = json_object_new_array();

    json_object_object_foreach(js_need_object(a->state, "fields"), name, type)
        js_append(out, js_make("name:s type:o", name, js_ref(type)));
    ask_reply(a, 200, out);
}

static void
add_field(struct ask *a)
{
    struct json_object *all = js_need_object(a->state, "fields");
    const char *name = js_str(a->body, "name"), *type = js_str(a->body, "type");

    if (!name || !*name) {
        invalid(a, "name", "Missing data for required field.");
    } else if (js_has(all, name)) {
        invalid(a, "name", "There is a field of this name already.");
    } else {
        js_put_str(all, name, type ? type : "text");
        ask_reply(a, 201, js_make("name:s type:s", name, type ? type : "text"));
    }
}

static const struct route routes[] = {
    { "GET", "lists", lists },
    { "GET", "lists/*", list },
    { "GET", "lists/*/subscribers", subscribers },
    { "POST", "lists/*/subscribers", subscribe },
    { "GET", "lists/*/subscribers/*", get_subscriber },
    { "DELETE", "lists/*/subscribers/*", unsubscribe },
    { "GET", "lists/*/unsubscribed", unsubscribed },
    { "GET", "contacts/*", get_contact },
    { "PATCH", "contacts/*", patch_contact },
    { "GET", "fields", fields },
    { "POST", "fields", add_field },
};

const struct stand stand_mailmojo = {
    .name = "mailmojo",
    .base = base,
    .type = "application/json",
    .seed = seed,
    .needs_slash = true,
    .admit = admit,
    .error = error,
    .throttle = throttle,
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
};
