/* case_sesamy.c - what a case says the platform's API would answer. */
#include <string.h>

#include "base/text.h"
#include "cli/case.h"
#include "config/yaml.h"
#include "model/duration.h"

static void
json_of(struct case_reader *r, const struct yaml_node *n, bool right, const char *wanted,
        const char **ret)
{
    if (right)
        *ret = case_json(r, n);
    else
        case_error(r, n, "sesamy.%s: wanted %s", n->key->text, wanted);
}

static void
read_profile(struct case_reader *r, const struct yaml_node *n, void *into)
{
    json_of(r, n, n->kind == YAML_MAP || yaml_is_null(n), "a map, or null",
            &((struct case_sesamy *)into)->profile);
}

static void
read_contracts(struct case_reader *r, const struct yaml_node *n, void *into)
{
    json_of(r, n, n->kind == YAML_LIST, "a list", &((struct case_sesamy *)into)->contracts);
}

static void
read_entitlements(struct case_reader *r, const struct yaml_node *n, void *into)
{
    json_of(r, n, n->kind == YAML_LIST, "a list", &((struct case_sesamy *)into)->entitlements);
}

static void
read_checkout(struct case_reader *r, const struct yaml_node *n, void *into)
{
    json_of(r, n, n->kind == YAML_MAP || yaml_is_null(n), "a map, or null",
            &((struct case_sesamy *)into)->checkout);
}

static void
read_products(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_sesamy *s = into;

    if (n->kind != YAML_MAP) {
        case_error(r, n, "sesamy.products: wanted a map from SKU to product");
        return;
    }
    s->products = arena_alloc(r->arena, n->count * sizeof(*s->products) + 1);
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        if (m->kind == YAML_MAP || yaml_is_null(m))
            s->products[s->product_count++] =
                (struct setting_pair){ m->key->text, case_json(r, m) };
        else
            case_error(r, m, "sesamy.products: wanted a map, or null");
    }
}

static void
read_error(struct case_reader *r, const struct yaml_node *n, void *into)
{
    const char *text = case_text(r, n, "sesamy.error");
    int64_t status;

    if (!text)
        return;
    if (str_eq(text, "timeout"))
        status = 0;
    else if (!parse_i64(text, 400, 599, &status) || status == 404) {
        case_error(r, n, "sesamy.error: wanted timeout, or a status from 400 to 599 other than "
                   "404");
        return;
    }
    ((struct case_sesamy *)into)->error = (int)status;
}

static void
read_retry_after(struct case_reader *r, const struct yaml_node *n, void *into)
{
    const char *text = case_text(r, n, "sesamy.retryAfter");

    if (text && duration_parse(text, &((struct case_sesamy *)into)->after_ms) != 0)
        case_error(r, n, "sesamy.retryAfter: wanted a duration such as 30s");
}

void
case_sesamy(struct case_reader *r, const struct yaml_node *n, void *into)
{
    static const struct case_key keys[] = {
        { "profile", read_profile },
        { "contracts", read_contracts },
        { "entitlements", read_entitlements },
        { "checkout", read_checkout },
        { "products", read_products },
        { "error", read_error },
        { "retryAfter", read_retry_after },
    };
    struct case_sesamy *s = &((struct test_case *)into)->sesamy;

    case_map(r, n, "sesamy", keys, ARRAY_LEN(keys), s);
    if (s->after_ms > 0 && s->error < 0)
        case_error(r, n, "sesamy.retryAfter: has a meaning with sesamy.error only");
}
