/* admin: each answer over a socket, from a journal in memory that the tests fill. */
#include "unit.h"

#include "core/admin.h"
#include "fake_core.h"
#include "net/http_client.h"
#include "model/event.h"

#define T0 1767225600000                   /* 2026-01-01T00:00:00Z */

static struct client client;
static const char *takes_all[] = { "contract.1#purchased", "checkout.1#confirm" };
static const char *takes_one[] = { "checkout.1#confirm" };
static struct destination configs[] = {
    { .vendor = "acme", .plugin = "webhooks", .name = "webhooks", .enabled = true,
      .events = takes_all, .event_count = 2 },
    { .vendor = "acme", .plugin = "make", .name = "news", .enabled = true,
      .events = takes_all, .event_count = 2 },
    { .vendor = "acme", .plugin = "ga4", .name = "ga4", .enabled = true,
      .events = takes_one, .event_count = 1 },
    { .vendor = "acme", .plugin = "hubspot", .name = "a/b", .enabled = false,
      .events = takes_all, .event_count = 2 },
    { .vendor = "other", .plugin = "webhooks", .name = "webhooks", .enabled = true,
      .events = takes_all, .event_count = 2 },
};

/* The journal knows them all and one that is not configured any more. */
static void
open_journal(void)
{
    struct journal_name names[FAKE_DESTINATIONS];
    uint32_t ids[FAKE_DESTINATIONS];
    CLEANUP(free_ptr) char *error = NULL;
    size_t n = ARRAY_LEN(configs);

    core.journal = journal_open("sqlite::memory:", &error);
    if (!core.journal) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    for (size_t i = 0; i < n; i++)
        names[i] = (struct journal_name){ configs[i].vendor, configs[i].plugin,
                                          configs[i].name };
    names[n] = (struct journal_name){ "acme", "rule", "rule" };
    if (journal_destinations(core.journal, names, n + 1, ids) < 0)
        abort();
    for (size_t i = 0; i < n; i++)
        core.destinations[i] = (struct core_destination){
            .config = &configs[i], .id = ids[i], .hold_reason = "", .next_due_ms = -1,
            .runner_up = true, .runner_trouble = "",
        };
    core.destination_count = n;
}

static void
serve(const char **tokens, size_t token_count)
{
    CLEANUP(free_ptr) char *error = NULL;

    fake_core_open();
    core.now_ms = T0;
    core.config.admin_tokens = tokens;
    core.config.admin_token_count = token_count;
    open_journal();
    core.httpd = admin_new(&core, &error);
    if (!core.httpd)
        abort();
    client_open(&client, core.loop, httpd_port(core.httpd));
}

static void
open_site(void)
{
    serve(NULL, 0);
}

static void
close_site(void)
{
    struct journal *j = core.journal;

    client_close(&client);
    fake_core_close();
    journal_close(j);
}

static void
on_done(UNUSED void *arg, int error)
{
    CHECK_INT(error, 0);
}

/* One event, accepted n seconds after T0, for the first `count` of these. */
static struct journal_event
add_event(int n, const char *user, const uint32_t *destinations, size_t count)
{
    struct event ev = {
        .type = "contract.1#purchased", .vendor = "acme", .user = user, .contract = "c1",
        .entitlement = "", .checkout = "", .occurred = "2025-11-10T12:00:00Z",
        .body = "{}", .body_len = 2,
    };
    struct journal_event je = {
        .accepted_ms = T0 + n * 1000, .event = &ev, .destinations = destinations,
        .count = count, .key = { (uint8_t)n, (uint8_t)(n >> 8), 1 },
    };
    struct journal_turn turn = { .events = &je, .event_count = 1, .done = on_done };

    je.fingerprint = (uint64_t)n;
    journal_commit(core.journal, &turn);
    return je;
}

static void
add_attempt(int64_t seq, uint32_t destination, uint32_t n, enum state state, enum parked why,
            int outcome, int status, const char *reason)
{
    struct journal_attempt at = {
        .seq = seq, .destination = destination, .attempt = n, .state = state, .why = why,
        .due_ms = T0 + 60000, .at_ms = T0 + 2000 + n, .took_ms = 35, .outcome = outcome,
        .status = status, .reason = reason,
    };
    struct journal_turn turn = { .attempts = &at, .attempt_count = 1, .done = on_done };

    journal_commit(core.journal, &turn);
}

