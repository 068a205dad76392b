/* digest.h - hashes, HMAC, randomness and comparison of secrets. With net/http_curl
   (TLS through libcurl) all there is of OpenSSL: the only direct user. */
#ifndef HERMOD_BASE_DIGEST_H
#define HERMOD_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_MAX 32

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256 };

/* "md5", "sha1", "sha256"; -1 when it is none of them. */
int digest_kind_of(const char *name);
/* Both return the number of bytes put into out (16, 20 or 32). */
size_t digest(enum digest_kind kind, const void *data, size_t len, uint8_t out[DIGEST_MAX]);
size_t digest_hmac(enum digest_kind kind, const void *key, size_t key_len,
                   const void *data, size_t len, uint8_t out[DIGEST_MAX]);
/* Cryptographic randomness; ends the process when the system has none. */
void random_bytes(void *out, size_t len);
/* Equal? In time that depends on b's length only. */
bool secret_equal(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
