#!/usr/bin/env python3
"""A lane is one user at one destination: at most one delivery of it is in flight, ever.
Lanes run side by side, within the destination's limits on concurrency and rate."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402


def one_lane_after_the_other(r, users, each):
    """Answers held requests one by one until all have been; never two of a lane."""
    for n in range(users * each):
        r.wait_until(lambda: r.in_flight(), "request %d" % n)
        r.release_one(r.in_flight()[0])
    r.wait_count(users * each)
    equal([(a.id, b.id) for a, b in r.overlaps], [], "overlaps in a lane")


@test
def one_lane_has_one_delivery_in_flight_and_keeps_the_order_of_acceptance():
    with Receiver("default=held") as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        ids = [h.post(event("u1"))[0] for _ in range(6)]
        one_lane_after_the_other(r, 1, 6)
        equal([q.id for q in r.select()], ids, "order")
        equal(r.max_in_flight, 1)


@test
def a_batch_for_one_user_goes_one_by_one_too():
    with Receiver("default=held") as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        ids = h.post(*[event("u1") for _ in range(5)])
        one_lane_after_the_other(r, 1, 5)
        equal([q.id for q in r.select()], ids, "order")


@test
def the_lanes_of_one_destination_run_in_parallel():
    with Receiver("default=held") as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        h.post(*[event("u%d" % (n % 4)) for n in range(12)])
        r.wait_until(lambda: len(r.in_flight()) == 4, "one request of each of four lanes")
        one_lane_after_the_other(r, 4, 3)


@test
def one_user_at_two_destinations_is_two_lanes():
    with Receiver("default=held") as r:
        blocks = [{"name": "a", "url": r.url("/a")}, {"name": "b", "url": r.url("/b")}]
        with Host({"acme": {"webhooks": blocks}}) as h:
            h.post(event("u1"), event("u1"))
            r.wait_until(lambda: len(r.in_flight()) == 2, "one request of each destination")
            equal({q.path for q in r.in_flight()}, {"/a", "/b"})
            one_lane_after_the_other(r, 2, 2)


@test
def no_more_run_at_once_than_the_destination_allows():
    with Receiver("default=held") as r:
        block = {"url": r.url(), "limits": {"concurrent": 3}}
        with Host({"acme": {"webhooks": block}}) as h:
            h.post(*[event("u%d" % n) for n in range(20)])
            r.wait_in_flight(3)
            one_lane_after_the_other(r, 20, 1)
            equal(r.max_in_flight, 3)


@test
def explain_says_what_waits_behind_another_delivery_of_the_same_user():
    with Receiver("default=held") as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        first, second = h.post(event("u1"), event("u1"))
        r.wait_in_flight(1)
        contains(h.explain(first), "in flight")
        contains(h.explain(second), "behind another delivery of the same user", first)
        one_lane_after_the_other(r, 1, 2)


@test
def a_retry_keeps_its_lane_to_one_delivery_at_a_time():
    with Receiver("default=500x3,200(delay=5)") as r:
        block = {"url": r.url(), "retry": {"schedule": ["10ms"] * 20}}
        with Host({"acme": {"webhooks": block}}) as h:
            ids = h.post(*[event("u1") for _ in range(8)])
            for id in ids:
                h.wait_state("delivered", id)
            equal(r.overlaps, [])
            equal(r.max_in_flight, 1)


@test
def requests_keep_to_the_destinations_rate():
    with Receiver() as r:
        block = {"url": r.url(), "limits": {"requests": 5, "per": "500ms"}}
        with Host({"acme": {"webhooks": block}}) as h:
            h.post(*[event("u%d" % n) for n in range(20)])
            r.wait_count(20)
            at = [q.at for q in r.select()]
            # A bucket of 5 that refills evenly lets at most 5 + 5 through in any window;
            # all 20 take at least (20 - 5) / 5 windows.
            holds(at[-1] - at[0] >= 1.4, "20 requests took %.2f s" % (at[-1] - at[0]))
            for i in range(len(at) - 10):
                holds(at[i + 10] - at[i] >= 0.45, "11 requests within one window")


if __name__ == "__main__":
    run()
