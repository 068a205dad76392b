/* send.c - `hermod send`: events from files or standard input to the host. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/client.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "model/duration.h"

#define INPUT_MAX (1024 * 1024 * 1024) /* one file in memory */
#define READ_CHUNK (256 * 1024)
#define PATIENCE_MS (5 * 60 * 1000)

enum { O_RETRY_FOR = CLIENT_OPTIONS };
static const struct cli_option options[] = {
    [CLIENT_CONFIG] = CLIENT_CONFIG_ROW,
    [CLIENT_URL] = { 0, "url", "URL",
                     "The host's address for events, as http://127.0.0.1:8470; otherwise "
                     "`listen` of the configuration." },
    [CLIENT_TOKEN_FILE] = CLIENT_TOKEN_ROW,
    [CLIENT_JSON] = { 0, "json", NULL,
                      "Print the host's answers in JSON, one line for each request." },
    [O_RETRY_FOR] = { 0, "retry-for", "TIME",
                      "How long to go on trying while the host is busy (5m); 0 gives up at "
                      "once." },
    { 0 },
};

struct input {
    struct buf *texts;             /* one per file; the events point into them */
    size_t text_count;
    struct send_item *items;
    size_t count;
};

static void
input_free(struct input *in)
{
    for (size_t i = 0; i < in->text_count; i++)
        buf_free(&in->texts[i]);
    free(in->texts);
    free(in->items);
}

static int
read_all(const char *file, struct buf *text)
{
    CLEANUP(close_fd) int opened = -1;
    int fd = STDIN_FILENO;

    if (!str_eq(file, "-")) {
        fd = opened = open(file, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return cli_fail(&cmd_send, "%s: %s", file, strerror(errno));
    } else if (isatty(fd)) {
        fputs("Reading events from the terminal; Ctrl-D ends them.\n", stderr);
    }
    for (;;) {
        char *room = buf_room(text, READ_CHUNK);
        ssize_t n = room ? read(fd, room, READ_CHUNK) : 0;

        if (!room)
            return cli_fail(&cmd_send, "%s: more than 1 GiB; split it", file);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return cli_fail(&cmd_send, "%s: %s", file, strerror(errno));
        text->len += n > 0 ? (size_t)n : 0;
        text->data[text->len] = '\0';
    }
}

static int
read_file(struct input *in, const char *file, struct buf *text)
{
    const char *title = str_eq(file, "-") ? "standard input" : file;
    struct slice *events;
    char error[256];
    size_t count;

    if (read_all(file, text) != 0)
        return -1;
    if (batch_split(buf_text(text), text->len, &events, &count, error) != 0)
        return cli_fail(&cmd_send, "%s: %s", title, error);
    in->items = xrealloc(in->items, in->count + count, sizeof(*in->items));
    for (size_t i = 0; i < count; i++)
        in->items[in->count++] = (struct send_item){ events[i], title, i + 1 };
    free(events);
    return 0;
}

/* Everything is read before anything is sent: a mistake in the last file must not leave
   half of the first one sent. */
static int
read_input(struct input *in, const struct cli_args *args)
{
    static char dash[] = "-";
    char *only[] = { dash };
    char **files = args->operand_count ? args->operands : only;

    in->text_count = args->operand_count ? (size_t)args->operand_count : 1;
    in->texts = xcalloc(in->text_count, sizeof(*in->texts));
    for (size_t i = 0; i < in->text_count; i++)
        buf_init(&in->texts[i], INPUT_MAX);
    for (size_t i = 0; i < in->text_count; i++)
        if (read_file(in, files[i], &in->texts[i]) != 0)
            return -1;
    return 0;
}

static void
say_summary(const struct sender *s)
{
    CLEANUP(buf_free) struct buf line = BUF_INIT(1024);

    if (!isatty(STDERR_FILENO) && s->refused == 0 && s->accepted == s->total)
        return;
    text_count(&line, (int64_t)s->accepted, "event accepted", "events accepted");
    if (s->duplicates) {
        buf_str(&line, " (");
        text_count(&line, (int64_t)s->duplicates, "of them had been accepted before)",
                   "of them had been accepted before)");
    }
    if (s->refused)
        buf_printf(&line, ", %zu refused", s->refused);
    if (s->accepted + s->refused < s->total)
        buf_printf(&line, ", %zu not sent", s->total - s->accepted - s->refused);
    fprintf(stderr, "%s\n", buf_text(&line));
}

static int
send_events(int argc, char **argv)
{
    CLEANUP(client_done) struct client *c = NULL;
    CLEANUP(input_free) struct input in = { 0 };
    struct sender s = { .cmd = &cmd_send, .patience_ms = PATIENCE_MS };
    struct cli_args args;
    int status, result;

    if (!cli_args(&cmd_send, argc, argv, &args, &status))
        return status;
    if (args.value[O_RETRY_FOR] && duration_parse(args.value[O_RETRY_FOR], &s.patience_ms) != 0)
        return cli_wrong(&cmd_send, "--retry-for: a duration such as 30s or 5m was wanted, "
                                    "\"%s\" was found", args.value[O_RETRY_FOR]);
    c = client_new(&cmd_send, CLIENT_INTAKE, &args, &status);
    if (!c)
        return status;
    if (read_input(&in, &args) != 0)
        return EXIT_BAD;
    s.client = c;
    s.json = args.value[CLIENT_JSON] != NULL;
    s.progress = isatty(STDERR_FILENO);
    result = sender_run(&s, in.items, in.count);
    say_summary(&s);
    return result == 0 && s.refused == 0 ? EXIT_GOOD : EXIT_BAD;
}

const struct command cmd_send = {
    .name = "send",
    .usage = "[FILE|-]...",
    .summary = "Submit events to the running host, and print the id of each.",
    .help =
        "Files (standard input without any) hold one event as a JSON object, an array of\n"
        "events, or one event after another (NDJSON, or as jq prints them):\n"
        "\n"
        "  hermod send <<'EOF'\n"
        "  {\"eventType\": \"contract.1#purchased\", \"vendorId\": \"acme\",\n"
        "   \"userId\": \"email|84cc\", \"contractId\": \"c1\",\n"
        "   \"occured_at\": \"2025-11-10T12:00:00Z\"}\n"
        "  EOF\n"
        "\n"
        "Each event reaches the host byte for byte as it stands, in requests of up to 1000\n"
        "events and 1 MiB. An id on standard output means that the host has the event on\n"
        "its disk. A refused event is named on standard error, with the field that is\n"
        "wrong, and the others are sent all the same. While the host is busy (503) it is\n"
        "asked again when it says. Sending twice is harmless: the same event is accepted\n"
        "again and not delivered again.\n"
        "\n"
        "Exit status: 0 every event was accepted; 1 one was refused, or the host did not\n"
        "answer; 2 wrong usage.\n",
    .run = send_events,
    .options = options,
    .max_operands = -1,
};