static struct answer
ask(const char *method, const char *path, const char *headers, const char *body)
{
    CLEANUP(buf_free) struct buf b = BUF_INIT(1000000);

    buf_printf(&b, "%s %s HTTP/1.1\r\nHost: localhost:8471\r\n%s", method, path, headers);
    if (body)
        buf_printf(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                   strlen(body));
    buf_printf(&b, "\r\n%s", body ? body : "");
    client_send_n(&client, b.data, b.len);
    return client_answer(&client);
}

static void
check(const char *method, const char *path, const char *body, int status, const char *want)
{
    CLEANUP(answer_free) struct answer a = ask(method, path, "", body);

    CHECK_INT(a.status, status);
    CHECK_STR(a.body ? a.body : "(none)", want);
}

static void
check_has(const char *method, const char *path, const char *body, int status, const char *part)
{
    CLEANUP(answer_free) struct answer a = ask(method, path, "", body);

    CHECK_INT(a.status, status);
    if (!a.body || !strstr(a.body, part)) {
        fprintf(stderr, "%s: wanted %s in %s\n", path, part, a.body ? a.body : "(none)");
        CHECK(false);
    }
}

static void
health_is_plain_and_open_to_all(void)
{
    static const char *tokens[] = { "secret" };

    serve(tokens, 1);
    check("GET", "/healthz", NULL, 200, "ok\n");
    check("GET", "/readyz", NULL, 200, "ready\n");
    core.stopping = true;
    check("GET", "/healthz", NULL, 200, "ok\n");
    check_has("GET", "/readyz", NULL, 503, "hermod is stopping");
    close_site();
}

static void
everything_else_wants_a_token_when_there_are_any(void)
{
    static const char *tokens[] = { "one", "two" };
    static const char *const paths[] = {
        "/v1/status", "/v1/deliveries", "/v1/events?user=u",
        "/v1/events/evt_00000000000000000000000000",
    };
    struct answer a;

    serve(tokens, 2);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        check_has("GET", paths[i], NULL, 401, "urn:hermod:problem:unauthorized");
        a = ask("GET", paths[i], "Authorization: Bearer twoo\r\n", NULL);
        CHECK_INT(a.status, 401);
        answer_free(&a);
    }
    check_has("POST", "/v1/drops", "{\"all\":true}", 401, "adminTokens");
    a = ask("GET", "/v1/status", "Authorization: Bearer two\r\n", NULL);
    CHECK_INT(a.status, 200);
    answer_free(&a);
    close_site();
}

static void
without_tokens_a_web_page_cannot_use_a_local_browser_for_it(void)
{
    struct answer a;

    open_site();
    client_send(&client, "GET /v1/status HTTP/1.1\r\nHost: evil.example:8471\r\n\r\n");
    a = client_answer(&client);
    CHECK_INT(a.status, 403);
    answer_free(&a);
    for (size_t i = 0; i < 4; i++) {
        static const char *const hosts[] = { "127.0.0.1:8471", "[::1]:8471", "localhost", "[::1]" };
        CLEANUP(free_ptr) char *text =
            xasprintf("GET /v1/status HTTP/1.1\r\nHost: %s\r\n\r\n", hosts[i]);

        client_send(&client, text);
        a = client_answer(&client);
        CHECK_INT(a.status, 200);
        answer_free(&a);
    }
    client_send(&client, "POST /v1/drops HTTP/1.1\r\nHost: localhost\r\n"
                         "Content-Type: text/plain\r\nContent-Length: 12\r\n\r\n{\"all\":true}");
    a = client_answer(&client);
    CHECK_INT(a.status, 415);
    answer_free(&a);
    close_site();
}

static void
off_the_loopback_nothing_is_served_without_tokens(void)
{
    CLEANUP(free_ptr) char *error = NULL;

    fake_core_open();
    core.config.admin = ":0";
    open_journal();
    core.httpd = admin_new(&core, &error);
    if (!core.httpd)
        abort();
    client_open(&client, core.loop, httpd_port(core.httpd));
    check_has("GET", "/v1/status", NULL, 403, "adminTokens must be set");
    check("GET", "/healthz", NULL, 200, "ok\n");
    close_site();
}

