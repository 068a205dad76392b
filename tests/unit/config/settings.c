/* A destination's block against its plugin's rows: each kind of value, each mistake with its
   exact place and words. */
#include "config/yaml.h"
#include "config_unit.h"

/* apiKey and listId, in one line, so that a case's own lines begin at 2. */
#define GOOD "{apiKey: k, listId: l}"
#define BASE "apiKey: k\nlistId: l\n"

static const struct mistake {
    const char *yaml, *want;
} mistakes[] = {
    /* strings */
    { "apiKey: k\nlistId: [7]\n", "2:9: mailer.listId: wanted a string, found a list" },
    { "apiKey: k\nlistId: {a: b}\n", "2:9: mailer.listId: wanted a string, found a map" },
    { "apiKey: k\nlistId: true\n",
      "2:9: mailer.listId: wanted a string, found true; if it is meant as text, put it in "
      "quotes" },
    { "apiKey: k\nlistId:\n", "2:8: mailer.listId: wanted a string, found nothing" },
    { "apiKey: k\nlistId: ~\n", "2:9: mailer.listId: wanted a string, found nothing" },
    { "apiKey: k\nlistId: ''\n", "2:9: mailer.listId: wanted a string, found an empty string" },
    { "apiKey: ''\nlistId: l\n", "1:9: mailer.apiKey: wanted a string, found an empty string" },
    { "apiKey: k\n", "1:1: mailer.listId: wanted a string, found no such key (The list that "
                     "readers are put on)" },
    { "listId: \"a\\r\\nX-Evil: 1\"\napiKey: k\n",
      "1:9: mailer.listId: wanted a string on one line, found a line break (U+000D) in it" },
    { "apiKey: k\nlistId: |\n  l\n",
      "2:9: mailer.listId: wanted a string on one line, found a line break (U+000A) in it "
      "(after '|' or '>' write '-': \"|-\")" },
    { "apiKey: k\nlistId: \"a\\tb\"\n",
      "2:9: mailer.listId: wanted a string on one line, found a tab (U+0009) in it" },
    { "apiKey: k\nlistId: \"a\\x1b[31m\"\n",
      "2:9: mailer.listId: wanted a string on one line, found an invisible character (U+001B) "
      "in it" },
    { "apiKey: k\nlistId: \"a\\u2028b\"\n",
      "2:9: mailer.listId: wanted a string on one line, found an invisible character (U+2028) "
      "in it" },
    /* bools */
    { BASE "doubleOptIn: yes\n",
      "3:14: mailer.doubleOptIn: wanted true or false, found \"yes\"" },
    { BASE "doubleOptIn: 1\n", "3:14: mailer.doubleOptIn: wanted true or false, found 1" },
    { BASE "doubleOptIn: 'true'\n",
      "3:14: mailer.doubleOptIn: wanted true or false, found \"true\"; remove the quotes" },
    { BASE "doubleOptIn:\n", "3:13: mailer.doubleOptIn: wanted true or false, found nothing" },
    /* integers */
    { BASE "batch: 0\n", "3:8: mailer.batch: wanted an integer from 1 to 100, found 0" },
    { BASE "batch: 101\n", "3:8: mailer.batch: wanted an integer from 1 to 100, found 101" },
    { BASE "batch: 1.5\n", "3:8: mailer.batch: wanted an integer from 1 to 100, found 1.5" },
    { BASE "batch: 99999999999999999999\n",
      "3:8: mailer.batch: wanted an integer from 1 to 100, found 99999999999999999999" },
    { BASE "batch: '5'\n",
      "3:8: mailer.batch: wanted an integer from 1 to 100, found \"5\"; remove the quotes" },
    { BASE "batch: few\n", "3:8: mailer.batch: wanted an integer from 1 to 100, found \"few\"" },
    { BASE "batch: [1]\n", "3:8: mailer.batch: wanted an integer from 1 to 100, found a list" },
    /* durations */
    { BASE "pause: 30\n",
      "3:8: mailer.pause: wanted a duration from 1s to 1h, found 30; say the unit, as in 500ms, "
      "30s, 5m, 12h or 14d" },
    { BASE "pause: 10ms\n",
      "3:8: mailer.pause: wanted a duration from 1s to 1h, found \"10ms\"" },
    { BASE "pause: 2h\n", "3:8: mailer.pause: wanted a duration from 1s to 1h, found \"2h\"" },
    { BASE "pause: 5 m\n", "3:8: mailer.pause: wanted a duration from 1s to 1h, found \"5 m\"" },
    { BASE "pause: -5s\n", "3:8: mailer.pause: wanted a duration from 1s to 1h, found \"-5s\"" },
    { BASE "pause: true\n", "3:8: mailer.pause: wanted a duration from 1s to 1h, found true" },
    /* choices */
    { BASE "format: HTML\n", "3:9: mailer.format: wanted one of html, text, 2, found \"HTML\"; "
                             "did you mean \"html\"?" },
    { BASE "format: pdf\n", "3:9: mailer.format: wanted one of html, text, 2, found \"pdf\"" },
    { BASE "format: ''\n",
      "3:9: mailer.format: wanted one of html, text, 2, found an empty string" },
    { BASE "format: html|text\n",
      "3:9: mailer.format: wanted one of html, text, 2, found \"html|text\"" },
    /* lists */
    { BASE "tags: {a: b}\n", "3:7: mailer.tags: wanted a list of strings, found a map" },
    { BASE "tags:\n", "3:6: mailer.tags: wanted a list of strings, found nothing" },
    { BASE "tags: [a, [b], c, ~]\n", "3:11: mailer.tags: wanted a string, found a list\n"
                                     "3:19: mailer.tags: wanted a string, found nothing" },
    /* maps */
    { BASE "headers: [a]\n", "3:10: mailer.headers: wanted a map of strings, found a list" },
    { BASE "headers: a\n", "3:10: mailer.headers: wanted a map of strings, found a string" },
    { BASE "headers:\n  X-A: [b]\n  X-B: true\n",
      "4:8: mailer.headers.X-A: wanted a string, found a list\n"
      "5:8: mailer.headers.X-B: wanted a string, found true or false; if it is meant as text, "
      "put it in quotes" },
    { BASE "headers:\n  \"X\\nY\": b\n",
      "4:3: mailer.headers: wanted a key on one line, found a line break (U+000A) in it" },
    { BASE "headers:\n  X: \"a\\r\\nSet-Cookie: b\"\n",
      "4:6: mailer.headers.X: wanted a string on one line, found a line break (U+000D) in it" },
    /* URLs */
    { BASE "apiUrl: api.example\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found one that does not begin "
      "with https:// or http://" },
    { BASE "apiUrl: ftp://api.example/\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found one that does not begin "
      "with https:// or http://" },
    { BASE "apiUrl: https://\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found one without a host" },
    { BASE "apiUrl: https://:8080/x\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found one without a host" },
    { BASE "apiUrl: https://me:pw@api.example\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found one with a user name or "
      "password in it" },
    { BASE "apiUrl: https://api.example:99999/\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found a port that is none" },
    { BASE "apiUrl: https://api.example:/\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found a port that is none" },
    { BASE "apiUrl: https://[::1\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found a bad address in "
      "brackets" },
    { BASE "apiUrl: https://api.example/a b\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found a space, quote, backslash "
      "or angle bracket in it" },
    { BASE "hookUrl: https://h.example/#top\n",
      "3:10: mailer.hookUrl: wanted an absolute http or https URL, found one with '#': that "
      "part is never sent" },
    { BASE "apiUrl: https://åland.example/\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found a character that no URL "
      "has: a host is written as xn--..., the rest as %XX" },
    { BASE "apiUrl: https://api.example/100%\n",
      "3:9: mailer.apiUrl: wanted an absolute http or https URL, found a character that no URL "
      "has: a host is written as xn--..., the rest as %XX" },
    /* keys */
    { BASE "apikey: x\n", "3:1: mailer.apikey: unknown key; did you mean \"apiKey\"?" },
    { BASE "limit: {}\n", "3:1: mailer.limit: unknown key; did you mean \"limits\"?" },
    { BASE "colour: red\n",
      "3:1: mailer.colour: unknown key; known are apiKey, listId, doubleOptIn, batch, pause, "
      "format, tags, headers, keys, apiUrl, hookUrl, pin, level, name, enabled, events, retry, "
      "limits, allowNetworks" },
    { "apiKey: k\nlistId: a\nlistId: b\n",
      "3:1: duplicate key \"listId\": the first is at line 2, column 1" },
    { "[a]", "1:1: mailer: wanted a map of settings, found a list" },
    { "", "1:1: mailer.apiKey: wanted a string, found no such key (The key of the account)\n"
          "1:1: mailer.listId: wanted a string, found no such key (The list that readers are "
          "put on)" },
    /* what every destination takes */
    { BASE "name: a/b\n",
      "3:7: mailer.name: wanted at most 64 characters and no '/', found \"a/b\"" },
    { BASE "name: ''\n", "3:7: mailer.name: wanted a string, found an empty string" },
    { BASE "name: true\n", "3:7: mailer.name: wanted a string, found true; if it is meant as "
                           "text, put it in quotes" },
    { BASE "enabled: no\n", "3:10: mailer.enabled: wanted true or false, found \"no\"" },
    { BASE "name: news\nenabled: 0\n",
      "4:10: mailer/news.enabled: wanted true or false, found 0" },
    { BASE "events: []\n",
      "3:9: mailer.events: wanted a list of strings, found a list without elements" },
    { BASE "events: [contract.1#update, contract.1#purchase]\n",
      "3:29: mailer.events: wanted an event type that mailer takes, found "
      "\"contract.1#purchase\"; did you mean \"contract.1#purchased\"?" },
    { BASE "events: x\n", "3:9: mailer.events: wanted an event type that mailer takes, found "
                          "\"x\"; it takes contract.1#purchased, contract.1#update, "
                          "userVendor.1#new" },
    { BASE "events: contract.1#update, contract.1#purchased\n",
      "3:9: mailer.events: wanted an event type that mailer takes, found \"contract.1#update, "
      "contract.1#purchased\"; several are written as a list: [a, b]" },
    { BASE "retry: [5s]\n", "3:8: mailer.retry: wanted a map of settings, found a list" },
    { BASE "retry: {schedul: [5s]}\n",
      "3:9: mailer.retry.schedul: unknown key; did you mean \"schedule\"?" },
    { BASE "retry: {schedule: 5s}\n", "3:19: mailer.retry.schedule: wanted a list of durations "
                                      "such as [5s, 30s, 2m], found \"5s\"" },
    { BASE "retry: {schedule: [5s, soon, 0s, 31d]}\n",
      "3:24: mailer.retry.schedule: wanted a duration from 1ms to 30d, found \"soon\"\n"
      "3:30: mailer.retry.schedule: wanted a duration from 1ms to 30d, found \"0s\"\n"
      "3:34: mailer.retry.schedule: wanted a duration from 1ms to 30d, found \"31d\"" },
    { BASE "limits: {concurrent: 0, deadline: 2h, rate: 1}\n",
      "3:22: mailer.limits.concurrent: wanted an integer from 1 to 10000, found 0\n"
      "3:35: mailer.limits.deadline: wanted a duration from 100ms to 1h, found \"2h\"\n"
      "3:39: mailer.limits.rate: unknown key; known are concurrent, requests, per, deadline" },
    { BASE "allowNetworks: [10.0.0.0/8, 10.0.0.1/8, ten]\n",
      "3:29: mailer.allowNetworks: wanted a network such as 10.1.0.0/16 or fd00::/8, its bits "
      "behind the / all zero, found \"10.0.0.1/8\"\n"
      "3:41: mailer.allowNetworks: wanted a network such as 10.1.0.0/16 or fd00::/8, its bits "
      "behind the / all zero, found \"ten\"" },
};

