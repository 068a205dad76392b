/* slug.h - text as a lower-case name of [a-z0-9] and single hyphens, as tags and addresses
   want it. Pure. */
#ifndef HERMOD_MODEL_SLUG_H
#define HERMOD_MODEL_SLUG_H

/* "Malmö Tidning!" gives "malmo-tidning", "Kjære Ærø" gives "kjaere-aero"; marks are
   dropped, letters without a plain form become their usual spelling or a hyphen. "" when
   nothing is left. Takes any bytes. Memory for free(). */
char *slug(const char *text);

#endif
