/* rule: keeps a subscriber of Rule (rule.io), the Sesamy_ fields and the sesamy_ tags in step
   with the platform. One call writes all; a second one finds tags that have to go. */
#include <stdlib.h>
#include <string.h>

#include <hermod/plugin.h>

#include "fields.h"
#include "stockholm.h"

#define BASE_TAG "sesamy"          /* every subscriber of ours has it, for ever */
#define BLIND_HOLD_MS 60000        /* after a 429 that does not say how long */
#define ERROR_SHARE 49             /* percent of answers that may be errors, when Rule is silent */
#define ERROR_MARGIN 10            /* percent points before that, at which errors come slowly */
#define ERROR_HOLD_MS 60000

struct config {
    const char *apiKey, *apiUrl, *timeZone;
    bool skipGuests, clearFields;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, apiKey, HERMOD_REQUIRED | HERMOD_SECRET, NULL,
                  "API key, from Settings > API in Rule."),
    HERMOD_STRING(struct config, apiUrl, 0, "https://app.rule.io/api/v2", "Rule's address."),
    HERMOD_BOOL(struct config, skipGuests, 0, "true",
                "Leave out guests, users without an e-mail address; otherwise they are "
                "subscribers by phone number."),
    HERMOD_BOOL(struct config, clearFields, 0, "false",
                "Send fields that have become empty too; otherwise Rule keeps their last value."),
    HERMOD_CHOICE(struct config, timeZone, 0, "Europe/Stockholm", "Europe/Stockholm|UTC",
                  "Whose clock dates are written by."),
    HERMOD_SETTINGS_END
};

/* One delivery. */
struct run {
    struct hermod_call *c;
    const struct config *cfg;
    const struct hermod_event *event;
    const struct hermod_subscriber *user;
    const char *who, *by;          /* the subscriber's name at Rule, and what kind it is */
};

/* ---- answers ------------------------------------------------------------------- */

/* A whole number at the beginning of a header, else fallback. */
static long
header_number(struct hermod_call *c, const struct hermod_response *r, const char *name,
              long fallback)
{
    const char *text = hermod_http_response_header(c, r, name);

    return *text >= '0' && *text <= '9' ? strtol(text, NULL, 10) : fallback;
}

/* Rule shuts the whole account out when too large a share of its answers are errors. Near
   that, ours come a minute apart. */
static void
spare_account(struct hermod_call *c, const struct hermod_response *r)
{
    long most = header_number(c, r, "X-ErrorPercent-Limit", ERROR_SHARE);

    if (header_number(c, r, "X-ErrorPercent-Current", 0) < most - ERROR_MARGIN)
        return;
    hermod_log_warn(c, "many of the account's requests fail: the next one waits a minute");
    hermod_hold(c, ERROR_HOLD_MS);
}

/* 429, and 5xx with a hint. Seconds and HTTP dates have been minded already. */
static int
wait_for_account(struct hermod_call *c, const struct hermod_response *r, int outcome)
{
    const char *hint = hermod_http_response_header(c, r, "Retry-After");
    int64_t wait_ms = stockholm_wait_ms(hint, hermod_http_response_header(c, r, "Date"));

    if (wait_ms > 0) {
        hermod_hold(c, wait_ms);
        return hermod_retry(c, wait_ms, "%d, Rule asks to wait %lld s", (int)r->status,
                            (long long)(wait_ms / 1000));
    }
    if (wait_ms < 0 && r->status == 429 && (!*hint || hint[strspn(hint, "0123456789")]))
        hermod_hold(c, BLIND_HOLD_MS);
    return outcome;
}

/* The names of what Rule does not accept, such as "subscribers.email"; "". */
static const char *
refused_fields(struct hermod_call *c, const struct hermod_response *r)
{
    const struct hermod_json *refused = hermod_json_get(c, r->json, "fields");
    const char *list = "";

    for (size_t i = 0; i < hermod_json_length(c, refused) && i < 3; i++) {
        const char *name = hermod_json_key_at(c, refused, i);

        if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") ==
            strlen(name) && strlen(name) <= 64)
            list = hermod_format(c, "%s%s%s", list, *list ? ", " : "", name);
    }
    return list;
}

static int
outcome_of(struct hermod_call *c, const struct hermod_response *r)
{
    int outcome = hermod_http_outcome(c, r);
    const char *names;

    if (outcome == HERMOD_RETRY && r->status)
        return wait_for_account(c, r, outcome);
    if (outcome != HERMOD_FAILED)
        return outcome;
    spare_account(c, r);
    names = r->status == 400 ? refused_fields(c, r) : "";
    if (*names)
        return hermod_fail(c, "400 Bad Request, not accepted: %s", names);
    return outcome;
}

static const struct hermod_response *
ask(const struct run *run, struct hermod_request *q)
{
    hermod_http_bearer(run->c, q, run->cfg->apiKey);
    return hermod_http_send(run->c, q);
}

/* ---- the subscriber -------------------------------------------------------------- */

/* Enough to spare Rule what cannot be one. */
static bool
is_email(const char *text)
{
    const char *at = strchr(text, '@');

    return at && at > text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " \t\r\n,;<>");
}

/* Rule reads a number without a country prefix as Swedish: such ones are not sent as phone. */
static bool
is_international(const char *phone)
{
    return *phone == '+' && phone[1] && !phone[1 + strspn(phone + 1, "0123456789")];
}

