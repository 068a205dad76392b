/* source.c - the source role's parts against a scripted platform on the same loop: tokens,
   pages, wrappings, hints, and who shares a fetch with whom. */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "source/state.h"
#include "platform.h"
#include "unit.h"

#define ASKERS 64
#define FORM "application/x-www-form-urlencoded"

static int64_t skew_ms;

static int64_t
mono(void)
{
    return clock_mono_ms() + skew_ms;
}

static int64_t
wall(void)
{
    return clock_wall_ms() + skew_ms;
}

/* What came of one question. */
struct heard {
    struct asker asker;                    /* first */
    struct stage *stage;
    bool answered;
    int status;
    int64_t after_ms;
    char error[200];
    char *body, *contracts, *entitlements;
};
struct stage {
    struct loop *loop;
    struct platform platform;
    struct source source;
    struct heard heard[ASKERS];
    size_t asked, answered, wanted;
    struct loop_timer *guard;
    char api[64], token[64];
    /* What the platform's script looks at. */
    int page_size;                         /* rows of a list there are; -1: see rows */
    int total;
    unsigned version;
    const char *again;
    bool flag;
};

static const struct cidr loopback = {
    .addr = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 0 }, .bits = 104,
};

static void
on_turn(void *arg)
{
    struct stage *s = arg;

    http_turn(s->source.http);
}

static void
on_guard(void *arg)
{
    struct stage *s = arg;

    CU_FAIL("no answer for twenty seconds");
    loop_stop(s->loop);
}

static void
open_stage(struct stage *s, platform_serve_fn *serve, bool by_offset)
{
    struct msg_source_config config = { .log_level = "error", .allow = &loopback,
                                        .allow_count = 1, .paging_by_offset = by_offset };
    const struct msg_source_vendor acme = { .vendor = "acme", .client_id = "id&1",
                                            .client_secret = "s+cret/1" };
    const struct msg_source_vendor other = { .vendor = "other", .client_id = "id2",
                                             .client_secret = "secret2" };

    memset(s, 0, sizeof(*s));
    skew_ms = 0;
    s->wanted = SIZE_MAX;
    log_setup("test", LOG_ERROR_);
    s->loop = loop_new();
    platform_open(&s->platform, s->loop, serve, s);
    snprintf(s->api, sizeof(s->api), "http://127.0.0.1:%u/", s->platform.port);
    snprintf(s->token, sizeof(s->token), "http://127.0.0.1:%u/oauth/token", s->platform.port);
    config.api_url = s->api;
    config.token_url = s->token;
    s->source.mono_ms = mono;
    s->source.wall_ms = wall;
    source_init(&s->source, s->loop, &config);
    source_add_vendor(&s->source, &acme);
    source_add_vendor(&s->source, &other);
    s->guard = loop_timer_new(s->loop, on_guard, s);
    loop_before_poll(s->loop, on_turn, s);
}

static void
forget_answers(struct stage *s)
{
    for (size_t i = 0; i < s->asked; i++) {
        free(s->heard[i].body);
        free(s->heard[i].contracts);
        free(s->heard[i].entitlements);
    }
    memset(s->heard, 0, sizeof(s->heard));
    s->asked = s->answered = 0;
}

static void
close_stage(struct stage *s)
{
    forget_answers(s);
    source_free(&s->source);
    platform_close(&s->platform);
    loop_timer_free(s->guard);
    loop_free(s->loop);
}

static void
on_answer(struct asker *a, const struct msg_answer *m)
{
    struct heard *h = (struct heard *)(void *)a;

    h->answered = true;
    h->status = m->status;
    h->after_ms = m->after_ms;
    snprintf(h->error, sizeof(h->error), "%s", m->error);
    h->body = xmemdup0(m->body, m->body_len);
    h->contracts = xmemdup0(m->contracts, m->contracts_len);
    h->entitlements = xmemdup0(m->entitlements, m->entitlements_len);
    if (++h->stage->answered >= h->stage->wanted)
        loop_stop(h->stage->loop);
}

