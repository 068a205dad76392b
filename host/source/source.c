/* source.c - see source.h: is told by the supervisor whom it may ask for, then answers runners
   until it is told to stop. Dies at once when the supervisor is gone. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/process.h"
#include "source/source.h"
#include "source/state.h"
#include "wire/channel.h"

#define SUPERVISOR_FD 3
#define PEER_BYTES (32 * 1024 * 1024)      /* of answers that a runner has not read */

/* A runner. */
struct peer {
    struct list link;
    struct source *source;
    const char *plugin;
    struct channel *channel;
    struct list questions;
};
struct question {
    struct asker asker;                    /* first */
    struct list link;                      /* in its peer's */
    struct peer *peer;
    uint64_t id;
    char *contract;
};

static NORETURN void
broken(const char *what)
{
    log_error("this should not happen, the source ends itself", log_s("what", what));
    _exit(1);
}

/* ---- runners ---- */

static void
question_free(struct question *q)
{
    list_remove(&q->asker.link);
    list_remove(&q->link);
    free(q->contract);
    free(q);
}

static void
on_answer(struct asker *a, const struct msg_answer *m)
{
    struct question *q = (struct question *)(void *)a;
    struct channel *ch = q->peer->channel;
    struct msg_answer answer = *m;

    if (channel_pending(ch) > PEER_BYTES)
        answer = (struct msg_answer){ .status = 503, .error = "the runner does not read",
                                      .body = "", .contracts = "", .entitlements = "" };
    answer.id = q->id;
    put_answer(channel_out(ch), &answer);
    question_free(q);
}

static void
on_runner_gone(void *arg, const char *why)
{
    struct peer *p = arg;

    (void)why;                             /* the supervisor knows, and tells */
    while (!list_empty(&p->questions))
        question_free(LIST_OF(p->questions.next, struct question, link));
    list_remove(&p->link);
    channel_free(p->channel);
    free(p);
}

static void
on_runner_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct peer *p = arg;
    struct arena a = { 0 };
    struct msg_lookup m;
    struct question *q;

    (void)fd;
    if (type != MSG_LOOKUP || get_lookup(&a, payload, len, &m) < 0 ||
        m.kind < LOOKUP_SUBSCRIBER || m.kind > LOOKUP_PRODUCT) {
        log_error("a runner asks what cannot be, it is not answered any more",
                  log_s("plugin", p->plugin), log_s("message", message_name(type)));
        on_runner_gone(p, "");
        arena_free(&a);
        return;
    }
    q = xcalloc(1, sizeof(*q));
    q->peer = p;
    q->id = m.id;
    q->contract = xstrdup(m.contract);
    q->asker = (struct asker){ .contract = q->contract, .accepted_ms = m.accepted_ms,
                               .answer = on_answer };
    list_push_back(&p->questions, &q->link);
    source_ask(p->source, &m, &q->asker);
    arena_free(&a);
}

static void
add_peer(struct source *s, const void *payload, size_t len, int fd)
{
    struct peer *p = xcalloc(1, sizeof(*p));

    if (get_text(&s->arena, payload, len, &p->plugin) < 0 || fd < 0)
        broken("a malformed peer");
    p->source = s;
    list_init(&p->questions);
    list_push_back(&s->peers, &p->link);
    p->channel = channel_new(s->loop, fd, on_runner_frame, on_runner_gone, p);
}

/* ---- the supervisor ---- */

static void
take_config(struct source *s, const void *payload, size_t len)
{
    int level;

    if (get_source_config(&s->arena, payload, len, &s->config) < 0)
        broken("a malformed configuration");
    level = log_level_of(s->config.log_level);
    log_setup("source", level < 0 ? LOG_INFO_ : (enum log_level)level);
    source_init(s, s->loop, &s->config);
}

static void
add_vendor(struct source *s, const void *payload, size_t len)
{
    struct msg_source_vendor m;

    if (get_source_vendor(&s->arena, payload, len, &m) < 0)
        broken("a malformed vendor");
    source_add_vendor(s, &m);
}

static void
serve(struct source *s)
{
    s->serving = true;
    put_simple(channel_out(s->supervisor), MSG_READY);
    channel_flush(s->supervisor);
}

static void
on_supervisor_frame(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct source *s = arg;
    bool configured = s->http != NULL;

    if (type == MSG_HELLO && get_hello(payload, len) == 0)
        return;
    if (type == MSG_SOURCE_CONFIG && !configured)
        take_config(s, payload, len);
    else if (type == MSG_SOURCE_VENDOR && configured && !s->serving)
        add_vendor(s, payload, len);
    else if (type == MSG_GO && configured && !s->serving && get_simple(payload, len) == 0)
        serve(s);
    else if (type == MSG_SOURCE_PEER && s->serving)
        add_peer(s, payload, len, fd);
    else if (type == MSG_STOP && get_simple(payload, len) == 0)
        loop_stop(s->loop);
    else
        broken(message_name(type));
}

static void
on_supervisor_gone(void *arg, const char *why)
{
    (void)arg;
    (void)why;
    _exit(0);
}

/* Once a turn: what was asked for is sent, and each runner gets its answers in one piece. */
static void
on_turn(void *arg)
{
    struct source *s = arg;

    if (!s->serving)
        return;
    http_turn(s->http);
    LIST_EACH_SAFE(node, &s->peers)
        channel_flush(LIST_OF(node, struct peer, link)->channel);
}

/* Nothing that is known of anybody stays behind in memory. */
static void
leave(struct source *s)
{
    while (!list_empty(&s->peers))
        on_runner_gone(LIST_OF(s->peers.next, struct peer, link), "");
    if (s->http)
        source_free(s);
    channel_free(s->supervisor);
    loop_free(s->loop);
}

int
source_main(void)
{
    static struct source s = { .mono_ms = clock_mono_ms, .wall_ms = clock_wall_ms };

    log_setup("source", LOG_INFO_);
    process_harden();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    arena_init(&s.arena, 0);
    list_init(&s.peers);
    s.loop = loop_new();
    s.supervisor = channel_new(s.loop, SUPERVISOR_FD, on_supervisor_frame, on_supervisor_gone,
                               &s);
    put_hello(channel_out(s.supervisor));
    channel_flush(s.supervisor);
    loop_before_poll(s.loop, on_turn, &s);
    loop_run(s.loop);
    leave(&s);
    return 0;
}
