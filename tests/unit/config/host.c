/* hermod.yaml: defaults, what each key takes, and each mistake in its words. */
#include "config_unit.h"

static int
load(struct config *c, const char *yaml)
{
    *c = (struct config){ 0 };
    write_file("hermod.yaml", yaml);
    return config_load_host(c, path_of("hermod.yaml"));
}

static void
expect(const char *yaml, const char *want)
{
    struct config c;
    CLEANUP(free_ptr) char *got = NULL;
    int bad = load(&c, yaml);

    got = problems(&c);
    CHECK_STR(got, want);
    CHECK_INT(bad, c.error_count ? -1 : 0);
    config_free(&c);
}

static void
check_defaults(const struct config *c)
{
    CHECK_STR(c->host.listen, "127.0.0.1:8470");
    CHECK_STR(c->host.admin, "127.0.0.1:8471");
    CHECK_INT(c->host.token_count, 0);
    CHECK_INT(c->host.admin_token_count, 0);
    CHECK_INT(c->host.signing_secret_count, 0);
    CHECK_INT(c->host.plugin_dir_count, 1);
    CHECK_STR(c->host.plugin_dirs[0], PLUGINDIR);
    CHECK_STR(c->host.vendors, SYSCONFDIR "/hermod/vendors.d");
    CHECK_STR(c->host.journal, "sqlite:" LOCALSTATEDIR "/lib/hermod/journal.db");
    CHECK_INT(c->host.retention_ms, 14LL * 24 * 3600 * 1000);
    CHECK_INT(c->host.grace_ms, 30000);
    CHECK_INT(c->host.min_free_bytes, 64 * 1024 * 1024);
    CHECK_INT(c->host.max_waiting, 10000000);
    CHECK_STR(c->host.log_level, "info");
    CHECK_INT(c->common.retry.steps, 11);
    CHECK_INT(c->common.allow_count, 0);
}

static void
without_a_file_and_with_an_empty_one_all_is_default(void)
{
    struct config c = { 0 };

    CHECK_INT(config_load_host(&c, NULL), 0);
    check_defaults(&c);
    config_free(&c);
    CHECK_INT(load(&c, "# nothing\n"), 0);
    check_defaults(&c);
    config_free(&c);
}

