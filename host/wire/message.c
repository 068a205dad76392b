/* message.c - see message.h: frames, and the small messages. The large ones are in
   message_config.c (configuration) and message_job.c (deliveries). */
#include <string.h>

#include "model/caps.h"
#include "wire/codec.h"
#include "wire/message.h"
#include "wire/message_reader.h"

const char *
message_name(int type)
{
    switch (type) {
#define X(name, number) case number: return #name;
        MESSAGES(X)
#undef X
    }
    return "unknown";
}

bool
message_has_fd(int type)
{
    return type == MSG_RUNNER_CONFIG || type == MSG_RUNNER_UP || type == MSG_SOURCE_PEER ||
           type == MSG_SOURCE_UP;
}

size_t
frame_begin(struct buf *out, enum message type)
{
    size_t mark = out->len;

    put_u32(out, 0);
    put_u8(out, (uint8_t)type);
    return mark;
}

void
frame_end(struct buf *out, size_t mark)
{
    size_t len;

    if (out->failed)
        return;
    len = out->len - mark - 4;
    if (len > CAP_FRAME) {
        out->failed = true;
        return;
    }
    for (int i = 0; i < 4; i++)
        out->data[mark + (size_t)i] = (char)(uint8_t)(len >> (8 * i));
}

void
put_simple(struct buf *out, enum message type)
{
    frame_end(out, frame_begin(out, type));
}

int
get_simple(const void *payload, size_t len)
{
    (void)payload;
    return len == 0 ? 0 : -1;
}

void
put_hello(struct buf *out)
{
    size_t mark = frame_begin(out, MSG_HELLO);

    put_u32(out, WIRE_VERSION);
    frame_end(out, mark);
}

int
get_hello(const void *payload, size_t len)
{
    struct reader r = reader_of(payload, len);
    uint32_t version = get_u32(&r);

    return reader_done(&r) && version == WIRE_VERSION ? 0 : -1;
}

void
put_text(struct buf *out, enum message type, const char *text)
{
    size_t mark = frame_begin(out, type);

    put_str(out, text);
    frame_end(out, mark);
}

int
get_text(struct arena *a, const void *payload, size_t len, const char **ret)
{
    struct reader r = reader_of(payload, len);
    const char *text = get_str(&r, a);

    if (!reader_done(&r))
        return -1;
    *ret = text;
    return 0;
}

void
put_runner_config(struct buf *out, const struct msg_runner_config *m)
{
    size_t mark = frame_begin(out, MSG_RUNNER_CONFIG);

    put_str(out, m->plugin);
    put_str(out, m->path);
    put_str(out, m->log_level);
    put_i64(out, m->grace_ms);
    put_i64(out, (int64_t)m->settings_mark);
    put_u8(out, m->source);
    frame_end(out, mark);
}

int
get_runner_config(struct arena *a, const void *payload, size_t len,
                  struct msg_runner_config *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_runner_config m = { 0 };

    m.plugin = get_str(&r, a);
    m.path = get_str(&r, a);
    m.log_level = get_str(&r, a);
    m.grace_ms = get_i64(&r);
    m.settings_mark = (uint64_t)get_i64(&r);
    m.source = get_u8(&r) != 0;
    if (!reader_done(&r))
        return -1;
    *ret = m;
    return 0;
}

void
put_runner_down(struct buf *out, const struct msg_runner_down *m)
{
    size_t mark = frame_begin(out, MSG_RUNNER_DOWN);

    put_str(out, m->plugin);
    put_str(out, m->how);
    put_i64(out, (int64_t)m->culprit);
    put_u8(out, m->orderly);
    put_u8(out, m->outside);
    put_u8(out, m->given_up);
    frame_end(out, mark);
}

int
get_runner_down(struct arena *a, const void *payload, size_t len, struct msg_runner_down *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_runner_down m = { 0 };

    m.plugin = get_str(&r, a);
    m.how = get_str(&r, a);
    m.culprit = (uint64_t)get_i64(&r);
    m.orderly = get_u8(&r) != 0;
    m.outside = get_u8(&r) != 0;
    m.given_up = get_u8(&r) != 0;
    if (!reader_done(&r))
        return -1;
    *ret = m;
    return 0;
}

void
put_kill_runner(struct buf *out, const struct msg_kill_runner *m)
{
    size_t mark = frame_begin(out, MSG_KILL_RUNNER);

    put_str(out, m->plugin);
    put_str(out, m->why);
    put_i64(out, (int64_t)m->culprit);
    frame_end(out, mark);
}

int
get_kill_runner(struct arena *a, const void *payload, size_t len, struct msg_kill_runner *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_kill_runner m = { 0 };

    m.plugin = get_str(&r, a);
    m.why = get_str(&r, a);
    m.culprit = (uint64_t)get_i64(&r);
    if (!reader_done(&r))
        return -1;
    *ret = m;
    return 0;
}

void
put_culprit(uint8_t frame[CULPRIT_FRAME], uint64_t token, const char *what)
{
    memset(frame, 0, CULPRIT_FRAME);
    frame[0] = CULPRIT_FRAME - 4;
    frame[4] = MSG_CULPRIT;
    for (int i = 0; i < 8; i++)
        frame[5 + i] = (uint8_t)(token >> (8 * i));
    for (int i = 0; i < CULPRIT_WHAT - 1 && what[i]; i++)
        frame[13 + i] = (uint8_t)what[i];
}

int
get_culprit(const void *payload, size_t len, uint64_t *ret, char ret_what[CULPRIT_WHAT])
{
    struct reader r = reader_of(payload, len);
    uint64_t token = (uint64_t)get_i64(&r);
    char what[CULPRIT_WHAT];
    bool padded = true;

    for (int i = 0; i < CULPRIT_WHAT; i++) {
        what[i] = (char)get_u8(&r);
        padded = padded && !(what[i] && i > 0 && !what[i - 1]);
    }
    if (!reader_done(&r) || !padded || what[CULPRIT_WHAT - 1])
        return -1;
    *ret = token;
    memcpy(ret_what, what, sizeof(what));
    return 0;
}

void
put_check(struct buf *out, uint32_t destination)
{
    size_t mark = frame_begin(out, MSG_CHECK);

    put_u32(out, destination);
    frame_end(out, mark);
}

int
get_check(const void *payload, size_t len, uint32_t *ret)
{
    struct reader r = reader_of(payload, len);
    uint32_t destination = get_u32(&r);

    if (!reader_done(&r))
        return -1;
    *ret = destination;
    return 0;
}

void
put_check_result(struct buf *out, const struct msg_check_result *m)
{
    size_t mark = frame_begin(out, MSG_CHECK_RESULT);

    put_u32(out, m->destination);
    put_u32(out, (uint32_t)m->outcome);
    put_str(out, m->reason);
    frame_end(out, mark);
}

int
get_check_result(struct arena *a, const void *payload, size_t len,
                 struct msg_check_result *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_check_result m = { 0 };

    m.destination = get_u32(&r);
    m.outcome = (int32_t)get_u32(&r);
    m.reason = get_str(&r, a);
    if (!reader_done(&r))
        return -1;
    *ret = m;
    return 0;
}
