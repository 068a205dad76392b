/* mailchimp_fields.c - merge fields: which there are, and what values they take. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/mailchimp.h"

#define TAG_MAX 10
#define TEXT_MAX 255

/* "9999-99-99": a digit for each 9, everything else as it stands. */
static bool
looks_like(const char *text, const char *form)
{
    for (; *form; form++, text++)
        if (*form == '9' ? !isdigit((unsigned char)*text) : *text != *form)
            return false;
    return *text == '\0';
}

static bool
day_is_good(const char *month, const char *day)
{
    int m = (month[0] - '0') * 10 + month[1] - '0', d = (day[0] - '0') * 10 + day[1] - '0';

    return m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

static bool
is_date(const char *text)
{
    return (looks_like(text, "9999-99-99") && day_is_good(text + 5, text + 8)) ||
           (looks_like(text, "99/99/9999") && day_is_good(text, text + 3));
}

static bool
is_number(const char *text)
{
    char *end;

    strtod(text, &end);
    return end != text && *end == '\0' && strspn(text, "+-0123456789.eE") == strlen(text);
}

static bool
is_address(struct json_object *value)
{
    static const char *const parts[] = { "addr1", "city", "state", "zip" };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (!js_str(value, parts[i]) || !*js_str(value, parts[i]))
            return false;
    return true;
}

/* What is wrong with a value that is not empty; NULL: nothing. */
static const char *
wrong_with(struct json_object *field, struct json_object *value)
{
    const char *type = js_str(field, "type"), *text = json_object_get_string(value);
    struct json_object *options = js_object(field, "options");
    const char *form = js_str(options, "phone_format");

    if (str_eq(type, "address"))
        return is_address(value) ? NULL : "Please enter a complete address";
    if (json_object_is_type(value, json_type_object) ||
        json_object_is_type(value, json_type_array))
        return "Please enter a value";
    if (str_eq(type, "number"))
        return is_number(text) ? NULL : "Please enter a number";
    if (str_eq(type, "date"))
        return is_date(text) ? NULL : "Please enter the date";
    if (str_eq(type, "birthday"))
        return looks_like(text, "99/99") && day_is_good(text, text + 3) ? NULL :
               "Please enter a month (01-12) and a day (01-31)";
    if (str_eq(type, "phone") && form && str_eq(form, "US"))
        return looks_like(text, "999-999-9999") ? NULL :
               "Please enter a complete phone number (NPA-NXX-XXXX)";
    if (str_eq(type, "zip"))
        return looks_like(text, "99999") ? NULL : "Please enter a 5 digit zip code";
    if (str_eq(type, "radio") || str_eq(type, "dropdown"))
        return js_find(js_array(options, "choices"), text) >= 0 ? NULL :
               "Please select one of the choices";
    if (str_eq(type, "url") || str_eq(type, "imageurl"))
        return strstr(text, "://") ? NULL : "Please enter a valid url";
    if (str_eq(type, "text") && utf8_count(text, strlen(text)) > TEXT_MAX)
        return "Please enter no more than 255 characters";
    return NULL;
}

static bool
is_empty(struct json_object *value)
{
    return !value || (json_object_is_type(value, json_type_string) &&
                      json_object_get_string_len(value) == 0);
}

bool
merge_fields_good(struct ask *a, struct json_object *list, struct json_object *values,
                  struct json_object *old)
{
    struct json_object *fields = js_need_array(list, "merge_fields");
    struct json_object *errors = json_object_new_array();
    const char *skip = ask_query(a, "skip_merge_validation");
    bool skip_required = skip && str_eq(skip, "true"), good;

    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        struct json_object *field = json_object_array_get_idx(fields, i), *value;
        const char *tag = js_str(field, "tag"), *wrong = NULL;

        if (!tag || !js_str(field, "type"))
            continue;
        value = js_has(values, tag) ? js_get(values, tag) : js_get(old, tag);
        if (!is_empty(value))
            wrong = wrong_with(field, value);
        else if (js_bool(field, "required", false) && !skip_required)
            wrong = "Please enter a value";
        if (wrong)
            js_append(errors, js_make("field:s message:s", tag, wrong));
    }
    good = json_object_array_length(errors) == 0;
    if (good)
        json_object_put(errors);
    else
        mailchimp_problem(a, 400, "Invalid Resource", "Your merge fields were invalid.", true,
                          errors);
    return good;
}

