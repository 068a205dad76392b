#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "model/network.h"

static struct cidr
cidr(const char *text)
{
    struct cidr c = { .bits = 1 };

    CHECK_INT(cidr_parse(text, &c), 0);
    return c;
}

static void
blocks_are_read_and_written(void)
{
    static const char *const same[] = { "10.1.0.0/16", "0.0.0.0/0", "192.168.1.7/32",
                                        "fd00::/8", "::/0", "::1/128", "2001:db8::/32" };
    struct cidr c;
    char text[64];

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        c = cidr(same[i]);
        cidr_text(&c, text);
        CHECK_STR(text, same[i]);
    }
    c = cidr("127.0.0.1");
    cidr_text(&c, text);
    CHECK_STR(text, "127.0.0.1/32");
    c = cidr("::ffff:10.0.0.0/104");
    cidr_text(&c, text);
    CHECK_STR(text, "10.0.0.0/8");
}

static void
what_is_not_a_block_is_refused(void)
{
    static const char *const bad[] = {
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
        "10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0.0/8/8", "10.0.0.1/8", "10.0.0/8", "10/8",
        "0x0a.0.0.0/8", "012.0.0.0/8", "167772160/8", "::/129", "fd00::1/8", "fd00::/x",
        "fe80::1%eth0", "[::1]", "localhost", "1.2.3.4.5", "256.0.0.0",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999",
        "000000000000000000000000000000000000000000000000001.2.3.4",
    };
    struct cidr c;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_INT(cidr_parse(bad[i], &c), -1);
}

static bool
public(const char *ip)
{
    return network_allowed_text(ip, NULL, 0);
}

static void
public_addresses_are_reached(void)
{
    static const char *const good[] = {
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700:4700::1111",
        "2001:200::1", "2001:4860:4860::8888", "2a00::1", "3ffe::1",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (!public(good[i]))
            fprintf(stderr, "%s is refused\n", good[i]);
        CHECK(public(good[i]));
    }
}

static void
no_other_address_is_in_any_form(void)
{
    static const char *const bad[] = {
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0",
        "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0",
        "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::2", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
        "ffff::1", "2001::1", "2001:1ff::1", "2001:20::1", "2001:db8::1", "3fff::1",
        "3fff:fff::1", "100::1", "4000::1", "64:ff9b:1::1", "5f00::1",
        /* the same in IPv6's clothes */
        "::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:101::",
        "2002:a9fe:a9fe::1",
        /* not the one notation of an address */
        "", "localhost", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001",
        "0177.0.0.1", "127.0.0.1.", "8.8.8", "008.8.8.8", "8.8.8.8 ", "[::1]", "fe80::1%lo",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (public(bad[i]))
            fprintf(stderr, "%s is allowed\n", bad[i]);
        CHECK(!public(bad[i]));
    }
}

static void
a_block_opens_what_it_holds_and_no_more(void)
{
    struct cidr allow[] = { cidr("10.1.0.0/16"), cidr("fd12:3400::/25"), cidr("::1") };

    CHECK(network_allowed_text("10.1.255.255", allow, 3));
    CHECK(!network_allowed_text("10.2.0.0", allow, 3));
    CHECK(network_allowed_text("::ffff:10.1.0.1", allow, 3));
    CHECK(!network_allowed_text("64:ff9b::10.1.0.1", allow, 3));
    CHECK(network_allowed_text("fd12:347f::1", allow, 3));
    CHECK(!network_allowed_text("fd12:3480::1", allow, 3));
    CHECK(network_allowed_text("::1", allow, 3));
    CHECK(!network_allowed_text("127.0.0.1", allow, 3));
    CHECK(network_allowed_text("8.8.8.8", allow, 3));
    allow[0] = cidr("0.0.0.0/0");
    CHECK(network_allowed_text("127.0.0.1", allow, 1));
    CHECK(!network_allowed_text("::1", allow, 1));
    allow[0] = cidr("::/0");
    CHECK(network_allowed_text("127.0.0.1", allow, 1));
    CHECK(network_allowed_text("fe80::1", allow, 1));
}

