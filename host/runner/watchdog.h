/* watchdog.h - last words: when plugin code crashes, exits, forks or never gives the thread
   back, the supervisor is told which delivery had it, and one line says so. The process then
   dies of what it was dying of. */
#ifndef HERMOD_RUNNER_WATCHDOG_H
#define HERMOD_RUNNER_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

#define WATCHDOG_TICK_MS 2000
#define WATCHDOG_TICKS 5                   /* so plugin code may hold the thread for 10 s */

/* What the argument of every coroutine begins with. Read in signal handlers. */
struct watched {
    uint64_t token;                        /* core's name of the attempt; 0: none */
    const char *event;                     /* its id; "" */
};

/* Installs the handlers. plugin is kept. */
void watchdog_start(int supervisor_fd, const char *plugin);
/* Another descriptor of ours that plugin code must not close. */
void watchdog_guard(int fd);
/* Before plugin code gets the thread: starts the ticking, which stops by itself when plugin
   code has not run for a while, so that it costs no system call each time. */
void watchdog_wake(void);
/* The plugin's file is being loaded, and its constructors run: they are watched as well. */
void watchdog_loading(bool on);

#endif
