#!/usr/bin/env python3
"""No neighbour is noisy: a destination that never answers, always fails, or has a mountain
of work delays no other, in one plugin and one vendor or not. Holds: hold.py."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import equal, holds, run, test                # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402


@test
def a_destination_that_never_answers_does_not_delay_another():
    with Receiver("default=200; path:/dead=hang") as r:
        blocks = [{"name": "dead", "url": r.url("/dead")},
                  {"name": "alive", "url": r.url("/alive")}]
        with Host({"acme": {"webhooks": blocks}}) as h:
            # Dead is full: all it may have in flight hangs.
            h.post(*[event("full%d" % n) for n in range(50)])
            r.wait_in_flight(10, "/dead")
            r.wait_until(lambda: len(r.answered("/alive")) == 50, "alive to have its 50")
            ids = h.post(*[event("u%d" % n) for n in range(200)])
            r.wait_until(lambda: len(r.answered("/alive")) == 250, "alive to have 250", 10)
            equal(r.answered("/dead"), [])
            holds(set(ids) <= {q.id for q in r.answered("/alive")}, "all of them")


@test
def a_vendor_whose_receiver_is_dead_does_not_delay_another_vendor():
    with Receiver("default=200; path:/dead=hang") as r:
        vendors = {"dead": {"webhooks": {"url": r.url("/dead")}},
                   "alive": {"webhooks": {"url": r.url("/alive")}}}
        with Host(vendors) as h:
            h.post(*[event("u%d" % n, vendor="dead") for n in range(1000)])
            r.wait_in_flight(1, "/dead")
            began = time.monotonic()
            h.post(*[event("u%d" % n, vendor="alive") for n in range(100)])
            r.wait_until(lambda: len(r.answered("/alive")) == 100, "alive to have its 100", 10)
            holds(time.monotonic() - began < 10, "in good time")


@test
def a_mountain_of_work_for_one_does_not_bury_another():
    """Round-robin: one event for `small`, sent behind 2,000 for `big`, comes long before
    the last of them."""
    with Receiver("default=200(delay=2)") as r:
        vendors = {"big": {"webhooks": {"url": r.url("/big")}},
                   "small": {"webhooks": {"url": r.url("/small")}}}
        with Host(vendors) as h:
            for _ in range(2):
                h.post(*[event("u%d" % n, vendor="big") for n in range(1000)])
            (id,) = h.post(event(vendor="small"))
            h.wait_state("delivered", id, vendor="small")
            holds(len(r.select("/big")) < 1900, "%d of big came before" % len(r.select("/big")))


@test
def a_destination_that_always_fails_does_not_delay_another():
    with Receiver("default=200; path:/bad=500") as r:
        blocks = [{"name": "bad", "url": r.url("/bad"), "retry": {"schedule": ["10ms"] * 60}},
                  {"name": "good", "url": r.url("/good")}]
        with Host({"acme": {"webhooks": blocks}}) as h:
            h.post(*[event("u%d" % n) for n in range(300)])
            r.wait_until(lambda: len(r.answered("/good")) == 300, "good to have its 300", 15)


if __name__ == "__main__":
    run()
