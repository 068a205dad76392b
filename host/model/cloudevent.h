/* cloudevent.h - CloudEvents 1.0 in its three HTTP forms, read into events. Pure.
   Source: CloudEvents 1.0.2, HTTP protocol binding 3.1 to 3.3 and JSON event format. */
#ifndef HERMOD_MODEL_CLOUDEVENT_H
#define HERMOD_MODEL_CLOUDEVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/event.h"

/* A CloudEvent's own attributes; time is "" when absent. Its data is the platform's event;
   where data lacks eventType or occured_at, type and time stand in. Other attributes are
   ignored. All in the arena, but for event.body. */
struct cloudevent {
    const char *id, *source, *type, *time, *specversion;
    const char *key;               /* source and id as one text, for event_key() */
    struct event event;
};

/* header(arg, name) gives a request header or NULL, values as they came (percent-encoded
   by the binding: decoded here). data is the body, and must outlive *ret. 0, or -1 with *err,
   where a header that is wrong is named in the detail. */
int cloudevent_binary(struct arena *a, const char *(*header)(void *arg, const char *name),
                      void *arg, const char *data, size_t len, struct cloudevent *ret,
                      struct event_error *err);
/* One JSON object in the JSON event format, with data (then part of json, which must outlive
   *ret) or data_base64. */
int cloudevent_structured(struct arena *a, const char *json, size_t len,
                          struct cloudevent *ret, struct event_error *err);

#endif
