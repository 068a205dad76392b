/* svc_crypto.c - the crypto group. */
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "runner/call.h"

#define RANDOM_MAX (64 * 1024)     /* more is a mistake in a length */

static const struct hermod_bytes none = { (const uint8_t *)"", 0 };

static struct hermod_bytes
bytes(struct call *c, const void *data, size_t len)
{
    return (struct hermod_bytes){ (const uint8_t *)arena_memdup0(&c->arena, data, len), len };
}

/* The kind named; -1, and the call is marked, when there is no such algorithm. */
static int
kind_of(struct call *c, const char *service, const char *algorithm)
{
    int kind = algorithm ? digest_kind_of(algorithm) : -1;

    if (kind < 0)
        call_misuse(c, "%s: the algorithm is \"%s\"; wanted md5, sha1 or sha256", service,
                    algorithm ? algorithm : "(null)");
    return kind;
}

static struct hermod_bytes
crypto_hash(struct hermod_call *pub, const char *algorithm, const void *data, size_t len)
{
    struct call *c = call_of(pub);
    uint8_t out[DIGEST_MAX];
    int kind = kind_of(c, "hermod_hash", algorithm);

    if (kind < 0)
        return none;
    if (!data && len) {
        call_misuse(c, "hermod_hash: the data is NULL");
        return none;
    }
    return bytes(c, out, digest((enum digest_kind)kind, data ? data : "", len, out));
}

static struct hermod_bytes
crypto_hmac(struct hermod_call *pub, const char *algorithm, const void *key, size_t key_len,
            const void *data, size_t len)
{
    struct call *c = call_of(pub);
    uint8_t out[DIGEST_MAX];
    int kind = kind_of(c, "hermod_hmac", algorithm);

    if (kind < 0)
        return none;
    if ((!key && key_len) || (!data && len)) {
        call_misuse(c, "hermod_hmac: the %s is NULL", key ? "data" : "key");
        return none;
    }
    return bytes(c, out, digest_hmac((enum digest_kind)kind, key ? key : "", key_len,
                                     data ? data : "", len, out));
}

static struct hermod_bytes
crypto_random(struct hermod_call *pub, size_t len)
{
    struct call *c = call_of(pub);
    char *out;

    if (len > RANDOM_MAX) {
        call_misuse(c, "hermod_random: %zu bytes; at most %d", len, RANDOM_MAX);
        return none;
    }
    out = arena_alloc(&c->arena, len + 1);
    c->far->random(c->far, out, len);
    return (struct hermod_bytes){ (const uint8_t *)out, len };
}

static const char *
crypto_hex(struct hermod_call *pub, const void *data, size_t len)
{
    struct call *c = call_of(pub);
    char *out;

    if (!data && len) {
        call_misuse(c, "hermod_hex: the data is NULL");
        return "";
    }
    out = arena_alloc(&c->arena, 2 * len + 1);
    hex_encode(data ? data : "", len, out);
    return out;
}

static const char *
crypto_base64(struct hermod_call *pub, const void *data, size_t len)
{
    struct call *c = call_of(pub);
    char *out;

    if (!data && len) {
        call_misuse(c, "hermod_base64: the data is NULL");
        return "";
    }
    out = arena_alloc(&c->arena, BASE64_LEN(len));
    base64_encode(data ? data : "", len, out);
    return out;
}

static bool
crypto_base64_decode(struct hermod_call *pub, const char *text, struct hermod_bytes *ret)
{
    struct call *c = call_of(pub);
    uint8_t *out;
    int64_t len;

    if (!ret) {
        call_misuse(c, "hermod_base64_decode: the place for the result is NULL");
        return false;
    }
    *ret = none;
    if (!text) {
        call_misuse(c, "hermod_base64_decode: the text is NULL");
        return false;
    }
    out = arena_alloc(&c->arena, strlen(text) + 1);
    len = base64_decode(text, strlen(text), out);
    if (len < 0)
        return false;
    out[len] = '\0';
    *ret = (struct hermod_bytes){ out, (size_t)len };
    return true;
}

const struct hermod_crypto_api svc_crypto = {
    .hash = crypto_hash,
    .hmac = crypto_hmac,
    .random = crypto_random,
    .hex = crypto_hex,
    .base64 = crypto_base64,
    .base64_decode = crypto_base64_decode,
};
