#include "base/mem.h"
#include "cli/plugin_show.h"
#include "unit.h"

static struct setting_info settings[] = {
    { .name = "apiKey", .type = SETTING_STRING, .flags = SETTING_REQUIRED | SETTING_SECRET,
      .help = "The key." },
    { .name = "wait", .type = SETTING_DURATION, .fallback = "15s", .min = 1000, .max = 60000,
      .help = "How long." },
    { .name = "mode", .type = SETTING_CHOICE, .fallback = "a", .choices = "a|b",
      .help = "Which \"one\"." },
};
static const char *events[] = { "contract.1#purchased", "checkout.1#confirm" };
static const struct config_plugin good = {
    .info = { .path = "/p/x.so", .name = "x", .version = "1.2", .summary = "Does x.",
              .abi_major = 1, .abi_minor = 0, .events = events, .event_count = 2,
              .settings = settings, .setting_count = 3, .concurrent = 10, .requests = 100,
              .per_ms = 10000, .deadline_ms = 60000, .credential = "apiKey" },
};
static struct buf out = BUF_INIT(100000);

static const char *
page(const struct config_plugin *p)
{
    buf_reset(&out);
    plugin_page(&out, p);
    return buf_text(&out);
}

static void
a_page_tells_what_a_plugin_is_and_takes(void)
{
    CHECK_STR(page(&good),
        "x 1.2\n"
        "summary    Does x.\n"
        "file       /p/x.so\n"
        "loads      yes: it wants plugin interface 1.0, this host offers 1.0\n"
        "events     contract.1#purchased checkout.1#confirm\n"
        "limits     10 deliveries at once, 100 requests in 10s, 1m for each attempt;\n"
        "           destinations with the same apiKey share them\n"
        "check      it cannot ask the other side whether its settings work\n"
        "\n"
        "Settings:\n"
        "  apiKey (string, required, secret)\n"
        "      The key.\n"
        "  wait (duration, 1s to 1m, default 15s)\n"
        "      How long.\n"
        "  mode (choice, a|b, default a)\n"
        "      Which \"one\".\n"
        "\n"
        "Every destination also takes name, enabled, events, retry, limits and\n"
        "allowNetworks: see hermod.yaml(5).\n");
}

static void
a_page_of_a_broken_file_tells_why_and_no_more(void)
{
    struct config_plugin broken = { .info = { .path = "/p/x.so", .name = "x", .version = "" },
                                    .error = "x.so: it is \x1b[2Jbroken" };

    CHECK_STR(page(&broken), "file       /p/x.so\n"
                             "loads      no\n"
                             "because    it is [2Jbroken\n");
}

static void
an_error_does_not_name_its_file_twice(void)
{
    static const char *const rows[][2] = {
        { "x.so: broken", "broken" },
        { "/p/x.so: died", "died" },
        { "/p/x.so: x.so: odd", "odd" },
        { "broken", "broken" },
        { "x.sop: broken", "x.sop: broken" },
    };

    CHECK(plugin_error(&good) == NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct config_plugin p = { .info.path = "/p/x.so", .error = rows[i][0] };

        CHECK_STR(plugin_error(&p), rows[i][1]);
    }
}

static void
json_has_it_all(void)
{
    buf_reset(&out);
    plugin_json(&out, &good);
    CHECK_STR(buf_text(&out),
        "{\"path\":\"/p/x.so\",\"loads\":true,\"name\":\"x\",\"version\":\"1.2\","
        "\"summary\":\"Does x.\",\"abi\":\"1.0\","
        "\"events\":[\"contract.1#purchased\",\"checkout.1#confirm\"],"
        "\"limits\":{\"concurrent\":10,\"requests\":100,\"perMs\":10000,\"deadlineMs\":60000},"
        "\"credential\":\"apiKey\",\"check\":false,\"settings\":["
        "{\"name\":\"apiKey\",\"type\":\"string\",\"required\":true,\"secret\":true,"
        "\"help\":\"The key.\"},"
        "{\"name\":\"wait\",\"type\":\"duration\",\"required\":false,\"secret\":false,"
        "\"default\":\"15s\",\"min\":1000,\"max\":60000,\"help\":\"How long.\"},"
        "{\"name\":\"mode\",\"type\":\"choice\",\"required\":false,\"secret\":false,"
        "\"default\":\"a\",\"choices\":\"a|b\",\"help\":\"Which \\\"one\\\".\"}]}");
    buf_free(&out);
}

UNIT_MAIN("cli/plugin_show",
    UNIT_TEST(a_page_tells_what_a_plugin_is_and_takes),
    UNIT_TEST(a_page_of_a_broken_file_tells_why_and_no_more),
    UNIT_TEST(an_error_does_not_name_its_file_twice),
    UNIT_TEST(json_has_it_all))
