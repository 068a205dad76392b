/* script_lookup.c - what a case answers for the platform's API. */
#include <string.h>

#include "base/text.h"
#include "cli/script_far.h"

/* The JSON text for what is asked; NULL when the case does not say. */
static const char *
answer_of(const struct case_sesamy *s, const struct lookup *l, const char **ret_key)
{
    switch (l->kind) {
    case LOOKUP_SUBSCRIBER:
        *ret_key = "profile";
        return s->profile;
    case LOOKUP_CHECKOUT:
        *ret_key = "checkout";
        return s->checkout;
    case LOOKUP_PRODUCT:
        *ret_key = "products";
        for (size_t i = 0; i < s->product_count; i++)
            if (str_eq(s->products[i].key, l->sku))
                return s->products[i].value;
        return NULL;
    }
    return NULL;
}

static const char *
list_or_none(const char *json, size_t *ret_len)
{
    json = json ? json : "[]";
    *ret_len = strlen(json);
    return json;
}

void
script_lookup(struct far *f, struct call *c, struct lookup *l)
{
    struct script *script = (struct script *)(void *)f;
    const struct case_sesamy *s = &script->tc->sesamy;
    const char *key = "", *json = answer_of(s, l, &key);

    (void)c;
    if (s->error >= 0) {
        l->status = s->error;
        l->error = s->error == 0 ? "timeout" : "the case says so";
        l->after_ms = s->after_ms;
        return;
    }
    if (!json) {
        buf_printf(&script->problems, "the plugin asked the platform for what the case does not "
                   "tell: sesamy.%s%s%s\n", key, l->kind == LOOKUP_PRODUCT ? "." : "",
                   l->kind == LOOKUP_PRODUCT ? l->sku : "");
        l->error = "not in the case";
        return;
    }
    if (str_eq(json, "null")) {
        l->status = 404;
        return;
    }
    l->status = 200;
    l->body = json;
    l->body_len = strlen(json);
    l->contracts = list_or_none(s->contracts, &l->contracts_len);
    l->entitlements = list_or_none(s->entitlements, &l->entitlements_len);
}
