/* hubspot_properties.c - the properties of contacts: their definitions, and which values they
   take. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/hubspot.h"

#define NAME_MAX_LEN 100
#define VALUE_MAX 65536
#define MESSAGE_MAX (256 * 1024)
#define DAY_MS (24LL * 60 * 60 * 1000)

static struct json_object *
definitions(struct ask *a)
{
    return js_need_object(a->state, "properties");
}

static bool
has_option(struct json_object *options, const char *value, size_t len)
{
    for (size_t i = 0; options && i < json_object_array_length(options); i++) {
        const char *have = js_str(json_object_array_get_idx(options, i), "value");

        if (have && strlen(have) == len && memcmp(have, value, len) == 0)
            return true;
    }
    return false;
}

/* A list of several is one text with semicolons, with one more in front to append. */
static bool
options_good(struct json_object *property, const char *value)
{
    struct json_object *options = js_array(property, "options");
    const char *field = js_str(property, "fieldType");

    if (!field || !str_eq(field, "checkbox"))
        return has_option(options, value, strlen(value));
    value += *value == ';';
    while (*value) {
        size_t len = strcspn(value, ";");

        if (!has_option(options, value, len))
            return false;
        value += len;
        value += *value == ';';
    }
    return true;
}

static const char *
allowed(struct ask *a, struct json_object *property)
{
    struct json_object *options = js_array(property, "options");
    const char *list = "";

    for (size_t i = 0; options && i < json_object_array_length(options); i++)
        list = ask_printf(a, "%s%s%s", list, i ? ", " : "",
                          js_str(json_object_array_get_idx(options, i), "value"));
    return list;
}

static bool
date_good(const char *value, bool with_time)
{
    char *text = xasprintf("%sT00:00:00Z", value);
    bool day = time_parse_rfc3339(text, &(int64_t){ 0 }) == 0;
    int64_t ms;
    bool number = parse_i64(value, INT64_MIN, INT64_MAX, &ms);

    free(text);
    if (with_time)
        return number || time_parse_rfc3339(value, &ms) == 0;
    return day || (number && ms % DAY_MS == 0);
}

/* The vendor's name for what is wrong with a value that is not empty; NULL: nothing. */
static const char *
wrong_with(struct ask *a, const char *name, struct json_object *property, const char *value,
           const char **ret_message)
{
    const char *type = js_str(property, "type");
    char *end;

    *ret_message = ask_printf(a, "%s was not a valid %s.", value, type ? type : "value");
    if (strlen(value) > VALUE_MAX)
        return "INVALID_STRING";
    if (str_eq(name, "email") && !email_looks_good(value)) {
        *ret_message = ask_printf(a, "Email address %s is invalid", value);
        return "INVALID_EMAIL";
    }
    if (!type || str_eq(type, "string") || str_eq(type, "phone_number"))
        return NULL;
    if (str_eq(type, "enumeration") && !options_good(property, value)) {
        *ret_message = ask_printf(a, "%s was not one of the allowed options: [%s]", value,
                                  allowed(a, property));
        return "INVALID_OPTION";
    }
    if (str_eq(type, "number") && (strtod(value, &end), *end != '\0' || isspace((unsigned char)
                                                                               *value)))
        return "INVALID_LONG";
    if (str_eq(type, "bool") && !str_eq(value, "true") && !str_eq(value, "false"))
        return "INVALID_OPTION";
    if (str_eq(type, "date") && !date_good(value, false))
        return "INVALID_DATE";
    if (str_eq(type, "datetime") && !date_good(value, true))
        return "INVALID_DATE";
    return NULL;
}

static const char *
judge(struct ask *a, const char *name, struct json_object *value, const char **ret_message)
{
    struct json_object *property = js_object(definitions(a), name);

    if (!property) {
        *ret_message = ask_printf(a, "Property \"%s\" does not exist", name);
        return "PROPERTY_DOESNT_EXIST";
    }
    if (js_bool(js_object(property, "modificationMetadata"), "readOnlyValue", false)) {
        *ret_message = ask_printf(a, "\"%s\" is a read only property; its value cannot be set.",
                                  name);
        return "READ_ONLY_VALUE";
    }
    if (!value || json_object_get_string_len(value) == 0)
        return NULL;
    return wrong_with(a, name, property, json_object_get_string(value), ret_message);
}

