/* phone.h - telephone numbers as people write them, to E.164. Pure. The countries are data:
   phone.c's table. */
#ifndef HERMOD_MODEL_PHONE_H
#define HERMOD_MODEL_PHONE_H

#include <stdbool.h>

#define PHONE_MAX 16               /* '+' and at most 15 digits; the NUL comes on top */

/* Puts "+46701234567" into out (room for PHONE_MAX + 1). country: ISO 3166-1 alpha-2 in any
   case, for numbers written without a country prefix; "" when unknown. false, and out "",
   when number cannot be one: unknown characters, a length the country does not have, no
   country for a national number. */
bool phone_e164(const char *number, const char *country, char *out);

#endif
