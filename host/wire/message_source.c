/* message_source.c - what is said to and by the source role. */
#include "wire/codec.h"
#include "wire/message.h"
#include "wire/message_reader.h"

void
put_source_config(struct buf *out, const struct msg_source_config *m)
{
    size_t mark = frame_begin(out, MSG_SOURCE_CONFIG);

    put_str(out, m->api_url);
    put_str(out, m->token_url);
    put_str(out, m->log_level);
    put_u8(out, m->paging_by_offset);
    put_cidrs(out, m->allow, m->allow_count);
    frame_end(out, mark);
}

int
get_source_config(struct arena *a, const void *payload, size_t len,
                  struct msg_source_config *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_source_config m = { 0 };

    m.api_url = get_str(&r, a);
    m.token_url = get_str(&r, a);
    m.log_level = get_str(&r, a);
    m.paging_by_offset = get_u8(&r) != 0;
    m.allow = get_cidrs(&r, a, &m.allow_count);
    if (!reader_done(&r))
        return -1;
    *ret = m;
    return 0;
}

void
put_source_vendor(struct buf *out, const struct msg_source_vendor *m)
{
    size_t mark = frame_begin(out, MSG_SOURCE_VENDOR);

    put_str(out, m->vendor);
    put_str(out, m->client_id);
    put_str(out, m->client_secret);
    frame_end(out, mark);
}

int
get_source_vendor(struct arena *a, const void *payload, size_t len,
                  struct msg_source_vendor *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_source_vendor m = { 0 };

    m.vendor = get_str(&r, a);
    m.client_id = get_str(&r, a);
    m.client_secret = get_str(&r, a);
    if (!reader_done(&r))
        return -1;
    *ret = m;
    return 0;
}

void
put_lookup(struct buf *out, const struct msg_lookup *m)
{
    size_t mark = frame_begin(out, MSG_LOOKUP);

    put_i64(out, (int64_t)m->id);
    put_u32(out, (uint32_t)m->kind);
    put_str(out, m->vendor);
    put_str(out, m->user);
    put_str(out, m->contract);
    put_str(out, m->checkout);
    put_str(out, m->sku);
    put_i64(out, m->accepted_ms);
    frame_end(out, mark);
}

int
get_lookup(struct arena *a, const void *payload, size_t len, struct msg_lookup *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_lookup m = { 0 };

    m.id = (uint64_t)get_i64(&r);
    m.kind = (int32_t)get_u32(&r);
    m.vendor = get_str(&r, a);
    m.user = get_str(&r, a);
    m.contract = get_str(&r, a);
    m.checkout = get_str(&r, a);
    m.sku = get_str(&r, a);
    m.accepted_ms = get_i64(&r);
    if (!reader_done(&r) || m.id == 0)
        return -1;
    *ret = m;
    return 0;
}

void
put_answer(struct buf *out, const struct msg_answer *m)
{
    size_t mark = frame_begin(out, MSG_ANSWER);

    put_i64(out, (int64_t)m->id);
    put_u32(out, (uint32_t)m->status);
    put_i64(out, m->after_ms);
    put_str(out, m->error);
    put_bytes(out, m->body, m->body_len);
    put_bytes(out, m->contracts, m->contracts_len);
    put_bytes(out, m->entitlements, m->entitlements_len);
    frame_end(out, mark);
}

int
get_answer(struct arena *a, const void *payload, size_t len, struct msg_answer *ret)
{
    struct reader r = reader_of(payload, len);
    struct msg_answer m = { 0 };

    m.id = (uint64_t)get_i64(&r);
    m.status = (int32_t)get_u32(&r);
    m.after_ms = get_i64(&r);
    m.error = get_str(&r, a);
    m.body = get_bytes(&r, a, &m.body_len);
    m.contracts = get_bytes(&r, a, &m.contracts_len);
    m.entitlements = get_bytes(&r, a, &m.entitlements_len);
    if (!reader_done(&r) || m.id == 0 || m.after_ms < 0)
        return -1;
    *ret = m;
    return 0;
}
