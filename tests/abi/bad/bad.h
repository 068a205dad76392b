/* bad.h - what is right about a plugin that is wrong in one way. The first comment of each
   file here is what its test expects. */
#ifndef HERMOD_TESTS_ABI_BAD_H
#define HERMOD_TESTS_ABI_BAD_H

#include <hermod/plugin.h>

#define SOUND_HEAD                                             \
    .struct_size = (uint32_t)sizeof(struct hermod_plugin),     \
    .setting_size = (uint32_t)sizeof(struct hermod_setting),   \
    .abi_major = HERMOD_ABI_MAJOR, .abi_minor = HERMOD_ABI_MINOR
#define SOUND_TEXTS .version = "1.0", .summary = "Is wrong in one way."
#define PLUGIN const struct hermod_plugin hermod_plugin_1

/* With HERMOD_PLUGIN(SOUND("name"), ...). */
#define SOUND(text) .name = (text), SOUND_TEXTS, .deliver = deliver

struct config {
    int64_t number;
    const char *text;
};

static inline int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)c;
    (void)ev;
    (void)config;
    return HERMOD_DELIVERED;
}

#endif
