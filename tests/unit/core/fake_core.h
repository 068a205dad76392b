/* fake_core.h - a stand-in for the core behind intake and admin: keeps what it is told in
   memory, and commits at the end of a turn, when and as the test wants. */
#ifndef HERMOD_TESTS_FAKE_CORE_H
#define HERMOD_TESTS_FAKE_CORE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/loop.h"
#include "base/mem.h"
#include "core/core.h"
#include "net/httpd.h"

#define FAKE_MAX 4096
#define FAKE_DESTINATIONS 8

struct fake_accept {
    struct journal_event *events;
    size_t count;
    void (*done)(void *arg, int error);
    void *arg;
};

struct core {
    struct loop *loop;
    struct host_config config;
    struct journal *journal;
    struct httpd *httpd;
    int64_t now_ms;
    const char *vendor;            /* the one that is known */
    const char *pressure;          /* NULL: there is room */
    int error;                     /* of the next commits */
    bool hold;                     /* commit nothing for now */
    struct fake_accept accepts[FAKE_MAX];
    size_t accept_count;
    struct {
        uint8_t key[16];
        uint64_t fingerprint;
        char *body;
    } kept[FAKE_MAX];
    int kept_count;
    int accepted;                  /* calls of core_accept() */

    bool stopping;
    struct core_destination destinations[FAKE_DESTINATIONS];
    size_t destination_count;
    int woken;                     /* calls of core_wake() */
    struct core_stats stats;
};

static struct core core;
static char fake_reason[256];

struct loop *
core_loop(struct core *c)
{
    return c->loop;
}

struct journal *
core_journal(struct core *c)
{
    return c->journal;
}

const struct host_config *
core_config(const struct core *c)
{
    return &c->config;
}

int64_t
core_now_ms(const struct core *c)
{
    return c->now_ms;
}

const char *
core_pressure(struct core *c, int *ret_after_s)
{
    *ret_after_s = 7;
    return c->pressure;
}

bool
core_knows_vendor(const struct core *c, const char *vendor)
{
    return strcmp(c->vendor, vendor) == 0;
}

bool
core_stopping(const struct core *c)
{
    return c->stopping;
}

size_t
core_destination_count(const struct core *c)
{
    return c->destination_count;
}

void
core_destination(const struct core *c, size_t index, struct core_destination *ret)
{
    *ret = c->destinations[index];
}

size_t
core_destination_find(const struct core *c, const char *vendor, const char *plugin,
                      const char *name)
{
    for (size_t i = 0; i < c->destination_count; i++) {
        const struct destination *d = c->destinations[i].config;

        if (strcmp(d->vendor, vendor) == 0 && strcmp(d->plugin, plugin) == 0 &&
            strcmp(d->name, name ? name : plugin) == 0)
            return i;
    }
    return SIZE_MAX;
}

void
core_explain_waiting(UNUSED const struct core *c, int64_t seq, uint32_t destination,
                     UNUSED int64_t due_ms, struct buf *out)
{
    buf_printf(out, "waiting: event %d at destination %u", (int)seq, (unsigned)destination);
}

void
core_set_paused(struct core *c, size_t index, bool paused, const char *reason)
{
    snprintf(fake_reason, sizeof(fake_reason), "%s", reason);
    c->destinations[index].paused = paused;
    c->destinations[index].hold_reason = fake_reason;
}

void
core_wake(struct core *c, UNUSED uint32_t destination_id)
{
    c->woken++;
}

void
core_stats(const struct core *c, struct core_stats *ret)
{
    *ret = c->stats;
}

void
core_accept(struct core *c, struct journal_event *events, size_t count,
            void (*done)(void *arg, int error), void *arg)
{
    c->accepted++;
    if (c->accept_count == FAKE_MAX)
        abort();
    c->accepts[c->accept_count++] = (struct fake_accept){ events, count, done, arg };
}

static void
fake_keep(struct core *c, struct journal_event *je)
{
    for (int i = 0; i < c->kept_count; i++) {
        if (memcmp(c->kept[i].key, je->key, 16) == 0) {
            je->added = c->kept[i].fingerprint == je->fingerprint ? JOURNAL_SAME
                                                                  : JOURNAL_CONFLICT;
            return;
        }
    }
    if (c->kept_count == FAKE_MAX)
        abort();
    memcpy(c->kept[c->kept_count].key, je->key, 16);
    c->kept[c->kept_count].fingerprint = je->fingerprint;
    c->kept[c->kept_count++].body = xmemdup0(je->event->body, je->event->body_len);
    je->added = JOURNAL_NEW;
}

/* The end of a turn. */
static void
fake_commit(void *arg)
{
    struct core *c = arg;
    size_t count = c->accept_count;

    if (c->hold || count == 0)
        return;
    c->accept_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct fake_accept *a = &c->accepts[i];

        for (size_t k = 0; c->error == 0 && k < a->count; k++)
            fake_keep(c, &a->events[k]);
        a->done(a->arg, c->error);
    }
    if (c->httpd)
        httpd_turn(c->httpd);
}

static void
fake_core_open(void)
{
    memset(&core, 0, sizeof(core));
    core.loop = loop_new();
    core.vendor = "acme";
    core.now_ms = 1767225600000;
    core.config.listen = "127.0.0.1:0";
    core.config.admin = "127.0.0.1:0";
    loop_after_poll(core.loop, fake_commit, &core);
}

static void
fake_core_close(void)
{
    httpd_free(core.httpd);
    for (int i = 0; i < core.kept_count; i++)
        free(core.kept[i].body);
    loop_free(core.loop);
}

#endif
