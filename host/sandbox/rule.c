/* rule.c - Rule's interface v2: subscribers with fields and tags. State: account.apiKey;
   subscribers by e-mail address, or phone where there is none; fields {key: type}; tags
   {name: id}; suppressed: addresses; settings: requests and perMs of the limit, and the share
   of errors that blocks, once there are errorMin requests. */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/rule.h"

#define HINT_MS 2000
#define SUBSCRIBERS_MAX 1000
#define LIMIT_MAX 100

static const char *const base[] = { "api", "v2", NULL };
static const char seed[] =
    "{'account': {'apiKey': 'sandbox-rule-key'}, 'subscribers': {}, 'fields': {}, 'tags': {},"
    " 'suppressed': [], 'settings': {'requests': 2000, 'perMs': 600000, 'errorPercent': 49,"
    " 'errorMin': 100}}";

/* 01:00 UTC on the last Sunday of a month of 31 days. */
static time_t
change_of(int year, int month)
{
    struct tm t = { .tm_year = year, .tm_mon = month, .tm_mday = 31, .tm_hour = 1 };
    time_t last = timegm(&t);

    return last - t.tm_wday * 24 * 60 * 60;
}

void
stockholm_text(int64_t ms, char *out)
{
    time_t at = (time_t)(ms / 1000);
    struct tm t;
    bool summer;

    gmtime_r(&at, &t);
    summer = at >= change_of(t.tm_year, 2) && at < change_of(t.tm_year, 9);
    time_format(ms + (summer ? 2 : 1) * 3600 * 1000LL, "%Y-%m-%d %H:%M:%S", out, 32);
}

static bool
is_v3(struct ask *a)
{
    return a->count > 0 && str_eq(a->parts[0], "v3");
}

static void
rule_error(struct ask *a, int status, const char *code, const char *message)
{
    ask_reply(a, status, js_make("error:s message:s", code, message));
}

void
rule_invalid(struct ask *a, const char *place, const char *message)
{
    struct json_object *texts = json_object_new_array(), *fields = json_object_new_object();

    js_append(texts, js_text(message));
    js_put(fields, place, texts);
    ask_reply(a, 400, js_make("error:s message:s fields:o", "BadRequest",
                              "Some fields could not be validated", fields));
}

