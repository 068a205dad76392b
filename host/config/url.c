/* url.c - is this a URL that a request can go to as it stands? */
#include <string.h>

#include "base/text.h"
#include "config/values.h"
#include "model/caps.h"
#include "model/http_rules.h"

static const char *
port_trouble(const char *p, size_t len)
{
    int64_t port = 0;

    for (size_t i = 0; i < len; i++) {
        if (p[i] < '0' || p[i] > '9' || port > 65535)
            return "a port that is none";
        port = port * 10 + (p[i] - '0');
    }
    return len == 0 || port < 1 || port > 65535 ? "a port that is none" : NULL;
}

static const char *
authority_trouble(const char *p, size_t len)
{
    const char *end = p + len, *host_end;

    if (memchr(p, '@', len))
        return "one with a user name or password in it";
    if (len > 0 && *p == '[') {
        host_end = memchr(p, ']', len);
        if (!host_end || host_end == p + 1)
            return "a bad address in brackets";
        host_end++;
    } else {
        host_end = memchr(p, ':', len);
        if (!host_end)
            host_end = end;
        if (host_end == p)
            return "one without a host";
    }
    if (host_end == end)
        return NULL;
    return *host_end == ':' ? port_trouble(host_end + 1, (size_t)(end - host_end - 1))
                            : "something between address and port";
}

const char *
url_trouble(const char *text)
{
    size_t scheme = strncasecmp(text, "https://", 8) == 0  ? 8
                    : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
    const char *p = text + scheme, *trouble;

    if (!scheme)
        return "one that does not begin with https:// or http://";
    if (strpbrk(text, " \\\"<>"))
        return "a space, quote, backslash or angle bracket in it";
    if (strchr(text, '#'))
        return "one with '#': that part is never sent";
    if (strlen(text) > CAP_URL)
        return "one that is too long";
    trouble = authority_trouble(p, strcspn(p, "/?"));
    if (!trouble && http_url_problem(text))    /* then no request would be sent */
        trouble = "a character that no URL has: a host is written as xn--..., the rest as %XX";
    return trouble;
}
