/* list.h - an intrusive doubly linked list. The links live in the members. */
#ifndef HERMOD_BASE_LIST_H
#define HERMOD_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

#define LIST_OF(node, type, member) \
    ((type *)(void *)((char *)(node) - offsetof(type, member)))
#define LIST_EACH(pos, head) \
    for (struct list *pos = (head)->next; pos != (head); pos = pos->next)
/* As LIST_EACH, and pos may be removed in the body. */
#define LIST_EACH_SAFE(pos, head)                                             \
    for (struct list *pos = (head)->next, *pos##_next = pos->next;            \
         pos != (head); pos = pos##_next, pos##_next = pos->next)

static inline void
list_init(struct list *l)
{
    l->next = l->prev = l;
}

static inline bool
list_empty(const struct list *l)
{
    return l->next == l;
}

static inline void
list_insert_before(struct list *where, struct list *node)
{
    node->prev = where->prev;
    node->next = where;
    where->prev->next = node;
    where->prev = node;
}

static inline void
list_push_back(struct list *head, struct list *node)
{
    list_insert_before(head, node);
}

static inline void
list_push_front(struct list *head, struct list *node)
{
    list_insert_before(head->next, node);
}

/* Leaves node as a list of its own, so that removing twice is harmless. */
static inline void
list_remove(struct list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

static inline struct list *
list_pop_front(struct list *head)
{
    struct list *node = head->next;

    if (node == head)
        return NULL;
    list_remove(node);
    return node;
}

#endif
