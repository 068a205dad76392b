/* What text makes of nodes, and what is told of text that makes none. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "config/yaml.h"
#include "model/caps.h"
#include "unit.h"

static const char *const tags[] = { "!file", "!env", NULL };

struct run {
    struct arena arena;
    struct yaml_node *root;
    struct buf errors;                     /* "line:column: text\n" */
    int count;
};

static void
on_error(void *arg, const struct yaml_error *e)
{
    struct run *r = arg;

    buf_printf(&r->errors, "%d:%d: %s\n", e->line, e->column, e->text);
    r->count++;
}

static void
parse_n(struct run *r, const char *text, size_t len)
{
    *r = (struct run){ .errors = BUF_INIT(1 << 20) };
    r->root = yaml_parse(&r->arena, text, len, tags, on_error, r);
}

static void
parse(struct run *r, const char *text)
{
    parse_n(r, text, strlen(text));
}

static void
done(struct run *r)
{
    arena_free(&r->arena);
    buf_free(&r->errors);
}

/* The text makes no tree, and exactly this is told of it. */
#define REFUSED_N(text, len, want)                 \
    do {                                           \
        CLEANUP(done) struct run r_;               \
        parse_n(&r_, (text), (len));               \
        CHECK(r_.root == NULL);                    \
        CHECK_STR(buf_text(&r_.errors), want "\n"); \
    } while (0)
#define REFUSED(text, want) REFUSED_N((text), strlen(text), want)

static const struct yaml_node *
get(const struct run *r, const char *key)
{
    const struct yaml_node *n = r->root ? yaml_get(r->root, key) : NULL;
    static const struct yaml_node none = { .text = "(no such key)", .tag = "" };

    return n ? n : &none;
}

static void
nodes_know_where_they_stand(void)
{
    CLEANUP(done) struct run r;
    const struct yaml_node *n;

    parse(&r, "# first\nvendor: acme\n"
              "list:\n  - one\n  - \"två\"\n"
              "deep: {å: 1, b: [x]}\n");
    CHECK_INT(r.count, 0);
    n = get(&r, "vendor");
    CHECK_INT(n->line, 2);
    CHECK_INT(n->column, 9);
    CHECK_INT(n->key->column, 1);
    CHECK_STR(n->text, "acme");
    CHECK_INT(n->len, 4);
    n = get(&r, "list");
    CHECK(n->kind == YAML_LIST);
    CHECK_INT(n->count, 2);
    CHECK_INT(n->child->line, 4);
    CHECK_INT(n->child->column, 5);
    CHECK_STR(n->child->next->text, "två");
    CHECK(n->child->next->quoted && !n->child->quoted);
    CHECK(n->child->next->next == NULL);
    n = get(&r, "deep");                   /* columns count characters */
    CHECK_INT(n->child->next->column, 17);
    CHECK_STR(n->child->next->key->text, "b");
}

static void
an_empty_file_is_an_empty_map(void)
{
    static const char *const empty[] = { "", "\n\n", "# only words\n", "---\n", "\xef\xbb\xbf",
                                         "{}" };

    for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
        CLEANUP(done) struct run r;

        parse(&r, empty[i]);
        CHECK_INT(r.count, 0);
        CHECK(r.root && r.root->kind == YAML_MAP && r.root->count == 0);
    }
}

static void
a_byte_order_mark_is_skipped_and_counts_no_column(void)
{
    CLEANUP(done) struct run r;

    parse(&r, "\xef\xbb\xbf" "a: b\n");
    CHECK_STR(get(&r, "a")->text, "b");
    CHECK_INT(get(&r, "a")->key->column, 1);
}

static void
windows_line_ends_are_one_line_end(void)
{
    CLEANUP(done) struct run r;

    parse(&r, "a: 1\r\nb: 2\r\nc: !nope 3\r\n");
    CHECK_STR(get(&r, "a")->text, "1");
    CHECK_INT(get(&r, "b")->line, 2);
    CHECK_STR(buf_text(&r.errors), "3:4: unknown tag; known are !file, !env; a value that "
                                   "begins with ! needs quotes\n");
}

static void
local_tags_are_kept_and_others_told(void)
{
    CLEANUP(done) struct run r;

    parse(&r, "a: !file x.key\nb: !fil x\nc: !!str 7\nd: ! 8\ne: !env [a]\nf: !!binary aGk=\n"
              "g: !!map {}\nh: !<!env> X\n");
    CHECK_STR(get(&r, "a")->tag, "!file");
    CHECK_STR(get(&r, "a")->text, "x.key");
    CHECK_INT(get(&r, "a")->column, 4);
    CHECK(get(&r, "c")->quoted);
    CHECK(get(&r, "d")->quoted);
    CHECK_STR(get(&r, "h")->tag, "!env");
    CHECK_STR(buf_text(&r.errors),
              "2:4: unknown tag; did you mean !file?\n"
              "5:4: wanted one word after !env, found a list\n"
              "6:4: unknown tag; known are !file, !env; a value that begins with ! needs quotes\n");
}

