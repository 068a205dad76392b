/* The vendors' files together: who they are, their destinations, what is inherited and what
   is shared. */
#include "config_unit.h"

static void
start(void)
{
    clear_dir();
    mkdir(path_of("vendors.d"), 0700);
}

static void
expect(const char *want)
{
    struct config c = { 0 };
    CLEANUP(free_ptr) char *got = NULL;
    int bad = load_vendors(&c, "");

    got = problems(&c);
    CHECK_STR(got, want);
    CHECK_INT(bad, c.error_count ? -1 : 0);
    config_free(&c);
}

#define BROKEN "/p/broken.so: warning: this plugin cannot be used: /p/broken.so: died while " \
               "being loaded: signal 11\n"

static void
destinations_come_in_the_order_of_the_files(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    const struct destination *d;

    start();
    write_file("vendors.d/b.yaml", "vendor: b\nintegrations:\n  hook: {url: https://b.example}\n");
    write_file("vendors.d/a.yml",
               "vendor: a\nintegrations:\n"
               "  mailer:\n"
               "    - {name: news, apiKey: k1, listId: 1}\n"
               "    - {name: sport, apiKey: k1, listId: 2, enabled: false}\n"
               "  hook: {url: https://a.example}\n");
    write_file("vendors.d/c.yaml", "vendor: c\n");
    write_file("vendors.d/.hidden.yaml", "vendor: [\n");
    write_file("vendors.d/d.yaml.sample", "vendor: [\n");
    write_file("vendors.d/README", "vendor: [\n");
    CHECK_INT(load_vendors(&c, ""), 0);
    CHECK_INT(c.vendor_count, 3);
    CHECK_STR(c.vendors[0], "a");
    CHECK_STR(c.vendors[2], "c");
    CHECK_INT(c.destination_count, 4);
    d = c.destinations;
    CHECK_STR(destination_title(&c.arena, &d[0]), "a/mailer/news");
    CHECK_STR(destination_title(&c.arena, &d[1]), "a/mailer/sport");
    CHECK_STR(destination_title(&c.arena, &d[2]), "a/hook");
    CHECK_STR(destination_title(&c.arena, &d[3]), "b/hook");
    CHECK(d[0].enabled && !d[1].enabled);
    for (uint32_t i = 0; i < 4; i++)
        CHECK_INT(d[i].index, i);
    CHECK_STR(d[1].values[1].text, "2");
}

static void
destinations_of_one_plugin_with_one_credential_share_a_group(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    const struct destination *d;

    start();
    write_file("vendors.d/a.yaml",
               "vendor: a\nintegrations:\n  mailer:\n"
               "    - {name: n1, apiKey: other, listId: 1}\n"
               "    - {name: n2, apiKey: same, listId: 1}\n"
               "    - {name: n3, apiKey: same, listId: 2}\n"
               "  hook:\n    - {name: h1, url: https://same.example}\n"
               "    - {name: h2, url: https://same.example}\n");
    write_file("vendors.d/b.yaml",
               "vendor: b\nintegrations:\n  mailer: {apiKey: same, listId: 1}\n");
    CHECK_INT(load_vendors(&c, ""), 0);
    d = c.destinations;
    CHECK_INT(c.destination_count, 6);
    CHECK_INT(d[0].group, 0);
    CHECK_INT(d[1].group, 1);
    CHECK_INT(d[2].group, 1);
    CHECK_INT(d[3].group, 3);              /* hook names no credential */
    CHECK_INT(d[4].group, 4);
    CHECK_INT(d[5].group, 1);              /* of another vendor */
}

