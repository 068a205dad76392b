/* tags.c - see tags.h. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "model/slug.h"
#include "model/tags.h"

struct list {
    struct arena *arena;
    const char **items;
    size_t count;
};

static struct list
list_of(struct arena *a, size_t max)
{
    return (struct list){ a, arena_alloc(a, (max + 1) * sizeof(const char *)), 0 };
}

static size_t
length(const char *const *list)
{
    size_t n = 0;

    while (list[n])
        n++;
    return n;
}

/* Bytes of the character at text; 0 for a control character or a byte that is none. */
static size_t
printable(const char *text, size_t len)
{
    size_t n = utf8_step(text, len);
    unsigned char c = (unsigned char)*text;

    if (n == 1 && (c < 0x20 || c == 0x7f))
        return 0;
    if (n == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0)  /* C1 */
        return 0;
    return n;
}

/* Adds prefix and rest, without control characters and cut to TAG_MAX characters, unless
   rest has nothing to show. */
static void
add(struct list *l, const char *prefix, const char *rest)
{
    const char *text = arena_printf(l->arena, "%s%s", prefix, rest);
    size_t len = strlen(text), out_len = 0, count = 0, n, shown;
    char *out = arena_alloc(l->arena, len + 1);

    for (size_t i = 0; i < len && count < TAG_MAX; i += n ? n : 1) {
        n = printable(text + i, len - i);
        memcpy(out + out_len, text + i, n);
        out_len += n;
        count += n > 0;
    }
    text_trim(out + strlen(prefix), &shown);
    if (*rest == '\0' || shown > 0)
        l->items[l->count++] = out;
}

static void
add_entitlement(struct list *l, const struct hermod_product *p)
{
    CLEANUP(free_ptr) char *title = slug(p->title), *type = slug(p->type);

    if (*title)
        add(l, TAG_PREFIX "active_entitlement_",
            arena_printf(l->arena, "%s%s%s", type, *type ? "-" : "", title));
}

static void
add_product(struct list *l, const struct hermod_product *p)
{
    if (!*p->sku)
        return;
    add(l, TAG_PREFIX "active_sku_", p->sku);
    if (*p->option_id)
        add(l, TAG_PREFIX "active_sku_po_",
            arena_printf(l->arena, "%s-%s", p->sku, p->option_id));
}

static bool
has_overdue(const struct hermod_subscriber *s)
{
    for (size_t i = 0; s->contracts[i]; i++)
        if (s->contracts[i]->state == HERMOD_CONTRACT_OVERDUE)
            return true;
    return false;
}

static int
by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort_once(struct list *l)
{
    size_t kept = 0;

    if (l->count)
        qsort(l->items, l->count, sizeof(*l->items), by_bytes);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || !str_eq(l->items[kept - 1], l->items[i]))
            l->items[kept++] = l->items[i];
    l->items[kept] = NULL;
    l->count = kept;
}

const char *const *
tags_wanted(struct arena *a, const struct hermod_subscriber *s)
{
    size_t max = 5 + length(s->tags);
    struct list l;

    for (size_t i = 0; s->entitlements[i]; i++)
        max++;
    for (size_t i = 0; s->active_products[i]; i++)
        max += 2;
    l = list_of(a, max);
    if (s->active_subscriptions > 0)
        add(&l, TAG_PREFIX "active_subscriber", "");
    if (has_overdue(s))
        add(&l, TAG_PREFIX "overdue_contract", "");
    if (s->has_external)
        add(&l, TAG_PREFIX "has_external_access", "");
    if (s->has_gifted)
        add(&l, TAG_PREFIX "has_gifted_subscription", "");
    if (s->made_single_purchase)
        add(&l, TAG_PREFIX "made_single_purchase", "");
    for (size_t i = 0; s->entitlements[i]; i++)
        if (s->entitlements[i]->active)
            add_entitlement(&l, s->entitlements[i]->product);
    for (size_t i = 0; s->active_products[i]; i++)
        add_product(&l, s->active_products[i]);
    for (size_t i = 0; s->tags[i]; i++)
        if (*s->tags[i])
            add(&l, TAG_PREFIX "tag_", s->tags[i]);
    sort_once(&l);
    return l.items;
}

static bool
is_ours(const char *tag)
{
    return str_starts(tag, TAG_PREFIX);
}

/* A set of the texts; map_free() it. */
static struct map
set_of(const char *const *list)
{
    static char there;
    struct map m = { 0 };

    for (; *list; list++)
        map_puts(&m, *list, &there);
    return m;
}

const char *const *
tags_merge(struct arena *a, const char *const *wanted, const char *const *existing)
{
    struct list l = list_of(a, length(wanted) + length(existing));

    for (; *existing; existing++)
        if (!is_ours(*existing))
            l.items[l.count++] = arena_strdup(a, *existing);
    for (; *wanted; wanted++)
        l.items[l.count++] = *wanted;
    return l.items;
}

const char *const *
tags_missing(struct arena *a, const char *const *wanted, const char *const *existing)
{
    CLEANUP(map_free) struct map there = set_of(existing);
    struct list l = list_of(a, length(wanted));

    for (; *wanted; wanted++)
        if (!map_gets(&there, *wanted))
            l.items[l.count++] = *wanted;
    return l.items;
}

const char *const *
tags_stale(struct arena *a, const char *const *wanted, const char *const *existing)
{
    CLEANUP(map_free) struct map known = set_of(wanted);
    struct list l = list_of(a, length(existing));
    static char told;

    for (; *existing; existing++)
        if (is_ours(*existing) && !map_gets(&known, *existing)) {
            map_puts(&known, *existing, &told);
            l.items[l.count++] = arena_strdup(a, *existing);
        }
    return l.items;
}
