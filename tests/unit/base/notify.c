/* The service manager is told, by a path or by an abstract name; and nobody where there is
   nobody to tell. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/notify.h"
#include "unit.h"

static void
it_sends_the_state_to_an_abstract_socket(void)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    char name[64], got[64] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    snprintf(name, sizeof(name), "@hermod-notify-%ld", (long)getpid());
    memcpy(at.sun_path, name, strlen(name));
    at.sun_path[0] = 0;
    CU_ASSERT_FATAL(bind(fd, (struct sockaddr *)&at,
                         (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))) == 0);
    setenv("NOTIFY_SOCKET", name, 1);
    CHECK_INT(notify_manager("READY=1"), 0);
    CHECK_INT(recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT), 7);
    CHECK_STR(got, "READY=1");
    close(fd);
    CHECK_INT(notify_manager("READY=1"), -ECONNREFUSED);
}

static void
without_a_manager_there_is_nothing_to_do(void)
{
    unsetenv("NOTIFY_SOCKET");
    CHECK_INT(notify_manager("READY=1"), 0);
    setenv("NOTIFY_SOCKET", "neither a path nor a name", 1);
    CHECK_INT(notify_manager("READY=1"), -EINVAL);
}

UNIT_MAIN("base/notify", UNIT_TEST(it_sends_the_state_to_an_abstract_socket),
          UNIT_TEST(without_a_manager_there_is_nothing_to_do))
