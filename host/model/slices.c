#include "model/slices.h"

#include <stdbool.h>
#include <string.h>

#include "model/json.h"

static bool
is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static struct slice
trimmed(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    while (end > at && is_space(end[-1]))
        end--;
    return (struct slice){ at, (size_t)(end - at) };
}

/* Behind the quote that closes the string that begins at `at`; NULL when none does. */
static const char *
behind_string(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '"')
            return at + 1;
    }
    return NULL;
}

/* From the first byte of an element to the ',' or ']' that ends it; NULL when none does.
   Brackets are counted, not matched: what is inside is checked by whoever parses it. */
static const char *
behind_element(const char *at, const char *end)
{
    size_t depth = 0;

    while (at < end) {
        switch (*at) {
        case '"':
            at = behind_string(at, end);
            if (!at)
                return NULL;
            continue;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return *at == ']' ? at : NULL;
            depth--;
            break;
        case ',':
            if (depth == 0)
                return at;
            break;
        default:
            break;
        }
        at++;
    }
    return NULL;
}

int
slices_of_array(const char *text, size_t len, struct slice *ret, int max)
{
    struct slice whole = trimmed(text, text + len);
    const char *at = whole.at + 1, *end = whole.at + whole.len;
    int count = 0;

    if (whole.len < 2 || whole.at[0] != '[' || end[-1] != ']')
        return -1;
    if (trimmed(at, end - 1).len == 0)
        return 0;
    for (;; at++) {
        const char *stop = behind_element(at, end);
        struct slice element;

        if (!stop)
            return -1;
        element = trimmed(at, stop);
        if (element.len == 0)
            return -1;
        if (count == max)
            return -2;
        ret[count++] = element;
        at = stop;
        if (*at == ']')
            return at + 1 == end ? count : -1;
    }
}

int
slices_of_lines(const char *text, size_t len, struct slice *ret, int max)
{
    const char *at = text, *end = text + len;
    int count = 0;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct slice line = trimmed(at, stop ? stop : end);

        if (line.len > 0) {
            if (count == max)
                return -2;
            ret[count++] = line;
        }
        at = stop ? stop + 1 : end;
    }
    return count;
}

int
slice_of_member(const char *text, size_t len, const char *name, struct slice *ret)
{
    struct json_cursor c = { text, text + len, NULL };
    size_t name_len = strlen(name);
    struct json_member m;
    int got, found = 0;

    if (!json_enter_object(&c))
        return -1;
    while ((got = json_next_member(&c, &m)) == 1) {
        if (!json_name_is(&m, name, name_len))
            continue;
        if (found++)
            return -1;
        *ret = m.value;
    }
    return got == 0 && json_end(&c) ? found : -1;
}
