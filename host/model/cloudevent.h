/* cloudevent.h - CloudEvents 1.0 in its three HTTP forms, read into events. Pure.
   Source: CloudEvents 1.0.2, HTTP protocol binding, sections 3.1 to 3.3. */
#ifndef HERMOD_MODEL_CLOUDEVENT_H
#define HERMOD_MODEL_CLOUDEVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/event.h"

/* A CloudEvent's own attributes. Its data is the platform's event; where data lacks
   eventType or occured_at, type and time stand in. source and id together are the
   idempotency key. */
struct cloudevent {
    const char *id, *source, *type, *time, *specversion;
    struct event event;
};

/* header(arg, name) gives a request header or NULL, values as they came (percent-encoded
   by the binding: decoded here). data is the body. 0, or -1 with *err. */
int cloudevent_binary(struct arena *a, const char *(*header)(void *arg, const char *name),
                      void *arg, const char *data, size_t len, struct cloudevent *ret,
                      struct event_error *err);
/* One JSON object in the JSON event format, with data or data_base64. */
int cloudevent_structured(struct arena *a, const char *json, size_t len,
                          struct cloudevent *ret, struct event_error *err);

#endif
