/* mailchimp.c - Mailchimp Marketing API v3: audiences with members, tags and events. State:
   account.apiKey; lists by id: merge_fields, tags {name: id}, members by e-mail address. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/mailchimp.h"

#define CONNECTIONS_MAX 10
#define TAG_NAME_MAX 100
#define PAGE_MAX 1000

static const char *const base[] = { "3.0", NULL };

#define FIELD(tag, name, type) "{'tag':'" tag "','name':'" name "','type':'" type "'}"
static const char seed[] =
    "{'account': {'apiKey': '0123456789abcdef0123456789abcdef-us19'},"
    " 'lists': {'a1b2c3d4e5': {'name': 'Sandbox', 'double_optin': false, 'merge_fields': ["
    FIELD("FNAME", "First Name", "text") "," FIELD("LNAME", "Last Name", "text") ","
    FIELD("ADDRESS", "Address", "address") ","
    "{'tag':'PHONE','name':'Phone','type':'phone','options':{'phone_format':'international'}},"
    FIELD("SESAMYUSR", "Sesamy user", "text") "," FIELD("SMYLASTSEE", "Last seen", "date") ","
    FIELD("SMYSUBSC", "Subscribes", "text") "," FIELD("SMYARTPUR", "Articles", "number") ","
    FIELD("SMYACTSUBS", "Active", "number") "," FIELD("SMYCANSUBS", "Cancelled", "number") ","
    FIELD("SMYEXPSUBS", "Expired", "number") "," FIELD("SMYENDSUBS", "Ended", "number") ","
    FIELD("SMYISSREM", "Issues left", "number") "],"
    " 'tags': {}, 'members': {}, 'forgotten': [], 'throttled': [], 'compliance': []}}}";

void
mailchimp_problem(struct ask *a, int status, const char *title, const char *detail,
                  bool with_type, struct json_object *errors)
{
    const char *instance = ask_uuid(a);
    struct json_object *p = js_make(
        "type:s title:s status:i detail:s instance:s",
        with_type ? "https://mailchimp.com/developer/marketing/docs/errors/" : NULL, title,
        (int64_t)status, detail, instance);

    if (errors)
        js_put(p, "errors", errors);
    ask_reply(a, status, p);
    a->type = "application/problem+json; charset=utf-8";
    ask_header(a, "X-Request-Id", "%s", instance);
}

static void
error(struct ask *a, int status, const char *detail)
{
    static const struct {
        int status;
        const char *title, *detail;
    } rows[] = {
        { 400, "JSON Parse Error", "We encountered an unspecified JSON parsing error." },
        { 401, "API Key Invalid", "Your API key may be invalid, or you've attempted to access "
                                  "the wrong datacenter." },
        { 403, "Forbidden", "You are not permitted to access this resource." },
        { 404, "Resource Not Found", "The requested resource could not be found." },
        { 405, "Method Not Allowed", "The requested method and resource are not compatible. "
                                     "See the Allow header for this resource's available "
                                     "methods." },
        { 429, "Too Many Requests", "You have exceeded the limit of 10 simultaneous "
                                    "connections." },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status) {
            mailchimp_problem(a, status, rows[i].title, detail ? detail : rows[i].detail, true,
                              NULL);
            return;
        }
    mailchimp_problem(a, status, status < 500 ? "Bad Request" : "Internal Server Error",
                      detail ? detail : "An unexpected internal error has occurred.", true, NULL);
}

/* No hint, whatever happens; unless a test asks for one. */
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
    const char *account = js_str(js_object(a->state, "account"), "apiKey");
    const char *user, *key = ask_bearer(a), *dash;

    if (!key && !ask_basic(a, &user, &key)) {
        mailchimp_problem(a, 401, "API Key Missing", "Your request did not include an API key.",
                          true, NULL);
        return false;
    }
    dash = account ? strrchr(account, '-') : NULL;
    if (!account || !str_eq(key, account)) {
        if (dash && strncmp(key, account, (size_t)(dash - account) + 1) == 0)
            mailchimp_problem(a, 403, "Wrong Datacenter", ask_printf(a, "The API key provided "
                              "is linked to datacenter '%s'", dash + 1), true, NULL);
        else
            error(a, 401, NULL);
        return false;
    }
    if (a->run->waiting >= CONNECTIONS_MAX) {
        error(a, 429, NULL);
        return false;
    }
    return true;
}

static void
finish(struct ask *a)
{
    if (a->status < 400)
        ask_header(a, "X-Request-Id", "%s", ask_uuid(a));
    ask_header(a, "Connection", "close");
}

struct json_object *
mailchimp_list(struct ask *a)
{
    struct json_object *list = js_object(js_object(a->state, "lists"), a->arg[0]);

    if (!list)
        error(a, 404, NULL);
    return list;
}

static void
get_tags(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list), *whole;
    int64_t count = ask_query_int(a, "count", 10), offset = ask_query_int(a, "offset", 0);
    const char *only = ask_query(a, "fields");

    if (!member)
        return;
    whole = js_make("tags:o total_items:i",
                    mailchimp_tags(list, member, offset, count > PAGE_MAX ? PAGE_MAX : count,
                            mailchimp_time(a)),
                    (int64_t)json_object_array_length(js_need_array(member, "tags")));
    ask_reply(a, 200, only ? js_only(whole, only) : js_ref(whole));
    json_object_put(whole);
}

