/* script_far.c - the far side of a call as a case tells it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/case_match.h"
#include "cli/script_far.h"
#include "model/duration.h"

#define PROBLEMS_MAX (256 * 1024)

static struct script *
script_of(struct far *f)
{
    return (struct script *)(void *)f;
}

static int64_t
script_now(struct far *f)
{
    return script_of(f)->tc->now_ms;
}

static void
script_random(struct far *f, void *out, size_t len)
{
    struct script *s = script_of(f);
    uint8_t *p = out;

    while (len--) {
        *p++ = s->tc->random[s->random_at];
        s->random_at = (s->random_at + 1) % s->tc->random_len;
    }
}

/* The exchange for the next request: the first that is left; of a group the one that matches,
   else the one that comes nearest. NULL: none is left. */
static const struct case_exchange *
choose(struct script *s, const struct hermod_request *q)
{
    const struct case_exchange *x = s->tc->exchanges, *best = NULL;
    unsigned least = 0;

    for (size_t i = 0; i < s->tc->exchange_count; i++) {
        CLEANUP(buf_free) struct buf scratch = BUF_INIT(PROBLEMS_MAX);
        unsigned wrong;

        if (s->used[i] || (best && x[i].group != best->group))
            continue;
        if (!x[i].group)
            return &x[i];
        wrong = case_match(&x[i], q, &scratch);
        if (!best || wrong < least) {
            best = &x[i];
            least = wrong;
        }
    }
    return best;
}

static void
add_problems(struct script *s, const struct case_exchange *x, const struct hermod_request *q)
{
    CLEANUP(buf_free) struct buf lines = BUF_INIT(PROBLEMS_MAX);
    const char *p;

    if (case_match(x, q, &lines) == 0)
        return;
    for (p = buf_text(&lines); *p;) {
        size_t len = strcspn(p, "\n");

        buf_printf(&s->problems, "%s:%d:%d: request %u: %.*s\n", s->tc->file, x->line,
                   x->column, s->requests, (int)len, p);
        p += len + (p[len] == '\n');
    }
}

static const char *
failure_text(struct arena *a, const struct case_exchange *x, const struct hermod_request *q)
{
    char text[48];

    switch (x->failure) {
    case CASE_TIMEOUT:
        duration_text(q->timeout_ms, text);
        return arena_printf(a, "no answer within %s", text);
    case CASE_REFUSED:
        return "cannot connect: Connection refused";
    case CASE_TLS:
        return "TLS: certificate verify failed";
    default:
        return "";
    }
}

static void
answer(struct call *c, const struct case_exchange *x, struct hermod_request *q)
{
    struct response *r = &q->response;

    r->pub.error = x ? failure_text(&c->arena, x, q) : "the case has no answer for this request";
    r->pub.body = "";
    q->done = true;
    if (!x || *r->pub.error)
        return;
    r->pub.status = x->status;
    if (x->answer) {
        r->pub.body = arena_memdup0(&c->arena, x->answer, x->answer_len);
        r->pub.body_len = x->answer_len;
    }
    r->header_count = x->answer_header_count;
    r->headers = arena_alloc(&c->arena, r->header_count * sizeof(*r->headers) + 1);
    for (size_t i = 0; i < r->header_count; i++)
        r->headers[i] = (struct http_header){ x->answer_headers[i].name,
                                              x->answer_headers[i].value };
}

static void
script_start(struct far *f, struct call *c, struct hermod_request *q)
{
    struct script *s = script_of(f);
    const struct case_exchange *x = choose(s, q);

    s->requests++;
    if (x) {
        s->used[x - s->tc->exchanges] = true;
        add_problems(s, x, q);
    } else {
        buf_printf(&s->problems, "request %u: wanted no more requests, got %s %s\n", s->requests,
                   q->method, q->url);
    }
    answer(c, x, q);
    if (!s->har)
        return;
    if (s->har->len)
        buf_byte(s->har, ',');
    har_entry(s->har, &c->arena, q, s->tc->now_ms, s->har_comment, &s->har_secrets);
}

static void
script_wait(struct far *f, struct call *c, struct hermod_request *q)
{
    (void)f, (void)c, (void)q;     /* was answered when it started */
}

static struct setting_pair *
find_memo(struct script *s, const char *key)
{
    for (size_t i = 0; i < s->memo_count; i++)
        if (str_eq(s->memo[i].key, key))
            return &s->memo[i];
    return NULL;
}

static const char *
script_memo_get(struct far *f, struct call *c, const char *key)
{
    const struct setting_pair *m = find_memo(script_of(f), key);

    (void)c;
    return m ? m->value : NULL;
}

static void
script_memo_set(struct far *f, struct call *c, const char *key, const char *value,
                int64_t for_ms)
{
    struct script *s = script_of(f);
    struct setting_pair *m = find_memo(s, key);

    (void)c, (void)for_ms;
    if (!m) {
        s->memo = xrealloc(s->memo, s->memo_count + 1, sizeof(*s->memo));
        m = &s->memo[s->memo_count++];
        m->key = arena_strdup(&s->arena, key);
    }
    m->value = arena_strdup(&s->arena, value);
}

static void
script_exclusive(struct far *f, struct call *c, const char *key)
{
    (void)f, (void)c, (void)key;   /* nobody else is here */
}

static void
script_release(struct far *f, struct call *c)
{
    (void)f, (void)c;
}

static void
script_log(struct far *f, struct call *c, enum log_level level, const char *text)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };

    (void)c;
    buf_printf(&script_of(f)->log, "%s: %s\n", names[level], text);
}

void
script_begin(struct script *s, const struct test_case *tc)
{
    *s = (struct script){
        .far = { script_now, script_random, script_start, script_wait, script_memo_get,
                 script_memo_set, script_exclusive, script_release, script_log, script_lookup },
        .tc = tc,
        .problems = BUF_INIT(PROBLEMS_MAX),
        .log = BUF_INIT(PROBLEMS_MAX),
    };
    arena_init(&s->arena, 0);
    s->used = xcalloc(tc->exchange_count + 1, sizeof(*s->used));
    for (size_t i = 0; i < tc->memo_count; i++)
        script_memo_set(&s->far, NULL, tc->memo[i].key, tc->memo[i].value, 0);
}

void
script_finish(struct script *s)
{
    for (size_t i = 0; i < s->tc->exchange_count; i++) {
        const struct case_exchange *x = &s->tc->exchanges[i];

        if (!s->used[i])
            buf_printf(&s->problems, "%s:%d:%d: wanted a request %s %s, got none\n", s->tc->file,
                       x->line, x->column, x->method ? x->method : "", x->url ? x->url : "");
    }
}

void
script_free(struct script *s)
{
    free(s->used);
    free(s->memo);
    buf_free(&s->problems);
    buf_free(&s->log);
    arena_free(&s->arena);
}
