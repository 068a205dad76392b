/* event.c - the bytes of one event, as a sender posts them. */
#include "fuzz.h"

#include <json-c/json.h>

#include "base/text.h"
#include "model/caps.h"
#include "model/event.h"
#include "model/json.h"

static void
plain(const char *text)
{
    size_t len = strlen(text);

    MUST(len <= CAP_FIELD);
    MUST(utf8_valid(text, len));
    for (size_t i = 0; i < len; i++)
        MUST((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
}

/* json-c lets more pass; what passes here must pass there too, and mean the same. (Names
   with a NUL are cut there.) */
static void
same_for_json_c(const char *data, size_t size, const struct event *ev)
{
    struct json_tokener *t = json_tokener_new_ex(CAP_JSON_DEPTH + 1);
    struct json_object *j, *user = NULL;

    json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    j = json_tokener_parse_ex(t, data, (int)size);
    MUST(j != NULL);
    if (!memmem(data, size, "\\u0000", 6)) {
        MUST(json_object_object_get_ex(j, "userId", &user));
        MUST(strcmp(json_object_get_string(user), ev->user) == 0);
    }
    json_object_put(j);
    json_tokener_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *data = (const char *)bytes;
    struct event_error err = { "", "" };
    uint8_t key[16], back[16];
    char id[EVENT_ID_LEN + 1];
    struct arena a;
    struct event ev;

    arena_init(&a, 0);
    if (event_parse(&a, data, size, &ev, &err) != 0) {
        MUST(err.detail[0] != '\0');
        MUST(strlen(err.detail) < sizeof(err.detail));
        arena_free(&a);
        return 0;
    }
    MUST(ev.body == data && ev.body_len == size);
    MUST(ev.type[0] && ev.vendor[0] && ev.user[0] && ev.occurred[0]);
    plain(ev.type);
    plain(ev.vendor);
    plain(ev.user);
    plain(ev.contract);
    plain(ev.entitlement);
    plain(ev.checkout);
    plain(ev.occurred);
    event_key(&ev, "fuzz", size % 2 ? ev.user : NULL, 1, key);
    event_id_text(key, id);
    MUST(event_id_parse(id, back) == 0 && memcmp(key, back, sizeof(key)) == 0);
    same_for_json_c(data, size, &ev);
    arena_free(&a);
    return 0;
}