static void
socket_addresses_are_judged_alike(void)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    struct cidr allow = cidr("::ffff:0:0/96");

    inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
    CHECK(!network_allowed((struct sockaddr *)&in, NULL, 0));
    CHECK(network_allowed((struct sockaddr *)&in, &allow, 1));
    inet_pton(AF_INET, "8.8.8.8", &in.sin_addr);
    CHECK(network_allowed((struct sockaddr *)&in, NULL, 0));
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &in6.sin6_addr);
    CHECK(!network_allowed((struct sockaddr *)&in6, NULL, 0));
    inet_pton(AF_INET6, "2a00::1", &in6.sin6_addr);
    CHECK(network_allowed((struct sockaddr *)&in6, NULL, 0));
    allow = cidr("::/0");
    CHECK(!network_allowed((struct sockaddr *)&un, &allow, 1));
}

static void
listen_addresses_are_read(void)
{
    uint16_t port = 0;
    char host[64];

    CHECK_INT(listen_parse("127.0.0.1:8470", host, &port), 0);
    CHECK_STR(host, "127.0.0.1");
    CHECK_INT(port, 8470);
    CHECK_INT(listen_parse("[::1]:65535", host, &port), 0);
    CHECK_STR(host, "::1");
    CHECK_INT(port, 65535);
    CHECK_INT(listen_parse(":0", host, &port), 0);
    CHECK_STR(host, "");
    CHECK_INT(port, 0);
    CHECK_INT(listen_parse("events.example.com:80", host, &port), 0);
    CHECK_STR(host, "events.example.com");
}

static void
what_is_not_a_listen_address_is_refused(void)
{
    static const char *const bad[] = { "", ":", "8470", "127.0.0.1", "127.0.0.1:", "::1:8470",
                                       "[::1]", "[127.0.0.1]:1", "[]:1", "[::1:1", "::1]:1",
                                       "a:65536", "a:-1", "a:+1", "a: 1", "a b:1", "a/b:1",
                                       NULL };
    uint16_t port;
    char host[64], longest[80];

    memset(longest, 'a', 64);
    snprintf(longest + 64, sizeof(longest) - 64, ":1");
    CHECK_INT(listen_parse(longest, host, &port), -1);
    CHECK_INT(listen_parse(longest + 1, host, &port), 0);
    for (size_t i = 0; bad[i]; i++)
        CHECK_INT(listen_parse(bad[i], host, &port), -1);
}

static void
loopback_is_known_by_name_and_number(void)
{
    CHECK(host_is_loopback("localhost"));
    CHECK(host_is_loopback("127.0.0.1"));
    CHECK(host_is_loopback("127.9.9.9"));
    CHECK(host_is_loopback("::1"));
    CHECK(host_is_loopback("::ffff:127.0.0.1"));
    CHECK(!host_is_loopback(""));
    CHECK(!host_is_loopback("0.0.0.0"));
    CHECK(!host_is_loopback("::"));
    CHECK(!host_is_loopback("127.0.0.1.example.com"));
    CHECK(!host_is_loopback("8.8.8.8"));
}

UNIT_MAIN("model/network", UNIT_TEST(blocks_are_read_and_written),
          UNIT_TEST(what_is_not_a_block_is_refused), UNIT_TEST(public_addresses_are_reached),
          UNIT_TEST(no_other_address_is_in_any_form),
          UNIT_TEST(a_block_opens_what_it_holds_and_no_more),
          UNIT_TEST(socket_addresses_are_judged_alike), UNIT_TEST(listen_addresses_are_read),
          UNIT_TEST(what_is_not_a_listen_address_is_refused),
          UNIT_TEST(loopback_is_known_by_name_and_number))
