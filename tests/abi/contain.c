/* contain.c - plugins that do what they must not: each is named, its delivery is not lost,
   and nothing but its own process is harmed. All run at once, since some take 10 s. */
#include <stdlib.h>

#include "base/text.h"
#include "expect.h"
#include "model/outcome.h"
#include "play.h"
#include "runner/sanitize.h"
#include "unit.h"

#define MAX 64

struct act {
    struct expectation e;
    struct play *play;
    uint64_t token;
};

static bool
has_ended(void *arg)
{
    const struct act *act = arg;

    return play_result(act->play, act->token) != NULL;
}

/* "dies of signal 11: crashed: segmentation fault" */
static void
check_death(struct arena *a, const struct act *act, const char *want, uint64_t culprit)
{
    const char *text = strstr(want, ": ");
    const char *status = text ? arena_memdup0(a, want, (size_t)(text - want)) : want;
    const char *err = buf_text(&act->play->err.text);
    const char *line = text ? arena_printf(a, "msg=\"plugin %s\" plugin=%s", text + 2,
                                           act->e.name)
                            : "";
    bool same = str_eq(play_status_text(act->play, a), status);

#ifdef BUILT_WITH_ASAN                     /* it reports a crash and exits */
    same |= str_starts(status, "signal ") && act->play->dead;
#endif
    if (!same || !strstr(err, line) || act->play->culprit != culprit)
        fprintf(stderr, "%s: wanted %s: got %s, culprit %llu, stderr:\n%s", act->e.name, want,
                play_status_text(act->play, a), (unsigned long long)act->play->culprit, err);
    CHECK(same);
    CHECK(strstr(err, line) != NULL);
    CHECK_INT(act->play->culprit, culprit);
    if (culprit)
        CHECK(strstr(err, arena_printf(a, " event=evt_%026llu\n",
                                       (unsigned long long)act->token)) != NULL);
}

static void
check_result(struct act *act, int outcome, const char *reason)
{
    const struct msg_result *r = play_result(act->play, act->token);

    if (!r || r->outcome != outcome || !str_eq(r->reason, reason))
        fprintf(stderr, "%s: ", act->e.name);
    CHECK_INT(r ? r->outcome : 0, outcome);
    CHECK_STR(r ? r->reason : "no result", reason);
    CHECK(!act->play->dead);
}

static void
check_act(struct arena *a, struct act *act)
{
    const char *want = act->e.text;

    if (str_starts(want, "dies of ")) {
        bool speaks = strstr(want, ": ") != NULL;

        play_until_dead(act->play);
        check_death(a, act, want + strlen("dies of "), speaks ? act->token : 0);
    } else if (str_starts(want, "later dies of ")) {
        play_until_dead(act->play);
        check_death(a, act, want + strlen("later dies of "), 0);
    } else if (str_starts(want, "failed: ")) {
        play_until(act->play, has_ended, act);
        check_result(act, OUTCOME_FAILED, want + strlen("failed: "));
    } else if (str_starts(want, "delivered, saying: ")) {
        play_until(act->play, has_ended, act);
        check_result(act, OUTCOME_DELIVERED, "");
        CHECK(strstr(buf_text(&act->play->err.text), want + strlen("delivered, saying: ")) !=
              NULL);
    } else if (str_starts(want, "delivered, writing: ")) {
        play_until(act->play, has_ended, act);
        check_result(act, OUTCOME_DELIVERED, "");
        CHECK(strstr(buf_text(&act->play->out.text), want + strlen("delivered, writing: ")) !=
              NULL);
    } else {
        fprintf(stderr, "%s: cannot understand \"%s\"\n", act->e.name, want);
        CU_FAIL("an expectation that cannot be understood");
    }
}

static size_t
begin(struct arena *a, struct loop *l, const char *kind, struct act *acts)
{
    struct expectation all[MAX];
    size_t n = expect_all(a, kind, all, MAX);

    for (size_t i = 0; i < n; i++) {
        struct destination d = play_destination(a, 0, 0);

        acts[i].e = all[i];
        acts[i].token = 100 + i;
        acts[i].play = play_start(l, play_so(a, "bad", all[i].name), NULL, &d, 1);
    }
    return n;
}

/* Those whose file misbehaves on load. */
static void
check_loading(struct arena *a, struct act *acts, size_t n)
{
    CHECK(n >= 3);
    for (size_t i = 0; i < n; i++) {
        play_until_dead(acts[i].play);
        check_death(a, &acts[i], acts[i].e.text + strlen("dies of "), 0);
        CHECK(strstr(buf_text(&acts[i].play->err.text), "where=\"while it was loaded\"") !=
              NULL);
        play_free(acts[i].play);
    }
}

static void
every_misbehaviour_is_contained(void)
{
    struct arena a = { 0 };
    struct loop *l = loop_new();
    struct act acts[MAX], loading[MAX];
    size_t n = begin(&a, l, "contained", acts);
    size_t loading_count = begin(&a, l, "loading", loading);

    CHECK(n >= 20);
    for (size_t i = 0; i < n; i++) {
        play_until_ready(acts[i].play);
        if (!acts[i].play->ready)
            fprintf(stderr, "%s: %s\n", acts[i].e.name,
                    acts[i].play->fatal ? acts[i].play->fatal : "died");
        CHECK(acts[i].play->ready);
        play_send(acts[i].play, &(struct play_job){ .token = acts[i].token });
    }
    for (size_t i = 0; i < n; i++)
        check_act(&a, &acts[i]);
    /* Those that live serve on. */
    for (size_t i = 0; i < n; i++) {
        if (!acts[i].play->dead && !str_starts(acts[i].e.text, "later")) {
            acts[i].token += 1000;
            play_send(acts[i].play, &(struct play_job){ .token = acts[i].token });
            check_act(&a, &acts[i]);
        }
        play_free(acts[i].play);
    }
    check_loading(&a, loading, loading_count);
    loop_free(l);
    arena_free(&a);
}

/* The others in flight are not accused: only the one that had the thread. */
static void
of_several_in_flight_the_one_that_crashed_is_named(void)
{
    struct arena a = { 0 };
    struct loop *l = loop_new();
    struct destination d = play_destination(&a, 0, 0);
    struct play *p = play_start(l, play_so(&a, "bad", "crashes-on-demand"), NULL, &d, 1);

    play_until_ready(p);
    play_send(p, &(struct play_job){ .token = 1, .type = "hold-the-key" });
    for (uint64_t i = 2; i <= 5; i++)
        play_send(p, &(struct play_job){ .token = i, .type = "wait" });
    play_send(p, &(struct play_job){ .token = 6, .type = "crash" });
    play_send(p, &(struct play_job){ .token = 7, .type = "wait" });
    play_until_dead(p);
    CHECK_INT(p->culprit, 6);
    /* One or the other may have been through before the crash was read. */
    CHECK(play_result(p, 6) == NULL);
    play_free(p);
    loop_free(l);
    arena_free(&a);
}

UNIT_MAIN("abi/contain", UNIT_TEST(every_misbehaviour_is_contained),
          UNIT_TEST(of_several_in_flight_the_one_that_crashed_is_named))
