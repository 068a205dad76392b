/* caps.h - every limit of the host, each with its reason. What a person may change is
   in hermod.yaml; these are the walls around it. */
#ifndef HERMOD_MODEL_CAPS_H
#define HERMOD_MODEL_CAPS_H

#define CAP_REQUEST_BODY (1024 * 1024)     /* one POST to intake: 1 MiB as published */
#define CAP_REQUEST_EVENTS 1000            /* events in one POST: as published */
#define CAP_EVENT (256 * 1024)             /* one event's bytes: it rides in a frame */
#define CAP_FIELD 1024                     /* one id or name in an event, bytes */
#define CAP_KEY 256                        /* Idempotency-Key, bytes */
#define CAP_FRAME (4 * 1024 * 1024)        /* one frame between roles: a job and its body,
                                              or one destination's settings */
#define CAP_CHANNEL (64 * 1024 * 1024)     /* bytes waiting for a peer that does not read */
#define CAP_ANSWER (3 * 1024 * 1024)       /* what the platform says of one user: it rides in
                                              a frame, too */
#define CAP_RESPONSE (1024 * 1024)         /* a vendor's answer; longer is cut off and failed */
#define CAP_RESPONSE_HEADERS (64 * 1024)   /* and its headers */
#define CAP_URL 8192                       /* a request's URL: what servers take in practice */
#define CAP_HEADER_VALUE 8192              /* one header's value: as above */
#define CAP_REQUEST_HEADERS 100            /* headers of one request */
#define CAP_JSON_DEPTH 64                  /* of a JSON value: it is walked on a small stack */
#define CAP_LOG_TEXT 4096                  /* bytes of one log line of a plugin */
#define CAP_REASON 600                     /* bytes of a reason kept with a delivery */
#define CAP_CALL_MEMORY (64 * 1024 * 1024) /* what one callback may use: a leak ends it */
#define CAP_INFLIGHT 16384                 /* deliveries at once in one runner */
#define CAP_WINDOW 256                     /* due deliveries of one destination in memory;
                                              the rest wait in the journal */
#define CAP_YAML_FILE (4 * 1024 * 1024)    /* a configuration file */
#define CAP_YAML_NODES 200000              /* nodes after alias expansion: no bombs */
#define CAP_YAML_DEPTH 32
#define CAP_SECRET_FILE (64 * 1024)
#define CAP_CONFIG_ERRORS 100              /* mistakes printed in one run */
#define CAP_HTTP_CLIENTS 16384             /* connections to intake */
#define CAP_HTTP_HEADERS (16 * 1024)       /* request line and headers */

#endif
