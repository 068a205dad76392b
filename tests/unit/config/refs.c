/* Values that stand elsewhere: files, the environment, systemd's credentials. */
#include "config_unit.h"

static void
expect(const char *yaml, const char *want)
{
    struct config c = { 0 };
    struct destination d;
    CLEANUP(free_ptr) char *got = check_mailer(&c, yaml, &d);

    CHECK_STR(got, want);
    config_free(&c);
}

/* The key that comes of it. */
static void
expect_key(const char *yaml, const char *want)
{
    struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(free_ptr) char *got = check_mailer(&c, yaml, &d);

    CHECK_STR(got, "");
    CHECK_STR(d.values ? d.values[0].text : "(none)", want);
    config_free(&c);
}

static void
a_file_is_read_from_beside_the_file_that_names_it(void)
{
    write_file("key", "k-1\n");
    mkdir(path_of("sub"), 0700);
    write_file("sub/key", "k-2");
    expect_key("{listId: l, apiKey: !file key}", "k-1");
    expect_key("{listId: l, apiKey: !file sub/key}", "k-2");
    expect_key("{listId: l, apiKey: !file './sub/../key'}", "k-1");
}

static void
an_absolute_path_is_taken_as_it_is(void)
{
    char yaml[400];

    write_file("key", "k-1\n");
    snprintf(yaml, sizeof(yaml), "{listId: l, apiKey: !file %s}", path_of("key"));
    expect_key(yaml, "k-1");
}

static void
line_ends_and_a_byte_order_mark_are_trimmed_and_nothing_else(void)
{
    write_file("key", "k\r\n");
    expect_key("{listId: l, apiKey: !file key}", "k");
    write_file("key", "k\n\n");
    expect_key("{listId: l, apiKey: !file key}", "k");
    write_file("key", " k \n");
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: warning: begins or ends with a space, which is part of "
           "the secret\n");
    write_file("key", "\xef\xbb\xbfk\n");
    expect_key("{listId: l, apiKey: !file key}", "k");
}

static void
a_file_that_is_no_secret_is_told_by_its_path(void)
{
    static char much[70000];
    char want[600];

    clear_dir();
    snprintf(want, sizeof(want), "case.yaml:1:21: mailer.apiKey: !file: cannot read key: No such "
                                 "file or directory\n");
    expect("{listId: l, apiKey: !file key}", want);
    write_file("key", "\n");
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: !file key is empty\n");
    memset(much, 'x', sizeof(much));
    write_bytes("key", much, 65537, 0600);
    expect("{listId: l, apiKey: !file key}", "case.yaml:1:21: mailer.apiKey: !file: key is too "
                                             "large: wanted at most 64 KiB\n");
    write_bytes("key", much, 65536, 0600);
    expect("{listId: l, apiKey: !file key}", "");
    write_bytes("key", "a\0b", 3, 0600);
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: !file key: wanted text, found a NUL byte\n");
    write_bytes("key", "\xff\xfe", 2, 0600);
    expect("{listId: l, apiKey: !file key}", "case.yaml:1:21: mailer.apiKey: !file key: wanted "
                                             "UTF-8 text, found bytes that are not\n");
    write_file("key", "a\nb\n");
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: wanted a string on one line, found a line break "
           "(U+000A) in it\n");
    write_file("key", "a\xe2\x80\x8b\n");
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: wanted a string on one line, found an invisible "
           "character (U+200B) in it\n");
    unlink(path_of("key"));
    mkdir(path_of("key"), 0700);
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: !file: cannot read key: Is a directory\n");
    rmdir(path_of("key"));
    mkfifo(path_of("key"), 0600);
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: !file: cannot read key: not a plain file\n");
    expect("{listId: l, apiKey: !file }",
           "case.yaml:1:21: mailer.apiKey: wanted a path after !file, found nothing\n");
}

static void
a_secret_that_others_can_read_is_a_warning(void)
{
    clear_dir();
    write_bytes("key", "k", 1, 0644);
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: warning: key has file mode 0644: others can read this "
           "secret; chmod 600\n");
    chmod(path_of("key"), 0640);
    expect("{listId: l, apiKey: !file key}",
           "case.yaml:1:21: mailer.apiKey: warning: key has file mode 0640: its group can read "
           "this secret; chmod 600\n");
    chmod(path_of("key"), 0400);
    expect("{listId: l, apiKey: !file key}", "");
}

static void
a_variable_of_the_environment_is_read(void)
{
    setenv("HERMOD_TEST_KEY", "k-env", 1);
    setenv("HERMOD_TEST_EMPTY", "", 1);
    unsetenv("HERMOD_TEST_NONE");
    expect_key("{listId: l, apiKey: !env HERMOD_TEST_KEY}", "k-env");
    expect("{listId: l, apiKey: !env HERMOD_TEST_NONE}",
           "case.yaml:1:21: mailer.apiKey: !env HERMOD_TEST_NONE: there is no such variable in "
           "the environment\n");
    expect("{listId: l, apiKey: !env HERMOD_TEST_EMPTY}",
           "case.yaml:1:21: mailer.apiKey: !env HERMOD_TEST_EMPTY is empty\n");
    expect("{listId: l, apiKey: !env }",
           "case.yaml:1:21: mailer.apiKey: wanted a name after !env, found nothing\n");
}

