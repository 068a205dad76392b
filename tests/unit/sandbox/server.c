/* The sandbox itself: state, faults, log. */
#include "box.h"

#define KEY "Authorization: Basic YW55OjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmLXVzMTk=\r\n"

static void
state_can_be_read_and_changed_at_any_path(void)
{
    struct box b;

    box_open(&b, KEY, "{\"sesamy\": {\"users\": {\"u1\": {\"email\": \"u1@a.no\"}}}}");
    BOX_PLAY(&b,
        { "GET", "/_sandbox", NULL, 200, "\"mailchimp\"", NULL },
        { "GET", "/_sandbox/state/sesamy/users/u1", NULL, 200, "\"u1@a.no\"", NULL },
        { "GET", "/_sandbox/state/sesamy/users/email%7Canna", NULL, 200, "anna@", NULL },
        { "PUT", "/_sandbox/sesamy/users/u%2F2", "{\"email\":\"b\"}", 200, "\"b\"", NULL },
        { "PATCH", "/_sandbox/sesamy/users/u%2F2", "{\"name\":\"c\"}", 200, "\"b\"", NULL },
        { "GET", "/_sandbox/sesamy/users/u%2F2/name", NULL, 200, "\"c\"", NULL },
        { "PUT", "/_sandbox/sesamy/users/u%2F2", "{\"name\":\"d\"}", 200, "\"d\"", "\"b\"" },
        { "PUT", "/_sandbox/sesamy/users/u%2F2/name/x", "1", 409, NULL, NULL },
        { "PUT", "/_sandbox/sesamy/users/u1", "{oops", 400, NULL, NULL },
        { "DELETE", "/_sandbox/sesamy/users/u%2F2", NULL, 204, NULL, NULL },
        { "DELETE", "/_sandbox/sesamy/users/u%2F2", NULL, 404, NULL, NULL },
        { "GET", "/_sandbox/nothing", NULL, 404, NULL, NULL },
        { "PUT", "/_sandbox/state", "{}", 405, NULL, NULL },
        { "GET", "/elsewhere", NULL, 404, "stand-in", NULL },
        { "GET", "/mailchimp/%zz", NULL, 400, NULL, NULL });
    box_close(&b);
}

static void
reset_brings_the_seed_back_and_ends_faults(void)
{
    struct box b;

    box_open(&b, KEY, "{\"sesamy\": {\"users\": {\"u1\": {\"email\": \"u1@a.no\"}}}}");
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/sesamy/users/u1", "{\"email\":\"x\"}", 200, NULL, NULL },
        { "PUT", "/_sandbox/faults", "{\"path\":\"/mailchimp\",\"script\":\"500x*\"}", 200,
          "500x*", NULL },
        { "GET", "/mailchimp/ping", NULL, 500, NULL, NULL },
        { "POST", "/_sandbox/reset", NULL, 204, NULL, NULL },
        { "GET", "/_sandbox/log", NULL, 200, "[\n]", NULL },
        { "GET", "/_sandbox/sesamy/users/u1", NULL, 200, "u1@a.no", NULL },
        { "GET", "/mailchimp/ping", NULL, 200, NULL, NULL });
    box_close(&b);
}

static void
a_script_of_faults_is_played_in_order_and_then_all_is_well(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults",
          "{\"path\":\"/mailchimp/ping\",\"script\":\"429x2, reset,500,garbage,403-empty,ok,"
          "slow=1ms\"}", 200, "429x2,reset,500,garbage,403-empty,ok,slow=1ms", NULL },
        { "GET", "/mailchimp/lists/a1b2c3d4e5", NULL, 200, NULL, NULL },
        { "GET", "/mailchimp/ping", NULL, 429, "Too Many Requests", NULL },
        { "GET", "/mailchimp/ping", NULL, 429, NULL, NULL },
        { "GET", "/mailchimp/ping", NULL, 0, NULL, NULL },
        { "GET", "/_sandbox/faults", NULL, 200, "\"500,garbage,403-empty,ok,slow=1ms\"", NULL },
        { "GET", "/mailchimp/ping", NULL, 500, "Internal Server Error", NULL },
        { "GET", "/mailchimp/ping", NULL, 200, "It works!", NULL },
        { "GET", "/mailchimp/ping", NULL, 403, "Content-Length: 0", NULL },
        { "GET", "/mailchimp/ping", NULL, 200, "Chimpy", NULL },
        { "GET", "/mailchimp/ping", NULL, 200, "Chimpy", NULL },
        { "GET", "/_sandbox/faults", NULL, 200, "[\n]", NULL },
        { "GET", "/mailchimp/ping", NULL, 200, "Chimpy", NULL });
    box_close(&b);
}

