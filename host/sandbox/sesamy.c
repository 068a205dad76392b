/* sesamy.c - the platform's API: tokens, and the management endpoints that tell who a user
   is now. State: users, contracts, entitlements, products, checkouts by id. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/stand.h"

#define LIMIT_DEFAULT 20
#define HINT_MS 1000

static const char seed[] =
    "{'clients': {'sandbox': {'secret': 'sandbox-secret', 'vendorId': 'sandbox'}},"
    " 'tokens': {},"
    " 'settings': {'perMinute': 100, 'burst': 200, 'tokenSeconds': 86400, 'maxLimit': 100,"
    "              'envelope': false},"
    " 'users': {'email|anna': {'email': 'anna@sandbox.test', 'emailVerified': true,"
    "   'firstName': 'Anna', 'lastName': 'Ågren', 'mobilePhone': '+46701234567', 'tags': []}},"
    " 'contracts': {}, 'entitlements': {}, 'checkouts': {},"
    " 'products': {'mag-001': {'title': 'Premium Magazine', 'productType': 'publication'}}}";

static const char *
code_of(int status)
{
    switch (status) {
    case 401: return "authentication_required";
    case 403: return "insufficient_permissions";
    case 404: return "resource_not_found";
    case 429: return "rate_limit_exceeded";
    case 503: return "service_unavailable";
    default: return status < 500 ? "validation_error" : "internal_error";
    }
}

static const char *
message_of(int status)
{
    switch (status) {
    case 401: return "A valid access token is required";
    case 403: return "The token does not give access to this";
    case 404: return "The resource was not found";
    case 405: return "The method is not allowed here";
    case 429: return "Rate limit exceeded";
    default: return status < 500 ? "The request is not valid" : "Something went wrong";
    }
}

static struct json_object *
error_body(struct ask *a, int status, const char *detail)
{
    return js_make("code:s message:s details:o request_id:s", code_of(status),
                   detail ? detail : message_of(status), json_object_new_object(),
                   ask_printf(a, "req_%s", ask_uuid(a)));
}

static void
error(struct ask *a, int status, const char *detail)
{
    ask_reply(a, status, js_make("error:o", error_body(a, status, detail)));
}

static int64_t
throttle(struct ask *a, int64_t wait_ms)
{
    struct json_object *e = error_body(a, 429, NULL);
    int64_t wait_s = ((wait_ms < 0 ? HINT_MS : wait_ms) + 999) / 1000;

    js_put_int(e, "retry_after", wait_s);
    ask_reply(a, 429, js_make("error:o", e));
    ask_header(a, "X-RateLimit-Limit", "%lld", (long long)
               js_int(js_object(a->state, "settings"), "perMinute", 100));
    ask_header(a, "X-RateLimit-Remaining", "0");
    ask_header(a, "X-RateLimit-Reset", "%lld", (long long)(a->now_ms / 1000 + wait_s));
    return wait_s * 1000;
}

static bool
token_is_good(struct ask *a)
{
    const char *token = ask_bearer(a);
    struct json_object *known = token ? js_object(js_object(a->state, "tokens"), token) : NULL;

    return known && js_int(known, "expiresMs", 0) > a->now_ms &&
           js_object(js_object(a->state, "clients"), js_str(known, "client"));
}

static bool
admit(struct ask *a)
{
    struct json_object *set = js_object(a->state, "settings");
    int64_t rate = js_int(set, "perMinute", 100), burst = js_int(set, "burst", 200), left;

    if (a->count > 0 && str_eq(a->parts[0], "oauth"))
        return true;
    if (!token_is_good(a)) {
        error(a, 401, NULL);
        return false;
    }
    if (!ask_take(a, rate, burst, &left)) {
        throttle(a, rate > 0 ? 60000 / rate : 60000);
        return false;
    }
    ask_header(a, "X-RateLimit-Limit", "%lld", (long long)rate);
    ask_header(a, "X-RateLimit-Remaining", "%lld", (long long)left);
    ask_header(a, "X-RateLimit-Reset", "%lld", (long long)(a->now_ms / 1000 + 60));
    return true;
}

static void
oauth_error(struct ask *a, int status, const char *code, const char *description)
{
    ask_reply(a, status, js_make("error:s error_description:s", code, description));
}

/* A field of the form in the body; "" when it is not there. */
static const char *
form_field(struct ask *a, const char *name)
{
    const char *at = a->text;
    size_t name_len = strlen(name);

    while (*at) {
        size_t len = strcspn(at, "&");

        if (len > name_len && memcmp(at, name, name_len) == 0 && at[name_len] == '=') {
            char *value = arena_memdup0(&a->arena, at + name_len + 1, len - name_len - 1);
            int64_t n;

            for (char *c = value; *c; c++)
                if (*c == '+')
                    *c = ' ';
            n = percent_decode(value, strlen(value), value);
            if (n < 0)
                return "";
            value[n] = '\0';
            return value;
        }
        at += len;
        at += *at == '&';
    }
    return "";
}

