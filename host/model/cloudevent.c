#include "model/cloudevent.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/caps.h"
#include "model/json.h"
#include "model/timefmt.h"

/* The attributes that are read. */
#define ATTRIBUTES(X)                          \
    X(SPECVERSION, specversion, true)          \
    X(ID, id, true)                            \
    X(SOURCE, source, true)                    \
    X(TYPE, type, true)                        \
    X(TIME, time, false)                       \
    X(CONTENT_TYPE, datacontenttype, false)

enum {
#define X(NAME, name, required) ATTRIBUTE_##NAME,
    ATTRIBUTES(X)
#undef X
    ATTRIBUTE_COUNT
};

static const struct attribute {
    const char *name, *header;
    bool required;
} attributes[ATTRIBUTE_COUNT] = {
#define X(NAME, name, required) [ATTRIBUTE_##NAME] = { #name, "ce-" #name, required },
    ATTRIBUTES(X)
#undef X
};

/* Where the values come from decides how a mistake is named. */
static int PRINTF_LIKE(4, 5)
refuse(struct event_error *err, bool binary, int which, const char *fmt, ...)
{
    const struct attribute *at = &attributes[which];
    const char *header = which == ATTRIBUTE_CONTENT_TYPE ? "content-type" : at->header;
    size_t used = 0;
    va_list ap;

    snprintf(err->pointer, sizeof(err->pointer), "%s%s", binary ? "" : "/",
             binary ? "" : at->name);
    if (binary)
        used = (size_t)snprintf(err->detail, sizeof(err->detail), "header %s: ", header);
    va_start(ap, fmt);
    vsnprintf(err->detail + used, sizeof(err->detail) - used, fmt, ap);
    va_end(ap);
    return -1;
}

/* application/json, text/json or anything/something+json, with or without parameters. */
static bool
is_json_type(const char *type)
{
    size_t len = strcspn(type, "; \t");
    const char *slash = memchr(type, '/', len);

    if (!slash || slash == type)
        return false;
    if (len > 5 && strncasecmp(type + len - 5, "+json", 5) == 0)
        return true;
    return (len == 16 && strncasecmp(type, "application/json", len) == 0) ||
           (len == 9 && strncasecmp(type, "text/json", len) == 0);
}

static bool
is_plain_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return utf8_valid(text, len);
}

/* Checks the attributes, NULL where absent, and puts them into *ret. */
static int
check(struct arena *a, bool binary, const char *const values[ATTRIBUTE_COUNT],
      struct cloudevent *ret, struct event_error *err)
{
    const char *time = values[ATTRIBUTE_TIME], *type = values[ATTRIBUTE_CONTENT_TYPE];
    int64_t unused;

    for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (!values[i] && attributes[i].required)
            return refuse(err, binary, i, "is missing");
        if (values[i] && values[i][0] == '\0')
            return refuse(err, binary, i, "is empty");
        if (values[i] && strlen(values[i]) > CAP_FIELD)
            return refuse(err, binary, i, "wanted at most %d bytes", CAP_FIELD);
        if (values[i] && !is_plain_text(values[i], strlen(values[i])))
            return refuse(err, binary, i, "a control character, or not UTF-8");
    }
    if (!str_eq(values[ATTRIBUTE_SPECVERSION], "1.0"))
        return refuse(err, binary, ATTRIBUTE_SPECVERSION, "wanted 1.0");
    if (time && time_parse_rfc3339(time, &unused) != 0)
        return refuse(err, binary, ATTRIBUTE_TIME,
                      "wanted a date and time such as 2025-11-10T12:00:00Z");
    if (type && !is_json_type(type))
        return refuse(err, binary, ATTRIBUTE_CONTENT_TYPE, "wanted application/json");
    ret->specversion = values[ATTRIBUTE_SPECVERSION];
    ret->id = values[ATTRIBUTE_ID];
    ret->source = values[ATTRIBUTE_SOURCE];
    ret->type = values[ATTRIBUTE_TYPE];
    ret->time = time ? time : "";
    ret->key = arena_printf(a, "%zu:%s%s", strlen(ret->source), ret->source, ret->id);
    return 0;
}

static int
parse_data(struct arena *a, const char *data, size_t len, struct cloudevent *ce,
           struct event_error *err)
{
    struct event defaults = { .type = ce->type, .occurred = ce->time[0] ? ce->time : NULL };

    return event_parse_with(a, data, len, &defaults, &ce->event, err);
}

/* A header's value: without double quotes and the backslashes in them, which older senders
   use, then percent-decoded once (HTTP binding 3.1.3.2). NULL when malformed. */
static const char *
decode_header(struct arena *a, const char *value)
{
    size_t len = strlen(value), used = 0;
    char *plain = arena_alloc(a, len + 1), *out = arena_alloc(a, len + 1);
    int64_t decoded;

    if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
        for (size_t i = 1; i < len - 1; i++) {
            if (value[i] == '\\' && ++i == len - 1)
                return NULL;
            plain[used++] = value[i];
        }
    } else {
        memcpy(plain, value, len);
        used = len;
    }
    decoded = percent_decode(plain, used, out);
    if (decoded < 0 || memchr(out, '\0', (size_t)decoded))
        return NULL;
    out[decoded] = '\0';
    return out;
}

int
cloudevent_binary(struct arena *a, const char *(*header)(void *arg, const char *name),
                  void *arg, const char *data, size_t len, struct cloudevent *ret,
                  struct event_error *err)
{
    const char *values[ATTRIBUTE_COUNT] = { 0 };
    struct cloudevent ce = { 0 };