static void
every_duplicate_key_is_told_with_both_places_and_the_first_counts(void)
{
    CLEANUP(done) struct run r;

    parse(&r, "a: 1\nb: {x: 1, \"x\": 2}\na: 2\na: 3\n");
    CHECK(r.root != NULL);
    CHECK_STR(get(&r, "a")->text, "1");
    CHECK_INT(r.root->count, 2);
    CHECK_STR(buf_text(&r.errors),
              "2:11: duplicate key \"x\": the first is at line 2, column 5\n"
              "3:1: duplicate key \"a\": the first is at line 1, column 1\n"
              "4:1: duplicate key \"a\": the first is at line 1, column 1\n");
}

static void
merge_keys_are_refused_and_a_quoted_one_is_a_key(void)
{
    CLEANUP(done) struct run r;

    parse(&r, "base: &b {x: 1}\nuse:\n  <<: *b\n  y: 2\nq: {\"<<\": 1}\n");
    CHECK_STR(buf_text(&r.errors),
              "3:3: merge keys (<<) are not understood: write the keys out\n");
    CHECK_INT(get(&r, "use")->count, 1);
    CHECK_INT(get(&r, "q")->count, 1);
}

static void
keys_are_plain_words(void)
{
    REFUSED("? [a]\n: b\n", "1:3: wanted a plain key, found a list");
    REFUSED("? {a: b}\n: b\n", "1:3: wanted a plain key, found a map");
    REFUSED("a: &x b\n*x : c\n", "2:1: wanted a plain key, found an alias (*)");
    REFUSED("?\n: b\n", "1:2: wanted a key before the ':', found nothing");
}

static void
an_alias_is_its_anchor_again_at_a_place_of_its_own(void)
{
    CLEANUP(done) struct run r;
    const struct yaml_node *b;

    parse(&r, "a: &x {k: [1, 2]}\nb: *x\nc: &x 7\nd: *x\n");
    CHECK_INT(r.count, 0);
    b = get(&r, "b");
    CHECK_INT(b->line, 2);
    CHECK_INT(b->column, 4);
    CHECK_STR(b->key->text, "b");
    CHECK_INT(yaml_get(b, "k")->count, 2);
    CHECK_STR(b->next->key->text, "c");
    CHECK_STR(get(&r, "d")->text, "7");
    CHECK_STR(get(&r, "a")->key->text, "a");
}

static void
aliases_of_nothing_and_of_themselves_are_refused(void)
{
    REFUSED("a: *nope\n", "1:4: an alias (*) without its anchor (&) before it; a value that "
                          "begins with * needs quotes");
    REFUSED("a: &x [1, *x]\n", "1:11: an alias (*) inside its own anchor (&)");
    REFUSED("a: &x {b: {c: *x}}\n", "1:15: an alias (*) inside its own anchor (&)");
}

static void
a_bomb_of_aliases_ends_with_one_error(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct run r;

    buf_str(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++)
        buf_printf(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n",
                   i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    parse(&r, buf_text(&text));
    CHECK(r.root == NULL);
    CHECK_INT(r.count, 1);
    CHECK(strstr(buf_text(&r.errors), "too much: more than 200000 values") != NULL);
    done(&r);
    buf_free(&text);
}

static void
a_bomb_of_one_long_text_ends_with_one_error(void)
{
    struct buf text = BUF_INIT(8 << 20);
    struct run r;

    buf_str(&text, "a: &a ");
    for (int i = 0; i < 100000; i++)
        buf_str(&text, "0123456789");
    buf_str(&text, "\nb: [*a");
    for (int i = 0; i < 1000; i++)
        buf_str(&text, ", *a");
    buf_str(&text, "]\n");
    parse(&r, buf_text(&text));
    CHECK(r.root == NULL);
    CHECK_STR(buf_text(&r.errors), "2:33: too much: more than 8388608 bytes of text with the "
                                   "aliases written out\n");
    CHECK(r.arena.used < 3 << 20);
    done(&r);
    buf_free(&text);
}

static void
a_file_of_very_many_values_ends_with_one_error(void)
{
    struct buf text = BUF_INIT(8 << 20);
    struct run r;

    for (int i = 0; i < CAP_YAML_NODES; i++)
        buf_str(&text, "- x\n");
    parse(&r, buf_text(&text));            /* and the list itself: one too many */
    CHECK(r.root == NULL);
    CHECK_STR(buf_text(&r.errors), "200000:3: too much: more than 200000 values (those behind "
                                   "aliases counted each time)\n");
    done(&r);
    buf_free(&text);
}

static void
nesting_has_an_end_with_aliases_and_without(void)
{
    char text[2000] = "", *p = text;
    struct run r;

    for (int i = 0; i < CAP_YAML_DEPTH; i++)
        *p++ = '[';
    for (int i = 0; i < CAP_YAML_DEPTH; i++)
        *p++ = ']';
    parse(&r, text);
    CHECK(r.root != NULL);
    done(&r);

    REFUSED("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
            "1:33: nested too deeply: wanted at most 32 levels");

    p = text + snprintf(text, sizeof(text), "- &a0 [x]\n");
    for (int i = 1; i < 40; i++)
        p += snprintf(p, (size_t)(text + sizeof(text) - p), "- &a%d [*a%d]\n", i, i - 1);
    parse(&r, text);
    CHECK(r.root == NULL);
    CHECK_STR(buf_text(&r.errors), "32:9: nested too deeply: wanted at most 32 levels\n");
    done(&r);
}

static void
four_megabytes_of_brackets_end_at_once(void)
{
    static const char *const units[] = { "[", "[\n", "? ", "- ", "{", "{a: ", "&a [" };

    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        struct buf text = BUF_INIT(8 << 20);
        struct run r;

        while (text.len < CAP_YAML_FILE)
            buf_str(&text, units[i]);
        parse_n(&r, text.data, text.len);
        CHECK(r.root == NULL);
        CHECK_INT(r.count, 1);
        done(&r);
        buf_free(&text);
    }
}

