/* coalesce.c - one fetch for all that wait for the same. What was fetched serves an event only if
   the fetch was started after the event was accepted: only then is it sure to show what the event
   tells of. So of two that wait for one user each gets the fetch that is under way, or both the
   one after it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/caps.h"
#include "source/state.h"

#define ASKER_OF(node) LIST_OF(node, struct asker, link)

static void settle(struct subject *sj);

/* ---- answers ---- */

static void
answer(struct asker *a, const struct msg_answer *m)
{
    list_remove(&a->link);
    a->answer(a, m);
}

static void
answer_error(struct asker *a, int status, int64_t after_ms, const char *error)
{
    const struct msg_answer m = { .status = status, .after_ms = after_ms, .error = error,
                                  .body = "", .contracts = "", .entitlements = "" };

    answer(a, &m);
}

/* With the event's own contract behind the others, when it was not among them. */
static void
answer_subscriber(struct subject *sj, struct asker *a, struct msg_answer *m)
{
    const struct extra *x = fetch_extra(sj, a->contract);
    const struct slice *all = &sj->contracts_text;
    char *joined;

    m->contracts = all->at;
    m->contracts_len = all->len;
    m->entitlements = sj->entitlements_text.at;
    m->entitlements_len = sj->entitlements_text.len;
    if (!x || x->gift || x->body.len == 0) {
        answer(a, m);
        return;
    }
    joined = xasprintf("%.*s%s%.*s]", (int)all->len - 1, all->at, all->len > 2 ? "," : "",
                       (int)x->body.len, x->body.at);
    m->contracts = joined;
    m->contracts_len = strlen(joined);
    answer(a, m);
    mem_wipe(joined, strlen(joined));
    free(joined);
}

static void
answer_one(struct subject *sj, struct asker *a)
{
    struct msg_answer m = { .status = sj->status, .error = "", .body = sj->body.at,
                            .body_len = sj->body.len, .contracts = "", .entitlements = "" };

    if (sj->status != 200)
        answer_error(a, sj->status, sj->after_ms, sj->error);
    else if (sj->body.len + sj->contracts_text.len + sj->entitlements_text.len > CAP_ANSWER)
        answer_error(a, 502, 0, "the platform says more than can be handled");
    else if (sj->kind == LOOKUP_SUBSCRIBER)
        answer_subscriber(sj, a, &m);
    else
        answer(a, &m);
}

/* ---- subjects ---- */

static struct subject *
subject_new(struct vendor *v, enum lookup_kind kind, const char *id, const char *key)
{
    struct subject *sj = xcalloc(1, sizeof(*sj));

    sj->vendor = v;
    sj->kind = kind;
    sj->id = xstrdup(id);
    sj->key = xstrdup(key);
    list_init(&sj->kept);
    list_init(&sj->askers);
    list_init(&sj->next);
    list_init(&sj->extras);
    arena_init(&sj->arena, 0);
    fetch_clear(sj);
    map_puts(&v->subjects, key, sj);
    return sj;
}

static void
leave_kept(struct subject *sj)
{
    if (list_empty(&sj->kept))
        return;
    list_remove(&sj->kept);
    sj->vendor->source->kept_bytes -= sj->arena.used;
}

static void
subject_free(struct subject *sj)
{
    leave_kept(sj);
    map_del(&sj->vendor->subjects, sj->key, strlen(sj->key));
    fetch_clear(sj);
    free(sj->id);
    free(sj->key);
    free(sj);
}

static int64_t
kept_until_ms(const struct subject *sj)
{
    return sj->ended_mono_ms +
           (sj->kind == LOOKUP_PRODUCT ? SOURCE_KEEP_PRODUCT_MS : SOURCE_KEEP_MS);
}

/* The timer. */
static void
forget(void *arg)
{
    struct source *s = arg;
    int64_t now_ms = s->mono_ms(), next_ms = INT64_MAX;

    LIST_EACH_SAFE(node, &s->kept) {
        struct subject *sj = LIST_OF(node, struct subject, kept);

        if (kept_until_ms(sj) <= now_ms || s->kept_bytes > SOURCE_KEEP_BYTES)
            subject_free(sj);
        else if (kept_until_ms(sj) < next_ms)
            next_ms = kept_until_ms(sj);
    }
    if (next_ms < INT64_MAX)
        loop_timer_set(s->forget, next_ms - now_ms);
}

/* Nobody waits for it. */
static void
keep(struct subject *sj)
{
    struct source *s = sj->vendor->source;
    bool first = list_empty(&s->kept);

    list_push_back(&s->kept, &sj->kept);
    s->kept_bytes += sj->arena.used;
    if (first || s->kept_bytes > SOURCE_KEEP_BYTES)
        loop_timer_set(s->forget, s->kept_bytes > SOURCE_KEEP_BYTES ? 0 : SOURCE_KEEP_MS);
}