static void
each_mistake_is_told_at_its_place_in_its_words(void)
{
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        struct buf want = BUF_INIT(1 << 16);
        struct destination d = { .index = 77 };
        struct config c = { 0 };
        CLEANUP(free_ptr) char *got = check_mailer(&c, mistakes[i].yaml, &d);

        for (const char *p = mistakes[i].want; *p;) {
            size_t len = strcspn(p, "\n");

            buf_printf(&want, "case.yaml:%.*s\n", (int)len, p);
            p += len + (p[len] == '\n');
        }
        CHECK_STR(got, buf_text(&want));
        CHECK_INT(d.index, 77);            /* left alone */
        CHECK(c.error_count > 0);
        buf_free(&want);
        config_free(&c);
    }
}

static void
five_mistakes_in_one_block_make_five_lines(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d;
    CLEANUP(free_ptr) char *got = check_mailer(&c,
        "apikey: k\n"
        "listId: [l]\n"
        "batch: 1000\n"
        "events: [checkout.1#confirm]\n"
        "pause: soon\n", &d);

    CHECK_STR(got,
        "case.yaml:1:1: mailer.apikey: unknown key; did you mean \"apiKey\"?\n"
        "case.yaml:2:9: mailer.listId: wanted a string, found a list\n"
        "case.yaml:3:8: mailer.batch: wanted an integer from 1 to 100, found 1000\n"
        "case.yaml:4:10: mailer.events: wanted an event type that mailer takes, found "
        "\"checkout.1#confirm\"; it takes contract.1#purchased, contract.1#update, "
        "userVendor.1#new\n"
        "case.yaml:5:8: mailer.pause: wanted a duration from 1s to 1h, found \"soon\"\n");
    CHECK_INT(c.error_count, 5);
}

