/* host.c - hermod.yaml: one table of its keys, from which come parsing, defaults and the
   manual. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/common.h"
#include "config/host.h"

#define DAY_MS (24LL * 3600 * 1000)
#define TOKEN_MIN 16

/* What one key's value goes through on its way into struct host_config. n: its node, or a
   stand-in for the default. */
struct kept {
    struct check *k;
    const struct place *at;
    const struct yaml_node *n;
    const struct setting_value *v;
    void *field, *count;                   /* count: of a list's elements */
};

static const struct yaml_node *
element(const struct yaml_node *n, size_t i)
{
    if (n->kind != YAML_LIST)
        return n;
    for (n = n->child; i > 0; i--)
        n = n->next;
    return n;
}

static void
keep_text(const struct kept *x)
{
    *(const char **)x->field = x->v->text;
}

static void
keep_number(const struct kept *x)
{
    *(int64_t *)x->field = x->v->number;
}

static void
keep_list(const struct kept *x)
{
    *(const char ***)x->field = x->v->list;
    *(size_t *)x->count = x->v->count;
}

static void
keep_path(const struct kept *x)
{
    *(const char **)x->field = check_path(x->k, x->v->text);
}

static void
keep_paths(const struct kept *x)
{
    for (size_t i = 0; i < x->v->count; i++)
        x->v->list[i] = check_path(x->k, x->v->list[i]);
    keep_list(x);
}

static void
keep_address(const struct kept *x)
{
    char host[64];
    uint16_t port;
    struct found f;

    if (listen_parse(x->v->text, host, &port) == 0)
        keep_text(x);
    else
        check_error(x->k, x->at, x->n, "wanted an address and a port such as 127.0.0.1:8470, "
                                       "[::1]:8470 or :8470, found %s",
                    value_found(&f, x->n, false));
}

static void
keep_tokens(const struct kept *x)
{
    for (size_t i = 0; i < x->v->count; i++) {
        const char *t = x->v->list[i];
        size_t plain = 0;

        while (t[plain] > ' ' && t[plain] < 0x7f)
            plain++;
        if (t[plain] || plain == 0)
            check_error(x->k, x->at, element(x->n, i),
                        "wanted a token of ASCII letters, digits and signs without spaces, "
                        "found %s", t[0] ? "something else in it" : "an empty one");
        else if (plain < TOKEN_MIN)
            check_warn(x->k, x->at, element(x->n, i),
                       "a token shorter than %d characters can be guessed; make one with: "
                       "openssl rand -hex 32", TOKEN_MIN);
    }
    keep_list(x);
}

static void
keep_signing_secrets(const struct kept *x)
{
    for (size_t i = 0; i < x->v->count; i++) {
        const char *s = x->v->list[i];
        size_t len = str_starts(s, "whsec_") ? strlen(s + 6) : 0;
        char *bytes = arena_alloc(&x->k->c->arena, len + 1);
        int64_t n = base64_decode(s + (len ? 6 : 0), len, (uint8_t *)bytes);

        if (n <= 0)
            check_error(x->k, x->at, element(x->n, i),
                        "wanted whsec_ and base64, as Standard Webhooks writes secrets, found "
                        "something else");
        else if (n < 24 || n > 64)
            check_warn(x->k, x->at, element(x->n, i),
                       "Standard Webhooks wants a secret of 24 to 64 bytes, found %d", (int)n);
    }
    keep_list(x);
}

static void
keep_journal(const struct kept *x)
{
    const char *text = x->v->text;

    /* Not quoted: other engines' places have passwords in them. */
    if (!str_starts(text, "sqlite:") || text[7] == '\0')
        check_error(x->k, x->at, x->n, "wanted sqlite: and a path, such as "
                                       "sqlite:/var/lib/hermod/journal.db, found something else");
    else
        *(const char **)x->field = arena_printf(&x->k->c->arena, "sqlite:%s",
                                                check_path(x->k, text + 7));
}

/* "64MiB", "1 GB", "4096" in bytes; -1 when it is none or over 2^60. */
static int64_t
size_parse(const char *text)
{
    static const struct {
        const char *unit;
        int64_t bytes;
    } units[] = {
        { "", 1 }, { "B", 1 }, { "kB", 1000 }, { "MB", 1000000 }, { "GB", 1000000000 },
        { "TB", 1000000000000 }, { "KiB", 1 << 10 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 },
        { "TiB", 1LL << 40 },
    };
    int64_t n = 0;

    if (!isdigit((unsigned char)*text))
        return -1;
    for (; isdigit((unsigned char)*text); text++) {
        if (n > (1LL << 60) / 10)
            return -1;
        n = n * 10 + (*text - '0');
    }
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (strcasecmp(text, units[i].unit) == 0)
            return n <= (1LL << 60) / units[i].bytes ? n * units[i].bytes : -1;
    }
    return -1;
}

