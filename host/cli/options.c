/* options.c - reading a command line by a command's rows, and showing them. */
#include <string.h>

#include "base/text.h"
#include "cli/options.h"
#include "model/suggest.h"

#define COLUMNS 79
#define PARAGRAPH_MAX (64 * 1024)
#define HELP_COLUMN 26             /* where the help of an option starts */

static size_t
option_count(const struct command *cmd)
{
    size_t n = 0;

    while (cmd->options && cmd->options[n].name)
        n++;
    if (n > CLI_OPTIONS)
        die("cli: %s has %zu options", cmd->name, n);
    return n;
}

/* The row of --name, len bytes; -1. */
static int
find_long(const struct command *cmd, const char *name, size_t len)
{
    size_t count = option_count(cmd);

    for (size_t i = 0; i < count; i++)
        if (strlen(cmd->options[i].name) == len &&
            memcmp(cmd->options[i].name, name, len) == 0)
            return (int)i;
    return -1;
}

static int
find_letter(const struct command *cmd, char letter)
{
    size_t count = option_count(cmd);

    for (size_t i = 0; i < count; i++)
        if (cmd->options[i].letter == letter)
            return (int)i;
    return -1;
}

static void
unknown_long(const struct command *cmd, const char *name, size_t len, struct buf *error)
{
    CLEANUP(free_ptr) char *word = xmemdup0(name, len);
    const char *names[CLI_OPTIONS + 1], *near;
    size_t count = option_count(cmd);

    for (size_t i = 0; i < count; i++)
        names[i] = cmd->options[i].name;
    names[count] = "help";
    near = suggest(word, names, count + 1);
    buf_printf(error, "there is no option --%s", word);
    if (near)
        buf_printf(error, "; did you mean --%s?", near);
}

struct reader {
    const struct command *cmd;
    int argc, at;                  /* at: the next word */
    char **argv;
    struct cli_args *args;
    struct buf *error;
};

static enum options_result
read_long(struct reader *r, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    int i = find_long(r->cmd, word, len);

    if (i < 0 && str_eq(word, "help"))
        return OPTIONS_HELP;
    if (i < 0) {
        unknown_long(r->cmd, word, len, r->error);
        return OPTIONS_WRONG;
    }
    if (!r->cmd->options[i].arg) {
        if (equals) {
            buf_printf(r->error, "--%.*s takes no value", (int)len, word);
            return OPTIONS_WRONG;
        }
        r->args->value[i] = "";
    } else if (equals) {
        r->args->value[i] = equals + 1;
    } else if (r->at < r->argc) {
        r->args->value[i] = r->argv[r->at++];
    } else {
        buf_printf(r->error, "--%s needs a value: %s", word, r->cmd->options[i].arg);
        return OPTIONS_WRONG;
    }
    return OPTIONS_GOOD;
}

/* A word of letters behind one '-': flags, the last of which may take a value. */
static enum options_result
read_letters(struct reader *r, const char *letters)
{
    for (; *letters; letters++) {
        int i = find_letter(r->cmd, *letters);

        if (i < 0 && *letters == 'h')
            return OPTIONS_HELP;
        if (i < 0) {
            buf_printf(r->error, "there is no option -%.*s",
                       (int)(utf8_step(letters, strlen(letters)) ? : 1), letters);
            return OPTIONS_WRONG;
        }
        if (!r->cmd->options[i].arg) {
            r->args->value[i] = "";
            continue;
        }
        if (letters[1]) {
            r->args->value[i] = letters + 1;
        } else if (r->at < r->argc) {
            r->args->value[i] = r->argv[r->at++];
        } else {
            buf_printf(r->error, "-%c needs a value: %s", *letters, r->cmd->options[i].arg);
            return OPTIONS_WRONG;
        }
        break;
    }
    return OPTIONS_GOOD;
}

static enum options_result
check_operands(const struct command *cmd, const struct cli_args *args, struct buf *error)
{
    if (args->operand_count < cmd->min_operands)
        buf_printf(error, "%s is missing", cmd->usage);
    else if (cmd->max_operands >= 0 && args->operand_count > cmd->max_operands)
        buf_printf(error, "\"%s\" is one word too many",
                   args->operands[cmd->max_operands]);
    else
        return OPTIONS_GOOD;
    return OPTIONS_WRONG;
}

