/* sandbox.c - `hermod sandbox`: stand-ins for the platform and the vendors, to try against. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "sandbox/sandbox.h"

#define SEED_MAX (64 * 1024 * 1024)
#define PORT 8480

enum { O_PORT, O_SEED };
static const struct cli_option options[] = {
    [O_PORT] = { 0, "port", "N",
                 "Serve there, on 127.0.0.1 (8480); 0: any free port, which the first line of "
                 "output tells." },
    [O_SEED] = { 0, "seed", "FILE",
                 "Lay this JSON over what the stand-ins hold at first, as "
                 "{\"sesamy\": {\"users\": {...}}}; GET /_sandbox/state shows the shape." },
    { 0 },
};

static void
on_turn(void *arg)
{
    sandbox_turn(arg);
}

static void
on_signal(void *arg, UNUSED int signum)
{
    loop_stop(arg);
}

/* The file's text, to free(); NULL: said. */
static char *
read_seed(const char *file, size_t *ret_len)
{
    CLEANUP(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat st;
    char *text;
    ssize_t n;
    size_t len = 0;

    if (fd < 0 || fstat(fd, &st) < 0) {
        cli_fail(&cmd_sandbox, "%s: %s", file, strerror(errno));
        return NULL;
    }
    if (!S_ISREG(st.st_mode) || st.st_size > SEED_MAX) {
        cli_fail(&cmd_sandbox, "%s: not a file, or more than 64 MiB", file);
        return NULL;
    }
    text = xmalloc((size_t)st.st_size + 1);
    while (len < (size_t)st.st_size && (n = read(fd, text + len, (size_t)st.st_size - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
    *ret_len = len;
    return text;
}

static void
say_where(const struct sandbox *sb)
{
    unsigned port = sandbox_port(sb);

    printf("sandbox: http://127.0.0.1:%u\n", port);
    for (const char *const *name = sandbox_names(); *name; name++)
        printf("  %-10s http://127.0.0.1:%u/%s\n", *name, port, *name);
    printf("  %-10s http://127.0.0.1:%u/_sandbox/state\n", "state", port);
    fflush(stdout);
}

static int
sandbox(int argc, char **argv)
{
    CLEANUP(free_ptr) char *seed = NULL, *error = NULL;
    struct sandbox_options o = { .port = PORT };
    struct cli_args args;
    struct sandbox *sb;
    struct loop *loop;
    int64_t port;
    int status;

    if (!cli_args(&cmd_sandbox, argc, argv, &args, &status))
        return status;
    if (args.value[O_PORT]) {
        if (!parse_i64(args.value[O_PORT], 0, UINT16_MAX, &port))
            return cli_wrong(&cmd_sandbox, "--port: a number from 0 to 65535 was wanted");
        o.port = (uint16_t)port;
    }
    if (args.value[O_SEED]) {
        seed = read_seed(args.value[O_SEED], &o.seed_len);
        if (!seed)
            return EXIT_BAD;
        o.seed = seed;
    }
    loop = loop_new();
    sb = sandbox_new(loop, &o, &error);
    if (sb) {
        signal(SIGPIPE, SIG_IGN);
        loop_signal(loop, SIGINT, on_signal, loop);
        loop_signal(loop, SIGTERM, on_signal, loop);
        loop_after_poll(loop, on_turn, sb);
        say_where(sb);
        loop_run(loop);
    } else {
        cli_fail(&cmd_sandbox, "%s", error);
    }
    status = sb ? EXIT_GOOD : EXIT_BAD;
    sandbox_free(sb);
    loop_free(loop);
    return status;
}

const struct command cmd_sandbox = {
    .name = "sandbox",
    .usage = "",
    .summary = "Serve stand-ins for platform and vendors, to try against.",
    .help =
        "One server on this machine that answers as the platform's API and the vendors'\n"
        "do, and as strictly: each under its own path, so that a destination's apiUrl is\n"
        "http://127.0.0.1:8480/mailchimp, say. What they hold lives in memory.\n"
        "\n"
        "  GET  /_sandbox/state       what they hold, credentials included\n"
        "  PUT  /_sandbox/sesamy/users/ID     change it (any path of the state)\n"
        "  PUT  /_sandbox/faults      {\"path\": \"/mailchimp\", \"script\": \"429x3,reset\"}\n"
        "  GET  /_sandbox/log         the requests they got\n"
        "  POST /_sandbox/reset       everything as at the start\n"
        "\n"
        "SIGTERM and SIGINT (Ctrl-C) end it.\n"
        "\n"
        "Exit status: 0 ended as asked; 1 could not serve; 2 wrong usage.\n",
    .run = sandbox,
    .options = options,
};
