/* admin_change.c - what people change: replay, drop, pause, resume.

   A replay may mean a million deliveries. It goes on in slices, one a turn, so that events
   are taken and deliveries made meanwhile, and is answered at its end. Each slice begins
   where the last one ended: what is parked again at once is not replayed again. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/admin_parts.h"
#include "core/jsonout.h"
#include "model/caps.h"
#include "model/suggest.h"

#define SLICE 500
#define NAMES_MAX 4096

struct change {
    struct list link;                      /* in admin->changes */
    struct admin *admin;
    struct http_in *http;
    struct arena arena;                    /* what filter points to */
    struct journal_filter filter;
    uint8_t key[16];
    struct loop_timer *timer;
    bool drop;
    int64_t count;
};

static void
change_free(struct change *ch)
{
    list_remove(&ch->link);
    loop_timer_free(ch->timer);
    arena_free(&ch->arena);
    free(ch);
}

static void
answer_count(struct http_in *http, int64_t count, bool dry_run)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(256);

    out_object(&b, NULL);
    out_number(&b, "count", count);
    out_bool(&b, "dryRun", dry_run);
    out_end_object(&b);
    http_in_answer(http, 200, "application/json", b.data, b.len);
}

static void
on_changed(void *arg, uint32_t destination, int64_t seq)
{
    struct change *ch = arg;

    if (seq > ch->filter.from_seq)
        ch->filter.from_seq = seq;
    core_wake(ch->admin->core, destination);
}

static void
on_slice(void *arg)
{
    struct change *ch = arg;
    struct core *c = ch->admin->core;
    int64_t n = ch->drop ? journal_drop(core_journal(c), &ch->filter, false)
                         : journal_replay(core_journal(c), &ch->filter, core_now_ms(c), false,
                                          on_changed, ch);

    if (n > 0)
        ch->count += n;
    if (n == SLICE) {
        loop_timer_set(ch->timer, 0);
        return;
    }
    log_info(ch->drop ? "parked deliveries were dropped" : "parked deliveries were replayed",
             log_i("count", ch->count));
    if (n < 0)
        admin_journal_failed(ch->admin, ch->http, n);
    else
        answer_count(ch->http, ch->count, false);
    change_free(ch);
}

static const char *
kept(struct arena *a, const char *text)
{
    return text ? arena_strdup(a, text) : NULL;
}

static void
change_start(struct admin_request *r, const struct admin_choice *choice, bool drop)
{
    struct change *ch = xcalloc(1, sizeof(*ch));

    arena_init(&ch->arena, 0);
    ch->admin = r->admin;
    ch->http = r->http;
    ch->drop = drop;
    ch->filter = choice->filter;
    ch->filter.vendor = kept(&ch->arena, choice->filter.vendor);
    ch->filter.plugin = kept(&ch->arena, choice->filter.plugin);
    ch->filter.name = kept(&ch->arena, choice->filter.name);
    ch->filter.user = kept(&ch->arena, choice->filter.user);
    memcpy(ch->key, choice->key, sizeof(ch->key));
    if (choice->filter.event)
        ch->filter.event = ch->key;
    ch->filter.limit = SLICE;
    ch->timer = loop_timer_new(core_loop(r->admin->core), on_slice, ch);
    list_push_back(&r->admin->changes, &ch->link);
    loop_timer_set(ch->timer, 0);
}

static void
change(struct admin_request *r, bool drop)
{
    struct journal *j = core_journal(r->admin->core);
    struct admin_choice choice;
    int64_t n;

    if (admin_choice_of_body(r, &choice) < 0)
        return;
    if (!choice.dry_run) {
        change_start(r, &choice, drop);
        return;
    }
    n = drop ? journal_drop(j, &choice.filter, true)
             : journal_replay(j, &choice.filter, core_now_ms(r->admin->core), true, NULL, NULL);
    if (n < 0)
        admin_journal_failed(r->admin, r->http, n);
    else
        answer_count(r->http, n, true);
}

void
admin_replay(struct admin_request *r)
{
    change(r, false);
}

void
admin_drop(struct admin_request *r)
{
    change(r, true);
}

void
admin_changes_free(struct admin *a)
{
    struct list *node;

    while ((node = list_pop_front(&a->changes))) {
        struct change *ch = LIST_OF(node, struct change, link);

        http_in_problem(ch->http, 503, "hermod is stopping", NULL);
        change_free(ch);
    }
}

/* ---- pause and resume ---- */

static const char *
title_of(struct arena *a, const char *vendor, const char *plugin, const char *name)
{
    return arena_printf(a, "%s/%s%s%s", vendor, plugin, str_eq(plugin, name) ? "" : "/",
                        str_eq(plugin, name) ? "" : name);
}

static void
answer_unknown(struct admin_request *r)
{
    struct core *c = r->admin->core;
    size_t count = core_destination_count(c);
    const char **names, *wanted, *near;

    if (count > NAMES_MAX)
        count = NAMES_MAX;
    names = arena_alloc(r->arena, count * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        struct core_destination d;

        core_destination(c, i, &d);
        names[i] = title_of(r->arena, d.config->vendor, d.config->plugin, d.config->name);
    }
    wanted = title_of(r->arena, r->params[0], r->params[1], r->params[2]);
    near = suggest(wanted, names, count);
    http_in_problem(r->http, 404,
                    arena_printf(r->arena, "there is no destination %.200s%s%s%s", wanted,
                                 near ? "; did you mean " : "", near ? near : "",
                                 near ? "?" : ""), NULL);
}

static void
set_paused(struct admin_request *r, bool paused, const char *reason)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(4096);
    struct core *c = r->admin->core;
    size_t index = core_destination_find(c, r->params[0], r->params[1], r->params[2]);
    struct core_destination d;

    if (index == SIZE_MAX) {
        answer_unknown(r);
        return;
    }
    core_set_paused(c, index, paused, reason);
    core_destination(c, index, &d);
    log_info(paused ? "a destination was paused" : "a destination was resumed",
             log_s("vendor", d.config->vendor), log_s("plugin", d.config->plugin),
             log_s("name", d.config->name));
    out_object(&b, NULL);
    out_text(&b, "state", admin_state_of(&d, NULL));
    out_end_object(&b);
    admin_answer(r, &b);
}

void
admin_pause(struct admin_request *r)
{
    const char *reason = admin_body_text(r, "reason");

    if (reason && strlen(reason) > CAP_REASON)
        http_in_problem(r->http, 400, "reason: too long", "/reason");
    else
        set_paused(r, true, reason && *reason ? reason : "paused by hand");
}

void
admin_resume(struct admin_request *r)
{
    set_paused(r, false, "");
}
