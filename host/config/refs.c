/* refs.c - values that stand elsewhere: !file, !env, !credential. What is told of a failure
   names the reference, never what it held. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "config/values.h"
#include "model/caps.h"

static bool
is_env_name(const char *p)
{
    if (!isalpha((unsigned char)*p) && *p != '_')
        return false;
    while (isalnum((unsigned char)*p) || *p == '_')
        p++;
    return *p == '\0';
}

static bool
is_credential_name(const char *p)
{
    return *p && *p != '.' && !strchr(p, '/');
}

const char *
ref_shown(const struct yaml_node *n)
{
    if (str_eq(n->tag, "!env"))
        return is_env_name(n->text) ? n->text : "...";
    if (str_eq(n->tag, "!credential"))
        return is_credential_name(n->text) ? n->text : "...";
    return n->text;
}

static int
check_bytes(struct check *k, const struct place *at, const struct yaml_node *n,
            const char *what, const char *text, size_t len)
{
    if (len == 0)
        check_error(k, at, n, "%s %s is empty", n->tag, what);
    else if (len > CAP_SECRET_FILE)
        check_error(k, at, n, "%s %s: wanted at most %d bytes", n->tag, what,
                    CAP_SECRET_FILE);
    else if (memchr(text, 0, len))
        check_error(k, at, n, "%s %s: wanted text, found a NUL byte", n->tag, what);
    else if (!utf8_valid(text, len))
        check_error(k, at, n, "%s %s: wanted UTF-8 text, found bytes that are not",
                    n->tag, what);
    else
        return 0;
    return -1;
}

static int
read_file(struct check *k, const struct place *at, const struct yaml_node *n,
          const char *path, const char **ret, size_t *ret_len)
{
    char *text;
    size_t len;
    int e = yaml_read_file(&k->c->arena, path, CAP_SECRET_FILE, &text, &len);

    if (e == -EFBIG)
        check_error(k, at, n, "%s: %s is too large: wanted at most %d KiB", n->tag, path,
                    CAP_SECRET_FILE / 1024);
    else if (e)
        check_error(k, at, n, "%s: cannot read %s: %s", n->tag, path,
                    e == -EINVAL ? "not a plain file" : strerror(-e));
    if (e)
        return -1;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        text[--len] = '\0';
    if (check_bytes(k, at, n, path, text, len) < 0)
        return -1;
    *ret = text;
    *ret_len = len;
    return 0;
}

static void
warn_of_mode(struct check *k, const struct place *at, const struct yaml_node *n,
             const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0 || !(st.st_mode & 044))
        return;
    check_warn(k, at, n, "%s has file mode %04o: %s can read this secret; chmod 600", path,
               (unsigned)st.st_mode & 07777, st.st_mode & 04 ? "others" : "its group");
}

static int
ref_file(struct check *k, const struct place *at, const struct yaml_node *n,
         const char **ret, size_t *ret_len)
{
    const char *path = check_path(k, n->text);

    if (read_file(k, at, n, path, ret, ret_len) < 0)
        return -1;
    warn_of_mode(k, at, n, path);
    return 0;
}

static int
ref_env(struct check *k, const struct place *at, const struct yaml_node *n,
        const char **ret, size_t *ret_len)
{
    const char *value;

    /* What is no name may be the secret itself, by mistake: not quoted. */
    if (!is_env_name(n->text)) {
        check_error(k, at, n, "wanted the name of an environment variable after !env, found "
                              "something else");
        return -1;
    }
    value = getenv(n->text);
    if (!value) {
        check_error(k, at, n, "!env %.100s: there is no such variable in the environment",
                    n->text);
        return -1;
    }
    if (check_bytes(k, at, n, n->text, value, strlen(value)) < 0)
        return -1;
    *ret = arena_strdup(&k->c->arena, value);
    *ret_len = strlen(value);
    return 0;
}

static int
ref_credential(struct check *k, const struct place *at, const struct yaml_node *n,
               const char **ret, size_t *ret_len)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");

    if (!is_credential_name(n->text)) {
        check_error(k, at, n, "wanted the name of a systemd credential after !credential, "
                              "found something else");
        return -1;
    }
    if (!dir || !*dir) {
        check_error(k, at, n, "!credential %.100s: there are none here "
                              "($CREDENTIALS_DIRECTORY is set by systemd for a unit with "
                              "LoadCredential=)", n->text);
        return -1;
    }
    return read_file(k, at, n, arena_printf(&k->c->arena, "%s/%s", dir, n->text), ret,
                     ret_len);
}

int
ref_read(struct check *k, const struct place *at, const struct yaml_node *n,
         const char **ret, size_t *ret_len)
{
    if (n->len == 0) {
        check_error(k, at, n, "wanted a %s after %s, found nothing",
                    str_eq(n->tag, "!file") ? "path" : "name", n->tag);
        return -1;
    }
    if (str_eq(n->tag, "!file"))
        return ref_file(k, at, n, ret, ret_len);
    if (str_eq(n->tag, "!env"))
        return ref_env(k, at, n, ret, ret_len);
    return ref_credential(k, at, n, ret, ret_len);
}
