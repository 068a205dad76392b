/* memo.c - see memo.h. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "runner/memo.h"

struct memo_value {
    struct list link;
    int64_t until_ms;
    size_t value_len;
    char *key;
    char value[];
};
struct memo_key {
    char *name;
    struct list line;                      /* struct memo_claim */
};

#define VALUE_OF(node) LIST_OF(node, struct memo_value, link)
#define CLAIM_OF(node) LIST_OF(node, struct memo_claim, link)

void
memo_init(struct memo *m)
{
    *m = (struct memo){ 0 };
    list_init(&m->by_age);
}

static size_t
value_size(const struct memo_value *v)
{
    return sizeof(*v) + v->value_len + strlen(v->key);
}

static void
remove_value(struct memo *m, struct memo_value *v)
{
    m->bytes -= value_size(v);
    map_del(&m->values, v->key, strlen(v->key));
    list_remove(&v->link);
    mem_wipe(v->value, v->value_len);      /* tokens are kept here */
    free(v->key);
    free(v);
}

void
memo_free(struct memo *m)
{
    while (!list_empty(&m->by_age))
        remove_value(m, VALUE_OF(m->by_age.next));
    map_free(&m->values);
    map_free(&m->keys);
}

const char *
memo_get(struct memo *m, const char *key, int64_t now_ms)
{
    struct memo_value *v = map_gets(&m->values, key);

    if (!v)
        return NULL;
    if (now_ms >= v->until_ms) {
        remove_value(m, v);
        return NULL;
    }
    return v->value;
}

void
memo_set(struct memo *m, const char *key, const char *value, int64_t for_ms, int64_t now_ms)
{
    struct memo_value *v = map_gets(&m->values, key);
    size_t len = strlen(value);

    if (v)
        remove_value(m, v);
    if (for_ms <= 0 || len > MEMO_BYTES / 4 || strlen(key) > MEMO_BYTES / 4)
        return;
    v = xmalloc(sizeof(*v) + len + 1);
    v->until_ms = for_ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + for_ms;
    v->value_len = len;
    v->key = xstrdup(key);
    memcpy(v->value, value, len + 1);
    while (m->values.count >= MEMO_VALUES ||
           (m->values.count > 0 && m->bytes + value_size(v) > MEMO_BYTES))
        remove_value(m, VALUE_OF(m->by_age.next));
    list_push_back(&m->by_age, &v->link);
    map_puts(&m->values, key, v);
    m->bytes += value_size(v);
}

bool
memo_claim(struct memo *m, struct memo_claim *cl, const char *key, void *owner)
{
    struct memo_key *k = map_gets(&m->keys, key);

    if (!k) {
        k = xcalloc(1, sizeof(*k));
        k->name = xstrdup(key);
        list_init(&k->line);
        map_puts(&m->keys, key, k);
    }
    cl->key = k;
    cl->owner = owner;
    list_init(&cl->mine);
    list_push_back(&k->line, &cl->link);
    return memo_holds(cl);
}

bool
memo_holds(const struct memo_claim *cl)
{
    return cl->key->line.next == &cl->link;
}

bool
memo_claims(const struct memo_claim *cl, const char *key)
{
    return str_eq(cl->key->name, key);
}

struct memo_claim *
memo_release(struct memo *m, struct memo_claim *cl)
{
    struct memo_key *k = cl->key;
    bool held = memo_holds(cl);

    list_remove(&cl->link);
    list_remove(&cl->mine);
    if (list_empty(&k->line)) {
        map_del(&m->keys, k->name, strlen(k->name));
        free(k->name);
        free(k);
        return NULL;
    }
    return held ? CLAIM_OF(k->line.next) : NULL;
}