static struct json_object *
field_answer(struct ask *a, struct json_object *field, size_t at)
{
    struct json_object *whole = js_make(
        "merge_id:i tag:s name:s type:s required:b default_value:s public:b display_order:i "
        "options:o help_text:s list_id:s",
        js_int(field, "merge_id", (int64_t)at + 1), js_str(field, "tag"), js_str(field, "name"),
        js_str(field, "type"), (int)js_bool(field, "required", false), "", 1, (int64_t)at + 2,
        js_object(field, "options") ? js_ref(js_object(field, "options"))
                                    : json_object_new_object(), "", a->arg[0]);

    return whole;
}

void
merge_fields_list(struct ask *a)
{
    struct json_object *list = mailchimp_list(a), *fields, *page;
    int64_t count = ask_query_int(a, "count", 10), offset = ask_query_int(a, "offset", 0);
    const char *only = ask_query(a, "fields");
    struct json_object *whole;

    if (!list)
        return;
    fields = js_need_array(list, "merge_fields");
    page = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(fields); i++)
        if ((int64_t)i >= offset && (int64_t)i - offset < count)
            js_append(page, field_answer(a, json_object_array_get_idx(fields, i), i));
    whole = js_make("merge_fields:o list_id:s total_items:i", page, a->arg[0],
                    (int64_t)json_object_array_length(fields));
    ask_reply(a, 200, only ? js_only(whole, only) : js_ref(whole));
    json_object_put(whole);
}

static bool
type_is_known(const char *type)
{
    static const char *const types[] = { "text", "number", "address", "phone", "date", "url",
                                         "imageurl", "radio", "dropdown", "birthday", "zip" };

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_eq(type, types[i]))
            return true;
    return false;
}

/* The tag asked for, or made of the name, in capitals and cut. */
static const char *
tag_for(struct ask *a, const char *tag, const char *name)
{
    char *text = arena_strdup(&a->arena, tag ? tag : name), *to = text;

    for (const char *c = text; *c && to - text < TAG_MAX; c++)
        if (isalnum((unsigned char)*c) || *c == '_')
            *to++ = (char)toupper((unsigned char)*c);
    *to = '\0';
    return text;
}

void
merge_fields_add(struct ask *a)
{
    struct json_object *list = mailchimp_list(a), *fields, *field;
    const char *name = js_str(a->body, "name"), *type = js_str(a->body, "type"), *tag;

    if (!list)
        return;
    if (!name || !*name || !type || !type_is_known(type)) {
        mailchimp_problem(a, 400, "Invalid Resource", "The resource submitted could not be "
                          "validated. For field-specific details, see the 'errors' array.", true,
                          NULL);
        return;
    }
    fields = js_need_array(list, "merge_fields");
    tag = tag_for(a, js_str(a->body, "tag"), name);
    for (size_t i = 0; i < json_object_array_length(fields); i++)
        if (str_eq(tag_for(a, js_str(json_object_array_get_idx(fields, i), "tag"), ""), tag)) {
            mailchimp_problem(a, 400, "Invalid Resource", ask_printf(a, "A Merge Field with the "
                              "tag \"%s\" already exists for this list.", tag), true, NULL);
            return;
        }
    field = js_make("merge_id:i tag:s name:s type:s required:b options:o", ask_next_id(a), tag,
                    name, type, (int)js_bool(a->body, "required", false),
                    js_object(a->body, "options") ? js_copy(js_object(a->body, "options"))
                                                  : json_object_new_object());
    js_append(fields, field);
    ask_reply(a, 200, field_answer(a, field, json_object_array_length(fields) - 1));
}

void
merge_fields_change(struct ask *a)
{
    struct json_object *list = mailchimp_list(a), *fields, *field;

    if (!list)
        return;
    fields = js_need_array(list, "merge_fields");
    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        field = json_object_array_get_idx(fields, i);
        if (!str_eq(ask_printf(a, "%lld", (long long)js_int(field, "merge_id", (int64_t)i + 1)),
                    a->arg[1]))
            continue;
        if (js_str(a->body, "name"))
            js_put_str(field, "name", js_str(a->body, "name"));
        if (js_has(a->body, "required"))
            js_put(field, "required", js_copy(js_get(a->body, "required")));
        if (js_object(a->body, "options"))
            js_put(field, "options", js_copy(js_object(a->body, "options")));
        ask_reply(a, 200, field_answer(a, field, i));
        return;
    }
    a->stand->error(a, 404, NULL);
}
