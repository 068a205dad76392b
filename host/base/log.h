/* log.h - one line per thing that matters, logfmt on stderr. Nothing here may be
   handed a secret or personal data: callers pass ids and names of things.

       log_warn("runner died", log_s("plugin", name), log_i("status", status));
   prints
       ts=2026-01-02T03:04:05.678Z level=warn role=core msg="runner died" plugin=x status=9 */
#ifndef HERMOD_BASE_LOG_H
#define HERMOD_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARN_, LOG_ERROR_ };

struct log_field {
    const char *key;               /* NULL ends the list */
    const char *text;              /* or NULL: number counts */
    int64_t number;
};

static inline struct log_field
log_s(const char *key, const char *text)
{
    return (struct log_field){ key, text ? text : "", 0 };
}

static inline struct log_field
log_i(const char *key, int64_t number)
{
    return (struct log_field){ key, NULL, number };
}

#define LOG_END_ ((struct log_field){ NULL, NULL, 0 })
#define LOG_LINE_(level, msg, ...) \
    log_write((level), (msg), (const struct log_field[]){ __VA_ARGS__ })
#define LOG_ARGS_(level, ...) LOG_SPLIT_(level, __VA_ARGS__, LOG_END_)
#define LOG_SPLIT_(level, msg, ...) LOG_LINE_(level, msg, __VA_ARGS__)
#define log_debug(...) LOG_ARGS_(LOG_DEBUG_, __VA_ARGS__)
#define log_info(...) LOG_ARGS_(LOG_INFO_, __VA_ARGS__)
#define log_warn(...) LOG_ARGS_(LOG_WARN_, __VA_ARGS__)
#define log_error(...) LOG_ARGS_(LOG_ERROR_, __VA_ARGS__)

/* role is kept, not copied: a literal. Lines below the level are dropped. */
void log_setup(const char *role, enum log_level level);
/* Would a line of this level be written? To save the work of making it. */
bool log_wants(enum log_level level);
/* One write(2) per line, at most 4 KiB, so that roles which share a pipe never mix
   their lines; a value over 1 KiB is cut. Control characters and quotes are escaped,
   so a value cannot forge a line. Keeps errno. */
void log_write(enum log_level level, const char *msg, const struct log_field *fields);
/* "debug" ... "error" to the level; -1 when it is none of them. */
int log_level_of(const char *name);

#endif
