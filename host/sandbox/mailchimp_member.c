/* mailchimp_member.c - members of an audience: who they are found by, what makes them and
   changes them, and what is refused. */
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/mailchimp.h"

#define TAGS_SHOWN 50

/* What every member has: one that was put into the state may lack it. */
static struct json_object *
complete(struct ask *a, const char *email, struct json_object *member)
{
    if (!json_object_is_type(member, json_type_object))
        return NULL;
    if (!js_str(member, "email_address"))
        js_put_str(member, "email_address", email);
    if (!js_str(member, "id"))
        js_put_str(member, "id", ask_md5(a, ask_lower(a, email)));
    if (!js_str(member, "contact_id"))
        js_put_str(member, "contact_id", ask_md5(a, ask_uuid(a)));
    if (!js_str(member, "status"))
        js_put_str(member, "status", "subscribed");
    return member;
}

/* By MD5, by address or by contact_id. */
static struct json_object *
find_member(struct ask *a, struct json_object *list, const char *who)
{
    struct json_object *members = js_need_object(list, "members");

    if (strchr(who, '@'))
        return complete(a, who, js_object(members, ask_lower(a, who)));
    json_object_object_foreach(members, email, member) {
        if (complete(a, email, member) && (str_eq(js_str(member, "id"), who) ||
                                           str_eq(js_str(member, "contact_id"), who)))
            return member;
    }
    return NULL;
}

const char *
mailchimp_time(struct ask *a)
{
    return ask_time_as(a, a->now_ms, "%Y-%m-%dT%H:%M:%S+00:00");
}

struct json_object *
mailchimp_tags(struct json_object *list, struct json_object *member, int64_t at, int64_t count,
        const char *date)
{
    struct json_object *names = js_slice(js_need_array(member, "tags"), at, count);
    struct json_object *ids = js_need_object(list, "tags"), *out = json_object_new_array();

    for (size_t i = 0; i < json_object_array_length(names); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(names, i));

        js_append(out, js_make("id:i name:s date_added:s", js_int(ids, name, (int64_t)i + 1),
                               name, date));
    }
    json_object_put(names);
    return out;
}

static struct json_object *
member_answer(struct ask *a, struct json_object *list, struct json_object *member)
{
    struct json_object *fields = js_need_array(list, "merge_fields");
    struct json_object *have = js_need_object(member, "merge_fields"), *out, *all;
    const char *first = js_str(have, "FNAME"), *last = js_str(have, "LNAME");

    all = json_object_new_object();
    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        const char *tag = js_str(json_object_array_get_idx(fields, i), "tag");

        if (tag)
            js_put(all, tag, js_get(have, tag) ? js_ref(js_get(have, tag)) : js_text(""));
    }
    out = js_make(
        "id:s email_address:s contact_id:s full_name:s email_type:s status:s merge_fields:o "
        "language:s vip:b last_changed:s tags_count:i tags:o list_id:s",
        js_str(member, "id"), js_str(member, "email_address"), js_str(member, "contact_id"),
        ask_printf(a, "%s%s%s", first ? first : "", first && last ? " " : "", last ? last : ""),
        js_str(member, "email_type") ? js_str(member, "email_type") : "html",
        js_str(member, "status"), all,
        js_str(member, "language") ? js_str(member, "language") : "",
        (int)js_bool(member, "vip", false), js_str(member, "last_changed"),
        (int64_t)json_object_array_length(js_need_array(member, "tags")),
        mailchimp_tags(list, member, 0, TAGS_SHOWN, NULL), a->arg[0]);
    return out;
}

static void
reply_member(struct ask *a, struct json_object *list, struct json_object *member)
{
    const char *only = ask_query(a, "fields");
    struct json_object *whole = member_answer(a, list, member);

    ask_reply(a, 200, only ? js_only(whole, only) : js_ref(whole));
    json_object_put(whole);
}

void
mailchimp_invalid(struct ask *a, const char *field, const char *message)
{
    struct json_object *errors = json_object_new_array();

    js_append(errors, js_make("field:s message:s", field, message));
    mailchimp_problem(a, 400, "Invalid Resource", "The resource submitted could not be "
                      "validated. For field-specific details, see the 'errors' array.", true,
                      errors);
}