static struct heard *
ask_as(struct stage *s, struct msg_lookup m)
{
    struct heard *h = &s->heard[s->asked++];

    h->stage = s;
    h->asker = (struct asker){ .contract = m.contract, .accepted_ms = m.accepted_ms,
                               .answer = on_answer };
    source_ask(&s->source, &m, &h->asker);
    return h;
}

static struct heard *
ask(struct stage *s, const char *user, const char *contract, int64_t accepted_ms)
{
    return ask_as(s, (struct msg_lookup){ .id = 1, .kind = LOOKUP_SUBSCRIBER, .vendor = "acme",
                                          .user = user, .contract = contract, .checkout = "",
                                          .sku = "", .accepted_ms = accepted_ms });
}

static struct heard *
ask_thing(struct stage *s, int kind, const char *id)
{
    return ask_as(s, (struct msg_lookup){ .id = 1, .kind = kind, .vendor = "acme",
                                          .user = "", .contract = "", .checkout = id,
                                          .sku = id, .accepted_ms = wall() - 1000 });
}

/* Until all that was asked is answered. */
static void
listen_all(struct stage *s)
{
    if (s->answered >= s->asked)
        return;
    s->wanted = s->asked;
    loop_timer_set(s->guard, 20000);
    loop_run(s->loop);
    loop_timer_stop(s->guard);
    s->wanted = SIZE_MAX;
}

/* ---- scripts ---- */

static bool
is(const char *target, const char *path)
{
    size_t len = strlen(path);

    return strncmp(target, path, len) == 0 && (target[len] == '\0' || target[len] == '?');
}

static bool
give_token(const char *target, struct buf *out)
{
    if (!is(target, "/oauth/token"))
        return false;
    reply(out, 200, "", "{\"access_token\":\"tok-1\",\"token_type\":\"Bearer\","
                        "\"expires_in\":86400}");
    return true;
}

/* A user with two contracts and one entitlement. */
static void
plain(struct platform *p, const char *method, const char *target, const char *request,
      struct buf *out)
{
    struct stage *s = p->arg;
    char text[200];

    (void)method;
    (void)request;
    if (give_token(target, out))
        return;
    if (is(target, "/management/users/email%7C1")) {
        snprintf(text, sizeof(text), "{\"userId\":\"email|1\",\"version\":%u}", s->version);
        reply(out, 200, "", text);
    } else if (is(target, "/management/contracts")) {
        reply(out, 200, "", "[{\"id\":\"c1\"},{\"id\":\"c2\"}]");
    } else if (is(target, "/management/entitlements")) {
        reply(out, 200, "", "[{\"id\":\"e1\",\"origin\":{\"type\":\"PAYMENTS\","
                            "\"contractId\":\"c1\"}}]");
    } else if (is(target, "/management/contracts/c%2F9")) {
        reply(out, 200, "", "{\"data\":{\"id\":\"c/9\"}}");
    } else if (is(target, "/checkouts/k1")) {
        reply(out, 200, "", "{\"data\":{\"id\":\"k1\",\"price\":9.90}}");
    } else if (is(target, "/management/products/sid%3Aa")) {
        reply(out, 200, "", "{\"sku\":\"sid:a\"}");
    } else {
        reply(out, 404, "", "{\"error\":{\"code\":\"resource_not_found\","
                            "\"message\":\"nobody\"}}");
    }
}

/* ---- the tests ---- */

static void
a_user_is_the_profile_the_contracts_and_the_entitlements(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, plain, false);
    h = ask(&s, "email|1", "", wall() - 1000);
    listen_all(&s);
    CHECK_INT(h->status, 200);
    CHECK_STR(h->error, "");
    CHECK_STR(h->body, "{\"userId\":\"email|1\",\"version\":0}");
    CHECK_STR(h->contracts, "[{\"id\":\"c1\"},{\"id\":\"c2\"}]");
    CHECK_STR(h->entitlements, "[{\"id\":\"e1\",\"origin\":{\"type\":\"PAYMENTS\","
                               "\"contractId\":\"c1\"}}]");
    CHECK_INT(s.platform.asked, 3);
    CHECK_STR(s.platform.targets[0], "/management/users/email%7C1");
    CHECK_STR(s.platform.targets[1], "/management/contracts?userId=email%7C1&limit=100");
    CHECK_STR(s.platform.targets[2], "/management/entitlements?userId=email%7C1&limit=100");
    CHECK(strstr(buf_text(&s.platform.last), "\r\nAuthorization: Bearer tok-1\r\n") != NULL);
    close_stage(&s);
}