static const struct setting_value *
value_of(const struct destination *d, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(mailer_rows); i++) {
        if (str_eq(mailer_rows[i].name, name))
            return &d->values[i];
    }
    CHECK(false);
    return &d->values[0];
}

static void
good(struct config *c, const char *yaml, struct destination *d)
{
    CLEANUP(free_ptr) char *got = check_mailer(c, yaml, d);

    CHECK_STR(got, "");
}

static void
values_are_what_stands_there(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    const struct setting_value *v;

    good(&c, "apiKey: 0123-us1\nlistId: \"å ä\"\ndoubleOptIn: false\nbatch: 0x10\n"
             "pause: 1m30s\nformat: 2\ntags: [a, 7, \"\"]\n"
             "headers: {X-A: b, 5: 1.50}\nkeys: one\napiUrl: HTTP://127.0.0.1:80/v1?x\n", &d);
    CHECK_INT(d.value_count, ARRAY_LEN(mailer_rows));
    CHECK_STR(value_of(&d, "apiKey")->text, "0123-us1");
    CHECK_STR(value_of(&d, "listId")->text, "å ä");
    CHECK_INT(value_of(&d, "doubleOptIn")->number, 0);
    CHECK_INT(value_of(&d, "batch")->number, 16);
    CHECK_INT(value_of(&d, "pause")->number, 90000);
    CHECK_STR(value_of(&d, "format")->text, "2");
    v = value_of(&d, "tags");
    CHECK_INT(v->count, 3);
    CHECK_STR(v->list[1], "7");
    CHECK_STR(v->list[2], "");
    CHECK(v->list[3] == NULL);
    v = value_of(&d, "headers");
    CHECK_INT(v->count, 2);
    CHECK_STR(v->map[0].key, "X-A");
    CHECK_STR(v->map[1].key, "5");
    CHECK_STR(v->map[1].value, "1.50");
    v = value_of(&d, "keys");
    CHECK_INT(v->count, 1);
    CHECK_STR(v->list[0], "one");
    CHECK_STR(value_of(&d, "apiUrl")->text, "HTTP://127.0.0.1:80/v1?x");
}

