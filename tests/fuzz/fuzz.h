/* fuzz.h - what the fuzz targets share. Each target is one LLVMFuzzerTestOneInput(): with
   clang and --enable-fuzzing libFuzzer calls it, else replay.c does, with the corpus. */
#ifndef HERMOD_TESTS_FUZZ_H
#define HERMOD_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the input is. */
#define MUST(cond)                                                                     \
    do {                                                                               \
        if (!(cond)) {                                                                 \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #cond);  \
            abort();                                                                   \
        }                                                                              \
    } while (0)

/* A copy with a NUL behind it, to free(); text ends at its first NUL. */
static inline char *
text_of(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    MUST(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
