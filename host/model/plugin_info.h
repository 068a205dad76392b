/* plugin_info.h - all that is known of a plugin without running it: what `describe`
   reads from the file and the configuration is checked against. Pure data. */
#ifndef HERMOD_MODEL_PLUGIN_INFO_H
#define HERMOD_MODEL_PLUGIN_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* The numbers are the SDK's (enum hermod_setting_type, HERMOD_REQUIRED ...). */
enum setting_type {
    SETTING_STRING = 1,
    SETTING_BOOL,
    SETTING_INT,
    SETTING_DURATION,
    SETTING_CHOICE,
    SETTING_STRINGS,
    SETTING_MAP,
};
#define SETTING_REQUIRED 1u
#define SETTING_SECRET 2u

const char *setting_type_name(int type);   /* "string" ... "map of strings"; NULL when none */

struct setting_info {
    const char *name;
    int type;
    unsigned flags;
    uint32_t offset;               /* in the plugin's config struct */
    const char *fallback;          /* as it would stand in YAML; NULL: none */
    const char *choices;           /* "a|b|c"; NULL: none */
    int64_t min, max;
    const char *help;
};

struct plugin_info {
    const char *path;              /* of the .so */
    const char *name, *version, *summary;
    uint16_t abi_major, abi_minor;
    const char **events;           /* event_count of them; 0: all types */
    size_t event_count;
    struct setting_info *settings;
    size_t setting_count;
    int64_t config_size;
    int64_t concurrent;            /* deliveries at once per destination */
    int64_t requests, per_ms;      /* HTTP requests; requests 0: no limit */
    const char *credential;        /* the setting that names the shared account; "" */
    int64_t deadline_ms;           /* for one attempt */
    bool has_check;
};

/* Tells two tables of settings apart by all that their values are checked against. Values
   travel by place, so they must never meet another table than the one that checked them.
   Never 0. */
uint64_t plugin_info_settings_mark(const struct plugin_info *p);

/* One value of a setting, checked. Which member counts is the setting's type. */
struct setting_pair {
    const char *key, *value;
};
struct setting_value {
    bool set;                      /* false: not given and no default; zero value */
    const char *text;              /* STRING, CHOICE; "" when not set */
    int64_t number;                /* BOOL 0/1, INT, DURATION ms */
    const char **list;             /* STRINGS */
    struct setting_pair *map;      /* MAP */
    size_t count;                  /* of list or map */
};

/* Is number within the row's min..max? Both 0: any is. */
bool setting_in_range(const struct setting_info *row, int64_t number);
/* Is text one of the row's choices? */
bool setting_has_choice(const struct setting_info *row, const char *text);
/* The default of a row as a value; 0, or -1 when the row's own fallback is not valid for
   its type (a mistake in the plugin). Without a fallback: a value that is not set. */
int setting_default(struct arena *a, const struct setting_info *row, struct setting_value *ret);

#endif
