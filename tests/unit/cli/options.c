#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/options.h"
#include "unit.h"

enum { O_CONFIG, O_JSON, O_DRY, O_LONG };
static const struct cli_option rows[] = {
    [O_CONFIG] = { 'c', "config", "FILE", "A file." },
    [O_JSON] = { 'j', "json", NULL, "Print JSON." },
    [O_DRY] = { 'n', "dry-run", NULL, "Only count." },
    [O_LONG] = { 0, "retry-for", "TIME", "How long." },
    { 0 },
};
static const struct command cmd = {
    .name = "test",
    .usage = "THING...",
    .summary = "Tests.",
    .options = rows,
    .max_operands = -1,
};

#define MAX_WORDS 12
static char *words[MAX_WORDS];             /* as parsed: reordered */
static char *owned[MAX_WORDS];
static struct cli_args args;
static struct buf error = BUF_INIT(1000);

/* Parses the words, which end with NULL, behind "test". */
static enum options_result
parse(const struct command *c, const char *const *line)
{
    int n = 0;

    for (int i = 0; i < MAX_WORDS; i++)
        free(owned[i]);
    memset(owned, 0, sizeof(owned));
    owned[n++] = xstrdup("test");
    for (; *line; line++)
        owned[n++] = xstrdup(*line);
    memcpy(words, owned, sizeof(words));
    buf_reset(&error);
    return options_parse(c, n, words, &args, &error);
}
#define PARSE(...) parse(&cmd, (const char *const[]){ __VA_ARGS__, NULL })

static void
options_and_operands_come_in_any_order(void)
{
    CHECK_INT(PARSE("one", "-c", "x.yaml", "two", "--json", "-"), OPTIONS_GOOD);
    CHECK_STR(args.value[O_CONFIG], "x.yaml");
    CHECK_STR(args.value[O_JSON], "");
    CHECK(args.value[O_DRY] == NULL);
    CHECK_INT(args.operand_count, 3);
    CHECK_STR(args.operands[0], "one");
    CHECK_STR(args.operands[1], "two");
    CHECK_STR(args.operands[2], "-");
}

static void
values_stand_beside_or_inside_the_word(void)
{
    CHECK_INT(PARSE("--config=a=b", "--retry-for", "5m"), OPTIONS_GOOD);
    CHECK_STR(args.value[O_CONFIG], "a=b");
    CHECK_STR(args.value[O_LONG], "5m");
    CHECK_INT(PARSE("-jncfile"), OPTIONS_GOOD);
    CHECK_STR(args.value[O_CONFIG], "file");
    CHECK(args.value[O_JSON] && args.value[O_DRY]);
    CHECK_INT(PARSE("--config="), OPTIONS_GOOD);
    CHECK_STR(args.value[O_CONFIG], "");
    CHECK_INT(PARSE("-c", "-j"), OPTIONS_GOOD);    /* a value may begin with a dash */
    CHECK_STR(args.value[O_CONFIG], "-j");
    CHECK_INT(PARSE("-ca", "-cb"), OPTIONS_GOOD);  /* the last one counts */
    CHECK_STR(args.value[O_CONFIG], "b");
}

static void
two_dashes_end_the_options(void)
{
    CHECK_INT(PARSE("-j", "--", "-c", "--help", "--"), OPTIONS_GOOD);
    CHECK_INT(args.operand_count, 3);
    CHECK_STR(args.operands[0], "-c");
    CHECK_STR(args.operands[1], "--help");
    CHECK_STR(args.operands[2], "--");
    CHECK(args.value[O_CONFIG] == NULL);
}

static void
help_is_an_option_of_every_command(void)
{
    CHECK_INT(PARSE("--help"), OPTIONS_HELP);
    CHECK_INT(PARSE("x", "-jh"), OPTIONS_HELP);
}

static void
mistakes_are_named_with_what_was_meant(void)
{
    CHECK_INT(PARSE("--jsn"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "there is no option --jsn; did you mean --json?");
    CHECK_INT(PARSE("--dryrun=yes"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "there is no option --dryrun; did you mean --dry-run?");
    CHECK_INT(PARSE("--zzzzzz"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "there is no option --zzzzzz");
    CHECK_INT(PARSE("-jx"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "there is no option -x");
    CHECK_INT(PARSE("-ö"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "there is no option -ö");
    CHECK_INT(PARSE("--config"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "--config needs a value: FILE");
    CHECK_INT(PARSE("-c"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "-c needs a value: FILE");
    CHECK_INT(PARSE("--json=1"), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "--json takes no value");
}

static void
the_number_of_operands_is_checked(void)
{
    struct command one = cmd;
    static const char *const none[] = { NULL };
    static const char *const two[] = { "a", "b", NULL };

    one.min_operands = one.max_operands = 1;
    one.usage = "THING";
    CHECK_INT(parse(&one, none), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "THING is missing");
    CHECK_INT(parse(&one, two), OPTIONS_WRONG);
    CHECK_STR(buf_text(&error), "\"b\" is one word too many");
    one.options = NULL;
    CHECK_INT(parse(&one, two + 1), OPTIONS_GOOD);
}

static void
text_is_wrapped_between_words_and_counted_in_characters(void)
{
    struct buf out = BUF_INIT(1000);

    options_wrap(&out, "one two three four", 4, 12);
    CHECK_STR(buf_text(&out), "one two\n    three\n    four");
    buf_reset(&out);
    options_wrap(&out, "åäö åäö", 0, 7);
    CHECK_STR(buf_text(&out), "åäö åäö");
    buf_reset(&out);
    options_wrap(&out, "averyveryverylongword x", 2, 10);
    CHECK_STR(buf_text(&out), "averyveryverylongword\n  x");
    buf_reset(&out);
    options_wrap(&out, "", 2, 10);
    CHECK_STR(buf_text(&out), "");
    buf_free(&out);
}

static void
help_shows_every_row_within_79_columns(void)
{
    struct command c = cmd;
    struct buf out = BUF_INIT(10000);

    c.help = "More words than fit on one line of this width, so that they have to go on\n"
             "in the next.\n"
             "  an example  as it is\n"
             "\n"
             "More.\n";
    options_help(&c, &out);
    for (int i = 0; i < MAX_WORDS; i++)
        free(owned[i]);
    buf_free(&error);
    CHECK_STR(buf_text(&out),
              "Usage: hermod test [OPTION]... THING...\n"
              "\n"
              "Tests.\n"
              "\n"
              "Options:\n"
              "  -c, --config FILE       A file.\n"
              "  -j, --json              Print JSON.\n"
              "  -n, --dry-run           Only count.\n"
              "      --retry-for TIME    How long.\n"
              "  -h, --help              Show this text.\n"
              "\n"
              "More words than fit on one line of this width, so that they have to go on in\n"
              "the next.\n"
              "  an example  as it is\n"
              "\n"
              "More.\n");
    buf_free(&out);
}

UNIT_MAIN("cli/options",
    UNIT_TEST(options_and_operands_come_in_any_order),
    UNIT_TEST(values_stand_beside_or_inside_the_word),
    UNIT_TEST(two_dashes_end_the_options),
    UNIT_TEST(help_is_an_option_of_every_command),
    UNIT_TEST(mistakes_are_named_with_what_was_meant),
    UNIT_TEST(the_number_of_operands_is_checked),
    UNIT_TEST(text_is_wrapped_between_words_and_counted_in_characters),
    UNIT_TEST(help_shows_every_row_within_79_columns))
