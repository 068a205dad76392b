/* notify.h - tells the service manager how we are: sd_notify(3) without its library. */
#ifndef HERMOD_BASE_NOTIFY_H
#define HERMOD_BASE_NOTIFY_H

/* Sends state ("READY=1", "STOPPING=1", lines joined by newlines) to $NOTIFY_SOCKET.
   0 when sent, or when there is no such variable; else -errno. Never blocks. */
int notify_manager(const char *state);

#endif
