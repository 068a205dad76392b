/* refused: endless-events.so: events: no end within 256; end them with NULL */
#include "bad.h"

/* 512 different ones, and no NULL: "aa", "ab", ... */
#define E1(a, b) a b
#define E8(a) E1(a, "0"), E1(a, "1"), E1(a, "2"), E1(a, "3"), \
              E1(a, "4"), E1(a, "5"), E1(a, "6"), E1(a, "7")
#define E64(a) E8(a "0"), E8(a "1"), E8(a "2"), E8(a "3"), \
               E8(a "4"), E8(a "5"), E8(a "6"), E8(a "7")
static const char *const events[] = {
    E64("0"), E64("1"), E64("2"), E64("3"), E64("4"), E64("5"), E64("6"), E64("7"),
};

HERMOD_PLUGIN(SOUND("endless-events"), .events = events);
