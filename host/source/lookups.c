/* lookups.c - what is fetched for one question, and how the answers are put together: the user,
   all pages of the contracts and of the entitlements, and contracts by their id that the list
   does not have. Lists are cut and joined where they lie. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/caps.h"
#include "source/envelope.h"
#include "source/state.h"

#define EXTRA_OF(node) LIST_OF(node, struct extra, link)

static void on_rows(struct api_get *g);

static const char *
encoded(struct arena *a, const char *id)
{
    size_t len = strlen(id);
    char *out = arena_alloc(a, 3 * len + 1);

    percent_encode(id, len, out);
    return out;
}

/* ---- the end of things ---- */

static void
stop_pending(struct subject *sj)
{
    api_get_cancel(&sj->get);
    api_get_cancel(&sj->contracts.get);
    api_get_cancel(&sj->entitlements.get);
    LIST_EACH(node, &sj->extras)
        api_get_cancel(&EXTRA_OF(node)->get);
    sj->pending = 0;
}

/* The first thing that goes wrong is what went wrong. */
static void
fail(struct subject *sj, int status, int64_t after_ms, const char *error)
{
    stop_pending(sj);
    sj->status = status;
    sj->after_ms = after_ms;
    sj->error = error;
    subject_fetched(sj);
}

static void
fail_malformed(struct subject *sj, const char *what)
{
    fail(sj, 502, 0, arena_printf(&sj->arena, "%s: not an answer that can be understood", what));
}

static void
arrived(struct subject *sj)
{
    if (--sj->pending == 0)
        subject_fetched(sj);
}

static void
rows_free(struct rows *r)
{
    free(r->list);
    map_free(&r->ids);
    *r = (struct rows){ 0 };
}

void
fetch_clear(struct subject *sj)
{
    stop_pending(sj);
    rows_free(&sj->contracts);
    rows_free(&sj->entitlements);
    list_init(&sj->extras);
    sj->get = (struct api_get){ 0 };
    sj->body = sj->contracts_text = sj->entitlements_text = (struct slice){ "", 0 };
    sj->error = "";
    sj->after_ms = 0;
    arena_wipe(&sj->arena);
}

/* ---- one thing ---- */

static void
on_thing(struct api_get *g)
{
    struct subject *sj = g->subject;
    const struct hermod_response *r = &g->q.response.pub;

    if (g->status != 200)
        fail(sj, g->status, g->after_ms, g->error);
    else if (!envelope_object(r->body, r->body_len, &sj->body))
        fail_malformed(sj, g->what);
    else
        arrived(sj);
}

/* A contract that is asked for by its id may be gone; one that a gift comes from may be none of
   ours to see. */
static void
on_extra(struct api_get *g)
{
    struct subject *sj = g->subject;
    struct extra *x = g->arg;
    const struct hermod_response *r = &g->q.response.pub;
    bool absent = g->status == 404 || (x->gift && g->status == 403);

    if (g->status != 200 && !absent) {
        fail(sj, g->status, g->after_ms, g->error);
        return;
    }
    if (!absent && !envelope_object(r->body, r->body_len, &x->body)) {
        fail_malformed(sj, g->what);
        return;
    }
    x->known = true;
    arrived(sj);
}

struct extra *
fetch_extra(const struct subject *sj, const char *id)
{
    LIST_EACH(node, &sj->extras)
        if (str_eq(EXTRA_OF(node)->id, id))
            return EXTRA_OF(node);
    return NULL;
}

bool
fetch_has_contract(const struct subject *sj, const char *id)
{
    return map_gets(&sj->contracts.ids, id) != NULL;
}

/* Servers take these for another path. */
static bool
no_segment(const char *id)
{
    return *id == '\0' || str_eq(id, ".") || str_eq(id, "..");
}

void
fetch_contract(struct subject *sj, const char *id, bool gift)
{
    struct extra *x;

    if (no_segment(id) || fetch_has_contract(sj, id) || fetch_extra(sj, id))
        return;
    x = arena_alloc(&sj->arena, sizeof(*x));
    x->id = arena_strdup(&sj->arena, id);
    x->gift = gift;
    list_push_back(&sj->extras, &x->link);
    sj->pending++;
    api_get_start(&x->get, sj, "contract",
                  arena_printf(&sj->arena, "/management/contracts/%s", encoded(&sj->arena, id)),
                  true, on_extra, x);
}

/* ---- lists ---- */

static void
ask_page(struct subject *sj, struct rows *r)
{
    struct arena *a = &sj->arena;
    const char *from = "";

    if (r->received > 0)
        from = arena_printf(a, "&%s=%zu", sj->vendor->source->config.paging_by_offset
                                              ? "offset" : "from", r->received);
    api_get_start(&r->get, sj, r->what,
                  arena_printf(a, "%s?userId=%s&limit=%d%s", r->path, encoded(a, sj->id),
                               SOURCE_PAGE, from),
                  r->received > 0, on_rows, r);
}

/* Keeps those of a page that are new. Their number; -1: it is no list of objects; -2: too many. */
static int
keep_new(struct rows *r, const struct slice *page, int *ret_count)
{
    int room = SOURCE_ROWS - (int)r->count, kept = 0;
    struct slice *in = r->list + r->count, id;
    int count = slices_of_array(page->at, page->len, in, room);

    if (count < 0)
        return count;
    for (int i = 0; i < count; i++) {
        struct slice row = in[i];

        if (row.len == 0 || row.at[0] != '{')
            return -1;
        if (!envelope_text(&row, "id", &id))
            id = row;
        if (map_put(&r->ids, id.at, id.len, r))
            continue;
        in[kept++] = row;
        r->bytes += row.len + 1;
    }
    r->count += (size_t)kept;
    *ret_count = count;
    return kept;
}

