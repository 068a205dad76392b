/* server.c - the sandbox: requests to their stand-ins, faults before them, the log after. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/timefmt.h"
#include "sandbox/server.h"

#define BODY_MAX (16 * 1024 * 1024)
#define CLIENTS_MAX 1024
#define IDLE_MS 120000
#define LOG_MAX 10000
#define LOG_STEP 1000

const struct stand *const stands[] = {
    &stand_sesamy, &stand_mailchimp, &stand_hubspot, &stand_rule, &stand_make,
    &stand_mailmojo,
};
const size_t stand_count = ARRAY_LEN(stands);

static const char garbage[] = "<html>\n<h1>It works!</h1>\n{\"half\": \xff\xfe";

const char *const *
sandbox_names(void)
{
    static const char *names[ARRAY_LEN(stands) + 1];

    for (size_t i = 0; i < ARRAY_LEN(stands); i++)
        names[i] = stands[i]->name;
    return names;
}

static void
log_begin(struct ask *a)
{
    struct sandbox *sb = a->sb;
    char time[32];

    if (json_object_array_length(sb->log) >= LOG_MAX)
        json_object_array_del_idx(sb->log, 0, LOG_STEP);
    time_rfc3339_ms(a->now_ms, time);
    a->entry = js_make("n:i vendor:s method:s path:s status:i time:s ms:i", sb->log_next++,
                       a->stand->name, a->method, http_in_raw_path(a->in), (int64_t)0, time,
                       a->now_ms);
    js_append(sb->log, js_ref(a->entry));
}

static void
ask_free(struct ask *a)
{
    list_remove(&a->link);
    loop_timer_free(a->timer);
    json_object_put(a->body);
    json_object_put(a->answer);
    json_object_put(a->entry);
    arena_free(&a->arena);
    free(a);
}

/* Sends what has been decided. */
static void
send_answer(struct ask *a)
{
    const char *text = a->raw ? a->raw : "";
    size_t len = a->raw ? a->raw_len : 0;

    if (a->answer) {
        text = json_object_to_json_string_length(
            a->answer, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    }
    js_put_int(a->entry, "status", a->status);
    if (a->status >= 400 && a->answer)
        js_put(a->entry, "answer", js_ref(a->answer));
    http_in_answer(a->in, a->status, a->type, text, len);
    ask_free(a);
}

static void
on_slow(void *arg)
{
    struct ask *a = arg;

    a->run->waiting--;
    send_answer(a);
}

static void
send_later(struct ask *a, int64_t wait_ms)
{
    a->run->waiting++;
    list_push_back(&a->sb->slow, &a->link);
    a->timer = loop_timer_new(a->sb->loop, on_slow, a);
    loop_timer_set(a->timer, wait_ms);
}

/* The vendor's own work, when no fault is in its place. */
static void
serve(struct ask *a)
{
    const char *type = http_in_header(a->in, "Content-Type");
    bool form = type && str_starts(type, "application/x-www-form-urlencoded");

    if (!a->stand->admit(a))
        return;
    if (a->len > 0 && !form && !a->is_json)
        a->stand->error(a, 400, "the body is not JSON");
    else
        ask_route(a);
}

static void
fault_status(struct ask *a, const struct fault_step *step)
{
    int64_t wait_ms;

    if (step->status != 429) {
        a->stand->error(a, step->status, NULL);
        return;
    }
    wait_ms = a->stand->throttle(a, step->wait_ms);
    if (wait_ms >= 0)
        js_put_int(a->entry, "hintMs", wait_ms);
}

static void
with_fault(struct ask *a, const struct fault_step *step)
{
    static const char *const names[] = { [FAULT_STATUS] = "status", [FAULT_EMPTY] = "empty",
                                         [FAULT_RESET] = "reset", [FAULT_GARBAGE] = "garbage",
                                         [FAULT_SLOW] = "slow", [FAULT_OK] = "ok" };

    js_put_str(a->entry, "fault", names[step->kind]);
    switch (step->kind) {
    case FAULT_STATUS:
        fault_status(a, step);
        break;
    case FAULT_EMPTY:
        ask_reply_text(a, step->status, "text/plain", "");
        break;
    case FAULT_GARBAGE:
        ask_reply_text(a, 200, "text/html", "");
        a->raw = garbage;
        a->raw_len = sizeof(garbage) - 1;
        break;
    case FAULT_RESET:
        http_in_reset(a->in);
        ask_free(a);
        return;
    case FAULT_OK:
    case FAULT_SLOW:
        serve(a);
        break;
    }
    if (a->stand->finish)
        a->stand->finish(a);
    if (step->kind == FAULT_SLOW)
        send_later(a, step->wait_ms);
    else
        send_answer(a);
}

/* Splits what stands behind the prefix; false: too many parts, or a bad one. */
static bool
split(struct arena *arena, const char *path, const char **parts, int *ret_count,
      bool *ret_slash)
{
    int count = 0;

    *ret_slash = false;
    while (*path == '/') {
        size_t len = strcspn(path + 1, "/");
        char *part;
        int64_t n;

        if (len == 0 && path[1] == '\0') {
            *ret_slash = true;
            break;
        }
        if (count == ASK_PARTS)
            return false;
        part = arena_alloc(arena, len + 1);
        n = percent_decode(path + 1, len, part);
        if (n < 0)
            return false;
        part[n] = '\0';
        parts[count++] = part;
        path += len + 1;
    }
    *ret_count = count;
    return true;
}

static void
skip_base(struct ask *a)
{
    int skip = 0;

    for (const char *const *b = a->stand->base; b && *b; b++)
        if (skip < a->count && str_eq(a->parts[skip], *b))
            skip++;
    memmove(a->parts, a->parts + skip, (size_t)(a->count - skip) * sizeof(a->parts[0]));
    a->count -= skip;
}

static void
to_stand(struct sandbox *sb, size_t which, struct http_in *in, const struct ask *read)
{
    struct ask *a = xcalloc(1, sizeof(*a));
    struct fault_step step;

    *a = *read;
    list_init(&a->link);
    a->stand = stands[which];
    a->run = &sb->runs[which];
    a->now_ms = clock_wall_ms();
    a->method = arena_strdup(&a->arena, http_in_method(in));
    a->state = js_need_object(sb->state, a->stand->name);
    a->text = http_in_body(in, &a->len);
    a->is_json = a->len > 0 && js_parse(a->text, a->len, &a->body);
    memmove(a->parts, a->parts + 1, sizeof(a->parts) - sizeof(a->parts[0]));
    a->count--;
    skip_base(a);
    log_begin(a);
    if (a->is_json)
        js_put(a->entry, "body", js_ref(a->body));
    if (faults_take(sb->faults, a->method, http_in_raw_path(in), &step)) {
        with_fault(a, &step);
        return;
    }
    serve(a);
    if (a->stand->finish)
        a->stand->finish(a);
    send_answer(a);
}

static void
handle(void *arg, struct http_in *in)
{
    struct sandbox *sb = arg;
    struct ask read = { .sb = sb, .in = in };

    arena_init(&read.arena, 0);
    if (!split(&read.arena, http_in_raw_path(in), read.parts, &read.count, &read.slash)) {
        http_in_problem(in, 400, "the path is not one", NULL);
    } else if (read.count > 0 && str_eq(read.parts[0], "_sandbox")) {
        control_handle(sb, in, read.parts + 1, read.count - 1);
    } else {
        for (size_t i = 0; i < stand_count; i++)
            if (read.count > 0 && str_eq(read.parts[0], stands[i]->name)) {
                to_stand(sb, i, in, &read);
                return;
            }
        http_in_problem(in, 404, "there is no stand-in of that name; GET /_sandbox lists them",
                        NULL);
    }
    arena_free(&read.arena);
}

void
sandbox_reset(struct sandbox *sb)
{
    json_object_put(sb->state);
    json_object_put(sb->log);
    sb->state = state_first(sb->seed);
    sb->log = json_object_new_array();
    sb->log_next = 1;
    faults_clear(sb->faults);
    for (size_t i = 0; i < stand_count; i++) {
        int waiting = sb->runs[i].waiting;

        sb->runs[i] = (struct stand_run){ .waiting = waiting };
    }
}

static char *
read_seed(struct sandbox *sb, const struct sandbox_options *o)
{
    if (!o->seed)
        return NULL;
    if (!js_parse(o->seed, o->seed_len, &sb->seed))
        return xstrdup("the seed is not JSON");
    if (!json_object_is_type(sb->seed, json_type_object))
        return xstrdup("the seed is no object");
    json_object_object_foreach(sb->seed, key, value) {
        bool known = false;

        for (size_t i = 0; i < stand_count; i++)
            known = known || str_eq(stands[i]->name, key);
        if (!known || !json_object_is_type(value, json_type_object))
            return xasprintf("the seed: there is no stand-in \"%s\", or it is no object", key);
    }
    return NULL;
}

struct sandbox *
sandbox_new(struct loop *l, const struct sandbox_options *o, char **ret_error)
{
    struct sandbox *sb = xcalloc(1, sizeof(*sb));
    const struct httpd_options options = {
        .host = "127.0.0.1", .port = o->port, .max_body = BODY_MAX,
        .max_clients = CLIENTS_MAX, .idle_ms = IDLE_MS, .max_total_body = 8 * BODY_MAX,
        .handle = handle, .arg = sb,
    };
    char *error = read_seed(sb, o);

    _Static_assert(ARRAY_LEN(stands) <= SANDBOX_STANDS, "runs has room for each");
    sb->loop = l;
    sb->faults = faults_new();
    list_init(&sb->slow);
    if (!error) {
        sandbox_reset(sb);
        sb->httpd = httpd_new(l, &options, &error);
    }
    if (!sb->httpd) {
        sandbox_free(sb);
        *ret_error = error;
        return NULL;
    }
    return sb;
}

uint16_t
sandbox_port(const struct sandbox *sb)
{
    return httpd_port(sb->httpd);
}

void
sandbox_turn(struct sandbox *sb)
{
    httpd_turn(sb->httpd);
}

void
sandbox_free(struct sandbox *sb)
{
    if (!sb)
        return;
    LIST_EACH_SAFE(n, &sb->slow)
        on_slow(LIST_OF(n, struct ask, link));
    httpd_free(sb->httpd);
    faults_free(sb->faults);
    json_object_put(sb->state);
    json_object_put(sb->seed);
    json_object_put(sb->log);
    free(sb);
}
