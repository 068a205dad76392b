/* subscriber.c - what the platform might answer about a user: three lines, the profile, the
   contracts and the entitlements. Whatever it is, the numbers agree and the tags are tags. */
#include "fuzz.h"

#include "base/text.h"
#include "runner/fake_far.h"

/* The first line of *at, which moves behind it. */
static char *
line(char **at)
{
    char *begin = *at, *end = strchr(begin, '\n');

    *at = end ? end + 1 : begin + strlen(begin);
    if (end)
        *end = '\0';
    return begin;
}

static void
numbers(const struct hermod_subscriber *s)
{
    int64_t count = 0, articles = 0, k;

    for (k = 0; s->contracts[k]; k++) {
        const struct hermod_contract *c = s->contracts[k];

        MUST(c->state >= HERMOD_CONTRACT_ACTIVE && c->state <= HERMOD_CONTRACT_OTHER);
        MUST(c->id && c->name && c->status && c->created_at && c->expires_at && c->cancel_at);
        MUST(c->next_bill_at && c->price && c->currency && c->items && c->json);
        MUST(c->issues_remaining >= -1);
        count += c->subscription;
    }
    for (size_t i = 0; s->entitlements[i]; i++) {
        MUST(s->entitlements[i]->product->sku && s->entitlements[i]->json);
        articles++;
    }
    MUST(s->overdue_subscriptions <= s->active_subscriptions);
    MUST(s->ended_subscriptions == s->cancelled_subscriptions + s->expired_subscriptions);
    MUST(s->active_subscriptions + s->ended_subscriptions <= count);
    MUST((s->subscription != NULL) == (s->active_subscriptions + s->ended_subscriptions > 0));
    MUST(s->articles_bought <= articles && s->issues_remaining >= 0);
    MUST(s->made_single_purchase == (s->articles_bought > 0));
}

static void
products(const struct hermod_product *const *list)
{
    for (size_t i = 0; list[i] && i < 50; i++) {
        MUST(*list[i]->sku || *list[i]->title);
        for (size_t k = 0; k < i; k++)
            MUST(!str_eq(list[i]->sku, list[k]->sku) || !str_eq(list[i]->title, list[k]->title) ||
                 !str_eq(list[i]->option_id, list[k]->option_id));
    }
}

static void
tags(struct hermod_call *c, const char *const *list)
{
    const char *const existing[] = { "sesamy_old", "news", list[0] ? list[0] : "x", NULL };

    for (size_t i = 0; list[i]; i++) {
        size_t len = strlen(list[i]);

        MUST(str_starts(list[i], "sesamy_") && utf8_valid(list[i], len));
        MUST(utf8_count(list[i], len) <= 99);
        MUST(i == 0 || strcmp(list[i - 1], list[i]) < 0);
        for (size_t b = 0; b < len; b++)
            MUST((unsigned char)list[i][b] >= 0x20 && list[i][b] != 0x7f);
    }
    MUST(str_eq(hermod_tags_merge(c, existing)[0], "news"));
    for (const char *const *p = hermod_tags_stale(c, existing); *p; p++)
        MUST(str_eq(*p, "sesamy_old"));
    for (const char *const *p = hermod_tags_missing(c, existing); *p; p++)
        MUST(!str_eq(*p, existing[2]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size), *at = text;
    struct fake f;
    const struct hermod_subscriber *s;

    fake_begin(&f);
    f.far.told[0].body = line(&at);
    f.far.told[0].contracts = line(&at);
    f.far.told[0].entitlements = line(&at);
    s = hermod_subscriber(f.c);
    MUST(s->email && s->phone && s->tags && s->profile && s->billing && s->delivery);
    numbers(s);
    products(s->active_products);
    if (*fake_mark(&f))
        MUST(!s->contracts[0] && !s->entitlements[0] && !hermod_tags(f.c)[0]);
    else
        tags(f.c, hermod_tags(f.c));
    fake_end(&f);
    free(text);
    return 0;
}
