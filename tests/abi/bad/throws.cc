/* contained: dies of signal 6: aborted */
#include <stdexcept>

#include <hermod/plugin.h>

static int
deliver(struct hermod_call *, const struct hermod_event *, const void *)
{
    throw std::runtime_error("nobody catches this");
}

HERMOD_PLUGIN(.name = "throws", .version = "1.0", .summary = "Throws.",
              .deliver = deliver);