static void
an_unquoted_number_is_text_where_text_is_wanted(void)
{
    static const char *const numbers[] = { "7", "007", "1e3", "0x1F", "3.10", "+47", "-0",
                                           "123456789012345678901234567890", ".5" };

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        CLEANUP(config_free) struct config c = { 0 };
        struct destination d = { 0 };
        char text[100];

        snprintf(text, sizeof(text), "{apiKey: k, listId: %s}", numbers[i]);
        good(&c, text, &d);
        CHECK_STR(value_of(&d, "listId")->text, numbers[i]);
    }
}

static void
what_is_not_given_has_the_rows_default(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };

    good(&c, GOOD, &d);
    CHECK(value_of(&d, "doubleOptIn")->set);
    CHECK_INT(value_of(&d, "doubleOptIn")->number, 1);
    CHECK_INT(value_of(&d, "batch")->number, 10);
    CHECK_INT(value_of(&d, "pause")->number, 300000);
    CHECK_STR(value_of(&d, "format")->text, "html");
    CHECK_STR(value_of(&d, "apiUrl")->text, "https://api.mailer.example/v1");
    CHECK(!value_of(&d, "tags")->set);
    CHECK_INT(value_of(&d, "tags")->count, 0);
    CHECK(!value_of(&d, "hookUrl")->set);
    CHECK_STR(value_of(&d, "hookUrl")->text, "");
}

