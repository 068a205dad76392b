/* Every message survives the journey, and a frame that is cut or padded is refused. */
#include <stdlib.h>

#include "base/mem.h"
#include "model/caps.h"
#include "unit.h"
#include "wire/message.h"

static struct arena arena;

static const char *const texts[] = { "a", "", "täg" };

/* Skips a frame's header. */
static const char *
payload(const struct buf *b, size_t *ret_len)
{
    *ret_len = b->len - 5;
    return b->data + 5;
}

static void
a_job_survives_the_journey(void)
{
    struct msg_job in = { .token = 0x1122334455667788, .destination = 7, .attempt = 3,
                          .accepted_ms = -1, .deadline_ms = 60000,
                          .id = "evt_0123456789abcdefghjkmnpqrs",
                          .event = { .type = "contract.1#purchased", .vendor = "acme",
                                     .user = "email|84cc", .contract = "", .entitlement = "e",
                                     .checkout = "c", .occurred = "2025-11-10T12:00:00Z",
                                     .occurred_ms = 1762776000000, .body = "{\0}", .body_len = 3 } };
    struct msg_job out;
    struct buf b = BUF_INIT(1 << 20);
    const char *p;
    size_t len;

    put_job(&b, &in);
    CHECK_INT((uint8_t)b.data[4], MSG_JOB);
    p = payload(&b, &len);
    CHECK_INT(get_job(&arena, p, len, &out), 0);
    CHECK(out.token == in.token);
    CHECK_INT(out.destination, 7);
    CHECK_INT(out.accepted_ms, -1);
    CHECK_STR(out.id, in.id);
    CHECK_STR(out.event.user, "email|84cc");
    CHECK_INT(out.event.body_len, 3);
    CHECK(memcmp(out.event.body, "{\0}", 3) == 0);
    for (size_t cut = 0; cut < len; cut++)
        CHECK_INT(get_job(&arena, p, cut, &out), -1);
    buf_byte(&b, 'x');
    p = payload(&b, &len);
    CHECK_INT(get_job(&arena, p, len, &out), -1);
    buf_free(&b);
}

static void
a_result_survives_and_its_reason_is_cut(void)
{
    char *reason = xmalloc(2000);
    struct msg_result in = { .token = 9, .outcome = -3, .status = 429, .after_ms = 1,
                             .hold_ms = 2, .took_ms = 3, .pause = true, .reason = reason };
    struct msg_result out;
    struct buf b = BUF_INIT(1 << 20);
    const char *p;
    size_t len;

    memset(reason, 'r', 1999);
    reason[1999] = 0;
    put_result(&b, &in);
    p = payload(&b, &len);
    CHECK_INT(get_result(&arena, p, len, &out), 0);
    CHECK_INT(out.outcome, -3);
    CHECK_INT(out.status, 429);
    CHECK(out.pause);
    CHECK_INT(strlen(out.reason), CAP_REASON);
    buf_free(&b);
    free(reason);
}

static void
a_destination_survives_with_and_without_values(void)
{
    struct setting_pair pairs[] = { { "k", "v" } };
    struct setting_value values[] = {
        { .set = true, .text = "t" },
        { .set = true, .number = INT64_MIN },
        { .set = true, .list = (const char **)(uintptr_t)texts, .count = 3 },
        { .set = true, .map = pairs, .count = 1 },
        { .set = false },
    };
    struct cidr allow[] = { { .addr = { 1, 2, 3 }, .bits = 24 } };
    struct destination in = { .index = 1, .vendor = "v", .plugin = "p", .name = "n",
                              .enabled = true, .events = (const char **)(uintptr_t)texts,
                              .event_count = 3, .retry = { 2, { 5, 6 } }, .concurrent = 10,
                              .requests = 100, .per_ms = 10000, .group = 1, .deadline_ms = 5,
                              .allow = allow, .allow_count = 1, .values = values,
                              .value_count = 5 };
    struct destination out;
    struct buf b = BUF_INIT(1 << 20);
    const char *p;
    size_t len;

    put_destination(&b, &in, true);
    p = payload(&b, &len);
    CHECK_INT(get_destination(&arena, p, len, &out), 0);
    CHECK_INT(out.value_count, 5);
    CHECK_STR(out.values[0].text, "t");
    CHECK(out.values[1].number == INT64_MIN);
    CHECK_STR(out.values[2].list[2], "täg");
    CHECK_STR(out.values[3].map[0].value, "v");
    CHECK(!out.values[4].set);
    CHECK_INT(out.allow[0].bits, 24);
    CHECK_INT(out.retry.wait_ms[1], 6);
    CHECK_STR(out.events[0], "a");
    for (size_t cut = 0; cut < len; cut++)
        CHECK_INT(get_destination(&arena, p, cut, &out), -1);

    buf_reset(&b);
    put_destination(&b, &in, false);
    p = payload(&b, &len);
    CHECK_INT(get_destination(&arena, p, len, &out), 0);
    CHECK_INT(out.value_count, 0);
    buf_free(&b);
}

static void
a_lie_about_a_count_allocates_nothing(void)
{
    /* GO-like payload claiming four thousand million events */
    uint8_t lie[64] = { 0 };
    struct destination out;
    size_t used = arena.used;

    memset(lie, 0xff, sizeof(lie));
    CHECK_INT(get_destination(&arena, lie, sizeof(lie), &out), -1);
    CHECK(arena.used - used < 4096);
}

static void
a_culprit_frame_has_the_size_it_says(void)
{
    uint8_t frame[CULPRIT_FRAME];
    uint64_t token = 0;
    char what[CULPRIT_WHAT];

    put_culprit(frame, 0xfedcba9876543210, "called exit()");
    CHECK_INT(frame[0], CULPRIT_FRAME - 4);
    CHECK_INT(frame[4], MSG_CULPRIT);
    CHECK_INT(get_culprit(frame + 5, CULPRIT_FRAME - 5, &token, what), 0);
    CHECK_STR(what, "called exit()");
    CHECK(token == 0xfedcba9876543210);
}

static void
another_version_is_refused_at_hello(void)
{
    struct buf b = BUF_INIT(100);
    const char *p;
    size_t len;

    put_hello(&b);
    p = payload(&b, &len);
    CHECK_INT(get_hello(p, len), 0);
    b.data[5]++;
    CHECK_INT(get_hello(p, len), -1);
    buf_free(&b);
}

static void
every_message_has_its_name(void)
{
    CHECK_STR(message_name(MSG_JOB), "JOB");
    CHECK_STR(message_name(MSG_CULPRIT), "CULPRIT");
    CHECK_STR(message_name(200), "unknown");
    arena_free(&arena);
}

UNIT_MAIN("wire/message", UNIT_TEST(a_job_survives_the_journey),
          UNIT_TEST(a_result_survives_and_its_reason_is_cut),
          UNIT_TEST(a_destination_survives_with_and_without_values),
          UNIT_TEST(a_lie_about_a_count_allocates_nothing),
          UNIT_TEST(a_culprit_frame_has_the_size_it_says),
          UNIT_TEST(another_version_is_refused_at_hello),
          UNIT_TEST(every_message_has_its_name))
