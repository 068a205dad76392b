/* refused: endless-settings.so: settings: no end within 256 rows; end them with
   HERMOD_SETTINGS_END */
#include "bad.h"

/* 320 sound rows with names of their own, and no end. */
#define R1(n, i) \
    { "s" #n #i, HERMOD_T_BOOL, 0, n * 8 + i, 0, NULL, NULL, 0, 0, "Yes or no." }
#define R8(n) R1(n, 0), R1(n, 1), R1(n, 2), R1(n, 3), R1(n, 4), R1(n, 5), R1(n, 6), R1(n, 7)
#define R64(d) R8(d##0), R8(d##1), R8(d##2), R8(d##3), R8(d##4), R8(d##5), R8(d##6), R8(d##7)
static const struct hermod_setting settings[] = {
    R64(1), R64(2), R64(3), R64(4), R64(5),
};

HERMOD_PLUGIN(SOUND("endless-settings"), .settings = settings, .config_size = 1024);
