/* case.c - reads a case of `hermod plugin test`; its exchanges are read in case_exchange.c. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cli/case.h"
#include "config/config.h"
#include "config/yaml.h"
#include "model/caps.h"
#include "model/duration.h"
#include "model/outcome.h"
#include "model/suggest.h"
#include "model/timefmt.h"

static const uint8_t default_random[] = {
    0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
};

void
case_error(struct case_reader *r, const struct yaml_node *at, const char *fmt, ...)
{
    va_list ap;

    r->count++;
    buf_printf(r->errors, "%s:%d:%d: ", r->file, at->line, at->column);
    va_start(ap, fmt);
    buf_vprintf(r->errors, fmt, ap);
    va_end(ap);
    buf_byte(r->errors, '\n');
}

bool
case_map(struct case_reader *r, const struct yaml_node *n, const char *what,
         const struct case_key *keys, size_t count, void *into)
{
    const char *names[24], *near;

    if (n->kind != YAML_MAP) {
        case_error(r, n, "%s: wanted a map, found %s", what,
                   n->kind == YAML_LIST ? "a list" : "a single value");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        names[i] = keys[i].name;
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        size_t i = 0;

        while (i < count && !str_eq(keys[i].name, m->key->text))
            i++;
        if (i < count) {
            keys[i].read(r, m, into);
            continue;
        }
        near = suggest(m->key->text, names, count);
        case_error(r, m->key, "%s: unknown key \"%s\"%s%s%s", what, m->key->text,
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return true;
}

const char *
case_text(struct case_reader *r, const struct yaml_node *n, const char *what)
{
    if (n->kind == YAML_SCALAR && !*n->tag)
        return n->text;
    case_error(r, n, "%s: wanted text, found %s", what,
               n->kind == YAML_SCALAR ? n->tag : n->kind == YAML_LIST ? "a list" : "a map");
    return NULL;
}

static bool
has_tag(const struct yaml_node *n)
{
    if (*n->tag)
        return true;
    for (const struct yaml_node *m = n->child; m; m = m->next)
        if (has_tag(m))
            return true;
    return false;
}

const char *
case_json(struct case_reader *r, const struct yaml_node *n)
{
    CLEANUP(buf_free) struct buf out = BUF_INIT(CAP_YAML_FILE);

    if (has_tag(n)) {
        case_error(r, n, "a tag (!file, !env, !credential) has a meaning under settings only");
        return NULL;
    }
    yaml_to_json(n, &out);
    if (out.failed) {
        case_error(r, n, "too large");
        return NULL;
    }
    return arena_strdup(r->arena, buf_text(&out));
}

/* ---- the keys of a case ---------------------------------------------------- */

static void
read_description(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "description");
    char *line;

    if (!text)
        return;
    line = arena_strdup(r->arena, text);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    tc->description = line;
}

static void
read_settings(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;

    (void)r;
    tc->settings = n;
}

static void
read_check(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;

    if (n->kind != YAML_SCALAR || yaml_type(n) != YAML_BOOL)
        case_error(r, n, "check: wanted true or false");
    else
        tc->check = str_eq(n->text, "true");
}

static void
read_now(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "now");

    if (text && time_parse_rfc3339(text, &tc->now_ms) != 0)
        case_error(r, n, "now: wanted a time such as 2025-11-10T12:00:01Z");
}

static void
read_random(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "random");
    uint8_t *bytes;
    int64_t len;

    if (!text)
        return;
    bytes = arena_alloc(r->arena, strlen(text) / 2 + 1);
    len = hex_decode(text, strlen(text), bytes);
    if (len <= 0) {
        case_error(r, n, "random: wanted bytes in hexadecimal, such as 00ff17");
        return;
    }
    tc->random = bytes;
    tc->random_len = (size_t)len;
}

static void
read_attempt(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "attempt");
    int64_t number;

    if (text && !parse_i64(text, 1, 1000, &number))
        case_error(r, n, "attempt: wanted a number from 1 to 1000");
    else if (text)
        tc->attempt = (uint32_t)number;
}

/* A map: its JSON is the event; text: the event's own bytes. */
static void
read_event(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    struct event_error err;
    const char *body = NULL;

    tc->event_line = n->line;
    tc->event_column = n->column;
    if (n->kind == YAML_MAP)
        body = case_json(r, n);
    else if (n->kind == YAML_SCALAR && n->quoted)
        body = n->text;
    else
        case_error(r, n, "event: wanted a map, or the event's JSON in quotes");
    if (body && event_parse(r->arena, body, strlen(body), &tc->event, &err) != 0)
        case_error(r, n, "event%s: %s", err.pointer, err.detail);
}

