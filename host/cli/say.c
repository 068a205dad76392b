/* say.c - what every command says in the same way: mistakes, help, failures. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/options.h"

#define TEXT_MAX (64 * 1024)

static void PRINTF_LIKE(2, 0)
say(const struct command *cmd, const char *fmt, va_list ap)
{
    CLEANUP(buf_free) struct buf line = BUF_INIT(TEXT_MAX);

    buf_printf(&line, "hermod %s: ", cmd->name);
    buf_vprintf(&line, fmt, ap);
    buf_byte(&line, '\n');
    fflush(stdout);
    fputs(buf_text(&line), stderr);
}

int
cli_fail(const struct command *cmd, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    say(cmd, fmt, ap);
    va_end(ap);
    return EXIT_BAD;
}

int
cli_wrong(const struct command *cmd, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    say(cmd, fmt, ap);
    va_end(ap);
    fprintf(stderr, "Try: hermod help %s\n", cmd->name);
    return EXIT_USAGE;
}

bool
cli_args(const struct command *cmd, int argc, char **argv, struct cli_args *ret,
         int *ret_status)
{
    CLEANUP(buf_free) struct buf error = BUF_INIT(TEXT_MAX), help = BUF_INIT(TEXT_MAX);

    switch (options_parse(cmd, argc, argv, ret, &error)) {
    case OPTIONS_GOOD:
        return true;
    case OPTIONS_HELP:
        options_help(cmd, &help);
        fputs(buf_text(&help), stdout);
        *ret_status = EXIT_GOOD;
        return false;
    default:
        *ret_status = cli_wrong(cmd, "%s", buf_text(&error));
        return false;
    }
}
