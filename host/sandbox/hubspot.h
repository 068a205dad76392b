/* hubspot.h - what the files of the HubSpot stand-in share. */
#ifndef HERMOD_SANDBOX_HUBSPOT_H
#define HERMOD_SANDBOX_HUBSPOT_H

#include "sandbox/stand.h"

/* The vendor's error body; errors is taken over, or NULL. */
void hubspot_error(struct ask *a, int status, const char *category, const char *message,
                   struct json_object *errors);

/* May a contact have these values? Else it has answered as the vendor does: with a list in
   the text of the message. */
bool properties_good(struct ask *a, struct json_object *values);

void properties_list(struct ask *a);
void properties_get(struct ask *a);
void properties_add(struct ask *a);
void properties_add_many(struct ask *a);
void properties_change(struct ask *a);
void properties_delete(struct ask *a);
void groups_list(struct ask *a);
void groups_add(struct ask *a);

#endif
