#include "model/decimal.h"
#include "unit.h"

static void
only_json_numbers_are_numbers(void)
{
    static const char *const good[] = { "0", "-0", "1", "-12", "99.90", "0.5", "1e5", "1E+5",
                                        "1.5e-10", "123456789012345678901234567890" };
    static const char *const bad[] = { "", "-", "+1", "01", ".5", "1.", "1e", "1e+", "0x1", "NaN",
                                       "Infinity", "1 ", " 1", "1,5", "--1", "1.2.3" };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (!decimal_valid(good[i]))
            CU_FAIL_FATAL("a number was refused");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (decimal_valid(bad[i]))
            CU_FAIL_FATAL("something else was taken for a number");
    CHECK_INT(decimal_scan("12]", 3), 2);
    CHECK_INT(decimal_scan("1.x", 3), 0);
    CHECK_INT(decimal_scan("12", 1), 1);
}

static void
numbers_are_equal_by_value(void)
{
    CHECK(decimal_equal("99.90", "99.9"));
    CHECK(decimal_equal("1e2", "100"));
    CHECK(decimal_equal("100", "1.00E+2"));
    CHECK(decimal_equal("0.00120", "1.2e-3"));
    CHECK(decimal_equal("-0", "0.000"));
    CHECK(decimal_equal("0e99", "0"));
    CHECK(decimal_equal("1234567890123456789012.50", "12345678901234567890125e-1"));
    CHECK(decimal_equal("10.10", "1.01e1"));
    CHECK(!decimal_equal("1", "-1"));
    CHECK(!decimal_equal("1", "10"));
    CHECK(!decimal_equal("1.01", "1.1"));
    CHECK(!decimal_equal("9007199254740993", "9007199254740992"));
    CHECK(!decimal_equal("12", "120"));
}

static void
whole_numbers_are_read_exactly(void)
{
    int64_t n = 7;

    CHECK(decimal_int("12", &n) && n == 12);
    CHECK(decimal_int("-12.000", &n) && n == -12);
    CHECK(decimal_int("1.2e1", &n) && n == 12);
    CHECK(decimal_int("120e-1", &n) && n == 12);
    CHECK(decimal_int("0", &n) && n == 0);
    CHECK(decimal_int("9223372036854775807", &n) && n == INT64_MAX);
    CHECK(decimal_int("-9223372036854775808", &n) && n == INT64_MIN);
    n = 7;
    CHECK(!decimal_int("9223372036854775808", &n));
    CHECK(!decimal_int("-9223372036854775809", &n));
    CHECK(!decimal_int("1.5", &n));
    CHECK(!decimal_int("1e30", &n));
    CHECK(!decimal_int("1e-1", &n));
    CHECK_INT(n, 7);
}

UNIT_MAIN("model/decimal", UNIT_TEST(only_json_numbers_are_numbers),
          UNIT_TEST(numbers_are_equal_by_value), UNIT_TEST(whole_numbers_are_read_exactly))
