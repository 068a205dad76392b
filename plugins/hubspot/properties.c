/* properties.c - the contact properties themselves: those that an account lacks are made, and
   the options of subscription_type grow as products appear, but never shrink. */
#include <string.h>

#include "hubspot.h"

#define OPTIONS_FOR_MS (3600 * 1000LL)
#define TYPES_ROW      4

/* Our own properties, as they are made where an account lacks one. */
static const struct property {
    const char *name, *label, *type, *field;
} own[] = {
    { "sesamy_user_id", "Sesamy user id", "string", "text" },
    { "has_active_subscription", "Has active subscription", "string", "text" },
    { "active_subscription_count", "Active subscriptions", "string", "text" },
    { "canceled_subscriptions_count", "Ended subscriptions", "string", "text" },
    [TYPES_ROW] = { HUBSPOT_TYPES, "Subscription type", "enumeration", "checkbox" },
    { NULL, NULL, NULL, NULL },
};

/* ---- subscription_type: the titles of what is active ------------------------- */

/* The title of a product that counts as a subscription type; "". */
static const char *
title_of(struct hermod_call *c, const struct hermod_product *p)
{
    return strcmp(p->type, "article") == 0 ? "" : hermod_trim(c, p->title);
}

/* ';' parts the values of the list and cannot be escaped. */
static const char *
without_semicolons(struct hermod_call *c, const char *title)
{
    for (const char *at; (at = strchr(title, ';')) != NULL;)
        title = hermod_format(c, "%.*s,%s", (int)(at - title), title, at + 1);
    return title;
}

/* What to write for a title; "" when there is no option for it. Somebody may have given the
   option another value than its label. */
static const char *
option_for(struct hermod_call *c, const struct hermod_json *property, const char *title)
{
    const struct hermod_json *options = hermod_json_get(c, property, "options");
    const char *plain = without_semicolons(c, title), *found = "";

    if (strcmp(hermod_json_get_string(c, property, "type", ""), "string") == 0)
        return plain;
    for (size_t i = 0; i < hermod_json_length(c, options); i++) {
        const struct hermod_json *o = hermod_json_at(c, options, i);
        const char *value = hermod_json_get_string(c, o, "value", "");

        if (strcmp(hermod_json_get_string(c, o, "label", ""), title) == 0)
            return value;
        if (strcmp(value, plain) == 0)
            found = value;
    }
    return found;
}

static bool
on_list(const char *list, const char *value)
{
    size_t len = strlen(value), n;

    for (; *list; list += n + (list[n] == ';')) {
        n = strcspn(list, ";");
        if (n == len && memcmp(list, value, len) == 0)
            return true;
    }
    return false;
}

/* Sets y->types. false when a title has no option in this property. */
static bool
join_types(struct sync *y, const struct hermod_json *property)
{
    const char *list = "";

    for (size_t i = 0; y->s->active_products[i]; i++) {
        const char *title = title_of(y->c, y->s->active_products[i]);
        const char *value = option_for(y->c, property, title);

        if (*title && !*value)
            return false;
        if (*title && !on_list(list, value))
            list = hermod_format(y->c, "%s%s%s", list, *list ? ";" : "", value);
    }
    y->types = list;
    return true;
}

/* All the options there are, and one for each title that has none yet: HubSpot replaces the
   whole list, and contacts that hold an option must keep it. */
static struct hermod_json *
all_options(struct sync *y, const struct hermod_json *property, bool *ret_grown)
{
    struct hermod_call *c = y->c;
    const struct hermod_json *old = hermod_json_get(c, property, "options");
    struct hermod_json *all = hermod_json_array(c);
    const char *added = "";

    for (size_t i = 0; i < hermod_json_length(c, old); i++)
        hermod_json_add(c, all, hermod_json_at(c, old, i));
    for (size_t i = 0; y->s->active_products[i]; i++) {
        const char *title = title_of(c, y->s->active_products[i]);
        const char *value = without_semicolons(c, title);

        if (!*title || *option_for(c, property, title) || on_list(added, value))
            continue;
        hermod_json_add(c, all, hermod_json_pack(c, "{s:s,s:s,s:b,s:i}", "label", title,
                                                 "value", value, "hidden", 0,
                                                 "displayOrder", -1));
        added = hermod_format(c, "%s%s;", added, value);
    }
    *ret_grown = *added != '\0';
    return all;
}

