/* supervisor.h - starts the roles, watches them, starts them again, stops them in order.
   Reads the configuration; talks to no network and loads no plugin. */
#ifndef HERMOD_SUPERVISOR_SUPERVISOR_H
#define HERMOD_SUPERVISOR_SUPERVISOR_H

#include "config/config.h"

/* `hermod run`. config_path NULL: the default. Returns the exit status. */
int supervisor_main(const char *config_path);

#endif
