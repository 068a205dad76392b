/* admin.h - the admin address: health, status, deliveries, explanations, replay, drop,
   pause, resume. Answers JSON; the command line is its client. */
#ifndef HERMOD_CORE_ADMIN_H
#define HERMOD_CORE_ADMIN_H

#include "core/core.h"
#include "net/httpd.h"

struct httpd *admin_new(struct core *c, char **ret_error);

#endif
