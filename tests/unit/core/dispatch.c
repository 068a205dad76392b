/* Dispatch between a real journal (in memory) and a runner played by the test: whatever the
   runner answers, and however often it dies, no lane and no limit is ever broken and every
   delivery ends in exactly one way. */
#include <stdlib.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/state.h"
#include "model/caps.h"
#include "unit.h"

#define DESTS 4
#define USERS_MAX 64

/* ---- a world: core's insides, and the far end of a runner's socket ---- */

struct job {
    uint64_t token;
    uint32_t dest, attempt;
    char user[32], id[EVENT_ID_LEN + 1];
};
struct world {
    struct core core;
    struct destination configs[DESTS];
    struct channel *runner;                /* the test's end; NULL: dead */
    struct job jobs[CAP_INFLIGHT];
    size_t job_count, jobs_seen, most_at_once;
    unsigned in_lane[DESTS][USERS_MAX], in_dest[DESTS];
    int broken;                            /* lanes or limits seen broken */
    int stop_at;                           /* jobs at hand: then the loop stops; 0: never */
    uint64_t seed;
};

static uint32_t
rnd(struct world *w, uint32_t below)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->seed >> 33) % below;
}

/* "u12" gives 12. */
static long
number_of(const char *user)
{
    return strtol(user + 1, NULL, 10);
}

static void
on_job(void *arg, int type, const void *payload, size_t len, int fd)
{
    struct world *w = arg;
    struct arena a = { 0 };
    struct msg_job m;
    struct job *j = &w->jobs[w->job_count++];

    (void)fd;
    CU_ASSERT_FATAL(type == MSG_JOB && get_job(&a, payload, len, &m) == 0);
    *j = (struct job){ .token = m.token, .dest = m.destination, .attempt = m.attempt };
    snprintf(j->user, sizeof(j->user), "%s", m.event.user);
    snprintf(j->id, sizeof(j->id), "%s", m.id);
    w->broken += ++w->in_lane[j->dest][number_of(j->user) % USERS_MAX] > 1;
    w->in_dest[j->dest]++;
    w->jobs_seen++;
    if (w->job_count > w->most_at_once)
        w->most_at_once = w->job_count;
    if (w->stop_at && w->job_count >= (size_t)w->stop_at)
        loop_stop(w->core.loop);
    arena_free(&a);
}

static void
on_runner_gone(void *arg, const char *why)
{
    (void)arg;
    (void)why;
}

static void
forget_job(struct world *w, size_t i)
{
    struct job *j = &w->jobs[i];

    w->in_lane[j->dest][number_of(j->user) % USERS_MAX]--;
    w->in_dest[j->dest]--;
    w->jobs[i] = w->jobs[--w->job_count];
}

static void
answer(struct world *w, size_t i, int outcome, int64_t hold_ms)
{
    struct msg_result m = { .token = w->jobs[i].token, .outcome = outcome, .status = 200,
                            .hold_ms = hold_ms, .reason = "as the test says" };

    forget_job(w, i);
    put_result(channel_out(w->runner), &m);
}

static void
runner_begin(struct world *w)
{
    int pair[2];

    CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    w->runner = channel_new(w->core.loop, pair[0], on_job, on_runner_gone, w);
    runner_up(&w->core, "p", pair[1]);
}

static void
runner_end(struct world *w, const struct msg_runner_down *m)
{

    channel_flush(w->runner);
    channel_free(w->runner);
    w->runner = NULL;
    runner_down(&w->core, m);
    while (w->job_count)
        forget_job(w, w->job_count - 1);
}

static void
runner_die(struct world *w, uint64_t culprit)
{
    runner_end(w, &(struct msg_runner_down){ .plugin = "p", .how = "signal 11",
                                             .culprit = culprit });
}

static void
runner_killed(struct world *w)
{
    runner_end(w, &(struct msg_runner_down){ .plugin = "p", .how = "signal 9",
                                             .outside = true });
}

static void
on_turn(void *arg)
{
    struct core *c = arg;

    c->now_ms = 1 + core_now_ms(c);        /* what is due this very moment is due */
    turn_commit(c);
    dispatch_run(c);
}