static void
the_token_is_asked_for_as_a_form_and_once(void)
{
    static struct stage s;

    open_stage(&s, plain, false);
    ask(&s, "email|1", "", wall() - 1000);
    ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(s.platform.tokens, 1);
    CHECK(strstr(buf_text(&s.platform.last_token), "\r\nContent-Type: " FORM "\r\n") != NULL);
    CHECK(strstr(buf_text(&s.platform.last_token),
                 "\r\n\r\ngrant_type=client_credentials&client_id=id%261&"
                 "client_secret=s%2Bcret%2F1") != NULL);
    close_stage(&s);
}

static void
a_token_is_used_until_a_minute_before_it_expires(void)
{
    static struct stage s;

    open_stage(&s, plain, false);
    ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    skew_ms = 86400000LL - 60000 - 30000;
    ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(s.platform.tokens, 1);
    skew_ms = 86400000LL - 60000 + 1000;
    ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(s.platform.tokens, 2);
    close_stage(&s);
}

/* Accepts the second token only, or none at all. */
static void
picky(struct platform *p, const char *method, const char *target, const char *request,
      struct buf *out)
{
    struct stage *s = p->arg;
    char text[100];

    (void)method;
    if (is(target, "/oauth/token")) {
        snprintf(text, sizeof(text), "{\"access_token\":\"tok-%u\",\"expires_in\":3600}", p->tokens);
        reply(out, 200, "", text);
    } else if (!s->flag && strstr(request, "Bearer tok-2\r\n")) {
        reply(out, 200, "", "{\"id\":\"k1\"}");
    } else {
        reply(out, s->flag ? 403 : 401, "",
              "{\"error\":{\"code\":\"insufficient_permissions\",\"message\":\"no, Anna\"}}");
    }
}

static void
a_refused_token_is_dropped_and_fetched_once_more(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, picky, false);
    h = ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(h->status, 200);
    CHECK_INT(s.platform.tokens, 2);
    CHECK_INT(s.platform.asked, 2);
    close_stage(&s);
}

static void
a_second_refusal_is_the_answer(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, picky, false);
    s.flag = true;
    h = ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(h->status, 403);
    CHECK_STR(h->error, "checkout: insufficient_permissions");
    CHECK_INT(s.platform.tokens, 2);
    CHECK_INT(s.platform.asked, 2);
    close_stage(&s);
}

static void
no_token(struct platform *p, const char *method, const char *target, const char *request,
         struct buf *out)
{
    struct stage *s = p->arg;

    (void)method;
    (void)request;
    (void)target;
    if (s->flag)
        reply(out, 503, "Retry-After: 7\r\n", "{\"error\":\"temporarily_unavailable\"}");
    else
        reply(out, 401, "", "{\"error\":\"invalid_client\",\"error_description\":\"Anna\"}");
}

static void
refused_credentials_are_named_and_not_tried_again_at_once(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, no_token, false);
    ask(&s, "email|1", "", 1);
    h = ask(&s, "email|2", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 401);
    CHECK_STR(h->error, "sesamy.clientId and sesamy.clientSecret of the vendor's file are "
                        "refused: invalid_client");
    h = ask(&s, "email|3", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 401);
    CHECK_INT(s.platform.tokens, 1);
    skew_ms = 31000;
    ask(&s, "email|3", "", 1);
    listen_all(&s);
    CHECK_INT(s.platform.tokens, 2);
    close_stage(&s);
}

static void
a_token_endpoint_in_trouble_is_to_be_tried_again(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, no_token, false);
    s.flag = true;
    h = ask(&s, "email|1", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 503);
    CHECK_INT(h->after_ms, 7000);
    CHECK_STR(h->error, "token: temporarily_unavailable");
    close_stage(&s);
}