enum options_result
options_parse(const struct command *cmd, int argc, char **argv, struct cli_args *ret,
              struct buf *error)
{
    struct reader r = { cmd, argc, 1, argv, ret, error };
    enum options_result result = OPTIONS_GOOD;
    bool only_operands = false;

    *ret = (struct cli_args){ .operands = argv + (argc > 0) };
    while (r.at < argc && result == OPTIONS_GOOD) {
        char *word = argv[r.at++];

        if (only_operands || word[0] != '-' || !word[1])
            ret->operands[ret->operand_count++] = word;
        else if (str_eq(word, "--"))
            only_operands = true;
        else if (word[1] == '-')
            result = read_long(&r, word + 2);
        else
            result = read_letters(&r, word + 1);
    }
    return result == OPTIONS_GOOD ? check_operands(cmd, ret, error) : result;
}

void
options_wrap(struct buf *out, const char *text, size_t indent, size_t width)
{
    size_t column = indent;

    while (*text) {
        size_t bytes = strcspn(text, " "), columns = utf8_count(text, bytes);

        if (column > indent && column + 1 + columns > width) {
            buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            buf_byte(out, ' ');
            column++;
        }
        buf_add(out, text, bytes);
        column += columns;
        text += bytes;
        text += strspn(text, " ");
    }
}

/* Is this line to be shown as it is: an example, a table, or nothing? */
static bool
stands(const char *line)
{
    return *line == ' ' || *line == '\n' || !*line;
}

/* Paragraphs are wrapped anew, since paths in them have any length. */
static void
add_paragraphs(struct buf *out, const char *text)
{
    while (*text) {
        CLEANUP(buf_free) struct buf words = BUF_INIT(PARAGRAPH_MAX);
        size_t len = strcspn(text, "\n");

        if (stands(text)) {
            buf_add(out, text, len);
            buf_byte(out, '\n');
            text += len + (text[len] == '\n');
            continue;
        }
        for (; !stands(text); len = strcspn(text, "\n")) {
            buf_str(&words, words.len ? " " : "");
            buf_add(&words, text, len);
            text += len + (text[len] == '\n');
        }
        options_wrap(out, buf_text(&words), 0, COLUMNS);
        buf_byte(out, '\n');
    }
}

static void
add_row(struct buf *out, const struct cli_option *o)
{
    size_t before = out->len, len;

    buf_str(out, "  ");
    if (o->letter)
        buf_printf(out, "-%c, ", o->letter);
    else
        buf_str(out, "    ");
    buf_printf(out, "--%s", o->name);
    if (o->arg)
        buf_printf(out, " %s", o->arg);
    len = out->len - before;
    if (len > HELP_COLUMN - 2)
        buf_printf(out, "\n%*s", HELP_COLUMN, "");
    else
        buf_printf(out, "%*s", (int)(HELP_COLUMN - len), "");
    options_wrap(out, o->help, HELP_COLUMN, COLUMNS);
    buf_byte(out, '\n');
}

void
options_help(const struct command *cmd, struct buf *out)
{
    static const struct cli_option help = { 'h', "help", NULL, "Show this text." };
    size_t count = option_count(cmd);

    buf_printf(out, "Usage: hermod %s", cmd->name);
    if (count && !strstr(cmd->usage, "[-"))
        buf_str(out, " [OPTION]...");
    if (*cmd->usage)
        buf_printf(out, " %s", cmd->usage);
    buf_str(out, "\n\n");
    options_wrap(out, cmd->summary, 0, COLUMNS);
    buf_str(out, "\n\nOptions:\n");
    for (size_t i = 0; i < count; i++)
        add_row(out, &cmd->options[i]);
    add_row(out, &help);
    if (cmd->help && *cmd->help) {
        buf_byte(out, '\n');
        add_paragraphs(out, cmd->help);
    }
}
