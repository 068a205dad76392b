#include <stdlib.h>

#include "base/text.h"
#include "model/subscriber.h"
#include "model/tags.h"
#include "unit.h"

static struct arena arena;
static const char *const none[] = { NULL };

/* What a tag depends on; the rest is empty. */
static struct hermod_subscriber
subscriber(void)
{
    static const struct hermod_contract *const contracts[] = { NULL };
    static const struct hermod_entitlement *const entitlements[] = { NULL };
    static const struct hermod_product *const products[] = { NULL };

    return (struct hermod_subscriber){ .tags = none, .contracts = contracts,
                                       .entitlements = entitlements,
                                       .active_products = products };
}

/* Both end with NULL. */
static void
are(const char *const *got, const char *const *want)
{
    size_t i = 0;

    for (; got[i] && want[i]; i++)
        CHECK_STR(got[i], want[i]);
    CHECK_STR(got[i] ? got[i] : "(end)", want[i] ? want[i] : "(end)");
}

#define ARE(got, ...) are(got, (const char *const[]){ __VA_ARGS__, NULL })

static const char *const *
custom(const char *a, const char *b)
{
    struct hermod_subscriber s = subscriber();

    s.tags = (const char *const[]){ a, b, NULL };
    return tags_wanted(&arena, &s);
}

static const char *const *
entitled(const char *type, const char *title, bool active)
{
    const struct hermod_product p = { .sku = "", .title = title, .type = type, .option_id = "",
                                      .option_title = "" };
    const struct hermod_entitlement e = { .product = &p, .active = active };
    struct hermod_subscriber s = subscriber();

    s.entitlements = (const struct hermod_entitlement *const[]){ &e, NULL };
    return tags_wanted(&arena, &s);
}

static const char *const *
active(const char *sku, const char *option)
{
    const struct hermod_product p = { .sku = sku, .title = "T", .type = "", .option_id = option,
                                      .option_title = "" };
    struct hermod_subscriber s = subscriber();

    s.active_products = (const struct hermod_product *const[]){ &p, NULL };
    return tags_wanted(&arena, &s);
}

static void
each_state_has_its_tag(void)
{
    const struct hermod_contract k = { .state = HERMOD_CONTRACT_OVERDUE };
    struct hermod_subscriber s = subscriber();

    are(tags_wanted(&arena, &s), none);
    s.active_subscriptions = 2;
    ARE(tags_wanted(&arena, &s), "sesamy_active_subscriber");
    s = subscriber();
    s.contracts = (const struct hermod_contract *const[]){ &k, NULL };
    ARE(tags_wanted(&arena, &s), "sesamy_overdue_contract");
    s = subscriber();
    s.has_external = true;
    ARE(tags_wanted(&arena, &s), "sesamy_has_external_access");
    s = subscriber();
    s.has_gifted = true;
    ARE(tags_wanted(&arena, &s), "sesamy_has_gifted_subscription");
    s = subscriber();
    s.made_single_purchase = true;
    ARE(tags_wanted(&arena, &s), "sesamy_made_single_purchase");
    arena_free(&arena);
}

static void
each_pattern_gives_the_documented_tag(void)
{
    ARE(entitled("publication", "Premium Magazine", true),
        "sesamy_active_entitlement_publication-premium-magazine");
    ARE(active("mag-001", "po-123"), "sesamy_active_sku_mag-001",
        "sesamy_active_sku_po_mag-001-po-123");
    ARE(active("mag-001", ""), "sesamy_active_sku_mag-001");
    ARE(custom("vip", "A b"), "sesamy_tag_A b", "sesamy_tag_vip");
    arena_free(&arena);
}

static void
titles_become_readable_and_ids_stay_as_they_are(void)
{
    ARE(entitled("article", "Åre – Köping & Straße", true),
        "sesamy_active_entitlement_article-are-koping-strasse");
    ARE(entitled("", "Ærø", true), "sesamy_active_entitlement_aero");
    ARE(entitled("physical_issue", "No. 7", true),
        "sesamy_active_entitlement_physical-issue-no-7");
    ARE(active("sid:fGb4GbMUclADQtBxoX1rl", "VDuH_poxq"),
        "sesamy_active_sku_po_sid:fGb4GbMUclADQtBxoX1rl-VDuH_poxq",
        "sesamy_active_sku_sid:fGb4GbMUclADQtBxoX1rl");
    arena_free(&arena);
}

static void
what_leaves_nothing_gives_no_tag(void)
{
    are(entitled("article", "!!!", true), none);
    are(entitled("article", "", true), none);
    are(entitled("article", "A", false), none);
    are(active("", "po"), none);
    are(custom("", ""), none);
    are(custom("\n\x7f", " \u00a0"), none);
    arena_free(&arena);
}

static void
control_characters_are_left_out(void)
{
    ARE(custom("a\r\nb\x1b\x7f\xc2\x85"
               "c\xff\xc3", "ok"), "sesamy_tag_abc", "sesamy_tag_ok");
    arena_free(&arena);
}

