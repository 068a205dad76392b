/* yaml.c - a YAML text: as a tree, as JSON, and as one destination's block. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/config.h"
#include "config/yaml.h"
#include "model/caps.h"
#include "model/json.h"

static const struct setting_info rows[] = {
    { .name = "url", .type = SETTING_STRING, .flags = SETTING_REQUIRED, .help = "Where." },
    { .name = "apiKey", .type = SETTING_STRING, .flags = SETTING_SECRET, .help = "" },
    { .name = "confirm", .type = SETTING_BOOL, .fallback = "true", .help = "" },
    { .name = "count", .type = SETTING_INT, .fallback = "5", .min = -9, .max = 99, .help = "" },
    { .name = "wait", .type = SETTING_DURATION, .min = 1000, .max = 60000, .help = "" },
    { .name = "region", .type = SETTING_CHOICE, .fallback = "eu", .choices = "eu|us", .help = "" },
    { .name = "lists", .type = SETTING_STRINGS, .help = "" },
    { .name = "headers", .type = SETTING_MAP, .flags = SETTING_SECRET, .help = "" },
};

static unsigned errors;

static void
count_error(void *arg, const struct yaml_error *e)
{
    (void)arg;
    MUST(e->text[0] != '\0');
    MUST(strlen(e->text) < sizeof(e->text));
    MUST(e->line >= 0 && e->column >= 0);
    errors++;
}

/* Every node knows where it stands; texts are text. */
static size_t
check_node(const struct yaml_node *n, int depth)
{
    size_t children = 0, all = 1;

    MUST(depth <= CAP_YAML_DEPTH + 1);
    MUST(n->line >= 1 && n->column >= 1);
    if (n->kind == YAML_SCALAR) {
        MUST(strlen(n->text) == n->len && utf8_valid(n->text, n->len));
        MUST(n->child == NULL);
    }
    for (const struct yaml_node *c = n->child; c; c = c->next, children++) {
        if (n->kind == YAML_MAP) {
            MUST(c->key != NULL && c->key->kind == YAML_SCALAR);
            MUST(yaml_get(n, c->key->text) == c);
        }
        all += check_node(c, depth + 1);
    }
    MUST(children == n->count);
    return all;
}

static void
check_tree(const char *text, size_t size)
{
    static const char *const tags[] = { "!file", "!env", "!credential", NULL };
    struct buf json = BUF_INIT(64 * 1024 * 1024);
    struct json_cursor c = { NULL, NULL, NULL };
    struct yaml_node *root;
    struct arena a;

    arena_init(&a, 0);
    errors = 0;
    root = yaml_parse(&a, text, size, tags, count_error, NULL);
    MUST(root != NULL || errors > 0);
    if (root) {
        MUST(check_node(root, 0) <= CAP_YAML_NODES + 1);
        yaml_to_json(root, &json);
        c.at = buf_text(&json);
        c.end = c.at + json.len;
        MUST(json_value(&c) && json_end(&c));
    }
    buf_free(&json);
    arena_free(&a);
}

static void
check_values(const struct destination *d)
{
    const struct setting_value *v = d->values;

    MUST(d->value_count == sizeof(rows) / sizeof(rows[0]));
    MUST(v[0].set && v[0].text[0] != '\0');
    MUST(v[2].number == 0 || v[2].number == 1);
    MUST(v[3].number >= -9 && v[3].number <= 99);
    MUST(!v[4].set || (v[4].number >= 1000 && v[4].number <= 60000));
    MUST(strcmp(v[5].text, "eu") == 0 || strcmp(v[5].text, "us") == 0);
    for (size_t i = 0; i < v[6].count; i++)
        MUST(v[6].list[i] != NULL);
    for (size_t i = 0; i < v[7].count; i++)
        MUST(v[7].map[i].key != NULL && v[7].map[i].value != NULL);
    MUST(d->event_count > 0 && d->retry.steps <= RETRY_STEPS_MAX);
    MUST(d->concurrent > 0 && d->requests >= 0);
}

static void
check_block(const char *text, size_t size)
{
    static struct setting_info copy[sizeof(rows) / sizeof(rows[0])];
    struct plugin_info info = { .path = "x.so", .name = "x", .version = "1", .summary = "",
                                .settings = copy, .setting_count = sizeof(rows) / sizeof(rows[0]),
                                .credential = "apiKey" };
    struct buf told = BUF_INIT(1024 * 1024);
    struct config c = { 0 };
    struct destination d;

    memcpy(copy, rows, sizeof(copy));
    if (config_load_settings(&c, "fuzz.yaml", text, size, &info, &d) == 0)
        check_values(&d);
    else
        MUST(c.error_count > 0);
    config_print_problems(&c, &told);
    MUST(utf8_valid(buf_text(&told), told.len));
    for (size_t i = 0; i < told.len; i++)
        MUST(told.data[i] == '\n' || (unsigned char)told.data[i] >= 0x20);
    buf_free(&told);
    config_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_tree((const char *)data, size);
    check_block((const char *)data, size);
    return 0;
}
