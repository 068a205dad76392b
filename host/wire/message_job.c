/* message_job.c - the two messages of the hot path: a job out, a result back. */
#include <string.h>

#include "model/caps.h"
#include "wire/codec.h"
#include "wire/message.h"
#include "wire/message_reader.h"

void
put_job(struct buf *out, const struct msg_job *m)
{
    size_t mark = frame_begin(out, MSG_JOB);
    const struct event *e = &m->event;

    put_i64(out, (int64_t)m->token);
    put_u32(out, m->destination);
    put_u32(out, m->attempt);
    put_i64(out, m->accepted_ms);
    put_i64(out, m->deadline_ms);
    put_str(out, m->id);
    put_str(out, e->type);
    put_str(out, e->vendor);
    put_str(out, e->user);
    put_str(out, e->contract);
    put_str(out, e->entitlement);
    put_str(out, e->checkout);
    put_str(out, e->occurred);
    put_i64(out, e->occurred_ms);
    put_bytes(out, e->body, e->body_len);
    frame_end(out, mark);
}

int
get_job(struct arena *a, const void *payload, size_t len, struct msg_job *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_job m = { 0 };
    struct event *e = &m.event;
    const char *id;

    m.token = (uint64_t)get_i64(&r);
    m.destination = get_u32(&r);
    m.attempt = get_u32(&r);
    m.accepted_ms = get_i64(&r);
    m.deadline_ms = get_i64(&r);
    id = get_str(&r, a);
    e->type = get_str(&r, a);
    e->vendor = get_str(&r, a);
    e->user = get_str(&r, a);
    e->contract = get_str(&r, a);
    e->entitlement = get_str(&r, a);
    e->checkout = get_str(&r, a);
    e->occurred = get_str(&r, a);
    e->occurred_ms = get_i64(&r);
    e->body = get_bytes(&r, a, &e->body_len);
    if (!reader_done(&r) || m.token == 0 || strlen(id) != EVENT_ID_LEN)
        return -1;
    memcpy(m.id, id, EVENT_ID_LEN + 1);
    *ret = m;
    return 0;
}

void
put_result(struct buf *out, const struct msg_result *m)
{
    size_t mark = frame_begin(out, MSG_RESULT);
    size_t len = strlen(m->reason);

    put_i64(out, (int64_t)m->token);
    put_u32(out, (uint32_t)m->outcome);
    put_u32(out, (uint32_t)m->status);
    put_i64(out, m->after_ms);
    put_i64(out, m->hold_ms);
    put_i64(out, m->took_ms);
    put_u8(out, m->pause);
    put_bytes(out, m->reason, len < CAP_REASON ? len : CAP_REASON);
    frame_end(out, mark);
}

int
get_result(struct arena *a, const void *payload, size_t len, struct msg_result *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_result m = { 0 };

    m.token = (uint64_t)get_i64(&r);
    m.outcome = (int32_t)get_u32(&r);
    m.status = (int32_t)get_u32(&r);
    m.after_ms = get_i64(&r);
    m.hold_ms = get_i64(&r);
    m.took_ms = get_i64(&r);
    m.pause = get_u8(&r) != 0;
    m.reason = get_str(&r, a);
    if (!reader_done(&r) || m.token == 0 || m.after_ms < 0 || m.hold_ms < 0 || m.took_ms < 0)
        return -1;
    *ret = m;
    return 0;
}
