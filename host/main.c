/* main.c - which role or subcommand this process is; knows nothing's inside. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "core/core.h"
#include "runner/runner.h"
#include "source/source.h"

/* A role is started only by spawn_role(), with its socket on fd 3. */
static const struct {
    const char *name;
    int (*run)(void);
} roles[] = {
    { "core", core_main },
    { "runner", runner_main },
    { "source", source_main },
    { "describe", describe_main },
};

int
main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--role") == 0) {
        for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
            if (strcmp(argv[2], roles[i].name) == 0)
                return roles[i].run();
        fprintf(stderr, "hermod: no role is called that\n");
        return EXIT_USAGE;
    }
    return cli_main(argc, argv);
}
