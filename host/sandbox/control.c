/* control.c - /_sandbox: what the stand-ins hold, and how they are made to misbehave. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "sandbox/server.h"

/* Takes body over. */
static void
answer(struct http_in *in, int status, struct json_object *body)
{
    const char *text = json_object_to_json_string_ext(
        body, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    CLEANUP(free_ptr) char *line = xasprintf("%s\n", text ? text : "null");

    http_in_answer(in, status, "application/json", line, strlen(line));
    json_object_put(body);
}

static void
show(struct sandbox *sb, struct http_in *in)
{
    struct json_object *all = json_object_new_array();

    for (size_t i = 0; i < stand_count; i++)
        js_append(all, js_text(stands[i]->name));
    answer(in, 200, js_make("standIns:o state:s reset:s faults:s log:s requests:i", all,
                            "GET, PUT, PATCH, DELETE /_sandbox/state/...",
                            "POST /_sandbox/reset", "GET, PUT, DELETE /_sandbox/faults",
                            "GET, DELETE /_sandbox/log", sb->log_next - 1));
}

/* The request's body, the caller's; false: answered. */
static bool
read_body(struct http_in *in, struct json_object **ret)
{
    size_t len;
    const char *text = http_in_body(in, &len);

    if (js_parse(text, len, ret))
        return true;
    http_in_problem(in, 400, "the body is not JSON", NULL);
    return false;
}

static void
at_state(struct sandbox *sb, struct http_in *in, const char *const *parts, int count)
{
    const char *method = http_in_method(in);
    struct json_object *value;
    bool patch = str_eq(method, "PATCH");

    if (str_eq(method, "GET")) {
        if (state_find(sb->state, parts, count, &value))
            answer(in, 200, js_ref(value));
        else
            http_in_problem(in, 404, "there is nothing of that name in the state", NULL);
    } else if (count > 1 && (patch || str_eq(method, "PUT"))) {
        if (!read_body(in, &value))
            return;
        js_ref(value);
        if (state_put(sb->state, parts, count, value, patch)) {
            json_object_put(value);
            state_find(sb->state, parts, count, &value);
            answer(in, 200, js_ref(value));
        } else {
            json_object_put(value);
            json_object_put(value);
            http_in_problem(in, 409, "what stands there cannot hold that", NULL);
        }
    } else if (count > 1 && str_eq(method, "DELETE")) {
        if (state_delete(sb->state, parts, count))
            http_in_answer(in, 204, NULL, "", 0);
        else
            http_in_problem(in, 404, "there is nothing of that name in the state", NULL);
    } else {
        http_in_problem(in, 405, "GET it; PUT, PATCH or DELETE a part of it", NULL);
    }
}

static void
at_faults(struct sandbox *sb, struct http_in *in)
{
    const char *method = http_in_method(in);
    struct json_object *rule;

    if (str_eq(method, "PUT")) {
        CLEANUP(free_ptr) char *error = NULL;

        if (!read_body(in, &rule))
            return;
        error = faults_put(sb->faults, rule);
        json_object_put(rule);
        if (error) {
            http_in_problem(in, 400, error, NULL);
            return;
        }
    } else if (str_eq(method, "DELETE")) {
        faults_clear(sb->faults);
    } else if (!str_eq(method, "GET")) {
        http_in_problem(in, 405, "GET, PUT or DELETE it", NULL);
        return;
    }
    answer(in, 200, faults_list(sb->faults));
}

/* ?vendor=NAME and ?after=N choose. */
static void
at_log(struct sandbox *sb, struct http_in *in)
{
    const char *vendor = http_in_query(in, "vendor"), *text = http_in_query(in, "after");
    struct json_object *out;
    int64_t after = 0;

    if (str_eq(http_in_method(in), "DELETE")) {
        json_object_put(sb->log);
        sb->log = json_object_new_array();
        http_in_answer(in, 204, NULL, "", 0);
        return;
    }
    if (!str_eq(http_in_method(in), "GET") ||
        (text && !parse_i64(text, 0, INT64_MAX, &after))) {
        http_in_problem(in, 400, "GET (with ?vendor=NAME and ?after=NUMBER) or DELETE it", NULL);
        return;
    }
    out = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(sb->log); i++) {
        struct json_object *entry = json_object_array_get_idx(sb->log, i);

        if (js_int(entry, "n", 0) > after &&
            (!vendor || str_eq(vendor, js_str(entry, "vendor"))))
            js_append(out, js_ref(entry));
    }
    answer(in, 200, out);
}

void
control_handle(struct sandbox *sb, struct http_in *in, const char *const *parts, int count)
{
    const char *what = count > 0 ? parts[0] : "";

    if (count == 0)
        show(sb, in);
    else if (str_eq(what, "state"))
        at_state(sb, in, parts + 1, count - 1);
    else if (str_eq(what, "faults") && count == 1)
        at_faults(sb, in);
    else if (str_eq(what, "log") && count == 1)
        at_log(sb, in);
    else if (str_eq(what, "reset") && count == 1 && str_eq(http_in_method(in), "POST")) {
        sandbox_reset(sb);
        http_in_answer(in, 204, NULL, "", 0);
    } else if (js_has(sb->state, what))
        at_state(sb, in, parts, count);
    else
        http_in_problem(in, 404, "GET /_sandbox says what there is", NULL);
}
