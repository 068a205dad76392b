/* network.c - a real runner, a real plugin, and requests over real sockets. */
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/outcome.h"
#include "play.h"
#include "sink.h"
#include "unit.h"

/* What every test begins with: destinations d0, d1 with their own groups, both to the sink;
   loopback is permitted for d0 and not for d1. */
struct stage {
    struct arena arena;
    struct loop *loop;
    struct sink *sink;
    struct destination d[3];
    struct play *play;
};

static const struct cidr loopback = {
    .addr = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 0 }, .bits = 104,
};

static void
set_stage(struct stage *s)
{
    *s = (struct stage){ 0 };
    s->loop = loop_new();
    s->sink = sink_new(s->loop);
    for (uint32_t i = 0; i < 3; i++) {
        s->d[i] = play_destination(&s->arena, i, 1);
        s->d[i].values[0].set = true;
        s->d[i].values[0].text = arena_printf(&s->arena, "http://127.0.0.1:%u", s->sink->port);
        s->d[i].allow = &loopback;
        s->d[i].allow_count = i != 1;
    }
}

static void
raise_curtain(struct stage *s)
{
    s->play = play_start(s->loop, play_so(&s->arena, "good", "courier"), NULL, s->d, 3);
    play_until_ready(s->play);
    CHECK(s->play->ready);
}

static void
start_stage(struct stage *s)
{
    set_stage(s);
    raise_curtain(s);
}

static void
end_stage(struct stage *s)
{
    play_free(s->play);
    sink_free(s->sink);
    loop_free(s->loop);
    arena_free(&s->arena);
}

/* Runs one job to its end. */
static const struct msg_result *
run(struct stage *s, const char *type, const char *path, const char *body)
{
    static uint64_t token = 1000;
    struct play_job j = { .token = ++token, .type = type, .user = path, .body = body };
    static const struct msg_result none = { .reason = "the runner died" };
    const struct msg_result *r;

    play_send(s->play, &j);
    play_until_results(s->play, s->play->result_count + 1);
    r = play_result(s->play, token);
    return r ? r : &none;
}

static void
check_result(const struct msg_result *r, int outcome, int status, const char *reason)
{
    CHECK_INT(r->outcome, outcome);
    CHECK_INT(r->status, status);
    CHECK_STR(r->reason, reason);
}

static void
a_request_goes_out_as_it_was_built(void)
{
    struct stage s;

    start_stage(&s);
    check_result(run(&s, "send", "/status/200", "{\"a\": \"\xc3\xa5\"}"), OUTCOME_DELIVERED, 200,
                 "");
    CHECK(str_starts(buf_text(&s.sink->last), "POST /status/200 HTTP/1.1\r\n"));
    CHECK(strstr(buf_text(&s.sink->last), "\r\nContent-Type: application/json\r\n") != NULL);
    CHECK(strstr(buf_text(&s.sink->last), "\r\nContent-Length: 11\r\n") != NULL);
    CHECK(strstr(buf_text(&s.sink->last), "\r\nUser-Agent: hermod/") != NULL);
    CHECK(strstr(buf_text(&s.sink->last), "\r\nExpect:") == NULL);
    CHECK(strstr(buf_text(&s.sink->last), "Accept-Encoding") == NULL);
    CHECK(strstr(buf_text(&s.sink->last), "\r\n\r\n{\"a\": \"\xc3\xa5\"}") != NULL);
    end_stage(&s);
}

static void
every_method_goes_out(void)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    struct stage s;

    start_stage(&s);
    for (size_t i = 0; i < 2 * ARRAY_LEN(methods) + 1; i++) {
        bool head = i == 2 * ARRAY_LEN(methods);
        const char *method = head ? "HEAD" : methods[i / 2];
        struct play_job j = { .token = i + 1, .type = "probe", .user = "/status/200",
                              .contract = method, .body = i % 2 ? "x=1" : "{}" };

        play_send(s.play, &j);
        play_until_results(s.play, i + 1);
        CHECK_STR(play_result(s.play, i + 1)->reason, head ? "200||" : "200||status 200");
        CHECK(str_starts(buf_text(&s.sink->last), method));
        CHECK((strstr(buf_text(&s.sink->last), "\r\n\r\nx=1") != NULL) == (i % 2 == 1));
        CHECK((strstr(buf_text(&s.sink->last), "Content-Type:") != NULL) == (i % 2 == 1));
        if (i % 2 == 0)
            CHECK((strstr(buf_text(&s.sink->last), "Content-Length: 0") != NULL) ==
                  (*method == 'P'));
    }
    CHECK_INT(s.sink->connections, 1);
    end_stage(&s);
}

