#!/usr/bin/env python3
"""What support staff do, at the command line: status, deliveries, explain, replay, drop,
pause, resume, send, and the plugin subcommands, on a host that runs."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import EIGHT, SRCDIR, Host, event, plugin       # noqa: E402
from host import run as hermod                            # noqa: E402
from receiver import Receiver                             # noqa: E402

BRIEF = {"schedule": ["50ms"]}


class Pair:
    def __init__(self, script="default=200", **more):
        self.r = Receiver(script)
        block = {"url": self.r.url("/hook"), "retry": BRIEF}
        self.h = Host({"acme": {"webhooks": block}}, **more)

    def __enter__(self):
        return self.h, self.r

    def __exit__(self, *exc):
        self.h.__exit__(*exc)
        self.r.close()


def good(result, *words):
    equal(result.returncode, 0, result.stdout + result.stderr)
    contains(result.stdout, *words)
    return result.stdout


@test
def status_shows_each_destination_with_what_waits_and_is_parked():
    with Pair("default=404") as (h, r):
        (id,) = h.post(event())
        h.wait_state("parked", id)
        good(h.cli("status"), "acme/webhooks", "parked")
        (d,) = h.cli_json("status")["destinations"]
        equal((d["vendor"], d["plugin"], d["parked"], d["waiting"]), ("acme", "webhooks", 1, 0))


@test
def deliveries_lists_and_narrows_down():
    with Pair("default=200; user:bad=404") as (h, r):
        h.post(event("bad"), event("u1"), event("u2"))
        h.wait_settled()
        equal(len(h.cli_json("deliveries")["deliveries"]), 3)
        (d,) = h.cli_json("deliveries", "--state", "parked")["deliveries"]
        equal((d["user"], d["status"], d["why"]), ("bad", 404, "failed"))
        equal(len(h.cli_json("deliveries", "--user", "u1")["deliveries"]), 1)
        equal(len(h.cli_json("deliveries", "--limit", "2")["deliveries"]), 2)
        good(h.cli("deliveries", "--state", "parked"), "acme", "bad", "404")


@test
def explain_a_user_tells_of_each_of_the_users_events():
    with Pair("default=200,404") as (h, r):
        one, two = h.post(event("u1"), event("u1"))
        h.wait_settled()
        good(h.cli("explain", "--user", "u1"), one, two, "delivered", "parked")


@test
def explain_of_an_unknown_event_is_a_bad_answer_and_of_no_id_a_mistake():
    with Pair() as (h, r):
        equal(h.cli("explain", "evt_00000000000000000000000000").returncode, 1)
        holds(h.cli("explain", "what").returncode in (1, 2), "no id")
        equal(h.cli("explain").returncode, 2)


@test
def replay_sends_parked_deliveries_again_under_the_same_id():
    with Pair("default=404x2,200") as (h, r):
        ids = h.post(event("u1"), event("u2"))
        h.wait_settled()
        equal(len(h.deliveries(state="parked")), 2)
        good(h.cli("replay", "--vendor", "acme"), "2")
        for id in ids:
            h.wait_state("delivered", id)
        equal(sorted(q.id for q in r.select()), sorted(ids * 2))


@test
def replay_of_one_event_leaves_the_others_parked():
    with Pair("default=404x2,200") as (h, r):
        one, two = h.post(event("u1"), event("u2"))
        h.wait_settled()
        good(h.cli("replay", one), "1")
        h.wait_state("delivered", one)
        equal([d["event"] for d in h.deliveries(state="parked")], [two])


@test
def replay_and_drop_can_be_tried_dry():
    with Pair("default=404") as (h, r):
        h.post(event())
        h.wait_settled()
        good(h.cli("replay", "--vendor", "acme", "--dry-run"), "1")
        good(h.cli("drop", "--vendor", "acme", "--dry-run"), "1")
        equal(len(h.deliveries(state="parked")), 1)
        equal(len(r.select()), 1)


@test
def drop_ends_parked_deliveries_for_good():
    with Pair("default=404") as (h, r):
        (id,) = h.post(event())
        h.wait_settled()
        good(h.cli("drop", id), "1")
        equal(h.deliveries()[0]["state"], "dropped")
        contains(h.explain(id), "dropped")
        good(h.cli("replay", "--vendor", "acme"), "0")
        equal(len(r.select()), 1)


@test
def replay_and_drop_want_to_be_told_of_what():
    with Pair() as (h, r):
        equal(h.cli("replay").returncode, 2)
        equal(h.cli("drop").returncode, 2)


@test
def pause_keeps_deliveries_and_resume_makes_them():
    with Pair() as (h, r):
        good(h.cli("pause", "acme/webhooks", "--reason", "the shop moves"))
        (id,) = h.post(event())
        contains(h.explain(id), "paused", "the shop moves")
        good(h.cli("status"), "paused")
        h.stop()
        h.start()
        contains(h.explain(id), "paused")
        equal(r.select(), [])
        good(h.cli("resume", "acme/webhooks"))
        h.wait_state("delivered", id)


@test
def pause_of_an_unknown_destination_is_a_bad_answer_that_helps():
    with Pair() as (h, r):
        answer = h.cli("pause", "acme/webhoks")
        equal(answer.returncode, 1)
        contains(answer.stderr, "webhoks")


@test
def send_submits_json_and_ndjson_from_a_file_and_from_standard_input():
    with Pair() as (h, r):
        h.write("one.json", event())
        h.write("many.ndjson", b"\n".join(event("u%d" % n) for n in range(3)) + b"\n")
        good(h.cli("send", h.path("one.json")), "evt_")
        good(h.cli("send", h.path("many.ndjson")))
        good(h.cli("send", "-", stdin=event().decode()))
        r.wait_count(5)


@test
def send_of_many_events_goes_in_as_many_requests_as_it_takes():
    with Pair() as (h, r):
        h.write("many.ndjson", b"\n".join(event("u%d" % n) for n in range(2500)))
        ids = good(h.cli("send", h.path("many.ndjson"))).split()
        equal(len(set(ids)), 2500)
        r.wait_count(2500)


@test
def send_of_a_bad_event_is_a_bad_answer_that_names_the_field():
    with Pair() as (h, r):
        h.write("bad.json", json.dumps({"eventType": EIGHT[0], "vendorId": "acme",
                                        "occured_at": "2025-11-10T12:00:00Z"}))
        answer = h.cli("send", h.path("bad.json"))
        equal(answer.returncode, 1)
        contains(answer.stderr, "userId")


@test
def the_commands_say_so_when_no_host_runs():
    with Host(start=False) as h:
        for words in (["status"], ["deliveries"], ["send", "-"]):
            answer = h.cli(*words, stdin=event().decode())
            equal(answer.returncode, 1, words)
            contains(answer.stderr, "127.0.0.1:")


@test
def plugin_list_and_info_tell_what_a_plugin_is_and_takes():
    with Host(start=False) as h:
        good(h.cli("plugin", "list"), "webhooks")
        good(hermod("plugin", "info", plugin("webhooks")), "webhooks", "url", "headers", "secret")


@test
def plugin_test_runs_a_case_and_fails_one_that_is_wrong():
    cases = os.path.join(SRCDIR, "plugins/webhooks/cases")
    names = sorted(os.path.join(cases, n) for n in os.listdir(cases) if n.endswith(".yaml"))
    good(hermod("plugin", "test", plugin("webhooks"), *names), "1..%d" % len(names))
    with Host(start=False) as h:
        with open(names[0], encoding="utf-8") as f:
            text = f.read()
        wrong = h.write("wrong.yaml", text.replace("method: POST", "method: PUT"))
        answer = hermod("plugin", "test", plugin("webhooks"), wrong)
        equal(answer.returncode, 1)
        contains(answer.stdout, "not ok 1", "PUT", "POST")


@test
def every_subcommand_has_help_and_refuses_what_it_does_not_know():
    for words in (["run"], ["check"], ["send"], ["status"], ["deliveries"], ["explain"],
                  ["replay"], ["drop"], ["pause"], ["resume"], ["plugin", "list"],
                  ["plugin", "info"], ["plugin", "test"]):
        good(hermod(*words, "--help"), "usage", words[-1])
        answer = hermod(*words, "--no-such-option")
        equal(answer.returncode, 2, words)
        holds(answer.stderr and not answer.stdout, words)
    equal(hermod().returncode, 2)
    equal(hermod("nonsense").returncode, 2)
    good(hermod("--help"), "explain", "plugin")
    good(hermod("--version"), "hermod")


@test
def the_admin_address_wants_its_token_but_for_health():
    with Pair() as (h, r):
        equal(h.admin("/healthz", token=False).status, 200)
        equal(h.admin("/readyz", token=False).status, 200)
        equal(h.admin("/v1/deliveries", token=False).status, 401)


if __name__ == "__main__":
    run()
