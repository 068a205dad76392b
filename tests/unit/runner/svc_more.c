#include "fake_far.h"
#include "unit.h"

static const char *
hashed(struct fake *f, const char *algorithm, const char *text)
{
    struct hermod_bytes b = hermod_hash(f->c, algorithm, text, strlen(text));

    return hermod_hex(f->c, b.data, b.len);
}

/* RFC 1321 A.5, FIPS 180-2 appendices; Meta's documented example. */
static void
hashes_are_the_published_ones(void)
{
    struct fake f;

    fake_begin(&f);
    CHECK_STR(hashed(&f, "md5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
    CHECK_STR(hashed(&f, "sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK_STR(hashed(&f, "sha256", "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_STR(hashed(&f, "sha256", "john_smith@gmail.com"),
              "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f");
    CHECK_INT(hermod_hash(f.c, "md5", NULL, 0).len, 16);
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

/* RFC 2202 (case 2), RFC 4231 (case 2); the signature that the Standard Webhooks libraries
   publish. */
static void
hmac_is_the_published_one(void)
{
    static const char *const signed_text =
        "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
    struct fake f;
    struct hermod_bytes key, b;

    fake_begin(&f);
    b = hermod_hmac(f.c, "sha1", "Jefe", 4, "what do ya want for nothing?", 28);
    CHECK_STR(hermod_hex(f.c, b.data, b.len), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    b = hermod_hmac(f.c, "sha256", "Jefe", 4, "what do ya want for nothing?", 28);
    CHECK_STR(hermod_hex(f.c, b.data, b.len),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hermod_base64_decode(f.c, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &key));
    CHECK_INT(key.len, 24);
    b = hermod_hmac(f.c, "sha256", key.data, key.len, signed_text, strlen(signed_text));
    CHECK_STR(hermod_base64(f.c, b.data, b.len), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    fake_end(&f);
}

/* RFC 4648, section 10. */
static void
base64_goes_both_ways(void)
{
    static const char *const plain[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
    static const char *const coded[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=",
                                         "Zm9vYmFy" };
    struct hermod_bytes b;
    struct fake f;

    fake_begin(&f);
    for (size_t i = 0; i < 7; i++) {
        CHECK_STR(hermod_base64(f.c, plain[i], strlen(plain[i])), coded[i]);
        CHECK(hermod_base64_decode(f.c, coded[i], &b));
        CHECK_STR((const char *)b.data, plain[i]);
    }
    CHECK(!hermod_base64_decode(f.c, "Zg=", &b));
    CHECK_INT(b.len, 0);
    CHECK(b.data != NULL);
    CHECK(!hermod_base64_decode(f.c, "not base64!", &b));
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
randomness_comes_from_the_far_side(void)
{
    struct fake f;
    struct hermod_bytes b;

    fake_begin(&f);
    b = hermod_random(f.c, 3);
    CHECK_STR(hermod_hex(f.c, b.data, b.len), "ababab");
    CHECK_INT(hermod_random(f.c, 0).len, 0);
    CHECK_INT(hermod_random(f.c, 1024 * 1024).len, 0);
    CHECK_STR(fake_mark(&f), "plugin mistake: hermod_random: 1048576 bytes; at most 65536");
    fake_end(&f);
}

static void
text_is_made_for_other_systems(void)
{
    struct fake f;

    fake_begin(&f);
    CHECK_STR(hermod_format(f.c, "%s-%03d", "a", 7), "a-007");
    CHECK_STR(hermod_format(f.c, "%s", (const char *)NULL), "(null)");
    CHECK_STR(hermod_lower(f.c, "ÅSA Öberg"), "åsa öberg");
    CHECK_STR(hermod_nfc(f.c, "A\u030asa"), "Åsa");
    CHECK_STR(hermod_slug(f.c, "Malmö Tidning!"), "malmo-tidning");
    CHECK_STR(hermod_trim(f.c, " \t\r\n a b\u00a0\u3000"), "a b");
    CHECK_STR(hermod_trim(f.c, " \u2003 "), "");
    CHECK_STR(hermod_trim(f.c, "å"), "å");
    CHECK_STR(hermod_cut(f.c, "aåb", 2), "a");
    CHECK_STR(hermod_cut(f.c, "aåb", 3), "aå");
    CHECK_STR(hermod_cut(f.c, "abc", 99), "abc");
    CHECK_STR(hermod_percent(f.c, "a b/å~"), "a%20b%2F%C3%A5~");
    CHECK_STR(hermod_phone(f.c, "070-123 45 67", "SE"), "+46701234567");
    CHECK_STR(hermod_phone(f.c, "x", ""), "");
    CHECK_STR(fake_mark(&f), "");
    fake_end(&f);
}

static void
time_stands_where_the_far_side_says(void)
{
    struct fake f;
    int64_t ms = 7;

    fake_begin(&f);
    CHECK_INT(hermod_now(f.c), FAKE_NOW);
    CHECK_STR(hermod_rfc3339(f.c, FAKE_NOW), "2025-11-10T12:00:01Z");
    CHECK(!hermod_time_parse(f.c, "yesterday", &ms));
    CHECK_INT(ms, 7);
    CHECK(hermod_time_parse(f.c, "2025-11-10T13:00:01+01:00", &ms));
    CHECK_INT(ms, FAKE_NOW);
    CHECK_STR(hermod_time_format(f.c, FAKE_NOW, "%Y-%m-%d"), "2025-11-10");
    fake_end(&f);
}

static void
memo_is_empty_until_set(void)
{
    struct fake f;

    fake_begin(&f);
    CHECK_STR(hermod_memo(f.c, "token"), "");
    hermod_memo_set(f.c, "token", "abc", 1000);
    CHECK_STR(hermod_memo(f.c, "token"), "abc");
    hermod_exclusive(f.c, "token");
    CHECK_INT(f.far.exclusives, 1);
    CHECK_INT(f.far.releases, 0);
    fake_end(&f);
    CHECK_INT(f.far.releases, 1);
}

static void
log_lines_do_not_carry_secret_settings(void)
{
    struct fake f;

    fake_begin(&f);
    hermod_log_warn(f.c, "sent %s to %s", "s3cret", "them");
    CHECK_STR(f.far.log, "sent *** to them");
    CHECK_INT(f.far.log_level, LOG_WARN_);
    hermod_log_info(f.c, "%8000s", "x");
    CHECK_INT(strlen(f.far.log), 4096);
    hermod_log_debug(f.c, "%s", (const char *)NULL);
    CHECK_STR(f.far.log, "(null)");
    fake_end(&f);
}

struct config {
    const char *text;
    bool flag;
    int64_t number;
    const char *const *list;
    const struct hermod_pair *map;
    const char *absent;
    const char *const *empty;
};

#define ROW(field, kind) \
    { .name = #field, .type = (kind), .offset = (uint32_t)offsetof(struct config, field) }

static void
settings_fill_the_plugins_struct(void)
{
    struct setting_info rows[] = {
        ROW(text, SETTING_CHOICE), ROW(flag, SETTING_BOOL), ROW(number, SETTING_DURATION),
        ROW(list, SETTING_STRINGS), ROW(map, SETTING_MAP), ROW(absent, SETTING_STRING),
        ROW(empty, SETTING_STRINGS),
    };
    const char *list[] = { "a", "b" };
    struct setting_pair map[] = { { "k", "v" } };
    struct setting_value values[] = {
        { .set = true, .text = "x" }, { .set = true, .number = 1 },
        { .set = true, .number = 15000 }, { .set = true, .list = list, .count = 2 },
        { .set = true, .map = map, .count = 1 }, { .set = false }, { .set = false },
    };
    struct plugin_info info = { .settings = rows, .setting_count = 7,
                                .config_size = sizeof(struct config) };
    struct arena a;
    const struct config *cfg;

    arena_init(&a, 0);
    cfg = settings_fill(&a, &info, values);
    CHECK_STR(cfg->text, "x");
    CHECK(cfg->flag);
    CHECK_INT(cfg->number, 15000);
    CHECK_STR(cfg->list[1], "b");
    CHECK(cfg->list[2] == NULL);
    CHECK_STR(cfg->map[0].value, "v");
    CHECK(cfg->map[1].key == NULL);
    CHECK_STR(cfg->absent, "");
    CHECK(cfg->empty != NULL && cfg->empty[0] == NULL);
    arena_free(&a);
}

UNIT_MAIN("runner/svc_more", UNIT_TEST(hashes_are_the_published_ones),
          UNIT_TEST(hmac_is_the_published_one), UNIT_TEST(base64_goes_both_ways),
          UNIT_TEST(randomness_comes_from_the_far_side),
          UNIT_TEST(text_is_made_for_other_systems),
          UNIT_TEST(time_stands_where_the_far_side_says), UNIT_TEST(memo_is_empty_until_set),
          UNIT_TEST(log_lines_do_not_carry_secret_settings),
          UNIT_TEST(settings_fill_the_plugins_struct))
