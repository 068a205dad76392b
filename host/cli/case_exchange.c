/* case_exchange.c - reads what a case says of requests and their answers. */
#include <string.h>

#include "base/text.h"
#include "cli/case.h"
#include "config/yaml.h"

static void
read_method(struct case_reader *r, const struct yaml_node *n, void *into)
{
    ((struct case_exchange *)into)->method = case_text(r, n, "method");
}

static void
read_url(struct case_reader *r, const struct yaml_node *n, void *into)
{
    ((struct case_exchange *)into)->url = case_text(r, n, "url");
}

static struct case_header *
headers(struct case_reader *r, const struct yaml_node *n, bool may_be_absent, size_t *ret_count)
{
    struct case_header *list;

    *ret_count = 0;
    if (n->kind != YAML_MAP) {
        case_error(r, n, "headers: wanted a map");
        return NULL;
    }
    list = arena_alloc(r->arena, n->count * sizeof(*list) + 1);
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        const char *value = NULL;

        if (!may_be_absent || !yaml_is_null(m))
            value = case_text(r, m, "headers");
        list[(*ret_count)++] = (struct case_header){ m->key->text, value };
    }
    return list;
}

static void
read_headers(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_exchange *x = into;

    x->headers = headers(r, n, true, &x->header_count);
}

static void
read_json(struct case_reader *r, const struct yaml_node *n, void *into)
{
    ((struct case_exchange *)into)->json = case_json(r, n);
}

static void
read_includes(struct case_reader *r, const struct yaml_node *n, void *into)
{
    ((struct case_exchange *)into)->json_includes = case_json(r, n);
}

static void
read_body(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_exchange *x = into;

    x->body = case_text(r, n, "body");
    x->body_len = x->body ? n->len : 0;
}

static void
read_request(struct case_reader *r, const struct yaml_node *n, void *into)
{
    static const struct case_key keys[] = {
        { "method", read_method },         { "url", read_url },
        { "headers", read_headers },       { "json", read_json },
        { "jsonIncludes", read_includes }, { "body", read_body },
    };
    struct case_exchange *x = into;

    x->line = n->line;
    x->column = n->column;
    if (!case_map(r, n, "request", keys, ARRAY_LEN(keys), x))
        return;
    if (!yaml_get(n, "method") || !yaml_get(n, "url"))
        case_error(r, n, "request: wanted %s, found no such key",
                   yaml_get(n, "method") ? "url" : "method");
    if ((x->json != NULL) + (x->json_includes != NULL) + (x->body != NULL) > 1)
        case_error(r, n, "request: only one of json, jsonIncludes and body");
}

static void
read_status(struct case_reader *r, const struct yaml_node *n, void *into)
{
    const char *text = case_text(r, n, "status");
    int64_t status;

    if (text && parse_i64(text, 100, 599, &status))
        ((struct case_exchange *)into)->status = (int)status;
    else if (text)
        case_error(r, n, "status: wanted a number from 100 to 599");
}

static void
read_answer_headers(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_exchange *x = into;

    x->answer_headers = headers(r, n, false, &x->answer_header_count);
}

static void
read_answer_json(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_exchange *x = into;

    x->answer = case_json(r, n);
    x->answer_len = x->answer ? strlen(x->answer) : 0;
}

static void
read_answer_body(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_exchange *x = into;

    x->answer = case_text(r, n, "body");
    x->answer_len = x->answer ? n->len : 0;
}

static void
read_failure(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct case_exchange *x = into;
    const char *text = case_text(r, n, "error");

    if (!text)
        return;
    if (str_eq(text, "timeout"))
        x->failure = CASE_TIMEOUT;
    else if (str_eq(text, "refused"))
        x->failure = CASE_REFUSED;
    else if (str_eq(text, "tls"))
        x->failure = CASE_TLS;
    else
        case_error(r, n, "error: wanted timeout, refused or tls, found \"%s\"", text);
}

static void
read_response(struct case_reader *r, const struct yaml_node *n, void *into)
{
    static const struct case_key keys[] = {
        { "status", read_status },   { "headers", read_answer_headers },
        { "json", read_answer_json }, { "body", read_answer_body },
        { "error", read_failure },
    };

    if (!case_map(r, n, "response", keys, ARRAY_LEN(keys), into))
        return;
    if (yaml_get(n, "error") ? n->count > 1 : !yaml_get(n, "status"))
        case_error(r, n, "response: wanted a status, or error alone");
    if (yaml_get(n, "json") && yaml_get(n, "body"))
        case_error(r, n, "response: only one of json and body");
}

static void
read_exchange(struct case_reader *r, const struct yaml_node *n, struct test_case *tc,
              unsigned group)
{
    static const struct case_key keys[] = {
        { "request", read_request }, { "response", read_response },
    };
    struct case_exchange *x = &tc->exchanges[tc->exchange_count++];

    *x = (struct case_exchange){ .line = n->line, .column = n->column, .group = group };
    if (!case_map(r, n, group ? "anyOrder" : "exchanges", keys, ARRAY_LEN(keys), x))
        return;
    if (!yaml_get(n, "request") || !yaml_get(n, "response"))
        case_error(r, n, "wanted a %s, found no such key",
                   yaml_get(n, "request") ? "response" : "request");
}

static const struct yaml_node *
any_order(const struct yaml_node *n)
{
    return n->kind == YAML_MAP ? yaml_get(n, "anyOrder") : NULL;
}

void
case_exchanges(struct case_reader *r, const struct yaml_node *n, void *test_case)
{
    struct test_case *tc = test_case;
    const struct yaml_node *group;
    unsigned groups = 0;
    size_t count = 0;

    if (n->kind != YAML_LIST) {
        case_error(r, n, "exchanges: wanted a list");
        return;
    }
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        group = any_order(m);
        count += group ? group->count : 1;
    }
    tc->exchanges = arena_alloc(r->arena, count * sizeof(*tc->exchanges) + 1);
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        group = any_order(m);
        if (!group) {
            read_exchange(r, m, tc, 0);
            continue;
        }
        if (group->kind != YAML_LIST || m->count > 1) {
            case_error(r, m, "anyOrder: wanted a list of exchanges, and nothing beside it");
            continue;
        }
        groups++;
        for (const struct yaml_node *one = group->child; one; one = one->next)
            read_exchange(r, one, tc, groups);
    }
}