static void
token(struct ask *a)
{
    const char *type = http_in_header(a->in, "Content-Type");
    const char *id, *secret, *text;
    struct json_object *client, *set = js_object(a->state, "settings");
    int64_t seconds = js_int(set, "tokenSeconds", 86400);

    if (!type || !str_starts(type, "application/x-www-form-urlencoded")) {
        oauth_error(a, 403, "access_denied", "Forbidden");
        return;
    }
    if (!str_eq(form_field(a, "grant_type"), "client_credentials")) {
        oauth_error(a, 400, "unsupported_grant_type", "grant_type must be client_credentials");
        return;
    }
    id = form_field(a, "client_id");
    secret = form_field(a, "client_secret");
    client = js_object(js_object(a->state, "clients"), id);
    if (!client || !js_str(client, "secret") || !str_eq(js_str(client, "secret"), secret)) {
        oauth_error(a, 401, "invalid_client", "The client is not known or its secret is wrong");
        return;
    }
    text = ask_printf(a, "tok_%s", ask_uuid(a));
    js_put(js_need_object(a->state, "tokens"), text,
           js_make("client:s expiresMs:i", id, a->now_ms + seconds * 1000));
    ask_header(a, "Cache-Control", "no-store");
    ask_reply(a, 200, js_make("access_token:s token_type:s expires_in:i", text, "Bearer",
                              seconds));
}

/* What the platform always tells, where the state does not: id under this name, times. */
static struct json_object *
complete(struct json_object *value, const char *id_name, const char *id)
{
    struct json_object *whole = js_copy(value);

    if (!js_has(whole, id_name))
        js_put_str(whole, id_name, id);
    if (!js_has(whole, "createdAt"))
        js_put_str(whole, "createdAt", "2025-01-01T00:00:00Z");
    if (!js_has(whole, "updatedAt"))
        js_put(whole, "updatedAt", js_ref(js_get(whole, "createdAt")));
    return whole;
}

static struct json_object *
whole_user(const char *id, struct json_object *user)
{
    return complete(user, "userId", id);
}

static struct json_object *
whole_contract(const char *id, struct json_object *contract)
{
    static const char *const nulls[] = { "nextBillAt", "nextPrice", "willCancelAt" };
    struct json_object *whole = complete(contract, "id", id);
    struct json_object *items = js_need_array(whole, "items");
    const char *name = js_str(json_object_array_get_idx(items, 0), "name");

    if (!js_has(whole, "name"))
        js_put_str(whole, "name", name ? name : id);
    if (!js_has(whole, "price"))
        js_put_int(whole, "price", 99);
    if (!js_has(whole, "currency"))
        js_put_str(whole, "currency", "SEK");
    if (!js_has(whole, "status"))
        js_put_str(whole, "status", "ACTIVE");
    if (!js_has(whole, "isActive"))
        js_put(whole, "isActive", json_object_new_boolean(
            str_eq(js_str(whole, "status") ? js_str(whole, "status") : "", "ACTIVE")));
    for (size_t i = 0; i < ARRAY_LEN(nulls); i++)
        if (!js_has(whole, nulls[i]))
            js_put(whole, nulls[i], NULL);
    js_need_array(whole, "appliedDiscounts");
    return whole;
}

static struct json_object *
whole_entitlement(const char *id, struct json_object *entitlement)
{
    struct json_object *whole = complete(entitlement, "id", id);

    if (!js_has(whole, "hasAccess"))
        js_put(whole, "hasAccess", json_object_new_boolean(1));
    js_drop(whole, "userId");              /* the answer has no such member */
    return whole;
}

