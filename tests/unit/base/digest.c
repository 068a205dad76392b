#include "base/digest.h"
#include "base/mem.h"
#include "base/text.h"
#include "unit.h"

static const char *
hashed(const char *name, const char *data)
{
    static char text[2 * DIGEST_MAX + 1];
    uint8_t out[DIGEST_MAX];

    hex_encode(out, digest((enum digest_kind)digest_kind_of(name), data, strlen(data), out),
               text);
    return text;
}

static const char *
hmac(const char *name, const void *key, size_t key_len, const void *data, size_t len)
{
    static char text[2 * DIGEST_MAX + 1];
    uint8_t out[DIGEST_MAX];

    hex_encode(out, digest_hmac((enum digest_kind)digest_kind_of(name), key, key_len, data,
                                len, out), text);
    return text;
}

/* RFC 1321, appendix A.5. */
static void
md5_follows_rfc_1321(void)
{
    CHECK_STR(hashed("md5", ""), "d41d8cd98f00b204e9800998ecf8427e");
    CHECK_STR(hashed("md5", "a"), "0cc175b9c0f1b6a831c399e269772661");
    CHECK_STR(hashed("md5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
    CHECK_STR(hashed("md5", "message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK_STR(hashed("md5", "1234567890123456789012345678901234567890123456789012345678901234"
                            "5678901234567890"), "57edf4a22be3c955ac49da2e2107b67a");
}

/* RFC 3174, section 7.3. */
static void
sha1_follows_rfc_3174(void)
{
    CHECK_STR(hashed("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK_STR(hashed("sha1", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK_STR(hashed("sha1", ""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

/* RFC 6234, section 8.5 (and FIPS 180-4's empty message). */
static void
sha256_follows_rfc_6234(void)
{
    CHECK_STR(hashed("sha256", "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_STR(hashed("sha256", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK_STR(hashed("sha256", ""),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 2202, test cases 1 to 3 and 6. */
static void
hmac_md5_and_sha1_follow_rfc_2202(void)
{
    uint8_t key[80], data[50];

    memset(key, 0x0b, 20);
    CHECK_STR(hmac("md5", key, 16, "Hi There", 8), "9294727a3638bb1c13f48ef8158bfc9d");
    CHECK_STR(hmac("sha1", key, 20, "Hi There", 8),
              "b617318655057264e28bc0b6fb378c8ef146be00");
    CHECK_STR(hmac("md5", "Jefe", 4, "what do ya want for nothing?", 28),
              "750c783e6ab0b503eaa86e310a5db738");
    CHECK_STR(hmac("sha1", "Jefe", 4, "what do ya want for nothing?", 28),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    memset(key, 0xaa, 80);
    memset(data, 0xdd, 50);
    CHECK_STR(hmac("md5", key, 16, data, 50), "56be34521d144c88dbb8c733f0e8b3f6");
    CHECK_STR(hmac("sha1", key, 80, "Test Using Larger Than Block-Size Key - Hash Key First",
                   54), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

/* RFC 4231, test cases 1, 2, 3 and 6. */
static void
hmac_sha256_follows_rfc_4231(void)
{
    uint8_t key[131], data[50];

    memset(key, 0x0b, 20);
    CHECK_STR(hmac("sha256", key, 20, "Hi There", 8),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK_STR(hmac("sha256", "Jefe", 4, "what do ya want for nothing?", 28),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof(key));
    memset(data, 0xdd, 50);
    CHECK_STR(hmac("sha256", key, 20, data, 50),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK_STR(hmac("sha256", key, 131,
                   "Test Using Larger Than Block-Size Key - Hash Key First", 54),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* With an empty key, too, the key of the call before must not be used.
   Value: python3 -c 'import hmac; print(hmac.new(b"", b"abc", "sha256").hexdigest())' */
static void
an_empty_key_is_a_key(void)
{
    hmac("sha256", "Jefe", 4, "x", 1);
    CHECK_STR(hmac("sha256", NULL, 0, "abc", 3),
              "fd7adb152c05ef80dccf50a1fa4c05d5a3ec6da95575fc312ae7c5d091836351");
}

static void
kinds_have_names(void)
{
    CHECK_INT(digest_kind_of("md5"), DIGEST_MD5);
    CHECK_INT(digest_kind_of("sha1"), DIGEST_SHA1);
    CHECK_INT(digest_kind_of("sha256"), DIGEST_SHA256);
    CHECK_INT(digest_kind_of("SHA256"), -1);
    CHECK_INT(digest_kind_of(""), -1);
}

static void
secrets_are_equal_only_when_all_bytes_are(void)
{
    CHECK(secret_equal("", 0, "", 0));
    CHECK(secret_equal("abc", 3, "abc", 3));
    CHECK(secret_equal("a\0c", 3, "a\0c", 3));
    CHECK(!secret_equal("abc", 3, "abd", 3));
    CHECK(!secret_equal("a\0c", 3, "a\0d", 3));
    CHECK(!secret_equal("abc", 3, "abcd", 4));
    CHECK(!secret_equal("abcd", 4, "abc", 3));
    CHECK(!secret_equal("", 0, "a", 1));
    CHECK(!secret_equal("a", 1, "", 0));
}

static void
random_bytes_differ_from_call_to_call(void)
{
    uint8_t a[32] = { 0 }, b[32] = { 0 };

    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    random_bytes(b, 0);
    CHECK(memcmp(a, b, sizeof(a)) != 0);
}

UNIT_MAIN("base/digest",
    UNIT_TEST(md5_follows_rfc_1321),
    UNIT_TEST(sha1_follows_rfc_3174),
    UNIT_TEST(sha256_follows_rfc_6234),
    UNIT_TEST(hmac_md5_and_sha1_follow_rfc_2202),
    UNIT_TEST(hmac_sha256_follows_rfc_4231),
    UNIT_TEST(an_empty_key_is_a_key),
    UNIT_TEST(kinds_have_names),
    UNIT_TEST(secrets_are_equal_only_when_all_bytes_are),
    UNIT_TEST(random_bytes_differ_from_call_to_call))