static void
nothing(void *arg)
{
    (void)arg;
}

static struct world *
world_new(int64_t concurrent, uint32_t group_of_last)
{
    static const char *events[] = { "t" };
    struct world *w = xcalloc(1, sizeof(*w));
    struct core *c = &w->core;
    const char *why;
    char *error = NULL;

    log_setup("test", LOG_ERROR_ + 1);     /* a death is no news here */
    for (uint32_t i = 0; i < DESTS; i++) {
        static const char *const names[DESTS] = { "a", "b", "c", "d" };

        w->configs[i] = (struct destination){
            .index = i, .vendor = "v", .plugin = "p", .name = names[i], .enabled = true,
            .events = events, .event_count = 1, .retry = { 3, { 1, 1, 1 } },
            .concurrent = concurrent, .group = i == DESTS - 1 ? group_of_last : i,
            .deadline_ms = 60000 };
    }
    c->loop = loop_new();
    c->timer = loop_timer_new(c->loop, nothing, c);
    c->journal = journal_open("sqlite::memory:", &error);
    CU_ASSERT_FATAL(c->journal != NULL);
    c->configs = w->configs;
    c->config_count = DESTS;
    c->config.max_waiting = INT64_MAX;
    CU_ASSERT_FATAL(dests_build(c, &why) == 0);
    loop_after_poll(c->loop, on_turn, c);
    w->seed = 1;
    return w;
}

static void
world_free(struct world *w)
{
    struct core *c = &w->core;

    channel_free(w->runner);
    runners_free(c);
    deliveries_free(c);
    turn_free(c);
    dests_free(c);
    journal_close(c->journal);
    loop_timer_free(c->timer);
    arena_free(&c->arena);
    loop_free(c->loop);
    free(w);
}

/* ---- events in ---- */

struct batch {
    struct journal_event je[1000];
    struct event ev[1000];
    char users[1000][16], bodies[1000][24];
    int error;
};

static void
on_accepted(void *arg, int error)
{
    struct batch *b = arg;

    b->error = error;
}

/* Accepts n events of so many users, and waits until they are kept. */
static void
accept_events(struct world *w, unsigned first, unsigned n, unsigned users)
{
    struct batch *b = xcalloc(1, sizeof(*b));

    b->error = 1;
    for (unsigned i = 0; i < n; i++) {
        snprintf(b->users[i], sizeof(b->users[i]), "u%u", (first + i) % users);
        snprintf(b->bodies[i], sizeof(b->bodies[i]), "{\"n\":%u}", first + i);
        b->ev[i] = (struct event){ .type = "t", .vendor = "v", .user = b->users[i],
                                   .contract = b->bodies[i], .entitlement = "", .checkout = "",
                                   .occurred = "x", .body = b->bodies[i],
                                   .body_len = strlen(b->bodies[i]) };
        b->je[i].event = &b->ev[i];
        event_key(&b->ev[i], NULL, NULL, 0, b->je[i].key);
        b->je[i].fingerprint = event_fingerprint(&b->ev[i]);
    }
    core_accept(&w->core, b->je, n, on_accepted, b);
    for (int turns = 0; b->error == 1 && turns < 1000; turns++)
        loop_once(w->core.loop);
    CHECK_INT(b->error, 0);
    free(b);
}

static void
count_states(void *arg, const struct journal_delivery *d)
{
    ((unsigned *)arg)[d->state]++;
}

static void
states(struct world *w, unsigned ret[8])
{
    struct journal_filter f = { .state = -1, .why = -1, .limit = 1000000 };

    memset(ret, 0, 8 * sizeof(*ret));
    CU_ASSERT(journal_deliveries(w->core.journal, &f, count_states, ret) >= 0);
}

/* ---- the tests ---- */

