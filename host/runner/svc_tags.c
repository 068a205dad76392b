/* svc_tags.c - the tags group: model/tags.c on the call's subscriber. */
#include "model/tags.h"
#include "runner/call.h"

static const char *const none[] = { NULL };

/* None for a marked call: nothing may be taken from anybody then. */
static const char *const *
wanted(struct call *c)
{
    if (!c->tags)
        c->tags = tags_wanted(&c->arena, svc_subscriber.get(&c->pub));
    return c->tags;
}

static const char *const *
tags_list(struct hermod_call *pub)
{
    return wanted(call_of(pub));
}

/* What fn makes of the wanted and the existing ones. */
static const char *const *
against(struct hermod_call *pub, const char *service, const char *const *existing,
        const char *const *(*fn)(struct arena *, const char *const *, const char *const *))
{
    struct call *c = call_of(pub);
    const char *const *list = wanted(c);

    if (!existing)
        call_misuse(c, "%s: the list is NULL", service);
    if (!existing || c->verdict.marked)
        return none;
    return fn(&c->arena, list, existing);
}

static const char *const *
tags_with(struct hermod_call *pub, const char *const *existing)
{
    return against(pub, "hermod_tags_merge", existing, tags_merge);
}

static const char *const *
tags_to_add(struct hermod_call *pub, const char *const *existing)
{
    return against(pub, "hermod_tags_missing", existing, tags_missing);
}

static const char *const *
tags_to_remove(struct hermod_call *pub, const char *const *existing)
{
    return against(pub, "hermod_tags_stale", existing, tags_stale);
}

const struct hermod_tags_api svc_tags = {
    .wanted = tags_list,
    .merge = tags_with,
    .missing = tags_to_add,
    .stale = tags_to_remove,
};
