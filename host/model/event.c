#include "model/event.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/caps.h"
#include "model/json.h"
#include "model/timefmt.h"

/* In the order in which they are hashed: never change it. */
#define FIELDS(X)                                        \
    X(TYPE, type, "eventType", true)                     \
    X(VENDOR, vendor, "vendorId", true)                  \
    X(USER, user, "userId", true)                        \
    X(CONTRACT, contract, "contractId", false)           \
    X(ENTITLEMENT, entitlement, "entitlementId", false)  \
    X(CHECKOUT, checkout, "checkoutId", false)           \
    X(OCCURRED, occurred, "occured_at", true)

enum {
#define X(NAME, member, json, required) FIELD_##NAME,
    FIELDS(X)
#undef X
    FIELD_COUNT
};

static const struct field {
    const char *name;
    size_t len, offset;
    bool required;
} fields[FIELD_COUNT] = {
#define X(NAME, member, json, required) \
    [FIELD_##NAME] = { json, sizeof(json) - 1, offsetof(struct event, member), required },
    FIELDS(X)
#undef X
};

#define HASHED_MAX (16 + FIELD_COUNT * (4 + CAP_FIELD))

static const char **
member_of(struct event *ev, const struct field *f)
{
    return (const char **)(void *)((char *)ev + f->offset);
}

static const char *
value_of(const struct event *ev, const struct field *f)
{
    return *(const char *const *)(const void *)((const char *)ev + f->offset);
}

static int PRINTF_LIKE(3, 4)
refuse(struct event_error *err, const struct field *f, const char *fmt, ...)
{
    va_list ap;

    snprintf(err->pointer, sizeof(err->pointer), "%s%s", f ? "/" : "", f ? f->name : "");
    va_start(ap, fmt);
    vsnprintf(err->detail, sizeof(err->detail), fmt, ap);
    va_end(ap);
    return -1;
}

static const struct field *
field_of(const struct json_member *m)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (json_name_is(m, fields[i].name, fields[i].len))
            return &fields[i];
    return NULL;
}

/* Finds the fields in the text: found[i].at is NULL where there is none, or null. */
static int
find_fields(const char *body, size_t len, struct slice found[FIELD_COUNT],
            struct event_error *err)
{
    struct json_cursor c = { body, body + len, NULL };
    struct json_member m;
    unsigned seen = 0;
    int got;

    json_space(&c);
    if (c.at == c.end)
        return refuse(err, NULL, "wanted a JSON object, found nothing");
    if (!json_enter_object(&c))
        return refuse(err, NULL, "wanted a JSON object that begins with '{'");
    while ((got = json_next_member(&c, &m)) == 1) {
        const struct field *f = field_of(&m);
        size_t i;

        if (!f)
            continue;
        i = (size_t)(f - fields);
        if (seen & 1u << i)
            return refuse(err, f, "is there twice");
        seen |= 1u << i;
        if (m.value.at[0] == 'n' && !f->required)
            continue;
        if (m.value.at[0] != '"')
            return refuse(err, f, "wanted a string, found %s", json_kind(&m.value));
        found[i] = (struct slice){ m.value.at + 1, m.value.len - 2 };
    }
    if (got < 0 || !json_end(&c))
        return refuse(err, NULL, "not valid JSON at byte %zu: %s", (size_t)(c.at - body) + 1,
                      c.wrong);
    return 0;
}

/* NUL, the other C0 and C1 controls, and DEL: they have no place in ids and names, and do
   harm in terminals and headers. */
static bool
has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = (unsigned char)text[i];

        if (ch < 0x20 || ch == 0x7f ||
            (ch == 0xc2 && i + 1 < len && (unsigned char)text[i + 1] < 0xa0))
            return true;
    }
    return false;
}

/* One string, without its escapes and with a NUL behind it, into *to, which is moved on. */
static int
take_field(const struct field *f, const struct slice *raw, char **to, struct event *ev,
           struct event_error *err)
{
    int64_t len = json_unescape(raw->at, raw->len, *to);

    if (len < 0)
        return refuse(err, f, "half of a surrogate pair in an escape");
    if (len > CAP_FIELD)
        return refuse(err, f, "wanted at most %d bytes, found %lld", CAP_FIELD, (long long)len);
    if (has_control(*to, (size_t)len))
        return refuse(err, f, "a control character");
    (*to)[len] = '\0';
    *member_of(ev, f) = *to;
    *to += len + 1;
    return 0;
}

/* Values that the body leaves out; and what is required must be there. */
static int
fill_up(struct arena *a, const struct event *defaults, struct event *ev,
        struct event_error *err)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct field *f = &fields[i];
        const char *instead = defaults ? value_of(defaults, f) : NULL;

        if (!value_of(ev, f) && instead) {
            size_t len = strlen(instead);

            if (len > CAP_FIELD || has_control(instead, len) || !utf8_valid(instead, len))
                return refuse(err, f, "too long, or not plain text");
            *member_of(ev, f) = arena_memdup0(a, instead, len);
        }
        if (!value_of(ev, f)) {
            if (f->required)
                return refuse(err, f, "is missing");
            *member_of(ev, f) = "";
        } else if (f->required && *value_of(ev, f) == '\0') {
            return refuse(err, f, "is empty");
        }
    }
    return 0;
}

