/* A plugin that uses every field of its descriptor. */
#include <hermod/plugin.h>

struct config {
    const char *text;
    bool flag;
    int64_t number, time;
    const char *choice;
    const char *const *list;
    const struct hermod_pair *map;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, HERMOD_REQUIRED | HERMOD_SECRET, NULL, "A text."),
    HERMOD_BOOL(struct config, flag, 0, "true", "Yes or no."),
    HERMOD_INT(struct config, number, 0, "-3", -5, 5, "A number."),
    HERMOD_DURATION(struct config, time, 0, "1m30s", 0, 3600000, "A time."),
    HERMOD_CHOICE(struct config, choice, 0, "b", "a|b|ab", "One of three."),
    HERMOD_STRINGS(struct config, list, 0, "Some texts."),
    HERMOD_MAP(struct config, map, 0, "Some pairs."),
    HERMOD_SETTINGS_END,
};

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)c;
    (void)ev;
    (void)config;
    return HERMOD_DELIVERED;
}

static int
check(struct hermod_call *c, const void *config)
{
    (void)c;
    (void)config;
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "everything", .version = "2.1-beta", .summary = "Uses every field.",
              .events = HERMOD_EVENTS("contract.1#purchased", "contract.1#ended"),
              .settings = settings, .config_size = sizeof(struct config),
              .limits = { .concurrent = 4, .requests = 100, .per_ms = 10000,
                          .deadline_ms = 30000, .credential = "text" },
              .deliver = deliver, .check = check);