static void
error(struct ask *a, int status, const char *detail)
{
    static const struct {
        int status;
        const char *code, *message;
    } rows[] = {
        { 400, "BadRequest", "Bad request" },
        { 401, "NotAuthorized", "API key is not valid" },
        { 403, "Forbidden", "Forbidden" },
        { 404, "NotFound", "Not found" },
        { 405, "MethodNotAllowed", "Method not allowed" },
        { 409, "DuplicateSubscriber", "Subscriber already exists" },
        { 413, "RequestEntityTooLarge", "Too many subscribers in one request" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status) {
            rule_error(a, status, rows[i].code, detail ? detail : rows[i].message);
            return;
        }
    rule_error(a, status, status < 500 ? "BadRequest" : "UnexpectedError",
               detail ? detail : "An unexpected error occurred");
}

static int64_t
error_percent(const struct ask *a)
{
    return a->run->requests > 0 ? a->run->errors * 100 / a->run->requests : 0;
}

/* The time to go on as a clock in Stockholm shows it, without a zone. */
static int64_t
throttle(struct ask *a, int64_t wait_ms)
{
    int64_t wait_s = ((wait_ms < 0 ? HINT_MS : wait_ms) + 999) / 1000;
    char until[32];

    stockholm_text(a->now_ms + wait_s * 1000, until);
    if (is_v3(a))
        ask_reply_text(a, 429, "text/plain", ask_printf(a, "Too Many Requests. You can continue "
                       "at %s.", until));
    else
        ask_reply_text(a, 429, "application/json", "\"Too Many Attempts.\"");
    ask_header(a, "Retry-After", "%s", until);
    ask_header(a, "X-ErrorPercent-Limit", "%lld", (long long)
               js_int(js_object(a->state, "settings"), "errorPercent", 49));
    ask_header(a, "X-ErrorPercent-Current", "%lld", (long long)error_percent(a));
    return wait_s * 1000;
}

/* Too many requests, or too many of them wrong: blocked until the window is over. */
static bool
within_limits(struct ask *a)
{
    struct json_object *set = js_object(a->state, "settings");
    int64_t window = js_int(set, "perMs", 600000), used = ask_count(a, window);

    if (a->now_ms < a->run->blocked_until_ms) {
        throttle(a, a->run->blocked_until_ms - a->now_ms);
        return false;
    }
    if (used <= js_int(set, "requests", 2000) &&
        (used <= js_int(set, "errorMin", 100) ||
         error_percent(a) <= js_int(set, "errorPercent", 49)))
        return true;
    a->run->blocked_until_ms = a->run->window_ms + window;
    throttle(a, a->run->blocked_until_ms - a->now_ms);
    return false;
}

static bool
admit(struct ask *a)
{
    const char *key = ask_bearer(a), *want = js_str(js_object(a->state, "account"), "apiKey");

    if (!within_limits(a))
        return false;
    if (!key || !want || !str_eq(key, want)) {
        error(a, 401, NULL);
        return false;
    }
    return true;
}

static void
finish(struct ask *a)
{
    if (a->status >= 400 && a->status != 429)
        a->run->errors++;
}

/* E-mail addresses are the keys of the state. */
static struct json_object *
find(struct ask *a, const char *by, const char *who)
{
    struct json_object *all = js_need_object(a->state, "subscribers");

    if (str_eq(by, "email"))
        return js_object(all, ask_lower(a, who));
    json_object_object_foreach(all, key, one) {
        const char *phone = js_str(one, "phone_number");

        if ((str_eq(by, "phone_number") && (str_eq(key, who) || (phone && str_eq(phone, who)))) ||
            (str_eq(by, "id") &&
             str_eq(ask_printf(a, "%lld", (long long)js_int(one, "id", 0)), who)))
            return one;
    }
    return NULL;
}

struct json_object *
rule_subscriber(struct ask *a)
{
    const char *by = ask_query(a, "identified_by");
    struct json_object *one = find(a, by ? by : "email", a->arg[0]);

    if (!one)
        rule_error(a, 404, "SubscriberNotFound", "Subscriber not found");
    return one;
}

static int64_t
tag_id(struct ask *a, const char *name)
{
    struct json_object *tags = js_need_object(a->state, "tags");

    if (!js_has(tags, name))
        js_put_int(tags, name, ask_next_id(a));
    return js_int(tags, name, 0);
}

static struct json_object *
tags_of(struct ask *a, struct json_object *one)
{
    struct json_object *names = js_need_array(one, "tags"), *out = json_object_new_array();

    for (size_t i = 0; i < json_object_array_length(names); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(names, i));

        js_append(out, js_make("id:i name:s", tag_id(a, name), name));
    }
    return out;
}

static struct json_object *
subscriber_answer(struct ask *a, const char *email, struct json_object *one)
{
    if (!js_has(one, "id"))
        js_put_int(one, "id", ask_next_id(a));
    return js_make("id:i email:o phone_number:o language:s opted_in:b tags:o", js_int(one, "id", 0),
                   js_has(one, "email") ? js_ref(js_get(one, "email")) : js_text(email),
                   js_ref(js_get(one, "phone_number")),
                   js_str(one, "language") ? js_str(one, "language") : "sv", 1, tags_of(a, one));
}

/* A tag as it is written: a name, or the id of one there is, as a number or as digits. NULL:
   there is none. */
static const char *
tag_name(struct ask *a, struct json_object *tag)
{
    const char *text = json_object_get_string(tag);
    int64_t id;

    if (!text || !*text || (!json_object_is_type(tag, json_type_string) &&
                            !json_object_is_type(tag, json_type_int)))
        return NULL;
    if (!parse_i64(text, 0, INT64_MAX, &id))
        return text;
    json_object_object_foreach(js_need_object(a->state, "tags"), name, value)
        if (json_object_get_int64(value) == id)
            return arena_strdup(&a->arena, name);
    return NULL;
}

static bool
tags_good(struct ask *a, struct json_object *tags)
{
    for (size_t i = 0; tags && i < json_object_array_length(tags); i++)
        if (!tag_name(a, json_object_array_get_idx(tags, i))) {
            rule_invalid(a, ask_printf(a, "tags.%zu", i), "The selected tag is invalid.");
            return false;
        }
    return true;
}

