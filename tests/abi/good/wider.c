/* Made with a later header of the same minor whose structs have grown: loads, and the host
   steps over what it does not know. */
#include <hermod/plugin.h>

struct wider_setting {
    struct hermod_setting now;
    const char *later;
};
struct wider_plugin {
    struct hermod_plugin now;
    void (*later)(void);
};

struct config {
    const char *first, *second;
};

static const struct wider_setting settings[] = {
    { HERMOD_STRING(struct config, first, 0, NULL, "The first."), "x" },
    { HERMOD_STRING(struct config, second, 0, "2", "The second."), "y" },
    { HERMOD_SETTINGS_END, NULL },
};

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    (void)c;
    (void)ev;
    (void)config;
    return HERMOD_DELIVERED;
}

extern HERMOD_EXPORT const struct wider_plugin wider_plugin __asm__(HERMOD_SYMBOL);
const struct wider_plugin wider_plugin = {
    .now = {
        .struct_size = sizeof(struct wider_plugin),
        .setting_size = sizeof(struct wider_setting),
        .abi_major = HERMOD_ABI_MAJOR,
        .abi_minor = HERMOD_ABI_MINOR,
        .name = "wider",
        .version = "1.0",
        .summary = "Knows more than this host.",
        .settings = (const struct hermod_setting *)(const void *)settings,
        .config_size = sizeof(struct config),
        .deliver = deliver,
    },
};