static void
a_lane_has_one_delivery_in_flight_and_lanes_run_side_by_side(void)
{
    struct world *w = world_new(10, 3);

    runner_begin(w);
    w->stop_at = 2 * DESTS;
    accept_events(w, 0, 6, 2);             /* three events each of two users */
    loop_run(w->core.loop);
    for (int i = 0; i < 20; i++)
        loop_once(w->core.loop);
    CHECK_INT(w->job_count, 2 * DESTS);
    CHECK_INT(w->broken, 0);
    world_free(w);
}

static void
destinations_of_one_credential_share_the_limit(void)
{
    struct world *w = world_new(3, 0);     /* the last one shares with the first */

    runner_begin(w);
    w->stop_at = 9;
    accept_events(w, 0, 40, 40);
    loop_run(w->core.loop);
    for (int i = 0; i < 20; i++)
        loop_once(w->core.loop);
    CHECK_INT(w->job_count, 9);
    CHECK_INT(w->in_dest[0] + w->in_dest[3], 3);
    CHECK_INT(w->in_dest[1], 3);
    world_free(w);
}

static void
no_more_start_than_the_rate_lets_through(void)
{
    struct world *w = world_new(10, 3);

    for (int i = 0; i < DESTS; i++) {
        w->core.groups[i].rate = xmalloc(sizeof(struct limit));
        limit_init(w->core.groups[i].rate, 3, 3600000, 0);
    }
    runner_begin(w);
    w->stop_at = 3 * DESTS;
    accept_events(w, 0, 40, 40);
    loop_run(w->core.loop);
    for (int round = 0; round < 50; round++) {
        loop_once(w->core.loop);
        for (size_t i = w->job_count; i-- > 0;)
            answer(w, i, OUTCOME_DELIVERED, 0);
        channel_flush(w->runner);
    }
    CHECK_INT(w->jobs_seen, 3 * DESTS);
    CHECK(w->core.groups[0].rate_until_ms > w->core.now_ms);
    world_free(w);
}

static void
a_hold_stops_the_whole_destination_and_no_other(void)
{
    struct world *w = world_new(1, 3);
    size_t held;

    runner_begin(w);
    w->stop_at = DESTS;
    accept_events(w, 0, 20, 20);
    loop_run(w->core.loop);
    held = w->jobs[0].dest;
    answer(w, 0, OUTCOME_RETRY, 3600000);
    channel_flush(w->runner);
    w->stop_at = 0;
    for (int round = 0; round < 200; round++) {
        loop_once(w->core.loop);
        for (size_t i = w->job_count; i-- > 0;)
            answer(w, i, OUTCOME_DELIVERED, 0);
        channel_flush(w->runner);
    }
    CHECK_INT(w->core.stats.delivered, 20 * (DESTS - 1));
    CHECK(dest_held(&w->core.dests[held]));
    world_free(w);
}

static void
more_than_fits_in_memory_comes_back_from_the_journal_in_order(void)
{
    struct world *w = world_new(1, 3);
    unsigned n = 5 * CAP_WINDOW, got[8];
    char last[DESTS][32] = { "" };

    for (unsigned at = 0; at < n; at += 256)
        accept_events(w, at, 256, n);      /* no runner yet: all of it waits on disk */
    CHECK_INT(w->core.memory_count, 0);
    runner_begin(w);
    while (w->core.stats.delivered < (int64_t)n * DESTS) {
        int64_t before = w->core.stats.delivered;

        for (int turns = 0; turns < 100 && w->core.stats.delivered == before; turns++) {
            loop_once(w->core.loop);
            for (size_t i = w->job_count; i-- > 0;) {
                struct job *j = &w->jobs[i];

                w->broken += *last[j->dest] && number_of(j->user) != number_of(last[j->dest]) + 1;
                snprintf(last[j->dest], sizeof(last[0]), "%s", j->user);
                answer(w, i, OUTCOME_DELIVERED, 0);
            }
            if (w->runner)
                channel_flush(w->runner);
        }
        if (w->core.stats.delivered == before)
            break;
    }
    CHECK_INT(w->core.stats.delivered, n * DESTS);
    CHECK_INT(w->broken, 0);
    CHECK_INT(w->jobs_seen, n * DESTS);
    CHECK(w->core.memory_count == 0);
    states(w, got);
    CHECK_INT(got[STATE_DELIVERED], n * DESTS);
    world_free(w);
}

