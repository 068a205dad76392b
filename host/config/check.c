/* check.c - see check.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "config/check.h"
#include "model/caps.h"
#include "model/suggest.h"

const char *const config_tags[] = { "!file", "!env", "!credential", NULL };

void
check_start(struct check *k, struct config *c, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct stat st;

    *k = (struct check){ .c = c, .file = arena_strdup(&c->arena, path) };
    if (!slash)
        k->dir = ".";
    else
        k->dir = arena_memdup0(&c->arena, path, slash == path ? 1 : (size_t)(slash - path));
    if (stat(path, &st) == 0)
        k->mode = st.st_mode & 07777;
}

static void
on_yaml_error(void *arg, const struct yaml_error *e)
{
    struct yaml_node at = { .line = e->line, .column = e->column };

    check_error(arg, NULL, &at, "%s", e->text);
}

struct yaml_node *
check_parse(struct check *k, struct arena *a, const char *text, size_t len)
{
    return yaml_parse(a, text, len, config_tags, on_yaml_error, k);
}

struct yaml_node *
check_parse_file(struct check *k, struct arena *a)
{
    char *text;
    size_t len;
    int e = yaml_read_file(a, k->file, CAP_YAML_FILE, &text, &len);

    if (e == 0)
        return check_parse(k, a, text, len);
    if (e == -EFBIG)
        check_error(k, NULL, NULL, "too large: wanted at most %d MiB",
                    CAP_YAML_FILE / 1024 / 1024);
    else if (e == -EINVAL || e == -EISDIR)
        check_error(k, NULL, NULL, "wanted a file, found %s",
                    e == -EISDIR ? "a directory" : "something else");
    else
        check_error(k, NULL, NULL, "cannot be read: %s", strerror(-e));
    return NULL;
}

void
check_hint(char *out, size_t size, const char *word, const char *label,
           const char *const *names, size_t count)
{
    const char *near = count ? suggest(word, names, count) : NULL;
    size_t len;

    if (near) {
        snprintf(out, size, "; did you mean \"%s\"?", near);
        return;
    }
    snprintf(out, size, "; %s", label);
    for (size_t i = 0; i < count; i++) {
        len = strlen(out);
        if (len + strlen(names[i]) + 8 > size) {
            snprintf(out + len, size - len, " ...");
            return;
        }
        snprintf(out + len, size - len, "%s %s", i ? "," : "", names[i]);
    }
}

const char *
check_path(struct check *k, const char *path)
{
    if (*path == '/' || str_eq(k->dir, "."))
        return arena_strdup(&k->c->arena, path);
    return arena_printf(&k->c->arena, "%s/%s", str_eq(k->dir, "/") ? "" : k->dir, path);
}