static bool
email_good(struct ask *a, const char *email)
{
    static const char *const fake[] = { "@example.com", "@example.org", "@example.net" };
    size_t len = strlen(email);

    if (!email_looks_good(email)) {
        mailchimp_problem(a, 400, "Invalid Resource", "Please provide a valid email address.",
                          true, NULL);
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(fake); i++)
        if (len > strlen(fake[i]) && strcasecmp(email + len - strlen(fake[i]), fake[i]) == 0) {
            mailchimp_problem(a, 400, "Invalid Resource", ask_printf(a, "%s looks fake or "
                              "invalid, please enter a real email address.", email), true, NULL);
            return false;
        }
    return true;
}

static bool
status_good(struct ask *a, const char *name)
{
    static const char *const all[] = { "subscribed", "unsubscribed", "cleaned", "pending",
                                       "transactional" };
    const char *status = js_str(a->body, name);

    if (!js_has(a->body, name))
        return true;
    for (size_t i = 0; status && i < ARRAY_LEN(all); i++)
        if (str_eq(status, all[i]))
            return true;
    mailchimp_invalid(a, name, "Data did not match any of the schemas described in anyOf.");
    return false;
}

static void
member_exists(struct ask *a, const char *email)
{
    mailchimp_problem(a, 400, "Member Exists", ask_printf(a, "%s is already a list member. Use "
                      "PUT to insert or update list members.", email), false, NULL);
}

/* May the member get this status? */
static bool
may_become(struct ask *a, struct json_object *list, const char *email, const char *status)
{
    const char *lower = ask_lower(a, email);

    if (js_find_nocase(js_array(list, "forgotten"), lower) >= 0) {
        mailchimp_problem(a, 400, "Forgotten Email Not Subscribed", ask_printf(a, "%s was "
                          "permanently deleted and cannot be re-imported. The contact must "
                          "re-subscribe to get back on the list.", email), true, NULL);
        return false;
    }
    if (js_find_nocase(js_array(list, "throttled"), lower) >= 0) {
        mailchimp_problem(a, 400, "Invalid Resource", ask_printf(a, "%s has signed up to a lot "
                          "of lists very recently; we're not allowing more signups for now",
                          email), true, NULL);
        return false;
    }
    if (status && str_eq(status, "subscribed") &&
        js_find_nocase(js_array(list, "compliance"), lower) >= 0) {
        mailchimp_problem(a, 400, "Member In Compliance State", ask_printf(a, "%s is in a "
                          "compliance state due to unsubscribe, bounce, or compliance review "
                          "and cannot be subscribed.", email), false, NULL);
        return false;
    }
    return true;
}

/* What is the same in a new member and in an old one. */
static void
fill(struct ask *a, struct json_object *list, struct json_object *member, const char *status)
{
    static const char *const copied[] = { "language", "vip", "email_type", "interests",
                                          "location" };
    struct json_object *fields = js_need_array(list, "merge_fields");
    struct json_object *values = js_object(a->body, "merge_fields");
    struct json_object *have = js_need_object(member, "merge_fields");

    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        const char *tag = js_str(json_object_array_get_idx(fields, i), "tag");

        if (tag && js_has(values, tag))
            js_put(have, tag, js_copy(js_get(values, tag)));
    }
    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        if (js_has(a->body, copied[i]))
            js_put(member, copied[i], js_copy(js_get(a->body, copied[i])));
    if (status)
        js_put_str(member, "status", status);
    js_put_str(member, "last_changed", mailchimp_time(a));
}

static struct json_object *
make_member(struct ask *a, struct json_object *list, const char *email, const char *status)
{
    const char *lower = ask_lower(a, email);
    struct json_object *member = js_make(
        "id:s email_address:s contact_id:s status:s merge_fields:o tags:o events:o",
        ask_md5(a, lower), email, ask_md5(a, ask_uuid(a)), status, json_object_new_object(),
        json_object_new_array(), json_object_new_array());

    js_put(js_need_object(list, "members"), lower, member);
    fill(a, list, member, status);
    return member;
}

/* The old member under its new address. */
static void
move_member(struct ask *a, struct json_object *list, struct json_object *member,
            const char *email)
{
    struct json_object *members = js_object(list, "members");
    const char *before = ask_lower(a, js_str(member, "email_address"));

    js_ref(member);
    js_drop(members, before);
    js_put_str(member, "email_address", email);
    js_put_str(member, "id", ask_md5(a, ask_lower(a, email)));
    js_put(members, ask_lower(a, email), member);
}

