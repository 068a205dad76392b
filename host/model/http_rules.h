/* http_rules.h - what the parts of a request may be, so that no value can become a second
   header, another host or another path; and the names of statuses. Pure.
   Source: RFC 9110 and RFC 3986. */
#ifndef HERMOD_MODEL_HTTP_RULES_H
#define HERMOD_MODEL_HTTP_RULES_H

#include <stdbool.h>

/* These return NULL when all is well, else what is wrong, as the end of a sentence that
   begins with the thing's name. None quotes a value: it may be a secret. */

/* Upper-case letters; not CONNECT or TRACE. */
const char *http_method_problem(const char *method);
/* An absolute http or https URL in ASCII, without user name and fragment. */
const char *http_url_problem(const char *url);
/* A token that is not the host's own to set (Host, Content-Length, Connection ...). */
const char *http_header_name_problem(const char *name);
/* No line break, no other control character. */
const char *http_header_value_problem(const char *value);

/* "Too Many Requests"; "" for a status without a registered name. */
const char *http_status_phrase(int status);

#endif
