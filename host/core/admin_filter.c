/* admin_filter.c - which deliveries are meant: from a query, or from a JSON body. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/admin_parts.h"
#include "model/json.h"
#include "model/timefmt.h"

#define VALUE_MAX 4096

/* What may be said, in a query and in a body alike. */
#define WORDS(X)         \
    X(VENDOR, "vendor")  \
    X(PLUGIN, "plugin")  \
    X(NAME, "name")      \
    X(USER, "user")      \
    X(EVENT, "event")    \
    X(STATE, "state")    \
    X(REASON, "reason")  \
    X(SINCE, "since")    \
    X(UNTIL, "until")

enum word {
#define X(word, name) WORD_##word,
    WORDS(X)
#undef X
    WORD_COUNT
};
static const char *const words[WORD_COUNT] = {
#define X(word, name) [WORD_##word] = name,
    WORDS(X)
#undef X
};

/* Names the query's parameter, or points at the body's member. */
static int
wrong(struct admin_request *r, bool body, const char *name, const char *wanted)
{
    CLEANUP(free_ptr) char *pointer = xasprintf("/%s", name);
    CLEANUP(free_ptr) char *detail = xasprintf("%s: wanted %s", name, wanted);

    http_in_problem(r->http, 400, detail, body ? pointer : NULL);
    return -1;
}

static int
read_time(struct admin_request *r, bool body, enum word w, const char *text, int64_t *ret)
{
    if (text && time_parse_rfc3339(text, ret) < 0)
        return wrong(r, body, words[w], "a time such as 2025-11-10T12:00:00Z");
    return 0;
}

static int
fill(struct admin_request *r, bool body, const char *const texts[WORD_COUNT],
     struct admin_choice *ret)
{
    struct journal_filter *f = &ret->filter;

    *f = (struct journal_filter){
        .vendor = texts[WORD_VENDOR],
        .plugin = texts[WORD_PLUGIN],
        .name = texts[WORD_NAME],
        .user = texts[WORD_USER],
        .state = -1,
        .why = -1,
    };
    for (int w = 0; w < WORD_COUNT; w++)
        ret->any |= texts[w] != NULL;
    if (texts[WORD_EVENT]) {
        if (event_id_parse(texts[WORD_EVENT], ret->key) < 0)
            return wrong(r, body, "event", "an event id: evt_ and 26 characters");
        f->event = ret->key;
    }
    if (texts[WORD_STATE] && (f->state = state_of_name(texts[WORD_STATE])) < 0)
        return wrong(r, body, "state", "waiting, delivered, skipped, parked or dropped");
    if (texts[WORD_REASON] && (f->why = parked_of_name(texts[WORD_REASON])) < 0)
        return wrong(r, body, "reason",
                     "failed, credentials, retries used up, killed its runner or gone");
    if (read_time(r, body, WORD_SINCE, texts[WORD_SINCE], &f->since_ms) < 0)
        return -1;
    return read_time(r, body, WORD_UNTIL, texts[WORD_UNTIL], &f->until_ms);
}

int
admin_query_number(struct admin_request *r, const char *name, int64_t min, int64_t max,
                   int64_t *ret)
{
    const char *text = http_in_query(r->http, name);
    char wanted[80];

    if (!text || parse_i64(text, min, max, ret))
        return 0;
    snprintf(wanted, sizeof(wanted), max == INT64_MAX ? "a number from %lld"
                                                      : "a number from %lld to %lld",
             (long long)min, (long long)max);
    return wrong(r, false, name, wanted);
}

int
admin_choice_of_query(struct admin_request *r, struct admin_choice *ret)
{
    const char *texts[WORD_COUNT];

    *ret = (struct admin_choice){ 0 };
    for (int w = 0; w < WORD_COUNT; w++) {
        texts[w] = http_in_query(r->http, words[w]);
        if (texts[w] && texts[w][0] == '\0')
            texts[w] = NULL;
    }
    return fill(r, false, texts, ret);
}

/* ---- bodies ---- */

/* A string's text in the arena; NULL when it is no string, too long or holds a NUL. */
static const char *
text_of(struct admin_request *r, const struct slice *value)
{
    char *out;
    int64_t len;

    if (value->len < 2 || value->at[0] != '"' || value->len > VALUE_MAX)
        return NULL;
    out = arena_alloc(r->arena, value->len);
    len = json_unescape(value->at + 1, value->len - 2, out);
    if (len < 0 || memchr(out, '\0', (size_t)len))
        return NULL;
    out[len] = '\0';
    return out;
}

/* 1, 0, or -1 when it is no boolean. */
static int
bool_of(const struct slice *value)
{
    if (value->len == 4 && memcmp(value->at, "true", 4) == 0)
        return 1;
    return value->len == 5 && memcmp(value->at, "false", 5) == 0 ? 0 : -1;
}

static int
take_member(struct admin_request *r, const struct json_member *m,
            const char *texts[WORD_COUNT], struct admin_choice *ret)
{
    bool *flag = NULL;
    char name[64];

    snprintf(name, sizeof(name), "%.*s", (int)m->name.len, m->name.at);
    for (int w = 0; w < WORD_COUNT; w++) {
        if (w == WORD_STATE || !json_name_is(m, words[w], strlen(words[w])))
            continue;
        if (texts[w])
            return wrong(r, true, words[w], "it once");
        if (m->value.at[0] == 'n')
            return 0;
        texts[w] = text_of(r, &m->value);
        return texts[w] && *texts[w] ? 0 : wrong(r, true, words[w], "a string");
    }
    if (json_name_is(m, "all", 3))
        flag = &ret->all;
    else if (json_name_is(m, "dryRun", 6))
        flag = &ret->dry_run;
    /* What is misspelt does not restrict: all would be replayed. */
    if (!flag)
        return wrong(r, true, name, "no such member");
    if (bool_of(&m->value) < 0)
        return wrong(r, true, name, "true or false");
    *flag = bool_of(&m->value);
    return 0;
}

int
admin_choice_of_body(struct admin_request *r, struct admin_choice *ret)
{
    const char *texts[WORD_COUNT] = { NULL };
    struct json_member m;
    size_t len;
    const char *body = http_in_body(r->http, &len);
    struct json_cursor c = { body, body + len, NULL };
    int got = -1;

    *ret = (struct admin_choice){ 0 };
    json_space(&c);
    if (json_enter_object(&c)) {
        while ((got = json_next_member(&c, &m)) == 1)
            if (take_member(r, &m, texts, ret) < 0)
                return -1;
    }
    if (got < 0 || !json_end(&c)) {
        http_in_problem(r->http, 400, "the body is not a JSON object", NULL);
        return -1;
    }
    if (fill(r, true, texts, ret) < 0)
        return -1;
    if (ret->any == ret->all) {
        http_in_problem(r->http, 400, ret->all ? "all and a choice contradict each other"
                                               : "choose by at least one member, or say all",
                        NULL);
        return -1;
    }
    return 0;
}

const char *
admin_body_text(struct admin_request *r, const char *name)
{
    struct slice value;
    size_t len;
    const char *body = http_in_body(r->http, &len);

    return slice_of_member(body, len, name, &value) == 1 ? text_of(r, &value) : NULL;
}