static void
a_fault_fits_a_method_and_a_new_script_takes_the_place_of_the_old(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults",
          "{\"path\":\"/mailchimp\",\"method\":\"PUT\",\"script\":\"503x9\"}", 200, NULL, NULL },
        { "GET", "/mailchimp/ping", NULL, 200, NULL, NULL },
        { "PUT", "/mailchimp/ping", NULL, 503, NULL, NULL },
        { "PUT", "/_sandbox/faults",
          "{\"path\":\"/mailchimp\",\"method\":\"PUT\",\"script\":\"\"}", 200, "[\n]", NULL },
        { "PUT", "/mailchimp/ping", NULL, 405, NULL, NULL });
    box_close(&b);
}

static void
a_script_that_is_none_is_refused_with_the_step_named(void)
{
    static const char *const wrong[] = { "200", "600", "429x0", "slow", "slow=2", "reset=2s",
                                         "500,,500", "resets", "429-empty=2s", "x3", "429x" };
    struct box b;

    box_open(&b, KEY, NULL);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(free_ptr) char *rule = xasprintf("{\"path\":\"/x\",\"script\":\"%s\"}", wrong[i]);

        box_check(&b, &(struct exchange){ "PUT", "/_sandbox/faults", rule, 400, "is no step",
                                          NULL });
    }
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults", "{\"path\":\"x\",\"script\":\"500\"}", 400, "path", NULL },
        { "PUT", "/_sandbox/faults", "[]", 400, "path", NULL },
        { "POST", "/_sandbox/faults", "{}", 405, NULL, NULL },
        { "GET", "/_sandbox/faults", NULL, 200, "[\n]", NULL });
    box_close(&b);
}

static void
the_log_counts_requests_and_keeps_bodies_and_refusals(void)
{
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "GET", "/mailchimp/ping", NULL, 200, NULL, NULL },
        { "POST", "/mailchimp/lists/a1b2c3d4e5/merge-fields", "{\"name\":\"x\"}", 400, NULL,
          NULL },
        { "GET", "/sesamy/management/users", NULL, 401, NULL, NULL },
        { "GET", "/_sandbox/log?vendor=sesamy", NULL, 200, "\"n\":3", "\"n\":2" },
        { "GET", "/_sandbox/log?after=1", NULL, 200, "\"name\":\"x\"", "\"n\":1" },
        { "GET", "/_sandbox/log?after=2", NULL, 200, "\"status\":401", "\"n\":2" },
        { "GET", "/_sandbox/log?after=x", NULL, 400, NULL, NULL },
        { "DELETE", "/_sandbox/log", NULL, 204, NULL, NULL },
        { "GET", "/_sandbox/log", NULL, 200, "[\n]", NULL });
    box_close(&b);
}

static void
a_seed_that_is_wrong_is_refused(void)
{
    static const char *const seeds[] = { "{oops", "[]", "{\"mailchump\": {}}",
                                         "{\"sesamy\": 1}" };

    for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
        const struct sandbox_options o = { .seed = seeds[i], .seed_len = strlen(seeds[i]) };
        struct loop *loop = loop_new();
        CLEANUP(free_ptr) char *error = NULL;

        CHECK(sandbox_new(loop, &o, &error) == NULL);
        CHECK(error != NULL && strstr(error, "seed") != NULL);
        loop_free(loop);
    }
}

static void
an_answer_that_is_slow_when_the_sandbox_ends_is_no_matter(void)
{
    struct client c;
    struct box b;

    box_open(&b, KEY, NULL);
    BOX_PLAY(&b,
        { "PUT", "/_sandbox/faults", "{\"path\":\"/mailchimp\",\"script\":\"slow=9m\"}", 200,
          NULL, NULL });
    client_open(&c, b.loop, sandbox_port(b.sandbox));
    client_send(&c, "GET /mailchimp/ping HTTP/1.1\r\nHost: x\r\n" KEY "\r\n");
    BOX_PLAY(&b, { "GET", "/_sandbox/log", NULL, 200, "slow", NULL });
    client_close(&c);
    box_close(&b);
}

UNIT_MAIN("sandbox/server",
          UNIT_TEST(state_can_be_read_and_changed_at_any_path),
          UNIT_TEST(reset_brings_the_seed_back_and_ends_faults),
          UNIT_TEST(a_script_of_faults_is_played_in_order_and_then_all_is_well),
          UNIT_TEST(a_fault_fits_a_method_and_a_new_script_takes_the_place_of_the_old),
          UNIT_TEST(a_script_that_is_none_is_refused_with_the_step_named),
          UNIT_TEST(the_log_counts_requests_and_keeps_bodies_and_refusals),
          UNIT_TEST(a_seed_that_is_wrong_is_refused),
          UNIT_TEST(an_answer_that_is_slow_when_the_sandbox_ends_is_no_matter))
