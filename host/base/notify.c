/* notify.c - see notify.h. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/notify.h"

int
notify_manager(const char *state)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    const char *path = getenv("NOTIFY_SOCKET");
    CLEANUP(close_fd) int fd = -1;
    size_t len;

    if (path == NULL || *path == 0)
        return 0;
    len = strlen(path);
    if (len >= sizeof(to.sun_path) || (*path != '/' && *path != '@'))
        return -EINVAL;
    memcpy(to.sun_path, path, len);
    if (*path == '@')
        to.sun_path[0] = 0;                /* an abstract name */
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
        return -errno;
    return 0;
}
