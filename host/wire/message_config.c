/* message_config.c - what travels at start: a plugin's description, the host's own
   settings, and the destinations. */
#include "model/caps.h"
#include "wire/codec.h"
#include "wire/message.h"
#include "wire/message_reader.h"

static void
put_strs(struct buf *out, const char *const *texts, size_t count)
{
    put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        put_str(out, texts[i]);
}

static const char **
get_strs(struct reader *r, struct arena *a, size_t *ret_count)
{
    uint32_t n = get_count(r, 4);
    const char **texts = arena_alloc(a, (n + 1) * sizeof(*texts));

    for (uint32_t i = 0; i < n; i++)
        texts[i] = get_str(r, a);
    *ret_count = n;
    return texts;
}

static void
put_setting(struct buf *out, const struct setting_info *s)
{
    put_str(out, s->name);
    put_u32(out, (uint32_t)s->type);
    put_u32(out, s->flags);
    put_u32(out, s->offset);
    put_str(out, s->fallback);
    put_str(out, s->choices);
    put_i64(out, s->min);
    put_i64(out, s->max);
    put_str(out, s->help);
}

static void
get_setting(struct reader *r, struct arena *a, struct setting_info *s)
{
    s->name = get_str(r, a);
    s->type = (int)get_u32(r);
    s->flags = get_u32(r);
    s->offset = get_u32(r);
    s->fallback = get_str_or_null(r, a);
    s->choices = get_str_or_null(r, a);
    s->min = get_i64(r);
    s->max = get_i64(r);
    s->help = get_str(r, a);
    if (setting_type_name(s->type) == NULL)
        r->failed = true;
}

void
put_description(struct buf *out, const struct plugin_info *info, const char *error)
{
    size_t mark = frame_begin(out, MSG_DESCRIPTION);

    put_str(out, error);
    put_str(out, info->path);
    put_str(out, info->name);
    put_str(out, info->version);
    put_str(out, info->summary);
    put_u32(out, info->abi_major);
    put_u32(out, info->abi_minor);
    put_strs(out, info->events, info->event_count);
    put_u32(out, (uint32_t)info->setting_count);
    for (size_t i = 0; i < info->setting_count; i++)
        put_setting(out, &info->settings[i]);
    put_i64(out, info->config_size);
    put_i64(out, info->concurrent);
    put_i64(out, info->requests);
    put_i64(out, info->per_ms);
    put_str(out, info->credential);
    put_i64(out, info->deadline_ms);
    put_u8(out, info->has_check);
    frame_end(out, mark);
}

/* A string that a broken plugin may have left out. */
static const char *
get_str_or_empty(struct reader *r, struct arena *a)
{
    const char *text = get_str_or_null(r, a);

    return text ? text : "";
}

int
get_description(struct arena *a, const void *payload, size_t len, struct plugin_info *ret,
                const char **ret_error)
{
    struct reader r = reader_of(payload, len);
    struct plugin_info info = { 0 };
    const char *error = get_str_or_null(&r, a);

    info.path = get_str_or_empty(&r, a);
    info.name = get_str_or_empty(&r, a);
    info.version = get_str_or_empty(&r, a);
    info.summary = get_str_or_empty(&r, a);
    info.abi_major = (uint16_t)get_u32(&r);
    info.abi_minor = (uint16_t)get_u32(&r);
    info.events = get_strs(&r, a, &info.event_count);
    info.setting_count = get_count(&r, 40);
    info.settings = arena_alloc(a, (info.setting_count + 1) * sizeof(*info.settings));
    for (size_t i = 0; i < info.setting_count; i++)
        get_setting(&r, a, &info.settings[i]);
    info.config_size = get_i64(&r);
    info.concurrent = get_i64(&r);
    info.requests = get_i64(&r);
    info.per_ms = get_i64(&r);
    info.credential = get_str_or_empty(&r, a);
    info.deadline_ms = get_i64(&r);
    info.has_check = get_u8(&r) != 0;
    if (!reader_done(&r))
        return -1;
    *ret = info;
    *ret_error = error;
    return 0;
}

void
put_core_config(struct buf *out, const struct host_config *c)
{
    size_t mark = frame_begin(out, MSG_CORE_CONFIG);

    put_str(out, c->listen);
    put_str(out, c->admin);
    put_strs(out, c->tokens, c->token_count);
    put_strs(out, c->signing_secrets, c->signing_secret_count);
    put_strs(out, c->admin_tokens, c->admin_token_count);
    put_str(out, c->journal);
    put_i64(out, c->retention_ms);
    put_i64(out, c->grace_ms);
    put_i64(out, c->min_free_bytes);
    put_i64(out, c->max_waiting);
    put_str(out, c->log_level);
    frame_end(out, mark);
}