static void
begin(struct subject *sj)
{
    leave_kept(sj);
    fetch_clear(sj);
    sj->state = SUBJECT_RUNNING;
    sj->started_ms = 0;
    fetch_start(sj);
}

void
subject_started(struct subject *sj)
{
    if (sj->started_ms)
        return;
    sj->started_ms = sj->vendor->source->wall_ms();
    sj->started_mono_ms = sj->vendor->source->mono_ms();
}

/* Has the fetch that is under way, or over, started late enough? One that has not started yet
   has, for all that are accepted already. */
static bool
serves(const struct subject *sj, const struct asker *a)
{
    if (sj->state == SUBJECT_IDLE)
        return false;
    if (sj->started_ms == 0)
        return true;
    if (sj->kind == LOOKUP_PRODUCT)
        return sj->vendor->source->mono_ms() < sj->started_mono_ms + SOURCE_KEEP_PRODUCT_MS;
    return sj->started_ms > a->accepted_ms;
}

/* All that was asked for is here, or something went wrong. */
static void
conclude(struct subject *sj)
{
    struct list served, *node;

    if (sj->status == 200)
        fetch_join(sj);
    list_init(&served);
    while ((node = list_pop_front(&sj->askers)))
        list_push_back(&served, node);
    while ((node = served.next) != &served)
        answer_one(sj, ASKER_OF(node));
    sj->ended_mono_ms = sj->vendor->source->mono_ms();
    if (!list_empty(&sj->next)) {
        while ((node = list_pop_front(&sj->next)))
            list_push_back(&sj->askers, node);
        begin(sj);
    } else if (sj->status == 200) {
        leave_kept(sj);
        sj->state = SUBJECT_KNOWN;
        keep(sj);
    } else {
        subject_free(sj);
    }
}

/* The base is here: fetches the contracts that events name and that are not in the list. */
static void
settle(struct subject *sj)
{
    if (sj->status == 200 && sj->kind == LOOKUP_SUBSCRIBER)
        LIST_EACH(node, &sj->askers)
            fetch_contract(sj, ASKER_OF(node)->contract, false);
    if (sj->pending == 0)
        conclude(sj);
    else
        sj->state = SUBJECT_RUNNING;
}

void
subject_fetched(struct subject *sj)
{
    settle(sj);
}

/* ---- questions ---- */

static void
ask(struct subject *sj, struct asker *a)
{
    if (serves(sj, a)) {
        bool known = sj->state == SUBJECT_KNOWN;

        list_push_back(&sj->askers, &a->link);
        if (known) {
            leave_kept(sj);
            settle(sj);
        }
    } else if (sj->state == SUBJECT_RUNNING) {
        list_push_back(&sj->next, &a->link);
    } else {
        list_push_back(&sj->askers, &a->link);
        begin(sj);
    }
}

void
source_ask(struct source *s, const struct msg_lookup *m, struct asker *a)
{
    struct vendor *v = map_gets(&s->vendors, m->vendor);
    const char *id = m->kind == LOOKUP_SUBSCRIBER ? m->user
                     : m->kind == LOOKUP_CHECKOUT ? m->checkout : m->sku;
    CLEANUP(free_ptr) char *key = NULL;
    struct subject *sj;
    int64_t wait_ms;

    list_init(&a->link);
    if (!v) {
        answer_error(a, 401, 0, "the vendor's file has no sesamy.clientId and "
                                "sesamy.clientSecret");
        return;
    }
    if (*id == '\0' || str_eq(id, ".") || str_eq(id, "..")) {
        answer_error(a, 404, 0, "there is no such id");
        return;
    }
    key = xasprintf("%d %s", m->kind, id);
    sj = map_gets(&v->subjects, key);
    wait_ms = rates_guess(&v->rates, v->queued, s->mono_ms());
    if ((!sj || !serves(sj, a)) && wait_ms > SOURCE_WAIT_MS) {
        answer_error(a, 429, wait_ms, "the platform's limit of requests is reached");
        return;
    }
    if (!sj)
        sj = subject_new(v, m->kind, id, key);
    ask(sj, a);
}

/* ---- the context ---- */

void
source_init(struct source *s, struct loop *l, const struct msg_source_config *config)
{
    s->loop = l;
    s->config = *config;
    s->http = http_new(l);
    s->forget = loop_timer_new(l, forget, s);
    list_init(&s->kept);
}

void
source_free(struct source *s)
{
    struct map_slot *slot, *inner;
    size_t pos = 0;

    while (map_next(&s->vendors, &pos, &slot)) {
        struct vendor *v = slot->value;
        size_t at = 0;

        while (map_next(&v->subjects, &at, &inner)) {
            subject_free(inner->value);
            at = 0;
        }
        token_free(v);
        loop_timer_free(v->timer);
        map_free(&v->subjects);
    }
    loop_timer_free(s->forget);
    http_free(s->http);
    map_free(&s->vendors);
    arena_wipe(&s->arena);
}
