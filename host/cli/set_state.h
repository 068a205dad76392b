/* set_state.h - what pause and resume share. */
#ifndef HERMOD_CLI_SET_STATE_H
#define HERMOD_CLI_SET_STATE_H

#include "cli/cli.h"
#include "cli/client.h"

/* verb: the last segment of the address; reason: the option with the text, -1: none. */
int set_state_main(const struct command *cmd, const char *verb, int reason, int argc,
                   char **argv);

#endif
