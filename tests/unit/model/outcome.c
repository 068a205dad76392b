#include "unit.h"

#include "model/outcome.h"

static void
every_number_has_its_name_and_back(void)
{
#define X(name, number, text)                               \
    CHECK_STR(outcome_name(OUTCOME_##name), text);          \
    CHECK_INT(OUTCOME_##name, number);                      \
    CHECK_INT(outcome_of_name(text), number);
    OUTCOMES(X)
#undef X
#define X(name, number, text)                               \
    CHECK_STR(state_name(STATE_##name), text);              \
    CHECK_INT(state_of_name(text), number);
    STATES(X)
#undef X
#define X(name, number, text)                               \
    CHECK_STR(parked_name(PARKED_##name), text);            \
    CHECK_INT(parked_of_name(text), text[0] ? number : -1);
    PARKED(X)
#undef X
}

static void
numbers_in_old_journals_keep_their_meaning(void)
{
    CHECK_INT(STATE_WAITING, 0);
    CHECK_INT(STATE_DELIVERED, 1);
    CHECK_INT(STATE_SKIPPED, 2);
    CHECK_INT(STATE_PARKED, 3);
    CHECK_INT(STATE_DROPPED, 4);
    CHECK_INT(PARKED_FAILED, 1);
    CHECK_INT(PARKED_CREDENTIALS, 2);
    CHECK_INT(PARKED_RETRIES, 3);
    CHECK_INT(PARKED_POISON, 4);
    CHECK_INT(PARKED_GONE, 5);
}

static void
unknown_numbers_and_names_are_told_apart_from_known_ones(void)
{
    CHECK_STR(outcome_name(0), "unknown");
    CHECK_STR(outcome_name(-1), "unknown");
    CHECK_STR(state_name(99), "unknown");
    CHECK_STR(parked_name(99), "unknown");
    CHECK_INT(outcome_of_name("Delivered"), -1);
    CHECK_INT(outcome_of_name(""), -1);
    CHECK_INT(state_of_name("delivered "), -1);
    CHECK_INT(parked_of_name(""), -1);
}

/* The whole table, from 0 to 999: each status has one outcome and it is the documented one. */
static void
the_status_table_is_the_documented_one(void)
{
    for (int status = 0; status <= 999; status++) {
        enum outcome want = OUTCOME_FAILED;

        if (status / 100 == 2)
            want = OUTCOME_DELIVERED;
        if (status == 0 || status == 429 || status / 100 == 5)
            want = OUTCOME_RETRY;
        CHECK_INT(outcome_of_status(status), want);
    }
    CHECK_INT(outcome_of_status(-1), OUTCOME_FAILED);
    CHECK_INT(outcome_of_status(302), OUTCOME_FAILED);
    CHECK_INT(outcome_of_status(408), OUTCOME_FAILED);
}

static void
refused_credentials_and_gone_receivers_are_parked_under_their_own_reason(void)
{
    CHECK_INT(parked_of_status(401), PARKED_CREDENTIALS);
    CHECK_INT(parked_of_status(403), PARKED_CREDENTIALS);
    CHECK_INT(parked_of_status(410), PARKED_GONE);
    CHECK_INT(parked_of_status(400), PARKED_FAILED);
    CHECK_INT(parked_of_status(404), PARKED_FAILED);
    CHECK_INT(parked_of_status(302), PARKED_FAILED);
    CHECK_INT(parked_of_status(0), PARKED_FAILED);
}

UNIT_MAIN("model/outcome", UNIT_TEST(every_number_has_its_name_and_back),
          UNIT_TEST(numbers_in_old_journals_keep_their_meaning),
          UNIT_TEST(unknown_numbers_and_names_are_told_apart_from_known_ones),
          UNIT_TEST(the_status_table_is_the_documented_one),
          UNIT_TEST(refused_credentials_and_gone_receivers_are_parked_under_their_own_reason))
