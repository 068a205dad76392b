#include "model/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define V4(a, b, c, d) { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d }
#define HOST_ROOM 64

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };
static const uint8_t nat64_prefix[12] = { 0x00, 0x64, 0xff, 0x9b };     /* RFC 6052 */
static const uint8_t six_to_four_prefix[2] = { 0x20, 0x02 };            /* RFC 3056 */

/* What is not public unicast, after the special-purpose registries of IANA (RFC 6890). */
static const struct cidr not_public_v4[] = {
    { V4(0, 0, 0, 0), 96 + 8 },            /* "this network" */
    { V4(10, 0, 0, 0), 96 + 8 },           /* private */
    { V4(100, 64, 0, 0), 96 + 10 },        /* shared by carriers */
    { V4(127, 0, 0, 0), 96 + 8 },          /* loopback */
    { V4(169, 254, 0, 0), 96 + 16 },       /* link-local; metadata services of clouds */
    { V4(172, 16, 0, 0), 96 + 12 },        /* private */
    { V4(192, 0, 0, 0), 96 + 24 },         /* protocol assignments */
    { V4(192, 0, 2, 0), 96 + 24 },         /* documentation */
    { V4(192, 88, 99, 0), 96 + 24 },       /* relays of 6to4, withdrawn */
    { V4(192, 168, 0, 0), 96 + 16 },       /* private */
    { V4(198, 18, 0, 0), 96 + 15 },        /* benchmarks */
    { V4(198, 51, 100, 0), 96 + 24 },      /* documentation */
    { V4(203, 0, 113, 0), 96 + 24 },       /* documentation */
    { V4(224, 0, 0, 0), 96 + 4 },          /* multicast */
    { V4(240, 0, 0, 0), 96 + 4 },          /* reserved, and broadcast */
};
static const struct cidr public_v6 = { { 0x20 }, 3 };                   /* 2000::/3 */
static const struct cidr not_public_v6[] = {
    { { 0x20, 0x01 }, 23 },                /* protocol assignments; Teredo, ORCHID */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },    /* documentation */
    { { 0x3f, 0xff }, 20 },                /* documentation */
};

static bool
holds(const struct cidr *c, const uint8_t addr[16])
{
    size_t whole = c->bits / 8;
    unsigned rest = c->bits % 8;

    return memcmp(c->addr, addr, whole) == 0 &&
           (rest == 0 || (c->addr[whole] ^ addr[whole]) >> (8 - rest) == 0);
}

static bool
any_holds(const struct cidr *list, size_t count, const uint8_t addr[16])
{
    for (size_t i = 0; i < count; i++)
        if (holds(&list[i], addr))
            return true;
    return false;
}

/* The IPv4 address that an address is or carries, as a mapped one; false when none. */
static bool
inner_v4(const uint8_t addr[16], uint8_t ret[16])
{
    const uint8_t *v4;

    if (memcmp(addr, mapped_prefix, 12) == 0 || memcmp(addr, nat64_prefix, 12) == 0)
        v4 = addr + 12;
    else if (memcmp(addr, six_to_four_prefix, 2) == 0)
        v4 = addr + 2;
    else
        return false;
    memcpy(ret, mapped_prefix, 12);
    memcpy(ret + 12, v4, 4);
    return true;
}

static bool
is_public(const uint8_t addr[16])
{
    uint8_t v4[16];

    if (inner_v4(addr, v4))
        return !any_holds(not_public_v4, ARRAY_LEN(not_public_v4), v4);
    return holds(&public_v6, addr) &&
           !any_holds(not_public_v6, ARRAY_LEN(not_public_v6), addr);
}

/* Only the one usual notation of each address: no octal, no hexadecimal IPv4, no "127.1". */
static bool
read_address(const char *text, uint8_t ret[16], bool *ret_v4)
{
    struct in_addr v4;

    *ret_v4 = inet_pton(AF_INET, text, &v4) == 1;
    if (!*ret_v4)
        return inet_pton(AF_INET6, text, ret) == 1;
    memcpy(ret, mapped_prefix, 12);
    memcpy(ret + 12, &v4, 4);
    return true;
}