static void
each_status_has_its_outcome(void)
{
    static const struct {
        int status, outcome;
    } table[] = {
        { 200, OUTCOME_DELIVERED }, { 204, OUTCOME_DELIVERED }, { 302, OUTCOME_FAILED },
        { 400, OUTCOME_FAILED },    { 401, OUTCOME_FAILED },    { 404, OUTCOME_FAILED },
        { 410, OUTCOME_FAILED },    { 500, OUTCOME_RETRY },     { 503, OUTCOME_RETRY },
        { 429, OUTCOME_RETRY },
    };
    struct stage s;

    start_stage(&s);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *path = arena_printf(&s.arena, "/status/%d", table[i].status);
        const struct msg_result *r = run(&s, "send", path, "{}");

        CHECK_INT(r->outcome, table[i].outcome);
        CHECK_INT(r->status, table[i].status);
        CHECK_INT(r->hold_ms, table[i].status == 429 ? 7000 : 0);
    }
    end_stage(&s);
}

static void
a_redirect_is_not_followed(void)
{
    struct stage s;

    start_stage(&s);
    CHECK_INT(run(&s, "send", "/redirect", "{}")->outcome, OUTCOME_FAILED);
    CHECK_INT(s.sink->landed, 0);
    CHECK_INT(s.sink->requests, 1);
    end_stage(&s);
}

static void
connections_are_used_again(void)
{
    struct stage s;

    start_stage(&s);
    for (int i = 0; i < 50; i++)
        CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    CHECK_INT(s.sink->requests, 50);
    CHECK_INT(s.sink->connections, 1);
    end_stage(&s);
}

/* The server has closed it meanwhile, as servers do. */
static void
a_connection_that_is_gone_is_made_anew(void)
{
    struct stage s;

    start_stage(&s);
    for (int i = 0; i < 5; i++)
        CHECK_STR(run(&s, "probe", "/bye", "{}")->reason, "200||bye");
    CHECK_INT(s.sink->connections, 5);
    end_stage(&s);
}

static void
an_address_that_is_not_public_is_refused_unless_permitted(void)
{
    struct play_job j = { .token = 1, .destination = 1, .type = "send", .user = "/status/200" };
    struct stage s;

    start_stage(&s);
    play_send(s.play, &j);
    play_until_results(s.play, 1);
    check_result(play_result(s.play, 1), OUTCOME_RETRY, 0,
                 "no answer: address 127.0.0.1 is not public, nor in allowNetworks");
    CHECK_INT(s.sink->connections, 0);

    /* Nor on a connection that another destination, which may, has made. */
    CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    j.token = 2;
    play_send(s.play, &j);
    play_until_results(s.play, 3);
    CHECK_STR(play_result(s.play, 2)->reason,
              "no answer: address 127.0.0.1 is not public, nor in allowNetworks");
    CHECK_INT(s.sink->requests, 1);
    CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    end_stage(&s);
}

static void
no_spelling_of_such_an_address_gets_through(void)
{
    static const char *const hosts[] = {
        "localhost", "LOCALHOST", "some.localhost", "127.1", "0x7f000001", "2130706433",
        "017700000001", "0.0.0.0", "0", "[::1]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::]", "[64:ff9b::7f00:1]",
    };

    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        struct stage s;

        set_stage(&s);
        s.d[1].values[0].text = arena_printf(&s.arena, "http://%s:%u", hosts[i], s.sink->port);
        raise_curtain(&s);
        play_send(s.play, &(struct play_job){ .token = 1, .destination = 1, .type = "probe",
                                              .user = "/status/200" });
        play_until_results(s.play, 1);
        if (!str_starts(s.play->results[0].reason, "0|address "))
            fprintf(stderr, "%s: %s\n", hosts[i], s.play->results[0].reason);
        CHECK(strstr(s.play->results[0].reason, "is not public, nor in allowNetworks") !=
                  NULL ||
              s.play->results[0].outcome == OUTCOME_FAILED);
        CHECK_INT(s.sink->connections, 0);
        end_stage(&s);
    }
}

