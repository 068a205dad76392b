#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "unit.h"

static int pipe_out = -1, real_stderr = -1;

/* A packet pipe keeps each write(2) apart. */
static void
capture(void)
{
    int fds[2];

    CU_ASSERT_FATAL(pipe2(fds, O_DIRECT | O_NONBLOCK | O_CLOEXEC) == 0);
    real_stderr = dup(STDERR_FILENO);
    dup2(fds[1], STDERR_FILENO);
    close(fds[1]);
    pipe_out = fds[0];
}

/* What each write(2) since capture() brought, and the same without its time. */
static char whole[16][4200];
static const char *line[16];

static void
release(void)
{
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        ssize_t n = read(pipe_out, whole[i], sizeof(whole[i]) - 1);
        const char *rest;

        whole[i][n > 0 ? n : 0] = '\0';
        rest = strstr(whole[i], " level=");
        line[i] = rest ? rest + 1 : whole[i];
    }
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    close(pipe_out);
}

static void
a_line_is_logfmt_in_one_write(void)
{
    capture();
    log_setup("core", LOG_INFO_);
    log_warn("runner died", log_s("plugin", "x"), log_i("status", 9));
    log_error("alone");
    release();
    CHECK_STR(line[0], "level=warn role=core msg=\"runner died\" plugin=x status=9\n");
    CHECK_STR(line[1], "level=error role=core msg=alone\n");
    CHECK_STR(line[2], "");
}

static void
lines_start_with_the_time_in_utc(void)
{
    regex_t re;

    capture();
    log_info("x");
    release();
    CU_ASSERT_FATAL(regcomp(&re, "^ts=20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:"
                                 "[0-6][0-9]\\.[0-9]{3}Z level=info ", REG_EXTENDED) == 0);
    CHECK_INT(regexec(&re, whole[0], 0, NULL, 0), 0);
    regfree(&re);
}

static void
lines_below_the_level_are_dropped(void)
{
    capture();
    log_setup("core", LOG_WARN_);
    log_info("quiet");
    log_setup("core", LOG_DEBUG_);
    log_debug("loud");
    release();
    CHECK_STR(line[0], "level=debug role=core msg=loud\n");
    CHECK_STR(line[1], "");
}

static void
a_value_cannot_forge_a_line_or_a_field(void)
{
    static const char *const rows[][2] = {
        { "plain", "plain" },
        { "", "\"\"" },
        { "two words", "\"two words\"" },
        { "a=b", "\"a=b\"" },
        { "say \"x\"", "\"say \\\"x\\\"\"" },
        { "back\\slash", "\"back\\\\slash\"" },
        { "x\nlevel=error", "\"x\\nlevel=error\"" },
        { "\r\t", "\"\\r\\t\"" },
        { "\x1b[31m", "\"\\x1b[31m\"" },
        { "\x7f", "\"\\x7f\"" },
        { "\xc2\x9b" "31m", "\"\\x9b31m\"" },     /* CSI as one C1 control */
        { "Malmö", "\"Malmö\"" },
        { "bad\xff", "\"bad\\xff\"" },
        { "cut\xc3", "\"cut\\xc3\"" },
    };
    char want[512];

    capture();
    log_setup("r", LOG_INFO_);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        log_info("m", log_s("v", rows[i][0]), log_s("after", NULL));
    release();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        snprintf(want, sizeof(want), "level=info role=r msg=m v=%s after=\"\"\n", rows[i][1]);
        CHECK_STR(line[i], want);
    }
}

static void
long_values_are_cut_and_the_fields_behind_them_stay(void)
{
    char *huge = xmalloc(100001);

    memset(huge, 'x', 100000);
    huge[100000] = '\0';
    capture();
    log_info("m", log_s("v", huge), log_i("last", INT64_MIN));
    release();
    CHECK(strstr(line[0], "xxx...\" last=-9223372036854775808\n") != NULL);
    memset(huge, '\n', 100000);
    capture();
    log_info(huge, log_s("a", huge), log_s("b", huge), log_s("c", huge), log_s("d", huge),
             log_s("e", "small"));
    release();
    CHECK(strlen(whole[0]) <= 4096);
    CHECK(strlen(whole[0]) > 3000);
    CHECK(strchr(whole[0], '\n') == whole[0] + strlen(whole[0]) - 1);
    CHECK_STR(line[1], "");
    free(huge);
}

static void
a_cut_never_splits_a_character(void)
{
    char *text = xmalloc(2002);

    for (size_t i = 0; i < 2000; i += 2)
        memcpy(text + 1 + i, "ö", 2);
    text[0] = '-';
    text[2001] = '\0';
    capture();
    log_info("m", log_s("v", text), log_i("n", 1));
    log_info("m", log_s("v", text + 1), log_i("n", 1));
    release();
    for (size_t i = 0; i < 2; i++) {
        CHECK(utf8_valid(line[i], strlen(line[i])));
        CHECK(strstr(line[i], "ö...\" n=1\n") != NULL);
    }
    free(text);
}

static void
a_closed_log_is_harmless_and_errno_stays(void)
{
    int saved = dup(STDERR_FILENO), after;

    close(STDERR_FILENO);
    errno = EDOM;
    log_error("nobody hears");
    after = errno;
    dup2(saved, STDERR_FILENO);
    close(saved);
    CHECK_INT(after, EDOM);
}

static void
levels_have_names(void)
{
    CHECK_INT(log_level_of("debug"), LOG_DEBUG_);
    CHECK_INT(log_level_of("info"), LOG_INFO_);
    CHECK_INT(log_level_of("warn"), LOG_WARN_);
    CHECK_INT(log_level_of("error"), LOG_ERROR_);
    CHECK_INT(log_level_of("loud"), -1);
}

UNIT_MAIN("base/log",
    UNIT_TEST(a_line_is_logfmt_in_one_write),
    UNIT_TEST(lines_start_with_the_time_in_utc),
    UNIT_TEST(lines_below_the_level_are_dropped),
    UNIT_TEST(a_value_cannot_forge_a_line_or_a_field),
    UNIT_TEST(long_values_are_cut_and_the_fields_behind_them_stay),
    UNIT_TEST(a_cut_never_splits_a_character),
    UNIT_TEST(a_closed_log_is_harmless_and_errno_stays),
    UNIT_TEST(levels_have_names))
