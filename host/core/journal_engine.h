/* journal_engine.h - what an engine of the journal provides. journal.h says what each
   function promises; journal.c picks the engine by the URL's scheme and calls through
   this table. Nobody but journal.c and the engines includes this. */
#ifndef HERMOD_CORE_JOURNAL_ENGINE_H
#define HERMOD_CORE_JOURNAL_ENGINE_H

#include "core/journal.h"

/* A turn is never empty and its done() is set; counts of names are never 0. */
struct journal_engine {
    const char *scheme;                    /* with its colon: "sqlite:" */
    struct journal *(*open)(const char *rest, char **ret_error);   /* rest: behind the scheme */
    void (*close)(struct journal *j);
    const char *(*trouble)(const struct journal *j);

    void (*commit)(struct journal *j, struct journal_turn *turn);
    int (*destinations)(struct journal *j, const struct journal_name *names, size_t count,
                        uint32_t *ret_ids);
    int (*holds)(struct journal *j, journal_hold_fn *fn, void *arg);

    int (*due)(struct journal *j, struct arena *a, uint32_t destination, int64_t now_ms,
               int64_t after_due_ms, int64_t after_seq, size_t limit,
               journal_due_fn *fn, void *arg);
    int (*next_due)(struct journal *j, journal_next_fn *fn, void *arg);
    int (*next_due_of)(struct journal *j, uint32_t destination, int64_t *ret_due_ms);

    int (*deliveries)(struct journal *j, const struct journal_filter *f,
                      journal_delivery_fn *fn, void *arg);
    int (*attempts)(struct journal *j, int64_t seq, uint32_t destination,
                    journal_attempt_fn *fn, void *arg);
    int (*find)(struct journal *j, struct arena *a, const uint8_t *key, const char *vendor,
                const char *user, int64_t before_seq, size_t limit,
                journal_found_fn *fn, void *arg);
    int64_t (*replay)(struct journal *j, const struct journal_filter *f, int64_t now_ms,
                      bool dry, journal_changed_fn *fn, void *arg);
    int64_t (*drop)(struct journal *j, const struct journal_filter *f, bool dry);
    int (*counts)(struct journal *j, journal_count_fn *fn, void *arg);

    int (*expire)(struct journal *j, int64_t before_ms, size_t limit);
    int (*upkeep)(struct journal *j);
    int64_t (*free_bytes)(struct journal *j);
};

/* The first member of every engine's own struct. */
struct journal {
    const struct journal_engine *engine;
};

extern const struct journal_engine journal_sqlite;

#endif
