/* stockholm.h - Rule's clock: Europe/Stockholm wall time, without a zone. Pure. */
#ifndef RULE_STOCKHOLM_H
#define RULE_STOCKHOLM_H

#include <stdint.h>

/* What has to be added to UTC for Stockholm's wall time: one hour, two in summer. Valid since
   1996. */
int64_t stockholm_offset_ms(int64_t utc_ms);

/* Rule's Retry-After ("2026-05-14 14:22:16") against the Date of the same answer ("Thu, 14 May
   2026 12:12:16 GMT"): the wait in milliseconds, 0 when it has passed; -1 when one of them is
   not that. Of the hour that comes twice in October the first that is not over counts. */
int64_t stockholm_wait_ms(const char *retry_after, const char *date);

#endif
