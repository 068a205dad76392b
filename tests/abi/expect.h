/* expect.h - what a broken plugin's source says in its first comment: "KIND: TEXT". */
#ifndef HERMOD_TESTS_ABI_EXPECT_H
#define HERMOD_TESTS_ABI_EXPECT_H

#include <stddef.h>

#include "base/arena.h"

struct expectation {
    const char *name;              /* of the plugin */
    const char *text;              /* behind "KIND: ", lines joined by one space */
};

/* All sources in tests/abi/bad whose comment begins with kind ("refused", "contained" ...),
   in no order. */
size_t expect_all(struct arena *a, const char *kind, struct expectation *ret, size_t max);

#endif
