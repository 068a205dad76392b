/* expect.c - see expect.h. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "expect.h"

static const char *
first_comment(struct arena *a, const char *path)
{
    char text[4096], *end, *to;
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

    if (f)
        fclose(f);
    text[n] = '\0';
    end = strstr(text, " */");
    if (!end || !str_starts(text, "/* "))
        return "";
    to = text;
    for (const char *at = text + 3; at < end; at++) {
        *to++ = *at == '\n' ? ' ' : *at;
        if (*at == '\n')
            at += strspn(at + 1, " ");
    }
    return arena_memdup0(a, text, (size_t)(to - text));
}

size_t
expect_all(struct arena *a, const char *kind, struct expectation *ret, size_t max)
{
    const char *src = getenv("SRCDIR");
    const char *dir = arena_printf(a, "%s/tests/abi/bad", src ? src : ".");
    const char *begin = arena_printf(a, "%s: ", kind);
    DIR *d = opendir(dir);
    size_t n = 0;

    if (!d)
        die("cannot read %s", dir);
    for (struct dirent *e; (e = readdir(d));) {
        const char *dot = strrchr(e->d_name, '.');
        const char *comment;

        if (!dot || (!str_eq(dot, ".c") && !str_eq(dot, ".cc")))
            continue;
        comment = first_comment(a, arena_printf(a, "%s/%s", dir, e->d_name));
        if (!str_starts(comment, begin))
            continue;
        if (n == max)
            die("more than %zu broken plugins", max);
        ret[n].name = arena_memdup0(a, e->d_name, (size_t)(dot - e->d_name));
        ret[n++].text = comment + strlen(begin);
    }
    closedir(d);
    return n;
}
