/* batch.c - events from a text, requests from events, and what a refusal is about. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/batch.h"
#include "model/caps.h"
#include "model/json.h"

#define FIRST_GUESS 1024

static size_t
line_of(const char *text, const char *at)
{
    size_t line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* slices_of_array() and _lines() want to know how many there are; nobody does yet. */
static int
grow_and_find(int (*find)(const char *, size_t, struct slice *, int), const char *text,
              size_t len, struct slice **ret)
{
    struct slice *found = NULL;
    int max = FIRST_GUESS, n;

    do {
        found = xrealloc(found, (size_t)max, sizeof(*found));
        n = find(text, len, found, max);
        max = max > 1 << 28 ? max : max * 4;
    } while (n == -2 && max <= 1 << 28);
    if (n < 0) {
        free(found);
        return -1;
    }
    *ret = found;
    return n;
}

/* Lines that look like objects of their own, by their ends; -1 when one does not. */
static int
split_lines(const char *text, size_t len, struct slice **ret)
{
    struct slice *lines = NULL;
    int n = grow_and_find(slices_of_lines, text, len, &lines);

    for (int i = 0; i < n; i++)
        if (lines[i].len < 2 || lines[i].at[0] != '{' || lines[i].at[lines[i].len - 1] != '}') {
            free(lines);
            return -1;
        }
    *ret = lines;
    return n;
}

static int
split_values(const char *whole, const char *text, size_t len, struct slice **ret,
             char error[256])
{
    struct json_cursor c = { .at = text, .end = text + len };
    struct slice *found = NULL;
    size_t count = 0, size = 0;

    for (json_space(&c); c.at < c.end; json_space(&c)) {
        const char *start = c.at;

        if (*start != '{' || !json_value(&c)) {
            if (*start == '{')
                snprintf(error, 256, "line %zu: the object that begins here is not valid JSON: "
                                     "line %zu: %s", line_of(whole, start),
                         line_of(whole, c.at), c.wrong);
            else
                snprintf(error, 256, "line %zu: a JSON object was wanted, something else was "
                                     "found", line_of(whole, start));
            free(found);
            return -1;
        }
        if (count == size) {
            size = size ? size * 2 : 16;
            found = xrealloc(found, size, sizeof(*found));
        }
        found[count++] = (struct slice){ start, (size_t)(c.at - start) };
    }
    *ret = found;
    return (int)count;
}

static void
skip_to_text(const char **text, size_t *len)
{
    if (*len >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0) {     /* a byte order mark */
        *text += 3;
        *len -= 3;
    }
    while (*len && strchr(" \t\r\n", **text) && **text) {
        (*text)++;
        (*len)--;
    }
}

int
batch_split(const char *text, size_t len, struct slice **ret_events, size_t *ret_count,
            char error[256])
{
    const char *whole = text;
    struct slice *events = NULL;
    int n;

    skip_to_text(&text, &len);
    if (!len) {
        snprintf(error, 256, "there is no event in it");
        return -1;
    }
    if (*text == '[') {
        n = grow_and_find(slices_of_array, text, len, &events);
        if (n < 0) {
            snprintf(error, 256, "a JSON array of events was wanted, but it is not valid JSON");
            return -1;
        }
    } else {
        n = split_values(whole, text, len, &events, error);
        /* One broken line should not keep the others back: the host names it. */
        if (n < 0)
            n = split_lines(text, len, &events);
        if (n < 0)
            return -1;
    }
    *ret_events = events;
    *ret_count = (size_t)n;
    return 0;
}

size_t
batch_fit(const struct slice *const *events, size_t count)
{
    size_t bytes = 2, n = 0;       /* the brackets */

    for (; n < count && n < CAP_REQUEST_EVENTS; n++) {
        bytes += events[n]->len + (n > 0);
        if (bytes > CAP_REQUEST_BODY)
            break;
    }
    return n;
}

void
batch_body(const struct slice *const *events, size_t count, struct buf *out)
{
    buf_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_byte(out, ',');
        buf_add(out, events[i]->at, events[i]->len);
    }
    buf_byte(out, ']');
}

int
batch_pointer(const char *pointer, size_t count, const char **ret_rest)
{
    size_t len = pointer[0] == '/' ? strcspn(pointer + 1, "/") : 0;
    char digits[16];
    int64_t n;

    if (len == 0 || len >= sizeof(digits))
        return -1;
    memcpy(digits, pointer + 1, len);
    digits[len] = '\0';
    if (count == 0 || !parse_i64(digits, 0, (int64_t)count - 1, &n))
        return -1;
    *ret_rest = pointer + 1 + len;
    return (int)n;
}
