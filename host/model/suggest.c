#include "model/suggest.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

#define WORD_MAX 64                /* longer words are not guessed at */

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours that make a into b. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][WORD_MAX + 1];  /* two before, one before, this one */

    for (size_t j = 0; j <= b_len; j++)
        rows[1][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        rows[2][0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            size_t best = rows[1][j - 1] + !same;

            best = least(best, rows[1][j] + 1);
            best = least(best, rows[2][j - 1] + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                best = least(best, rows[0][j - 2] + 1);
            rows[2][j] = best;
        }
        memcpy(rows[0], rows[1], sizeof(rows[0]));
        memcpy(rows[1], rows[2], sizeof(rows[1]));
    }
    return rows[1][b_len];
}

/* How far two words may be apart and one still be meant by the other: a third of the
   longer, rounded down when they are about as long, up when much is missing. */
static size_t
farthest(size_t a, size_t b)
{
    size_t longer = a > b ? a : b, shorter = least(a, b);

    if (longer <= 1)
        return 0;
    if (longer - shorter <= 1)
        return longer / 3 > 0 ? longer / 3 : 1;
    return (longer + 2) / 3;
}

const char *
suggest(const char *word, const char *const *candidates, size_t count)
{
    size_t len = strlen(word), best = 0;
    const char *found = NULL;

    if (len == 0 || len > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]), d;

        if (other == 0 || other > WORD_MAX)
            continue;
        d = distance(word, len, candidates[i], other);
        if (d <= farthest(len, other) && (!found || d < best)) {
            found = candidates[i];
            best = d;
        }
    }
    return found;
}