static void
ninety_nine_characters_are_kept_and_none_is_cut_in_two(void)
{
    char long_a[201] = "", want[300] = "sesamy_tag_";

    for (int i = 0; i < 100; i++)
        memcpy(long_a + 2 * i, "å", 3);
    for (int i = 0; i < 99 - 11; i++)
        memcpy(want + 11 + 2 * i, "å", 3);
    ARE(custom(long_a, ""), want);
    CHECK_INT(utf8_count(want, strlen(want)), 99);
    long_a[2 * 88] = '\0';                 /* exactly as long as it may be */
    ARE(custom(long_a, ""), want);
    arena_free(&arena);
}

static void
doubles_are_removed_after_cutting_and_the_rest_is_sorted(void)
{
    char one[200], two[200], want[200] = "sesamy_tag_";

    memset(one, 'x', 150);
    memcpy(one + 150, "1", 2);
    memset(two, 'x', 150);
    memcpy(two + 150, "2", 2);
    memset(want + 11, 'x', 88);
    want[99] = '\0';
    ARE(custom(one, two), want);
    ARE(custom("b", "B"), "sesamy_tag_B", "sesamy_tag_b");
    arena_free(&arena);
}

static void
lists_of_others_keep_what_is_not_ours(void)
{
    static const char *const want[] = { "sesamy_a", "sesamy_b", NULL };
    static const char *const there[] = { "news", "sesamy_b", "sesamy_old", "sesamy",
                                         "Sesamy_x", "sesamy_old", "", NULL };

    ARE(tags_merge(&arena, want, there), "news", "sesamy", "Sesamy_x", "", "sesamy_a",
        "sesamy_b");
    ARE(tags_missing(&arena, want, there), "sesamy_a");
    ARE(tags_stale(&arena, want, there), "sesamy_old");
    are(tags_merge(&arena, none, none), none);
    are(tags_missing(&arena, want, want), none);
    are(tags_stale(&arena, want, want), none);
    arena_free(&arena);
}

/* ---- the four rules, on 10,000 subscribers ---- */

static uint64_t state = 20251110;

static unsigned
dice(unsigned sides)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % sides;
}

/* Of pieces that hurt; some are our own prefix. */
static const char *
text(void)
{
    static const char *const pieces[] = {
        "a", "Z", "0", " ", "-", "_", ":", "å", "ß", "\u20ac", "\U0001f600", "e\u0301", "\n",
        "\x7f", "\xc2\x85", "\xff", "\xe2\x82", "sesamy_", "Premium Magazine", "|", "日本",
    };
    char out[4096];
    size_t len = 0, n = dice(4) == 0 ? dice(140) : dice(12);

    while (n-- > 0) {
        const char *p = pieces[dice(ARRAY_LEN(pieces))];

        memcpy(out + len, p, strlen(p));
        len += strlen(p);
    }
    return arena_memdup0(&arena, out, len);
}

static const char *
pick(const char *a, const char *b, const char *c)
{
    const char *const of[] = { a, b, c };

    return of[dice(3)];
}

static void
random_contract(struct contract_facts *k)
{
    struct hermod_product *items = arena_alloc(&arena, 3 * sizeof(*items));

    *k = (struct contract_facts){
        .id = pick("c1", "c2", "c3"), .name = text(), .user_id = pick("u1", "u2", ""),
        .status = pick("ACTIVE", "overdue", "CANCELED"), .is_active = dice(3),
        .duration = pick("RECURRING", "PERPETUAL", ""), .interval = pick("MONTH", "", ""),
        .created_at = pick("2025-01-01T00:00:00Z", "", "x"), .expires_at = "",
        .next_bill_at = "", .cancel_requested_at = "", .will_cancel_at = "", .price = "",
        .currency = "", .issues_remaining = (int64_t)dice(9) - 1, .items = items,
        .item_count = dice(4),
    };
    for (size_t i = 0; i < k->item_count; i++)
        items[i] = (struct hermod_product){ text(), text(), "", pick("", "po", text()), "" };
}

static const struct hermod_subscriber *
random_subscriber(void)
{
    static const struct hermod_address nowhere = { "", "", "", "", "", "", "" };
    struct subscriber_facts *f = arena_alloc(&arena, sizeof(*f));
    struct contract_facts *k = arena_alloc(&arena, 4 * sizeof(*k));
    struct entitlement_facts *e = arena_alloc(&arena, 6 * sizeof(*e));
    const char **tags = arena_alloc(&arena, 6 * sizeof(*tags));

    for (size_t i = 0, n = dice(6); i < n; i++)
        tags[i] = text();
    *f = (struct subscriber_facts){
        .profile = { .id = "u1", .email = "", .first_name = "", .given_name = "",
                     .last_name = "", .family_name = "", .mobile_phone = "",
                     .phone_number = "", .work_phone = "", .home_phone = "", .company = "",
                     .locale = "", .created_at = "", .tags = tags, .billing = nowhere,
                     .delivery = nowhere },
        .contracts = k, .contract_count = dice(5), .entitlements = e,
        .entitlement_count = dice(7),
    };
    for (size_t i = 0; i < f->contract_count; i++)
        random_contract(&k[i]);
    for (size_t i = 0; i < f->entitlement_count; i++)
        e[i] = (struct entitlement_facts){
            .id = "e", .has_access = dice(2),
            .product = { text(), text(), pick("article", "publication", ""),
                         pick("", "po", text()), "" },
            .origin = pick("PAYMENTS", "EXTERNAL", ""), .contract_id = pick("c1", "c4", ""),
            .created_at = "", .expires_at = pick("", "2020-01-01T00:00:00Z", "x"),
        };
    return subscriber_make(&arena, f, 1762776001000);
}

