/* intake_auth.c - who may send: bearer tokens, and signatures by the Standard Webhooks
   specification (standard-webhooks.com, 1.0). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/intake_parts.h"

#define TOLERANCE_S 300            /* as the specification's libraries */
#define SECRET_PREFIX "whsec_"
#define MAC_LEN 32

/* The token of an Authorization header; NULL when its scheme is another. */
static const char *
bearer(const char *header, size_t *ret_len)
{
    const char *at = header + strspn(header, " ");
    size_t len;

    if (strncasecmp(at, "Bearer", 6) != 0 || (at[6] != ' ' && at[6] != '\0'))
        return NULL;
    at += 6;
    at += strspn(at, " ");
    len = strlen(at);
    while (len > 0 && at[len - 1] == ' ')
        len--;
    *ret_len = len;
    return at;
}

/* All are compared, so that time does not tell which one it was. */
static bool
is_token(const struct host_config *config, const char *token, size_t len)
{
    bool found = false;

    for (size_t i = 0; i < config->token_count; i++)
        found |= secret_equal(config->tokens[i], strlen(config->tokens[i]), token, len);
    return found;
}

const char *
intake_webhook_header(struct http_in *http, const char *name)
{
    static const char *const prefixes[] = { "webhook-", "svix-" };
    char full[32];

    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        const char *value;

        snprintf(full, sizeof(full), "%s%s", prefixes[i], name);
        value = http_in_header(http, full);
        if (value)
            return value;
    }
    return NULL;
}

enum intake_auth
intake_authorize(const struct intake *in, struct http_in *http)
{
    const struct host_config *config = core_config(in->core);
    const char *header, *token;
    size_t len = 0;

    if (config->token_count == 0 && in->key_count == 0)
        return http_in_is_local(http) ? AUTH_GOOD : AUTH_FOREIGN;
    header = http_in_header(http, "Authorization");
    token = header ? bearer(header, &len) : NULL;
    if (token && is_token(config, token, len))
        return AUTH_GOOD;
    if (in->key_count > 0 && intake_webhook_header(http, "signature"))
        return AUTH_SIGNED;
    return header ? AUTH_BAD : AUTH_NONE;
}

/* ---- signatures ---- */

/* Does one of the signatures ("v1,<base64>", separated by spaces) equal the mac? */
static bool
has_signature(const char *list, const char *mac_text, size_t mac_len)
{
    bool found = false;

    while (*list) {
        size_t len = strcspn(list, " ");

        if (len > 3 && strncmp(list, "v1,", 3) == 0)
            found |= secret_equal(mac_text, mac_len, list + 3, len - 3);
        list += len;
        list += strspn(list, " ");
    }
    return found;
}

static bool
is_signed(const struct intake *in, const char *signatures)
{
    char mac_text[BASE64_LEN(MAC_LEN)];
    uint8_t mac[DIGEST_MAX];
    bool found = false;

    for (size_t i = 0; i < in->key_count; i++) {
        size_t len = digest_hmac(DIGEST_SHA256, in->keys[i].key, in->keys[i].len,
                                 in->text.data, in->text.len, mac);

        base64_encode(mac, len, mac_text);
        found |= has_signature(signatures, mac_text, strlen(mac_text));
    }
    return found;
}

const char *
intake_check_signature(struct intake *in, struct http_in *http, int64_t now_ms)
{
    const char *id = intake_webhook_header(http, "id");
    const char *timestamp = intake_webhook_header(http, "timestamp");
    const char *signatures = intake_webhook_header(http, "signature");
    int64_t sent_s, age_s;
    const char *body;
    size_t len;

    if (!id || !timestamp || !signatures || strlen(id) > CAP_KEY)
        return "webhook-id, webhook-timestamp and webhook-signature belong together";
    if (!parse_i64(timestamp, 0, INT64_MAX / 1000, &sent_s))
        return "webhook-timestamp must be Unix time in seconds";
    age_s = now_ms / 1000 - sent_s;
    if (age_s > TOLERANCE_S)
        return "webhook-timestamp is more than 5 minutes ago: send again, or set the clock";
    if (age_s < -TOLERANCE_S)
        return "webhook-timestamp is more than 5 minutes ahead: set the clock";
    body = http_in_body(http, &len);
    buf_reset(&in->text);
    buf_str(&in->text, id);
    buf_byte(&in->text, '.');
    buf_str(&in->text, timestamp);
    buf_byte(&in->text, '.');
    buf_add(&in->text, body, len);
    if (in->text.failed || !is_signed(in, signatures))
        return "webhook-signature holds no signature by a secret that is configured here";
    return NULL;
}

void
intake_read_keys(struct intake *in, const struct host_config *config)
{
    in->keys = xcalloc(config->signing_secret_count, sizeof(*in->keys));
    for (size_t i = 0; i < config->signing_secret_count; i++) {
        const char *text = config->signing_secrets[i];
        struct signing_key *k = &in->keys[in->key_count];
        int64_t n;

        if (str_starts(text, SECRET_PREFIX))
            text += strlen(SECRET_PREFIX);
        k->key = xmalloc(strlen(text) + 1);
        n = base64_decode(text, strlen(text), k->key);
        if (n > 0) {
            k->len = (size_t)n;
            in->key_count++;
            continue;
        }
        free(k->key);                      /* config has refused it; without, nothing passes */
        log_error("a signing secret is not base64 and is not used", log_i("number", (int64_t)i));
    }
}

void
intake_wipe_keys(struct intake *in)
{
    for (size_t i = 0; i < in->key_count; i++) {
        mem_wipe(in->keys[i].key, in->keys[i].len);
        free(in->keys[i].key);
    }
    free(in->keys);
    in->keys = NULL;
    in->key_count = 0;
}
