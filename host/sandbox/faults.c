/* faults.c - misbehaviour on demand: reading scripts, and taking steps off them. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/duration.h"
#include "sandbox/faults.h"
#include "sandbox/js.h"

#define STEPS_MAX 64
#define STEP_TEXT 64
#define TIMES_MAX 1000000
#define SLOW_MAX (10 * 60 * 1000)

struct step {
    struct fault_step what;
    int64_t left;                  /* times; INT64_MAX: for ever */
};
struct fault {
    struct list link;
    char *path, *method;           /* method or NULL: any */
    struct step steps[STEPS_MAX];
    size_t count, at;
};
struct faults {
    struct list all;               /* of fault, the oldest first */
};

struct faults *
faults_new(void)
{
    struct faults *f = xcalloc(1, sizeof(*f));

    list_init(&f->all);
    return f;
}

static void
drop(struct fault *one)
{
    list_remove(&one->link);
    free(one->path);
    free(one->method);
    free(one);
}

void
faults_clear(struct faults *f)
{
    LIST_EACH_SAFE(n, &f->all)
        drop(LIST_OF(n, struct fault, link));
}

void
faults_free(struct faults *f)
{
    if (!f)
        return;
    faults_clear(f);
    free(f);
}

/* "429=30s" or "slow=2s": what stands before the '=' and how long it says. */
static bool
read_word(char *word, struct fault_step *ret)
{
    static const struct {
        const char *word;
        enum fault_kind kind;
    } words[] = { { "ok", FAULT_OK }, { "reset", FAULT_RESET },
                  { "garbage", FAULT_GARBAGE }, { "slow", FAULT_SLOW } };
    char *wait = strchr(word, '='), *empty = strstr(word, "-empty");
    int64_t status;

    *ret = (struct fault_step){ .wait_ms = -1 };
    if (wait) {
        *wait++ = '\0';
        if (duration_parse(wait, &ret->wait_ms) != 0)
            return false;
    }
    if (empty && str_eq(empty, "-empty") && !wait)
        *empty = '\0';
    else
        empty = NULL;
    if (parse_i64(word, 400, 599, &status)) {
        ret->kind = empty ? FAULT_EMPTY : FAULT_STATUS;
        ret->status = (int)status;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(word, words[i].word)) {
            ret->kind = words[i].kind;
            return (wait != NULL) == (ret->kind == FAULT_SLOW) && ret->wait_ms <= SLOW_MAX;
        }
    return false;
}

/* One step: a word, and perhaps x3 or x* behind it. */
static bool
read_step(const char *text, size_t len, struct step *ret)
{
    char word[STEP_TEXT];
    char *times;

    while (len > 0 && *text == ' ') {
        text++;
        len--;
    }
    while (len > 0 && text[len - 1] == ' ')
        len--;
    if (len == 0 || len >= sizeof(word))
        return false;
    memcpy(word, text, len);
    word[len] = '\0';
    ret->left = 1;
    times = strrchr(word, 'x');
    if (times) {
        *times++ = '\0';
        if (str_eq(times, "*"))
            ret->left = INT64_MAX;
        else if (!parse_i64(times, 1, TIMES_MAX, &ret->left))
            return false;
    }
    return read_word(word, &ret->what);
}

static char *
read_script(struct fault *one, const char *script)
{
    while (*script) {
        size_t len = strcspn(script, ",");

        if (one->count == STEPS_MAX)
            return xasprintf("script: more than %d steps", STEPS_MAX);
        if (!read_step(script, len, &one->steps[one->count]))
            return xasprintf("script: \"%.*s\" is no step: a status from 400 to 599 as 429, "
                             "429=30s or 403-empty, reset, garbage, slow=2s or ok, and "
                             "perhaps x3 or x* behind it", (int)(len > 80 ? 80 : len), script);
        one->count++;
        script += len;
        script += *script == ',';
    }
    return NULL;
}

static struct fault *
same(const struct faults *f, const struct fault *one)
{
    LIST_EACH(n, &f->all) {
        struct fault *other = LIST_OF(n, struct fault, link);

        if (str_eq(other->path, one->path) && (!other->method) == (!one->method) &&
            (!one->method || str_eq(other->method, one->method)))
            return other;
    }
    return NULL;
}

char *
faults_put(struct faults *f, struct json_object *rule)
{
    const char *path = js_str(rule, "path"), *script = js_str(rule, "script");
    const char *method = js_str(rule, "method");
    struct fault *one, *before;
    char *error;

    if (!path || path[0] != '/' || !script)
        return xstrdup("an object with \"path\" (as /mailchimp/3.0/lists) and \"script\" "
                       "(as 429x3,reset,500) was wanted");
    one = xcalloc(1, sizeof(*one));
    list_init(&one->link);
    one->path = xstrdup(path);
    one->method = method ? xstrdup(method) : NULL;
    error = read_script(one, script);
    if (error) {
        drop(one);
        return error;
    }
    before = same(f, one);
    if (before)
        drop(before);
    if (one->count == 0)
        drop(one);
    else
        list_push_back(&f->all, &one->link);
    return NULL;
}

static void
step_text(const struct step *s, struct buf *out)
{
    static const char *const words[] = { [FAULT_OK] = "ok", [FAULT_RESET] = "reset",
                                         [FAULT_GARBAGE] = "garbage", [FAULT_SLOW] = "slow" };
    char wait[48];

    if (s->what.kind == FAULT_STATUS || s->what.kind == FAULT_EMPTY)
        buf_printf(out, "%d%s", s->what.status, s->what.kind == FAULT_EMPTY ? "-empty" : "");
    else
        buf_str(out, words[s->what.kind]);
    if (s->what.wait_ms >= 0) {
        duration_text(s->what.wait_ms, wait);
        buf_printf(out, "=%s", wait);
    }
    if (s->left == INT64_MAX)
        buf_str(out, "x*");
    else if (s->left > 1)
        buf_printf(out, "x%lld", (long long)s->left);
}

struct json_object *
faults_list(const struct faults *f)
{
    struct json_object *list = json_object_new_array();

    LIST_EACH(n, &f->all) {
        const struct fault *one = LIST_OF(n, struct fault, link);
        CLEANUP(buf_free) struct buf script = BUF_INIT(STEPS_MAX * STEP_TEXT);

        for (size_t i = one->at; i < one->count; i++) {
            buf_str(&script, i > one->at ? "," : "");
            step_text(&one->steps[i], &script);
        }
        js_append(list, js_make("path:s method:s script:s", one->path, one->method,
                                buf_text(&script)));
    }
    return list;
}

bool
faults_take(struct faults *f, const char *method, const char *path, struct fault_step *ret)
{
    LIST_EACH(n, &f->all) {
        struct fault *one = LIST_OF(n, struct fault, link);
        struct step *s = &one->steps[one->at];

        if (!str_starts(path, one->path) || (one->method && !str_eq(one->method, method)))
            continue;
        *ret = s->what;
        if (s->left != INT64_MAX && --s->left == 0 && ++one->at == one->count)
            drop(one);
        return true;
    }
    return false;
}
