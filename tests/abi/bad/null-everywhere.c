/* contained: failed: plugin mistake: hermod_json_parse: the text is NULL */
#include "bad.h"

static int
misbehave(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)ev;
    (void)config;
    struct hermod_json *j = hermod_json_object(c);
    struct hermod_bytes none;

    (void)hermod_json_parse(c, NULL, 0);
    hermod_json_set(c, j, NULL, NULL);
    hermod_json_set_string(c, j, NULL, NULL);
    hermod_json_set_strings(c, NULL, NULL, NULL);
    hermod_json_add(c, NULL, NULL);
    (void)hermod_json_get(c, NULL, NULL);
    (void)hermod_json_get_string(c, NULL, NULL, NULL);
    (void)hermod_json_get_strings(c, NULL, NULL, NULL);
    (void)hermod_json_text(c, NULL);
    (void)hermod_hash(c, NULL, NULL, 1);
    (void)hermod_hmac(c, NULL, NULL, 1, NULL, 1);
    (void)hermod_hex(c, NULL, 1);
    (void)hermod_base64(c, NULL, 1);
    if (hermod_base64_decode(c, NULL, &none))
        return HERMOD_DELIVERED;
    (void)hermod_lower(c, NULL);
    (void)hermod_slug(c, NULL);
    (void)hermod_cut(c, NULL, 1);
    (void)hermod_phone(c, NULL, NULL);
    (void)hermod_rfc3339(c, INT64_MAX);
    (void)hermod_memo(c, NULL);
    hermod_memo_set(c, NULL, NULL, 1);
    hermod_exclusive(c, NULL);
    (void)hermod_http_response_header(c, NULL, NULL);
    return hermod_http_outcome(c, NULL);
}

HERMOD_PLUGIN(.name = "null-everywhere", SOUND_TEXTS, .deliver = misbehave);
