/* common.c - see common.h. */
#include "base/text.h"
#include "config/common.h"

#define DAY_MS (24LL * 3600 * 1000)

static int
retry_read(struct check *k, const struct place *at, const struct yaml_node *n,
           struct retry_schedule *ret)
{
    static const char *const keys[] = { "schedule", NULL };
    static const struct setting_info step = {
        .name = "schedule", .type = SETTING_DURATION, .min = 1, .max = 30 * DAY_MS,
    };
    const struct place *here = PLACE(at, "schedule");
    const struct yaml_node *list;
    struct retry_schedule s = { 0 };
    int bad = block_read(k, at, n, NULL, 0, keys, NULL);

    if (bad)
        return bad;
    list = yaml_get(n, "schedule");
    if (!list)
        return 0;
    if (list->kind != YAML_LIST) {
        struct found f;

        check_error(k, here, list, "wanted a list of durations such as [5s, 30s, 2m], found %s",
                    value_found(&f, list, false));
        return -1;
    }
    if (list->count > RETRY_STEPS_MAX) {
        check_error(k, here, list, "wanted at most %d waits, found %zu", RETRY_STEPS_MAX,
                    list->count);
        return -1;
    }
    for (const struct yaml_node *e = list->child; e; e = e->next) {
        struct setting_value v = { 0 };

        if (value_read(k, here, &step, e, &v) < 0)
            bad = -1;
        s.wait_ms[s.steps++] = v.number;
    }
    if (bad == 0)
        *ret = s;
    return bad;
}

static int
networks_read(struct check *k, const struct place *at, const struct yaml_node *n,
              struct common *c)
{
    static const struct setting_info row = { .name = "allowNetworks",
                                             .type = SETTING_STRINGS };
    const struct yaml_node *e = n->kind == YAML_LIST ? n->child : n;
    struct setting_value v;
    struct cidr *allow;
    int bad = value_read(k, at, &row, n, &v);

    if (bad)
        return bad;
    allow = arena_alloc(&k->c->arena, (v.count + 1) * sizeof(*allow));
    for (size_t i = 0; i < v.count; i++, e = e->next) {
        struct found f;

        if (cidr_parse(v.list[i], &allow[i]) == 0)
            continue;
        check_error(k, at, e, "wanted a network such as 10.1.0.0/16 or fd00::/8, its bits behind "
                              "the / all zero, found %s", value_found(&f, e, false));
        bad = -1;
    }
    if (bad == 0) {
        c->allow = allow;
        c->allow_count = v.count;
    }
    return bad;
}

int
common_read(struct check *k, const struct place *at, const struct yaml_node *map,
            struct common *c)
{
    const struct yaml_node *retry = yaml_get(map, "retry");
    const struct yaml_node *networks = yaml_get(map, "allowNetworks");
    int bad = 0;

    if (retry)
        bad |= retry_read(k, PLACE(at, "retry"), retry, &c->retry);
    if (networks)
        bad |= networks_read(k, PLACE(at, "allowNetworks"), networks, c);
    return bad;
}

enum { CONCURRENT, REQUESTS, PER, DEADLINE, LIMITS };
static const struct setting_info limit_rows[LIMITS] = {
    [CONCURRENT] = { .name = "concurrent", .type = SETTING_INT, .min = 1, .max = 10000,
                     .help = "deliveries at once" },
    [REQUESTS] = { .name = "requests", .type = SETTING_INT, .min = 0, .max = 1000000,
                   .help = "HTTP requests in any `per`; 0: no limit" },
    [PER] = { .name = "per", .type = SETTING_DURATION, .min = 1, .max = DAY_MS,
              .help = "the time that `requests` counts over" },
    [DEADLINE] = { .name = "deadline", .type = SETTING_DURATION, .min = 100,
                   .max = 3600 * 1000, .help = "how long one attempt may take" },
};

int
limits_read(struct check *k, const struct place *at, const struct yaml_node *block,
            struct destination *d)
{
    const struct yaml_node *n = yaml_get(block, "limits");
    const struct place *here = PLACE(at, "limits");
    struct setting_value v[LIMITS] = { 0 };

    if (!n)
        return 0;
    if (block_read(k, here, n, limit_rows, LIMITS, NULL, v) < 0)
        return -1;
    if (v[CONCURRENT].set)
        d->concurrent = v[CONCURRENT].number;
    if (v[REQUESTS].set)
        d->requests = v[REQUESTS].number;
    if (v[PER].set)
        d->per_ms = v[PER].number;
    if (v[DEADLINE].set)
        d->deadline_ms = v[DEADLINE].number;
    if (d->requests > 0 && d->per_ms == 0) {
        check_error(k, PLACE(here, "per"), yaml_get(n, "requests"),
                    "wanted a duration beside requests, as in {requests: 100, per: 10s}, found "
                    "no such key");
        return -1;
    }
    if (v[PER].set && !v[REQUESTS].set && d->requests == 0) {
        check_error(k, PLACE(here, "requests"), yaml_get(n, "per"),
                    "wanted a number beside per, as in {requests: 100, per: 10s}, found no such "
                    "key");
        return -1;
    }
    return 0;
}
