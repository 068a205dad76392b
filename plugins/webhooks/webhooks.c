/* webhooks: sends each event, byte for byte, to an address of the publisher's own. With a
   secret it signs as Standard Webhooks 1.0 says. */
#include <string.h>
#include <strings.h>

#include <hermod/plugin.h>

#define KEY_MIN 24                 /* bytes: Standard Webhooks, "Signature scheme" */
#define KEY_MAX 64

struct config {
    const char *url;
    const struct hermod_pair *headers;
    const char *const *secret;
    int64_t timeout;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, url, HERMOD_REQUIRED, NULL,
                  "Where events are sent: an https or http URL."),
    HERMOD_MAP(struct config, headers, HERMOD_SECRET,
               "Headers to send along, such as Authorization."),
    HERMOD_STRINGS(struct config, secret, HERMOD_SECRET,
                   "Signs each request (Standard Webhooks): whsec_ and base64 of 24 to 64 "
                   "bytes; several while one replaces another."),
    HERMOD_DURATION(struct config, timeout, 0, "15s", 1000, 60000,
                    "No answer after this long counts as no answer."),
    HERMOD_SETTINGS_END
};

/* The bytes of a secret. false, and *why, when it is not one: a receiver's library would not
   take it either. */
static bool
decode_secret(struct hermod_call *c, const char *secret, struct hermod_bytes *ret,
              const char **why)
{
    if (strncmp(secret, "whsk_", 5) == 0 || strncmp(secret, "whpk_", 5) == 0) {
        *why = "is an asymmetric key (whsk_ or whpk_); wanted one that begins with whsec_";
        return false;
    }
    if (strncmp(secret, "whsec_", 6) == 0)
        secret += 6;
    if (strpbrk(secret, "-_") || !hermod_base64_decode(c, secret, ret)) {
        *why = "is not base64 behind whsec_";
        return false;
    }
    if (ret->len < KEY_MIN || ret->len > KEY_MAX) {
        *why = hermod_format(c, "holds %zu bytes; wanted %d to %d", ret->len, KEY_MIN, KEY_MAX);
        return false;
    }
    return true;
}

/* "v1,BASE64", one for each secret, with spaces between; "" without secrets. NULL, and *why,
   when a secret is not one. */
static const char *
signatures(struct hermod_call *c, const struct config *cfg, const char *content,
           const char **why)
{
    const char *list = "";

    for (size_t i = 0; cfg->secret[i]; i++) {
        struct hermod_bytes key, mac;

        if (!decode_secret(c, cfg->secret[i], &key, why)) {
            *why = hermod_format(c, "secret: number %zu %s", i + 1, *why);
            return NULL;
        }
        mac = hermod_hmac(c, "sha256", key.data, key.len, content, strlen(content));
        list = hermod_format(c, "%s%sv1,%s", list, i ? " " : "",
                             hermod_base64(c, mac.data, mac.len));
    }
    return list;
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;
    const char *sent_at = hermod_format(c, "%lld", (long long)(hermod_now(c) / 1000));
    const char *why, *signature =
        signatures(c, cfg, hermod_format(c, "%s.%s.%s", ev->id, sent_at, ev->body), &why);
    struct hermod_request *q = hermod_http_request(c, "POST", cfg->url);
    const struct hermod_response *r;
    int outcome;

    if (!signature)
        return hermod_fail(c, "%s", why);
    hermod_http_timeout(c, q, cfg->timeout);
    hermod_http_body(c, q, "application/json", ev->body, ev->body_len);
    for (const struct hermod_pair *h = cfg->headers; h->key; h++) {
        if (strncasecmp(h->key, "webhook-", 8) == 0)
            return hermod_fail(c, "headers: %s is set by the plugin itself", h->key);
        hermod_http_header(c, q, h->key, h->value);
    }
    hermod_http_header(c, q, "webhook-id", ev->id);
    hermod_http_header(c, q, "webhook-timestamp", sent_at);
    if (*signature)
        hermod_http_header(c, q, "webhook-signature", signature);

    r = hermod_http_send(c, q);
    outcome = hermod_http_outcome(c, r);
    if (r->status == 410)
        return hermod_pause(c, "410 Gone: the receiver wants no more events");
    return outcome;
}

/* Sends nothing: a receiver would take it for an event. */
static int
check(struct hermod_call *c, const void *config)
{
    const char *why;

    if (!signatures(c, config, "", &why))
        return hermod_fail(c, "%s", why);
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "webhooks", .version = "1.0",
              .summary = "Sends each event, as it came in, to a URL of your own.",
              .events = HERMOD_EVENTS("userVendor.1#new", "userVendor.1#update",
                                      "contract.1#purchased", "contract.1#update",
                                      "contract#cancelRequest", "checkout.1#confirm"),
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .deadline_ms = 70000 }, .deliver = deliver, .check = check);
