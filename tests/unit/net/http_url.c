#include <string.h>

#include "net/http_handle.h"
#include "unit.h"

/* The host that is looked up, or "" when there is nothing to look up. */
static const char *
host_of(const char *url)
{
    static char host[HTTP_HOST_MAX];

    return http_url_host(url, host) ? host : "";
}

static void
the_host_is_found_in_any_url(void)
{
    CHECK_STR(host_of("https://api.example.com/3.0/lists"), "api.example.com");
    CHECK_STR(host_of("http://example.com"), "example.com");
    CHECK_STR(host_of("http://example.com:8080/x"), "example.com");
    CHECK_STR(host_of("http://example.com?q=http://other"), "example.com");
    CHECK_STR(host_of("http://example.com#x@y"), "example.com");
    CHECK_STR(host_of("http://user:p%40ss@example.com/"), "example.com");
    CHECK_STR(host_of("http://a@b@example.com:1/"), "example.com");
}

static void
numbers_and_localhost_need_no_lookup(void)
{
    CHECK_STR(host_of("http://127.0.0.1:80/"), "");
    CHECK_STR(host_of("http://[::1]:80/"), "");
    CHECK_STR(host_of("http://LocalHost/"), "");
    CHECK_STR(host_of("http://localhost.example/"), "localhost.example");
}

static void
what_is_no_url_has_no_host(void)
{
    char url[400] = "http://";

    CHECK_STR(host_of(""), "");
    CHECK_STR(host_of("example.com/x"), "");
    CHECK_STR(host_of("http:///x"), "");
    memset(url + 7, 'a', 300);
    CHECK_STR(host_of(url), "");
}

UNIT_MAIN("net/http_url", UNIT_TEST(the_host_is_found_in_any_url),
          UNIT_TEST(numbers_and_localhost_need_no_lookup),
          UNIT_TEST(what_is_no_url_has_no_host))
