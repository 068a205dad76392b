/* box.h - a sandbox and its client in one process, for the tests of the stand-ins. */
#ifndef HERMOD_TESTS_BOX_H
#define HERMOD_TESTS_BOX_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/http_client.h"
#include "sandbox/sandbox.h"
#include "unit.h"

struct box {
    struct loop *loop;
    struct sandbox *sandbox;
    const char *auth;              /* header lines of every request, each with its CRLF */
};

static UNUSED void
box_turn(void *arg)
{
    sandbox_turn(arg);
}

static UNUSED void
box_open(struct box *b, const char *auth, const char *seed)
{
    const struct sandbox_options o = { .seed = seed, .seed_len = seed ? strlen(seed) : 0 };
    char *error = NULL;

    b->loop = loop_new();
    b->auth = auth;
    b->sandbox = sandbox_new(b->loop, &o, &error);
    if (!b->sandbox) {
        fprintf(stderr, "sandbox: %s\n", error);
        abort();
    }
    loop_after_poll(b->loop, box_turn, b->sandbox);
}

static UNUSED void
box_close(struct box *b)
{
    sandbox_free(b->sandbox);
    loop_free(b->loop);
}

/* One request on a connection of its own. */
static UNUSED struct answer
box_ask(struct box *b, const char *method, const char *path, const char *body)
{
    CLEANUP(free_ptr) char *text = xasprintf(
        "%s %s HTTP/1.1\r\nHost: sandbox\r\n%s%sContent-Length: %zu\r\n\r\n%s", method, path,
        str_starts(path, "/_sandbox") ? "" : b->auth,
        body && body[0] != '{' && body[0] != '[' && strchr(body, '=') ?
        "Content-Type: application/x-www-form-urlencoded\r\n" :
        "Content-Type: application/json\r\n", body ? strlen(body) : 0, body ? body : "");
    struct client c;
    struct answer a;

    client_open(&c, b->loop, sandbox_port(b->sandbox));
    client_send(&c, text);
    a = client_answer(&c);
    client_close(&c);
    return a;
}

/* One exchange: what is asked, and what the answer must be. */
struct exchange {
    const char *method, *path, *body;
    int status;
    const char *has;               /* part of the answer's head or body; or NULL */
    const char *lacks;             /* no part of its body; or NULL */
};

static UNUSED void
box_check(struct box *b, const struct exchange *x)
{
    struct answer a = box_ask(b, x->method, x->path, x->body);
    bool good = a.status == x->status &&
                (!x->has || (a.body && strstr(a.body, x->has)) ||
                 (a.head && strstr(a.head, x->has))) &&
                (!x->lacks || !a.body || !strstr(a.body, x->lacks));

    if (!good)
        fprintf(stderr, "%s %s %s\n  wanted %d %s, without %s\n  got %d %s%s\n", x->method,
                x->path, x->body ? x->body : "", x->status, x->has ? x->has : "",
                x->lacks ? x->lacks : "-", a.status, a.head ? a.head : "", a.body ? a.body : "");
    CHECK(good);
    answer_free(&a);
}

static UNUSED void
box_play(struct box *b, const struct exchange *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        box_check(b, &all[i]);
}

#define BOX_PLAY(b, ...)                                          \
    do {                                                          \
        const struct exchange all_[] = { __VA_ARGS__ };           \
        box_play((b), all_, ARRAY_LEN(all_));                     \
    } while (0)

#endif
