/* unit.h - a CUnit program for one host file: tests are functions named by a sentence,
   listed in UNIT_MAIN. Needs no registration elsewhere than the folder's files.mk. */
#ifndef HERMOD_TESTS_UNIT_H
#define HERMOD_TESTS_UNIT_H

#include <stdio.h>
#include <string.h>

#include <CUnit/Basic.h>

#define UNIT_TEST(fn) { #fn, fn }
#define UNIT_MAIN(suite_name, ...)                                              \
    int main(void)                                                              \
    {                                                                           \
        CU_TestInfo tests[] = { __VA_ARGS__, CU_TEST_INFO_NULL };               \
        CU_SuiteInfo suites[] = { { suite_name, NULL, NULL, NULL, NULL, tests }, \
                                  CU_SUITE_INFO_NULL };                         \
        unsigned failed;                                                        \
        if (CU_initialize_registry() != CUE_SUCCESS ||                          \
            CU_register_suites(suites) != CUE_SUCCESS)                          \
            return 99;                                                          \
        CU_basic_set_mode(CU_BRM_NORMAL);                                       \
        CU_basic_run_tests();                                                   \
        failed = CU_get_number_of_failures() + (CU_get_number_of_tests_run() == 0); \
        CU_cleanup_registry();                                                  \
        return failed ? 1 : 0;                                                  \
    }

/* Equal text; says both when it is not. */
#define CHECK_STR(got, want)                                                      \
    do {                                                                          \
        const char *got_ = (got), *want_ = (want);                                \
        if (strcmp(got_, want_) != 0)                                             \
            fprintf(stderr, "%s:%d: got \"%s\", wanted \"%s\"\n", __FILE__,       \
                    __LINE__, got_, want_);                                       \
        CU_ASSERT_STRING_EQUAL(got_, want_);                                      \
    } while (0)
#define CHECK_INT(got, want)                                                      \
    do {                                                                          \
        long long got_ = (long long)(got), want_ = (long long)(want);             \
        if (got_ != want_)                                                        \
            fprintf(stderr, "%s:%d: got %lld, wanted %lld\n", __FILE__, __LINE__, \
                    got_, want_);                                                 \
        CU_ASSERT_EQUAL(got_, want_);                                             \
    } while (0)
#define CHECK(cond) CU_ASSERT(cond)

#endif
