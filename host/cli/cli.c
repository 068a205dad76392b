/* cli.c - the table of commands, and what stands before each: help, version, usage. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hermod/plugin.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "model/suggest.h"

#define HELP_MAX (64 * 1024)

/* One row per command; a heading goes above the first of its group. */
static const struct command *const commands[] = {
    &cmd_run, &cmd_check,
    &cmd_send,
    &cmd_status, &cmd_deliveries, &cmd_explain,
    &cmd_replay, &cmd_drop, &cmd_pause, &cmd_resume,
    &cmd_plugin_list, &cmd_plugin_info, &cmd_plugin_test,
    &cmd_sandbox,
};
static const struct {
    const struct command *first;
    const char *title;
} groups[] = {
    { &cmd_run, "The host" },
    { &cmd_send, "Events in" },
    { &cmd_status, "What happened, and why" },
    { &cmd_replay, "Setting it right" },
    { &cmd_plugin_list, "Plugins" },
    { &cmd_sandbox, "Trying it out" },
};

const struct command *const *
cli_commands(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(commands);
    return commands;
}

static void
show_help(const struct command *cmd)
{
    CLEANUP(buf_free) struct buf out = BUF_INIT(HELP_MAX);

    options_help(cmd, &out);
    fputs(buf_text(&out), stdout);
}

static void
show_list(FILE *out)
{
    fputs("Usage: hermod COMMAND [OPTION]...\n\n"
          "Hermod takes the events of a subscription platform and keeps every publisher's\n"
          "outside services in step: e-mail and CRM lists, ad conversions, webhooks.\n", out);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        for (size_t g = 0; g < ARRAY_LEN(groups); g++)
            if (groups[g].first == commands[i])
                fprintf(out, "\n%s:\n", groups[g].title);
        fprintf(out, "  %-12s  %s\n", commands[i]->name, commands[i]->summary);
    }
    fputs("\nMore: hermod help COMMAND, hermod --version, man hermod\n", out);
}

/* Does name start with the words at argv? Then how many words it has; else 0. */
static int
words_matched(const char *name, int argc, char **argv)
{
    int n = 0;

    for (; *name; n++) {
        size_t len = strcspn(name, " ");

        if (n >= argc || strlen(argv[n]) != len || memcmp(argv[n], name, len) != 0)
            return 0;
        name += len;
        name += *name == ' ';
    }
    return n;
}

static const struct command *
find(int argc, char **argv, int *ret_words)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        int n = words_matched(commands[i]->name, argc, argv);

        if (n) {
            *ret_words = n;
            return commands[i];
        }
    }
    return NULL;
}

/* `hermod plugin`: a word that only groups commands. */
static bool
show_group(const char *word, FILE *out)
{
    size_t len = strlen(word);
    bool any = false;

    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const char *name = commands[i]->name;

        if (!str_starts(name, word) || name[len] != ' ')
            continue;
        if (!any)
            fprintf(out, "Usage: hermod %s COMMAND [OPTION]...\n\n", word);
        any = true;
        fprintf(out, "  %-12s  %s\n", name, commands[i]->summary);
    }
    return any;
}

static int
unknown(int argc, char **argv)
{
    CLEANUP(free_ptr) char *two = argc > 1 ? xasprintf("%s %s", argv[0], argv[1]) : NULL;
    const char *names[ARRAY_LEN(commands) + 2], *near;
    const char *word = argv[0];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        names[n++] = commands[i]->name;
    names[n++] = "help";
    names[n++] = "plugin";
    near = suggest(word, names, n);
    if ((!near || str_eq(near, "plugin")) && two && argv[1][0] != '-') {
        const char *nearer = suggest(two, names, n);

        word = nearer || near ? two : word;
        near = nearer ? nearer : near;
    }
    fprintf(stderr, "hermod: there is no command \"%s\"", word);
    if (near)
        fprintf(stderr, "; did you mean: hermod %s", near);
    fprintf(stderr, "\nTry: hermod help\n");
    return EXIT_USAGE;
}

static int
help(int argc, char **argv)
{
    const struct command *cmd;
    int words;

    if (argc == 0) {
        show_list(stdout);
        return EXIT_GOOD;
    }
    cmd = find(argc, argv, &words);
    if (cmd)
        show_help(cmd);
    else if (argc > 1 || !show_group(argv[0], stdout))
        return unknown(argc, argv);
    return EXIT_GOOD;
}

static int
dispatch(int argc, char **argv)
{
    const struct command *cmd;
    int words;

    if (argc == 0) {
        show_list(stderr);
        return EXIT_USAGE;
    }
    if (str_eq(argv[0], "help") || str_eq(argv[0], "--help") || str_eq(argv[0], "-h"))
        return help(argc - 1, argv + 1);
    if (str_eq(argv[0], "--version") || str_eq(argv[0], "-V") || str_eq(argv[0], "version")) {
        printf("hermod %s (plugin interface %d.%d)\n", VERSION_TEXT, HERMOD_ABI_MAJOR,
               HERMOD_ABI_MINOR);
        return EXIT_GOOD;
    }
    cmd = find(argc, argv, &words);
    if (cmd) {
        argc -= words - 1;
        argv += words - 1;
        if (argc > 1 && (str_eq(argv[1], "--help") || str_eq(argv[1], "-h"))) {
            show_help(cmd);
            return EXIT_GOOD;
        }
        return cmd->run(argc, argv);
    }
    if (argc == 1 && show_group(argv[0], stderr))
        return EXIT_USAGE;
    if (argc == 2 && (str_eq(argv[1], "--help") || str_eq(argv[1], "-h")) &&
        show_group(argv[0], stdout))
        return EXIT_GOOD;
    return unknown(argc, argv);
}

int
cli_main(int argc, char **argv)
{
    int status = dispatch(argc - 1, argv + 1);

    /* A full disk must not look like a short answer. */
    if (fflush(stdout) == EOF || ferror(stdout)) {
        fprintf(stderr, "hermod: cannot write the answer: %s\n", strerror(errno));
        return status == EXIT_GOOD ? EXIT_BAD : status;
    }
    return status;
}
