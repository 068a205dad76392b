/* source.h - the source role: asks the platform's API for all runners, with credentials that no
   plugin sees. fd 3 to the supervisor, a socket to each runner that comes over it. */
#ifndef HERMOD_SOURCE_SOURCE_H
#define HERMOD_SOURCE_SOURCE_H

/* Returns the exit status. */
int source_main(void);

#endif