static void
what_is_no_variables_name_may_be_the_secret_and_is_not_quoted(void)
{
    expect("{listId: l, apiKey: !env 0123456789abcdef-us1}",
           "case.yaml:1:21: mailer.apiKey: wanted the name of an environment variable after "
           "!env, found something else\n");
}

static void
a_credential_of_systemd_is_read(void)
{
    clear_dir();
    unsetenv("CREDENTIALS_DIRECTORY");
    expect("{listId: l, apiKey: !credential key}",
           "case.yaml:1:21: mailer.apiKey: !credential key: there are none here "
           "($CREDENTIALS_DIRECTORY is set by systemd for a unit with LoadCredential=)\n");
    mkdir(path_of("creds"), 0700);
    write_file("creds/key", "k-cred\n");
    setenv("CREDENTIALS_DIRECTORY", path_of("creds"), 1);
    expect_key("{listId: l, apiKey: !credential key}", "k-cred");
    expect("{listId: l, apiKey: !credential nokey}",
           "case.yaml:1:21: mailer.apiKey: !credential: cannot read creds/nokey: No such file or "
           "directory\n");
    expect("{listId: l, apiKey: !credential ../key}",
           "case.yaml:1:21: mailer.apiKey: wanted the name of a systemd credential after "
           "!credential, found something else\n");
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void
references_serve_for_every_kind_of_value(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    CLEANUP(free_ptr) char *got = NULL;
    struct destination d = { 0 };

    setenv("T_TEXT", "true", 1);
    setenv("T_INT", "42", 1);
    setenv("T_BOOL", "false", 1);
    setenv("T_PAUSE", "90s", 1);
    setenv("T_FORMAT", "text", 1);
    setenv("T_NET", "10.0.0.0/8", 1);
    got = check_mailer(&c, "apiKey: k\nlistId: !env T_TEXT\ndoubleOptIn: !env T_BOOL\n"
                           "batch: !env T_INT\npause: !env T_PAUSE\nformat: !env T_FORMAT\n"
                           "tags: [a, !env T_INT]\nheaders: {X: !env T_TEXT}\n"
                           "keys: !env T_TEXT\nenabled: !env T_BOOL\n"
                           "allowNetworks: [!env T_NET]\n", &d);
    CHECK_STR(got, "");
    CHECK_STR(d.values[1].text, "true");
    CHECK_INT(d.values[2].number, 0);
    CHECK_INT(d.values[3].number, 42);
    CHECK_INT(d.values[4].number, 90000);
    CHECK_STR(d.values[5].text, "text");
    CHECK_STR(d.values[6].list[1], "42");
    CHECK_STR(d.values[7].map[0].value, "true");
    CHECK_STR(d.values[8].list[0], "true");
    CHECK(!d.enabled);
    CHECK_INT(d.allow_count, 1);
}

static void
a_wrong_value_behind_a_reference_is_told_by_the_reference(void)
{
    setenv("T_INT", "hunter2", 1);
    expect("apiKey: k\nlistId: l\nbatch: !env T_INT\nformat: !env T_INT\n"
           "apiUrl: !env T_INT\nevents: !env T_INT\nallowNetworks: !env T_INT\n",
           "case.yaml:3:8: mailer.batch: wanted an integer from 1 to 100, found something else in "
           "!env T_INT\n"
           "case.yaml:4:9: mailer.format: wanted one of html, text, 2, found something else in "
           "!env T_INT\n"
           "case.yaml:5:9: mailer.apiUrl: wanted an absolute http or https URL, found one that "
           "does not begin with https:// or http://\n"
           "case.yaml:6:9: mailer.events: wanted an event type that mailer takes, found something "
           "else in !env T_INT; it takes contract.1#purchased, contract.1#update, "
           "userVendor.1#new\n"
           "case.yaml:7:16: mailer.allowNetworks: wanted a network such as 10.1.0.0/16 or "
           "fd00::/8, its bits behind the / all zero, found something else in !env T_INT\n");
}

UNIT_MAIN("config/refs",
    UNIT_TEST(a_file_is_read_from_beside_the_file_that_names_it),
    UNIT_TEST(an_absolute_path_is_taken_as_it_is),
    UNIT_TEST(line_ends_and_a_byte_order_mark_are_trimmed_and_nothing_else),
    UNIT_TEST(a_file_that_is_no_secret_is_told_by_its_path),
    UNIT_TEST(a_secret_that_others_can_read_is_a_warning),
    UNIT_TEST(a_variable_of_the_environment_is_read),
    UNIT_TEST(what_is_no_variables_name_may_be_the_secret_and_is_not_quoted),
    UNIT_TEST(a_credential_of_systemd_is_read),
    UNIT_TEST(references_serve_for_every_kind_of_value),
    UNIT_TEST(a_wrong_value_behind_a_reference_is_told_by_the_reference))
