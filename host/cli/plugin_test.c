/* plugin_test.c - `hermod plugin test`: runs cases, each in a process of its own, and says in
   TAP what came of them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/case.h"
#include "cli/case_run.h"
#include "cli/cli.h"
#include "cli/har.h"
#include "config/yaml.h"
#include "model/caps.h"

#define CASE_MS 10000              /* a case that has not ended by then is a loop */
#define REPORT_MAX (16 * 1024 * 1024)

enum { O_HAR, O_SECRETS };
static const struct cli_option options[] = {
    [O_HAR] = { 0, "har", "FILE",
                "Also write all that was sent, and the answers, to FILE as an HTTP archive "
                "(HAR 1.2). Secret settings and Authorization headers are written as ***." },
    [O_SECRETS] = { 0, "secrets", NULL, "Write secrets into the archive as they are." },
    { 0 },
};

struct test_run {
    const char *plugin;
    bool har, secrets;
    struct buf entries;            /* of the archive */
    int failed;
};

/* ---- the child --------------------------------------------------------------- */

static void
write_all(int fd, const void *data, size_t len)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(1);
        p += n;
        len -= (size_t)n;
    }
}

/* The three parts of a report, each behind its length. */
static void
send_report(int fd, const struct case_report *report)
{
    const struct buf *parts[] = { &report->problems, &report->log, &report->har };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        write_all(fd, &parts[i]->len, sizeof(parts[i]->len));
        write_all(fd, buf_text(parts[i]), parts[i]->len);
    }
}

NORETURN static void
child(const struct test_run *t, const struct test_case *tc, int fd)
{
    struct case_report report = { BUF_INIT(REPORT_MAX / 4), BUF_INIT(REPORT_MAX / 4),
                                  BUF_INIT(REPORT_MAX / 4) };

    setpgid(0, 0);
    dup2(STDERR_FILENO, STDOUT_FILENO);        /* what a plugin prints is not TAP */
    if (tc)
        case_run(t->plugin, tc, t->har, t->secrets, &report);
    else
        case_load(t->plugin, &report);
    send_report(fd, &report);
    _exit(0);
}

/* ---- the parent -------------------------------------------------------------- */

/* Everything from fd until it ends, or until time is up: false. */
static bool
read_report(int fd, struct buf *in)
{
    int64_t until_ms = clock_mono_ms() + CASE_MS;

    for (;;) {
        int64_t left_ms = until_ms - clock_mono_ms();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        char *room;
        ssize_t n;

        if (left_ms <= 0)
            return false;
        if (poll(&p, 1, (int)left_ms) <= 0)
            continue;
        room = buf_room(in, 65536);
        if (!room)
            return true;
        n = read(fd, room, 65536);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return true;
        in->len += (size_t)n;
    }
}

/* Cuts the next part off the front of [*p, end). false: it is not whole. */
static bool
take_part(const char **p, const char *end, struct buf *part)
{
    size_t len;

    if ((size_t)(end - *p) < sizeof(len))
        return false;
    memcpy(&len, *p, sizeof(len));
    *p += sizeof(len);
    if ((size_t)(end - *p) < len)
        return false;
    buf_add(part, *p, len);
    *p += len;
    return true;
}

static bool
split_report(const struct buf *in, struct case_report *ret)
{
    const char *p = buf_text(in), *end = p + in->len;

    return take_part(&p, end, &ret->problems) && take_part(&p, end, &ret->log) &&
           take_part(&p, end, &ret->har);
}

static void
say_death(struct buf *problems, int status)
{
    if (WIFSIGNALED(status))
        buf_printf(problems, "the plugin crashed: %s\n", strsignal(WTERMSIG(status)));
    else
        buf_printf(problems, "the plugin ended the process with exit status %d\n",
                   WEXITSTATUS(status));
}

/* Runs tc, or just loads the plugin when it is NULL, in a child; all it has to say, or how it
   died, goes into report. The child is forked only, so that valgrind and debuggers see it. */
static void
run_in_child(const struct test_run *t, const struct test_case *tc, struct case_report *report)
{
    struct buf in = BUF_INIT(REPORT_MAX);
    int fds[2], status = 0;
    bool ended;
    pid_t pid;

    if (pipe2(fds, O_CLOEXEC) != 0)
        die("plugin test: no pipe: %s", strerror(errno));
    fflush(NULL);
    pid = fork();
    if (pid < 0)
        die("plugin test: no process: %s", strerror(errno));
    if (pid == 0) {
        close(fds[0]);
        child(t, tc, fds[1]);
    }
    setpgid(pid, pid);             /* whichever of the two is first */
    close(fds[1]);
    ended = read_report(fds[0], &in);
    close(fds[0]);
    kill(-pid, SIGKILL);           /* also what the plugin may have started */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!ended)
        buf_printf(&report->problems, "the plugin did not return within %d s\n", CASE_MS / 1000);
    else if (!split_report(&in, report))
        say_death(&report->problems, status);
    buf_free(&in);
}