static void
unknown_paths_and_methods_are_told(void)
{
    struct answer a;
    char *allow;

    open_site();
    check_has("GET", "/v1/nothing", NULL, 404, "urn:hermod:problem:not-found");
    check_has("GET", "/v1/events/", NULL, 404, "");
    check_has("GET", "/v1/events/a/b", NULL, 404, "");
    a = ask("POST", "/v1/status", "", "{}");
    CHECK_INT(a.status, 405);
    allow = answer_header(&a, "Allow");
    CHECK_STR(allow ? allow : "", "GET, HEAD");
    free(allow);
    answer_free(&a);
    close_site();
}

static void
status_tells_of_each_destination(void)
{
    const uint32_t to[] = { 1, 2 };
    struct journal_event je;

    open_site();
    je = add_event(1, "u1", to, 2);
    add_attempt(je.seq, 1, 1, STATE_PARKED, PARKED_CREDENTIALS, OUTCOME_FAILED, 401, "no");
    core.now_ms = T0 + 90500;
    core.stats = (struct core_stats){
        .started_ms = T0, .accepted = 1, .duplicates = 2, .refused = 3, .attempts = 4,
        .delivered = 5, .skipped = 6, .retried = 7, .parked = 8, .waiting = 9,
        .parked_now = 10, .in_flight = 11,
    };
    core.destinations[0].paused = true;
    core.destinations[0].hold_reason = "the shop moves";
    core.destinations[1].hold_until_ms = T0 + 5000;
    core.destinations[1].hold_reason = "Retry-After";
    core.destinations[1].next_due_ms = T0 + 6000;
    core.destinations[1].in_flight = 12;
    core.destinations[2].runner_up = false;
    core.destinations[2].runner_trouble = "it ended with status 1";
    check("GET", "/v1/status", NULL, 200,
          "{\"version\":\"" VERSION_TEXT "\",\"startedAt\":\"2026-01-01T00:00:00Z\","
          "\"uptimeSeconds\":90,\"accepted\":1,\"duplicates\":2,\"refused\":3,\"attempts\":4,"
          "\"delivered\":5,\"skipped\":6,\"retried\":7,\"parkedTotal\":8,\"waiting\":9,"
          "\"parked\":10,\"inFlight\":11,\"destinations\":["
          "{\"vendor\":\"acme\",\"plugin\":\"webhooks\",\"name\":\"webhooks\",\"enabled\":true,"
          "\"state\":\"paused\",\"reason\":\"the shop moves\",\"holdUntil\":null,"
          "\"inFlight\":0,\"waiting\":0,\"parked\":1,\"nextDue\":null},"
          "{\"vendor\":\"acme\",\"plugin\":\"make\",\"name\":\"news\",\"enabled\":true,"
          "\"state\":\"held\",\"reason\":\"Retry-After\","
          "\"holdUntil\":\"2026-01-01T00:00:05Z\",\"inFlight\":12,\"waiting\":1,\"parked\":0,"
          "\"nextDue\":\"2026-01-01T00:00:06Z\"},"
          "{\"vendor\":\"acme\",\"plugin\":\"ga4\",\"name\":\"ga4\",\"enabled\":true,"
          "\"state\":\"down\",\"reason\":\"it ended with status 1\",\"holdUntil\":null,"
          "\"inFlight\":0,\"waiting\":0,\"parked\":0,\"nextDue\":null},"
          "{\"vendor\":\"acme\",\"plugin\":\"hubspot\",\"name\":\"a/b\",\"enabled\":false,"
          "\"state\":\"disabled\",\"reason\":null,\"holdUntil\":null,\"inFlight\":0,"
          "\"waiting\":0,\"parked\":0,\"nextDue\":null},"
          "{\"vendor\":\"other\",\"plugin\":\"webhooks\",\"name\":\"webhooks\","
          "\"enabled\":true,\"state\":\"ok\",\"reason\":null,\"holdUntil\":null,"
          "\"inFlight\":0,\"waiting\":0,\"parked\":0,\"nextDue\":null}],"
          "\"problems\":[\"the plugin ga4 is not running: it ended with status 1\"]}");
    close_site();
}