static bool
host_bits_are_zero(const struct cidr *c)
{
    for (unsigned bit = c->bits; bit < 128; bit++)
        if (c->addr[bit / 8] & 0x80 >> bit % 8)
            return false;
    return true;
}

int
cidr_parse(const char *text, struct cidr *ret)
{
    const char *slash = strchr(text, '/');
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    char address[INET6_ADDRSTRLEN + 1];
    struct cidr c;
    int64_t bits;
    bool v4;

    if (len == 0 || len >= sizeof(address))
        return -1;
    memcpy(address, text, len);
    address[len] = '\0';
    if (!read_address(address, c.addr, &v4))
        return -1;
    bits = v4 ? 32 : 128;
    if (slash && (slash[1] < '0' || slash[1] > '9' || (slash[1] == '0' && slash[2] != '\0') ||
                  !parse_i64(slash + 1, 0, bits, &bits)))
        return -1;
    c.bits = (uint8_t)(v4 ? bits + 96 : bits);
    if (!host_bits_are_zero(&c))
        return -1;
    *ret = c;
    return 0;
}

void
cidr_text(const struct cidr *c, char out[64])
{
    bool v4 = c->bits >= 96 && memcmp(c->addr, mapped_prefix, 12) == 0;
    char address[INET6_ADDRSTRLEN];

    if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? c->addr + 12 : c->addr, address,
                   sizeof(address)))
        address[0] = '\0';
    snprintf(out, 64, "%s/%u", address, v4 ? c->bits - 96u : c->bits);
}

static bool
allowed(const uint8_t addr[16], const struct cidr *allow, size_t count)
{
    return is_public(addr) || any_holds(allow, count, addr);
}

bool
network_allowed(const struct sockaddr *sa, const struct cidr *allow, size_t count)
{
    uint8_t addr[16];

    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, sa, sizeof(in6));
        memcpy(addr, &in6.sin6_addr, 16);
    } else if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, sa, sizeof(in));
        memcpy(addr, mapped_prefix, 12);
        memcpy(addr + 12, &in.sin_addr, 4);
    } else {
        return false;
    }
    return allowed(addr, allow, count);
}

bool
network_allowed_text(const char *ip, const struct cidr *allow, size_t count)
{
    uint8_t addr[16];
    bool v4;

    return read_address(ip, addr, &v4) && allowed(addr, allow, count);
}

/* Letters, digits, '.', '-' and '_' of a host's name, or a numeric address. */
static bool
is_host(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char ch = text[i];

        if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
              (ch >= '0' && ch <= '9') || ch == '.' || ch == '-' || ch == '_'))
            return false;
    }
    return true;
}

int
listen_parse(const char *text, char *out_host, uint16_t *ret_port)
{
    const char *colon = strrchr(text, ':'), *host = text;
    char copy[HOST_ROOM];
    int64_t port;
    size_t len;

    if (!colon || colon[1] < '0' || colon[1] > '9' || !parse_i64(colon + 1, 0, 65535, &port))
        return -1;
    len = (size_t)(colon - text);
    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        struct in6_addr unused;

        host++;
        len -= 2;
        if (len >= sizeof(copy))
            return -1;
        memcpy(copy, host, len);
        copy[len] = '\0';
        if (inet_pton(AF_INET6, copy, &unused) != 1)
            return -1;
    } else if (len >= sizeof(copy) || !is_host(host, len)) {
        return -1;
    }
    memcpy(out_host, host, len);
    out_host[len] = '\0';
    *ret_port = (uint16_t)port;
    return 0;
}

bool
host_is_loopback(const char *host)
{
    static const struct cidr loopback[] = {
        { V4(127, 0, 0, 0), 96 + 8 },
        { { [15] = 1 }, 128 },
    };
    uint8_t addr[16];
    bool v4;

    return str_eq(host, "localhost") ||
           (read_address(host, addr, &v4) && any_holds(loopback, ARRAY_LEN(loopback), addr));
}
