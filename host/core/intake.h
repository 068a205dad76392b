/* intake.h - POST /v1/events: from an HTTP request to events for the turn, and from the
   commit to the answer. */
#ifndef HERMOD_CORE_INTAKE_H
#define HERMOD_CORE_INTAKE_H

#include "core/core.h"
#include "net/httpd.h"

/* Listens at the configured address. NULL on failure, *ret_error for people, to free(). */
struct httpd *intake_new(struct core *c, char **ret_error);

#endif
