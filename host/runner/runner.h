/* runner.h - the runner role: one plugin in a process of its own. fd 3 to the supervisor,
   a socket to core that comes over it. */
#ifndef HERMOD_RUNNER_RUNNER_H
#define HERMOD_RUNNER_RUNNER_H

/* Returns the exit status. */
int runner_main(void);
/* The throw-away role that describes one plugin and exits. */
int describe_main(void);

#endif
