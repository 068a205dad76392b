/* replay.c - runs a fuzz target without libFuzzer: over each file given (or each file of a
   directory given), over every beginning of it, and over copies with some bytes changed. */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

#define FILE_MAX (1024 * 1024)
#define PREFIXES 2048              /* beginnings of a file that are tried */
#define CHANGES 300                /* changed copies of a file that are tried */

static size_t files, inputs;

/* In memory of exactly its size, so that ASan and valgrind see any step beyond. */
static void
run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    MUST(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    inputs++;
}

static uint32_t
next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* The same changes in every run. */
static void
run_changed(uint8_t *data, size_t size)
{
    static const char usual[] = "{}[]\":,\\\n\0\xff\x80 0-'%/";
    uint32_t state = (uint32_t)size;

    for (int i = 0; i < CHANGES && size > 0; i++) {
        size_t at = next_random(&state) % size;
        uint8_t was = data[at];

        data[at] = i % 2 ? (uint8_t)next_random(&state)
                         : (uint8_t)usual[next_random(&state) % (sizeof(usual) - 1)];
        run(data, size);
        if (i % 3 != 0)            /* every third change stays, for a while */
            data[at] = was;
    }
}

static void
run_file(const char *path)
{
    uint8_t *data = malloc(FILE_MAX);
    FILE *f = fopen(path, "rb");
    size_t size;

    MUST(data != NULL);
    if (!f) {
        perror(path);
        exit(99);
    }
    size = fread(data, 1, FILE_MAX, f);
    fclose(f);
    run(data, size);
    for (size_t len = 0; len < size && len < PREFIXES; len++)
        run(data, len);
    run_changed(data, size);
    free(data);
    files++;
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        struct dirent *entry;

        if (!dir) {
            run_file(argv[i]);
            continue;
        }
        while ((entry = readdir(dir)) != NULL) {
            char path[4096];

            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
            run_file(path);
        }
        closedir(dir);
    }
    printf("%zu files, %zu inputs\n", files, inputs);
    return files > 0 ? 0 : 99;
}
