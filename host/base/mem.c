/* mem.c - allocation that cannot fail, and scope-bound release. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

void *
xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        die("out of memory: %zu bytes wanted", size);
    return p;
}

void *
xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);

    if (!p)
        die("out of memory: %zu times %zu bytes wanted", count, size);
    return p;
}

void *
xrealloc(void *old, size_t count, size_t size)
{
    size_t bytes;
    void *p;

    if (__builtin_mul_overflow(count, size, &bytes))
        die("out of memory: %zu times %zu bytes wanted", count, size);
    p = realloc(old, bytes ? bytes : 1);
    if (!p)
        die("out of memory: %zu bytes wanted", bytes);
    return p;
}

char *
xstrdup(const char *text)
{
    return xmemdup0(text, strlen(text));
}

char *
xmemdup0(const void *data, size_t len)
{
    char *p;

    if (len == SIZE_MAX)
        die("out of memory: %zu bytes wanted", len);
    p = xmalloc(len + 1);
    if (len)
        memcpy(p, data, len);
    p[len] = '\0';
    return p;
}

char *
xasprintf(const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        die("out of memory for a line of text");
    return text;
}

void
mem_wipe(void *data, size_t len)
{
    if (len)
        explicit_bzero(data, len);
}

void
free_ptr(void *p)
{
    free(*(void **)p);
}

void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

void
die(const char *fmt, ...)
{
    char line[512];
    size_t len;
    va_list ap;
    int n;

    len = (size_t)snprintf(line, sizeof(line), "hermod[%ld]: fatal: ", (long)getpid());
    va_start(ap, fmt);
    n = vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
    va_end(ap);
    if (n > 0)
        len += (size_t)n;
    if (len > sizeof(line) - 2)
        len = sizeof(line) - 2;
    line[len++] = '\n';
    /* One write and no stdio: whatever is broken, this should still come out whole. */
    if (write(STDERR_FILENO, line, len) < 0)
        abort();
    abort();
}
