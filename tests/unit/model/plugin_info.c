#include "unit.h"

#include <hermod/plugin.h>

#include "model/plugin_info.h"

static struct arena arena;

static int
default_of(int type, const char *fallback, struct setting_value *ret)
{
    struct setting_info row = { .name = "x", .type = type, .fallback = fallback,
                                .choices = "eu|us|us-east", .min = 5, .max = 5000 };

    return setting_default(&arena, &row, ret);
}

static void
the_numbers_are_those_of_the_sdk(void)
{
    CHECK_INT(SETTING_STRING, HERMOD_T_STRING);
    CHECK_INT(SETTING_BOOL, HERMOD_T_BOOL);
    CHECK_INT(SETTING_INT, HERMOD_T_INT);
    CHECK_INT(SETTING_DURATION, HERMOD_T_DURATION);
    CHECK_INT(SETTING_CHOICE, HERMOD_T_CHOICE);
    CHECK_INT(SETTING_STRINGS, HERMOD_T_STRINGS);
    CHECK_INT(SETTING_MAP, HERMOD_T_MAP);
    CHECK_INT(SETTING_REQUIRED, HERMOD_REQUIRED);
    CHECK_INT(SETTING_SECRET, HERMOD_SECRET);
}

static void
every_type_has_a_name(void)
{
    for (int type = SETTING_STRING; type <= SETTING_MAP; type++)
        CHECK(setting_type_name(type) != NULL);
    CHECK_STR(setting_type_name(SETTING_STRINGS), "list of strings");
    CHECK(setting_type_name(0) == NULL);
    CHECK(setting_type_name(-1) == NULL);
    CHECK(setting_type_name(SETTING_MAP + 1) == NULL);
}

static void
a_row_without_a_default_is_not_set(void)
{
    struct setting_value v;

    for (int type = SETTING_STRING; type <= SETTING_MAP; type++) {
        CHECK_INT(default_of(type, NULL, &v), 0);
        CHECK(!v.set && v.number == 0 && v.count == 0);
        CHECK_STR(v.text, "");
    }
}

static void
defaults_are_read_by_their_type(void)
{
    struct setting_value v;

    CHECK_INT(default_of(SETTING_STRING, "https://x", &v), 0);
    CHECK(v.set);
    CHECK_STR(v.text, "https://x");
    CHECK_INT(default_of(SETTING_STRING, "", &v), 0);
    CHECK(v.set);
    CHECK_INT(default_of(SETTING_BOOL, "true", &v), 0);
    CHECK_INT(v.number, 1);
    CHECK_INT(default_of(SETTING_BOOL, "false", &v), 0);
    CHECK(v.set);
    CHECK_INT(v.number, 0);
    CHECK_INT(default_of(SETTING_INT, "5000", &v), 0);
    CHECK_INT(v.number, 5000);
    CHECK_INT(default_of(SETTING_DURATION, "5s", &v), 0);
    CHECK_INT(v.number, 5000);
    CHECK_INT(default_of(SETTING_CHOICE, "us-east", &v), 0);
    CHECK_STR(v.text, "us-east");
}

static void
a_default_that_does_not_fit_its_row_is_the_plugins_mistake(void)
{
    struct setting_value v = { .number = -7 };

    CHECK_INT(default_of(SETTING_BOOL, "yes", &v), -1);
    CHECK_INT(default_of(SETTING_INT, "4", &v), -1);
    CHECK_INT(default_of(SETTING_INT, "5001", &v), -1);
    CHECK_INT(default_of(SETTING_INT, "5x", &v), -1);
    CHECK_INT(default_of(SETTING_DURATION, "6s", &v), -1);
    CHECK_INT(default_of(SETTING_DURATION, "5", &v), -1);
    CHECK_INT(default_of(SETTING_CHOICE, "us-", &v), -1);
    CHECK_INT(default_of(SETTING_CHOICE, "", &v), -1);
    CHECK_INT(default_of(SETTING_CHOICE, "eu|us", &v), -1);
    CHECK_INT(default_of(SETTING_STRINGS, "a", &v), -1);
    CHECK_INT(default_of(SETTING_MAP, "a", &v), -1);
    CHECK_INT(default_of(99, "a", &v), -1);
    CHECK_INT(v.number, -7);
}

static void
a_row_without_a_range_takes_any_number(void)
{
    struct setting_info row = { .type = SETTING_INT, .fallback = "-9223372036854775808" };
    struct setting_value v;

    CHECK_INT(setting_default(&arena, &row, &v), 0);
    CHECK(v.number == INT64_MIN);
    row.choices = NULL;
    CHECK(!setting_has_choice(&row, "x"));
}

static uint64_t
mark_of(struct setting_info a, struct setting_info b)
{
    struct setting_info rows[] = { a, b };
    struct plugin_info p = { .settings = rows, .setting_count = 2 };

    return plugin_info_settings_mark(&p);
}

static void
two_tables_of_settings_are_told_apart(void)
{
    struct setting_info a = { .name = "a", .type = SETTING_INT, .max = 9, .help = "A." };
    struct setting_info b = { .name = "b", .type = SETTING_CHOICE, .choices = "x|y" };
    struct setting_info other;
    uint64_t mark = mark_of(a, b);

    CHECK(mark != 0);
    CHECK(mark_of(b, a) != mark);
    other = a;
    other.help = "Another sentence.";
    other.offset = 8;
    CHECK(mark_of(other, b) == mark);
    other.name = "c";
    CHECK(mark_of(other, b) != mark);
    other = a;
    other.type = SETTING_DURATION;
    CHECK(mark_of(other, b) != mark);
    other = a;
    other.flags = SETTING_SECRET;
    CHECK(mark_of(other, b) != mark);
    other = a;
    other.max = 10;
    CHECK(mark_of(other, b) != mark);
    other = b;
    other.choices = "x|y|z";
    CHECK(mark_of(a, other) != mark);
}

UNIT_MAIN("model/plugin_info", UNIT_TEST(the_numbers_are_those_of_the_sdk),
          UNIT_TEST(two_tables_of_settings_are_told_apart),
          UNIT_TEST(every_type_has_a_name), UNIT_TEST(a_row_without_a_default_is_not_set),
          UNIT_TEST(defaults_are_read_by_their_type),
          UNIT_TEST(a_default_that_does_not_fit_its_row_is_the_plugins_mistake),
          UNIT_TEST(a_row_without_a_range_takes_any_number))