static void
every_key_is_taken_and_relative_paths_start_at_the_file(void)
{
    CLEANUP(config_free) struct config c;
    char want[400];

    setenv("HERMOD_TEST_TOKEN", "0123456789abcdef0123", 1);
    CHECK_INT(load(&c,
        "listen: \"[::1]:80\"\n"
        "admin: 127.0.0.1:81\n"
        "tokens: [0123456789abcdef, !env HERMOD_TEST_TOKEN]\n"
        "adminTokens: fedcba9876543210\n"
        "signingSecrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]\n"
        "plugins: [plugins, /opt/p]\n"
        "vendors: v\n"
        "journal: sqlite:j/journal.db\n"
        "retention: 30d\n"
        "grace: 0s\n"
        "minFree: 1 GiB\n"
        "maxWaiting: 5\n"
        "logLevel: debug\n"
        "sesamy: {apiUrl: https://api.example/, tokenUrl: https://token.example/, "
        "paging: offset}\n"
        "retry: {schedule: [1s, 2s]}\n"
        "allowNetworks: 10.0.0.0/8\n"), 0);
    CHECK_STR(c.host.listen, "[::1]:80");
    CHECK_INT(c.host.token_count, 2);
    CHECK_STR(c.host.tokens[1], "0123456789abcdef0123");
    CHECK_STR(c.host.admin_tokens[0], "fedcba9876543210");
    CHECK_STR(c.host.signing_secrets[0], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    CHECK_INT(c.host.plugin_dir_count, 2);
    CHECK_STR(c.host.plugin_dirs[0], path_of("plugins"));
    CHECK_STR(c.host.plugin_dirs[1], "/opt/p");
    CHECK_STR(c.host.vendors, path_of("v"));
    snprintf(want, sizeof(want), "sqlite:%s", path_of("j/journal.db"));
    CHECK_STR(c.host.journal, want);
    CHECK_INT(c.host.retention_ms, 30LL * 24 * 3600 * 1000);
    CHECK_INT(c.host.grace_ms, 0);
    CHECK_INT(c.host.min_free_bytes, 1 << 30);
    CHECK_INT(c.host.max_waiting, 5);
    CHECK_STR(c.host.log_level, "debug");
    CHECK_INT(c.common.retry.steps, 2);
    CHECK_INT(c.common.allow_count, 1);
    CHECK_STR(c.sesamy.api_url, "https://api.example/");
    CHECK_STR(c.sesamy.token_url, "https://token.example/");
    CHECK(c.sesamy.paging_by_offset);
    CHECK_INT(c.problem_count, 0);
}

static void
the_platform_is_the_public_one_unless_the_file_says_otherwise(void)
{
    CLEANUP(config_free) struct config c;

    CHECK_INT(load(&c, "logLevel: debug\n"), 0);
    CHECK_STR(c.sesamy.api_url, "https://api2.sesamy.com");
    CHECK_STR(c.sesamy.token_url, "https://token.sesamy.com/oauth/token");
    CHECK(!c.sesamy.paging_by_offset);
}

static void
sizes_are_read_with_their_units(void)
{
    static const struct {
        const char *text;
        int64_t want;                      /* -1: refused */
    } rows[] = {
        { "0", 0 }, { "4096", 4096 }, { "1B", 1 }, { "2kB", 2000 }, { "2KB", 2000 },
        { "3MB", 3000000 }, { "1GB", 1000000000 }, { "1KiB", 1024 }, { "64 MiB", 64 << 20 },
        { "2TiB", 2LL << 40 }, { "1mib", 1 << 20 }, { "-1", -1 }, { "1.5GiB", -1 },
        { "MiB", -1 }, { "64MiBx", -1 }, { "9999999999999TiB", -1 },
        { "99999999999999999999999", -1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct config c;
        char yaml[100];

        snprintf(yaml, sizeof(yaml), "minFree: %s\n", rows[i].text);
        CHECK_INT(load(&c, yaml), rows[i].want < 0 ? -1 : 0);
        CHECK_INT(c.host.min_free_bytes, rows[i].want < 0 ? 64 << 20 : rows[i].want);
        config_free(&c);
    }
}

static void
each_mistake_is_told_and_the_default_stands_in(void)
{
    struct config c;

    expect("lisen: x\n", "hermod.yaml:1:1: lisen: unknown key; did you mean \"listen\"?\n");
    expect("listen: 8470\n",
           "hermod.yaml:1:9: listen: wanted an address and a port such as 127.0.0.1:8470, "
           "[::1]:8470 or :8470, found 8470\n");
    expect("admin: 127.0.0.1\n",
           "hermod.yaml:1:8: admin: wanted an address and a port such as 127.0.0.1:8470, "
           "[::1]:8470 or :8470, found \"127.0.0.1\"\n");
    expect("retention: 14\n",
           "hermod.yaml:1:12: retention: wanted a duration from 1s to 3650d, found 14; say the "
           "unit, as in 500ms, 30s, 5m, 12h or 14d\n");
    expect("retention: 14 days\n",
           "hermod.yaml:1:12: retention: wanted a duration from 1s to 3650d, found \"14 days\"\n");
    expect("grace: 2h\n",
           "hermod.yaml:1:8: grace: wanted a duration from 0s to 1h, found \"2h\"\n");
    expect("minFree: much\n",
           "hermod.yaml:1:10: minFree: wanted a size such as 64MiB or 2GB, found \"much\"\n");
    expect("maxWaiting: 0\n",
           "hermod.yaml:1:13: maxWaiting: wanted an integer from 1 to 10000000000, found 0\n");
    expect("logLevel: warning\n",
           "hermod.yaml:1:11: logLevel: wanted one of debug, info, warn, error, found "
           "\"warning\"; did you mean \"warn\"?\n");
    expect("plugins: []\n", "hermod.yaml:1:10: plugins: wanted a list of strings, found a list "
                            "without elements\n");
    expect("vendors: ''\n",
           "hermod.yaml:1:10: vendors: wanted a string, found an empty string\n");
    expect("sesamy: {apiUrl: api.example, tokenUri: x}\n",
           "hermod.yaml:1:18: sesamy.apiUrl: wanted an absolute http or https URL, found one that "
           "does not begin with https:// or http://\n"
           "hermod.yaml:1:31: sesamy.tokenUri: unknown key; did you mean \"tokenUrl\"?\n");
    expect("retry: {schedule: [1x]}\n",
           "hermod.yaml:1:20: retry.schedule: wanted a duration from 1ms to 30d, found \"1x\"\n");
    expect("allowNetworks: [x]\n",
           "hermod.yaml:1:17: allowNetworks: wanted a network such as 10.1.0.0/16 or fd00::/8, its "
           "bits behind the / all zero, found \"x\"\n");
    expect("- a\n", "hermod.yaml:1:1: wanted a map of settings, found a list\n");
    expect("tokens: !file nowhere\n", "hermod.yaml:1:9: tokens: !file: cannot read nowhere: No "
                                      "such file or directory\n");
    load(&c, "listen: x\nretention: y\nminFree: z\n");
    CHECK_STR(c.host.listen, "127.0.0.1:8470");
    CHECK_INT(c.host.retention_ms, 14LL * 24 * 3600 * 1000);
    CHECK_INT(c.error_count, 3);
    config_free(&c);
}

static void
journals_of_other_engines_are_refused_and_not_quoted(void)
{
    expect("journal: postgresql://me:hunter2@db/hermod\n",
           "hermod.yaml:1:10: journal: wanted sqlite: and a path, such as "
           "sqlite:/var/lib/hermod/journal.db, found something else\n");
    expect("journal: 'sqlite:'\n",
           "hermod.yaml:1:10: journal: wanted sqlite: and a path, such as "
           "sqlite:/var/lib/hermod/journal.db, found something else\n");
}

static void
an_open_address_wants_tokens(void)
{
    const char *open[] = { "0.0.0.0:8470", ":8470", "192.0.2.1:8470", "'[::]:8470'" };
    char yaml[200], want[200];

    for (size_t i = 0; i < ARRAY_LEN(open); i++) {
        snprintf(yaml, sizeof(yaml), "listen: %s\n", open[i]);
        expect(yaml, "hermod.yaml:1:9: listen: wanted tokens beside an address that others can "
                     "reach, found none\n");
        snprintf(yaml, sizeof(yaml), "admin: %s\ntokens: [0123456789abcdef]\n", open[i]);
        snprintf(want, sizeof(want), "hermod.yaml:1:8: admin: wanted adminTokens beside an "
                                     "address that others can reach, found none\n");
        expect(yaml, want);
    }
    expect("listen: :8470\ntokens: []\n",
           "hermod.yaml:1:9: listen: wanted tokens beside an address that others can reach, found "
           "none\n");
    expect("listen: :8470\ntokens: [0123456789abcdef]\n", "");
    expect("listen: 127.0.0.1:1\nadmin: '[::1]:1'\n", "");
}

static void
both_addresses_must_differ(void)
{
    expect("listen: 127.0.0.1:8471\n", "hermod.yaml:1:9: admin: wanted another address or port "
                                       "than listen's, found the same\n");
    expect("admin: 127.0.0.1:8470\n", "hermod.yaml:1:8: admin: wanted another address or port "
                                      "than listen's, found the same\n");
    expect("listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\n", "");
}

static void
tokens_are_checked_and_never_quoted(void)
{
    expect("tokens: [hunter2hunter2, 'hunter2 hunter2 hunter2', '', \"h\\xfcnter2hunter2hunter\"]\n",
           "hermod.yaml:1:10: tokens: warning: a token shorter than 16 characters can be guessed; "
           "make one with: openssl rand -hex 32\n"
           "hermod.yaml:1:26: tokens: wanted a token of ASCII letters, digits and signs without "
           "spaces, found something else in it\n"
           "hermod.yaml:1:53: tokens: wanted a token of ASCII letters, digits and signs without "
           "spaces, found an empty one\n"
           "hermod.yaml:1:57: tokens: wanted a token of ASCII letters, digits and signs without "
           "spaces, found something else in it\n");
    expect("adminTokens: short\n",
           "hermod.yaml:1:14: adminTokens: warning: a token shorter than 16 characters can be "
           "guessed; make one with: openssl rand -hex 32\n");
    expect("tokens: {hunter2: x}\n",
           "hermod.yaml:1:9: tokens: wanted a list of strings, found a map\n");
}

static void
signing_secrets_are_as_standard_webhooks_writes_them(void)
{
    expect("signingSecrets: [hunter2, whsec_, whsec_h*nter2, whsec_aHVudGVyMg==]\n",
           "hermod.yaml:1:18: signingSecrets: wanted whsec_ and base64, as Standard Webhooks "
           "writes secrets, found something else\n"
           "hermod.yaml:1:27: signingSecrets: wanted whsec_ and base64, as Standard Webhooks "
           "writes secrets, found something else\n"
           "hermod.yaml:1:35: signingSecrets: wanted whsec_ and base64, as Standard Webhooks "
           "writes secrets, found something else\n"
           "hermod.yaml:1:50: signingSecrets: warning: Standard Webhooks wants a secret of 24 to "
           "64 bytes, found 7\n");
}

static void
a_file_with_secrets_in_it_that_others_can_read_is_a_warning_once(void)
{
    struct config c = { 0 };
    CLEANUP(free_ptr) char *got = NULL;

    write_file("open.yaml", "logLevel: info\ntokens: [0123456789abcdef, 0123456789abcdef]\n"
                            "adminTokens: [0123456789abcdef]\n");
    chmod(path_of("open.yaml"), 0644);
    CHECK_INT(config_load_host(&c, path_of("open.yaml")), 0);
    got = problems(&c);
    CHECK_STR(got, "open.yaml:2:10: tokens: warning: file mode 0644: others can read the secrets "
                   "in this file; chmod 600, or keep them elsewhere with !file\n");
    CHECK_INT(c.warning_count, 1);
    CHECK_INT(c.error_count, 0);
    config_free(&c);
    free(got);
    write_file("open.yaml", "logLevel: info\ntokens: [!env HERMOD_TEST_TOKEN]\n");
    chmod(path_of("open.yaml"), 0644);
    CHECK_INT(config_load_host(&c, path_of("open.yaml")), 0);
    got = problems(&c);
    CHECK_STR(got, "");
    config_free(&c);
}

static void
a_file_that_cannot_be_read_is_one_clear_error(void)
{
    struct config c = { 0 };
    char *got;
    FILE *f;

    clear_dir();
    CHECK_INT(config_load_host(&c, path_of("none.yaml")), -1);
    got = problems(&c);
    CHECK_STR(got, "none.yaml: cannot be read: No such file or directory\n");
    free(got);
    CHECK_INT(config_load_vendors(&c, plugins, ARRAY_LEN(plugins)), -1);
    CHECK_INT(c.error_count, 1);           /* where the vendors are is not known */
    config_free(&c);

    mkdir(path_of("dir.yaml"), 0700);
    CHECK_INT(config_load_host(&c, path_of("dir.yaml")), -1);
    got = problems(&c);
    CHECK_STR(got, "dir.yaml: wanted a file, found a directory\n");
    free(got);
    config_free(&c);

    mkfifo(path_of("fifo.yaml"), 0600);
    CHECK_INT(config_load_host(&c, path_of("fifo.yaml")), -1);
    got = problems(&c);
    CHECK_STR(got, "fifo.yaml: wanted a file, found something else\n");
    free(got);
    config_free(&c);

    f = fopen(path_of("huge.yaml"), "w");  /* 100 MB, sparse */
    CHECK(f && ftruncate(fileno(f), 100 * 1000 * 1000) == 0);
    if (f)
        fclose(f);
    CHECK_INT(config_load_host(&c, path_of("huge.yaml")), -1);
    got = problems(&c);
    CHECK_STR(got, "huge.yaml: too large: wanted at most 4 MiB\n");
    CHECK(c.arena.used < 1 << 20);
    free(got);
    config_free(&c);
}

static void
mistakes_beyond_the_cap_are_counted(void)
{
    CLEANUP(config_free) struct config c;
    CLEANUP(buf_free) struct buf yaml = BUF_INIT(1 << 20);
    CLEANUP(free_ptr) char *got = NULL;
    size_t lines = 0;

    for (int i = 0; i < 250; i++)
        buf_printf(&yaml, "nonsense%d: 1\n", i);
    CHECK_INT(load(&c, buf_text(&yaml)), -1);
    CHECK_INT(c.error_count, 250);
    CHECK_INT(c.problem_count, 100);
    got = problems(&c);
    for (const char *p = got; *p; p++)
        lines += *p == '\n';
    CHECK_INT(lines, 101);
    CHECK(strstr(got, "\n... and 150 more mistakes\n") != NULL);
}

UNIT_MAIN("config/host",
    UNIT_TEST(without_a_file_and_with_an_empty_one_all_is_default),
    UNIT_TEST(every_key_is_taken_and_relative_paths_start_at_the_file),
    UNIT_TEST(the_platform_is_the_public_one_unless_the_file_says_otherwise),
    UNIT_TEST(sizes_are_read_with_their_units),
    UNIT_TEST(each_mistake_is_told_and_the_default_stands_in),
    UNIT_TEST(journals_of_other_engines_are_refused_and_not_quoted),
    UNIT_TEST(an_open_address_wants_tokens),
    UNIT_TEST(both_addresses_must_differ),
    UNIT_TEST(tokens_are_checked_and_never_quoted),
    UNIT_TEST(signing_secrets_are_as_standard_webhooks_writes_them),
    UNIT_TEST(a_file_with_secrets_in_it_that_others_can_read_is_a_warning_once),
    UNIT_TEST(a_file_that_cannot_be_read_is_one_clear_error),
    UNIT_TEST(mistakes_beyond_the_cap_are_counted))