static void
the_nearest_retry_and_networks_win(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    const struct destination *d;

    start();
    write_file("vendors.d/a.yaml",
               "vendor: a\nretry: {schedule: [2s]}\nallowNetworks: [10.0.0.0/8]\n"
               "integrations:\n  hook:\n"
               "    - {name: h1, url: https://a.example}\n"
               "    - {name: h2, url: https://a.example, retry: {schedule: [3s]}, "
               "allowNetworks: []}\n");
    write_file("vendors.d/b.yaml",
               "vendor: b\nintegrations: {hook: {url: https://b.example}}\n");
    CHECK_INT(load_vendors(&c, "retry: {schedule: [1s]}\nallowNetworks: [127.0.0.1, '::1']\n"),
              0);
    d = c.destinations;
    CHECK_INT(c.destination_count, 3);
    CHECK_INT(d[0].retry.wait_ms[0], 2000);
    CHECK_INT(d[0].allow_count, 1);
    CHECK_INT(d[1].retry.wait_ms[0], 3000);
    CHECK_INT(d[1].allow_count, 0);
    CHECK_INT(d[2].retry.wait_ms[0], 1000);
    CHECK_INT(d[2].allow_count, 2);
}

static void
one_vendor_in_two_files_is_told_with_both_places(void)
{
    start();
    write_file("vendors.d/acme.yaml", "# first\nvendor: acme\n");
    write_file("vendors.d/acme2.yaml", "vendor: acme\nintegrations: {hook: {}}\n");
    expect(BROKEN
           "vendors.d/acme2.yaml:1:9: wanted one file per vendor, found \"acme\" here and in "
           "vendors.d/acme.yaml:2:9\n"
           "vendors.d/acme2.yaml:2:16: acme.hook.url: wanted a string, found no such key (Where "
           "to)\n");
}

static void
a_file_that_is_not_called_as_its_vendor_is_a_warning(void)
{
    start();
    write_file("vendors.d/acme.yaml", "vendor: nordic\n");
    write_file("vendors.d/seven.yaml", "vendor: 7\n");
    write_file("vendors.d/slash.yaml", "vendor: a/b\n");
    expect(BROKEN
           "vendors.d/acme.yaml:1:9: vendor: warning: the file of \"nordic\" is better called "
           "nordic.yaml\n"
           "vendors.d/seven.yaml:1:9: vendor: warning: the file of \"7\" is better called "
           "7.yaml\n");
}

static void
a_vendor_must_say_who_it_is(void)
{
    char yaml[600];
    char id[200];

    start();
    write_file("vendors.d/a.yaml", "integrations: {hook: {url: x}}\n");
    write_file("vendors.d/b.yaml", "vendor: [b]\n");
    write_file("vendors.d/c.yaml", "vendor: ''\n");
    write_file("vendors.d/d.yaml", "vendor: \"a\\nb\"\n");
    write_file("vendors.d/e.yaml", "");
    write_file("vendors.d/f.yaml", "[]");
    memset(id, 'x', 129);
    snprintf(yaml, sizeof(yaml), "vendor: %.129s\n", id);
    write_file("vendors.d/g.yaml", yaml);
    write_file("vendors.d/h.yaml", "vendr: h\n");
    expect(BROKEN
           "vendors.d/a.yaml:1:1: vendor: wanted a string, found no such key (the vendor's id, as "
           "events carry it in vendorId)\n"
           "vendors.d/a.yaml:1:28: a.hook.url: wanted an absolute http or https URL, found one "
           "that does not begin with https:// or http://\n"
           "vendors.d/b.yaml:1:9: vendor: wanted a string, found a list\n"
           "vendors.d/c.yaml:1:9: vendor: wanted a string, found an empty string\n"
           "vendors.d/d.yaml:1:9: vendor: wanted a string on one line, found a line break "
           "(U+000A) in it\n"
           "vendors.d/e.yaml:1:1: vendor: wanted a string, found no such key (the vendor's id, as "
           "events carry it in vendorId)\n"
           "vendors.d/f.yaml:1:1: wanted a map of settings, found a list\n"
           "vendors.d/g.yaml:1:9: vendor: wanted at most 128 characters, found "
           "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"\n"
           "vendors.d/h.yaml:1:1: vendr: unknown key; did you mean \"vendor\"?\n");
}

static void
plugins_are_looked_up_by_name(void)
{
    start();
    write_file("vendors.d/a.yaml", "vendor: a\nintegrations:\n  mialer: {}\n  salesforce: {}\n"
                                   "  broken: {any: thing}\n");
    expect("vendors.d/a.yaml:3:3: a.mialer: wanted an installed plugin, found none of this name; "
           "did you mean \"mailer\"?\n"
           "vendors.d/a.yaml:4:3: a.salesforce: wanted an installed plugin, found none of this "
           "name; installed: broken, hook, mailer\n"
           "vendors.d/a.yaml:5:3: a.broken: this plugin cannot be used: /p/broken.so: died while "
           "being loaded: signal 11\n");
}

