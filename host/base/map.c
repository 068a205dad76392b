/* map.c - a hash map with open addressing; removal shifts back, so there are no
   tombstones and a map that churns for months stays as fast as a new one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/map.h"
#include "base/mem.h"

#define FIRST_SIZE 16

static inline uint64_t
rotl(uint64_t x, int b)
{
    return (x << b) | (x >> (64 - b));
}

static inline uint64_t
load_le64(const uint8_t *p)
{
    uint64_t v = 0;

    for (int i = 7; i >= 0; i--)
        v = v << 8 | p[i];
    return v;
}

static inline void
sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotl(v[1], 13) ^ v[0];
    v[0] = rotl(v[0], 32);
    v[2] += v[3];
    v[3] = rotl(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotl(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotl(v[1], 17) ^ v[2];
    v[2] = rotl(v[2], 32);
}

uint64_t
siphash13(const uint8_t key[16], const void *data, size_t len)
{
    const uint8_t *p = data;
    uint64_t k0 = load_le64(key), k1 = load_le64(key + 8), last;
    uint64_t v[4] = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
                      k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u };
    size_t left = len;

    for (; left >= 8; left -= 8, p += 8) {
        uint64_t m = load_le64(p);

        v[3] ^= m;
        sip_round(v);
        v[0] ^= m;
    }
    last = (uint64_t)(len & 0xff) << 56;
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)p[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t
hash_bytes(const void *data, size_t len)
{
    static uint8_t key[16];
    static bool drawn;

    if (!drawn) {
        ssize_t n;

        do
            n = getrandom(key, sizeof(key), 0);
        while (n < 0 && errno == EINTR);
        if (n != (ssize_t)sizeof(key))
            die("the system gives no random numbers: %s", strerror(errno));
        drawn = true;
    }
    return siphash13(key, data, len);
}

/* The slot that holds the key, or the free one where it would go. size is not 0. */
static struct map_slot *
find(const struct map *m, uint64_t hash, const void *key, size_t len)
{
    size_t mask = m->size - 1, i = (size_t)hash & mask;

    for (;; i = (i + 1) & mask) {
        struct map_slot *s = &m->slots[i];

        if (!s->key)
            return s;
        if (s->hash == hash && s->key_len == len &&
            (len == 0 || memcmp(s->key, key, len) == 0))
            return s;
    }
}

static void
grow(struct map *m)
{
    struct map bigger = { .size = m->size ? m->size * 2 : FIRST_SIZE, .count = m->count };

    bigger.slots = xcalloc(bigger.size, sizeof(*bigger.slots));
    for (size_t i = 0; i < m->size; i++) {
        struct map_slot *s = &m->slots[i];

        if (s->key)
            *find(&bigger, s->hash, s->key, s->key_len) = *s;
    }
    free(m->slots);
    *m = bigger;
}

void *
map_get(const struct map *m, const void *key, size_t len)
{
    if (m->count == 0)
        return NULL;
    return find(m, hash_bytes(key, len), key, len)->value;
}

void *
map_gets(const struct map *m, const char *key)
{
    return map_get(m, key, strlen(key));
}

void *
map_put(struct map *m, const void *key, size_t len, void *value)
{
    uint64_t hash = hash_bytes(key, len);
    struct map_slot *s;
    void *old;

    if (!value)
        die("map: a NULL value");
    if ((m->count + 1) * 4 > m->size * 3)
        grow(m);
    s = find(m, hash, key, len);
    old = s->value;
    if (!s->key) {
        s->key = xmemdup0(key, len);
        s->key_len = len;
        s->hash = hash;
        m->count++;
    }
    s->value = value;
    return old;
}

void *
map_puts(struct map *m, const char *key, void *value)
{
    return map_put(m, key, strlen(key), value);
}

void *
map_del(struct map *m, const void *key, size_t len)
{
    size_t mask = m->size - 1, hole, i;
    struct map_slot *s;
    void *value;

    if (m->count == 0)
        return NULL;
    s = find(m, hash_bytes(key, len), key, len);
    if (!s->key)
        return NULL;
    value = s->value;
    free(s->key);
    hole = (size_t)(s - m->slots);
    /* Move back each follower that may stand in the hole: one whose home is not
       between the hole (excluded) and where it stands. */
    for (i = (hole + 1) & mask; m->slots[i].key; i = (i + 1) & mask) {
        size_t home = (size_t)m->slots[i].hash & mask;

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            m->slots[hole] = m->slots[i];
            hole = i;
        }
    }
    m->slots[hole] = (struct map_slot){ 0 };
    m->count--;
    return value;
}

bool
map_next(const struct map *m, size_t *pos, struct map_slot **ret)
{
    while (*pos < m->size) {
        struct map_slot *s = &m->slots[(*pos)++];

        if (s->key) {
            *ret = s;
            return true;
        }
    }
    return false;
}

void
map_free(struct map *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->size; i++)
        free(m->slots[i].key);
    free(m->slots);
    *m = (struct map){ 0 };
}