static void
a_long_queue_of_one_lane_does_not_fill_the_memory(void)
{
    struct world *w = world_new(10, 3);

    runner_begin(w);
    w->stop_at = DESTS;
    for (unsigned at = 0; at < 8000; at += 1000)
        accept_events(w, at, 1000, 1);
    for (int i = 0; i < 50; i++)
        loop_once(w->core.loop);
    CHECK_INT(w->job_count, DESTS);
    CHECK(w->core.memory_count <= (size_t)DESTS * 6 * CAP_WINDOW);
    world_free(w);
}

static void
who_kills_its_runner_twice_is_parked_and_the_others_go_on(void)
{
    struct world *w = world_new(5, 3);
    unsigned got[8];
    char killer[EVENT_ID_LEN + 1];

    runner_begin(w);
    w->stop_at = 5 * DESTS;
    accept_events(w, 0, 10, 10);
    loop_run(w->core.loop);
    w->stop_at = 0;
    snprintf(killer, sizeof(killer), "%s", w->jobs[0].id);
    for (int round = 0; round < 2000 && w->core.stats.waiting > 0; round++) {
        if (w->runner == NULL)
            runner_begin(w);
        loop_once(w->core.loop);
        for (size_t i = w->job_count; i-- > 0;) {
            /* The killer is never named: only running alone can tell. */
            if (w->jobs[i].dest == 0 && strcmp(w->jobs[i].id, killer) == 0) {
                runner_die(w, 0);
                break;
            }
            answer(w, i, OUTCOME_DELIVERED, 0);
        }
        if (w->runner)
            channel_flush(w->runner);
    }
    states(w, got);
    CHECK_INT(got[STATE_PARKED], 1);
    CHECK_INT(got[STATE_DELIVERED], 10 * DESTS - 1);
    CHECK_INT(w->broken, 0);
    world_free(w);
}

static void
a_named_culprit_does_not_make_suspects_of_the_others(void)
{
    struct world *w = world_new(5, 3);

    runner_begin(w);
    w->stop_at = 5 * DESTS;
    accept_events(w, 0, 10, 10);
    loop_run(w->core.loop);
    runner_die(w, w->jobs[2].token);
    w->stop_at = 5 * DESTS - 1;
    runner_begin(w);
    for (int i = 0; i < 50 && w->job_count < 10; i++)
        loop_once(w->core.loop);
    CHECK(w->job_count >= 10);             /* side by side again, at once */
    CHECK_INT(w->core.stats.attempts, 1);  /* only the culprit's was written down */
    world_free(w);
}

/* Destinations 1 and 3 share a credential: what one does not use is the other's. */
static void
a_hold_leaves_no_free_place_unused(void)
{
    struct world *w = world_new(1, 1);

    runner_begin(w);
    w->stop_at = 3;
    accept_events(w, 0, 5, 5);
    loop_run(w->core.loop);
    for (size_t i = 0; i < w->job_count; i++)
        if (w->jobs[i].dest == 1) {
            answer(w, i, OUTCOME_RETRY, 3600000);
            break;
        }
    channel_flush(w->runner);
    for (int i = 0; i < 20 && w->in_dest[3] == 0; i++)
        loop_once(w->core.loop);
    CHECK_INT(w->in_dest[3], 1);
    CHECK_INT(w->broken, 0);
    world_free(w);
}

/* They may hang, for a minute each: one after the other they would hold up everybody. */
static void
a_runner_killed_from_outside_makes_nobody_wait_for_another(void)
{
    struct world *w = world_new(5, 3);

    runner_begin(w);
    w->stop_at = 5 * DESTS;
    accept_events(w, 0, 5, 5);
    loop_run(w->core.loop);
    runner_killed(w);
    runner_begin(w);
    for (int i = 0; i < 50 && w->job_count < 10; i++)
        loop_once(w->core.loop);
    CHECK(w->job_count >= 10);
    CHECK_INT(w->broken, 0);
    world_free(w);
}

