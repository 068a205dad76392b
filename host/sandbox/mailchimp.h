/* mailchimp.h - what the files of the Mailchimp stand-in share. */
#ifndef HERMOD_SANDBOX_MAILCHIMP_H
#define HERMOD_SANDBOX_MAILCHIMP_H

#include "sandbox/stand.h"

/* The problem documents of this vendor; type is missing in some of them. */
void mailchimp_problem(struct ask *a, int status, const char *title, const char *detail,
                       bool with_type, struct json_object *errors);

/* Are the values of a member right for the audience's merge fields? Else it has answered.
   Fields that the audience does not have are ignored, as by the vendor. old: what the member
   has now, or NULL. */
bool merge_fields_good(struct ask *a, struct json_object *list, struct json_object *values,
                       struct json_object *old);
void merge_fields_list(struct ask *a);
void merge_fields_add(struct ask *a);
void merge_fields_change(struct ask *a);

/* 400 with one row of errors. */
void mailchimp_invalid(struct ask *a, const char *field, const char *message);
const char *mailchimp_time(struct ask *a);
/* Some of a member's tags, as answers show them; date NULL: without. */
struct json_object *mailchimp_tags(struct json_object *list, struct json_object *member,
                                   int64_t at, int64_t count, const char *date);
/* The member of arg[1] in the audience of arg[0]; NULL: it has answered. */
struct json_object *mailchimp_member(struct ask *a, struct json_object **ret_list);
void member_get(struct ask *a);
void member_post(struct ask *a);
void member_put(struct ask *a);
void member_patch(struct ask *a);
void member_delete(struct ask *a);

/* The audience of arg[0]; NULL: it has answered 404. */
struct json_object *mailchimp_list(struct ask *a);

#endif
