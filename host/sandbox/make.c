/* make.c - Make.as, subscribers API v2. State: account.userId and apiKey; lists {id: {title}};
   subscribers by e-mail address (tags by name); tags {id: title}; products and subscriptions by
   external_id. settings: createTags (a tag that is new is made as it is written), tagObjects
   (answers describe tags instead of naming them). */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/stand.h"

#define ROWS_MAX 1000

static const char *const base[] = { "api", "public", "v2", NULL };
static const char seed[] =
    "{'account': {'userId': '1', 'apiKey': 'sandbox-make-key'},"
    " 'lists': {'7': {'title': 'News'}, '8': {'title': 'Sport'}},"
    " 'settings': {'createTags': true, 'tagObjects': false},"
    " 'subscribers': {}, 'tags': {}, 'products': {}, 'subscriptions': {}, 'customFields': []}";

static void
error(struct ask *a, int status, const char *detail)
{
    static const struct {
        int status;
        const char *line, *message;
    } rows[] = {
        { 400, "400 Bad Request", "The request could not be read" },
        { 401, "401 Unauthorized", "Bad credentials" },
        { 403, "403 Forbidden", "Not allowed" },
        { 404, "404 Not Found", "Not found" },
        { 405, "405 Method Not Allowed", "Method not allowed" },
        { 422, "422 Unprocessable Entity", "Validation failed" },
        { 429, "429 Too Many Requests", "Too many requests" },
        { 503, "503 Service Unavailable", "Service unavailable" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status) {
            ask_reply(a, status, js_make("status:s message:s", rows[i].line,
                                         detail ? detail : rows[i].message));
            if (status == 401)
                ask_header(a, "WWW-Authenticate", "Basic realm=\"API\"");
            return;
        }
    ask_reply(a, status, js_make("status:s message:s", ask_printf(a, "%d", status),
                                 detail ? detail : "An error occurred"));
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
    struct json_object *account = js_object(a->state, "account");
    const char *user, *key, *want_user = js_str(account, "userId");
    const char *want_key = js_str(account, "apiKey");

    if (ask_basic(a, &user, &key) && want_user && want_key && str_eq(user, want_user) &&
        str_eq(key, want_key))
        return true;
    error(a, 401, NULL);
    return false;
}

static bool
setting(struct ask *a, const char *name)
{
    return js_bool(js_object(a->state, "settings"), name, false);
}

/* ---- tags ---- */

/* Its id as text; NULL: there is none of that title. */
static const char *
tag_id(struct ask *a, const char *title)
{
    json_object_object_foreach(js_need_object(a->state, "tags"), id, have)
        if (have && strcasecmp(json_object_get_string(have), title) == 0)
            return arena_strdup(&a->arena, id);
    return NULL;
}

static const char *
make_tag(struct ask *a, const char *title)
{
    const char *id = ask_printf(a, "%lld", (long long)ask_next_id(a));

    js_put_str(js_need_object(a->state, "tags"), id, title);
    return id;
}

static struct json_object *
tag_answer(struct ask *a, const char *id)
{
    int64_t n = 0;

    parse_i64(id, 0, INT64_MAX, &n);
    return js_make("id:i title:s", n, js_str(js_object(a->state, "tags"), id));
}

static void
tags_list(struct ask *a)
{
    struct json_object *out = json_object_new_array();

    json_object_object_foreach(js_need_object(a->state, "tags"), id, title) {
        if (title)
            js_append(out, tag_answer(a, id));
    }
    ask_reply(a, 200, out);
}

static void
tags_add(struct ask *a)
{
    const char *title = js_str(a->body, "title");

    if (!title || !*title)
        error(a, 422, "title is required");
    else if (tag_id(a, title))
        error(a, 422, "title has already been taken");
    else
        ask_reply(a, 200, tag_answer(a, make_tag(a, title)));
}

/* ---- subscribers ---- */

static struct json_object *
answer_of(struct ask *a, const char *email, struct json_object *one)
{
    struct json_object *whole, *tags = js_need_array(one, "tags"), *out;

    if (!js_has(one, "id"))
        js_put_int(one, "id", ask_next_id(a));
    if (!js_has(one, "email"))
        js_put_str(one, "email", email);
    if (!js_has(one, "email_status"))
        js_put_str(one, "email_status", "active");
    js_need_array(one, "lists");
    whole = js_copy(one);
    if (setting(a, "tagObjects")) {
        out = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(tags); i++) {
            const char *name = json_object_get_string(json_object_array_get_idx(tags, i));
            const char *id = tag_id(a, name);

            js_append(out, tag_answer(a, id ? id : make_tag(a, name)));
        }
        js_put(whole, "tags", out);
    }
    return whole;
}

