/* The installed samples: good as they are, good with every commented line switched on, and
   true about the defaults. $SRCDIR is the top of the source tree. */
#include "config_unit.h"

static struct setting_info webhooks_rows[] = {
    { .name = "url", .type = SETTING_STRING, .flags = SETTING_REQUIRED },
    { .name = "headers", .type = SETTING_MAP, .flags = SETTING_SECRET },
    { .name = "secret", .type = SETTING_STRINGS, .flags = SETTING_SECRET },
};
static const char *webhooks_events[] = { "contract.1#purchased", "contract.1#update" };
static struct config_plugin webhooks = {
    .info = { .path = "/p/webhooks.so", .name = "webhooks", .settings = webhooks_rows,
              .setting_count = ARRAY_LEN(webhooks_rows), .events = webhooks_events,
              .event_count = ARRAY_LEN(webhooks_events) },
};

static char *
read_sample(const char *name)
{
    const char *top = getenv("SRCDIR");
    struct buf b = BUF_INIT(1 << 20);
    char path[4096];
    FILE *f;
    int ch;

    snprintf(path, sizeof(path), "%s/etc/%s", top ? top : ".", name);
    f = fopen(path, "r");
    if (!f)
        die("%s: %s (is $SRCDIR set?)", path, strerror(errno));
    while ((ch = getc(f)) != EOF)
        buf_byte(&b, (char)ch);
    fclose(f);
    return buf_take(&b);
}

/* A # with a word or an indented word right behind it is a setting that is switched off; prose
   has one space. */
static bool
is_setting(const char *line)
{
    size_t spaces = strspn(line + 1, " ");

    return line[0] == '#' && spaces != 1 && line[1 + spaces] != '\n' && line[1 + spaces] != '!';
}

static char *
switched_on(const char *text)
{
    struct buf b = BUF_INIT(1 << 20);

    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n") + 1, skip = is_setting(p) ? 1 : 0;

        buf_add(&b, p + skip, len - skip);
        p += len;
    }
    buf_byte(&b, '\0');
    return buf_take(&b);
}

static void
start(void)
{
    clear_dir();
    mkdir(path_of("vendors.d"), 0700);
    write_file("ingest.token", "0123456789abcdef\n");
    write_file("admin.token", "0123456789abcdef\n");
    write_file("ingest.whsec", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    write_file("vendors.d/example-sesamy.secret", "s\n");
    write_file("vendors.d/example-hook.whsec", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    setenv("EXAMPLE_HOOK_AUTHORIZATION", "Bearer x", 1);
}

static void
load(struct config *c)
{
    char *got;

    *c = (struct config){ 0 };
    CHECK_INT(config_load_host(c, path_of("hermod.yaml")), 0);
    CHECK_INT(config_load_vendors(c, &webhooks, 1), 0);
    got = problems(c);
    CHECK_STR(got, "");
    free(got);
}

static void
as_they_are_they_are_good(void)
{
    CLEANUP(free_ptr) char *host = read_sample("hermod.yaml");
    CLEANUP(free_ptr) char *vendor = read_sample("vendors.d/example.yaml.sample");
    CLEANUP(free_ptr) char *more = NULL;
    CLEANUP(config_free) struct config c;

    start();
    more = xasprintf("%svendors: vendors.d\n", host);
    write_file("hermod.yaml", more);
    write_file("vendors.d/example.yaml", vendor);
    load(&c);
    CHECK_INT(c.destination_count, 2);
    CHECK_STR(destination_title(&c.arena, &c.destinations[0]), "example/webhooks");
    CHECK_STR(destination_title(&c.arena, &c.destinations[1]), "example/webhooks/warehouse");
}

static void
with_everything_switched_on_they_are_good(void)
{
    CLEANUP(free_ptr) char *host = read_sample("hermod.yaml");
    CLEANUP(free_ptr) char *vendor = read_sample("vendors.d/example.yaml.sample");
    CLEANUP(free_ptr) char *host_on = switched_on(host);
    CLEANUP(free_ptr) char *vendor_on = switched_on(vendor);
    CLEANUP(config_free) struct config c, none = { 0 };

    start();
    write_file("hermod.yaml", host_on);
    write_file("vendors.d/example.yaml", vendor_on);
    load(&c);
    CHECK_INT(c.destination_count, 2);
    CHECK_INT(c.host.token_count, 1);
    CHECK_INT(c.destinations[0].retry.steps, 5);
    CHECK_INT(c.destinations[1].retry.steps, 3);
    CHECK_INT(config_load_host(&none, NULL), 0);
    CHECK(memcmp(&c.common.retry, &none.common.retry, sizeof(c.common.retry)) == 0);
}

/* Every key of the table stands in the sample, with its default. */
static void
every_key_is_there_with_its_default(void)
{
    CLEANUP(free_ptr) char *host = read_sample("hermod.yaml");
    const struct setting_info *row;

    for (size_t i = 0; (row = config_host_row(i)) != NULL; i++) {
        CLEANUP(free_ptr) char *key = xasprintf("\n#%s: ", row->name);
        const char *at = strstr(host, key);
        size_t len = row->fallback ? strlen(row->fallback) : 0;

        CHECK(at != NULL);
        if (!at)
            fprintf(stderr, "%s is not in etc/hermod.yaml\n", row->name);
        else if (row->fallback && !strchr(row->fallback, '/'))     /* paths: by configure */
            CHECK(strncmp(at + strlen(key), row->fallback, len) == 0 &&
                  at[strlen(key) + len] == '\n');
        CHECK(row->help && strlen(row->help) > 20);
    }
}

UNIT_MAIN("config/samples",
    UNIT_TEST(as_they_are_they_are_good),
    UNIT_TEST(with_everything_switched_on_they_are_good),
    UNIT_TEST(every_key_is_there_with_its_default))