static void
settings_beside_their_plugin_are_told_to_be_indented(void)
{
    start();
    write_file("vendors.d/a.yaml", "vendor: a\nintegrations:\n  hook:\n  url: http://a.example\n");
    expect(BROKEN
           "vendors.d/a.yaml:3:3: a.hook.url: wanted a string, found no such key (Where to)\n"
           "vendors.d/a.yaml:4:3: a.url: wanted an installed plugin, found none of this name; a "
           "setting of the plugin above is indented more than the plugin's name\n");
}

static void
with_no_plugin_at_all_it_says_so(void)
{
    struct config c = { 0 };
    CLEANUP(free_ptr) char *got = NULL;

    start();
    write_file("hermod.yaml", "vendors: vendors.d\n");
    write_file("vendors.d/a.yaml", "vendor: a\nintegrations: {hook: {}}\n");
    config_load_host(&c, path_of("hermod.yaml"));
    CHECK_INT(config_load_vendors(&c, NULL, 0), -1);
    got = problems(&c);
    CHECK_STR(got, "vendors.d/a.yaml:2:16: a.hook: wanted an installed plugin, found none of this "
                   "name; none is installed at all\n");
    config_free(&c);
}

static void
the_usable_plugin_of_a_name_is_taken_also_when_another_is_hidden(void)
{
    struct config_plugin two[] = { plugins[1], plugins[1] };
    struct config c = { 0 };

    start();
    two[0].error = "/old/hook.so: hidden by /p/hook.so, which has the same name";
    write_file("hermod.yaml", "vendors: vendors.d\n");
    write_file("vendors.d/a.yaml", "vendor: a\nintegrations: {hook: {url: 'http://a.example'}}\n");
    config_load_host(&c, path_of("hermod.yaml"));
    CHECK_INT(config_load_vendors(&c, two, 2), 0);
    CHECK_INT(c.destination_count, 1);
    config_free(&c);
}

static void
destinations_of_one_plugin_need_names_of_their_own(void)
{
    start();
    write_file("vendors.d/a.yaml",
               "vendor: a\nintegrations:\n  hook:\n"
               "    - url: https://a.example/1\n"
               "    - url: https://a.example/2\n"
               "    - {name: x, url: https://a.example/3}\n"
               "    - {url: https://a.example/4, name: x}\n"
               "    - {url: https://a.example/5, name: hook}\n"
               "    - {url: https://a.example/6, name: [y]}\n"
               "    - seven\n");
    expect(BROKEN
           "vendors.d/a.yaml:5:7: a.hook: wanted a name of its own (name: ...), found \"hook\" as "
           "at line 4, column 7\n"
           "vendors.d/a.yaml:7:40: a.hook: wanted a name of its own, found \"x\" as at line 6, "
           "column 14\n"
           "vendors.d/a.yaml:8:40: a.hook: wanted a name of its own, found \"hook\" as at line 4, "
           "column 7\n"
           "vendors.d/a.yaml:9:40: a.hook.name: wanted a string, found a list\n"
           "vendors.d/a.yaml:10:7: a.hook: wanted a map of settings, found a single value\n");
}

static void
integrations_have_one_shape(void)
{
    start();
    write_file("vendors.d/a.yaml", "vendor: a\nintegrations: [hook]\n");
    write_file("vendors.d/b.yaml", "vendor: b\nintegrations: hook\n");
    write_file("vendors.d/c.yaml", "vendor: c\nintegrations:\n  hook: []\n  mailer:\n");
    write_file("vendors.d/d.yaml", "vendor: d\nintegrations:\n");
    write_file("vendors.d/e.yaml", "vendor: e\nhook: {url: x}\n");
    expect(BROKEN
           "vendors.d/a.yaml:2:15: a.integrations: wanted a map of plugins and their settings, "
           "found a list\n"
           "vendors.d/b.yaml:2:15: b.integrations: wanted a map of plugins and their settings, "
           "found a single value\n"
           "vendors.d/c.yaml:3:9: c.hook: wanted at least one block, found an empty list\n"
           "vendors.d/c.yaml:4:3: c.mailer.apiKey: wanted a string, found no such key (The key of "
           "the account)\n"
           "vendors.d/c.yaml:4:3: c.mailer.listId: wanted a string, found no such key (The list "
           "that readers are put on)\n"
           "vendors.d/e.yaml:2:1: hook: unknown key; known are vendor, sesamy, integrations, "
           "retry, allowNetworks\n");
}

