/* gate.c - see gate.h. */
#include <stdlib.h>

#include "base/mem.h"
#include "net/gate.h"

#define HOSTS_KEPT 4096                    /* then those that nobody waits for are forgotten */

struct gate_host {
    struct list link;                      /* in gate.line */
    struct list waiting;                   /* passes */
    int64_t known_until_ms;
    bool looking, in_line;
};

#define PASS_OF(node) LIST_OF(node, struct gate_pass, link)

void
gate_init(struct gate *g)
{
    *g = (struct gate){ 0 };
    list_init(&g->line);
    list_init(&g->go);
    list_init(&g->failed);
}

/* Frees the hosts that nobody needs; the map is built anew since it cannot change while it
   is walked. */
static void
forget_hosts(struct gate *g, bool all, int64_t now_ms)
{
    struct map kept = { 0 };
    struct map_slot *slot;
    size_t pos = 0;

    while (map_next(&g->hosts, &pos, &slot)) {
        struct gate_host *h = slot->value;

        if (!all && (h->looking || h->in_line || now_ms < h->known_until_ms))
            map_put(&kept, slot->key, slot->key_len, h);
        else
            free(h);
    }
    map_free(&g->hosts);
    g->hosts = kept;
}

void
gate_free(struct gate *g)
{
    forget_hosts(g, true, 0);
}

static struct gate_host *
host_of(struct gate *g, const char *name, int64_t now_ms)
{
    struct gate_host *h = map_gets(&g->hosts, name);

    if (h)
        return h;
    if (g->hosts.count >= HOSTS_KEPT)
        forget_hosts(g, false, now_ms);
    h = xcalloc(1, sizeof(*h));
    list_init(&h->link);
    list_init(&h->waiting);
    map_puts(&g->hosts, name, h);
    return h;
}

static void
lead(struct gate *g, struct gate_host *h, struct gate_pass *p)
{
    h->looking = p->leads = true;
    g->looking++;
}

static void
get_in_line(struct gate *g, struct gate_host *h)
{
    h->in_line = true;
    list_push_back(&g->line, &h->link);
}

/* Starts as many lookups as may run. */
static void
move_line(struct gate *g)
{
    while (g->looking < GATE_LOOKUPS && !list_empty(&g->line)) {
        struct gate_host *h = LIST_OF(list_pop_front(&g->line), struct gate_host, link);
        struct list *node = list_pop_front(&h->waiting);

        h->in_line = false;
        if (!node)
            continue;
        lead(g, h, PASS_OF(node));
        list_push_back(&g->go, node);
    }
}

bool
gate_enter(struct gate *g, struct gate_pass *p, const char *host, int64_t now_ms)
{
    struct gate_host *h = host_of(g, host, now_ms);

    *p = (struct gate_pass){ 0 };
    list_init(&p->link);
    if (!h->looking && !h->in_line && now_ms < h->known_until_ms)
        return true;
    p->host = h;
    if (!h->looking && !h->in_line && g->looking < GATE_LOOKUPS) {
        lead(g, h, p);
        return true;
    }
    list_push_back(&h->waiting, &p->link);
    if (!h->looking && !h->in_line)
        get_in_line(g, h);
    return false;
}

/* All that wait for the host, to a list; they have nothing to do with it any more. */
static void
dismiss_waiting(struct gate_host *h, struct list *to)
{
    struct list *node;

    while ((node = list_pop_front(&h->waiting))) {
        PASS_OF(node)->host = NULL;
        list_push_back(to, node);
    }
}

static void
stop_leading(struct gate *g, struct gate_pass *p)
{
    p->host->looking = p->leads = false;
    p->host = NULL;
    g->looking--;
}

void
gate_found(struct gate *g, struct gate_pass *p, int64_t now_ms)
{
    if (!p->leads)
        return;
    p->host->known_until_ms = now_ms + GATE_KNOWN_MS;
    dismiss_waiting(p->host, &g->go);
    stop_leading(g, p);
    move_line(g);
}

void
gate_failed(struct gate *g, struct gate_pass *p)
{
    if (!p->leads)
        return;
    dismiss_waiting(p->host, &g->failed);
    stop_leading(g, p);
    move_line(g);
}

void
gate_leave(struct gate *g, struct gate_pass *p)
{
    struct gate_host *h = p->host;

    list_remove(&p->link);
    if (p->leads) {
        stop_leading(g, p);
        if (!list_empty(&h->waiting))
            get_in_line(g, h);
        move_line(g);
    }
    p->host = NULL;
}

static struct gate_pass *
take(struct list *from)
{
    struct list *node = list_pop_front(from);

    return node ? PASS_OF(node) : NULL;
}

struct gate_pass *
gate_next_go(struct gate *g)
{
    return take(&g->go);
}

struct gate_pass *
gate_next_failed(struct gate *g)
{
    return take(&g->failed);
}
