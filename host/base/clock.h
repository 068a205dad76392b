/* clock.h - the only place that reads the machine's clocks. */
#ifndef HERMOD_BASE_CLOCK_H
#define HERMOD_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void);       /* Unix time, milliseconds; may jump */
int64_t clock_mono_ms(void);       /* since boot, milliseconds; never goes back */

#endif
