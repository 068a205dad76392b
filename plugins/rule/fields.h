/* fields.h - what Rule is told of a subscriber, field by field. */
#ifndef RULE_FIELDS_H
#define RULE_FIELDS_H

#include <hermod/plugin.h>

struct field_style {
    bool stockholm;                    /* times as clocks in Stockholm show them; else UTC */
    bool clear;                        /* send what is empty too */
};

/* A list of {key, value, type}, as Rule's `fields` wants it. */
const struct hermod_json *rule_fields(struct hermod_call *c, const struct hermod_event *ev,
                                      const struct hermod_subscriber *s,
                                      const struct field_style *style);

#endif