int
event_parse_with(struct arena *a, const char *body, size_t len, const struct event *defaults,
                 struct event *ret, struct event_error *err)
{
    struct slice found[FIELD_COUNT] = { 0 };
    struct event ev = { .body = body, .body_len = len };
    size_t room = 0;
    char *to;

    if (len > CAP_EVENT)
        return refuse(err, NULL, "wanted at most %d bytes, found %zu", CAP_EVENT, len);
    if (find_fields(body, len, found, err) != 0)
        return -1;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (found[i].len > 6 * CAP_FIELD)
            return refuse(err, &fields[i], "wanted at most %d bytes", CAP_FIELD);
        room += found[i].at ? found[i].len + 1 : 0;
    }
    to = arena_alloc(a, room + 1);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (found[i].at && take_field(&fields[i], &found[i], &to, &ev, err) != 0)
            return -1;
    if (fill_up(a, defaults, &ev, err) != 0)
        return -1;
    if (time_parse_rfc3339(ev.occurred, &ev.occurred_ms) != 0)
        return refuse(err, &fields[FIELD_OCCURRED],
                      "wanted a date and time such as 2025-11-10T12:00:00Z");
    *ret = ev;
    return 0;
}

int
event_parse(struct arena *a, const char *body, size_t len, struct event *ret,
            struct event_error *err)
{
    return event_parse_with(a, body, len, NULL, ret, err);
}

/* Big-endian, as what is hashed must be the same on every machine. */
static size_t
put_length(uint8_t *out, size_t len)
{
    out[0] = (uint8_t)(len >> 24);
    out[1] = (uint8_t)(len >> 16);
    out[2] = (uint8_t)(len >> 8);
    out[3] = (uint8_t)len;
    return 4;
}

static size_t
put_text(uint8_t *out, const char *text, size_t len)
{
    size_t used = put_length(out, len);

    memcpy(out + used, text, len);
    return used + len;
}

static void
hash_fields(const struct event *ev, uint8_t ret[DIGEST_MAX])
{
    static const char tag[] = "hermod event 1\n";
    uint8_t text[HASHED_MAX];
    size_t used = sizeof(tag) - 1;

    memcpy(text, tag, used);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *value = value_of(ev, &fields[i]);
        size_t len = strlen(value);

        assert(len <= CAP_FIELD);
        used += put_text(text + used, value, len);
    }
    digest(DIGEST_SHA256, text, used, ret);
}

void
event_key(const struct event *ev, const char *scope, const char *key, unsigned index,
          uint8_t ret_key[16])
{
    static const char tag[] = "hermod key 1\n";
    uint8_t text[128], hash[DIGEST_MAX];
    size_t used = sizeof(tag) - 1;

    if (!key) {
        hash_fields(ev, hash);
        memcpy(ret_key, hash, 16);
        return;
    }
    assert(strlen(scope) <= 64);
    memcpy(text, tag, used);
    used += put_text(text + used, scope, strlen(scope));
    used += put_length(text + used, index);
    used += digest(DIGEST_SHA256, key, strlen(key), text + used);
    digest(DIGEST_SHA256, text, used, hash);
    memcpy(ret_key, hash, 16);
}

uint64_t
event_fingerprint(const struct event *ev)
{
    uint8_t hash[DIGEST_MAX];
    uint64_t value = 0;

    hash_fields(ev, hash);
    for (int i = 0; i < 8; i++)
        value = value << 8 | hash[i];
    return value;
}

void
event_id_text(const uint8_t key[16], char ret_text[EVENT_ID_LEN + 1])
{
    memcpy(ret_text, "evt_", 4);
    base32_encode(key, 16, ret_text + 4);
}

int
event_id_parse(const char *text, uint8_t ret_key[16])
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t key[16];
    unsigned bits = 0, have = 0;
    size_t used = 0;

    if (strlen(text) != EVENT_ID_LEN || memcmp(text, "evt_", 4) != 0)
        return -1;
    for (const char *at = text + 4; *at != '\0'; at++) {
        const char *place = strchr(alphabet, *at);

        if (!place)
            return -1;
        bits = (bits << 5 | (unsigned)(place - alphabet)) & 0xfff;
        have += 5;
        if (have >= 8 && used < sizeof(key)) {
            have -= 8;
            key[used++] = (uint8_t)(bits >> have);
        }
    }
    if ((bits & ((1u << have) - 1)) != 0)
        return -1;
    memcpy(ret_key, key, sizeof(key));
    return 0;
}