static void
what_comes_instead_of_an_answer_is_said(void)
{
    struct stage s;

    start_stage(&s);
    CHECK_STR(run(&s, "probe", "/close", "{}")->reason,
              "0|the connection was closed without an answer|");
    CHECK_STR(run(&s, "probe", "/cut", "{}")->reason,
              "0|the connection was closed in the middle of the answer|");
    CHECK_STR(run(&s, "probe", "/garbage", "{}")->reason, "0|the answer is not HTTP|");
    CHECK_STR(run(&s, "hurry", "/hang", "{}")->reason, "0|no answer within 200ms|");
    CHECK_STR(run(&s, "probe", "/status/200", "{}")->reason, "200||status 200");
    end_stage(&s);
}

static void
a_closed_port_and_a_wrong_protocol_are_said(void)
{
    struct stage s;
    struct sink *other;
    uint16_t closed;

    set_stage(&s);
    other = sink_new(s.loop);
    closed = other->port;
    sink_free(other);
    s.d[0].values[0].text = arena_printf(&s.arena, "http://127.0.0.1:%u", closed);
    s.d[2].values[0].text = arena_printf(&s.arena, "https://127.0.0.1:%u", s.sink->port);
    raise_curtain(&s);
    CHECK_STR(run(&s, "probe", "/", "{}")->reason, "0|cannot connect: Connection refused|");
    play_send(s.play, &(struct play_job){ .token = 1, .destination = 2, .type = "probe",
                                          .user = "/close" });
    play_until_results(s.play, 2);
    CHECK(str_starts(play_result(s.play, 1)->reason, "0|TLS: "));
    end_stage(&s);
}

static void
an_answer_may_be_long_but_not_endless(void)
{
    struct stage s;

    start_stage(&s);
    CHECK(str_starts(run(&s, "probe", "/big/1048576", "{}")->reason, "200||xxx"));
    CHECK_STR(run(&s, "probe", "/big/1048577", "{}")->reason, "200|answer is longer than 1 MiB|");
    CHECK_STR(run(&s, "probe", "/headers/150", "{}")->reason, "200||");
    CHECK_STR(run(&s, "probe", "/headers/250", "{}")->reason, "200|answer has too many headers|");
    end_stage(&s);
}

static bool
three_hang(void *arg)
{
    return ((const struct sink *)arg)->hanging == 3;
}

static void
requests_started_together_are_under_way_together(void)
{
    struct stage s;

    start_stage(&s);
    play_send(s.play, &(struct play_job){ .token = 1, .type = "parallel", .user = "/hang" });
    play_until(s.play, three_hang, s.sink);
    sink_release(s.sink, 3);
    play_until_results(s.play, 1);
    CHECK_STR(play_result(s.play, 1)->reason, "600");
    end_stage(&s);
}

static bool
nothing_open(void *arg)
{
    return ((const struct sink *)arg)->open == 0;
}

static void
an_attempt_ends_at_its_deadline(void)
{
    struct play_job j = { .token = 1, .user = "/hang", .type = "send", .deadline_ms = 1000 };
    struct stage s;

    start_stage(&s);
    play_send(s.play, &j);
    j.token = 2;
    j.type = "parallel";
    j.deadline_ms = 300;
    play_send(s.play, &j);
    play_until_results(s.play, 2);
    CHECK_INT(s.play->results[0].token, 2);
    check_result(&s.play->results[0], OUTCOME_RETRY, 0, "took longer than 300 ms");
    check_result(&s.play->results[1], OUTCOME_RETRY, 0, "took longer than 1 s");
    CHECK(s.play->results[0].took_ms >= 300 && s.play->results[0].took_ms < 1000);
    CHECK(s.play->results[1].took_ms >= 1000);
    play_until(s.play, nothing_open, s.sink);
    CHECK_INT(s.sink->lost, 4);
    CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    end_stage(&s);
}

static bool
one_hangs(void *arg)
{
    return ((const struct sink *)arg)->hanging == 1;
}