static struct json_object *
by_email(struct ask *a, const char *email)
{
    return js_object(js_need_object(a->state, "subscribers"), ask_lower(a, email));
}

/* By the id in the path; NULL: it has answered. */
static struct json_object *
by_id(struct ask *a, const char **ret_email)
{
    json_object_object_foreach(js_need_object(a->state, "subscribers"), email, one)
        if (str_eq(ask_printf(a, "%lld", (long long)js_int(one, "id", -1)), a->arg[0])) {
            *ret_email = arena_strdup(&a->arena, email);
            return one;
        }
    error(a, 404, NULL);
    return NULL;
}

static void
find_by_email(struct ask *a)
{
    const char *email = js_str(a->body, "email");
    struct json_object *one = email ? by_email(a, email) : NULL;

    if (!email)
        error(a, 422, "email is required");
    else if (!one)
        error(a, 404, NULL);
    else
        ask_reply(a, 200, answer_of(a, email, one));
}

/* The list that the query names, in any of the ways it is written; NULL: none. */
static const char *
list_asked(struct ask *a)
{
    static const char *const names[] = { "subscriber_list_id[]", "subscriber_list_id%5B%5D",
                                         "subscriber_list_id%5b%5d", "subscriber_list_id" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (ask_query(a, names[i]))
            return ask_query(a, names[i]);
    return NULL;
}

static bool
word_good(struct ask *a, const char *name, const char *const *words)
{
    const char *word = ask_query(a, name);

    for (; word && *words; words++)
        if (str_eq(word, *words))
            return true;
    if (word)
        ask_error(a, 422, "%s is not one of the allowed values", name);
    return !word;
}

static bool
query_good(struct ask *a, bool needs_list)
{
    static const char *const states[] = { "active", "unsubscribed", "bounce", NULL };
    static const char *const modes[] = { "replace", "merge", NULL };
    const char *list = list_asked(a);

    if (needs_list && !list) {
        error(a, 422, "subscriber_list_id is required");
        return false;
    }
    if (list && !js_object(js_object(a->state, "lists"), list)) {
        error(a, 404, "The list does not exist");
        return false;
    }
    return word_good(a, "status", states) && word_good(a, "status_mobile", states) &&
           word_good(a, "tag", modes);
}

static bool
day_good(const char *text)
{
    static const char form[] = "9999-99-99";

    for (size_t i = 0; i < sizeof(form); i++)
        if (form[i] == '9' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    return true;
}

/* Texts are texts, tags are names that may be given. */
static bool
body_good(struct ask *a, struct json_object *in, bool needs_email)
{
    static const char *const texts[] = { "email", "firstname", "lastname", "address", "zip",
                                         "city", "phone", "company", "birthday", "gender",
                                         "external_id" };
    struct json_object *tags = js_array(in, "tags");
    const char *email = js_str(in, "email"), *born = js_str(in, "birthday");

    if (needs_email && !email) {
        error(a, 422, "email is required");
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (js_get(in, texts[i]) && !js_str(in, texts[i])) {
            ask_error(a, 422, "%s must be a string", texts[i]);
            return false;
        }
    if ((email && !email_looks_good(email)) || (born && *born && !day_good(born))) {
        ask_error(a, 422, "%s is invalid", email && !email_looks_good(email) ? "email"
                                                                            : "birthday");
        return false;
    }
    if (js_has(in, "tags") && !tags) {
        error(a, 422, "tags must be an array");
        return false;
    }
    for (size_t i = 0; tags && i < json_object_array_length(tags); i++) {
        struct json_object *tag = json_object_array_get_idx(tags, i);

        if (!json_object_is_type(tag, json_type_string) ||
            (!setting(a, "createTags") && !tag_id(a, json_object_get_string(tag)))) {
            ask_error(a, 422, "tags.%zu is invalid", i);
            return false;
        }
    }
    return true;
}

/* Takes the place of all that are there, unless the query says merge. */
static void
set_tags(struct ask *a, struct json_object *one, struct json_object *tags)
{
    const char *mode = ask_query(a, "tag");
    struct json_object *have;

    if (!mode || str_eq(mode, "replace"))
        js_put(one, "tags", json_object_new_array());
    have = js_need_array(one, "tags");
    for (size_t i = 0; i < json_object_array_length(tags); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(tags, i));

        if (js_find_nocase(have, name) < 0)
            js_append(have, js_text(name));
        if (!tag_id(a, name))
            make_tag(a, name);
    }
}

/* All that is given is written: an empty text too. */
static void
write_subscriber(struct ask *a, struct json_object *one, struct json_object *in)
{
    static const char *const kept[] = { "id", "tags", "lists", "email_status", "phone_status",
                                        "status", "date_created" };
    const char *status = ask_query(a, "status"), *list = list_asked(a);
    const char *now = ask_time_as(a, a->now_ms, "%Y-%m-%dT%H:%M:%S.000Z");
    int64_t id = 0;

    json_object_object_foreach(in, key, value) {
        bool own = false;

        for (size_t i = 0; i < ARRAY_LEN(kept); i++)
            own = own || str_eq(key, kept[i]);
        if (!own)
            js_put(one, key, js_copy(value));
    }
    if (js_array(in, "tags"))
        set_tags(a, one, js_array(in, "tags"));
    if (list && js_find(js_need_array(one, "lists"), list) < 0 && parse_i64(list, 0, INT64_MAX,
                                                                            &id))
        js_append(js_array(one, "lists"), json_object_new_int64(id));
    if (status)
        js_put_str(one, "email_status", status);
    if (!js_has(one, "date_created"))
        js_put_str(one, "date_created", now);
    js_put_str(one, "date_updated", now);
}

static struct json_object *
upsert(struct ask *a, struct json_object *in)
{
    const char *email = js_str(in, "email");
    struct json_object *one = by_email(a, email);

    if (!one) {
        one = js_make("id:i email:s email_status:s", ask_next_id(a), email, "active");
        js_put(js_object(a->state, "subscribers"), ask_lower(a, email), one);
    }
    write_subscriber(a, one, in);
    return one;
}

static void
reply_written(struct ask *a, struct json_object *one)
{
    struct json_object *whole = answer_of(a, "", one);

    js_put_str(whole, "status", "200 Success");
    ask_reply(a, 200, whole);
}

static void
post_subscriber(struct ask *a)
{
    if (!json_object_is_type(a->body, json_type_object))
        error(a, 422, "an object was expected");
    else if (query_good(a, true) && body_good(a, a->body, true))
        reply_written(a, upsert(a, a->body));
}

static void
patch_subscriber(struct ask *a)
{
    const char *email, *moved = js_str(a->body, "email");
    struct json_object *one = by_id(a, &email), *all = js_object(a->state, "subscribers");

    if (!one || !query_good(a, false) || !body_good(a, a->body, false))
        return;
    if (moved && strcasecmp(moved, email) != 0) {
        if (by_email(a, moved)) {
            error(a, 422, "email has already been taken");
            return;
        }
        js_ref(one);
        js_drop(all, email);
        js_put(all, ask_lower(a, moved), one);
    }
    write_subscriber(a, one, a->body);
    reply_written(a, one);
}

static void
get_subscriber(struct ask *a)
{
    const char *email;
    struct json_object *one = by_id(a, &email);

    if (one)
        ask_reply(a, 200, answer_of(a, email, one));
}

static void
delete_subscriber(struct ask *a)
{
    const char *email;

    if (by_id(a, &email)) {
        js_drop(js_object(a->state, "subscribers"), email);
        ask_reply(a, 200, js_make("status:s", "200 Success"));
    }
}

/* ---- many at once ---- */

/* A bare array of at most 1000 objects; false: it has answered. */
static bool
rows_good(struct ask *a)
{
    size_t count;

    if (!json_object_is_type(a->body, json_type_array)) {
        error(a, 422, "a JSON array was expected");
        return false;
    }
    count = json_object_array_length(a->body);
    if (count > ROWS_MAX) {
        error(a, 422, "at most 1000 rows are allowed");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!json_object_is_type(json_object_array_get_idx(a->body, i), json_type_object)) {
            ask_error(a, 422, "row %zu is not an object", i);
            return false;
        }
    return true;
}

static void
reply_rows(struct ask *a)
{
    ask_reply(a, 200, js_make("status:s count:i", "200 Success",
                              (int64_t)json_object_array_length(a->body)));
}

static void
bulk_insert(struct ask *a)
{
    if (!rows_good(a) || !query_good(a, true))
        return;
    for (size_t i = 0; i < json_object_array_length(a->body); i++)
        if (!body_good(a, json_object_array_get_idx(a->body, i), true))
            return;
    for (size_t i = 0; i < json_object_array_length(a->body); i++)
        upsert(a, json_object_array_get_idx(a->body, i));
    reply_rows(a);
}

/* Stores rows by their external_id, which each must have, as it must the texts named. */
static void
store_rows(struct ask *a, const char *into, const char *const *needed)
{
    struct json_object *all = js_need_object(a->state, into);

    if (!rows_good(a))
        return;
    for (size_t i = 0; i < json_object_array_length(a->body); i++)
        for (const char *const *n = needed; *n; n++) {
            const char *text = js_str(json_object_array_get_idx(a->body, i), *n);

            if (!text || !*text) {
                ask_error(a, 422, "row %zu: %s is required", i, *n);
                return;
            }
        }
    for (size_t i = 0; i < json_object_array_length(a->body); i++) {
        struct json_object *row = json_object_array_get_idx(a->body, i);

        js_put(all, js_str(row, "external_id"), js_copy(row));
    }
    reply_rows(a);
}

static void
products(struct ask *a)
{
    static const char *const needed[] = { "external_id", "name", NULL };

    store_rows(a, "products", needed);
}

/* Rows that name a product or a person there is not are refused. */
static void
subscriptions(struct ask *a)
{
    static const char *const needed[] = { "external_id", "product_external_id", "email", NULL };

    for (size_t i = 0; json_object_is_type(a->body, json_type_array) &&
                       i < json_object_array_length(a->body); i++) {
        struct json_object *row = json_object_array_get_idx(a->body, i);
        const char *product = js_str(row, "product_external_id"), *email = js_str(row, "email");

        if (product && !js_object(js_object(a->state, "products"), product)) {
            ask_error(a, 422, "row %zu: product_external_id is not known", i);
            return;
        }
        if (email && !by_email(a, email)) {
            ask_error(a, 422, "row %zu: there is no subscriber with that email", i);
            return;
        }
    }
    store_rows(a, "subscriptions", needed);
}

static void
subscriptions_by_external_id(struct ask *a)
{
    static const char *const needed[] = { "external_id", "product_external_id", NULL };

    store_rows(a, "subscriptions", needed);
}

/* ---- lists ---- */

static struct json_object *
list_answer(const char *id, struct json_object *list)
{
    int64_t n = 0;

    parse_i64(id, 0, INT64_MAX, &n);
    return js_make("id:i title:s", n, js_str(list, "title"));
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
    struct json_object *one = js_object(js_object(a->state, "lists"), a->arg[0]);

    if (one)
        ask_reply(a, 200, list_answer(a->arg[0], one));
    else
        error(a, 404, NULL);
}

static void
custom_fields(struct ask *a)
{
    ask_reply(a, 200, js_copy(js_need_array(a->state, "customFields")));
}

static const struct route routes[] = {
    { "GET", "subscriberlists", lists },
    { "GET", "subscriberlists/*", list },
    { "GET", "subscriber_tags", tags_list },
    { "POST", "subscriber_tags", tags_add },
    { "GET", "custom_fields", custom_fields },
    { "POST", "subscribers", post_subscriber },
    { "POST", "subscribers/by_email", find_by_email },
    { "POST", "subscribers/bulkinsert", bulk_insert },
    { "POST", "subscribers/subscriptions/products/bulkinsert", products },
    { "POST", "subscribers/subscriptions/bulkinsert", subscriptions },
    { "POST", "subscribers/subscriptions/bulkinsert_by_external_id",
      subscriptions_by_external_id },
    { "GET", "subscribers/*", get_subscriber },
    { "PATCH", "subscribers/*", patch_subscriber },
    { "DELETE", "subscribers/*", delete_subscriber },
};

const struct stand stand_make = {
    .name = "make",
    .base = base,
    .type = "application/json",
    .seed = seed,
    .admit = admit,
    .error = error,
    .throttle = throttle,
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
};
