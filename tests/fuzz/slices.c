/* slices.c - arrays and lines that come apart, and members of objects. */
#include "fuzz.h"

#include "base/buf.h"
#include "model/json.h"
#include "model/slices.h"

#define MOST 64

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Parts lie in the text, in order, apart, trimmed; joined again they come apart again. */
static void
check_parts(const char *text, size_t size, const struct slice *parts, int count, bool lines)
{
    struct buf joined = BUF_INIT(2 * 1024 * 1024);
    struct slice again[MOST];
    const char *at = text;

    if (!lines)
        buf_byte(&joined, '[');
    for (int i = 0; i < count; i++) {
        MUST(parts[i].at >= at && parts[i].at + parts[i].len <= text + size);
        MUST(parts[i].len > 0);
        MUST(!is_space(parts[i].at[0]) && !is_space(parts[i].at[parts[i].len - 1]));
        at = parts[i].at + parts[i].len;
        if (i > 0)
            buf_byte(&joined, lines ? '\n' : ',');
        buf_add(&joined, parts[i].at, parts[i].len);
    }
    if (!lines)
        buf_byte(&joined, ']');
    MUST((lines ? slices_of_lines : slices_of_array)(buf_text(&joined), joined.len, again,
                                                     MOST) == count);
    for (int i = 0; i < count; i++)
        MUST(again[i].len == parts[i].len &&
             memcmp(again[i].at, parts[i].at, parts[i].len) == 0);
    buf_free(&joined);
}

static bool
is_json(const char *text, size_t size)
{
    struct json_cursor c = { text, text + size, NULL };

    json_space(&c);
    return json_value(&c) && json_end(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    struct slice parts[MOST], value;
    int count = slices_of_array(text, size, parts, MOST);

    if (count >= 0)
        check_parts(text, size, parts, count, false);
    if (is_json(text, size)) {
        const char *first = text;

        while (is_space(*first))
            first++;
        MUST((count == -1) == (*first != '['));
        for (int i = 0; i < count; i++)
            MUST(is_json(parts[i].at, parts[i].len));
    }
    count = slices_of_lines(text, size, parts, MOST);
    MUST(count != -1);
    if (count >= 0)
        check_parts(text, size, parts, count, true);
    if (slice_of_member(text, size, "data", &value) == 1) {
        MUST(is_json(text, size));
        MUST(is_json(value.at, value.len));
        MUST(value.at > text && value.at + value.len < text + size);
    }
    return 0;
}