    for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
        bool content_type = i == ATTRIBUTE_CONTENT_TYPE;
        const char *value = header(arg, content_type ? "content-type" : attributes[i].header);

        if (!value)
            continue;
        if (strlen(value) > 3 * CAP_FIELD)
            return refuse(err, true, i, "wanted at most %d bytes", CAP_FIELD);
        values[i] = content_type ? arena_strdup(a, value) : decode_header(a, value);
        if (!values[i])
            return refuse(err, true, i, "is not percent-encoded as CloudEvents wants it");
    }
    if (check(a, true, values, &ce, err) != 0 || parse_data(a, data, len, &ce, err) != 0)
        return -1;
    *ret = ce;
    return 0;
}

/* The members that count, as slices; at is NULL where absent or null. */
struct envelope {
    struct slice attributes[ATTRIBUTE_COUNT], data, data_base64;
};

static int
whole(struct event_error *err, const char *pointer, const char *detail)
{
    snprintf(err->pointer, sizeof(err->pointer), "%s", pointer);
    snprintf(err->detail, sizeof(err->detail), "%s", detail);
    return -1;
}

static struct slice *
place_of(struct envelope *e, const struct json_member *m)
{
    for (int i = 0; i < ATTRIBUTE_COUNT; i++)
        if (json_name_is(m, attributes[i].name, strlen(attributes[i].name)))
            return &e->attributes[i];
    if (json_name_is(m, "data", 4))
        return &e->data;
    return json_name_is(m, "data_base64", 11) ? &e->data_base64 : NULL;
}

static int
open_envelope(const char *json, size_t len, struct envelope *e, struct event_error *err)
{
    struct json_cursor c = { json, json + len, NULL };
    struct json_member m;
    int got;

    if (!json_enter_object(&c))
        return whole(err, "", "wanted a CloudEvent: a JSON object that begins with '{'");
    while ((got = json_next_member(&c, &m)) == 1) {
        struct slice *place = place_of(e, &m);

        if (place && place->at)
            return whole(err, "", "an attribute, data or data_base64 is there twice");
        if (place)
            *place = m.value;
    }
    if (got < 0 || !json_end(&c)) {
        whole(err, "", "");
        snprintf(err->detail, sizeof(err->detail), "not valid JSON at byte %zu: %s",
                 (size_t)(c.at - json) + 1, c.wrong);
        return -1;
    }
    return 0;
}

/* The text of a JSON string; NULL, with *err, when it is none. */
static const char *
text_of(struct arena *a, const struct slice *s, int which, struct event_error *err)
{
    int64_t len;
    char *out;

    if (s->at[0] != '"') {
        refuse(err, false, which, "wanted a string, found %s", json_kind(s));
        return NULL;
    }
    if (s->len > 6 * CAP_FIELD + 2) {
        refuse(err, false, which, "wanted at most %d bytes", CAP_FIELD);
        return NULL;
    }
    out = arena_alloc(a, s->len);
    len = json_unescape(s->at + 1, s->len - 2, out);
    if (len < 0 || memchr(out, '\0', (size_t)len)) {
        refuse(err, false, which, "a control character, or half of a surrogate pair");
        return NULL;
    }
    out[len] = '\0';
    return out;
}

/* data as it stands, or data_base64 decoded into the arena. */
static int
take_data(struct arena *a, const struct envelope *e, struct slice *ret,
          struct event_error *err)
{
    const struct slice *coded = &e->data_base64;
    int64_t len;
    char *out;

    if (e->data.at && coded->at)
        return whole(err, "/data_base64", "is there beside data: one of them is wanted");
    if (!coded->at) {
        if (!e->data.at)
            return whole(err, "/data", "is missing");
        *ret = e->data;
        return 0;
    }
    if (coded->at[0] != '"')
        return whole(err, "/data_base64", "wanted a string of base64");
    out = arena_alloc(a, coded->len);
    len = json_unescape(coded->at + 1, coded->len - 2, out);
    if (len >= 0)
        len = base64_decode(arena_memdup0(a, out, (size_t)len), (size_t)len, (uint8_t *)out);
    if (len < 0)
        return whole(err, "/data_base64", "is not base64");
    *ret = (struct slice){ out, (size_t)len };
    return 0;
}

/* What is wrong inside data is at /data/... for the sender. */
static void
prefix_pointer(struct event_error *err)
{
    char inner[sizeof(err->pointer)];

    memcpy(inner, err->pointer, sizeof(inner));
    snprintf(err->pointer, sizeof(err->pointer), "/data%.50s", inner);
}

int
cloudevent_structured(struct arena *a, const char *json, size_t len, struct cloudevent *ret,
                      struct event_error *err)
{
    const char *values[ATTRIBUTE_COUNT] = { 0 };
    struct envelope e = { 0 };
    struct cloudevent ce = { 0 };
    struct slice data;

    if (open_envelope(json, len, &e, err) != 0)
        return -1;
    for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (!e.attributes[i].at || e.attributes[i].at[0] == 'n')   /* null: not there */
            continue;
        values[i] = text_of(a, &e.attributes[i], i, err);
        if (!values[i])
            return -1;
    }
    if (check(a, false, values, &ce, err) != 0 || take_data(a, &e, &data, err) != 0)
        return -1;
    if (parse_data(a, data.at, data.len, &ce, err) != 0) {
        prefix_pointer(err);
        return -1;
    }
    *ret = ce;
    return 0;
}