static bool
tags_good(struct ask *a, struct json_object *tags)
{
    if (!tags) {
        mailchimp_invalid(a, "tags", "Schema describes array, other found instead");
        return false;
    }
    for (size_t i = 0; i < json_object_array_length(tags); i++) {
        struct json_object *tag = json_object_array_get_idx(tags, i);
        const char *name = js_str(tag, "name"), *status = js_str(tag, "status");

        if (!name || !*name || utf8_count(name, strlen(name)) > TAG_NAME_MAX) {
            mailchimp_invalid(a, "tags.name", "A tag's name has 1 to 100 characters.");
            return false;
        }
        if (!status || (!str_eq(status, "active") && !str_eq(status, "inactive"))) {
            mailchimp_invalid(a, "tags.status", "Value must be one of: active, inactive.");
            return false;
        }
    }
    return true;
}

static void
post_tags(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list), *tags, *have;

    if (!member)
        return;
    tags = js_array(a->body, "tags");
    if (!tags_good(a, tags))
        return;
    have = js_need_array(member, "tags");
    for (size_t i = 0; i < json_object_array_length(tags); i++) {
        struct json_object *tag = json_object_array_get_idx(tags, i);
        const char *name = js_str(tag, "name");
        int at = js_find_nocase(have, name);

        if (str_eq(js_str(tag, "status"), "inactive")) {
            js_remove(have, at);
        } else if (at < 0) {
            js_append(have, js_text(name));
            if (!js_has(js_need_object(list, "tags"), name))
                js_put_int(js_object(list, "tags"), name, ask_next_id(a));
        }
    }
    ask_reply(a, 204, NULL);
}

static bool
event_good(struct ask *a)
{
    const char *name = js_str(a->body, "name"), *at = js_str(a->body, "occurred_at");
    size_t len = name ? utf8_count(name, strlen(name)) : 0;
    int64_t ms;

    if (len < 2 || len > 30) {
        mailchimp_invalid(a, "name", "The event name must be between 2 and 30 characters.");
        return false;
    }
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-') {
            mailchimp_invalid(a, "name", "The event name has letters, digits, underscores and "
                              "dashes.");
            return false;
        }
    if (js_has(a->body, "occurred_at") && (!at || time_parse_rfc3339(at, &ms) != 0)) {
        mailchimp_invalid(a, "occurred_at", "Schema describes date-time, other found instead");
        return false;
    }
    if (js_has(a->body, "properties") && !js_object(a->body, "properties")) {
        mailchimp_invalid(a, "properties", "Schema describes object, other found instead");
        return false;
    }
    if (js_object(a->body, "properties")) {
        json_object_object_foreach(js_object(a->body, "properties"), key, value) {
            if (!json_object_is_type(value, json_type_string)) {
                mailchimp_invalid(a, ask_printf(a, "properties.%s", key),
                        "Schema describes string, other found instead");
                return false;
            }
        }
    }
    return true;
}

static void
post_event(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list);

    if (!member || !event_good(a))
        return;
    js_append(js_need_array(member, "events"), js_copy(a->body));
    ask_reply(a, 204, NULL);
}

static void
get_events(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list), *events;

    if (!member)
        return;
    events = js_need_array(member, "events");
    ask_reply(a, 200, js_make("events:o total_items:i",
                              js_slice(events, ask_query_int(a, "offset", 0),
                                       ask_query_int(a, "count", 10)),
                              (int64_t)json_object_array_length(events)));
}

static void
get_list(struct ask *a)
{
    struct json_object *list = mailchimp_list(a);

    if (list)
        ask_reply(a, 200, js_make("id:s name:s double_optin:b stats:o", a->arg[0],
                                  js_str(list, "name"), (int)js_bool(list, "double_optin", false),
                                  js_make("member_count:i", (int64_t)json_object_object_length(
                                      js_need_object(list, "members")))));
}

static void
tag_search(struct ask *a)
{
    struct json_object *list = mailchimp_list(a), *found;
    const char *prefix = ask_query(a, "name");
    int64_t count = 0;

    if (!list)
        return;
    found = json_object_new_array();
    json_object_object_foreach(js_need_object(list, "tags"), name, id) {
        if (prefix && strncasecmp(name, prefix, strlen(prefix)) != 0)
            continue;
        js_append(found, js_make("id:o name:s", js_ref(id), name));
        count++;
    }
    ask_reply(a, 200, js_make("tags:o total_items:i", found, count));
}

static void
ping(struct ask *a)
{
    ask_reply(a, 200, js_make("health_status:s", "Everything's Chimpy!"));
}

static void
root(struct ask *a)
{
    ask_reply(a, 200, js_make("account_id:s account_name:s", "sandbox", "Sandbox"));
}

static const struct route routes[] = {
    { "GET", "", root },
    { "GET", "ping", ping },
    { "GET", "lists/*", get_list },
    { "POST", "lists/*/members", member_post },
    { "GET", "lists/*/members/*", member_get },
    { "PUT", "lists/*/members/*", member_put },
    { "PATCH", "lists/*/members/*", member_patch },
    { "DELETE", "lists/*/members/*", member_delete },
    { "GET", "lists/*/members/*/tags", get_tags },
    { "POST", "lists/*/members/*/tags", post_tags },
    { "GET", "lists/*/members/*/events", get_events },
    { "POST", "lists/*/members/*/events", post_event },
    { "GET", "lists/*/merge-fields", merge_fields_list },
    { "POST", "lists/*/merge-fields", merge_fields_add },
    { "PATCH", "lists/*/merge-fields/*", merge_fields_change },
    { "GET", "lists/*/tag-search", tag_search },
};

const struct stand stand_mailchimp = {
    .name = "mailchimp",
    .base = base,
    .type = "application/json; charset=utf-8",
    .seed = seed,
    .admit = admit,
    .error = error,
    .throttle = throttle,
    .finish = finish,
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
};