static void
add_tags(struct ask *a, struct json_object *one, struct json_object *tags)
{
    struct json_object *have = js_need_array(one, "tags");

    for (size_t i = 0; tags && i < json_object_array_length(tags); i++) {
        const char *name = tag_name(a, json_object_array_get_idx(tags, i));

        tag_id(a, name);
        if (js_find(have, name) < 0)
            js_append(have, js_text(name));
    }
}

static bool
options_good(struct ask *a)
{
    struct json_object *automation = js_get(a->body, "automation");
    const char *word = js_str(a->body, "automation");

    if (automation && !json_object_is_type(automation, json_type_boolean) &&
        !(word && (str_eq(word, "reset") || str_eq(word, "force")))) {
        rule_invalid(a, "automation", "The selected automation is invalid.");
        return false;
    }
    if (js_has(a->body, "tags") && !js_array(a->body, "tags")) {
        rule_invalid(a, "tags", "The tags must be an array.");
        return false;
    }
    return tags_good(a, js_array(a->body, "tags"));
}

/* A number without a country's prefix is taken for a Swedish one. */
static const char *
phone_of(struct ask *a, struct json_object *in)
{
    const char *phone = js_str(in, "phone_number");

    return phone && *phone == '0' && phone[1] != '0' ? ask_printf(a, "+46%s", phone + 1) : phone;
}

/* The place of one in the state; NULL: it has answered. */
static const char *
key_for(struct ask *a, struct json_object *in, struct json_object **ret_there)
{
    const char *email = js_str(in, "email"), *phone = phone_of(a, in);
    const char *language = js_str(in, "language");

    if (email && !email_looks_good(email)) {
        rule_invalid(a, "subscribers.email", "The email must be a valid email address.");
        return NULL;
    }
    if (!email && !phone) {
        rule_invalid(a, "subscribers.email", "The email or phone number field is required.");
        return NULL;
    }
    if (phone && (*phone != '+' || strspn(phone + 1, "0123456789 -") != strlen(phone + 1))) {
        rule_invalid(a, "subscribers.phone_number", "The phone number is invalid.");
        return NULL;
    }
    if (language && (strlen(language) != 2 || !islower((unsigned char)*language))) {
        rule_invalid(a, "subscribers.language", "The language must be an ISO 639-1 code.");
        return NULL;
    }
    *ret_there = email ? find(a, "email", email) : find(a, "phone_number", phone);
    if (*ret_there && !js_bool(a->body, "update_on_duplicate", false)) {
        rule_error(a, 409, "DuplicateSubscriber", "Subscriber already exists");
        return NULL;
    }
    return email ? ask_lower(a, email) : phone;
}

/* Writes one subscriber; false: it has answered. What it is now goes into out, or its address
   among the suppressed. */
static bool
write_one(struct ask *a, struct json_object *in, struct json_object *out,
          struct json_object *suppressed)
{
    struct json_object *there = NULL, *fields = js_array(in, "fields"), *have;
    const char *key = key_for(a, in, &there);

    if (!key)
        return false;
    if (js_find_nocase(js_array(a->state, "suppressed"), key) >= 0) {
        js_append(suppressed, js_text(key));
        return true;
    }
    if (fields && !rule_fields_good(a, fields, js_object(there, "fields")))
        return false;
    if (!there) {
        there = js_make("id:i email:s created_at:s", ask_next_id(a), js_str(in, "email"),
                        ask_time_as(a, a->now_ms, "%Y-%m-%d %H:%M:%S"));
        js_put(js_need_object(a->state, "subscribers"), key, there);
    }
    if (phone_of(a, in))
        js_put_str(there, "phone_number", phone_of(a, in));
    if (js_str(in, "language"))
        js_put_str(there, "language", js_str(in, "language"));
    have = js_need_object(there, "fields");
    for (size_t i = 0; fields && i < json_object_array_length(fields); i++) {
        struct json_object *f = json_object_array_get_idx(fields, i);

        js_put(have, js_str(f, "key"), js_copy(js_get(f, "value")));
    }
    add_tags(a, there, js_array(a->body, "tags"));
    js_append(out, subscriber_answer(a, key, there));
    return true;
}