bool
properties_good(struct ask *a, struct json_object *values)
{
    CLEANUP(buf_free) struct buf list = BUF_INIT(MESSAGE_MAX);
    struct json_object *errors;

    if (!values) {
        hubspot_error(a, 400, "VALIDATION_ERROR", "Invalid input JSON on line 1, column 1: "
                      "Some required fields were not set: [properties]", NULL);
        return false;
    }
    errors = json_object_new_array();
    json_object_object_foreach(values, name, value) {
        const char *message, *wrong;

        if (value && !json_object_is_type(value, json_type_string)) {
            json_object_put(errors);
            hubspot_error(a, 400, "VALIDATION_ERROR", ask_printf(a, "Invalid input JSON on line "
                          "1, column 1: Cannot deserialize value of type `java.lang.String` at "
                          "properties.%s", name), NULL);
            return false;
        }
        wrong = judge(a, name, value, &message);
        if (!wrong)
            continue;
        buf_str(&list, list.len ? ",{\"isValid\":false,\"message\":" :
                "{\"isValid\":false,\"message\":");
        buf_json(&list, message);
        buf_printf(&list, ",\"error\":\"%s\",\"name\":", wrong);
        buf_json(&list, name);
        buf_byte(&list, '}');
        js_append(errors, js_make("message:s code:s", message, wrong));
    }
    if (list.len == 0) {
        json_object_put(errors);
        return true;
    }
    hubspot_error(a, 400, "VALIDATION_ERROR", ask_printf(a, "Property values were not valid: "
                  "[%s]", buf_text(&list)), errors);
    return false;
}

static struct json_object *
property_answer(const char *name, struct json_object *property)
{
    struct json_object *whole = js_copy(property);

    js_put_str(whole, "name", name);
    js_need_array(whole, "options");
    if (!js_has(whole, "archived"))
        js_put(whole, "archived", json_object_new_boolean(0));
    return whole;
}

void
properties_list(struct ask *a)
{
    struct json_object *all = json_object_new_array();

    json_object_object_foreach(definitions(a), name, property)
        js_append(all, property_answer(name, property));
    ask_reply(a, 200, js_make("results:o", all));
}

static struct json_object *
need_property(struct ask *a)
{
    struct json_object *property = js_object(definitions(a), a->arg[0]), *errors;

    if (property)
        return property;
    errors = json_object_new_array();
    js_append(errors, js_make("message:s code:s", "Property does not exist",
                              "PROPERTY_DOESNT_EXIST"));
    hubspot_error(a, 404, "OBJECT_NOT_FOUND", ask_printf(a, "No property named '%s' exists.",
                  a->arg[0]), errors);
    ask_header(a, "X-HubSpot-NotFound", "true");
    return NULL;
}

void
properties_get(struct ask *a)
{
    struct json_object *property = need_property(a);

    if (property)
        ask_reply(a, 200, property_answer(a->arg[0], property));
}

static bool
one_of(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (str_eq(text, *words))
            return true;
    return false;
}

static bool
refuse(struct ask *a, const char *message)
{
    hubspot_error(a, 400, "VALIDATION_ERROR", message, NULL);
    return false;
}

static bool
option_list_good(struct ask *a, struct json_object *options)
{
    for (size_t i = 0; i < json_object_array_length(options); i++) {
        struct json_object *o = json_object_array_get_idx(options, i);
        const char *value = js_str(o, "value"), *label = js_str(o, "label");

        if (!value || !*value || !label || !*label ||
            !json_object_is_type(js_get(o, "hidden"), json_type_boolean))
            return refuse(a, "Invalid input JSON on line 1, column 1: Some required fields were "
                             "not set: options need label, value and hidden");
        for (size_t j = 0; j < i; j++) {
            struct json_object *other = json_object_array_get_idx(options, j);

            if (str_eq(js_str(other, "value"), value) || str_eq(js_str(other, "label"), label))
                return refuse(a, ask_printf(a, "Property option \"%s\" is there twice: values "
                                               "and labels must be unique", value));
        }
    }
    return true;
}