/* A literal block of YAML. */
static void
print_block(const char *name, const char *text)
{
    if (!*text)
        return;
    printf("  %s: |\n", name);
    while (*text) {
        size_t len = strcspn(text, "\n");

        printf("    ");
        for (size_t i = 0; i < len; i++)
            putchar((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i]);
        putchar('\n');
        text += len + (text[len] == '\n');
    }
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void
print_result(int number, const struct test_case *tc, const struct case_report *report)
{
    bool good = report->problems.len == 0;

    printf("%s %d - %s%s%s\n", good ? "ok" : "not ok", number, base_name(tc->file),
           *tc->description ? ": " : "", tc->description);
    if (good)
        return;
    printf("  ---\n");
    print_block("problems", buf_text(&report->problems));
    print_block("log", buf_text(&report->log));
    printf("  ...\n");
}

static void
test_one(struct test_run *t, int number, const char *path)
{
    struct case_report report = { BUF_INIT(REPORT_MAX), BUF_INIT(REPORT_MAX),
                                  BUF_INIT(REPORT_MAX) };
    struct test_case tc = { .file = path, .description = "" };
    struct arena arena = { 0 };
    char *text;
    size_t len;
    int err;

    err = yaml_read_file(&arena, path, CAP_YAML_FILE, &text, &len);
    if (err)
        buf_printf(&report.problems, "%s: %s\n", path, strerror(-err));
    else if (case_read(&arena, path, text, len, &tc, &report.problems) == 0)
        run_in_child(t, &tc, &report);
    print_result(number, &tc, &report);
    t->failed += report.problems.len != 0;
    if (report.har.len && t->entries.len)
        buf_byte(&t->entries, ',');
    buf_add(&t->entries, buf_text(&report.har), report.har.len);
    buf_free(&report.problems);
    buf_free(&report.log);
    buf_free(&report.har);
    arena_free(&arena);
}

static int
write_har(const struct test_run *t, const char *path)
{
    CLEANUP(buf_free) struct buf out = BUF_INIT(2 * REPORT_MAX);
    FILE *f;
    bool good;

    har_file(&out, buf_text(&t->entries));
    if (out.failed || t->entries.failed)
        return cli_fail(&cmd_plugin_test, "the archive is too large: test fewer cases at once");
    f = fopen(path, "we");
    good = f && fwrite(buf_text(&out), 1, out.len, f) == out.len;
    if (f && fclose(f) != 0)
        good = false;
    return good ? EXIT_GOOD : cli_fail(&cmd_plugin_test, "%s: %s", path, strerror(errno));
}

/* Says why when the plugin cannot be loaded: once, not once for each case. */
static bool
is_plugin(const struct test_run *t)
{
    struct case_report report = { BUF_INIT(REPORT_MAX), BUF_INIT(REPORT_MAX),
                                  BUF_INIT(REPORT_MAX) };
    bool good;

    run_in_child(t, NULL, &report);
    good = report.problems.len == 0;
    if (!good) {
        printf("Bail out! The plugin cannot be loaded\n");
        fflush(stdout);
        fprintf(stderr, "hermod plugin test: %s", buf_text(&report.problems));
    }
    buf_free(&report.problems);
    buf_free(&report.log);
    buf_free(&report.har);
    return good;
}

static int
plugin_test(int argc, char **argv)
{
    struct test_run t = { .entries = BUF_INIT(REPORT_MAX) };
    struct cli_args args;
    int status, cases;

    if (!cli_args(&cmd_plugin_test, argc, argv, &args, &status))
        return status;
    t.plugin = args.operands[0];
    t.har = args.value[O_HAR] != NULL;
    t.secrets = args.value[O_SECRETS] != NULL;
    cases = args.operand_count - 1;
    printf("TAP version 13\n1..%d\n", cases);
    if (!is_plugin(&t))
        return EXIT_BAD;
    for (int i = 1; i <= cases; i++)
        test_one(&t, i, args.operands[i]);
    if (t.failed)
        printf("# %d of %d failed\n", t.failed, cases);
    status = t.failed ? EXIT_BAD : EXIT_GOOD;
    if (t.har && write_har(&t, args.value[O_HAR]) != EXIT_GOOD)
        status = EXIT_BAD;
    buf_free(&t.entries);
    return status;
}

const struct command cmd_plugin_test = {
    .name = "plugin test",
    .usage = "PLUGIN.so CASE.yaml...",
    .summary = "Run a plugin against cases: what it must send and come to.",
    .help =
        "Each case is a YAML file with an event, settings, the requests that are expected and\n"
        "their answers. The services are the host's own; nothing is sent anywhere, the clock\n"
        "stands still and randomness is known. Each case runs in a process of its own, so one\n"
        "that crashes or loops for 10 s is \"not ok\" and the others go on.\n"
        "\n"
        "  hermod plugin test ./myplugin.so cases/*.yaml\n"
        "\n"
        "Output is TAP version 13, with what was wanted and what was got.\n"
        "\n"
        "Exit status: 0 all cases hold; 1 some do not; 2 wrong usage.\n",
    .run = plugin_test,
    .options = options,
    .min_operands = 2,
    .max_operands = -1,
};
