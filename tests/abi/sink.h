/* sink.h - a small HTTP server inside the test, on its loop. The path says what it does:
     /status/404        answers so, with the body "status 404"
     /echo              200, and the request as it came
     /hang              nothing, until sink_release()
     /redirect          302 to /landed
     /big/1000          200 with so many bytes
     /headers/300       200 with so many headers
     /close /cut /garbage   no answer, half of one, something else
     /bye               200, and closes the connection after it */
#ifndef HERMOD_TESTS_ABI_SINK_H
#define HERMOD_TESTS_ABI_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/list.h"
#include "base/loop.h"

struct sink {
    struct loop *loop;
    struct loop_fd *watch;
    int fd;
    uint16_t port;
    struct list conns;
    size_t open, connections, requests, hanging, landed;
    size_t lost;                           /* connections the other side closed while hanging */
    struct buf last;                       /* the last request: head and body */
};

struct sink *sink_new(struct loop *l);
/* Answers "200 OK" to the first `count` of those that hang. */
void sink_release(struct sink *s, size_t count);
void sink_free(struct sink *s);

#endif