static void
status_tells_of_problems(void)
{
    const uint32_t to[] = { 6 };

    open_site();
    add_event(1, "u1", to, 1);
    core.pressure = "the journal's disk is nearly full";
    check_has("GET", "/v1/status", NULL, 200,
              "\"problems\":[\"no events are accepted: the journal's disk is nearly full\","
              "\"1 waiting and 0 parked deliveries are for destinations that are not "
              "configured any more\"]");
    close_site();
}

static void
deliveries_are_listed_newest_first_and_narrowed_down(void)
{
    const uint32_t to[] = { 1 };
    struct journal_event one, two;

    open_site();
    one = add_event(1, "u1", to, 1);
    two = add_event(2, "u2", to, 1);
    add_attempt(one.seq, 1, 1, STATE_PARKED, PARKED_FAILED, OUTCOME_FAILED, 404, "gone away");
    check("GET", "/v1/deliveries?limit=1", NULL, 200,
          "{\"deliveries\":[{\"event\":\"evt_08002000000000000000000000\",\"seq\":2,"
          "\"type\":\"contract.1#purchased\",\"vendor\":\"acme\",\"user\":\"u2\","
          "\"plugin\":\"webhooks\",\"name\":\"webhooks\",\"state\":\"waiting\",\"why\":null,"
          "\"attempts\":0,\"acceptedAt\":\"2026-01-01T00:00:02Z\","
          "\"dueAt\":\"2026-01-01T00:00:02Z\",\"lastAttemptAt\":null,\"tookMs\":0,"
          "\"outcome\":null,\"status\":0,\"reason\":\"\"}],\"next\":2}");
    CHECK_INT(two.seq, 2);
    check("GET", "/v1/deliveries?before=2", NULL, 200,
          "{\"deliveries\":[{\"event\":\"evt_04002000000000000000000000\",\"seq\":1,"
          "\"type\":\"contract.1#purchased\",\"vendor\":\"acme\",\"user\":\"u1\","
          "\"plugin\":\"webhooks\",\"name\":\"webhooks\",\"state\":\"parked\","
          "\"why\":\"failed\",\"attempts\":1,\"acceptedAt\":\"2026-01-01T00:00:01Z\","
          "\"dueAt\":null,\"lastAttemptAt\":\"2026-01-01T00:00:02.001Z\",\"tookMs\":35,"
          "\"outcome\":\"failed\",\"status\":404,\"reason\":\"gone away\"}],\"next\":null}");
    check("GET", "/v1/deliveries?vendor=nobody", NULL, 200,
          "{\"deliveries\":[],\"next\":null}");
    check_has("GET", "/v1/deliveries?state=parked&reason=failed&user=u1&plugin=webhooks"
                     "&name=webhooks&vendor=acme&since=2026-01-01T00:00:01Z"
                     "&until=2026-01-01T00:00:02Z", NULL, 200, "\"seq\":1,");
    check_has("GET", "/v1/deliveries?event=evt_08002000000000000000000000", NULL, 200,
              "\"seq\":2,");
    close_site();
}

static void
a_wrong_filter_is_named(void)
{
    static const char *const bad[][2] = {
        { "state=lost", "state: wanted waiting, delivered" },
        { "reason=bad", "reason: wanted failed" },
        { "event=evt_1", "event: wanted an event id" },
        { "since=yesterday", "since: wanted a time" },
        { "until=1", "until: wanted a time" },
        { "limit=0", "limit: wanted a number from 1 to 1000" },
        { "limit=1001", "limit: wanted" },
        { "before=x", "before: wanted a number from 1" },
    };

    open_site();
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(free_ptr) char *path = xasprintf("/v1/deliveries?%s", bad[i][0]);

        check_has("GET", path, NULL, 400, bad[i][1]);
    }
    close_site();
}