static void
read_event_id(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "eventId");

    if (text && !*text)
        case_error(r, n, "eventId: wanted an id, found nothing");
    else if (text)
        tc->event_id = text;
}

static void
read_memo(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;

    if (n->kind != YAML_MAP) {
        case_error(r, n, "memo: wanted a map");
        return;
    }
    tc->memo = arena_alloc(r->arena, n->count * sizeof(*tc->memo) + 1);
    for (const struct yaml_node *m = n->child; m; m = m->next) {
        const char *value = case_text(r, m, "memo");

        if (value)
            tc->memo[tc->memo_count++] = (struct setting_pair){ m->key->text, value };
    }
}

static void
read_outcome(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "outcome");

    if (text)
        tc->outcome = outcome_of_name(text);
    if (text && tc->outcome < 0)
        case_error(r, n, "outcome: wanted delivered, skipped, retry or failed, found \"%s\"",
                   text);
}

static void
read_reason(struct case_reader *r, const struct yaml_node *n, void *into)
{
    ((struct test_case *)into)->reason = case_text(r, n, "reason");
}

static void
read_retry_after(struct case_reader *r, const struct yaml_node *n, void *into)
{
    struct test_case *tc = into;
    const char *text = case_text(r, n, "retryAfter");

    if (text && duration_parse(text, &tc->retry_after_ms) != 0)
        case_error(r, n, "retryAfter: wanted a duration such as 30s");
}

static void
read_paused(struct case_reader *r, const struct yaml_node *n, void *into)
{
    if (n->kind != YAML_SCALAR || yaml_type(n) != YAML_BOOL)
        case_error(r, n, "paused: wanted true or false");
    else
        ((struct test_case *)into)->paused = str_eq(n->text, "true");
}

static const struct case_key case_keys[] = {
    { "description", read_description },
    { "settings", read_settings },
    { "check", read_check },
    { "now", read_now },
    { "random", read_random },
    { "attempt", read_attempt },
    { "event", read_event },
    { "eventId", read_event_id },
    { "memo", read_memo },
    { "sesamy", case_sesamy },
    { "exchanges", case_exchanges },
    { "outcome", read_outcome },
    { "reason", read_reason },
    { "retryAfter", read_retry_after },
    { "paused", read_paused },
};

/* ---- all of it --------------------------------------------------------------- */

static void
syntax_error(void *arg, const struct yaml_error *e)
{
    struct case_reader *r = arg;
    const struct yaml_node at = { .line = e->line, .column = e->column };

    case_error(r, &at, "%s", e->text);
}

static void
complete(struct case_reader *r, const struct yaml_node *root, struct test_case *tc)
{
    uint8_t key[16];
    char *id;

    if (!yaml_get(root, "outcome"))
        case_error(r, root, "wanted an outcome, found no such key");
    if (tc->check == (yaml_get(root, "event") != NULL))
        case_error(r, root, tc->check ? "check: a check is not given an event" :
                   "wanted an event, found no such key");
    if (tc->check || !tc->event.body)
        return;
    if (!tc->event_id) {
        id = arena_alloc(r->arena, EVENT_ID_LEN + 1);
        event_key(&tc->event, "", NULL, 0, key);
        event_id_text(key, id);
        tc->event_id = id;
    }
    if (!yaml_get(root, "now"))
        tc->now_ms = tc->event.occurred_ms;
}

int
case_read(struct arena *a, const char *file, const char *text, size_t len,
          struct test_case *ret, struct buf *errors)
{
    struct case_reader r = { .arena = a, .file = file, .errors = errors };
    const struct yaml_node *root = yaml_parse(a, text, len, config_tags, syntax_error, &r);

    *ret = (struct test_case){ .file = file, .description = "", .attempt = 1, .outcome = -1,
                               .random = default_random, .random_len = sizeof(default_random),
                               .retry_after_ms = -1, .paused = -1,
                               .sesamy = { .error = -1 } };
    if (!root)
        return -1;
    if (case_map(&r, root, "case", case_keys, ARRAY_LEN(case_keys), ret))
        complete(&r, root, ret);
    return r.count ? -1 : 0;
}