static void
a_vendor_without_credentials_is_told_so(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, plain, false);
    h = ask_as(&s, (struct msg_lookup){ .id = 1, .kind = LOOKUP_SUBSCRIBER, .vendor = "new",
                                        .user = "u", .contract = "", .checkout = "",
                                        .sku = "" });
    listen_all(&s);
    CHECK_INT(h->status, 401);
    CHECK_STR(h->error, "the vendor's file has no sesamy.clientId and sesamy.clientSecret");
    CHECK_INT(s.platform.tokens, 0);
    close_stage(&s);
}

/* Lists of `total` contracts, bare or wrapped; pages by the key in `again`; s->flag: the key is
   not understood and each page is the first. */
static void
paged(struct platform *p, const char *method, const char *target, const char *request,
      struct buf *out)
{
    struct stage *s = p->arg;
    struct buf b = BUF_INIT(1 << 22);
    const char *from = strstr(target, s->again);
    int at = from && !s->flag ? (int)strtol(from + strlen(s->again), NULL, 10) : 0;

    (void)method;
    (void)request;
    if (give_token(target, out))
        return;
    if (is(target, "/management/users/u")) {
        reply(out, 200, "", "{\"userId\":\"u\"}");
        return;
    }
    if (!is(target, "/management/contracts")) {
        reply(out, 200, "", "{\"entitlements\":[]}");
        return;
    }
    buf_str(&b, s->version ? "{\"data\":[" : "[");
    for (int i = at; i < s->total && i < at + s->page_size; i++)
        buf_printf(&b, "%s{\"id\":\"c%d\"}", i > at ? "," : "", i);
    if (s->version)
        buf_printf(&b, "],\"pagination\":{\"total\":%d,\"limit\":%d}}", s->total, s->page_size);
    else
        buf_str(&b, "]");
    reply(out, 200, "", buf_text(&b));
    buf_free(&b);
}

static unsigned
pages_of(const struct stage *s)
{
    unsigned n = 0;

    for (unsigned i = 0; i < s->platform.asked && i < 400; i++)
        n += is(s->platform.targets[i], "/management/contracts");
    return n;
}

static unsigned
count_of(const char *text, const char *what)
{
    unsigned n = 0;

    for (; (text = strstr(text, what)); text++)
        n++;
    return n;
}

static void
check_pages(bool by_offset, bool wrapped, bool deaf, int page_size, int total, unsigned rows,
            unsigned pages)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, paged, by_offset);
    s.again = by_offset ? "&offset=" : "&from=";
    s.version = wrapped;
    s.flag = deaf;
    s.page_size = page_size;
    s.total = total;
    h = ask(&s, "u", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 200);
    CHECK_INT(count_of(h->contracts, "\"id\""), rows);
    CHECK_INT(pages_of(&s), pages);
    CHECK_STR(h->entitlements, "[]");
    close_stage(&s);
}

static void
all_pages_are_fetched_whichever_way_the_platform_counts(void)
{
    check_pages(false, false, false, 100, 257, 257, 3);
    check_pages(true, false, false, 100, 257, 257, 3);
    check_pages(false, false, false, 100, 200, 200, 3);
    check_pages(false, false, false, 100, 99, 99, 1);
    check_pages(false, false, false, 100, 0, 0, 1);
}

static void
a_platform_with_smaller_pages_is_believed_when_it_says_how_many_there_are(void)
{
    check_pages(false, true, false, 20, 57, 57, 3);
    check_pages(true, true, false, 20, 57, 57, 3);
}

static void
a_page_that_comes_again_is_the_end(void)
{
    check_pages(false, false, true, 100, 300, 100, 2);
}

static void
a_list_that_does_not_end_is_an_error(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, paged, false);
    s.again = "&from=";
    s.page_size = 3000;
    s.total = 1000000;
    h = ask(&s, "u", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 502);
    CHECK_STR(h->error, "contracts: more than can be handled");
    close_stage(&s);
}