static void
an_empty_text_or_list_that_is_not_required_is_a_value(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };

    good(&c, "{apiKey: k, listId: l, hookUrl: '', tags: [], headers: {}}", &d);
    CHECK(value_of(&d, "hookUrl")->set);
    CHECK_STR(value_of(&d, "hookUrl")->text, "");
    CHECK(value_of(&d, "tags")->set);
    CHECK_INT(value_of(&d, "tags")->count, 0);
}

static void
a_destination_has_the_plugins_limits_and_events(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };

    good(&c, GOOD, &d);
    CHECK_STR(d.plugin, "mailer");
    CHECK_STR(d.name, "mailer");
    CHECK_STR(d.vendor, "test");
    CHECK(d.enabled);
    CHECK_INT(d.concurrent, 4);
    CHECK_INT(d.requests, 100);
    CHECK_INT(d.per_ms, 10000);
    CHECK_INT(d.deadline_ms, 30000);
    CHECK_INT(d.event_count, 3);
    CHECK_STR(d.events[2], "userVendor.1#new");
    CHECK_INT(d.retry.steps, 11);
    CHECK_INT(d.retry.wait_ms[0], 5000);
    CHECK_INT(d.allow_count, 0);
}

static void
a_destination_may_say_otherwise(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };

    good(&c, BASE "name: Nyheter\nenabled: false\n"
             "events: [userVendor.1#new, contract.1#update, userVendor.1#new]\n"
             "retry: {schedule: [1s, 500ms]}\n"
             "limits: {concurrent: 1, requests: 5, per: 1m, deadline: 2s}\n"
             "allowNetworks: [127.0.0.1, fd00::/8]\n", &d);
    CHECK_STR(d.name, "Nyheter");
    CHECK(!d.enabled);
    CHECK_INT(d.event_count, 2);
    CHECK_STR(d.events[0], "userVendor.1#new");
    CHECK_STR(d.events[1], "contract.1#update");
    CHECK_INT(d.retry.steps, 2);
    CHECK_INT(d.retry.wait_ms[1], 500);
    CHECK_INT(d.concurrent, 1);
    CHECK_INT(d.requests, 5);
    CHECK_INT(d.per_ms, 60000);
    CHECK_INT(d.deadline_ms, 2000);
    CHECK_INT(d.allow_count, 2);
    CHECK_INT(d.allow[0].bits, 128);
}

static void
requests_keep_the_plugins_time_and_none_means_no_limit(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };

    good(&c, BASE "limits: {requests: 3}\n", &d);
    CHECK_INT(d.requests, 3);
    CHECK_INT(d.per_ms, 10000);
    good(&c, BASE "limits: {requests: 0}\nretry: {schedule: []}\nevents: contract.1#update\n",
         &d);
    CHECK_INT(d.requests, 0);
    CHECK_INT(d.retry.steps, 0);
    CHECK_INT(d.event_count, 1);
}

static void
of_requests_and_per_both_are_wanted(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    const char *both = "url: https://a.example\nlimits: {requests: 5, per: 1s}\n";
    const char *no_per = "url: https://a.example\nlimits: {requests: 5}\n";
    const char *no_requests = "url: https://a.example\nlimits: {per: 5s}\n";
    char *got;

    CHECK_INT(config_load_settings(&c, "c", both, strlen(both), &plugins[1].info, &d), 0);
    CHECK_INT(d.per_ms, 1000);
    CHECK_INT(config_load_settings(&c, "c", no_per, strlen(no_per), &plugins[1].info, &d), -1);
    CHECK_INT(config_load_settings(&c, "c", no_requests, strlen(no_requests), &plugins[1].info,
                                   &d), -1);
    got = problems(&c);
    CHECK_STR(got, "c:2:15: hook.limits.requests: wanted a number beside per, as in {requests: "
                   "100, per: 10s}, found no such key\n"
                   "c:2:20: hook.limits.per: wanted a duration beside requests, as in "
                   "{requests: 100, per: 10s}, found no such key\n");
    free(got);
}