static void
keep_size(const struct kept *x)
{
    int64_t n = size_parse(x->v->text);
    struct found f;

    if (n >= 0)
        *(int64_t *)x->field = n;
    else
        check_error(x->k, x->at, x->n, "wanted a size such as 64MiB or 2GB, found %s",
                    value_found(&f, x->n, false));
}

#define FIELD(f) .field = offsetof(struct host_config, f)
#define COUNT(f) .count = offsetof(struct host_config, f)

static const struct key {
    struct setting_info info;
    void (*keep)(const struct kept *x);
    size_t field, count;
} keys[] = {
    { { .name = "listen", .type = SETTING_STRING, .fallback = "127.0.0.1:8470",
        .help = "The address and port that events are sent to." },
      keep_address, FIELD(listen) },
    { { .name = "admin", .type = SETTING_STRING, .fallback = "127.0.0.1:8471",
        .help = "The address and port for health, metrics, status and commands." },
      keep_address, FIELD(admin) },
    { { .name = "tokens", .type = SETTING_STRINGS, .flags = SETTING_SECRET,
        .help = "Bearer tokens that senders of events show; any of them will do. Needed "
                "unless `listen` is a loopback address." },
      keep_tokens, FIELD(tokens), COUNT(token_count) },
    { { .name = "signingSecrets", .type = SETTING_STRINGS, .flags = SETTING_SECRET,
        .help = "Secrets (whsec_...) of senders that sign by Standard Webhooks." },
      keep_signing_secrets, FIELD(signing_secrets), COUNT(signing_secret_count) },
    { { .name = "adminTokens", .type = SETTING_STRINGS, .flags = SETTING_SECRET,
        .help = "Bearer tokens for the admin address. Needed unless `admin` is a loopback "
                "address." },
      keep_tokens, FIELD(admin_tokens), COUNT(admin_token_count) },
    { { .name = "plugins", .type = SETTING_STRINGS, .flags = SETTING_NOT_EMPTY,
        .fallback = PLUGINDIR,
        .help = "Directories with plugins (*.so); of one name the first wins." },
      keep_paths, FIELD(plugin_dirs), COUNT(plugin_dir_count) },
    { { .name = "vendors", .type = SETTING_STRING, .flags = SETTING_NOT_EMPTY,
        .fallback = SYSCONFDIR "/hermod/vendors.d",
        .help = "The directory with one file per vendor (*.yaml, *.yml)." },
      keep_path, FIELD(vendors) },
    { { .name = "journal", .type = SETTING_STRING,
        .fallback = "sqlite:" LOCALSTATEDIR "/lib/hermod/journal.db",
        .help = "Where events are kept until they are delivered." },
      keep_journal, FIELD(journal) },
    { { .name = "retention", .type = SETTING_DURATION, .fallback = "14d", .min = 1000,
        .max = 3650 * DAY_MS,
        .help = "How long ended deliveries are kept, and repeated events recognised." },
      keep_number, FIELD(retention_ms) },
    { { .name = "grace", .type = SETTING_DURATION, .fallback = "30s", .min = 0,
        .max = 3600 * 1000,
        .help = "How long an orderly stop waits for deliveries that are under way." },
      keep_number, FIELD(grace_ms) },
    { { .name = "minFree", .type = SETTING_STRING, .fallback = "64MiB",
        .help = "Free space on the journal's disk, below which no events are accepted." },
      keep_size, FIELD(min_free_bytes) },
    { { .name = "maxWaiting", .type = SETTING_INT, .fallback = "10000000", .min = 1,
        .max = 10000000000LL,
        .help = "Waiting deliveries, above which no events are accepted." },
      keep_number, FIELD(max_waiting) },
    { { .name = "logLevel", .type = SETTING_CHOICE, .fallback = "info",
        .choices = "debug|info|warn|error", .help = "The least serious lines that are logged." },
      keep_text, FIELD(log_level) },
};

const struct setting_info *
config_host_row(size_t index)
{
    return index < ARRAY_LEN(keys) ? &keys[index].info : NULL;
}

/* Blocks with keys of their own. */
static const char *const blocks[] = { "sesamy", "retry", "allowNetworks", NULL };

