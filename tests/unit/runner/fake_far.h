/* fake_far.h - a far side for the tests of the services: answers are set before, what is sent
   is kept. */
#ifndef HERMOD_TESTS_FAKE_FAR_H
#define HERMOD_TESTS_FAKE_FAR_H

#include <stdio.h>
#include <string.h>

#include "runner/call.h"

#define FAKE_NOW 1762776001000LL   /* 2025-11-10T12:00:01Z */

struct fake_far {
    struct far far;                /* first */
    struct response answer;        /* to every request */
    bool late;                     /* answers in wait() only */
    const char *mark_in_wait;      /* NULL, or: the call is marked with this while it waits */
    struct hermod_request *sent[8];
    unsigned starts, waits, exclusives, releases;
    char memo_key[64], memo_value[64];
    struct lookup told[3];         /* what the platform says, by kind */
    unsigned lookups;
    const char *asked_sku;
    enum log_level log_level;
    char log[4200];
};

static inline struct fake_far *
fake_of(struct far *f)
{
    return (struct fake_far *)(void *)f;
}

static inline int64_t
fake_now(struct far *f)
{
    (void)f;
    return FAKE_NOW;
}

static inline void
fake_random(struct far *f, void *out, size_t len)
{
    (void)f;
    memset(out, 0xab, len);
}

static inline void
fake_answer(struct fake_far *f, struct hermod_request *q)
{
    q->response = f->answer;
    q->done = true;
}

static inline void
fake_start(struct far *far, struct call *c, struct hermod_request *q)
{
    struct fake_far *f = fake_of(far);

    (void)c;
    f->sent[f->starts++ % 8] = q;
    if (!f->late)
        fake_answer(f, q);
}

static inline void
fake_wait(struct far *far, struct call *c, struct hermod_request *q)
{
    struct fake_far *f = fake_of(far);

    f->waits++;
    if (f->mark_in_wait)
        call_mark(c, HERMOD_RETRY, "%s", f->mark_in_wait);
    else
        fake_answer(f, q);
}

static inline const char *
fake_memo_get(struct far *far, struct call *c, const char *key)
{
    (void)c;
    return strcmp(fake_of(far)->memo_key, key) == 0 ? fake_of(far)->memo_value : NULL;
}

static inline void
fake_memo_set(struct far *far, struct call *c, const char *key, const char *value,
              int64_t for_ms)
{
    (void)c;
    (void)for_ms;
    snprintf(fake_of(far)->memo_key, 64, "%s", key);
    snprintf(fake_of(far)->memo_value, 64, "%s", value);
}

static inline void
fake_exclusive(struct far *far, struct call *c, const char *key)
{
    (void)c;
    (void)key;
    fake_of(far)->exclusives++;
}

static inline void
fake_release(struct far *far, struct call *c)
{
    (void)c;
    fake_of(far)->releases++;
}

static inline void
fake_log(struct far *far, struct call *c, enum log_level level, const char *text)
{
    (void)c;
    fake_of(far)->log_level = level;
    snprintf(fake_of(far)->log, sizeof(fake_of(far)->log), "%s", text);
}

static inline void
fake_lookup(struct far *far, struct call *c, struct lookup *l)
{
    struct fake_far *f = fake_of(far);
    const struct lookup *told = &f->told[l->kind - LOOKUP_SUBSCRIBER];

    (void)c;
    f->lookups++;
    f->asked_sku = l->sku;
    l->status = told->status;
    l->error = told->error ? told->error : "";
    l->after_ms = told->after_ms;
    l->body = told->body ? told->body : "{}";
    l->body_len = strlen(l->body);
    l->contracts = told->contracts ? told->contracts : "[]";
    l->contracts_len = strlen(l->contracts);
    l->entitlements = told->entitlements ? told->entitlements : "[]";
    l->entitlements_len = strlen(l->entitlements);
}

/* One call of one plugin with one secret setting, "s3cret". */
struct fake {
    struct fake_far far;
    struct call call;
    struct hermod_call *c;         /* what a plugin would hold */
    struct setting_info setting;
    struct plugin_info plugin;
    struct setting_value value;
    struct destination destination;
    struct hermod_event event;
};

static inline void
fake_begin(struct fake *f)
{
    memset(f, 0, sizeof(*f));
    f->far.far = (struct far){ fake_now, fake_random, fake_start, fake_wait, fake_memo_get,
                               fake_memo_set, fake_exclusive, fake_release, fake_log,
                               fake_lookup };
    for (size_t i = 0; i < 3; i++)
        f->far.told[i].status = 200;
    f->far.answer.pub = (struct hermod_response){ .status = 200, .error = "", .body = "" };
    f->setting = (struct setting_info){ .name = "apiKey", .type = SETTING_STRING,
                                        .flags = SETTING_SECRET };
    f->plugin = (struct plugin_info){ .name = "fake", .settings = &f->setting,
                                      .setting_count = 1 };
    f->value = (struct setting_value){ .set = true, .text = "s3cret" };
    f->destination = (struct destination){ .values = &f->value, .value_count = 1 };
    f->event = (struct hermod_event){ .id = "evt_1", .user_id = "email|84cc",
                                       .checkout_id = "" };
    call_begin(&f->call, &f->far.far, &f->plugin, &f->destination, &f->event, 1);
    f->c = &f->call.pub;
}

static inline void
fake_end(struct fake *f)
{
    call_end(&f->call);
}

/* The reason the call has been marked with; "" while it is not. */
static inline const char *
fake_mark(const struct fake *f)
{
    return f->call.verdict.marked ? f->call.verdict.reason : "";
}

/* What the last request sent had under this header; "(none)". */
static inline const char *
fake_sent_header(const struct hermod_request *q, const char *name)
{
    for (size_t i = 0; i < q->header_count; i++)
        if (strcmp(q->headers[i].name, name) == 0)
            return q->headers[i].value;
    return "(none)";
}

#endif