static void
a_vendors_sesamy_credentials_are_checked(void)
{
    start();
    write_file("vendors.d/a.yaml", "vendor: a\nsesamy: {clientId: 7, clientSecret: !env T_NONE}\n");
    write_file("vendors.d/b.yaml", "vendor: b\nsesamy: {clientid: 7}\n");
    write_file("vendors.d/c.yaml", "vendor: c\nsesamy: {clientId: x, clientSecret: hunter2}\n");
    expect(BROKEN
           "vendors.d/a.yaml:2:37: a.sesamy.clientSecret: !env T_NONE: there is no such variable "
           "in the environment\n"
           "vendors.d/b.yaml:2:1: b.sesamy.clientSecret: wanted a string, found no such key (of "
           "the vendor's Management API application)\n"
           "vendors.d/b.yaml:2:10: b.sesamy.clientid: unknown key; did you mean \"clientId\"?\n");
}

static void
credentials_are_kept_for_the_vendors_that_have_them(void)
{
    CLEANUP(config_free) struct config c = { 0 };

    start();
    write_file("vendors.d/a.yaml", "vendor: a\nsesamy: {clientId: x1, clientSecret: y1}\n");
    write_file("vendors.d/b.yaml", "vendor: b\n");
    write_file("vendors.d/c.yaml", "vendor: c\nsesamy: {clientId: x3, clientSecret: y3}\n");
    write_file("vendors.d/d.yaml", "vendor: d\nsesamy: {clientId: x4, clientSecret: y4}\n");
    CHECK_INT(load_vendors(&c, ""), 0);
    CHECK_INT(c.sesamy_vendor_count, 3);
    if (c.sesamy_vendor_count == 3) {
        CHECK_STR(c.sesamy_vendors[0].vendor, "a");
        CHECK_STR(c.sesamy_vendors[0].client_id, "x1");
        CHECK_STR(c.sesamy_vendors[2].vendor, "d");
        CHECK_STR(c.sesamy_vendors[2].client_secret, "y4");
    }
}

static void
a_files_secrets_stand_beside_it(void)
{
    CLEANUP(config_free) struct config c = { 0 };

    start();
    write_file("vendors.d/a.key", "from-file\n");
    write_file("vendors.d/a.yaml",
               "vendor: a\nintegrations: {mailer: {apiKey: !file a.key, listId: 1}}\n");
    CHECK_INT(load_vendors(&c, ""), 0);
    CHECK_INT(c.destination_count, 1);
    if (c.destination_count == 1)
        CHECK_STR(c.destinations[0].values[0].text, "from-file");
}

static void
every_file_is_checked_also_when_one_is_no_yaml_and_hermod_yaml_has_mistakes(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    CLEANUP(free_ptr) char *got = NULL;

    start();
    write_file("vendors.d/a.yaml", "vendor: a\nintegrations: [\n");
    write_file("vendors.d/b.yaml", "vendor: b\nintegrations: {hok: {}}\n");
    mkdir(path_of("vendors.d/c.yaml"), 0700);
    CHECK_INT(symlink("nowhere", path_of("vendors.d/d.yaml")), 0);
    CHECK_INT(load_vendors(&c, "grace: never\n"), -1);
    got = problems(&c);
    CHECK_STR(got,
              "hermod.yaml:2:8: grace: wanted a duration from 0s to 1h, found \"never\"\n" BROKEN
              "vendors.d/a.yaml:3:1: the file ends here, and a '[' or '{' is still open\n"
              "vendors.d/b.yaml:2:16: b.hok: wanted an installed plugin, found none of this name; "
              "did you mean \"hook\"?\n"
              "vendors.d/c.yaml: wanted a file, found a directory\n"
              "vendors.d/d.yaml: cannot be read: No such file or directory\n");
}