static void
an_exclusive_key_lets_one_in_at_a_time(void)
{
    struct stage s;

    start_stage(&s);
    for (uint64_t i = 1; i <= 5; i++)
        play_send(s.play, &(struct play_job){ .token = i, .type = "count", .user = "/hang" });
    for (uint64_t i = 1; i <= 5; i++) {
        play_until(s.play, one_hangs, s.sink);
        CHECK_INT(s.sink->requests, i);
        sink_release(s.sink, 1);
        play_until_results(s.play, i);
        CHECK_INT(s.play->results[i - 1].token, i);
        CHECK_STR(s.play->results[i - 1].reason, arena_printf(&s.arena, "%d", (int)i));
    }
    /* Another destination has a memo of its own. */
    play_send(s.play, &(struct play_job){ .token = 9, .destination = 2, .type = "count",
                                          .user = "/status/200" });
    play_until_results(s.play, 6);
    CHECK_STR(play_result(s.play, 9)->reason, "1");
    end_stage(&s);
}

static void
who_waits_for_a_key_past_its_deadline_gives_up(void)
{
    struct stage s;

    start_stage(&s);
    play_send(s.play, &(struct play_job){ .token = 1, .type = "count", .user = "/hang" });
    play_until(s.play, one_hangs, s.sink);
    play_send(s.play, &(struct play_job){ .token = 2, .type = "count", .user = "/hang",
                                          .deadline_ms = 200 });
    play_send(s.play, &(struct play_job){ .token = 3, .type = "count", .user = "/status/200" });
    play_until_results(s.play, 1);
    check_result(play_result(s.play, 2), OUTCOME_RETRY, 0, "took longer than 200 ms");
    sink_release(s.sink, 1);
    play_until_results(s.play, 3);
    CHECK_STR(play_result(s.play, 1)->reason, "1");
    CHECK_STR(play_result(s.play, 3)->reason, "2");
    end_stage(&s);
}

static void
requests_keep_to_the_rate_of_their_group(void)
{
    struct stage s;
    int64_t began;

    set_stage(&s);
    for (int i = 0; i < 3; i += 2) {
        s.d[i].requests = 5;
        s.d[i].per_ms = 400;
        s.d[i].group = 0;
    }
    raise_curtain(&s);
    began = clock_mono_ms();
    for (uint64_t i = 1; i <= 12; i++)
        play_send(s.play, &(struct play_job){ .token = i, .destination = i % 2 ? 0 : 2,
                                              .type = "send", .user = "/status/200" });
    play_until_results(s.play, 12);
    for (int i = 0; i < 12; i++)
        CHECK_INT(s.play->results[i].outcome, OUTCOME_DELIVERED);
    /* Five at once, five after 400 ms, two after 800 ms. */
    CHECK(clock_mono_ms() - began >= 790);
    end_stage(&s);
}

static void
a_held_destination_sends_nothing(void)
{
    const struct msg_result *r;
    struct stage s;

    start_stage(&s);
    r = run(&s, "hold", "", "{}");
    CHECK_INT(r->outcome, OUTCOME_DELIVERED);
    CHECK_INT(r->hold_ms, 60000);
    r = run(&s, "send", "/status/200", "{}");
    CHECK_INT(r->outcome, OUTCOME_RETRY);
    CHECK(r->after_ms > 50000 && r->after_ms <= 60000);
    CHECK_INT(s.sink->requests, 0);
    play_send(s.play, &(struct play_job){ .token = 1, .destination = 2, .type = "send",
                                          .user = "/status/200" });
    play_until_results(s.play, 3);
    CHECK_INT(play_result(s.play, 1)->outcome, OUTCOME_DELIVERED);
    end_stage(&s);
}

static void
a_request_nobody_waits_for_is_taken_back(void)
{
    struct stage s;

    start_stage(&s);
    CHECK_INT(run(&s, "unwaited", "/hang", "{}")->outcome, OUTCOME_DELIVERED);
    CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    end_stage(&s);
}

static bool
thousand_hang(void *arg)
{
    return ((const struct sink *)arg)->hanging == 1000;
}

static void
a_thousand_may_hang_and_the_rest_go_on(void)
{
    struct stage s;

    start_stage(&s);
    for (uint64_t i = 1; i <= 1000; i++)
        play_send(s.play, &(struct play_job){ .token = i, .type = "send", .user = "/hang" });
    play_until(s.play, thousand_hang, s.sink);
    CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    sink_release(s.sink, 1000);
    play_until_results(s.play, 1001);
    for (size_t i = 0; i < s.play->result_count; i++)
        CHECK_INT(s.play->results[i].outcome, OUTCOME_DELIVERED);
    end_stage(&s);
}

struct watch {
    struct play *play;
    long most;
};

