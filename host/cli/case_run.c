/* case_run.c - runs one case in this process. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/case_run.h"
#include "cli/script_far.h"
#include "config/config.h"
#include "model/duration.h"
#include "model/outcome.h"
#include "runner/loader.h"

/* Everything one run needs; lives to the end of the process. */
struct run {
    struct arena arena;
    struct loaded plugin;
    struct config config;
    struct destination destination;
    struct script script;
    struct call call;
    struct hermod_event event;
};

static void PRINTF_LIKE(2, 3)
problem(struct case_report *report, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(&report->problems, fmt, ap);
    va_end(ap);
    buf_byte(&report->problems, '\n');
}

/* The event as the plugin sees it. */
static struct hermod_event
event_of(const struct test_case *tc)
{
    const struct event *ev = &tc->event;

    return (struct hermod_event){
        .id = tc->event_id,
        .type = ev->type,
        .vendor_id = ev->vendor,
        .user_id = ev->user,
        .contract_id = ev->contract,
        .entitlement_id = ev->entitlement,
        .checkout_id = ev->checkout,
        .occurred_at = ev->occurred,
        .occurred_ms = ev->occurred_ms,
        .accepted_ms = tc->now_ms,
        .body = ev->body,
        .body_len = ev->body_len,
    };
}

/* false, and told, when the host would never make this call. */
static bool
would_be_called(const struct run *r, const struct test_case *tc, struct case_report *report)
{
    const struct plugin_info *info = &r->plugin.info;

    if (tc->check) {
        if (!r->plugin.plugin->check)
            problem(report, "%s: check: the plugin has no check()", tc->file);
        return r->plugin.plugin->check != NULL;
    }
    for (size_t i = 0; i < info->event_count; i++)
        if (str_eq(info->events[i], tc->event.type))
            return true;
    if (info->event_count == 0)
        return true;
    problem(report, "%s:%d:%d: event.eventType: the plugin does not take \"%s\", so it would "
            "never get this event", tc->file, tc->event_line, tc->event_column, tc->event.type);
    return false;
}

static void
duration_problem(struct case_report *report, const char *what, int64_t want_ms, int64_t got_ms)
{
    char want[48], got[48];

    duration_text(want_ms, want);
    duration_text(got_ms, got);
    problem(report, "%s: wanted %s, got %s", what, want, got);
}

static void
check_end(const struct run *r, const struct test_case *tc, int outcome,
          struct case_report *report)
{
    const struct verdict *v = &r->call.verdict;
    int64_t after_ms = v->after_ms > v->hold_ms ? v->after_ms : v->hold_ms;
    bool paused = outcome == OUTCOME_FAILED && v->pause;

    if (outcome != tc->outcome)
        problem(report, "outcome: wanted %s, got %s%s%s%s", outcome_name(tc->outcome),
                outcome_name(outcome), *v->reason ? " (" : "", v->reason,
                *v->reason ? ")" : "");
    if (tc->reason && !strstr(v->reason, tc->reason))
        problem(report, "reason: wanted one with \"%s\" in it, got \"%s\"", tc->reason,
                v->reason);
    if (tc->retry_after_ms >= 0 && after_ms != tc->retry_after_ms)
        duration_problem(report, "retryAfter", tc->retry_after_ms, after_ms);
    if (tc->paused >= 0 && paused != (tc->paused == 1))
        problem(report, "paused: wanted %s, got %s", tc->paused ? "true" : "false",
                paused ? "true" : "false");
}

static void
call_plugin(struct run *r, const struct test_case *tc, struct case_report *report)
{
    const struct hermod_plugin *plugin = r->plugin.plugin;
    struct call *c = &r->call;
    const void *config;
    int returned;

    r->event = event_of(tc);
    call_begin(c, &r->script.far, &r->plugin.info, &r->destination, tc->check ? NULL : &r->event,
               tc->attempt);
    config = settings_fill(&c->arena, &r->plugin.info, r->destination.values);
    returned = tc->check ? plugin->check(&c->pub, config)
                         : plugin->deliver(&c->pub, &r->event, config);
    script_finish(&r->script);
    buf_str(&report->problems, buf_text(&r->script.problems));
    check_end(r, tc, call_outcome(c, returned), report);
    buf_str(&report->log, buf_text(&r->script.log));
    call_end(c);
}

void
case_load(const char *plugin_path, struct case_report *report)
{
    struct arena arena = { 0 };
    struct loaded plugin;
    const char *error;

    if (loader_open(&arena, plugin_path, &plugin, &error) != 0)
        problem(report, "%s", error);
    arena_free(&arena);
}

void
case_run(const char *plugin_path, const struct test_case *tc, bool har, bool show_secrets,
         struct case_report *report)
{
    struct run r = { 0 };
    const char *error;

    arena_init(&r.arena, 0);
    if (loader_open(&r.arena, plugin_path, &r.plugin, &error) != 0) {
        problem(report, "%s", error);
    } else if (would_be_called(&r, tc, report)) {
        if (config_read_settings(&r.config, tc->file, tc->settings, &r.plugin.info,
                                 &r.destination) != 0) {
            config_print_problems(&r.config, &report->problems);
        } else {
            script_begin(&r.script, tc);
            r.script.har = har ? &report->har : NULL;
            r.script.har_comment = arena_printf(&r.arena, "%s: %s", tc->file, tc->description);
            r.script.har_secrets = (struct har_secrets){
                &r.plugin.info, show_secrets ? NULL : r.destination.values };
            call_plugin(&r, tc, report);
            script_free(&r.script);
        }
        config_free(&r.config);
    }
    arena_free(&r.arena);
}