static void
the_events_own_contract_is_fetched_when_the_list_lacks_it(void)
{
    static struct stage s;
    struct heard *has, *lacks, *gone;

    open_stage(&s, plain, false);
    has = ask(&s, "email|1", "c2", 1);
    lacks = ask(&s, "email|1", "c/9", 1);
    gone = ask(&s, "email|1", "c7", 1);
    listen_all(&s);
    CHECK_STR(has->contracts, "[{\"id\":\"c1\"},{\"id\":\"c2\"}]");
    CHECK_STR(lacks->contracts, "[{\"id\":\"c1\"},{\"id\":\"c2\"},{\"id\":\"c/9\"}]");
    CHECK_INT(gone->status, 200);
    CHECK_STR(gone->contracts, "[{\"id\":\"c1\"},{\"id\":\"c2\"}]");
    CHECK_INT(s.platform.asked, 5);
    close_stage(&s);
}

static void
a_snapshot_that_is_kept_takes_one_contract_more(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, plain, false);
    ask(&s, "email|1", "", 1);
    listen_all(&s);
    h = ask(&s, "email|1", "c/9", 1);
    listen_all(&s);
    CHECK_STR(h->contracts, "[{\"id\":\"c1\"},{\"id\":\"c2\"},{\"id\":\"c/9\"}]");
    CHECK_INT(s.platform.asked, 4);
    close_stage(&s);
}

static void
gifted(struct platform *p, const char *method, const char *target, const char *request,
       struct buf *out)
{
    (void)p;
    (void)method;
    (void)request;
    if (give_token(target, out))
        return;
    if (is(target, "/management/contracts"))
        reply(out, 200, "", "[]");
    else if (is(target, "/management/entitlements"))
        reply(out, 200, "", "[{\"id\":\"e1\",\"origin\":{\"type\":\"PAYMENTS\","
                            "\"contractId\":\"g1\"}},{\"id\":\"e2\",\"origin\":{\"type\":"
                            "\"PAYMENTS\",\"contractId\":\"g2\"}},{\"id\":\"e3\",\"origin\":"
                            "{\"type\":\"EXTERNAL\",\"contractId\":\"g3\"}}]");
    else if (is(target, "/management/contracts/g1"))
        reply(out, 200, "", "{\"id\":\"g1\",\"userId\":\"buyer\"}");
    else if (is(target, "/management/contracts/g2"))
        reply(out, 403, "", "");
    else
        reply(out, 200, "", "{\"userId\":\"u\"}");
}

static void
a_gifts_contract_is_fetched_for_its_entitlement(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, gifted, false);
    h = ask(&s, "u", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 200);
    CHECK_STR(h->contracts, "[{\"id\":\"g1\",\"userId\":\"buyer\"}]");
    close_stage(&s);
}

static void
checkouts_and_products_are_one_thing_each(void)
{
    static struct stage s;
    struct heard *k, *a, *none;

    open_stage(&s, plain, false);
    k = ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    a = ask_thing(&s, LOOKUP_PRODUCT, "sid:a");
    none = ask_thing(&s, LOOKUP_PRODUCT, "..");
    listen_all(&s);
    CHECK_STR(k->body, "{\"id\":\"k1\",\"price\":9.90}");
    CHECK_STR(a->body, "{\"sku\":\"sid:a\"}");
    CHECK_INT(none->status, 404);
    CHECK_INT(s.platform.asked, 2);
    close_stage(&s);
}

static void
a_user_that_is_gone_is_404_and_a_wrong_address_is_not(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, plain, false);
    h = ask(&s, "email|2", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 404);
    CHECK_STR(h->error, "user: resource_not_found");
    close_stage(&s);
}

/* Everything answers with what stands in `again`, and its status in `total`. */
static void
same(struct platform *p, const char *method, const char *target, const char *request,
     struct buf *out)
{
    struct stage *s = p->arg;

    (void)method;
    (void)request;
    if (!give_token(target, out))
        reply(out, s->total, s->flag ? "Retry-After: 30\r\n" : "", s->again);
}