/* Threads of the runner's process, looked at once a turn. */
static bool
thousand_results(void *arg)
{
    struct watch *w = arg;
    char path[64], line[256];
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)w->play->pid);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof(line), f))
        if (str_starts(line, "Threads:") && strtol(line + 8, NULL, 10) > w->most)
            w->most = strtol(line + 8, NULL, 10);
    if (f)
        fclose(f);
    return w->play->result_count >= 1000;
}

/* libcurl gives each lookup a thread: a thousand requests must not be a thousand threads. How
   fast a lookup fails is the machine's business. */
static void
a_thousand_for_a_host_that_is_not_found_share_its_lookup(void)
{
    struct watch w = { 0 };
    struct stage s;

    set_stage(&s);
    s.d[0].values[0].text = "http://does-not-exist.invalid";
    raise_curtain(&s);
    w.play = s.play;
    for (uint64_t i = 1; i <= 1000; i++)
        play_send(s.play, &(struct play_job){ .token = i, .type = "send", .user = "/" });
    play_until(s.play, thousand_results, &w);
    for (size_t i = 0; i < s.play->result_count; i++) {
        const char *reason = s.play->results[i].reason;

        CHECK_INT(s.play->results[i].outcome, OUTCOME_RETRY);
        CHECK(str_eq(reason, "no answer: the host's name cannot be resolved") ||
              str_eq(reason, "no answer: no connection within 10s"));
    }
    CHECK(w.most >= 1 && w.most < 10);
    end_stage(&s);
}

/* libcurl knows *.localhost without a lookup, but the runner does not know that. */
static void
those_that_wait_for_a_lookup_go_when_it_is_done(void)
{
    struct stage s;

    set_stage(&s);
    s.d[0].values[0].text = arena_printf(&s.arena, "http://some.localhost:%u", s.sink->port);
    raise_curtain(&s);
    for (uint64_t i = 1; i <= 100; i++)
        play_send(s.play, &(struct play_job){ .token = i, .type = "send",
                                              .user = "/status/200" });
    play_until_results(s.play, 100);
    for (size_t i = 0; i < s.play->result_count; i++)
        CHECK_INT(s.play->results[i].outcome, OUTCOME_DELIVERED);
    CHECK(strstr(buf_text(&s.sink->last), "\r\nHost: some.localhost:") != NULL);
    end_stage(&s);
}

static void
the_event_reaches_the_plugin_whole(void)
{
    struct stage s;

    start_stage(&s);
    play_send(s.play, &(struct play_job){ .token = 7, .type = "say", .user = "a|b \"c\"",
                                          .body = "{\"x\": 1}", .attempt = 3 });
    play_until_results(s.play, 1);
    CHECK_STR(s.play->results[0].reason,
              "evt_00000000000000000000000007 acme 2025-11-10T12:00:00Z {\"x\": 1}");
    CHECK(strstr(buf_text(&s.play->err.text),
                 "level=info role=runner msg=\"attempt 3 of a|b \\\"c\\\"\" plugin=courier "
                 "vendor=acme destination=d0 event=evt_00000000000000000000000007 attempt=3")
          != NULL);
    end_stage(&s);
}

static void
check_asks_the_other_side(void)
{
    struct stage s;

    set_stage(&s);
    s.d[0].values[0].text = arena_printf(&s.arena, "http://127.0.0.1:%u/status/401",
                                         s.sink->port);
    raise_curtain(&s);
    put_check(channel_out(s.play->supervisor), 0);
    channel_flush(s.play->supervisor);
    play_until_checked(s.play);
    CHECK_INT(s.play->check.destination, 0);
    CHECK_INT(s.play->check.outcome, OUTCOME_FAILED);
    CHECK(strstr(s.play->check.reason, "401") != NULL);
    end_stage(&s);
}

static void
a_stop_waits_for_what_is_in_flight(void)
{
    struct stage s;

    start_stage(&s);
    play_send(s.play, &(struct play_job){ .token = 1, .type = "send", .user = "/hang" });
    play_until(s.play, one_hangs, s.sink);
    put_simple(channel_out(s.play->supervisor), MSG_STOP);
    channel_flush(s.play->supervisor);
    CHECK_INT(run(&s, "send", "/status/200", "{}")->outcome, OUTCOME_DELIVERED);
    CHECK(!s.play->dead);
    sink_release(s.sink, 1);
    play_until_dead(s.play);
    CHECK_STR(play_status_text(s.play, &s.arena), "exit 0");
    CHECK_INT(play_result(s.play, 1)->outcome, OUTCOME_DELIVERED);
    end_stage(&s);
}