static void
explain_tells_what_each_destination_did_and_why_it_did_nothing(void)
{
    const uint32_t to[] = { 1, 2, 6 };
    struct journal_event je;

    open_site();
    je = add_event(1, "u1", to, 3);
    add_attempt(je.seq, 1, 1, STATE_WAITING, PARKED_NONE, OUTCOME_RETRY, 503, "busy");
    add_attempt(je.seq, 1, 2, STATE_DELIVERED, PARKED_NONE, OUTCOME_DELIVERED, 204, "");
    add_attempt(je.seq, 2, 1, STATE_PARKED, PARKED_FAILED, OUTCOME_FAILED, 404, "no list");
    check("GET", "/v1/events/evt_04002000000000000000000000", NULL, 200,
          "{\"events\":[{\"id\":\"evt_04002000000000000000000000\","
          "\"type\":\"contract.1#purchased\",\"vendor\":\"acme\",\"user\":\"u1\","
          "\"contract\":\"c1\",\"entitlement\":\"\",\"checkout\":\"\","
          "\"occurredAt\":\"2025-11-10T12:00:00Z\",\"acceptedAt\":\"2026-01-01T00:00:01Z\","
          "\"destinations\":["
          "{\"vendor\":\"acme\",\"plugin\":\"rule\",\"name\":\"rule\","
          "\"fate\":\"not-configured\",\"text\":\"waiting: event 1 at destination 6\","
          "\"attempts\":[]},"
          "{\"vendor\":\"acme\",\"plugin\":\"make\",\"name\":\"news\",\"fate\":\"parked\","
          "\"text\":\"parked at 2026-01-01T00:00:02.001Z after 1 attempt (failed): "
          "HTTP 404: no list; kept until it is replayed or dropped\",\"attempts\":["
          "{\"n\":1,\"at\":\"2026-01-01T00:00:02.001Z\",\"tookMs\":35,"
          "\"outcome\":\"failed\",\"status\":404,\"reason\":\"no list\",\"nextAt\":null}]},"
          "{\"vendor\":\"acme\",\"plugin\":\"webhooks\",\"name\":\"webhooks\","
          "\"fate\":\"delivered\",\"text\":\"delivered at 2026-01-01T00:00:02.002Z on "
          "attempt 2: HTTP 204\",\"attempts\":["
          "{\"n\":1,\"at\":\"2026-01-01T00:00:02.001Z\",\"tookMs\":35,\"outcome\":\"retry\","
          "\"status\":503,\"reason\":\"busy\",\"nextAt\":\"2026-01-01T00:01:00Z\"},"
          "{\"n\":2,\"at\":\"2026-01-01T00:00:02.002Z\",\"tookMs\":35,"
          "\"outcome\":\"delivered\",\"status\":204,\"reason\":\"\",\"nextAt\":null}]},"
          "{\"vendor\":\"acme\",\"plugin\":\"ga4\",\"name\":\"ga4\","
          "\"fate\":\"not-subscribed\",\"text\":\"nothing was sent: the destination does not "
          "take contract.1#purchased\",\"attempts\":[]},"
          "{\"vendor\":\"acme\",\"plugin\":\"hubspot\",\"name\":\"a/b\",\"fate\":\"disabled\","
          "\"text\":\"nothing was sent: the destination is disabled in the vendor's file\","
          "\"attempts\":[]}]}],\"next\":null}");
    close_site();
}

static void
explain_tells_of_waiting_skipped_dropped_and_later_destinations(void)
{
    const uint32_t to[] = { 2 };
    struct journal_event je;

    open_site();
    je = add_event(1, "u1", to, 1);
    add_attempt(je.seq, 2, 1, STATE_WAITING, PARKED_NONE, OUTCOME_RETRY, 0, "no answer");
    check_has("GET", "/v1/events?user=u1", NULL, 200, "\"fate\":\"waiting\",\"text\":\"waiting: "
              "event 1 at destination 2; attempt 1 ended with no answer\"");
    check_has("GET", "/v1/events?user=u1", NULL, 200, "the destination was added, enabled or "
              "subscribed after the event was accepted");
    add_attempt(je.seq, 2, 2, STATE_SKIPPED, PARKED_NONE, OUTCOME_SKIPPED, 0, "no e-mail");
    check_has("GET", "/v1/events?user=u1", NULL, 200,
              "\"text\":\"skipped at 2026-01-01T00:00:02.002Z: no e-mail\"");
    je = add_event(2, "u2", to, 1);
    add_attempt(je.seq, 2, 1, STATE_PARKED, PARKED_GONE, OUTCOME_FAILED, 410, "");
    check("POST", "/v1/drops", "{\"user\":\"u2\"}", 200, "{\"count\":1,\"dryRun\":false}");
    check_has("GET", "/v1/events?user=u2", NULL, 200, "\"fate\":\"dropped\",\"text\":"
              "\"dropped by hand; it was parked (gone): HTTP 410\"");
    close_site();
}

