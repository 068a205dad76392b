#include "model/outcome.h"

#include <stddef.h>
#include <string.h>

struct word {
    int number;
    const char *text;
};

#define X(name, number, text) { number, text },
static const struct word outcomes[] = { OUTCOMES(X) };
static const struct word states[] = { STATES(X) };
static const struct word parked[] = { PARKED(X) };
#undef X

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *
name_of(const struct word *table, size_t count, int number)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].number == number)
            return table[i].text;
    return "unknown";
}

static int
number_of(const struct word *table, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].text[0] != '\0' && strcmp(table[i].text, text) == 0)
            return table[i].number;
    return -1;
}

const char *
outcome_name(int outcome)
{
    return name_of(outcomes, COUNT(outcomes), outcome);
}

const char *
state_name(int state)
{
    return name_of(states, COUNT(states), state);
}

const char *
parked_name(int why)
{
    return name_of(parked, COUNT(parked), why);
}

int
outcome_of_name(const char *name)
{
    return number_of(outcomes, COUNT(outcomes), name);
}

int
state_of_name(const char *name)
{
    return number_of(states, COUNT(states), name);
}

int
parked_of_name(const char *name)
{
    return number_of(parked, COUNT(parked), name);
}

enum outcome
outcome_of_status(int status)
{
    if (status == 0 || status == 429 || (status >= 500 && status <= 599))
        return OUTCOME_RETRY;
    if (status >= 200 && status <= 299)
        return OUTCOME_DELIVERED;
    return OUTCOME_FAILED;
}

enum parked
parked_of_status(int status)
{
    switch (status) {
    case 401:
    case 403:
        return PARKED_CREDENTIALS;
    case 410:
        return PARKED_GONE;
    default:
        return PARKED_FAILED;
    }
}
