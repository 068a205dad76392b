#include "base/heap.h"
#include "base/mem.h"
#include "unit.h"

static unsigned seed = 7;

static unsigned
draw(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % below;
}

static void
an_empty_heap_has_no_minimum(void)
{
    struct heap h = { 0 };
    struct heap_node node = { 0 };

    CHECK(heap_min(&h) == NULL);
    heap_remove(&h, &node);
    heap_free(&h);
    heap_free(NULL);
}

static void
nodes_come_out_in_order(void)
{
    CLEANUP(heap_free) struct heap h = { 0 };
    struct heap_node nodes[500] = { 0 };
    int64_t last = INT64_MIN;

    for (size_t i = 0; i < ARRAY_LEN(nodes); i++)
        heap_set(&h, &nodes[i], (int64_t)draw(200) - 100);
    for (size_t i = 0; i < ARRAY_LEN(nodes); i++) {
        struct heap_node *min = heap_min(&h);

        CU_ASSERT_PTR_NOT_NULL_FATAL(min);
        CHECK(min->key >= last);
        last = min->key;
        heap_remove(&h, min);
        CHECK_INT(min->index, 0);
    }
    CHECK(heap_min(&h) == NULL);
}

/* Against a plain scan over all nodes, while nodes are put, moved and removed. */
static void
the_minimum_is_right_after_every_change(void)
{
    CLEANUP(heap_free) struct heap h = { 0 };
    struct heap_node nodes[64] = { 0 };

    for (int step = 0; step < 50000; step++) {
        struct heap_node *node = &nodes[draw(ARRAY_LEN(nodes))];
        size_t in = 0;
        int64_t min = INT64_MAX;

        if (draw(3) == 0)
            heap_remove(&h, node);
        else
            heap_set(&h, node, draw(1000));
        for (size_t i = 0; i < ARRAY_LEN(nodes); i++) {
            if (!nodes[i].index)
                continue;
            in++;
            if (nodes[i].key < min)
                min = nodes[i].key;
            if (h.nodes[nodes[i].index - 1] != &nodes[i])
                CU_FAIL_FATAL("a node does not know its place");
        }
        CU_ASSERT_EQUAL_FATAL(h.count, in);
        if (in)
            CU_ASSERT_EQUAL_FATAL(heap_min(&h)->key, min);
    }
}

static void
freeing_leaves_the_nodes_out_of_the_heap(void)
{
    struct heap h = { 0 };
    struct heap_node a = { 0 }, b = { 0 };

    heap_set(&h, &a, 1);
    heap_set(&h, &b, 2);
    heap_free(&h);
    CHECK_INT(a.index, 0);
    CHECK_INT(b.index, 0);
    heap_set(&h, &b, 5);
    CHECK(heap_min(&h) == &b);
    heap_free(&h);
}

UNIT_MAIN("base/heap",
    UNIT_TEST(an_empty_heap_has_no_minimum),
    UNIT_TEST(nodes_come_out_in_order),
    UNIT_TEST(the_minimum_is_right_after_every_change),
    UNIT_TEST(freeing_leaves_the_nodes_out_of_the_heap))
