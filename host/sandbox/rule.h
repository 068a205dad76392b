/* rule.h - what the files of the Rule stand-in share, and its clock for tests. */
#ifndef HERMOD_SANDBOX_RULE_H
#define HERMOD_SANDBOX_RULE_H

#include "sandbox/stand.h"

/* "2026-05-14 14:22:16" in Stockholm: what Rule puts into Retry-After. out has room for 32. */
void stockholm_text(int64_t ms, char *out);

/* 400 with the place that is wrong. */
void rule_invalid(struct ask *a, const char *place, const char *message);

/* Are these the fields of a subscriber, [{key, value, type}]? Else it has answered. Groups and
   fields that are new are made, with the type they get here for good. have: what the
   subscriber has, {key: value}. */
bool rule_fields_good(struct ask *a, struct json_object *fields, struct json_object *have);
void rule_fields_get(struct ask *a);
void rule_groups_get(struct ask *a);
void rule_groups_add(struct ask *a);

/* The subscriber of arg[0]; NULL: it has answered 404. */
struct json_object *rule_subscriber(struct ask *a);

#endif