static void
events_of_a_user_are_found_and_paged(void)
{
    const uint32_t to[] = { 1 };

    open_site();
    for (int i = 1; i <= 3; i++)
        add_event(i, "u1", to, 1);
    add_event(4, "u2", to, 1);
    check_has("GET", "/v1/events?user=u1&limit=2", NULL, 200, "],\"next\":2}");
    check_has("GET", "/v1/events?user=u1&limit=2&before=2", NULL, 200,
              "\"id\":\"evt_04002000000000000000000000\"");
    check("GET", "/v1/events?user=u1&vendor=other", NULL, 200, "{\"events\":[],\"next\":null}");
    check("GET", "/v1/events?user=nobody", NULL, 200, "{\"events\":[],\"next\":null}");
    check_has("GET", "/v1/events", NULL, 400, "user: wanted");
    check_has("GET", "/v1/events/evt_00000000000000000000000000", NULL, 404, "no event");
    check_has("GET", "/v1/events/what", NULL, 400, "event id");
    close_site();
}

/* Parks n events' deliveries at destination 1. */
static void
park(int n)
{
    const uint32_t to[] = { 1 };

    for (int i = 1; i <= n; i++) {
        struct journal_event je = add_event(i, i % 2 ? "odd" : "even", to, 1);

        add_attempt(je.seq, 1, 1, STATE_PARKED, PARKED_FAILED, OUTCOME_FAILED, 404, "no");
    }
}

static void
replay_makes_what_is_chosen_wait_again(void)
{
    open_site();
    park(10);
    check("POST", "/v1/replays", "{\"user\":\"odd\",\"dryRun\":true}", 200,
          "{\"count\":5,\"dryRun\":true}");
    CHECK_INT(core.woken, 0);
    check("POST", "/v1/replays", "{\"user\":\"odd\",\"dryRun\":false}", 200,
          "{\"count\":5,\"dryRun\":false}");
    CHECK_INT(core.woken, 5);
    check("POST", "/v1/replays", "{\"event\":\"evt_08002000000000000000000000\"}", 200,
          "{\"count\":1,\"dryRun\":false}");
    check("POST", "/v1/replays", "{\"all\":true}", 200, "{\"count\":4,\"dryRun\":false}");
    check("POST", "/v1/replays", "{\"all\":true}", 200, "{\"count\":0,\"dryRun\":false}");
    CHECK_INT(core.woken, 10);
    close_site();
}