static void
put_new(struct ask *a, struct json_object *list, const char *email)
{
    const char *status = js_str(a->body, "status");

    status = status ? status : js_str(a->body, "status_if_new");
    if (!email) {
        mailchimp_invalid(a, "email_address", "This value should not be blank.");
    } else if (!status) {
        mailchimp_invalid(a, "status_if_new", "This value should not be blank.");
    } else if (js_object(js_object(list, "members"), ask_lower(a, email))) {
        member_exists(a, email);
    } else if (email_good(a, email) && may_become(a, list, email, status) &&
               merge_fields_good(a, list, js_object(a->body, "merge_fields"), NULL)) {
        reply_member(a, list, make_member(a, list, email, status));
    }
}

static void
change(struct ask *a, struct json_object *list, struct json_object *member, const char *email)
{
    const char *now = js_str(member, "email_address"), *status = js_str(a->body, "status");
    bool moves = email && strcasecmp(now, email) != 0;

    if (moves && js_object(js_object(list, "members"), ask_lower(a, email))) {
        member_exists(a, email);
        return;
    }
    if ((moves && !email_good(a, email)) || (status && !may_become(a, list, now, status)) ||
        !merge_fields_good(a, list, js_object(a->body, "merge_fields"),
                           js_object(member, "merge_fields")))
        return;
    if (moves)
        move_member(a, list, member, email);
    fill(a, list, member, status);
    reply_member(a, list, member);
}

/* The body is an object, and what it says has the right types. */
static bool
body_good(struct ask *a)
{
    if (!json_object_is_type(a->body, json_type_object)) {
        a->stand->error(a, 400, NULL);
        return false;
    }
    if (js_has(a->body, "email_address") && !js_str(a->body, "email_address")) {
        mailchimp_invalid(a, "email_address", "Schema describes string, other found instead");
        return false;
    }
    if (js_has(a->body, "merge_fields") && !js_object(a->body, "merge_fields")) {
        mailchimp_invalid(a, "merge_fields", "Schema describes object, other found instead");
        return false;
    }
    return status_good(a, "status") && status_good(a, "status_if_new");
}

void
member_put(struct ask *a)
{
    struct json_object *list = mailchimp_list(a), *member;
    const char *email;

    if (!list || !body_good(a))
        return;
    email = js_str(a->body, "email_address");
    member = find_member(a, list, a->arg[1]);
    if (member)
        change(a, list, member, email);
    else
        put_new(a, list, email);
}

/* The member of arg[1]; NULL: it has answered. */
struct json_object *
mailchimp_member(struct ask *a, struct json_object **ret_list)
{
    struct json_object *list = mailchimp_list(a), *member = NULL;

    if (list) {
        member = find_member(a, list, a->arg[1]);
        if (!member)
            a->stand->error(a, 404, NULL);
    }
    *ret_list = list;
    return member;
}

void
member_patch(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list);

    if (member && body_good(a))
        change(a, list, member, js_str(a->body, "email_address"));
}

void
member_get(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list);

    if (member)
        reply_member(a, list, member);
}

void
member_post(struct ask *a)
{
    struct json_object *list = mailchimp_list(a), *member;
    const char *email, *status;

    if (!list || !body_good(a))
        return;
    email = js_str(a->body, "email_address");
    status = js_str(a->body, "status");
    if (!email || !status) {
        mailchimp_invalid(a, email ? "status" : "email_address", "This value should not be blank.");
        return;
    }
    if (!email_good(a, email) || !may_become(a, list, email, status))
        return;
    member = find_member(a, list, email);
    if (member && !str_eq(js_str(member, "status"), "archived")) {
        member_exists(a, email);
        return;
    }
    if (!merge_fields_good(a, list, js_object(a->body, "merge_fields"),
                           js_object(member, "merge_fields")))
        return;
    if (member)
        fill(a, list, member, status);
    else
        member = make_member(a, list, email, status);
    reply_member(a, list, member);
}

void
member_delete(struct ask *a)
{
    struct json_object *list, *member = mailchimp_member(a, &list);
    const char *status;

    if (!member)
        return;
    status = js_str(member, "status");
    if (str_eq(status, "archived") || str_eq(status, "pending") || str_eq(status, "cleaned")) {
        a->stand->error(a, 405, "This list member cannot be removed. Can not archive a contact "
                        "that is bounced, pending or archived");
        ask_header(a, "Allow", "GET, PUT");
        return;
    }
    js_put_str(member, "status", "archived");
    ask_reply(a, 204, NULL);
}