int
get_core_config(struct arena *a, const void *payload, size_t len, struct host_config *ret)
{
    struct reader r = reader_of(payload, len);
    struct host_config c = { 0 };

    c.listen = get_str(&r, a);
    c.admin = get_str(&r, a);
    c.tokens = get_strs(&r, a, &c.token_count);
    c.signing_secrets = get_strs(&r, a, &c.signing_secret_count);
    c.admin_tokens = get_strs(&r, a, &c.admin_token_count);
    c.journal = get_str(&r, a);
    c.retention_ms = get_i64(&r);
    c.grace_ms = get_i64(&r);
    c.min_free_bytes = get_i64(&r);
    c.max_waiting = get_i64(&r);
    c.log_level = get_str(&r, a);
    if (!reader_done(&r))
        return -1;
    *ret = c;
    return 0;
}

static void
put_value(struct buf *out, const struct setting_value *v)
{
    put_u8(out, v->set);
    put_str(out, v->text);
    put_i64(out, v->number);
    put_u8(out, v->map != NULL);
    put_u32(out, (uint32_t)v->count);
    for (size_t i = 0; i < v->count; i++) {
        put_str(out, v->map ? v->map[i].key : "");
        put_str(out, v->map ? v->map[i].value : v->list[i]);
    }
}

static void
get_value(struct reader *r, struct arena *a, struct setting_value *v)
{
    bool map;

    v->set = get_u8(r) != 0;
    v->text = get_str_or_empty(r, a);
    v->number = get_i64(r);
    map = get_u8(r) != 0;
    v->count = get_count(r, 8);
    v->list = map ? NULL : arena_alloc(a, (v->count + 1) * sizeof(*v->list));
    v->map = map ? arena_alloc(a, (v->count + 1) * sizeof(*v->map)) : NULL;
    for (size_t i = 0; i < v->count; i++) {
        const char *key = get_str(r, a), *value = get_str(r, a);

        if (map)
            v->map[i] = (struct setting_pair){ key, value };
        else
            v->list[i] = value;
    }
}

void
put_cidrs(struct buf *out, const struct cidr *blocks, size_t count)
{
    put_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        buf_add(out, blocks[i].addr, sizeof(blocks[i].addr));
        put_u8(out, blocks[i].bits);
    }
}

const struct cidr *
get_cidrs(struct reader *r, struct arena *a, size_t *ret_count)
{
    size_t count = get_count(r, 17);
    struct cidr *blocks = arena_alloc(a, (count + 1) * sizeof(*blocks));

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof(blocks[i].addr); k++)
            blocks[i].addr[k] = get_u8(r);
        blocks[i].bits = get_u8(r);
        if (blocks[i].bits > 128)
            r->failed = true;
    }
    *ret_count = count;
    return blocks;
}

void
put_destination(struct buf *out, const struct destination *d, bool with_values)
{
    size_t mark = frame_begin(out, MSG_DESTINATION);

    put_u32(out, d->index);
    put_str(out, d->vendor);
    put_str(out, d->plugin);
    put_str(out, d->name);
    put_u8(out, d->enabled);
    put_strs(out, d->events, d->event_count);
    put_u32(out, (uint32_t)d->retry.steps);
    for (size_t i = 0; i < d->retry.steps; i++)
        put_i64(out, d->retry.wait_ms[i]);
    put_i64(out, d->concurrent);
    put_i64(out, d->requests);
    put_i64(out, d->per_ms);
    put_u32(out, d->group);
    put_i64(out, d->deadline_ms);
    put_cidrs(out, d->allow, d->allow_count);
    put_u32(out, with_values ? (uint32_t)d->value_count : 0);
    for (size_t i = 0; with_values && i < d->value_count; i++)
        put_value(out, &d->values[i]);
    frame_end(out, mark);
}

int
get_destination(struct arena *a, const void *payload, size_t len, struct destination *ret)
{
    struct reader r = reader_of(payload, len);
    struct destination d = { 0 };

    d.index = get_u32(&r);
    d.vendor = get_str(&r, a);
    d.plugin = get_str(&r, a);
    d.name = get_str(&r, a);
    d.enabled = get_u8(&r) != 0;
    d.events = get_strs(&r, a, &d.event_count);
    d.retry.steps = get_count(&r, 8);
    if (d.retry.steps > RETRY_STEPS_MAX)
        return -1;
    for (size_t i = 0; i < d.retry.steps; i++)
        d.retry.wait_ms[i] = get_i64(&r);
    d.concurrent = get_i64(&r);
    d.requests = get_i64(&r);
    d.per_ms = get_i64(&r);
    d.group = get_u32(&r);
    d.deadline_ms = get_i64(&r);
    d.allow = get_cidrs(&r, a, &d.allow_count);
    d.value_count = get_count(&r, 18);
    if (d.value_count > 0)
        d.values = arena_alloc(a, d.value_count * sizeof(*d.values));
    for (size_t i = 0; i < d.value_count; i++)
        get_value(&r, a, &d.values[i]);
    if (!reader_done(&r))
        return -1;
    *ret = d;
    return 0;
}
