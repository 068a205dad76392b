/* log.c - one line per thing that matters, logfmt on stderr. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

/* PIPE_BUF of Linux: up to here lines of several roles in one pipe never mix. */
#define LINE_MAX_ 4096
/* One value, escaped: a long one must not push the others off the line. */
#define VALUE_MAX 1024
#define CUT "..."

static const char *const level_names[] = {
    [LOG_DEBUG_] = "debug",
    [LOG_INFO_] = "info",
    [LOG_WARN_] = "warn",
    [LOG_ERROR_] = "error",
};

static const char *log_role = "hermod";
static enum log_level log_level = LOG_INFO_;

/* The last byte is kept for the newline. */
struct line {
    char text[LINE_MAX_];
    size_t len;
};

void
log_setup(const char *role, enum log_level level)
{
    log_role = role;
    log_level = level;
}

bool
log_wants(enum log_level level)
{
    return level >= log_level;
}

int
log_level_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++)
        if (str_eq(name, level_names[i]))
            return (int)i;
    return -1;
}

static size_t
line_left(const struct line *l)
{
    return sizeof(l->text) - 1 - l->len;
}

static bool
add(struct line *l, const char *text, size_t len)
{
    if (len > line_left(l))
        return false;
    memcpy(l->text + l->len, text, len);
    l->len += len;
    return true;
}

static void
add_str(struct line *l, const char *text)
{
    add(l, text, strlen(text));
}

static bool
is_plain(const char *text)
{
    if (!*text)
        return false;
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f ||
            *text == '"' || *text == '=' || *text == '\\')
            return false;
    return true;
}

/* The escaped form of the character at text into out; its length in bytes; *used is
   how many bytes of text it stands for. */
static size_t
escape(const char *text, char out[8], size_t *used)
{
    unsigned char c = (unsigned char)*text;
    size_t n = c < 0x80 ? 1 : utf8_step(text, strnlen(text, 4));

    *used = n ? n : 1;
    if (n == 0)
        return (size_t)snprintf(out, 8, "\\x%02x", c);
    if (c == '"' || c == '\\')
        return (size_t)snprintf(out, 8, "\\%c", c);
    if (c == '\n' || c == '\r' || c == '\t')
        return (size_t)snprintf(out, 8, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    if (c < 0x20 || c == 0x7f)
        return (size_t)snprintf(out, 8, "\\x%02x", c);
    /* C1 controls are two bytes in UTF-8 and some terminals obey them. */
    if (c == 0xc2 && (unsigned char)text[1] < 0xa0)
        return (size_t)snprintf(out, 8, "\\x%02x", (unsigned char)text[1]);
    memcpy(out, text, n);
    return n;
}

static void
add_value(struct line *l, const char *text)
{
    size_t max = line_left(l) < VALUE_MAX ? line_left(l) : VALUE_MAX;
    size_t end = l->len + max, used;
    char out[8];

    if (is_plain(text) && strlen(text) <= max) {
        add_str(l, text);
        return;
    }
    if (max < sizeof("\"" CUT "\"") + 8)
        return;
    add_str(l, "\"");
    for (; *text; text += used) {
        size_t n = escape(text, out, &used);

        if (l->len + n + strlen(CUT "\"") > end) {
            add_str(l, CUT);
            break;
        }
        add(l, out, n);
    }
    add_str(l, "\"");
}

static void
add_field(struct line *l, const struct log_field *f)
{
    char number[24];
    size_t before = l->len, start;

    add_str(l, " ");
    if (!add(l, f->key, strlen(f->key)) || !add(l, "=", 1)) {
        l->len = before;
        return;
    }
    start = l->len;
    if (f->text) {
        add_value(l, f->text);
    } else {
        snprintf(number, sizeof(number), "%" PRId64, f->number);
        add_str(l, number);
    }
    if (l->len == start)
        l->len = before;
}

static void
add_time(struct line *l)
{
    int64_t now = clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm tm;
    char text[64];

    gmtime_r(&seconds, &tm);
    snprintf(text, sizeof(text), "ts=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
             tm.tm_sec, (int)(now % 1000));
    add_str(l, text);
}

void
log_write(enum log_level level, const char *msg, const struct log_field *fields)
{
    /* Not on the stack: callers may be on a coroutine's small one. */
    static _Thread_local struct line l;
    int saved = errno;

    if (level < log_level)
        return;
    l.len = 0;
    add_time(&l);
    add_str(&l, " level=");
    add_str(&l, level_names[level]);
    add_str(&l, " role=");
    add_value(&l, log_role);
    add_str(&l, " msg=");
    add_value(&l, msg);
    for (; fields->key; fields++)
        add_field(&l, fields);
    l.text[l.len++] = '\n';
    /* Nobody can be told when the log itself cannot be written. */
    while (write(STDERR_FILENO, l.text, l.len) < 0 && errno == EINTR)
        continue;
    errno = saved;
}
