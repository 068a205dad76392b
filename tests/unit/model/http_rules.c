#include "model/http_rules.h"
#include "unit.h"

/* "" for no problem. */
static const char *
said(const char *problem)
{
    return problem ? problem : "";
}

static void
urls_are_absolute_ascii_and_without_secrets(void)
{
    static const struct {
        const char *url, *want;
    } rows[] = {
        { "https://example.com", "" },
        { "HTTPS://Example.com/", "" },
        { "http://127.0.0.1:8080/hook?a=b&c=%20", "" },
        { "https://[2001:db8::1]:443/x", "" },
        { "https://a_b.example-1.com./~user/(x);y=1,2'*$!:@", "" },
        { "https://example.com?x=1", "" },
        { "", "is not an absolute URL that begins with https:// or http://" },
        { "example.com/hook", "is not an absolute URL that begins with https:// or http://" },
        { "/hook", "is not an absolute URL that begins with https:// or http://" },
        { "ftp://example.com/", "is not an absolute URL that begins with https:// or http://" },
        { "file:///etc/passwd", "is not an absolute URL that begins with https:// or http://" },
        { "https:///x", "has no host" },
        { "https://?x", "has no host" },
        { "https://:80/", "has no host" },
        { "https://user@example.com/",
          "has a user name or password in it: use a header instead" },
        { "https://user:pw@example.com/",
          "has a user name or password in it: use a header instead" },
        { "https://example.com\\@evil.com/",
          "has one of the characters \" < > \\ in it: write it as %XX" },
        { "https://example.com/#top", "has a fragment (#...), which is never sent" },
        { "https://example.com/a b", "has a space or a control character in it" },
        { "https://example.com/a\r\nX: y", "has a space or a control character in it" },
        { "https://example.com/\x7f", "has a space or a control character in it" },
        { "https://exämple.com/",
          "has a character outside ASCII in it: write a host as xn--..., the rest as %XX" },
        { "https://example.com/%2", "has a % that two hexadecimal digits do not follow" },
        { "https://example.com/100%", "has a % that two hexadecimal digits do not follow" },
        { "https://exa%6dple.com/", "has a character in its host that no host name has" },
        { "https://exa mple.com/", "has a space or a control character in it" },
        { "https://example.com:/", "has a port that is not a number from 1 to 65535" },
        { "https://example.com:0/", "has a port that is not a number from 1 to 65535" },
        { "https://example.com:65536/", "has a port that is not a number from 1 to 65535" },
        { "https://example.com:99999999999999999999/",
          "has a port that is not a number from 1 to 65535" },
        { "https://example.com:8o/", "has a port that is not a number from 1 to 65535" },
        { "https://[::1/", "has a host that is no IPv6 address in its brackets" },
        { "https://[]/", "has a host that is no IPv6 address in its brackets" },
        { "https://[::1]x/", "has a character in its host that no host name has" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(said(http_url_problem(rows[i].url)), rows[i].want) != 0)
            fprintf(stderr, "%s:\n", rows[i].url);
        CHECK_STR(said(http_url_problem(rows[i].url)), rows[i].want);
    }
}

static void
a_url_of_any_length_is_not_taken(void)
{
    static char url[10000];

    memset(url, 'a', sizeof(url) - 1);
    memcpy(url, "https://", 8);
    CHECK_STR(said(http_url_problem(url)), "is too long");
}

static void
header_names_are_tokens_and_not_the_hosts_own(void)
{
    static const char *const good[] = { "A", "X-Api-Key", "authorization", "webhook-id",
                                        "!#$%&'*+-.^_`|~9" };
    static const char *const none[] = { "", "A B", "A:", "A\r\nB", "Ä", "(x)", "a\"b", "a=b" };
    static const char *const own[] = { "Host", "host", "Content-Length", "content-length",
                                       "Transfer-Encoding", "Connection", "Upgrade", "TE",
                                       "Trailer", "Expect", "Keep-Alive", "Proxy-Authorization" };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK_STR(said(http_header_name_problem(good[i])), "");
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        CHECK_STR(said(http_header_name_problem(none[i])), "is not the name of a header");
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        CHECK_STR(said(http_header_name_problem(own[i])), "is a header that only the host sets");
}

static void
header_values_cannot_begin_another_line(void)
{
    const char *line = "has a line break or another control character in its value";

    CHECK_STR(said(http_header_value_problem("")), "");
    CHECK_STR(said(http_header_value_problem("Bearer abc, åäö")), "");
    CHECK_STR(said(http_header_value_problem("a\nb")), line);
    CHECK_STR(said(http_header_value_problem("a\r")), line);
    CHECK_STR(said(http_header_value_problem("a\tb")), line);
    CHECK_STR(said(http_header_value_problem("\x7f")), line);
}

static void
methods_are_upper_case_letters(void)
{
    CHECK_STR(said(http_method_problem("PATCH")), "");
    CHECK(http_method_problem("") != NULL);
    CHECK(http_method_problem("get") != NULL);
    CHECK(http_method_problem("GET /x HTTP/1.1\r\nA: b") != NULL);
    CHECK(http_method_problem("CONNECT") != NULL);
    CHECK(http_method_problem("TRACE") != NULL);
    CHECK(http_method_problem("ABCDEFGHIJKLMNOPQ") != NULL);
}

static void
statuses_have_their_registered_names(void)
{
    CHECK_STR(http_status_phrase(429), "Too Many Requests");
    CHECK_STR(http_status_phrase(410), "Gone");
    CHECK_STR(http_status_phrase(299), "");
    CHECK_STR(http_status_phrase(0), "");
}

UNIT_MAIN("model/http_rules", UNIT_TEST(urls_are_absolute_ascii_and_without_secrets),
          UNIT_TEST(a_url_of_any_length_is_not_taken),
          UNIT_TEST(header_names_are_tokens_and_not_the_hosts_own),
          UNIT_TEST(header_values_cannot_begin_another_line),
          UNIT_TEST(methods_are_upper_case_letters),
          UNIT_TEST(statuses_have_their_registered_names))