static void
a_directory_of_vendors_that_is_not_there_is_told(void)
{
    clear_dir();
    expect(BROKEN
           "vendors.d: this directory of vendors cannot be read: No such file or directory\n");
}

static void
where_the_vendors_are_must_be_known_to_look_further(void)
{
    struct config c = { 0 };
    CLEANUP(free_ptr) char *got = NULL;

    start();
    write_file("vendors.d/a.yaml", "vendor: [\n");
    write_file("hermod.yaml", "vendors: [vendors.d]\n");
    CHECK_INT(config_load_host(&c, path_of("hermod.yaml")), -1);
    CHECK_INT(config_load_vendors(&c, plugins, ARRAY_LEN(plugins)), -1);
    got = problems(&c);
    CHECK_STR(got, "hermod.yaml:1:10: vendors: wanted a string, found a list\n");
    config_free(&c);
}

/* One file each, five destinations in it, every key its own: what takes the square of them
   would take minutes. */
static void
thousands_of_vendors_are_loaded(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    char name[60], yaml[800];

    start();
    for (int i = 0; i < 3000; i++) {
        int n = snprintf(yaml, sizeof(yaml), "vendor: v%d\nintegrations:\n  mailer:\n", i);

        for (int k = 0; k < 5; k++)
            n += snprintf(yaml + n, sizeof(yaml) - (size_t)n,
                          "    - {name: n%d, apiKey: key-%d-%d, listId: %d}\n", k, i, k % 4, k);
        snprintf(name, sizeof(name), "vendors.d/v%d.yaml", i);
        write_file(name, yaml);
    }
    CHECK_INT(load_vendors(&c, ""), 0);
    CHECK_INT(c.vendor_count, 3000);
    CHECK_INT(c.destination_count, 15000);
    for (uint32_t i = 0; i < c.destination_count; i++) {
        if (c.destinations[i].group != (i % 5 == 4 ? i - 4 : i))
            CHECK_INT(c.destinations[i].group, i % 5 == 4 ? i - 4 : i);
    }
}

static void
freeing_takes_nothing_and_what_was_freed(void)
{
    struct config c = { 0 };

    config_free(NULL);
    config_free(&c);
    config_free(&c);
    CHECK_INT(c.problem_count, 0);
}

UNIT_MAIN("config/vendors",
    UNIT_TEST(destinations_come_in_the_order_of_the_files),
    UNIT_TEST(destinations_of_one_plugin_with_one_credential_share_a_group),
    UNIT_TEST(the_nearest_retry_and_networks_win),
    UNIT_TEST(one_vendor_in_two_files_is_told_with_both_places),
    UNIT_TEST(a_file_that_is_not_called_as_its_vendor_is_a_warning),
    UNIT_TEST(a_vendor_must_say_who_it_is),
    UNIT_TEST(plugins_are_looked_up_by_name),
    UNIT_TEST(settings_beside_their_plugin_are_told_to_be_indented),
    UNIT_TEST(with_no_plugin_at_all_it_says_so),
    UNIT_TEST(the_usable_plugin_of_a_name_is_taken_also_when_another_is_hidden),
    UNIT_TEST(destinations_of_one_plugin_need_names_of_their_own),
    UNIT_TEST(integrations_have_one_shape),
    UNIT_TEST(a_vendors_sesamy_credentials_are_checked),
    UNIT_TEST(credentials_are_kept_for_the_vendors_that_have_them),
    UNIT_TEST(a_files_secrets_stand_beside_it),
    UNIT_TEST(every_file_is_checked_also_when_one_is_no_yaml_and_hermod_yaml_has_mistakes),
    UNIT_TEST(a_directory_of_vendors_that_is_not_there_is_told),
    UNIT_TEST(where_the_vendors_are_must_be_known_to_look_further),
    UNIT_TEST(thousands_of_vendors_are_loaded),
    UNIT_TEST(freeing_takes_nothing_and_what_was_freed))
