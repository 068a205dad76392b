/* A secret's value stands in no problem text, whatever is wrong with it: every secret row is
   given markers in every shape, and the texts are searched for them. */
#include "base/digest.h"
#include "config_unit.h"

#define MARKS 6                            /* distinct markers in one case */

/* Letters and digits that stand nowhere else. */
static void
new_marker(char out[24])
{
    uint8_t random[8];

    random_bytes(random, sizeof(random));
    memcpy(out, "mk", 2);
    hex_encode(random, sizeof(random), out + 2);
}

/* What is written for a row, %s where a marker goes. Most are mistakes for some row. */
static const char *const shapes[] = {
    "%s", "'%s'", "\"%s\"", "\"%s\\n\"", "\"%s\\r\\nX: %s\"", "\"\\e%s\"", "\"%s\\u200b\"",
    "[%s]", "[%s, [%s]]", "[{%s: %s}]", "{X: %s}", "{X: [%s]}", "{X: {Y: %s}}", "{X: true, Y: %s}",
    "{X: \"%s\\t\"}", "['', %s]", "[\"%s\\n\", ~]", "|\n    %s\n    %s\n", ">\n    %s\n",
    "http://%s", "https://u:%s@h.example/", "https://h.example:%s/", "https://h.example/#%s",
    "'https://h.example/ %s'", "//%s", "!env %s-%s", "!credential %s/%s", "!!int %s", "!!binary %s",
    "!!seq %s", "'%s", "\"%s", "[%s", "{X: %s", "%s: %s", "%s %s: %s", "*%s-", "!%s", "!%s!%s x", "&%s", "@%s", "`%s",
    "\"%s\\0\"", "\"%s\\q\"", "&a [%s, *a]", "[%s]]", "%s\n  - %s", "%s\n %s: x\n",
};
static const char *const rows[] = { "apiKey", "headers", "keys", "hookUrl", "pin", "level" };
static const char *const host_rows[] = { "tokens", "adminTokens", "signingSecrets", "journal" };

static int cases, told;

static void
fill(struct buf *out, const char *shape, char marks[MARKS][24])
{
    int next = 0;

    for (const char *p = shape; *p; p++) {
        if (p[0] == '%' && p[1] == 's') {
            buf_str(out, marks[next++]);
            p++;
        } else {
            buf_byte(out, *p);
        }
    }
}

static void
search(const struct config *c, const char *yaml, char marks[MARKS][24])
{
    CLEANUP(free_ptr) char *text = problems(c);

    cases++;
    told += c->problem_count > 0;
    for (int i = 0; i < MARKS; i++) {
        if (strstr(text, marks[i])) {
            fprintf(stderr, "of\n%s\nis told\n%s\n", yaml, text);
            CHECK(false);
        }
    }
}

static void
new_markers(char marks[MARKS][24])
{
    for (int i = 0; i < MARKS; i++)
        new_marker(marks[i]);
}

static void
in_a_plugins_settings(void)
{
    char marks[MARKS][24];

    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        for (size_t s = 0; s < ARRAY_LEN(shapes); s++) {
            struct buf yaml = BUF_INIT(1 << 16);
            struct config c = { 0 };
            struct destination d;

            new_markers(marks);
            buf_printf(&yaml, "listId: l\n%s: ", rows[r]);
            fill(&yaml, shapes[s], marks);
            buf_str(&yaml, "\nbatch: x\n");
            config_load_settings(&c, path_of("case.yaml"), yaml.data, yaml.len,
                                 &plugins[2].info, &d);
            search(&c, yaml.data, marks);
            config_free(&c);
            buf_free(&yaml);
        }
    }
}

static void
in_a_vendors_file_and_in_hermod_yaml(void)
{
    char marks[MARKS][24];

    clear_dir();
    mkdir(path_of("vendors.d"), 0700);
    for (size_t r = 0; r <= ARRAY_LEN(host_rows); r++) {
        for (size_t s = 0; s < ARRAY_LEN(shapes); s++) {
            bool host = r < ARRAY_LEN(host_rows);
            struct buf yaml = BUF_INIT(1 << 16);
            struct config c = { 0 };

            new_markers(marks);
            buf_printf(&yaml, "%s: ", host ? host_rows[r]
                                           : "vendor: a\nsesamy:\n  clientId: 1\n  clientSecret");
            fill(&yaml, shapes[s], marks);
            buf_byte(&yaml, '\n');
            write_file("vendors.d/a.yaml", host ? "vendor: a\n" : yaml.data);
            load_vendors(&c, host ? yaml.data : "");
            search(&c, yaml.data, marks);
            config_free(&c);
            buf_free(&yaml);
        }
    }
}

static void
behind_references(void)
{
    static const char *const bad[] = { "%s", "%s\n%s", "%s\x07", "%s\xff", "\xe2\x80\x8b%s",
                                       "https://u:%s@h.example" };
    static const char *const all[] = { "apiKey", "headers", "keys", "hookUrl", "pin", "level",
                                       "listId", "doubleOptIn", "batch", "pause", "format",
                                       "tags", "apiUrl", "name", "enabled", "events", "retry",
                                       "limits", "allowNetworks" };
    char marks[MARKS][24];

    for (size_t r = 0; r < ARRAY_LEN(all); r++) {
        for (size_t b = 0; b < ARRAY_LEN(bad) * 2; b++) {
            struct buf value = BUF_INIT(1 << 16), yaml = BUF_INIT(1 << 16);
            struct config c = { 0 };
            struct destination d;

            new_markers(marks);
            fill(&value, bad[b / 2], marks);
            write_file("secret", value.data);
            setenv("T_SECRET", value.data, 1);
            buf_printf(&yaml, "%s: %s\n", all[r], b % 2 ? "!file secret" : "!env T_SECRET");
            config_load_settings(&c, path_of("case.yaml"), yaml.data, yaml.len,
                                 &plugins[2].info, &d);
            search(&c, yaml.data, marks);
            config_free(&c);
            buf_free(&value);
            buf_free(&yaml);
        }
    }
}

static void
and_most_of_the_cases_were_mistakes(void)
{
    CHECK(cases > 600);
    CHECK(told > cases * 3 / 4);
}

UNIT_MAIN("config/secrets",
    UNIT_TEST(in_a_plugins_settings),
    UNIT_TEST(in_a_vendors_file_and_in_hermod_yaml),
    UNIT_TEST(behind_references),
    UNIT_TEST(and_most_of_the_cases_were_mistakes))
