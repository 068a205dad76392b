/* Expected values: the numbers of Google's libphonenumber 9.0.43 for the same input, where it
   calls them possible; "" where no number can be meant. */
#include "model/phone.h"
#include "unit.h"

struct row {
    const char *number, *country, *want;
};

static void
check(const struct row *rows, size_t count)
{
    char out[PHONE_MAX + 1];

    for (size_t i = 0; i < count; i++) {
        bool good = phone_e164(rows[i].number, rows[i].country, out);

        if (strcmp(out, rows[i].want) != 0)
            fprintf(stderr, "\"%s\" in \"%s\":\n", rows[i].number, rows[i].country);
        CHECK_STR(out, rows[i].want);
        CHECK(good == (rows[i].want[0] != '\0'));
    }
}
#define CHECK_ROWS(...)                                      \
    do {                                                     \
        static const struct row rows_[] = { __VA_ARGS__ };   \
        check(rows_, sizeof(rows_) / sizeof(rows_[0]));      \
    } while (0)

static void
numbers_with_a_country_prefix_need_no_country(void)
{
    CHECK_ROWS({ "+46701234567", "", "+46701234567" },
               { "+46 70 123 45 67", "", "+46701234567" },
               { "+47 912 34 567", "SE", "+4791234567" },
               { "004791234567", "", "+4791234567" },
               { "0046701234567", "", "+46701234567" },
               { "001 650 555 1212", "SE", "+16505551212" },
               { "011 46 70 123 45 67", "US", "+46701234567" },
               { "+45 20 12 34 56", "", "+4520123456" },
               { "+358401234567", "", "+358401234567" },
               { "+354 611 1234", "", "+3546111234" },
               { "+1 800-555-0100", "", "+18005550100" },
               { "+11234567890", "", "+11234567890" },
               { "+353 85 123 4567", "", "+353851234567" });
}

static void
a_trunk_zero_behind_the_country_prefix_falls_away_but_not_in_italy(void)
{
    CHECK_ROWS({ "+46 (0)70-123 45 67", "", "+46701234567" },
               { "+46070 123 45 67", "", "+46701234567" },
               { "+44 (0)20 7946 0958", "", "+442079460958" },
               { "+45 (0)20 12 34 56", "", "+4520123456" },
               { "+39 06 1234 5678", "", "+390612345678" },
               { "+39 (0)6 1234 5678", "", "+390612345678" });
}

static void
national_numbers_take_the_country_given(void)
{
    CHECK_ROWS({ "070-123 45 67", "SE", "+46701234567" },
               { "070-123 45 67", "se", "+46701234567" },
               { "08-123 456 78", "SE", "+46812345678" },
               { "912 34 567", "NO", "+4791234567" },
               { "30 12 34 56", "DK", "+4530123456" },
               { "040 123 4567", "FI", "+358401234567" },
               { "0151 23456789", "DE", "+4915123456789" },
               { "030 123456", "DE", "+4930123456" },
               { "020 7946 0958", "GB", "+442079460958" },
               { "(650)555-1212", "US", "+16505551212" },
               { "1-650-555-1212", "US", "+16505551212" },
               { "06 12 34 56 78", "FR", "+33612345678" },
               { "0612345678", "NL", "+31612345678" },
               { "0470 12 34 56", "BE", "+32470123456" },
               { "0664 1234567", "AT", "+436641234567" },
               { "079 123 45 67", "CH", "+41791234567" },
               { "612 34 56 78", "ES", "+34612345678" },
               { "06 1234 5678", "IT", "+390612345678" },
               { "347 123 4567", "IT", "+393471234567" },
               { "512 345 678", "PL", "+48512345678" },
               { "611 1234", "IS", "+3546111234" },
               { "06 20 123 4567", "HU", "+36201234567" },
               { "0412 345 678", "AU", "+61412345678" },
               { "0532 123 45 67", "TR", "+905321234567" });
}

static void
what_spreadsheets_leave_out_is_put_back(void)
{
    CHECK_ROWS({ "701234567", "SE", "+46701234567" },
               { "46701234567", "SE", "+46701234567" },
               { "4798765432", "NO", "+4798765432" });
}

static void
people_write_numbers_in_many_ways(void)
{
    CHECK_ROWS({ "tel:+46701234567", "", "+46701234567" },
               { "+46/70/1234567", "", "+46701234567" },
               { "+46\u00a070\u00a0123\u00a045\u00a067", "", "+46701234567" },
               { "070\u2011123\u201345\u201367", "SE", "+46701234567" },
               { "\uff0b46701234567", "", "+46701234567" },
               { "  +46 70.123.45.67 ", "", "+46701234567" });
}

static void
a_country_without_a_row_gets_what_e164_says(void)
{
    CHECK_ROWS({ "+81 90 1234 5678", "", "+819012345678" },
               { "+81 (0)90 1234 5678", "", "" },
               { "090 1234 5678", "JP", "" });
}

static void
what_cannot_be_a_number_gives_nothing(void)
{
    CHECK_ROWS({ "", "SE", "" }, { "+", "SE", "" }, { "0", "SE", "" }, { "abc", "SE", "" },
               { "070-123 45 67 ext 5", "SE", "" }, { "0701234567", "", "" },
               { "0701234567", "XX", "" }, { "1234567", "SE", "" }, { "05-123", "SE", "" },
               { "12345678901234567", "SE", "" }, { "+4612345678901", "", "" },
               { "+0701234567", "", "" }, { "+4712345678901234", "", "" },
               { "+46+701234567", "", "" }, { "070-123\xff", "SE", "" },
               { "000000000000000000000000000000000000000000000", "SE", "" });
}

UNIT_MAIN("model/phone", UNIT_TEST(numbers_with_a_country_prefix_need_no_country),
          UNIT_TEST(a_trunk_zero_behind_the_country_prefix_falls_away_but_not_in_italy),
          UNIT_TEST(national_numbers_take_the_country_given),
          UNIT_TEST(what_spreadsheets_leave_out_is_put_back),
          UNIT_TEST(people_write_numbers_in_many_ways),
          UNIT_TEST(a_country_without_a_row_gets_what_e164_says),
          UNIT_TEST(what_cannot_be_a_number_gives_nothing))
