/* digest.c - hashes, HMAC, randomness and comparison of secrets, by OpenSSL. */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"

/* Fetched at first use and kept: a fetch costs more than hashing an event. Each role
   is one thread, so one context per algorithm serves all. */
static struct algorithm {
    const char *name, *openssl;
    size_t size;
    EVP_MD *md;
    EVP_MD_CTX *hash;
    EVP_MAC_CTX *mac;
} algorithms[] = {
    [DIGEST_MD5] = { .name = "md5", .openssl = "MD5", .size = 16 },
    [DIGEST_SHA1] = { .name = "sha1", .openssl = "SHA1", .size = 20 },
    [DIGEST_SHA256] = { .name = "sha256", .openssl = "SHA256", .size = 32 },
};

int
digest_kind_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
        if (str_eq(name, algorithms[i].name))
            return (int)i;
    return -1;
}

size_t
digest(enum digest_kind kind, const void *data, size_t len, uint8_t out[DIGEST_MAX])
{
    struct algorithm *a = &algorithms[kind];

    if (!a->md) {
        a->md = EVP_MD_fetch(NULL, a->openssl, NULL);
        a->hash = EVP_MD_CTX_new();
        if (!a->md || !a->hash)
            die("this system's OpenSSL does not offer %s", a->openssl);
    }
    if (EVP_DigestInit_ex2(a->hash, a->md, NULL) != 1 ||
        EVP_DigestUpdate(a->hash, data, len) != 1 ||
        EVP_DigestFinal_ex(a->hash, out, NULL) != 1)
        die("%s failed inside OpenSSL", a->openssl);
    return a->size;
}

static EVP_MAC_CTX *
new_mac(const char *hash)
{
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)(uintptr_t)hash, 0),
        OSSL_PARAM_construct_end(),
    };

    EVP_MAC_free(hmac);            /* the context holds it */
    if (!mac || EVP_MAC_CTX_set_params(mac, params) != 1)
        die("this system's OpenSSL does not offer HMAC with %s", hash);
    return mac;
}

size_t
digest_hmac(enum digest_kind kind, const void *key, size_t key_len, const void *data,
            size_t len, uint8_t out[DIGEST_MAX])
{
    struct algorithm *a = &algorithms[kind];
    const void *k = key_len ? key : "";     /* NULL would mean: the key of before */
    size_t n = 0;

    if (!a->mac)
        a->mac = new_mac(a->openssl);
    if (EVP_MAC_init(a->mac, k, key_len, NULL) != 1 ||
        EVP_MAC_update(a->mac, data, len) != 1 ||
        EVP_MAC_final(a->mac, out, &n, DIGEST_MAX) != 1 || n != a->size)
        die("HMAC with %s failed inside OpenSSL", a->openssl);
    return n;
}

void
random_bytes(void *out, size_t len)
{
    unsigned char *p = out;

    while (len) {
        int n = len > 1 << 20 ? 1 << 20 : (int)len;

        if (RAND_bytes(p, n) != 1)
            die("the system gives no random numbers");
        p += n;
        len -= (size_t)n;
    }
}

bool
secret_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
    bool same_len = a_len == b_len;

    return CRYPTO_memcmp(same_len ? a : b, b, b_len) == 0 && same_len;
}
