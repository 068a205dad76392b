/* read.c - a file whole into memory, when it is a plain file of a sane size. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "config/yaml.h"

int
yaml_read_file(struct arena *a, const char *path, size_t cap, char **ret, size_t *ret_len)
{
    /* O_NONBLOCK: a FIFO must not hold us up before it is refused. */
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    char *text;
    size_t len = 0;

    if (fd < 0 || fstat(fd, &st) < 0)
        return -errno;
    if (S_ISDIR(st.st_mode))
        return -EISDIR;
    if (!S_ISREG(st.st_mode))
        return -EINVAL;
    if (st.st_size < 0 || (uint64_t)st.st_size > cap)
        return -EFBIG;
    text = arena_alloc(a, (size_t)st.st_size + 2);
    for (;;) {
        /* One byte more than its size: a file that grows meanwhile is seen to. */
        ssize_t n = read(fd, text + len, (size_t)st.st_size + 1 - len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0)
            break;
        len += (size_t)n;
        if (len > (size_t)st.st_size)
            return -EAGAIN;
    }
    text[len] = '\0';
    *ret = text;
    *ret_len = len;
    return 0;
}
