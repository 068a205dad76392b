#!/usr/bin/env python3
"""What becomes of a delivery for each way the other side can answer: the outcome table,
row by row, with a real host and a scripted receiver. Each row is a vendor of its own, so
that a hold or a pause of one row does not touch another. `explain` must tell each story.

Retry-After and holds in full: hold.py. Signed requests: signed.py."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402

PATIENT = {"schedule": ["50ms"] * 40}      # for what must heal: many short waits
BRIEF = {"schedule": ["50ms", "100ms"]}    # for what must not: three attempts


def story(script, vendor, retry=PATIENT, type="contract.1#purchased", settings=None,
          state="delivered", meanwhile=None):
    """One event to one destination; (receiver's requests, delivery, explain's text)."""
    block = {"url": None, "retry": retry}
    block.update(settings or {})
    with Receiver("default=200" if script == "refuse" else script,
                  refuse=script == "refuse") as r:
        block["url"] = r.url("/hook")
        with Host({vendor: {"webhooks": block}}) as h:
            (id,) = h.post(event(vendor=vendor, type=type))
            if meanwhile:
                meanwhile(r, h, id)
            delivery = h.wait_state(state, id)
            return r.select(), delivery, h.explain(id)


def delivered_after(script, attempts, **more):
    requests, delivery, text = story(script, "acme", **more)
    equal(len(requests), attempts, "requests")
    equal(delivery["attempts"], attempts, "attempts")
    equal(len({q.id for q in requests}), 1, "different webhook-ids")
    equal(len({q.body for q in requests}), 1, "different bodies")
    contains(text, "acme", "webhooks", "delivered")
    return requests, delivery, text


def parked_after_one(status, why, **more):
    requests, delivery, text = story("path:/hook=%s" % status, "acme", BRIEF, state="parked",
                                     **more)
    equal(len(requests), 1, "requests")
    equal(delivery["attempts"], 1, "attempts")
    equal(delivery["why"], why)
    contains(text, "parked", why, status[:3])
    return requests, delivery, text


@test
def a_200_is_delivered():
    delivered_after("default=200", 1)


@test
def a_204_is_delivered():
    delivered_after("default=204", 1)


@test
def a_201_is_delivered():
    delivered_after("default=201(body=made)", 1)


@test
def a_429_and_then_a_200_is_delivered_at_the_second_attempt():
    _, _, text = delivered_after("default=429,200", 2)
    contains(text, "429", "retry")


@test
def a_500_and_then_a_200_is_delivered_at_the_second_attempt():
    _, _, text = delivered_after("default=500,200", 2)
    contains(text, "500", "retry")


@test
def a_503_three_times_and_then_a_200_is_delivered_at_the_fourth_attempt():
    _, _, text = delivered_after("default=503x3,200", 4)
    contains(text, "503")


@test
def a_refused_connection_and_then_a_200_is_delivered():
    def heal(r, h, id):
        h.wait_attempts(id)
        holds(not r.records, "nothing can have arrived")
        r.listen()

    requests, delivery, text = story("refuse", "acme", meanwhile=heal)
    equal(len(requests), 1)
    holds(delivery["attempts"] >= 2, "the refused attempts count")
    contains(text, "delivered", "refused")


@test
def a_connection_reset_in_the_middle_of_the_answer_is_tried_again():
    delivered_after("default=reset,200", 2)


@test
def a_connection_closed_without_an_answer_is_tried_again():
    delivered_after("default=close,200", 2)


@test
def an_answer_that_is_not_http_is_tried_again():
    delivered_after("default=garbage,200", 2)


@test
def an_answer_that_does_not_come_by_the_deadline_is_tried_again():
    _, _, text = delivered_after("default=hang,200", 2,
                                 settings={"limits": {"deadline": "300ms"}})
    contains(text, "took longer than 300 ms")


@test
def an_answer_larger_than_the_cap_does_not_trouble_the_host():
    requests, delivery, _ = story("default=400(size=3000000)", "acme", BRIEF, state="parked")
    holds(delivery["attempts"] in (1, 3), "one attempt, or each cut off: %r" % delivery)
    equal(len(requests), delivery["attempts"])


@test
def a_400_is_parked_after_one_attempt():
    parked_after_one("400(body=no-such-field)", "failed")


@test
def a_401_is_parked_after_one_attempt_because_of_the_credentials():
    parked_after_one("401", "credentials")


@test
def a_403_is_parked_after_one_attempt_because_of_the_credentials():
    parked_after_one("403", "credentials")


@test
def a_404_is_parked_after_one_attempt():
    parked_after_one("404", "failed")


@test
def a_409_and_a_422_are_parked_after_one_attempt():
    parked_after_one("409", "failed")
    parked_after_one("422", "failed")


@test
def a_410_is_parked_after_one_attempt_and_pauses_the_destination():
    def look(r, h, id):
        h.wait_state("parked", id)
        second = h.post(event())[0]
        text = h.explain(second)
        contains(text, "paused")
        contains(h.cli("status").stdout, "paused")
        equal(len(r.select()), 1, "requests though the destination is paused")

    requests, delivery, text = story("default=410", "acme", BRIEF, state="parked",
                                     meanwhile=look)
    equal(delivery["attempts"], 1)
    equal(delivery["why"], "gone")
    contains(text, "parked", "410")


@test
def a_302_is_parked_after_one_attempt_and_not_followed():
    requests, _, _ = parked_after_one("302(location=/elsewhere)", "failed")
    equal([q.path for q in requests], ["/hook"], "paths asked for")


@test
def a_307_and_a_308_are_not_followed_either():
    parked_after_one("307(location=/elsewhere)", "failed")
    parked_after_one("308(location=/elsewhere)", "failed")


@test
def a_500_for_ever_is_parked_when_the_schedule_is_used_up():
    requests, delivery, text = story("default=500", "acme", BRIEF, state="parked")
    equal(len(requests), 3, "requests: the first, and one for each step of the schedule")
    equal(delivery["why"], "retries used up")
    contains(text, "parked", "retries used up", "500")


@test
def the_waits_follow_the_schedule_with_jitter_downwards_only():
    schedule = [400, 800]
    requests, _, _ = story("default=500", "acme", {"schedule": ["400ms", "800ms"]},
                           state="parked")
    for wait, before, after in zip(schedule, requests, requests[1:]):
        gap = (after.at - before.answered) * 1000
        holds(gap >= wait / 2 - 5, "waited %.0f ms, at least %d wanted" % (gap, wait / 2))


@test
def types_that_the_plugin_does_not_take_reach_nobody_and_explain_says_so():
    with Receiver() as r, Host({"acme": {"webhooks": {"url": r.url("/hook")}}}) as h:
        (id,) = h.post(event(type="entitlement.1#new"))
        (after,) = h.post(event())
        h.wait_state("delivered", after)
        equal([q.id for q in r.select()], [after])
        contains(h.explain(id), "webhooks", "not-subscribed")


@test
def a_destination_can_take_fewer_types_than_its_plugin():
    block = {"url": None, "events": ["userVendor.1#new"]}
    with Receiver() as r:
        block["url"] = r.url("/hook")
        with Host({"acme": {"webhooks": block}}) as h:
            (no,) = h.post(event(type="contract.1#update"))
            (yes,) = h.post(event(type="userVendor.1#new"))
            h.wait_state("delivered", yes)
            equal([q.id for q in r.select()], [yes])
            contains(h.explain(no), "not-subscribed")


@test
def a_disabled_destination_gets_nothing_and_explain_says_so():
    with Receiver() as r:
        blocks = [{"name": "on", "url": r.url("/on")},
                  {"name": "off", "url": r.url("/off"), "enabled": False}]
        with Host({"acme": {"webhooks": blocks}}) as h:
            (id,) = h.post(event())
            h.wait_state("delivered", id, name="on")
            equal([q.path for q in r.select()], ["/on"])
            contains(h.explain(id), "off", "disabled")


@test
def an_address_that_is_not_allowed_is_not_reached():
    settings = {"allowNetworks": ["10.0.0.0/8"]}
    requests, delivery, text = story("default=200", "acme", BRIEF, settings=settings,
                                     state="parked")
    equal(requests, [])
    contains(text, "127.0.0.1", "allowNetworks")


if __name__ == "__main__":
    run()
