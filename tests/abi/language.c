/* language.c - uses all of the header, for compile.sh: as C11, C17 and C++20, with every
   warning an error. */
#include <hermod/plugin.h>

struct config {
    const char *text;
    bool flag;
    int64_t number, time;
    const char *choice;
    const char *const *list;
    const struct hermod_pair *map;
};

static const struct hermod_setting settings[] = {
    HERMOD_STRING(struct config, text, HERMOD_REQUIRED | HERMOD_SECRET, NULL, "A text."),
    HERMOD_BOOL(struct config, flag, 0, "true", "Yes or no."),
    HERMOD_INT(struct config, number, 0, "1", 0, 5, "A number."),
    HERMOD_DURATION(struct config, time, 0, "1m", 0, 3600000, "A time."),
    HERMOD_CHOICE(struct config, choice, 0, "a", "a|b", "One of two."),
    HERMOD_STRINGS(struct config, list, 0, "Some texts."),
    HERMOD_MAP(struct config, map, 0, "Some pairs."),
    HERMOD_SETTINGS_END,
};
static const char *const events[] = { "contract.1#purchased", NULL };

static void
use_json(struct hermod_call *c)
{
    static const char *const both[] = { "a", "b", NULL };
    struct hermod_json *o = hermod_json_object(c), *a = hermod_json_array(c);

    hermod_json_set_string(c, o, "s", "x");
    hermod_json_set_bool(c, o, "b", true);
    hermod_json_set_int(c, o, "i", 1);
    hermod_json_set_number(c, o, "n", "99.90");
    hermod_json_set_strings(c, o, "l", both);
    hermod_json_add(c, a, hermod_json_pack(c, "{s:i}", "k", 1));
    hermod_json_add_string(c, a, "y");
    hermod_json_set(c, o, "a", a);
    (void)hermod_json_at(c, hermod_json_get(c, o, "a"), hermod_json_length(c, a));
    (void)hermod_json_key_at(c, o, 0);
    (void)hermod_json_type(c, hermod_json_parse(c, hermod_json_text(c, o), 2));
    (void)hermod_json_get_string(c, o, "s", "");
    (void)hermod_json_get_number(c, o, "n", "0");
    (void)hermod_json_get_int(c, o, "i", 0);
    (void)hermod_json_get_bool(c, o, "b", false);
    (void)hermod_json_get_strings(c, o, "l", "");
}

static void
use_the_rest(struct hermod_call *c)
{
    struct hermod_bytes b = hermod_hash(c, "sha256", "x", 1);
    int64_t at_ms = hermod_now(c);

    b = hermod_hmac(c, "sha256", "k", 1, b.data, b.len);
    b = hermod_random(c, 16);
    if (hermod_base64_decode(c, hermod_base64(c, b.data, b.len), &b))
        hermod_log_debug(c, "%s", hermod_hex(c, b.data, b.len));
    hermod_log_info(c, "plain");
    hermod_log_warn(c, "%s %d", hermod_trim(c, " x "), 1);
    if (hermod_time_parse(c, hermod_rfc3339(c, at_ms), &at_ms))
        (void)hermod_time_format(c, at_ms, "%Y");
    (void)hermod_lower(c, hermod_nfc(c, hermod_cut(c, "x", 1)));
    (void)hermod_slug(c, hermod_percent(c, hermod_phone(c, "070", "SE")));
    hermod_exclusive(c, "k");
    hermod_memo_set(c, "k", hermod_memo(c, "k"), 1000);
}

static int
deliver(struct hermod_call *c, const struct hermod_event *ev, const void *config)
{
    const struct config *cfg = (const struct config *)config;
    struct hermod_request *q = hermod_http_open(c, "PUT", cfg->text, "/x/%s", ev->id);
    const struct hermod_response *r;

    hermod_http_query(c, q, "a", "b");
    hermod_http_header(c, q, "X-A", "b");
    hermod_http_bearer(c, q, cfg->text);
    hermod_http_basic(c, q, "u", "p");
    hermod_http_json(c, q, hermod_json_object(c));
    hermod_http_timeout(c, q, 1000);
    hermod_http_start(c, q);
    r = hermod_http_wait(c, q);
    q = hermod_http_request(c, "POST", cfg->text);
    hermod_http_form(c, q, "a", hermod_http_response_header(c, r, "x"));
    q = hermod_http_request(c, "POST", hermod_format(c, "%s", cfg->text));
    hermod_http_body(c, q, "text/plain", ev->body, ev->body_len);
    r = hermod_http_send(c, q);
    use_json(c);
    use_the_rest(c);
    hermod_hold(c, 1);
    if (hermod_attempt(c) == 1)
        return hermod_retry(c, 0, "again");
    if (r->status == 410)
        return hermod_pause(c, "%s", "gone");
    if (r->status == 404)
        return hermod_fail(c, "%d", r->status);
    if (r->status == 0)
        return hermod_skip(c, "none");
    return hermod_http_outcome(c, r);
}

static int
check(struct hermod_call *c, const void *config)
{
    (void)c;
    (void)config;
    return HERMOD_DELIVERED;
}

HERMOD_PLUGIN(.name = "language", .version = "1", .summary = "Uses all of the header.",
              .events = events, .settings = settings, .config_size = sizeof(struct config),
              .limits = { 4, 100, 10000, 30000, "text" },
              .deliver = deliver, .check = check);