static void
a_plugin_that_takes_all_types_is_offered_the_eight_and_may_be_asked_for_any(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    const char *none = "url: https://a.example\n";
    const char *own = "url: https://a.example\nevents: [order.7#packed]\n";

    CHECK_INT(config_load_settings(&c, "c", none, strlen(none), &plugins[1].info, &d), 0);
    CHECK_INT(d.event_count, 8);
    CHECK_INT(d.concurrent, 10);
    CHECK_INT(d.requests, 0);
    CHECK_INT(d.deadline_ms, 60000);
    CHECK_INT(config_load_settings(&c, "c", own, strlen(own), &plugins[1].info, &d), 0);
    CHECK_INT(d.event_count, 1);
    CHECK_STR(d.events[0], "order.7#packed");
}

static void
a_second_block_is_judged_by_itself(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(free_ptr) char *got = check_mailer(&c, "{}", &d);

    CHECK(*got != '\0');
    CHECK_INT(c.error_count, 2);
    CHECK_INT(config_load_settings(&c, "c", GOOD, strlen(GOOD), &plugins[2].info, &d), 0);
    CHECK_STR(d.plugin, "mailer");
    CHECK_INT(config_load_settings(&c, "c", "[", 1, &plugins[2].info, &d), -1);
}

static void
no_error(void *arg, const struct yaml_error *e)
{
    (void)arg;
    fprintf(stderr, "%s\n", e->text);
}

static void
a_block_inside_another_file_keeps_its_places_tags_and_aliases(void)
{
    const char *text = "{\"common\": &key abc, \"settings\": {\"apiKey\": *key, \"listId\": "
                       "!env T_LIST,\n  \"batch\": 1000}}";
    CLEANUP(config_free) struct config c = { 0 };
    CLEANUP(arena_free) struct arena a = { 0 };
    CLEANUP(free_ptr) char *got = NULL;
    struct destination d = { 0 };
    struct yaml_node *n = yaml_parse(&a, text, strlen(text), config_tags, no_error, NULL);

    setenv("T_LIST", "l", 1);
    n = yaml_get(n, "settings");
    CHECK_INT(config_read_settings(&c, path_of("case.yaml"), n, &plugins[2].info, &d), -1);
    got = problems(&c);
    CHECK_STR(got, "case.yaml:2:12: mailer.batch: wanted an integer from 1 to 100, found 1000\n");
    yaml_get(n, "batch")->text = "7";
    CHECK_INT(config_read_settings(&c, path_of("case.yaml"), n, &plugins[2].info, &d), 0);
    CHECK_STR(d.values[0].text, "abc");
    CHECK_STR(d.values[1].text, "l");
    CHECK_INT(config_read_settings(&c, path_of("case.yaml"), NULL, &plugins[2].info, &d), -1);
    CHECK_INT(c.error_count, 3);
}

static void
too_long_texts_are_refused_one_by_one_and_together(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(buf_free) struct buf text = BUF_INIT(4 << 20);
    CLEANUP(free_ptr) char *got = NULL;
    size_t mark;

    buf_str(&text, "apiKey: k\nlistId: ");
    for (int i = 0; i < 65537; i++)
        buf_byte(&text, 'x');
    buf_str(&text, "\ntags:\n");
    got = check_mailer(&c, text.data, &d);
    CHECK(str_starts(got, "case.yaml:2:9: mailer.listId: wanted a string of at most 65536 "
                          "bytes, found 65537\n"));
    config_free(&c);
    free(got);

    buf_reset(&text);
    buf_str(&text, "apiKey: k\nlistId: l\ntags:\n");
    for (int i = 0; i < 20; i++) {
        buf_str(&text, "- ");
        mark = text.len + 60000;
        while (text.len < mark)
            buf_byte(&text, 'x');
        buf_byte(&text, '\n');
    }
    got = check_mailer(&c, text.data, &d);
    CHECK_STR(got, "case.yaml:1:1: mailer: wanted at most 1048576 bytes of settings together, "
                   "found 1200195\n");
}

