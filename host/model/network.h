/* network.h - addresses: CIDR blocks, and which addresses a request may reach. Pure. */
#ifndef HERMOD_MODEL_NETWORK_H
#define HERMOD_MODEL_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct cidr {
    uint8_t addr[16];              /* IPv4 as ::ffff:a.b.c.d */
    uint8_t bits;                  /* 0..128 over the 16 bytes */
};

/* "10.1.0.0/16", "fd00::/8", "127.0.0.1". Host bits must be 0. 0 or -1. */
int cidr_parse(const char *text, struct cidr *ret);
void cidr_text(const struct cidr *c, char out[64]);

/* May a request go to this address? Public unicast always; everything else (private,
   loopback, link-local, shared, documentation, multicast, reserved; and IPv6 forms that
   carry such an IPv4 address: mapped, NAT64, 6to4) only when a block of `allow` holds it. */
bool network_allowed(const struct sockaddr *sa, const struct cidr *allow, size_t count);
/* As above for a numeric address, as libcurl hands it. An unreadable one: false. */
bool network_allowed_text(const char *ip, const struct cidr *allow, size_t count);

/* "127.0.0.1:8470", "[::1]:8470", ":8470" (all addresses: the host is then ""), port 0 for
   any. The host comes without brackets. 0 or -1. out_host has room for 64. */
int listen_parse(const char *text, char *out_host, uint16_t *ret_port);
bool host_is_loopback(const char *host);

#endif
