/* http.c - a vendor's answer: a line with the status, a line with Retry-After, the body. */
#include "fuzz.h"

#include "model/json.h"
#include "model/outcome.h"
#include "model/retry.h"
#include "runner/fake_far.h"

/* Takes a line off *text. */
static char *
line(char **text)
{
    char *begin = *text, *end = strchr(begin, '\n');

    *text = end ? end + 1 : begin + strlen(begin);
    if (end)
        *end = '\0';
    return begin;
}

/* The verdict is the table's, the hint within its cap, the reason printable and short. */
static void
check_verdict(struct fake *f, const struct hermod_response *r)
{
    int outcome = f->c->host->retry->from_http(f->c, r);
    const struct verdict *v = &f->call.verdict;

    MUST(!v->marked);
    MUST(outcome == (int)outcome_of_status(r->status));
    MUST(v->after_ms >= 0 && v->after_ms <= RETRY_HOLD_MAX_MS);
    MUST(v->hold_ms >= 0 && v->hold_ms <= RETRY_HOLD_MAX_MS);
    MUST(outcome == HERMOD_RETRY || (v->after_ms == 0 && v->hold_ms == 0));
    MUST(strlen(v->reason) <= 600);
    for (const char *at = v->reason; *at != '\0'; at++)
        MUST((unsigned char)*at >= 0x20 && *at != 0x7f);
}

/* Every value once, as far as `left` goes. */
static void
walk(struct hermod_call *c, const struct hermod_json *j, int *left)
{
    int type = hermod_json_type(c, j);
    size_t count = hermod_json_length(c, j);

    MUST(type >= HERMOD_JSON_NULL && type <= HERMOD_JSON_OBJECT);
    MUST(count == 0 || type == HERMOD_JSON_ARRAY || type == HERMOD_JSON_OBJECT);
    (void)hermod_json_get_string(c, j, "", "");
    (void)hermod_json_get_int(c, j, "", 0);
    (void)hermod_json_get_number(c, j, "a.0.b", "0");
    for (size_t i = 0; i < count && --*left > 0; i++) {
        (void)hermod_json_key_at(c, j, i);
        walk(c, hermod_json_at(c, j, i), left);
    }
    MUST(hermod_json_type(c, hermod_json_at(c, j, count)) == HERMOD_JSON_NULL);
}

/* The two readers of JSON agree on what it is (but for a NUL in a name, which a tree cannot
   hold), and what is written from the tree is read as the same. */
static void
check_json(struct hermod_call *c, const struct hermod_response *r)
{
    struct json_cursor cursor = { r->body, r->body + r->body_len, NULL };
    bool null = hermod_json_type(c, r->json) == HERMOD_JSON_NULL, json;
    const char *text;
    int left = 500;

    json_space(&cursor);
    json = json_value(&cursor) && json_end(&cursor);
    if (!json)
        MUST(null);
    else if (null)
        MUST(strstr(r->body, "null") || strstr(r->body, "\\u0000") || r->body_len > 100000);
    text = hermod_json_text(c, r->json);
    MUST(strcmp(text, hermod_json_text(c, hermod_json_parse(c, text, strlen(text)))) == 0);
    walk(c, r->json, &left);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size), *rest = text;
    struct http_header header = { "retry-after", "" };
    const struct hermod_response *r;
    struct hermod_request *q;
    struct fake f;

    fake_begin(&f);
    f.far.answer.pub.status = (int32_t)strtol(line(&rest), NULL, 10) % 1000;
    header.value = line(&rest);
    f.far.answer.headers = &header;
    f.far.answer.header_count = 1;
    f.far.answer.pub.body = rest;
    f.far.answer.pub.body_len = size - (size_t)(rest - text);
    q = hermod_http_request(f.c, "GET", "https://vendor.example/");
    r = hermod_http_send(f.c, q);
    check_verdict(&f, r);
    check_json(f.c, r);
    MUST(!f.call.verdict.marked);
    fake_end(&f);
    free(text);
    return 0;
}