static bool
definition_good(struct ask *a, struct json_object *p)
{
    static const char *const types[] = { "bool", "date", "datetime", "enumeration", "number",
                                         "phone_number", "string", NULL };
    static const char *const fields[] = {
        "booleancheckbox", "calculation_equation", "checkbox", "date", "file", "html", "number",
        "phonenumber", "radio", "select", "text", "textarea", NULL };
    const char *name = js_str(p, "name");

    if (!name || !js_str(p, "label") || !js_str(p, "groupName") || !js_str(p, "type") ||
        !js_str(p, "fieldType"))
        return refuse(a, "Invalid input JSON on line 1, column 1: Some required fields were not "
                         "set: [name, label, type, fieldType, groupName]");
    if (!one_of(js_str(p, "type"), types) || !one_of(js_str(p, "fieldType"), fields))
        return refuse(a, "Enum type or fieldType is not one of the allowed values");
    if (!islower((unsigned char)*name) || strlen(name) > NAME_MAX_LEN ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name))
        return refuse(a, ask_printf(a, "The name \"%s\" must begin with a letter and have only "
                                       "lowercase letters, digits and underscores", name));
    if (!js_object(js_need_object(a->state, "groups"), js_str(p, "groupName")))
        return refuse(a, ask_printf(a, "The group \"%s\" does not exist",
                                    js_str(p, "groupName")));
    return !js_array(p, "options") || option_list_good(a, js_array(p, "options"));
}

/* Makes it; NULL: it has answered. */
static struct json_object *
add(struct ask *a, struct json_object *p)
{
    const char *name;
    struct json_object *made;

    if (!definition_good(a, p))
        return NULL;
    name = js_str(p, "name");
    if (js_object(definitions(a), name)) {
        hubspot_error(a, 409, "OBJECT_ALREADY_EXISTS", ask_printf(a, "A property named '%s' "
                      "already exists.", name), NULL);
        return NULL;
    }
    made = js_copy(p);
    js_put(definitions(a), name, made);
    return property_answer(name, made);
}

void
properties_add(struct ask *a)
{
    struct json_object *made = add(a, a->body);

    if (made)
        ask_reply(a, 201, made);
}

void
properties_add_many(struct ask *a)
{
    struct json_object *inputs = js_array(a->body, "inputs"), *results;

    if (!inputs) {
        refuse(a, "Some required fields were not set: [inputs]");
        return;
    }
    results = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(inputs); i++) {
        struct json_object *made = add(a, json_object_array_get_idx(inputs, i));

        if (!made) {
            json_object_put(results);
            return;
        }
        js_append(results, made);
    }
    ask_reply(a, 201, js_make("status:s results:o", "COMPLETE", results));
}

/* What is given takes the place of what was: a list of options whole. */
void
properties_change(struct ask *a)
{
    static const char *const changes[] = { "label", "type", "fieldType", "groupName",
                                           "description", "hidden", "options" };
    struct json_object *property = need_property(a);

    if (!property)
        return;
    if (js_array(a->body, "options") && !option_list_good(a, js_array(a->body, "options")))
        return;
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        if (js_has(a->body, changes[i]))
            js_put(property, changes[i], js_copy(js_get(a->body, changes[i])));
    ask_reply(a, 200, property_answer(a->arg[0], property));
}

void
properties_delete(struct ask *a)
{
    if (need_property(a)) {
        js_drop(definitions(a), a->arg[0]);
        ask_reply(a, 204, NULL);
    }
}

void
groups_list(struct ask *a)
{
    struct json_object *all = json_object_new_array();

    json_object_object_foreach(js_need_object(a->state, "groups"), name, group)
        js_append(all, js_make("name:s label:s", name, js_str(group, "label")));
    ask_reply(a, 200, js_make("results:o", all));
}

void
groups_add(struct ask *a)
{
    const char *name = js_str(a->body, "name"), *label = js_str(a->body, "label");
    struct json_object *groups = js_need_object(a->state, "groups");

    if (!name || !label) {
        refuse(a, "Some required fields were not set: [name, label]");
    } else if (js_object(groups, name)) {
        hubspot_error(a, 409, "OBJECT_ALREADY_EXISTS", ask_printf(a, "A property group named "
                      "'%s' already exists.", name), NULL);
    } else {
        js_put(groups, name, js_make("label:s", label));
        ask_reply(a, 201, js_make("name:s label:s archived:b", name, label, 0));
    }
}