static size_t
count_of(const char *const *list, const char *tag)
{
    size_t n = 0;

    for (; *list; list++)
        n += strcmp(*list, tag) == 0;
    return n;
}

/* Foreign ones, right ones and stale ones, as another service might hold them. */
static const char *const *
random_existing(const char *const *wanted)
{
    const char **list = arena_alloc(&arena, 64 * sizeof(*list));
    size_t n = 0;

    for (; *wanted && n < 20; wanted++)
        if (dice(2))
            list[n++] = *wanted;
    for (size_t i = dice(8); i > 0; i--)
        list[n++] = pick(text(), arena_printf(&arena, "sesamy_%s", text()), "sesamy");
    return list;
}

/* What is wrong with these tags; NULL when nothing is. */
static const char *
wrong_with_wanted(const char *const *wanted)
{
    for (size_t i = 0; wanted[i]; i++) {
        size_t len = strlen(wanted[i]);

        if (strncmp(wanted[i], "sesamy_", 7) != 0)
            return "one that does not begin with sesamy_";
        if (!utf8_valid(wanted[i], len))
            return "a character cut in two";
        if (utf8_count(wanted[i], len) > 99)
            return "more than 99 characters";
        if (count_of(wanted, wanted[i]) != 1)
            return "one that comes twice";
        if (i > 0 && strcmp(wanted[i - 1], wanted[i]) > 0)
            return "not sorted";
    }
    return NULL;
}

/* Every list there is ends as foreign + right. */
static const char *
wrong_with_lists(const char *const *wanted, const char *const *there)
{
    const char *const *merged = tags_merge(&arena, wanted, there);
    const char *const *missing = tags_missing(&arena, wanted, there);
    const char *const *stale = tags_stale(&arena, wanted, there);

    for (size_t i = 0; there[i]; i++) {
        bool ours = strncmp(there[i], "sesamy_", 7) == 0;

        if (!ours && count_of(merged, there[i]) != count_of(there, there[i]))
            return "a foreign tag lost in the merged list";
        if (!ours && count_of(stale, there[i]))
            return "a foreign tag among the stale ones";
        if (ours && count_of(stale, there[i]) != (count_of(wanted, there[i]) ? 0 : 1))
            return "not exactly the stale ones are stale";
        if (ours && count_of(merged, there[i]) != count_of(wanted, there[i]))
            return "a stale tag in the merged list";
    }
    for (size_t i = 0; wanted[i]; i++) {
        if (count_of(merged, wanted[i]) != 1)
            return "a right tag lost in the merged list";
        if (count_of(missing, wanted[i]) != (count_of(there, wanted[i]) ? 0 : 1))
            return "not exactly the missing ones are missing";
    }
    for (; *missing; missing++)
        if (!count_of(wanted, *missing))
            return "one that is not wanted among the missing";
    return NULL;
}

static void
ten_thousand_random_subscribers_obey_the_four_rules(void)
{
    size_t longest = 0, tags = 0;

    for (int round = 0; round < 10000; round++) {
        const struct hermod_subscriber *s = random_subscriber();
        const char *const *wanted = tags_wanted(&arena, s);
        const char *wrong = wrong_with_wanted(wanted);

        if (!wrong)
            wrong = wrong_with_lists(wanted, random_existing(wanted));
        if (wrong)
            fprintf(stderr, "subscriber %d: %s\n", round, wrong);
        CU_ASSERT_FATAL(wrong == NULL);
        for (size_t i = 0; wanted[i]; i++, tags++)
            if (utf8_count(wanted[i], strlen(wanted[i])) == 99)
                longest++;
        arena_reset(&arena);
    }
    CHECK(tags > 50000);                   /* the test is not blind */
    CHECK(longest > 1000);
    arena_free(&arena);
}

UNIT_MAIN("model/tags", UNIT_TEST(each_state_has_its_tag),
          UNIT_TEST(each_pattern_gives_the_documented_tag),
          UNIT_TEST(titles_become_readable_and_ids_stay_as_they_are),
          UNIT_TEST(what_leaves_nothing_gives_no_tag),
          UNIT_TEST(control_characters_are_left_out),
          UNIT_TEST(ninety_nine_characters_are_kept_and_none_is_cut_in_two),
          UNIT_TEST(doubles_are_removed_after_cutting_and_the_rest_is_sorted),
          UNIT_TEST(lists_of_others_keep_what_is_not_ours),
          UNIT_TEST(ten_thousand_random_subscribers_obey_the_four_rules))