enum { SESAMY_API, SESAMY_TOKEN, SESAMY_PAGING, SESAMY_ROWS };
static const struct setting_info sesamy_rows[SESAMY_ROWS] = {
    [SESAMY_API] = { .name = "apiUrl", .type = SETTING_STRING,
                     .fallback = "https://api2.sesamy.com", .help = "The Sesamy API." },
    [SESAMY_TOKEN] = { .name = "tokenUrl", .type = SETTING_STRING,
                       .fallback = "https://token.sesamy.com/oauth/token",
                       .help = "Where API tokens come from." },
    [SESAMY_PAGING] = { .name = "paging", .type = SETTING_CHOICE, .fallback = "from",
                        .choices = "from|offset",
                        .help = "How the API is asked for the next page of a list." },
};

/* Defaults first. */
static void
sesamy_read(struct check *k, const struct yaml_node *n)
{
    struct setting_value values[SESAMY_ROWS] = { 0 };
    const char *text[SESAMY_ROWS];

    if (n)
        block_read(k, PLACE(NULL, "sesamy"), n, sesamy_rows, SESAMY_ROWS, NULL, values);
    for (size_t i = 0; i < SESAMY_ROWS; i++)
        text[i] = values[i].text ? values[i].text : sesamy_rows[i].fallback;
    k->c->sesamy = (struct sesamy){
        .api_url = text[SESAMY_API],
        .token_url = text[SESAMY_TOKEN],
        .paging_by_offset = str_eq(text[SESAMY_PAGING], "offset"),
    };
}

static void
keep(struct check *k, const struct key *key, const struct yaml_node *n,
     const struct setting_value *v)
{
    char *host = (char *)&k->c->host;

    key->keep(&(struct kept){ .k = k, .at = PLACE(NULL, key->info.name), .n = n, .v = v,
                              .field = host + key->field, .count = host + key->count });
}

/* The default, read as if it stood in the file. */
static void
keep_default(struct check *k, const struct key *key)
{
    struct yaml_node n = { .kind = YAML_SCALAR, .tag = "", .text = key->info.fallback };
    struct setting_value v;

    if (!n.text)
        return;
    n.len = strlen(n.text);
    if (value_read(k, PLACE(NULL, key->info.name), &key->info, &n, &v) == 0)
        keep(k, key, &n, &v);
}

static void
check_open(struct check *k, const struct yaml_node *root, const char *address_key,
           const char *address, const char *token_key, size_t token_count)
{
    const struct yaml_node *n = yaml_get(root, address_key);
    const struct yaml_node *tokens = yaml_get(root, token_key);
    char host[64];
    uint16_t port;

    if (!n || token_count > 0 || (tokens && tokens->count > 0) ||
        listen_parse(address, host, &port) < 0 || host_is_loopback(host))
        return;
    check_error(k, PLACE(NULL, address_key), n,
                "wanted %s beside an address that others can reach, found none", token_key);
}

static void
check_addresses(struct check *k, const struct yaml_node *root)
{
    const struct host_config *h = &k->c->host;
    char listen[64], admin[64];
    uint16_t listen_port, admin_port;

    check_open(k, root, "listen", h->listen, "tokens", h->token_count);
    check_open(k, root, "admin", h->admin, "adminTokens", h->admin_token_count);
    if (listen_parse(h->listen, listen, &listen_port) == 0 &&
        listen_parse(h->admin, admin, &admin_port) == 0 && listen_port != 0 &&
        listen_port == admin_port && str_eq(listen, admin))
        check_error(k, PLACE(NULL, "admin"),
                    yaml_get(root, yaml_get(root, "admin") ? "admin" : "listen"),
                    "wanted another address or port than listen's, found the same");
}

void
host_read(struct check *k, const struct yaml_node *root)
{
    struct setting_info rows[ARRAY_LEN(keys)];
    struct setting_value values[ARRAY_LEN(keys)] = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        rows[i] = keys[i].info;
        keep_default(k, &keys[i]);
    }
    block_read(k, NULL, root, rows, ARRAY_LEN(rows), blocks, values);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (values[i].text)                /* well read */
            keep(k, &keys[i], yaml_get(root, rows[i].name), &values[i]);
        else if (values[i].set && (keys[i].keep == keep_path || keys[i].keep == keep_paths))
            k->c->blind = true;
    }
    sesamy_read(k, yaml_get(root, "sesamy"));
    common_read(k, NULL, root, &k->c->common);
    check_addresses(k, root);
}