static void
what_is_not_the_apis_own_is_no_answer_and_names_no_person(void)
{
    static const struct {
        int status;
        const char *body, *error;
        int want;
    } cases[] = {
        { 404, "<html>anna@x.se</html>", "user: a 404 that is not the API's own; is "
                                         "sesamy.apiUrl right?", 502 },
        { 200, "{\"userId\":\"anna@x.se\"", "user: not an answer that can be understood", 502 },
        { 200, "", "user: not an answer that can be understood", 502 },
        { 200, "[]", "user: not an answer that can be understood", 502 },
        { 500, "{\"error\":{\"code\":\"internal_error\",\"message\":\"anna@x.se\"}}",
          "user: internal_error", 500 },
        { 503, "anna@x.se", "user", 503 },
        { 301, "", "user", 301 },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        static struct stage s;
        struct heard *h;

        open_stage(&s, same, false);
        s.total = cases[i].status;
        s.again = cases[i].body;
        h = ask(&s, "email|1", "", 1);
        listen_all(&s);
        CHECK_INT(h->status, cases[i].want);
        CHECK_STR(h->error, cases[i].error);
        close_stage(&s);
    }
}

static void
a_429_holds_the_vendor_back_and_not_its_neighbour(void)
{
    static struct stage s;
    struct heard *h;
    unsigned asked;

    open_stage(&s, same, false);
    s.total = 429;
    s.again = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}";
    s.flag = true;
    h = ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(h->status, 429);
    CHECK_INT(h->after_ms, 30000);
    asked = s.platform.asked;
    h = ask_thing(&s, LOOKUP_CHECKOUT, "k2");
    listen_all(&s);
    CHECK_INT(h->status, 429);
    CHECK(h->after_ms > 25000 && h->after_ms <= 30000);
    CHECK_INT(s.platform.asked, asked);
    s.total = 200;
    s.again = "{}";
    h = ask_as(&s, (struct msg_lookup){ .id = 1, .kind = LOOKUP_CHECKOUT, .vendor = "other",
                                        .user = "", .contract = "", .checkout = "k2",
                                        .sku = "" });
    listen_all(&s);
    CHECK_INT(h->status, 200);
    skew_ms = 31000;
    h = ask_thing(&s, LOOKUP_CHECKOUT, "k2");
    listen_all(&s);
    CHECK_INT(h->status, 200);
    close_stage(&s);
}

static void
fifty_events_of_one_user_cost_one_set_of_requests(void)
{
    static struct stage s;

    open_stage(&s, plain, false);
    for (int i = 0; i < 50; i++)
        ask(&s, "email|1", "c1", wall() - 1);
    listen_all(&s);
    CHECK_INT(s.platform.asked, 3);
    for (int i = 0; i < 50; i++)
        CHECK_INT(s.heard[i].status, 200);
    close_stage(&s);
}

/* Plain, but once the first fetch is on its way more events are accepted and ask. */
static void
late_comers(struct platform *p, const char *method, const char *target, const char *request,
            struct buf *out)
{
    struct stage *s = p->arg;

    if (is(target, "/management/users/email%7C1") && !s->flag) {
        s->flag = true;
        s->version = 1;
        skew_ms += 5;                      /* so that these are accepted after it started */
        for (int i = 0; i < 25; i++)
            ask(s, "email|1", "", wall());
        s->wanted = s->asked;
        plain(p, method, target, request, out);
        s->version = 2;
        return;
    }
    plain(p, method, target, request, out);
}

static void
an_event_accepted_after_the_fetch_began_gets_the_next_one(void)
{
    static struct stage s;

    open_stage(&s, late_comers, false);
    for (int i = 0; i < 25; i++)
        ask(&s, "email|1", "", wall() - 1);
    listen_all(&s);
    CHECK_INT(s.answered, 50);
    CHECK_INT(s.platform.asked, 6);
    for (int i = 0; i < 25; i++)
        CHECK_STR(s.heard[i].body, "{\"userId\":\"email|1\",\"version\":1}");
    for (int i = 25; i < 50; i++)
        CHECK_STR(s.heard[i].body, "{\"userId\":\"email|1\",\"version\":2}");
    close_stage(&s);
}