/* A gift's contract belongs to whoever paid. */
static void
fetch_gifts(struct subject *sj)
{
    const struct rows *e = &sj->entitlements;
    struct slice origin, type, id;
    unsigned left = SOURCE_GIFTS;
    size_t before = sj->pending;

    for (size_t i = 0; i < e->count && left > 0; i++) {
        char text[CAP_FIELD + 1];

        if (slice_of_member(e->list[i].at, e->list[i].len, "origin", &origin) != 1 ||
            !envelope_text(&origin, "type", &type) || type.len != 8 ||
            memcmp(type.at, "PAYMENTS", 8) != 0 ||
            !envelope_text(&origin, "contractId", &id) || id.len > CAP_FIELD)
            continue;
        memcpy(text, id.at, id.len);
        text[id.len] = '\0';
        fetch_contract(sj, text, true);
        left -= sj->pending != before;
        before = sj->pending;
    }
}

static void
rows_arrived(struct subject *sj)
{
    if (sj->contracts.get.status == 200 && !sj->contracts.get.active &&
        sj->entitlements.get.status == 200 && !sj->entitlements.get.active)
        fetch_gifts(sj);
    arrived(sj);
}

static void
on_rows(struct api_get *g)
{
    struct subject *sj = g->subject;
    struct rows *r = g->arg;
    const struct hermod_response *answer = &g->q.response.pub;
    int64_t total;
    struct slice page;
    int count = 0, kept;

    if (g->status == 404) {                /* of a list: it is not the user that is gone */
        fail(sj, 502, 0, arena_printf(&sj->arena, "%s: 404; is sesamy.apiUrl right?", r->what));
        return;
    }
    if (g->status != 200) {
        fail(sj, g->status, g->after_ms, g->error);
        return;
    }
    if (!envelope_list(answer->body, answer->body_len, r->what, &page, &total) ||
        (kept = keep_new(r, &page, &count)) == -1) {
        fail_malformed(sj, r->what);
        return;
    }
    r->received += (size_t)count;
    if (kept == -2 || r->bytes > CAP_ANSWER || ++r->pages > SOURCE_PAGES) {
        fail(sj, 502, 0, arena_printf(&sj->arena, "%s: more than can be handled", r->what));
        return;
    }
    /* A page that brings nothing new is the last one, or the same one again. */
    if (kept > 0 && (count >= SOURCE_PAGE || (total >= 0 && (int64_t)r->received < total)))
        ask_page(sj, r);
    else
        rows_arrived(sj);
}

static void
start_rows(struct subject *sj, struct rows *r, const char *what, const char *path)
{
    *r = (struct rows){ .what = what, .path = path };
    r->list = xcalloc(SOURCE_ROWS, sizeof(*r->list));
    sj->pending++;
    ask_page(sj, r);
}

void
fetch_start(struct subject *sj)
{
    static const struct {
        const char *what, *path;
    } things[] = {
        [LOOKUP_SUBSCRIBER] = { "user", "/management/users/" },
        [LOOKUP_CHECKOUT] = { "checkout", "/checkouts/" },
        [LOOKUP_PRODUCT] = { "product", "/management/products/" },
    };
    struct arena *a = &sj->arena;

    sj->status = 200;
    sj->pending = 1;
    api_get_start(&sj->get, sj, things[sj->kind].what,
                  arena_printf(a, "%s%s", things[sj->kind].path, encoded(a, sj->id)), false,
                  on_thing, NULL);
    if (sj->kind != LOOKUP_SUBSCRIBER)
        return;
    start_rows(sj, &sj->contracts, "contracts", "/management/contracts");
    start_rows(sj, &sj->entitlements, "entitlements", "/management/entitlements");
}

/* ---- the answer ---- */

static struct slice
join(struct subject *sj, const struct rows *r, bool gifts)
{
    struct buf b;
    struct slice joined;

    buf_init(&b, 8 * CAP_ANSWER);         /* with every gift; what is too long is told later */
    buf_byte(&b, '[');
    for (size_t i = 0; i < r->count; i++) {
        if (b.len > 1)
            buf_byte(&b, ',');
        buf_add(&b, r->list[i].at, r->list[i].len);
    }
    LIST_EACH(node, &sj->extras) {
        const struct extra *x = EXTRA_OF(node);

        if (!gifts || !x->gift || x->body.len == 0)
            continue;
        if (b.len > 1)
            buf_byte(&b, ',');
        buf_add(&b, x->body.at, x->body.len);
    }
    buf_byte(&b, ']');
    joined = (struct slice){ arena_memdup0(&sj->arena, b.data, b.len), b.len };
    mem_wipe(b.data, b.len);
    buf_free(&b);
    return joined;
}

void
fetch_join(struct subject *sj)
{
    if (sj->kind != LOOKUP_SUBSCRIBER || sj->contracts_text.len > 0)
        return;
    sj->contracts_text = join(sj, &sj->contracts, true);
    sj->entitlements_text = join(sj, &sj->entitlements, false);
    free(sj->contracts.list);
    free(sj->entitlements.list);
    sj->contracts.list = sj->entitlements.list = NULL;
}
