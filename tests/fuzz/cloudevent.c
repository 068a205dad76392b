/* cloudevent.c - header lines "name: value", an empty line, and a body: binary mode; without
   header lines: structured mode. */
#include "fuzz.h"

#include <strings.h>

#include "model/caps.h"
#include "model/cloudevent.h"

#define HEADERS_MAX 16

struct headers {
    char *name[HEADERS_MAX], *value[HEADERS_MAX];
    size_t count;
};

static const char *
header(void *arg, const char *name)
{
    const struct headers *h = arg;

    for (size_t i = 0; i < h->count; i++)
        if (strcasecmp(h->name[i], name) == 0)
            return h->value[i];
    return NULL;
}

/* Takes the header lines off text; returns where the body begins. */
static char *
split(char *text, struct headers *h)
{
    char *end, *colon;

    while ((end = strchr(text, '\n')) != NULL && end != text && h->count < HEADERS_MAX) {
        *end = '\0';
        colon = strchr(text, ':');
        if (!colon || strchr(text, '{')) {
            *end = '\n';
            return text;
        }
        *colon = '\0';
        h->name[h->count] = text;
        h->value[h->count++] = colon + 1 + (colon[1] == ' ');
        text = end + 1;
    }
    return text;
}

static void
check(const struct cloudevent *ce)
{
    MUST(strcmp(ce->specversion, "1.0") == 0);
    MUST(ce->id[0] && ce->source[0] && ce->type[0]);
    MUST(strlen(ce->id) <= CAP_FIELD && strlen(ce->source) <= CAP_FIELD);
    MUST(strlen(ce->key) > strlen(ce->id) + strlen(ce->source));
    MUST(ce->event.type[0] && ce->event.occurred[0] && ce->event.vendor[0]);
    MUST(ce->event.body_len <= CAP_EVENT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size), *body;
    struct event_error err = { "", "" };
    struct headers h = { .count = 0 };
    struct cloudevent ce;
    struct arena a;

    arena_init(&a, 0);
    if (cloudevent_structured(&a, (const char *)data, size, &ce, &err) == 0)
        check(&ce);
    else
        MUST(err.detail[0] != '\0');
    body = split(text, &h);
    if (cloudevent_binary(&a, header, &h, body, strlen(body), &ce, &err) == 0)
        check(&ce);
    else
        MUST(err.detail[0] != '\0');
    arena_free(&a);
    free(text);
    return 0;
}