static void
a_snapshot_serves_events_accepted_before_it_and_never_those_after(void)
{
    static struct stage s;
    struct heard *h;
    int64_t before;

    open_stage(&s, plain, false);
    before = wall() - 1;
    ask(&s, "email|1", "", before);
    listen_all(&s);
    s.version = 7;
    h = ask(&s, "email|1", "", before);    /* another plugin's delivery of the same event */
    listen_all(&s);
    CHECK_STR(h->body, "{\"userId\":\"email|1\",\"version\":0}");
    CHECK_INT(s.platform.asked, 3);
    skew_ms = 5;
    h = ask(&s, "email|1", "", wall());
    listen_all(&s);
    CHECK_STR(h->body, "{\"userId\":\"email|1\",\"version\":7}");
    CHECK_INT(s.platform.asked, 6);
    close_stage(&s);
}

static void
a_fetch_that_failed_is_kept_for_nobody(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, same, false);
    s.total = 500;
    s.again = "";
    ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    s.total = 200;
    s.again = "{\"id\":\"k1\"}";
    h = ask_thing(&s, LOOKUP_CHECKOUT, "k1");
    listen_all(&s);
    CHECK_INT(h->status, 200);
    close_stage(&s);
}

static void
whoever_leaves_does_not_take_the_fetch_along(void)
{
    static struct stage s;
    struct heard *h;

    open_stage(&s, plain, false);
    h = ask(&s, "email|1", "", 1);
    list_remove(&h->asker.link);           /* as when its runner dies */
    s.asked--;
    h = ask(&s, "email|1", "", 1);
    listen_all(&s);
    CHECK_INT(h->status, 200);
    CHECK_INT(s.platform.asked, 3);
    close_stage(&s);
}

static void
a_stop_in_the_middle_leaves_nothing_behind(void)
{
    static struct stage s;

    open_stage(&s, plain, false);
    list_remove(&ask(&s, "email|1", "", 1)->asker.link);
    for (int i = 0; i < 3; i++)
        loop_once(s.loop);
    close_stage(&s);
}

UNIT_MAIN("source/source",
          UNIT_TEST(a_user_is_the_profile_the_contracts_and_the_entitlements),
          UNIT_TEST(the_token_is_asked_for_as_a_form_and_once),
          UNIT_TEST(a_token_is_used_until_a_minute_before_it_expires),
          UNIT_TEST(a_refused_token_is_dropped_and_fetched_once_more),
          UNIT_TEST(a_second_refusal_is_the_answer),
          UNIT_TEST(refused_credentials_are_named_and_not_tried_again_at_once),
          UNIT_TEST(a_token_endpoint_in_trouble_is_to_be_tried_again),
          UNIT_TEST(a_vendor_without_credentials_is_told_so),
          UNIT_TEST(all_pages_are_fetched_whichever_way_the_platform_counts),
          UNIT_TEST(a_platform_with_smaller_pages_is_believed_when_it_says_how_many_there_are),
          UNIT_TEST(a_page_that_comes_again_is_the_end),
          UNIT_TEST(a_list_that_does_not_end_is_an_error),
          UNIT_TEST(the_events_own_contract_is_fetched_when_the_list_lacks_it),
          UNIT_TEST(a_snapshot_that_is_kept_takes_one_contract_more),
          UNIT_TEST(a_gifts_contract_is_fetched_for_its_entitlement),
          UNIT_TEST(checkouts_and_products_are_one_thing_each),
          UNIT_TEST(a_user_that_is_gone_is_404_and_a_wrong_address_is_not),
          UNIT_TEST(what_is_not_the_apis_own_is_no_answer_and_names_no_person),
          UNIT_TEST(a_429_holds_the_vendor_back_and_not_its_neighbour),
          UNIT_TEST(fifty_events_of_one_user_cost_one_set_of_requests),
          UNIT_TEST(an_event_accepted_after_the_fetch_began_gets_the_next_one),
          UNIT_TEST(a_snapshot_serves_events_accepted_before_it_and_never_those_after),
          UNIT_TEST(a_fetch_that_failed_is_kept_for_nobody),
          UNIT_TEST(whoever_leaves_does_not_take_the_fetch_along),
          UNIT_TEST(a_stop_in_the_middle_leaves_nothing_behind))
