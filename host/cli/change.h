/* change.h - what replay and drop share: choosing parked deliveries and changing them. */
#ifndef HERMOD_CLI_CHANGE_H
#define HERMOD_CLI_CHANGE_H

#include "cli/cli.h"
#include "cli/select.h"

enum { CHANGE_ALL = SELECT_OPTIONS, CHANGE_DRY_RUN, CHANGE_OPTIONS };
#define CHANGE_ROWS(verb)                                                            \
    CLIENT_ADMIN_ROWS, SELECT_ROWS,                                                  \
    [CHANGE_ALL] = { 'a', "all", NULL, verb " every parked delivery of the host." }, \
    [CHANGE_DRY_RUN] = { 'n', "dry-run", NULL, "Only count them." }

struct change {
    const struct command *cmd;
    const char *path;              /* "/v1/replays" */
    const char *done, *would;      /* "waiting again", "would wait again" */
    /* Asked before anything is changed; NULL: never. count: how many. */
    bool (*confirm)(int64_t count);
    int no_confirm;                /* the option that does without */
};

int change_main(const struct change *ch, int argc, char **argv);

#endif