/* Is the answer to a write a yes? A refusal may come with 200. */
static int
accepted(const struct run *run, const struct hermod_response *r)
{
    struct hermod_call *c = run->c;
    int outcome = outcome_of(c, r);
    static const char *const paths[] = { "suppressed", "subscriber.suppressed" };

    if (outcome != HERMOD_DELIVERED)
        return outcome;
    for (size_t i = 0; i < 2; i++)
        if (hermod_json_length(c, hermod_json_get(c, r->json, paths[i])) > 0 ||
            hermod_json_get_bool(c, r->json, paths[i], false))
            return hermod_skip(c, "Rule suppresses the address: it has bounced, or its owner "
                                  "wants no mail");
    if (strcmp(hermod_json_get_string(c, r->json, "message", ""), "Success") != 0 &&
        !hermod_json_get_bool(c, r->json, "success", false))
        return hermod_fail(c, "%d, but Rule does not say Success", (int)r->status);
    return outcome;
}

/* Creates or updates: profile, fields and the tags that are wanted. Nobody's automations are
   started anew. */
static int
write_subscriber(const struct run *run)
{
    struct hermod_call *c = run->c;
    const struct field_style style = { strcmp(run->cfg->timeZone, "UTC") != 0,
                                       run->cfg->clearFields };
    const char *const *wanted = hermod_tags(c);
    struct hermod_json *subscriber = hermod_json_object(c), *tags = hermod_json_array(c);
    struct hermod_request *q = hermod_http_open(c, "POST", run->cfg->apiUrl, "/subscribers");

    if (*run->user->email)
        hermod_json_set_string(c, subscriber, "email", run->user->email);
    if (is_international(run->user->phone))
        hermod_json_set_string(c, subscriber, "phone_number", run->user->phone);
    hermod_json_set(c, subscriber, "fields", rule_fields(c, run->event, run->user, &style));
    hermod_json_add_string(c, tags, BASE_TAG);
    for (size_t i = 0; wanted[i]; i++)
        hermod_json_add_string(c, tags, wanted[i]);
    hermod_http_json(c, q, hermod_json_pack(c, "{s:b,s:b,s:j,s:j}", "update_on_duplicate", 1,
                                            "automation", 0, "tags", tags,
                                            "subscribers", subscriber));
    return accepted(run, ask(run, q));
}

/* ---- tags that have to go -------------------------------------------------------- */

/* A tag that is gone already (404) is as it should be. */
static int
remove_tag(const struct run *run, const char *tag)
{
    struct hermod_call *c = run->c;
    const struct hermod_response *r;
    struct hermod_request *q = hermod_http_open(c, "DELETE", run->cfg->apiUrl,
                                                "/subscribers/%s/tags/%s", run->who, tag);

    hermod_http_query(c, q, "identified_by", run->by);
    r = ask(run, q);
    if (r->status != 404)
        return outcome_of(c, r);
    spare_account(c, r);
    return HERMOD_DELIVERED;
}

static int
remove_stale_tags(const struct run *run)
{
    struct hermod_call *c = run->c;
    struct hermod_request *q = hermod_http_open(c, "GET", run->cfg->apiUrl,
                                                "/subscribers/%s/tags", run->who);
    const struct hermod_response *r;
    const char *const *stale;
    int outcome;

    hermod_http_query(c, q, "identified_by", run->by);
    r = ask(run, q);
    outcome = outcome_of(c, r);
    if (outcome != HERMOD_DELIVERED)
        return outcome;
    if (hermod_json_type(c, hermod_json_get(c, r->json, "tags")) != HERMOD_JSON_ARRAY)
        return hermod_fail(c, "%d, but without the subscriber's tags", (int)r->status);
    stale = hermod_tags_stale(c, hermod_json_get_strings(c, r->json, "tags", "name"));
    for (size_t i = 0; stale[i] && outcome == HERMOD_DELIVERED; i++)
        outcome = remove_tag(run, stale[i]);
    return outcome;
}

/* ---- the plugin --------------------------------------------------------------------- */

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;
    const struct hermod_subscriber *s = hermod_subscriber(c);
    struct run run = { c, cfg, ev, s, s->email, "email" };
    int outcome;

    if (!*s->email && cfg->skipGuests)
        return hermod_skip(c, "a guest: the user has no e-mail address");
    if (!*s->email && !is_international(s->phone))
        return hermod_skip(c, "the user has no e-mail address, and no phone number with a "
                              "country prefix");
    if (*s->email && !is_email(s->email))
        return hermod_fail(c, "the user's e-mail address is not one");
    if (!*s->email) {
        run.who = s->phone;
        run.by = "phone_number";
    }
    outcome = write_subscriber(&run);
    return outcome == HERMOD_DELIVERED ? remove_stale_tags(&run) : outcome;
}

/* Reads, and changes nothing. */
static int
check(struct hermod_call *c, const void *config)
{
    const struct run run = { .c = c, .cfg = config };
    struct hermod_request *q = hermod_http_open(c, "GET", run.cfg->apiUrl, "/tags");

    hermod_http_query(c, q, "limit", "1");
    return outcome_of(c, ask(&run, q));
}

HERMOD_PLUGIN(.name = "rule", .version = "1.0",
              .summary = "Keeps subscribers of Rule, their fields and tags in step.",
              .events = HERMOD_EVENTS("userVendor.1#new", "userVendor.1#update",
                                      "contract.1#purchased", "contract.1#update",
                                      "contract#cancelRequest", "entitlement.1#new",
                                      "entitlement.1#update", "checkout.1#confirm"),
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .concurrent = 4, .requests = 1800, .per_ms = 600000,
                          .credential = "apiKey" },
              .deliver = deliver, .check = check);
