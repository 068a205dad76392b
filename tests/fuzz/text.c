/* text.c - the small readers of one line: durations, dates, Retry-After, networks, listen
   addresses, event ids, numbers, encodings. What is read is written and read back. */
#include "fuzz.h"

#include "base/text.h"
#include "model/duration.h"
#include "model/event.h"
#include "model/network.h"
#include "model/retry.h"
#include "model/timefmt.h"

#define NOW 1762776000000
#define YEAR_1000 (-30610224000000)

static void
times(const char *text)
{
    int64_t ms, again, wait;
    char out[48];

    if (duration_parse(text, &ms) == 0) {
        MUST(ms >= 0);
        duration_text(ms, out);
        MUST(duration_parse(out, &again) == 0 && again == ms);
        duration_human(ms, out);
    }
    if (time_parse_rfc3339(text, &ms) == 0) {
        time_rfc3339(ms, out);
        MUST(time_parse_rfc3339(out, &again) == 0 && again == ms);
        time_rfc3339_ms(ms, out);
        MUST(time_parse_rfc3339(out, &again) == 0 && again == ms);
    }
    if (time_parse_http(text, NOW, &ms) == 0) {
        time_format(ms, "%a, %d %b %Y %H:%M:%S GMT", out, sizeof(out));
        if (ms >= YEAR_1000)       /* before, strftime writes fewer than four digits */
            MUST(time_parse_http(out, NOW, &again) == 0 && again == ms);
        MUST(retry_after_parse(text, NOW) >= 0);
    }
    wait = retry_after_parse(text, NOW);
    MUST(wait >= -1 && wait <= RETRY_HOLD_MAX_MS);
}

static void
networks(const char *text)
{
    static const struct cidr all = { { 0 }, 0 };
    struct cidr c, again;
    uint16_t port;
    char out[64];

    if (cidr_parse(text, &c) == 0) {
        cidr_text(&c, out);
        MUST(cidr_parse(out, &again) == 0);
        MUST(again.bits == c.bits && memcmp(again.addr, c.addr, 16) == 0);
    }
    if (network_allowed_text(text, NULL, 0)) {
        MUST(network_allowed_text(text, &all, 1));
        MUST(!host_is_loopback(text));
    }
    if (listen_parse(text, out, &port) == 0)
        MUST(strlen(out) < sizeof(out));
}

static void
encodings(const char *text)
{
    size_t len = strlen(text);
    char *out = malloc(3 * len + 8), *back = malloc(3 * len + 8);
    int64_t n;

    MUST(out && back);
    percent_encode(text, len, out);
    MUST(percent_decode(out, strlen(out), back) == (int64_t)len);
    MUST(memcmp(back, text, len) == 0);
    n = base64_decode(text, len, (uint8_t *)out);
    if (n >= 0) {
        uint8_t *decoded = malloc((size_t)n + 1);
        char *coded = malloc(BASE64_LEN((size_t)n));

        MUST(decoded && coded);
        memcpy(decoded, out, (size_t)n);
        base64_encode(decoded, (size_t)n, coded);
        MUST(base64_decode(coded, strlen(coded), (uint8_t *)out) == n);
        MUST(memcmp(out, decoded, (size_t)n) == 0);
        free(decoded);
        free(coded);
    }
    n = hex_decode(text, len, (uint8_t *)out);
    if (n >= 0) {
        hex_encode(out, (size_t)n, back);
        MUST(strcasecmp(back, text) == 0);
    }
    free(out);
    free(back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size), id[EVENT_ID_LEN + 1];
    uint8_t key[16];

    times(text);
    networks(text);
    encodings(text);
    if (event_id_parse(text, key) == 0) {
        event_id_text(key, id);
        MUST(strcmp(id, text) == 0);
    }
    MUST(utf8_floor(text, strlen(text), size / 2) <= size / 2);
    free(text);
    return 0;
}
