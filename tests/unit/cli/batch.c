#include <stdlib.h>

#include "base/mem.h"
#include "cli/batch.h"
#include "model/caps.h"
#include "unit.h"

static char error[256];

/* Splits text and joins what was found with '|'; or the error. */
static const char *
split(const char *text)
{
    static struct buf out = BUF_INIT(1 << 20);
    struct slice *events = NULL;
    size_t count = 0;

    error[0] = '\0';
    buf_free(&out);
    if (batch_split(text, strlen(text), &events, &count, error) != 0)
        return error;
    for (size_t i = 0; i < count; i++) {
        buf_str(&out, i ? "|" : "");
        buf_add(&out, events[i].at, events[i].len);
    }
    free(events);
    return buf_text(&out);
}

static void
one_object_is_one_event_byte_for_byte(void)
{
    CHECK_STR(split("{\"a\":1}"), "{\"a\":1}");
    CHECK_STR(split(" \n{\n  \"a\" : 1.50 ,\n  \"b\": \"}\\\"\"\n}\n"),
              "{\n  \"a\" : 1.50 ,\n  \"b\": \"}\\\"\"\n}");
    CHECK_STR(split("\xef\xbb\xbf{}"), "{}");
}

static void
an_array_holds_events(void)
{
    CHECK_STR(split("[{\"a\":[1,2]} , {\"b\":2}]\n"), "{\"a\":[1,2]}|{\"b\":2}");
    CHECK_STR(split("[]"), "");
}

static void
lines_hold_events_and_blank_ones_nothing(void)
{
    CHECK_STR(split("{\"a\":1}\r\n\r\n{\"b\":2}\n"), "{\"a\":1}|{\"b\":2}");
    /* A broken line is the host's to name: the others are good. */
    CHECK_STR(split("{\"a\":1}\n{\"b\":}\n{\"c\":3}"), "{\"a\":1}|{\"b\":}|{\"c\":3}");
}

static void
objects_may_stand_one_after_another(void)
{
    CHECK_STR(split("{\n\"a\": 1\n}\n{\n\"b\": 2\n}\n"), "{\n\"a\": 1\n}|{\n\"b\": 2\n}");
    CHECK_STR(split("{\"a\":1} {\"b\":2}\n{\"c\":3}"), "{\"a\":1}|{\"b\":2}|{\"c\":3}");
}

static void
mistakes_are_named_with_their_line(void)
{
    CHECK_STR(split(""), "there is no event in it");
    CHECK_STR(split(" \n\t"), "there is no event in it");
    CHECK(strstr(split("{\n\"a\": 1\n}\nfoo"), "line 4: ") == error);
    CHECK(strstr(split("\n{\n\"a\": tru\n}"), "line 2: the object that begins here") == error);
    CHECK(strstr(error, "line 3: ") != NULL);
    CHECK(strstr(split("eventType: x"), "line 1: ") == error);
    CHECK(strstr(split("[{\"a\":1},"), "array") != NULL);
}

static void
thousands_of_events_are_found(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct slice *events;
    size_t count;

    for (int array = 0; array < 2; array++) {
        buf_reset(&text);
        buf_str(&text, array ? "[" : "");
        for (int i = 0; i < 5000; i++)
            buf_printf(&text, "%s{\"n\":%d}", i == 0 ? "" : array ? "," : "\n", i);
        buf_str(&text, array ? "]" : "");
        CU_ASSERT_FATAL(batch_split(buf_text(&text), text.len, &events, &count, error) == 0);
        CHECK_INT(count, 5000);
        CHECK(memcmp(events[4999].at, "{\"n\":4999}", events[4999].len) == 0);
        free(events);
    }
    buf_free(&text);
}

static void
a_request_holds_a_thousand_events_and_a_mebibyte(void)
{
    static const struct slice *events[CAP_REQUEST_EVENTS + 10];
    char *big = xmalloc(CAP_REQUEST_BODY);
    struct slice small = { "{}", 2 }, half, most;
    struct buf body = BUF_INIT(CAP_REQUEST_BODY);

    memset(big, ' ', CAP_REQUEST_BODY);
    for (size_t i = 0; i < ARRAY_LEN(events); i++)
        events[i] = &small;
    CHECK_INT(batch_fit(events, ARRAY_LEN(events)), CAP_REQUEST_EVENTS);
    CHECK_INT(batch_fit(events, 3), 3);
    CHECK_INT(batch_fit(events, 0), 0);
    half = (struct slice){ big, CAP_REQUEST_BODY / 2 };
    events[0] = events[1] = &half;         /* two halves, brackets and a comma: too much */
    CHECK_INT(batch_fit(events, 2), 1);
    most = (struct slice){ big, CAP_REQUEST_BODY - 2 };
    events[0] = &most;
    CHECK_INT(batch_fit(events, 2), 1);
    batch_body(events, 1, &body);
    CHECK(!body.failed);
    CHECK_INT(body.len, CAP_REQUEST_BODY);
    most.len++;
    CHECK_INT(batch_fit(events, 2), 0);
    buf_free(&body);
    free(big);
}

static void
a_body_is_an_array_of_the_bytes(void)
{
    struct slice a = { "{\"a\": 1}", 8 }, b = { "{}", 2 };
    const struct slice *events[] = { &a, &b };
    struct buf body = BUF_INIT(100);

    batch_body(events, 2, &body);
    CHECK_STR(buf_text(&body), "[{\"a\": 1},{}]");
    buf_free(&body);
}

static void
a_pointer_names_an_event_of_the_request(void)
{
    const char *rest = "unset";

    CHECK_INT(batch_pointer("/3/userId", 4, &rest), 3);
    CHECK_STR(rest, "/userId");
    CHECK_INT(batch_pointer("/0", 1, &rest), 0);
    CHECK_STR(rest, "");
    CHECK_INT(batch_pointer("/4/userId", 4, &rest), -1);
    CHECK_INT(batch_pointer("/userId", 4, &rest), -1);
    CHECK_INT(batch_pointer("", 4, &rest), -1);
    CHECK_INT(batch_pointer("/", 4, &rest), -1);
    CHECK_INT(batch_pointer("/-1", 4, &rest), -1);
    CHECK_INT(batch_pointer("/99999999999999999999", 4, &rest), -1);
    CHECK_INT(batch_pointer("/0", 0, &rest), -1);
}

UNIT_MAIN("cli/batch",
    UNIT_TEST(one_object_is_one_event_byte_for_byte),
    UNIT_TEST(an_array_holds_events),
    UNIT_TEST(lines_hold_events_and_blank_ones_nothing),
    UNIT_TEST(objects_may_stand_one_after_another),
    UNIT_TEST(mistakes_are_named_with_their_line),
    UNIT_TEST(thousands_of_events_are_found),
    UNIT_TEST(a_request_holds_a_thousand_events_and_a_mebibyte),
    UNIT_TEST(a_body_is_an_array_of_the_bytes),
    UNIT_TEST(a_pointer_names_an_event_of_the_request))
