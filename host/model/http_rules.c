/* http_rules.c - what the parts of a request may be. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/caps.h"
#include "model/http_rules.h"

/* The host frames and routes the message; a plugin's word on it could only contradict. */
static const char *const hosts_own[] = {
    "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer",
    "Expect", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization",
};

static const struct {
    int status;
    const char *phrase;
} phrases[] = {
    { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
    { 203, "Non-Authoritative Information" }, { 204, "No Content" }, { 205, "Reset Content" },
    { 206, "Partial Content" }, { 207, "Multi-Status" },
    { 300, "Multiple Choices" }, { 301, "Moved Permanently" }, { 302, "Found" },
    { 303, "See Other" }, { 304, "Not Modified" }, { 307, "Temporary Redirect" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" }, { 401, "Unauthorized" }, { 402, "Payment Required" },
    { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" }, { 407, "Proxy Authentication Required" },
    { 408, "Request Timeout" }, { 409, "Conflict" }, { 410, "Gone" },
    { 411, "Length Required" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
    { 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
    { 416, "Range Not Satisfiable" }, { 417, "Expectation Failed" },
    { 421, "Misdirected Request" }, { 422, "Unprocessable Content" }, { 423, "Locked" },
    { 424, "Failed Dependency" }, { 425, "Too Early" }, { 426, "Upgrade Required" },
    { 428, "Precondition Required" }, { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" }, { 451, "Unavailable For Legal Reasons" },
    { 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
    { 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
    { 505, "HTTP Version Not Supported" }, { 507, "Insufficient Storage" },
    { 508, "Loop Detected" }, { 511, "Network Authentication Required" },
};

const char *
http_status_phrase(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "";
}

static bool
is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

const char *
http_method_problem(const char *method)
{
    size_t len = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    if (len == 0 || len > 16 || method[len])
        return "is not a method: wanted upper-case letters, such as POST";
    if (str_eq(method, "CONNECT") || str_eq(method, "TRACE"))
        return "is a method that is never sent";
    return NULL;
}

static const char *
port_problem(const char *text, size_t len)
{
    int64_t port = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || port > 65535)
            return "has a port that is not a number from 1 to 65535";
        port = port * 10 + (text[i] - '0');
    }
    return len > 0 && port >= 1 && port <= 65535 ?
        NULL : "has a port that is not a number from 1 to 65535";
}

/* host [":" port], of the length given. */
static const char *
authority_problem(const char *text, size_t len)
{
    size_t host = 0;

    if (memchr(text, '@', len))
        return "has a user name or password in it: use a header instead";
    if (len > 0 && text[0] == '[') {
        while (host < len && text[host] != ']') {
            if (host > 0 && !is_hex(text[host]) && text[host] != ':' && text[host] != '.')
                return "has a host that is no IPv6 address in its brackets";
            host++;
        }
        if (host < 3 || host == len)
            return "has a host that is no IPv6 address in its brackets";
        host++;
    } else {
        while (host < len && (is_alnum(text[host]) || strchr("-._", text[host])))
            host++;
        if (host == 0)
            return "has no host";
    }
    if (host == len)
        return NULL;
    if (text[host] != ':')
        return "has a character in its host that no host name has";
    return port_problem(text + host + 1, len - host - 1);
}

const char *
http_url_problem(const char *url)
{
    const char *p = url;

    if (strncasecmp(p, "https://", 8) == 0)
        p += 8;
    else if (strncasecmp(p, "http://", 7) == 0)
        p += 7;
    else
        return "is not an absolute URL that begins with https:// or http://";
    if (strlen(url) > CAP_URL)
        return "is too long";
    for (const char *q = url; *q; q++) {
        unsigned char c = (unsigned char)*q;

        if (c <= 0x20 || c == 0x7f)
            return "has a space or a control character in it";
        if (c > 0x7f)
            return "has a character outside ASCII in it: write a host as xn--..., the rest "
                   "as %XX";
        if (strchr("\"<>\\", c))
            return "has one of the characters \" < > \\ in it: write it as %XX";
        if (c == '#')
            return "has a fragment (#...), which is never sent";
        if (c == '%' && !(is_hex(q[1]) && is_hex(q[2])))
            return "has a % that two hexadecimal digits do not follow";
    }
    return authority_problem(p, strcspn(p, "/?"));
}

const char *
http_header_name_problem(const char *name)
{
    const char *p = name;

    while (is_alnum(*p) || (*p && strchr("!#$%&'*+-.^_`|~", *p)))
        p++;
    if (p == name || *p || p - name > 256)
        return "is not the name of a header";
    for (size_t i = 0; i < ARRAY_LEN(hosts_own); i++)
        if (strcasecmp(name, hosts_own[i]) == 0)
            return "is a header that only the host sets";
    return NULL;
}

const char *
http_header_value_problem(const char *value)
{
    const char *p = value;

    for (; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return "has a line break or another control character in its value";
    if (p - value > CAP_HEADER_VALUE)
        return "has a value that is too long";
    return NULL;
}
