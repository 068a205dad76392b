/* mask.h - takes a destination's secret settings out of text that is stored, logged or shown,
   whoever wrote it. */
#ifndef HERMOD_RUNNER_MASK_H
#define HERMOD_RUNNER_MASK_H

#include "base/arena.h"
#include "model/plugin_info.h"

/* text with each occurrence of a secret value as ***, also where it is percent-encoded or
   escaped for JSON: text itself when there is none, else a copy in the arena. Values shorter
   than 4 bytes are left: they would take out words. values may be NULL. */
const char *mask_secrets(struct arena *a, const struct plugin_info *info,
                         const struct setting_value *values, const char *text);

#endif