static void
upsert(struct ask *a)
{
    struct json_object *in = js_get(a->body, "subscribers"), *out, *suppressed, *one;
    bool many = json_object_is_type(in, json_type_array), good = true;
    size_t count = many ? json_object_array_length(in) : 1;

    if (!in || count == 0 || (!many && !json_object_is_type(in, json_type_object))) {
        rule_invalid(a, "subscribers", "The subscribers field is required.");
        return;
    }
    if (count > SUBSCRIBERS_MAX) {
        error(a, 413, NULL);
        return;
    }
    if (!options_good(a))
        return;
    out = json_object_new_array();
    suppressed = json_object_new_array();
    for (size_t i = 0; good && i < count; i++)
        good = write_one(a, many ? json_object_array_get_idx(in, i) : in, out, suppressed);
    if (!good) {
        json_object_put(suppressed);
    } else if (many) {
        ask_reply(a, 200, js_make("message:s subscribers:o suppressed:o", "Success", js_ref(out),
                                  suppressed));
    } else {
        one = json_object_array_get_idx(out, 0);
        ask_reply(a, 200, js_make("message:s subscriber:o suppressed:o", "Success", js_ref(one),
                                  suppressed));
    }
    json_object_put(out);
}

static void
get(struct ask *a)
{
    struct json_object *one = rule_subscriber(a);

    if (one)
        ask_reply(a, 200, js_make("subscriber:o", subscriber_answer(a, a->arg[0], one)));
}

static void
delete(struct ask *a)
{
    struct json_object *one = rule_subscriber(a);

    if (!one)
        return;
    json_object_object_foreach(js_object(a->state, "subscribers"), key, value)
        if (value == one) {
            js_drop(js_object(a->state, "subscribers"), ask_printf(a, "%s", key));
            break;
        }
    ask_reply(a, 200, js_make("message:s", "Success"));
}

static void
get_tags(struct ask *a)
{
    struct json_object *one = rule_subscriber(a);

    if (one)
        ask_reply(a, 200, js_make("tags:o", tags_of(a, one)));
}

static void
post_tags(struct ask *a)
{
    struct json_object *one = rule_subscriber(a);

    if (!one)
        return;
    if (!js_array(a->body, "tags")) {
        rule_invalid(a, "tags", "The tags field is required.");
    } else if (options_good(a)) {
        add_tags(a, one, js_array(a->body, "tags"));
        ask_reply(a, 200, js_make("message:s", "Success"));
    }
}

static void
delete_tag(struct ask *a)
{
    struct json_object *one = rule_subscriber(a), *word;
    const char *name;
    int at;

    if (!one)
        return;
    word = js_text(a->arg[1]);
    name = tag_name(a, word);
    at = name ? js_find(js_need_array(one, "tags"), name) : -1;
    json_object_put(word);
    if (at < 0) {
        rule_error(a, 404, "TagNotFound", "Tag not found");
        return;
    }
    js_remove(js_array(one, "tags"), at);
    ask_reply(a, 200, js_make("message:s", "Success"));
}

static void
all_tags(struct ask *a)
{
    int64_t limit = ask_query_int(a, "limit", LIMIT_MAX);
    struct json_object *out;

    if (limit > LIMIT_MAX || limit < 1) {
        rule_error(a, 400, "LimitExceed", "The limit may not be greater than 100.");
        return;
    }
    out = json_object_new_array();
    json_object_object_foreach(js_need_object(a->state, "tags"), name, id)
        if (limit-- > 0)
            js_append(out, js_make("id:o name:s", js_ref(id), name));
    ask_reply(a, 200, js_make("tags:o meta:o", out, js_make("next:o", NULL)));
}

static const struct route routes[] = {
    { "POST", "subscribers", upsert },
    { "GET", "subscribers/*", get },
    { "DELETE", "subscribers/*", delete },
    { "GET", "subscribers/*/tags", get_tags },
    { "POST", "subscribers/*/tags", post_tags },
    { "DELETE", "subscribers/*/tags/*", delete_tag },
    { "GET", "subscriber/*/fields", rule_fields_get },
    { "GET", "customizations", rule_groups_get },
    { "POST", "customizations", rule_groups_add },
    { "GET", "tags", all_tags },
};

const struct stand stand_rule = {
    .name = "rule",
    .base = base,
    .type = "application/json",
    .seed = seed,
    .admit = admit,
    .error = error,
    .throttle = throttle,
    .finish = finish,
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
};