static void
long_values_and_keys_are_cut_where_they_are_quoted(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(free_ptr) char *got = check_mailer(&c, BASE
        "batch: \"åååååååååååååååååååååååååååååååååååååååååååååååååååååå\"\n", &d);

    CHECK_STR(got, "case.yaml:3:8: mailer.batch: wanted an integer from 1 to 100, found "
                   "\"åååååååååååååååååååå...\"\n");
}

static void
what_is_hardly_ever_meant_is_a_warning(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(free_ptr) char *got = check_mailer(&c,
        "apiKey: \"0123 \"\nlistId: “7”\nkeys: [„a“, ' b', c]\ntags: [' d ']\n", &d);

    CHECK_STR(got,
        "case.yaml:1:9: mailer.apiKey: warning: begins or ends with a space, which is part of "
        "the secret\n"
        "case.yaml:2:9: mailer.listId: warning: begins with a typographic quote, which is part of "
        "the value: write \" or '\n"
        "case.yaml:3:8: mailer.keys: warning: begins with a typographic quote, which is part of "
        "the value: write \" or '\n"
        "case.yaml:3:13: mailer.keys: warning: begins or ends with a space, which is part of the "
        "secret\n");
    CHECK_INT(c.error_count, 0);
    CHECK_STR(d.values[1].text, "“7”");
}

static void
aliases_serve_for_values_and_mistakes_behind_them_are_told_where_they_are_used(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(free_ptr) char *got = NULL;

    good(&c, "apiKey: &k abc\nlistId: *k\nkeys: &l [*k, *k]\ntags: *l\n", &d);
    CHECK_STR(value_of(&d, "listId")->text, "abc");
    CHECK_STR(value_of(&d, "tags")->list[1], "abc");
    got = check_mailer(&c, BASE "tags: &t [a]\nbatch: *t\n", &d);
    CHECK_STR(got, "case.yaml:4:8: mailer.batch: wanted an integer from 1 to 100, found a "
                   "list\n");
}

static void
keys_from_files_cannot_forge_lines_or_steer_a_terminal(void)
{
    CLEANUP(config_free) struct config c = { 0 };
    struct destination d = { 0 };
    CLEANUP(free_ptr) char *got = check_mailer(&c, BASE
        "\"x\\nhermod.yaml:1:1: all is well\": 1\n\"\\e[2J\\u009b\": 1\n", &d);

    CHECK(strstr(got, "mailer.x?hermod.yaml:1:1: all is well: unknown key") != NULL);
    CHECK(strstr(got, "mailer.?[2J??: unknown key") != NULL);
    CHECK_INT(c.error_count, 2);
}

UNIT_MAIN("config/settings",
    UNIT_TEST(each_mistake_is_told_at_its_place_in_its_words),
    UNIT_TEST(five_mistakes_in_one_block_make_five_lines),
    UNIT_TEST(values_are_what_stands_there),
    UNIT_TEST(an_unquoted_number_is_text_where_text_is_wanted),
    UNIT_TEST(what_is_not_given_has_the_rows_default),
    UNIT_TEST(an_empty_text_or_list_that_is_not_required_is_a_value),
    UNIT_TEST(a_destination_has_the_plugins_limits_and_events),
    UNIT_TEST(a_destination_may_say_otherwise),
    UNIT_TEST(requests_keep_the_plugins_time_and_none_means_no_limit),
    UNIT_TEST(of_requests_and_per_both_are_wanted),
    UNIT_TEST(a_plugin_that_takes_all_types_is_offered_the_eight_and_may_be_asked_for_any),
    UNIT_TEST(a_second_block_is_judged_by_itself),
    UNIT_TEST(a_block_inside_another_file_keeps_its_places_tags_and_aliases),
    UNIT_TEST(too_long_texts_are_refused_one_by_one_and_together),
    UNIT_TEST(long_values_and_keys_are_cut_where_they_are_quoted),
    UNIT_TEST(what_is_hardly_ever_meant_is_a_warning),
    UNIT_TEST(aliases_serve_for_values_and_mistakes_behind_them_are_told_where_they_are_used),
    UNIT_TEST(keys_from_files_cannot_forge_lines_or_steer_a_terminal))