static void
an_idle_runner_stops_at_once(void)
{
    struct stage s;

    start_stage(&s);
    put_simple(channel_out(s.play->supervisor), MSG_STOP);
    channel_flush(s.play->supervisor);
    play_until_dead(s.play);
    CHECK_STR(play_status_text(s.play, &s.arena), "exit 0");
    end_stage(&s);
}

static void
a_runner_does_not_outlive_core_or_supervisor(void)
{
    for (int i = 0; i < 2; i++) {
        struct stage s;

        start_stage(&s);
        play_send(s.play, &(struct play_job){ .token = 1, .type = "send", .user = "/hang" });
        play_until(s.play, one_hangs, s.sink);
        if (i == 0) {
            channel_free(s.play->core);
            s.play->core = NULL;
        } else {
            channel_free(s.play->supervisor);
            s.play->supervisor = NULL;
        }
        play_until_dead(s.play);
        CHECK_STR(play_status_text(s.play, &s.arena), "exit 0");
        end_stage(&s);
    }
}

static void
check_refusal(const char *so, const char *name, size_t values, uint64_t mark, const char *want)
{
    struct arena a = { 0 };
    struct loop *l = loop_new();
    struct destination d = play_destination(&a, 0, values);
    struct play *p = play_start_marked(l, so, name, &d, 1, mark);

    play_until_dead(p);
    CHECK_STR(p->fatal ? p->fatal : "none", want);
    CHECK_STR(play_status_text(p, &a), "exit 1");
    play_free(p);
    loop_free(l);
    arena_free(&a);
}

static void
a_file_that_cannot_serve_is_refused(void)
{
    struct arena a = { 0 };
    const char *courier = play_so(&a, "good", "courier");
    const char *other_settings = "the file takes other settings than those that were checked: "
                                 "restart hermod to check them again";

    check_refusal("/nonexistent/x.so", NULL, 0, 0,
                  "x.so: cannot be read: No such file or directory");
    check_refusal(courier, "other", 1, 0, "the file is another plugin now: restart hermod");
    check_refusal(courier, NULL, 2, 0, other_settings);
    check_refusal(courier, NULL, 1, 12345, other_settings);
    arena_free(&a);
}

UNIT_MAIN("abi/network", UNIT_TEST(a_request_goes_out_as_it_was_built),
          UNIT_TEST(every_method_goes_out), UNIT_TEST(each_status_has_its_outcome),
          UNIT_TEST(a_redirect_is_not_followed), UNIT_TEST(connections_are_used_again),
          UNIT_TEST(a_connection_that_is_gone_is_made_anew),
          UNIT_TEST(an_address_that_is_not_public_is_refused_unless_permitted),
          UNIT_TEST(no_spelling_of_such_an_address_gets_through),
          UNIT_TEST(what_comes_instead_of_an_answer_is_said),
          UNIT_TEST(a_closed_port_and_a_wrong_protocol_are_said),
          UNIT_TEST(an_answer_may_be_long_but_not_endless),
          UNIT_TEST(requests_started_together_are_under_way_together),
          UNIT_TEST(an_attempt_ends_at_its_deadline),
          UNIT_TEST(an_exclusive_key_lets_one_in_at_a_time),
          UNIT_TEST(who_waits_for_a_key_past_its_deadline_gives_up),
          UNIT_TEST(requests_keep_to_the_rate_of_their_group),
          UNIT_TEST(a_held_destination_sends_nothing),
          UNIT_TEST(a_request_nobody_waits_for_is_taken_back),
          UNIT_TEST(a_thousand_may_hang_and_the_rest_go_on),
          UNIT_TEST(a_thousand_for_a_host_that_is_not_found_share_its_lookup),
          UNIT_TEST(those_that_wait_for_a_lookup_go_when_it_is_done),
          UNIT_TEST(the_event_reaches_the_plugin_whole), UNIT_TEST(check_asks_the_other_side),
          UNIT_TEST(a_stop_waits_for_what_is_in_flight),
          UNIT_TEST(an_idle_runner_stops_at_once),
          UNIT_TEST(a_runner_does_not_outlive_core_or_supervisor),
          UNIT_TEST(a_file_that_cannot_serve_is_refused))
