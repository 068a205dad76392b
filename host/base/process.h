/* process.h - what every process of Hermod does to itself first. */
#ifndef HERMOD_BASE_PROCESS_H
#define HERMOD_BASE_PROCESS_H

/* Before anything is opened: standard input, output and error are open, if on /dev/null; no
   core dumps, not dumpable (so that no other process of the same user reads the memory), no
   new privileges, SIGPIPE and SIGXFSZ ignored, as many descriptors as the system allows. */
void process_harden(void);

#endif