static void
directives_that_name_tags_are_refused_before_they_cost_anything(void)
{
    struct buf text = BUF_INIT(8 << 20);
    struct run r;

    for (int i = 0; i < 200000; i++)
        buf_printf(&text, "%%TAG !a%d! x\n", i);
    buf_str(&text, "--- {}\n");
    parse_n(&r, text.data, text.len);
    CHECK_STR(buf_text(&r.errors),
              "1:1: %TAG directives are not understood here: remove it\n");
    done(&r);
    buf_free(&text);
    parse(&r, "%YAML 1.2\n---\na: 1\n");
    CHECK_STR(get(&r, "a")->text, "1");
    done(&r);
}

static void
one_document_is_wanted(void)
{
    CLEANUP(done) struct run r;

    REFUSED("a: 1\n---\nb: 2\n", "2:1: wanted one document, found a second (a line \"---\")");
    parse(&r, "---\na: 1\n...\n");
    CHECK_INT(r.count, 0);
    CHECK_STR(get(&r, "a")->text, "1");
}

static void
what_is_no_text_is_told_with_its_place(void)
{
    static const char nul[] = "a: b\nc\0d: e\n", utf16[] = "\xff\xfe" "a\0:\0",
                      utf16be[] = "\xfe\xff\0a\0:", utf32[] = "\0\0\xfe\xff\0\0\0a",
                      plain16[] = "a\0:\0 \0b\0";

    REFUSED_N(nul, sizeof(nul) - 1, "2:2: wanted text, found a NUL byte");
    REFUSED_N(plain16, sizeof(plain16) - 1, "1:2: wanted text, found a NUL byte");
    REFUSED_N(utf16, sizeof(utf16) - 1,
              "0:0: wanted UTF-8 text, found UTF-16 or UTF-32: save it as UTF-8");
    REFUSED_N(utf16be, sizeof(utf16be) - 1,
              "0:0: wanted UTF-8 text, found UTF-16 or UTF-32: save it as UTF-8");
    REFUSED_N(utf32, sizeof(utf32) - 1,
              "0:0: wanted UTF-8 text, found UTF-16 or UTF-32: save it as UTF-8");
    REFUSED("a: 1\nb: \xe5\xe4\xf6\n",
            "2:4: wanted UTF-8 text, found bytes that are not: save it as UTF-8");
    REFUSED("a: \xed\xa0\x80\n",
            "1:4: wanted UTF-8 text, found bytes that are not: save it as UTF-8");
    REFUSED("åä: \xc0\x80\n",
            "1:5: wanted UTF-8 text, found bytes that are not: save it as UTF-8");
    REFUSED("a: \xe2\x82", "1:4: wanted UTF-8 text, found bytes that are not: save it as UTF-8");
    REFUSED("a: x\x07\n", "1:5: found an invisible character (U+0007): remove it");
    REFUSED("a: \xe2\x80\x8bkey\n", "1:4: found an invisible character (U+200B): remove it");
    REFUSED("a: x\xc2\x85y\n", "1:5: found an invisible character (U+0085): remove it");
    REFUSED("# \xe2\x80\xae\n", "1:3: found an invisible character (U+202E): remove it");
    REFUSED("a: 1\n\xef\xbb\xbf" "b: 2\n",
            "2:1: found an invisible character (U+FEFF): remove it");
}