static void
many_are_changed_in_slices_while_others_are_served(void)
{
    struct client other;
    struct answer a;

    open_site();
    park(1700);
    client_open(&other, core.loop, httpd_port(core.httpd));
    client_send(&client, "POST /v1/replays HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                         "application/json\r\nContent-Length: 12\r\n\r\n{\"all\":true}");
    while (core.woken == 0)
        loop_once(core.loop);
    CHECK_INT(core.woken, 500);
    client_send(&other, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    a = client_answer(&other);
    CHECK_INT(a.status, 200);
    CHECK(core.woken < 1700);
    answer_free(&a);
    a = client_answer(&client);
    CHECK_STR(a.body ? a.body : "", "{\"count\":1700,\"dryRun\":false}");
    answer_free(&a);
    CHECK_INT(core.woken, 1700);
    client_close(&other);
    close_site();
}

static void
what_is_parked_again_at_once_is_replayed_once(void)
{
    open_site();
    park(700);
    client_send(&client, "POST /v1/replays HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                         "application/json\r\nContent-Length: 12\r\n\r\n{\"all\":true}");
    while (core.woken == 0)
        loop_once(core.loop);
    for (int i = 1; i < 500; i++)          /* all but the last of the slice fail again */
        add_attempt(i, 1, 1, STATE_PARKED, PARKED_FAILED, OUTCOME_FAILED, 404, "again");
    {
        CLEANUP(answer_free) struct answer a = client_answer(&client);

        CHECK_STR(a.body ? a.body : "", "{\"count\":700,\"dryRun\":false}");
    }
    CHECK_INT(core.woken, 700);
    close_site();
}

static void
a_stop_in_the_middle_of_a_replay_does_no_harm(void)
{
    open_site();
    park(1100);
    client_send(&client, "POST /v1/replays HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                         "application/json\r\nContent-Length: 12\r\n\r\n{\"all\":true}");
    while (core.woken == 0)
        loop_once(core.loop);
    close_site();
}

static void
a_change_without_a_clear_choice_is_refused(void)
{
    static const char *const bad[][2] = {
        { "{}", "choose by at least one member" },
        { "{\"dryRun\":true}", "choose by at least one member" },
        { "{\"all\":true,\"vendor\":\"acme\"}", "contradict" },
        { "{\"usr\":\"u\"}", "usr: wanted no such member" },
        { "{\"user\":7}", "user: wanted a string" },
        { "{\"user\":\"\"}", "user: wanted a string" },
        { "{\"user\":\"a\",\"user\":\"b\"}", "user: wanted it once" },
        { "{\"all\":1}", "all: wanted true or false" },
        { "{\"event\":\"x\"}", "\"pointer\":\"/event\"" },
        { "{\"state\":\"parked\"}", "state: wanted no such member" },
        { "[]", "not a JSON object" },
        { "{\"all\":true", "not a JSON object" },
        { "", "not a JSON object" },
    };

    open_site();
    park(1);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        check_has("POST", "/v1/replays", bad[i][0], 400, bad[i][1]);
        check_has("POST", "/v1/drops", bad[i][0], 400, bad[i][1]);
    }
    CHECK_INT(core.woken, 0);
    close_site();
}

static void
a_destination_is_paused_with_a_reason_and_resumed(void)
{
    open_site();
    check("POST", "/v1/destinations/acme/make/news/pause", "{\"reason\":\"moving \\u00e5\"}",
          200, "{\"state\":\"paused\"}");
    CHECK(core.destinations[1].paused);
    CHECK_STR(fake_reason, "moving \xc3\xa5");
    check("POST", "/v1/destinations/acme/make/news/resume", "{}", 200, "{\"state\":\"ok\"}");
    CHECK(!core.destinations[1].paused);
    check("POST", "/v1/destinations/acme/hubspot/a%2Fb/pause", "{}", 200,
          "{\"state\":\"disabled\"}");
    CHECK(core.destinations[3].paused);
    CHECK_STR(fake_reason, "paused by hand");
    check_has("POST", "/v1/destinations/acme/webhoks/webhoks/pause", "{}", 404,
              "there is no destination acme/webhoks; did you mean acme/webhooks?");
    close_site();
}

UNIT_MAIN("core/admin",
          UNIT_TEST(health_is_plain_and_open_to_all),
          UNIT_TEST(everything_else_wants_a_token_when_there_are_any),
          UNIT_TEST(without_tokens_a_web_page_cannot_use_a_local_browser_for_it),
          UNIT_TEST(off_the_loopback_nothing_is_served_without_tokens),
          UNIT_TEST(unknown_paths_and_methods_are_told),
          UNIT_TEST(status_tells_of_each_destination),
          UNIT_TEST(status_tells_of_problems),
          UNIT_TEST(deliveries_are_listed_newest_first_and_narrowed_down),
          UNIT_TEST(a_wrong_filter_is_named),
          UNIT_TEST(explain_tells_what_each_destination_did_and_why_it_did_nothing),
          UNIT_TEST(explain_tells_of_waiting_skipped_dropped_and_later_destinations),
          UNIT_TEST(events_of_a_user_are_found_and_paged),
          UNIT_TEST(replay_makes_what_is_chosen_wait_again),
          UNIT_TEST(many_are_changed_in_slices_while_others_are_served),
          UNIT_TEST(what_is_parked_again_at_once_is_replayed_once),
          UNIT_TEST(a_stop_in_the_middle_of_a_replay_does_no_harm),
          UNIT_TEST(a_change_without_a_clear_choice_is_refused),
          UNIT_TEST(a_destination_is_paused_with_a_reason_and_resumed))
