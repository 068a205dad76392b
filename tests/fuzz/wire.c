/* wire.c - one frame between two roles: the message's number, then its payload. What can be
   read is written again, and that reads the same. */
#include "fuzz.h"

#include "model/caps.h"
#include "wire/message.h"

static struct arena arena;

/* Reads a payload and writes what was read; false when it is refused. */
typedef bool again_fn(const void *payload, size_t len, struct buf *out);

static bool
again_text(const void *p, size_t len, struct buf *out)
{
    const char *text;

    if (get_text(&arena, p, len, &text) != 0)
        return false;
    put_text(out, MSG_DESCRIBE, text);
    return true;
}

static bool
again_description(const void *p, size_t len, struct buf *out)
{
    struct plugin_info info;
    const char *error;

    if (get_description(&arena, p, len, &info, &error) != 0)
        return false;
    put_description(out, &info, error);
    return true;
}

static bool
again_destination(const void *p, size_t len, struct buf *out)
{
    struct destination d;

    if (get_destination(&arena, p, len, &d) != 0)
        return false;
    put_destination(out, &d, true);
    return true;
}

static bool
again_culprit(const void *p, size_t len, struct buf *out)
{
    uint8_t frame[CULPRIT_FRAME];
    char what[CULPRIT_WHAT];
    uint64_t token;

    if (get_culprit(p, len, &token, what) != 0)
        return false;
    put_culprit(frame, token, what);
    buf_add(out, frame, sizeof(frame));
    return true;
}

static bool
again_check(const void *p, size_t len, struct buf *out)
{
    uint32_t destination;

    if (get_check(p, len, &destination) != 0)
        return false;
    put_check(out, destination);
    return true;
}

/* The messages that are one struct. */
#define STRUCT(name, type)                                                  \
    static bool again_##name(const void *p, size_t len, struct buf *out)    \
    {                                                                       \
        type m;                                                             \
        if (get_##name(&arena, p, len, &m) != 0)                            \
            return false;                                                   \
        put_##name(out, &m);                                                \
        return true;                                                        \
    }
STRUCT(core_config, struct host_config)
STRUCT(runner_config, struct msg_runner_config)
STRUCT(runner_down, struct msg_runner_down)
STRUCT(kill_runner, struct msg_kill_runner)
STRUCT(job, struct msg_job)
STRUCT(result, struct msg_result)
STRUCT(check_result, struct msg_check_result)

static again_fn *const messages[] = {
    [MSG_DESCRIBE] = again_text,
    [MSG_DESCRIPTION] = again_description,
    [MSG_CORE_CONFIG] = again_core_config,
    [MSG_DESTINATION] = again_destination,
    [MSG_RUNNER_CONFIG] = again_runner_config,
    [MSG_FATAL] = again_text,
    [MSG_RUNNER_DOWN] = again_runner_down,
    [MSG_KILL_RUNNER] = again_kill_runner,
    [MSG_CULPRIT] = again_culprit,
    [MSG_JOB] = again_job,
    [MSG_RESULT] = again_result,
    [MSG_CHECK] = again_check,
    [MSG_CHECK_RESULT] = again_check_result,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf first = BUF_INIT(2 * CAP_FRAME), second = BUF_INIT(2 * CAP_FRAME);
    again_fn *again;

    if (size < 1 || size - 1 > CAP_FRAME || data[0] >= sizeof(messages) / sizeof(messages[0]))
        return 0;
    (void)message_name(data[0]);
    get_simple(data + 1, size - 1);
    get_hello(data + 1, size - 1);
    again = messages[data[0]];
    if (again && again(data + 1, size - 1, &first) && !first.failed) {
        MUST(first.len >= 5);
        MUST(again(first.data + 5, first.len - 5, &second));
        MUST(second.len == first.len && memcmp(first.data, second.data, first.len) == 0);
    }
    buf_free(&first);
    buf_free(&second);
    arena_free(&arena);
    return 0;
}
