/* svc_memo.c - the memo group: values kept between the deliveries of one destination. */
#include "runner/call.h"

static bool
is_key(struct call *c, const char *service, const char *key)
{
    if (!key || !*key)
        call_misuse(c, "%s: the key is %s", service, key ? "empty" : "NULL");
    return key && *key;
}

static const char *
memo_get(struct hermod_call *pub, const char *key)
{
    struct call *c = call_of(pub);
    const char *value;

    if (!is_key(c, "hermod_memo", key))
        return "";
    value = c->far->memo_get(c->far, c, key);
    return value ? arena_strdup(&c->arena, value) : "";
}

static void
memo_set(struct hermod_call *pub, const char *key, const char *value, int64_t for_ms)
{
    struct call *c = call_of(pub);

    if (!is_key(c, "hermod_memo_set", key))
        return;
    if (!value)
        call_misuse(c, "hermod_memo_set: the value is NULL");
    else if (for_ms <= 0)
        call_misuse(c, "hermod_memo_set: a time of %lld ms; wanted more than 0",
                    (long long)for_ms);
    else
        c->far->memo_set(c->far, c, key, value, for_ms);
}

static void
memo_exclusive(struct hermod_call *pub, const char *key)
{
    struct call *c = call_of(pub);

    if (is_key(c, "hermod_exclusive", key) && !c->verdict.marked)
        c->far->exclusive(c->far, c, key);
}

const struct hermod_memo_api svc_memo = {
    .get = memo_get,
    .set = memo_set,
    .exclusive = memo_exclusive,
};
