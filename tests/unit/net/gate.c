#include "net/gate.h"
#include "unit.h"

static void
the_first_leads_and_the_others_of_its_host_wait(void)
{
    struct gate_pass a, b, c, other;
    struct gate g;

    gate_init(&g);
    CHECK(gate_enter(&g, &a, "one.example", 0));
    CHECK(!gate_enter(&g, &b, "one.example", 0));
    CHECK(!gate_enter(&g, &c, "one.example", 0));
    CHECK(gate_enter(&g, &other, "two.example", 0));
    CHECK(gate_next_go(&g) == NULL);

    gate_found(&g, &a, 10);
    CHECK(gate_next_go(&g) == &b);
    CHECK(gate_next_go(&g) == &c);
    CHECK(gate_next_go(&g) == NULL);
    CHECK(gate_next_failed(&g) == NULL);
    gate_leave(&g, &other);
    gate_free(&g);
}

static void
a_host_once_found_is_known_for_a_while(void)
{
    struct gate_pass a, b, c;
    struct gate g;

    gate_init(&g);
    gate_enter(&g, &a, "h", 0);
    gate_found(&g, &a, 1000);
    CHECK(gate_enter(&g, &b, "h", 1000 + GATE_KNOWN_MS - 1));
    CHECK(!b.leads);
    CHECK(gate_enter(&g, &b, "h", 1000 + GATE_KNOWN_MS));
    CHECK(b.leads);
    CHECK(!gate_enter(&g, &c, "h", 1000 + GATE_KNOWN_MS));
    gate_leave(&g, &c);
    gate_leave(&g, &b);
    gate_free(&g);
}

static void
when_the_host_cannot_be_found_those_behind_need_not_try(void)
{
    struct gate_pass a, b, c;
    struct gate g;

    gate_init(&g);
    gate_enter(&g, &a, "h", 0);
    gate_enter(&g, &b, "h", 0);
    gate_failed(&g, &b);           /* does not lead: nothing happens */
    gate_failed(&g, &a);
    CHECK(gate_next_failed(&g) == &b);
    CHECK(gate_next_failed(&g) == NULL);
    CHECK(gate_next_go(&g) == NULL);
    CHECK(gate_enter(&g, &c, "h", 1));
    CHECK(c.leads);
    gate_leave(&g, &c);
    gate_free(&g);
}

static void
when_the_leader_leaves_the_next_one_leads(void)
{
    struct gate_pass a, b, c;
    struct gate g;

    gate_init(&g);
    gate_enter(&g, &a, "h", 0);
    gate_enter(&g, &b, "h", 0);
    gate_enter(&g, &c, "h", 0);
    gate_leave(&g, &b);
    gate_leave(&g, &a);
    gate_leave(&g, &a);
    CHECK(gate_next_go(&g) == &c);
    CHECK(c.leads);
    gate_leave(&g, &c);
    CHECK_INT(g.looking, 0);
    gate_free(&g);
}

static void
only_so_many_lookups_run_at_once(void)
{
    struct gate_pass p[GATE_LOOKUPS], late, later, behind;
    struct gate g;
    char host[16];

    gate_init(&g);
    for (int i = 0; i < GATE_LOOKUPS; i++) {
        snprintf(host, sizeof(host), "h%d", i);
        CHECK(gate_enter(&g, &p[i], host, 0));
    }
    CHECK(!gate_enter(&g, &late, "late", 0));
    CHECK(!gate_enter(&g, &later, "later", 0));
    CHECK(!gate_enter(&g, &behind, "late", 0));
    gate_found(&g, &p[3], 0);
    CHECK(gate_next_go(&g) == &late);
    CHECK(gate_next_go(&g) == NULL);
    gate_failed(&g, &p[5]);
    CHECK(gate_next_go(&g) == &later);
    gate_found(&g, &late, 0);
    CHECK(gate_next_go(&g) == &behind);
    CHECK(!behind.leads);
    gate_leave(&g, &later);
    for (int i = 0; i < GATE_LOOKUPS; i++)
        gate_leave(&g, &p[i]);
    CHECK_INT(g.looking, 0);
    gate_free(&g);
}

static void
one_that_left_is_not_waited_for(void)
{
    struct gate_pass p[GATE_LOOKUPS], late, later;
    struct gate g;
    char host[16];

    gate_init(&g);
    for (int i = 0; i < GATE_LOOKUPS; i++) {
        snprintf(host, sizeof(host), "h%d", i);
        gate_enter(&g, &p[i], host, 0);
    }
    gate_enter(&g, &late, "late", 0);
    gate_enter(&g, &later, "later", 0);
    gate_leave(&g, &late);
    gate_leave(&g, &p[0]);
    CHECK(gate_next_go(&g) == &later);
    gate_leave(&g, &later);
    for (int i = 0; i < GATE_LOOKUPS; i++)
        gate_leave(&g, &p[i]);
    CHECK_INT(g.looking, 0);
    gate_free(&g);
}

static void
thousands_of_hosts_do_not_stay(void)
{
    struct gate_pass p;
    struct gate g;
    char host[16];

    gate_init(&g);
    for (int i = 0; i < 10000; i++) {
        snprintf(host, sizeof(host), "h%d", i);
        gate_enter(&g, &p, host, i * 100);
        gate_found(&g, &p, i * 100);
    }
    CHECK(g.hosts.count < 5000);
    gate_free(&g);
}

UNIT_MAIN("net/gate", UNIT_TEST(the_first_leads_and_the_others_of_its_host_wait),
          UNIT_TEST(a_host_once_found_is_known_for_a_while),
          UNIT_TEST(when_the_host_cannot_be_found_those_behind_need_not_try),
          UNIT_TEST(when_the_leader_leaves_the_next_one_leads),
          UNIT_TEST(only_so_many_lookups_run_at_once), UNIT_TEST(one_that_left_is_not_waited_for),
          UNIT_TEST(thousands_of_hosts_do_not_stay))