/* options: a JSON array, or NULL. 409: it is there already. NULL when all is well. */
static const struct hermod_response *
create_property(struct sync *y, const struct property *p, const struct hermod_json *options)
{
    struct hermod_json *body =
        hermod_json_pack(y->c, "{s:s,s:s,s:s,s:s,s:s}", "name", p->name, "label", p->label,
                         "groupName", "contactinformation", "type", p->type, "fieldType",
                         p->field);
    const struct hermod_response *r;

    if (options)
        hermod_json_set(y->c, body, "options", options);
    r = hubspot_ask(y->c, y->cfg, "POST", "properties", "", body);
    return good(r) || r->status == 409 ? NULL : r;
}

/* Reads the property, adds the options that this subscriber needs, and remembers them. NULL
   when all is well; then y->types is set. */
static const struct hermod_response *
extend_options(struct sync *y)
{
    struct hermod_call *c = y->c;
    const struct hermod_response *stop, *r =
        hubspot_ask(c, y->cfg, "GET", "properties", HUBSPOT_TYPES, NULL);
    const char *type = r->status == 404 ? "enumeration" :
        hermod_json_get_string(c, r->json, "type", "");
    struct hermod_json *options, *property;
    bool grown, ready = good(r) && *type;

    if (!ready && r->status != 404)
        return r;
    options = all_options(y, r->json, &grown);
    if (r->status == 404) {
        stop = create_property(y, &own[TYPES_ROW], options);
        if (stop)
            return stop;
    } else if (grown && strcmp(type, "enumeration") == 0) {
        r = hubspot_ask(c, y->cfg, "PATCH", "properties", HUBSPOT_TYPES,
                        hermod_json_pack(c, "{s:j}", "options", options));
        if (!good(r) || !*hermod_json_get_string(c, r->json, "name", ""))
            return r;
    }
    property = hermod_json_pack(c, "{s:s,s:j}", "type", type, "options", options);
    hermod_memo_set(c, HUBSPOT_TYPES, hermod_json_text(c, property), OPTIONS_FOR_MS);
    join_types(y, property);
    return NULL;
}

/* Sets y->types; each value in it is an option by then. One delivery at a time changes the
   options, so that none drops another's. NULL when all is well. */
const struct hermod_response *
hubspot_choose_types(struct sync *y, bool afresh)
{
    const char *known = hermod_memo(y->c, HUBSPOT_TYPES);

    if (!afresh && join_types(y, hermod_json_parse(y->c, known, strlen(known))))
        return NULL;
    hermod_exclusive(y->c, HUBSPOT_TYPES);
    known = hermod_memo(y->c, HUBSPOT_TYPES);
    if (!afresh && join_types(y, hermod_json_parse(y->c, known, strlen(known))))
        return NULL;
    return extend_options(y);
}

/* ---- after a 400 ------------------------------------------------------------- */

const struct hermod_response *
hubspot_repair(struct sync *y, const struct hermod_response *r)
{
    bool missing = strstr(r->body, "PROPERTY_DOESNT_EXIST") != NULL;
    bool types = strstr(r->body, "INVALID_OPTION") != NULL;
    const struct hermod_response *stop = types ? NULL : r;

    for (const struct property *p = own; p->name && missing; p++) {
        if (!strstr(r->body, p->name))
            continue;
        stop = p == &own[TYPES_ROW] ? NULL : create_property(y, p, NULL);
        if (stop)
            return stop;
        types |= p == &own[TYPES_ROW];
        hermod_log_info(y->c, "the account lacks the contact property %s", p->name);
    }
    return types ? hubspot_choose_types(y, true) : stop;
}