static struct json_object *
whole_product(const char *id, struct json_object *product)
{
    struct json_object *whole = complete(product, "sku", id);

    if (!js_has(whole, "language"))
        js_put_str(whole, "language", "sv");
    return whole;
}

static struct json_object *
whole_checkout(const char *id, struct json_object *checkout)
{
    struct json_object *whole = complete(checkout, "id", id);

    if (!js_has(whole, "status"))
        js_put_str(whole, "status", "COMPLETED");
    return whole;
}

static bool
enveloped(struct ask *a)
{
    return js_bool(js_object(a->state, "settings"), "envelope", false);
}

static void
one(struct ask *a, const char *kind, const char *id,
    struct json_object *(*whole)(const char *, struct json_object *))
{
    struct json_object *value = js_object(js_object(a->state, kind), id);

    if (!value)
        error(a, 404, NULL);
    else if (enveloped(a))
        ask_reply(a, 200, js_make("data:o meta:o", whole(id, value),
                                  js_make("timestamp:s", ask_time(a))));
    else
        ask_reply(a, 200, whole(id, value));
}

/* Does the value have what the query asks for? */
static bool
matches(struct ask *a, struct json_object *value, const char *const *filters)
{
    for (; *filters; filters++) {
        const char *want = ask_query(a, *filters), *got = js_str(value, *filters);

        if (want && (!got || !str_eq(got, want)))
            return false;
    }
    return true;
}

static void
many(struct ask *a, const char *kind, const char *const *filters,
     struct json_object *(*whole)(const char *, struct json_object *))
{
    struct json_object *all = js_need_object(a->state, kind), *page = json_object_new_array();
    int64_t max = js_int(js_object(a->state, "settings"), "maxLimit", 100);
    int64_t limit = ask_query_int(a, "limit", LIMIT_DEFAULT);
    int64_t from = ask_query_int(a, "from", ask_query_int(a, "offset", 0)), total = 0;

    if (limit < 1 || from < 0) {
        json_object_put(page);
        error(a, 400, "limit and from are numbers, 1 and 0 at least");
        return;
    }
    limit = limit > max ? max : limit;
    json_object_object_foreach(all, id, value) {
        if (!matches(a, value, filters))
            continue;
        if (total >= from && total - from < limit)
            js_append(page, whole(id, value));
        total++;
    }
    if (enveloped(a))
        page = js_make("data:o pagination:o", page,
                       js_make("total:i limit:i offset:i hasMore:b", total, limit, from,
                               (int)(from + limit < total)));
    ask_reply(a, 200, page);
}

static const char *const by_nothing[] = { NULL };
static const char *const by_user[] = { "userId", "status", "type", "sku", NULL };

static void
user(struct ask *a)
{
    one(a, "users", a->arg[0], whole_user);
}

static void
users(struct ask *a)
{
    many(a, "users", by_nothing, whole_user);
}

static void
contract(struct ask *a)
{
    one(a, "contracts", a->arg[0], whole_contract);
}

static void
contracts(struct ask *a)
{
    many(a, "contracts", by_user, whole_contract);
}

static void
entitlements(struct ask *a)
{
    many(a, "entitlements", by_user, whole_entitlement);
}

static void
product(struct ask *a)
{
    one(a, "products", a->arg[0], whole_product);
}

static void
products(struct ask *a)
{
    many(a, "products", by_nothing, whole_product);
}

static void
checkout(struct ask *a)
{
    one(a, "checkouts", a->arg[0], whole_checkout);
}

static const struct route routes[] = {
    { "POST", "oauth/token", token },
    { "GET", "management/users", users },
    { "GET", "management/users/*", user },
    { "GET", "management/contracts", contracts },
    { "GET", "management/contracts/*", contract },
    { "GET", "management/entitlements", entitlements },
    { "GET", "management/products", products },
    { "GET", "management/products/*", product },
    { "GET", "checkouts/*", checkout },
    { "GET", "management/checkouts/*", checkout },
};

const struct stand stand_sesamy = {
    .name = "sesamy",
    .type = "application/json",
    .seed = seed,
    .admit = admit,
    .error = error,
    .throttle = throttle,
    .routes = routes,
    .route_count = ARRAY_LEN(routes),
};