static void
a_nul_written_as_an_escape_is_told_and_gone(void)
{
    CLEANUP(done) struct run r;

    parse(&r, "a: \"x\\0y\"\nb: 1\n");
    CHECK_STR(buf_text(&r.errors), "1:4: wanted text, found a NUL (\\0) in it\n");
    CHECK_INT(get(&r, "a")->len, 0);
    CHECK_STR(get(&r, "b")->text, "1");
}

static void
mistakes_of_grammar_are_told_in_words(void)
{
    REFUSED("a:\n\tb: 1\n", "2:1: found a tab in the indentation: use spaces");
    REFUSED("a: @b\n", "1:4: a value cannot begin with this character: put it in quotes");
    REFUSED("å: 1\nb: `c\n", "2:4: a value cannot begin with this character: put it in quotes");
    REFUSED("a: \"x\nb: 2\n", "1:4: this quote is never closed");
    REFUSED("a: 'x\nb: 2\n", "1:4: this quote is never closed");
    REFUSED("a: [1, 2\nb: 3\n", "1:4: this '[' is never closed");
    REFUSED("a: {x: 1\nb: 3\n", "1:4: this '{' is never closed");
    REFUSED("a: b: c\n", "1:5: did not expect a ':' here: is a line indented wrongly, is a "
                         "space missing after an earlier ':', or does the value need quotes?");
    REFUSED("a:\n  - x\n b: 2\n", "3:2: wanted a key here: is the line indented like those "
                                  "before it, and does a value with quotes end where they do?");
    REFUSED("a: \"x\" y\n", "1:8: wanted a key here: is the line indented like those before "
                            "it, and does a value with quotes end where they do?");
    REFUSED("  a: 1\n b: 2\n", "2:2: wanted the end of the file here: is the line indented "
                               "like those before it?");
    REFUSED("a: 1\nb\nc: 2\n", "3:1: wanted \"key: value\" on the line above, found no ':'");
    REFUSED("a: - b\n", "1:4: did not expect a '-' here: begin the list on a line of its own");
    REFUSED("a: [1,,2]\n", "1:7: wanted a value here, found ',', ':' or a bracket");
    REFUSED("a: \"\\q\"\n", "1:5: unknown escape after '\\' in double quotes: use single "
                            "quotes, or write \\\\");
    REFUSED("a: \"\\ud800\"\n", "1:7: this escape is not a Unicode character");
    REFUSED("a: !x!y z\n", "1:4: unknown tag (a value that begins with ! needs quotes)");
    REFUSED("a:\xc2\xa0x\nb: 1\n", "1:3: found a non-breaking space (U+00A0), which is none "
                                   "to YAML: type a plain one");
    REFUSED("a: [1,\n", "2:1: the file ends here, and a '[' or '{' is still open");
    REFUSED("a: ** b\n", "1:4: wanted a name after & or *; a value that begins with one of them "
                         "needs quotes");
    REFUSED("a: %b\n", "1:4: a value cannot begin with this character: put it in quotes");
}

UNIT_MAIN("config/yaml",
    UNIT_TEST(nodes_know_where_they_stand),
    UNIT_TEST(an_empty_file_is_an_empty_map),
    UNIT_TEST(a_byte_order_mark_is_skipped_and_counts_no_column),
    UNIT_TEST(windows_line_ends_are_one_line_end),
    UNIT_TEST(local_tags_are_kept_and_others_told),
    UNIT_TEST(every_duplicate_key_is_told_with_both_places_and_the_first_counts),
    UNIT_TEST(merge_keys_are_refused_and_a_quoted_one_is_a_key),
    UNIT_TEST(keys_are_plain_words),
    UNIT_TEST(an_alias_is_its_anchor_again_at_a_place_of_its_own),
    UNIT_TEST(aliases_of_nothing_and_of_themselves_are_refused),
    UNIT_TEST(a_bomb_of_aliases_ends_with_one_error),
    UNIT_TEST(a_bomb_of_one_long_text_ends_with_one_error),
    UNIT_TEST(a_file_of_very_many_values_ends_with_one_error),
    UNIT_TEST(nesting_has_an_end_with_aliases_and_without),
    UNIT_TEST(four_megabytes_of_brackets_end_at_once),
    UNIT_TEST(directives_that_name_tags_are_refused_before_they_cost_anything),
    UNIT_TEST(one_document_is_wanted),
    UNIT_TEST(what_is_no_text_is_told_with_its_place),
    UNIT_TEST(a_nul_written_as_an_escape_is_told_and_gone),
    UNIT_TEST(mistakes_of_grammar_are_told_in_words))
