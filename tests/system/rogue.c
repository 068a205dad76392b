/* rogue: a plugin for the tests that misbehaves as the event's user tells it to: the part
   of userId before '-'. Any other user's events it posts to url, like an honest plugin. */
#include <hermod/plugin.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct config {
    const char *url;
    const char *version;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, url, HERMOD_REQUIRED, NULL, "Where events are posted to."),
    HERMOD_STRING(struct config, version, 0, "1", "Sent as a header."),
    HERMOD_SETTINGS_END
};

static int
post(struct hermod_call *c, const struct hermod_event *ev, const struct config *cfg)
{
    struct hermod_request *q = hermod_http_request(c, "POST", cfg->url);

    hermod_http_header(c, q, "webhook-id", ev->id);
    hermod_http_header(c, q, "x-version", cfg->version);
    hermod_http_body(c, q, "application/json", ev->body, ev->body_len);
    return hermod_http_outcome(c, hermod_http_send(c, q));
}

static unsigned
deep(volatile unsigned n)
{
    volatile char frame[4096];

    memset((char *)frame, (int)n, sizeof(frame));
    return n == 0 ? 0 : deep(n - 1) + (unsigned)frame[n % sizeof(frame)];
}

static void
use_up(struct hermod_call *c)
{
    for (int i = 0; i < 100000; i++)
        (void)hermod_format(c, "%01000d", i);
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = config;
    size_t len = strcspn(ev->user_id, "-");

#define TOLD(what) (len == strlen(what) && strncmp(ev->user_id, what, len) == 0)
    if (TOLD("crash"))
        raise(SIGSEGV);
    if (TOLD("abort"))
        abort();
    if (TOLD("exit"))
        exit(0);
    if (TOLD("spin"))
        for (volatile unsigned i = 0;; i++)
            ;
    if (TOLD("deep"))
        return (int)deep(1000000);
    if (TOLD("zero"))
        return 0;
    if (TOLD("memory"))
        use_up(c);
    if (TOLD("close"))
        for (int fd = 3; fd < 100; fd++)
            close(fd);
    if (TOLD("print")) {
        puts("a plugin writes to its standard output");
        fflush(stdout);
    }
    /* Dies after it has been heard: what it did is done twice. */
    if (TOLD("late")) {
        (void)post(c, ev, cfg);
        raise(SIGKILL);
    }
    return post(c, ev, cfg);
}

HERMOD_PLUGIN(.name = "rogue", .version = "1.0",
              .summary = "Misbehaves as the event tells it to.", .settings = settings,
              .config_size = sizeof(struct config),
              .limits = { .deadline_ms = 2000 }, .deliver = deliver);