/* Five of ten are always in flight together when somebody kills the runner: none of them is
   known to be the cause until it has been alone. */
static void
nobody_is_parked_for_deaths_it_was_not_alone_in(void)
{
    struct world *w = world_new(5, 3);
    unsigned got[8];

    runner_begin(w);
    w->stop_at = 5 * DESTS;
    accept_events(w, 0, 5, 5);
    loop_run(w->core.loop);
    w->stop_at = 0;
    for (int round = 0; round < 4; round++) {
        runner_killed(w);
        runner_begin(w);
        for (int i = 0; i < 20; i++)
            loop_once(w->core.loop);
    }
    runner_die(w, 0);
    runner_begin(w);
    for (int round = 0; round < 500 && w->core.stats.waiting > 0; round++) {
        loop_once(w->core.loop);
        for (size_t i = w->job_count; i-- > 0;)
            answer(w, i, OUTCOME_DELIVERED, 0);
        channel_flush(w->runner);
    }
    states(w, got);
    CHECK(got[STATE_PARKED] <= 1);
    CHECK(got[STATE_DELIVERED] >= 5 * DESTS - 1);
    CHECK_INT(w->broken, 0);
    world_free(w);
}

/* Whatever happens, in any order. */
static void
chaos(uint64_t seed)
{
    struct world *w = world_new(4, 1);
    unsigned got[8], n = 300;

    w->seed = seed;
    accept_events(w, 0, n, 17);
    for (int round = 0; round < 200000; round++) {
        if (w->runner == NULL)
            runner_begin(w);
        loop_once(w->core.loop);
        for (size_t i = w->job_count; i-- > 0;) {
            uint32_t dice = rnd(w, 100);

            if (dice < 60)
                answer(w, i, dice < 40 ? OUTCOME_DELIVERED : dice < 45 ? OUTCOME_SKIPPED
                              : dice < 55 ? OUTCOME_RETRY : OUTCOME_FAILED, 0);
        }
        channel_flush(w->runner);
        for (uint32_t d = 0; d < DESTS; d++)
            w->broken += w->in_dest[d] > 4;
        w->broken += w->in_dest[1] + w->in_dest[3] > 4;
        if (w->job_count && rnd(w, 200) == 0)
            runner_die(w, rnd(w, 2) ? w->jobs[rnd(w, (uint32_t)w->job_count)].token : 0);
        if (w->core.stats.waiting == 0 && turn_idle(&w->core))
            break;
    }
    states(w, got);
    CHECK_INT(got[STATE_WAITING], 0);
    CHECK_INT(got[STATE_DELIVERED] + got[STATE_SKIPPED] + got[STATE_PARKED], n * DESTS);
    CHECK_INT(w->broken, 0);
    CHECK_INT(w->core.memory_count, 0);
    CHECK_INT(w->core.lanes.count, 0);
    CHECK_INT(w->core.stats.in_flight, 0);
    world_free(w);
}

static void
whatever_happens_every_delivery_ends_once(void)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        chaos(seed);
}

UNIT_MAIN("core/dispatch",
          UNIT_TEST(a_runner_killed_from_outside_makes_nobody_wait_for_another),
          UNIT_TEST(nobody_is_parked_for_deaths_it_was_not_alone_in),
          UNIT_TEST(a_hold_leaves_no_free_place_unused),
          UNIT_TEST(a_lane_has_one_delivery_in_flight_and_lanes_run_side_by_side),
          UNIT_TEST(destinations_of_one_credential_share_the_limit),
          UNIT_TEST(no_more_start_than_the_rate_lets_through),
          UNIT_TEST(a_hold_stops_the_whole_destination_and_no_other),
          UNIT_TEST(more_than_fits_in_memory_comes_back_from_the_journal_in_order),
          UNIT_TEST(a_long_queue_of_one_lane_does_not_fill_the_memory),
          UNIT_TEST(who_kills_its_runner_twice_is_parked_and_the_others_go_on),
          UNIT_TEST(a_named_culprit_does_not_make_suspects_of_the_others),
          UNIT_TEST(whatever_happens_every_delivery_ends_once))
